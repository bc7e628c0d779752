#include "config.h"

#include "log/log.h"

#include "base/record.h"
#include "log/chain.h"
#include "log/log_ops.h"

#include <assert.h>
#include <pwd.h>
#include <stddef.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

/* ---- the two bodies that the log itself knows ------------------------------------------------ */

struct created {
    const char *store;
    int64_t format;
};

static const struct field created_fields[] = {
    {.name = "store", .type = FIELD_TEXT, .offset = offsetof(struct created, store)},
    {.name = "format", .type = FIELD_INTEGER, .offset = offsetof(struct created, format)},
    {.name = NULL},
};

struct frozen {
    const char *sha256;
};

static const struct field frozen_fields[] = {
    {.name = "sha256", .type = FIELD_TEXT, .offset = offsetof(struct frozen, sha256)},
    {.name = NULL},
};

static bool body_read(const void *parent, const struct field *fields, void *record,
                      const struct event *event) {
    struct err *ignored = err_new(NULL);
    bool read = record_read(parent, fields, record, event->body, strlen(event->body), ignored);
    talloc_free(ignored);
    return read;
}

const char *log_frozen_digest(const void *parent, const struct event *event) {
    struct frozen frozen = {0};
    struct digest digest;
    if (event->incident != 0 || strcmp(event->kind, "plan.frozen") != 0)
        return NULL;
    if (!body_read(parent, frozen_fields, &frozen, event) || frozen.sha256 == NULL)
        return NULL;
    return digest_from_hex(frozen.sha256, &digest) ? frozen.sha256 : NULL;
}

/* ---- the store's first event ----------------------------------------------------------------- */

static const char *user_name(void) {
    const struct passwd *user = getpwuid(geteuid());
    return user ? user->pw_name : "store";
}

static const char *created_body(const void *parent, int64_t now_ms) {
    char store[UUID_TEXT];
    uuid7(now_ms, store);
    struct created created = {.store = store, .format = LOG_FORMAT};
    struct json_writer *writer = json_writer_new(parent);
    record_write(writer, NULL, created_fields, &created);
    return json_text(writer);
}

bool log_append_created(struct log *log, int64_t now_ms, struct err *err) {
    void *scratch = talloc_new(NULL);
    char command[UUID_TEXT];
    uuid7(now_ms, command);
    struct event event = {
        .command = command,
        .at_ms = now_ms,
        .actor = user_name(),
        .via = "store",
        .kind = "store.created",
        .body = created_body(scratch, now_ms),
    };
    bool appended = log_append(log, &event, err);
    talloc_free(scratch);
    return appended;
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
    if (log->ops->tip(log, &log->tip, err))
        return LOG_BEGUN;
    log_rollback(log);
    return LOG_FAILED;
}

static bool refuse_long(const struct event *event, struct err *err) {
    if (strlen(event->body) <= LOG_BODY_MAX)
        return true;
    return err_set(
        err, ERR_REFUSED, "an event can't be that long",
        err_fmt(err, "%s of %zu bytes, at most %d", event->kind, strlen(event->body), LOG_BODY_MAX),
        "shorten its text");
}

/* A digest is frozen once: a second event would leave two answers to what was agreed. */
static bool refuse_frozen(struct log *log, const char *sha256, struct err *err) {
    int64_t seq = 0;
    if (!log->ops->plan_find(log, sha256, &seq, err))
        return false;
    if (seq == 0)
        return true;
    return err_set(err, ERR_CONFLICT, "that plan is frozen already",
                   err_fmt(err, "%s by event %lld", sha256, (long long)seq),
                   "use it by its digest");
}

static bool append_frozen(struct log *log, const char *sha256, const struct event *event,
                          struct err *err) {
    return refuse_frozen(log, sha256, err) && log->ops->insert(log, event, err) &&
           log->ops->plan_put(log, sha256, event->seq, err);
}

bool log_appended_before(const struct event *event, struct err *err) {
    return err_set(err, ERR_CONFLICT, "that command is on the record already",
                   err_fmt(err, "%s, part %lld", event->command, (long long)event->part),
                   "ask for its events instead");
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
        sha256 ? append_frozen(log, sha256, event, err) : log->ops->insert(log, event, err);
    if (appended)
        log->tip = (struct log_tip){.seq = event->seq, .hash = event->hash};
    talloc_free(scratch);
    return appended;
}

bool log_commit(struct log *log, bool *doubt, struct err *err) {
    assert(log->begun && log->snapshots == 0);
    *doubt = false;
    log->begun = false;
    return log->ops->commit(log, doubt, err);
}

void log_rollback(struct log *log) {
    if (log->begun)
        log->ops->rollback(log);
    log->begun = false;
}

char *log_lock_holder(const void *parent, struct log *log) {
    return log->ops->lock_holder(parent, log);
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

/* Hands on the one event that was asked for, and ends the reading. */
struct first {
    log_event_fn *fn;
    void *data;
    bool found;
};

static bool first_event(void *data, const struct event *event) {
    struct first *first = data;
    first->found = true;
    first->fn(first->data, event);
    return false;
}

bool log_find_plan(struct log *log, const char *sha256, log_event_fn *fn, void *data, bool *found,
                   struct err *err) {
    int64_t seq = 0;
    *found = false;
    if (!log->ops->plan_find(log, sha256, &seq, err))
        return false;
    if (seq == 0)
        return true;
    struct first first = {.fn = fn, .data = data};
    if (!log->ops->read(log, seq - 1, LOG_ANY_INCIDENT, first_event, &first, err))
        return false;
    *found = first.found;
    return true;
}

bool log_last(struct log *log, int64_t *seq, struct err *err) {
    struct log_tip tip;
    bool known = log->ops->tip(log, &tip, err);
    *seq = known ? tip.seq : 0;
    return known;
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

/* ---- the head -------------------------------------------------------------------------------- */

static bool head_store(void *data, const struct event *event) {
    struct log_head *head = data;
    struct created created = {0};
    void *scratch = talloc_new(NULL);
    bool is_created = event->seq == 1 && strcmp(event->kind, "store.created") == 0 &&
                      body_read(scratch, created_fields, &created, event);
    if (is_created && created.store && strlen(created.store) == UUID_TEXT - 1)
        memcpy(head->store, created.store, UUID_TEXT);
    talloc_free(scratch);
    return false;
}

bool log_head(struct log *log, struct log_head *head, struct err *err) {
    struct log_tip tip;
    *head = (struct log_head){0};
    if (!log->ops->tip(log, &tip, err) ||
        !log->ops->read(log, 0, LOG_ANY_INCIDENT, head_store, head, err))
        return false;
    head->seq = tip.seq;
    head->hash = tip.hash;
    return *head->store != '\0' ||
           log_damaged(log, 1, "it isn't the store.created of a store", err);
}

bool log_check(struct log *log, struct err *err) {
    return log->ops->check(log, err);
}
