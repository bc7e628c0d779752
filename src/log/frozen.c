#include "config.h"

#include "log/log_ops.h"

#include "base/record.h"

#include <stddef.h>
#include <string.h>
#include <talloc.h>

struct frozen {
    const char *sha256;
};

static const struct field frozen_fields[] = {
    {.name = "sha256", .type = FIELD_TEXT, .offset = offsetof(struct frozen, sha256)},
    {.name = NULL},
};

const char *log_frozen_digest(const void *parent, const struct event *event) {
    struct frozen frozen = {0};
    struct digest digest;
    if (event->incident != 0 || strcmp(event->kind, "plan.frozen") != 0)
        return NULL;
    if (!log_body_read(parent, frozen_fields, &frozen, event) || frozen.sha256 == NULL)
        return NULL;
    return digest_from_hex(frozen.sha256, &digest) ? frozen.sha256 : NULL;
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

bool log_append_frozen(struct log *log, const char *sha256, const struct event *event,
                       struct err *err) {
    return refuse_frozen(log, sha256, err) && log->ops->insert(log, event, err) &&
           log->ops->plan_put(log, sha256, event->seq, err);
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
