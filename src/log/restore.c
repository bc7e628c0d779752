#include "config.h"

#include "log/restore.h"

#include "base/xtalloc.h"
#include "incident/events.h"
#include "log/copy.h"
#include "log/lock.h"
#include "log/place.h"

#include <string.h>
#include <sys/stat.h>

/* Whoever holds the lock for longer is no command that is under way. */
#define LOCK_WAIT_MS 10000

struct restoring {
    const void *parent;
    const struct restore_asked *asked;
    struct restored *restored;
    struct log_place *place;
    struct stage *stage;
    struct write_lock *lock;
    int64_t last_incident; /* of what is there */
    struct err *err;
};

/* ---- beside the store ------------------------------------------------------------------------ */

static bool copy_backup(struct restoring *restoring) {
    struct log *backup;
    struct err *err = restoring->err;
    if (!log_open(restoring->place, restoring->asked->backup, LOG_COPY, 0, &backup, err))
        return false;
    bool copied = log_head(backup, &restoring->restored->to, err) &&
                  stage_new(restoring->place, restoring->asked->store, &restoring->stage, err) &&
                  stage_copy(restoring->stage, backup, err);
    talloc_free(backup);
    return copied;
}

/* ---- what is there --------------------------------------------------------------------------- */

static bool refuse_other(const struct restoring *restoring) {
    return err_set(restoring->err, ERR_REFUSED, "this is the backup of another store",
                   err_fmt(restoring->err, "%s is of store %s, and %s is %s",
                           restoring->asked->backup, restoring->restored->to.store,
                           restoring->asked->store, restoring->restored->from.store),
                   "name the right one, or move what is there away first");
}

/* One that can't be read any more is why people restore: then nobody knows what it held. */
static bool look_at_present(struct restoring *restoring) {
    struct restored *restored = restoring->restored;
    struct err *ignored = err_new(NULL);
    struct log *log;
    if (log_open(restoring->place, restoring->asked->store, LOG_READ, 0, &log, ignored)) {
        restored->was_there = log_head(log, &restored->from, ignored) &&
                              log_index_max(log, &restoring->last_incident, ignored);
        talloc_free(log);
    }
    talloc_free(ignored);
    return !restored->was_there || strcmp(restored->from.store, restored->to.store) == 0 ||
           refuse_other(restoring);
}

static bool is_there(const char *path) {
    struct stat file;
    return lstat(path, &file) == 0;
}

/* "incidents.db.before-812-61838c62", and so on where that is taken. */
static const char *name_kept(const struct restoring *restoring) {
    const struct log_head *from = &restoring->restored->from;
    char hex[DIGEST_HEX];
    digest_hex(&from->hash, hex);
    char *base = restoring->restored->was_there
                     ? xtalloc_asprintf(restoring->parent, "%s.before-%lld-%.8s",
                                        restoring->place->file, (long long)from->seq, hex)
                     : xtalloc_asprintf(restoring->parent, "%s.unread-%lld", restoring->place->file,
                                        (long long)restoring->asked->now_ms);
    char *name = base;
    for (int i = 2; is_there(name); i++)
        name = xtalloc_asprintf(restoring->parent, "%s-%d", base, i);
    return name;
}

/* ---- on the record --------------------------------------------------------------------------- */

static const char *body_of(const struct restoring *restoring, const char *kept) {
    const struct restored *restored = restoring->restored;
    char to[DIGEST_HEX], from[DIGEST_HEX];
    const char *slash = strrchr(kept, '/');
    digest_hex(&restored->to.hash, to);
    digest_hex(&restored->from.hash, from);
    const struct body_store_restored body = {
        .to_seq = restored->to.seq,
        .to_hash = to,
        .from_seq = restored->from.seq,
        .from_hash = restored->was_there ? from : NULL,
        .last_incident = restoring->last_incident,
        .reason = restoring->asked->reason,
        .kept = slash + 1,
    };
    return event_encode(restoring->place, EVENT_STORE_RESTORED, &body);
}

static bool append(const struct restoring *restoring, struct log *log, const char *kept) {
    char command[UUID_TEXT];
    bool doubt;
    uuid7(restoring->asked->now_ms, command);
    struct event event = {
        .command = command,
        .at_ms = restoring->asked->now_ms,
        .actor = restoring->asked->actor,
        .via = restoring->asked->via,
        .kind = event_types[EVENT_STORE_RESTORED].name,
        .body = body_of(restoring, kept),
    };
    return stage_begin(restoring->stage, log, restoring->err) &&
           log_append(log, &event, restoring->err) && log_commit(log, &doubt, restoring->err) &&
           log_head(log, &restoring->restored->now, restoring->err);
}

static bool record(const struct restoring *restoring, const char *kept) {
    struct log *log;
    if (!stage_open(restoring->stage, &log, restoring->err))
        return false;
    if (append(restoring, log, kept))
        return stage_close(restoring->stage, log, restoring->err);
    talloc_free(log);
    return false;
}

/* ---- the change ------------------------------------------------------------------------------ */

static bool change(struct restoring *restoring) {
    bool anything = is_there(restoring->place->file);
    if (!look_at_present(restoring))
        return false;
    const char *kept = name_kept(restoring);
    if (!record(restoring, kept) || !stage_put(restoring->stage, STAGE_KEEPS, kept, restoring->err))
        return false;
    restoring->restored->kept = anything ? kept : NULL;
    return true;
}

static bool change_locked(struct restoring *restoring) {
    struct err *err = restoring->err;
    restoring->lock =
        lock_open(restoring->place, restoring->place->lock, restoring->place->mode, err);
    if (!restoring->lock ||
        !lock_wait(restoring->lock, "backout restoring a backup", LOCK_WAIT_MS, err))
        return false;
    bool changed = change(restoring);
    lock_release(restoring->lock);
    return changed;
}

/* Viewers see it with the next commit at the latest. */
static void mend_mirror(const struct restoring *restoring) {
    struct err *ignored = err_new(NULL);
    struct log *log;
    if (log_open(restoring->place, restoring->asked->store, LOG_WRITE, restoring->asked->now_ms,
                 &log, ignored)) {
        log_mirror_mend(log, "backout restoring a backup", ignored);
        talloc_free(log);
    }
    talloc_free(ignored);
}

bool log_restore(const void *parent, const struct restore_asked *asked, restore_prove_fn *prove,
                 void *data, struct restored *restored, struct err *err) {
    struct restoring restoring = {
        .parent = parent, .asked = asked, .restored = restored, .err = err};
    *restored = (struct restored){0};
    bool done = log_place_find(parent, asked->store, &restoring.place, err) &&
                copy_backup(&restoring) && prove(data, stage_path(restoring.stage), err) &&
                change_locked(&restoring);
    if (done)
        mend_mirror(&restoring);
    talloc_free(restoring.place);
    return done;
}
