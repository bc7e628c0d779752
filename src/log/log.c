#include "config.h"

#include "log/log.h"

#include "base/array.h"
#include "log/chain.h"
#include "log/log_ops.h"
#include "log/mirror.h"

#include <assert.h>
#include <string.h>
#include <talloc.h>

/* What can't be read as that record stays zero: the log judges no body but its own two. */
bool log_body_read(const void *parent, const struct field *fields, void *record,
                   const struct event *event) {
    struct err *ignored = err_new(NULL);
    bool read = record_read(parent, fields, record, event->body, strlen(event->body), ignored);
    talloc_free(ignored);
    return read;
}

/* ---- the transaction ------------------------------------------------------------------------- */

const char *log_read_only(const struct log *log) {
    return log->read_only;
}

const char *log_path(const struct log *log) {
    return log->path;
}

const char *log_run_folder(struct log *log) {
    return log->ops->run_folder(log);
}

bool log_moved(struct log *log) {
    return log->ops->moved(log);
}

enum log_begin log_begin(struct log *log, const char *me, struct err *err) {
    assert(!log->begun && log->snapshots == 0);
    if (log->read_only) {
        err_set(err, ERR_ACCESS, "can't write to the store", log->read_only,
                "reading goes on; `backout doctor` looks at the rights");
        return LOG_FAILED;
    }
    enum log_begin begin = log->ops->begin(log, me, err);
    if (begin != LOG_BEGUN)
        return begin;
    log->begun = true;
    if (!log->ops->tip(log, &log->tip, err)) {
        log_rollback(log);
        return LOG_FAILED;
    }
    if (log->mirror)
        mirror_begin(log->mirror, &log->tip);
    return LOG_BEGUN;
}

static bool refuse_long(const struct event *event, struct err *err) {
    if (strlen(event->body) <= LOG_BODY_MAX)
        return true;
    return err_set(err, ERR_REFUSED, "an event can't be that long",
                   err_fmt(err, "%s of %zu bytes, at most %zu", event->kind, strlen(event->body),
                           LOG_BODY_MAX),
                   "shorten its text");
}

bool log_appended_before(const struct event *event, struct err *err) {
    return err_set(err, ERR_CONFLICT, "that command is on the record already",
                   err_fmt(err, "%s, part %lld", event->command, (long long)event->part),
                   "ask for its events instead");
}

/* Kinds that change what may be decided, and the first format whose programs know them: one that
 * doesn't must not write beside them. */
static const struct {
    const char *kind;
    int64_t format;
} raising_kinds[] = {{"roster.applied", 2}, {"store.restored", 2}, {"store.continued", 2}};

int64_t log_format_for(const char *kind) {
    for (size_t i = 0; i < ARRAY_SIZE(raising_kinds); i++)
        if (strcmp(raising_kinds[i].kind, kind) == 0)
            return raising_kinds[i].format;
    return LOG_FORMAT_NEW;
}

static bool raise_format(struct log *log, const struct event *event, struct err *err) {
    int64_t format = log_format_for(event->kind);
    return format == LOG_FORMAT_NEW || log->ops->raise(log, format, err);
}

bool log_append(struct log *log, struct event *event, struct err *err) {
    assert(log->begun);
    if (!refuse_long(event, err))
        return false;
    void *scratch = talloc_new(NULL);
    const char *sha256 = log_frozen_digest(scratch, event);
    event->seq = log->tip.seq + 1;
    event->hash = chain_hash(&log->tip.hash, event);
    bool appended =
        raise_format(log, event, err) &&
        (sha256 ? log_append_frozen(log, sha256, event, err) : log->ops->insert(log, event, err));
    talloc_free(scratch);
    if (!appended)
        return false;
    log->tip = (struct log_tip){.seq = event->seq, .hash = event->hash};
    if (log->mirror)
        mirror_keep(log->mirror, event);
    return true;
}

bool log_commit(struct log *log, bool *doubt, struct err *err) {
    assert(log->begun && log->snapshots == 0);
    *doubt = false;
    bool committed = log->ops->commit(log, doubt, err);
    log->begun = false;
    if (committed && log->mirror)
        mirror_write(log->mirror, log);
    log->ops->leave(log);
    return committed;
}

void log_rollback(struct log *log) {
    if (log->begun)
        log->ops->rollback(log);
    log->begun = false;
}

void log_rest(struct log *log, const char *me) {
    assert(!log->begun && log->snapshots == 0);
    if (!log->read_only)
        log->ops->rest(log, me);
}

char *log_lock_holder(const void *parent, struct log *log) {
    return log->ops->lock_holder(parent, log);
}

/* ---- the mirror ------------------------------------------------------------------------------ */

const char *log_mirror_path(const struct log *log) {
    return log->mirror ? mirror_path(log->mirror) : NULL;
}

const struct err *log_mirror_trouble(const struct log *log) {
    return log->mirror ? mirror_trouble(log->mirror) : NULL;
}

bool log_mirror_check(struct log *log, struct err *err) {
    return !log->mirror || mirror_check(log->mirror, log, err);
}

bool log_mirror_prove(struct log *log, struct err *err) {
    return !log->mirror || mirror_prove(log->mirror, log, err);
}

enum log_begin log_mirror_mend(struct log *log, const char *me, struct err *err) {
    enum log_begin begun = log_begin(log, me, err);
    if (begun != LOG_BEGUN)
        return begun;
    if (log->mirror)
        mirror_write(log->mirror, log);
    log_rollback(log);
    return LOG_BEGUN;
}

/* ---- reading --------------------------------------------------------------------------------- */

bool log_hold(struct log *log, struct err *err) {
    bool first = log->snapshots == 0 && !log->begun;
    if (first && !log->ops->hold(log, err))
        return false;
    log->snapshots++;
    return true;
}

void log_let_go(struct log *log) {
    assert(log->snapshots > 0);
    bool last = --log->snapshots == 0 && !log->begun;
    if (last)
        log->ops->let_go(log);
}

bool log_read(struct log *log, int64_t after, int64_t incident, log_event_fn *fn, void *data,
              struct err *err) {
    return log->ops->read(log, after, incident, fn, data, err);
}

bool log_read_latest(struct log *log, log_event_fn *fn, void *data, struct err *err) {
    return log->ops->read_latest(log, fn, data, err);
}

bool log_find(struct log *log, const char *command, log_event_fn *fn, void *data, size_t *found,
              struct err *err) {
    return log->ops->find(log, command, fn, data, found, err);
}

bool log_last(struct log *log, int64_t *seq, struct err *err) {
    struct log_tip tip;
    bool known = log->ops->tip(log, &tip, err);
    *seq = known ? tip.seq : 0;
    return known;
}

struct comparison {
    int64_t seq;
    const struct digest *hash;
    bool same;
};

static bool compare(void *data, const struct event *event) {
    struct comparison *comparison = data;
    comparison->same =
        event->seq == comparison->seq && digest_equal(&event->hash, comparison->hash);
    return false;
}

bool log_holds(struct log *log, int64_t seq, const struct digest *hash, bool *holds,
               struct err *err) {
    static const struct digest nothing;
    struct comparison comparison = {.seq = seq, .hash = hash};
    bool read =
        seq == 0 || log->ops->read(log, seq - 1, LOG_ANY_INCIDENT, compare, &comparison, err);
    *holds = seq == 0 ? digest_equal(hash, &nothing) : comparison.same;
    return read;
}

bool log_changed(struct log *log) {
    return log->ops->changed(log);
}

/* ---- the index of incidents ------------------------------------------------------------------ */

bool log_index_put(struct log *log, const struct log_incident *row, struct err *err) {
    assert(log->begun);
    return log->ops->index_put(log, row, err);
}

bool log_index_read(struct log *log, bool open_only, log_incident_fn *fn, void *data,
                    struct err *err) {
    return log->ops->index_read(log, open_only, fn, data, err);
}

bool log_index_find(struct log *log, int64_t number, log_incident_fn *fn, void *data, bool *found,
                    struct err *err) {
    return log->ops->index_find(log, number, fn, data, found, err);
}

bool log_index_max(struct log *log, int64_t *number, struct err *err) {
    return log->ops->index_max(log, number, err);
}

void log_check_ahead(struct log *log) {
    log->ops->check_ahead(log, true);
}

void log_check_abandon(struct log *log) {
    log->ops->check_ahead(log, false);
}

bool log_check(struct log *log, struct err *err) {
    return log->ops->check(log, err);
}
