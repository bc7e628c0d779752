/* A log in memory: the same answers as a store on disk, kept nowhere. */
#include "config.h"

#include "log/log_ops.h"

#include "base/xtalloc.h"

#include <string.h>

struct frozen_plan {
    const char *sha256;
    int64_t seq;
};

/* Nothing that is in a list ever changes: a rollback shortens the lists, and takes up again the
 * list of incidents as it was. */
struct memory_log {
    struct log log;        /* first: a struct log * is a struct memory_log * */
    struct event **events; /* seq - 1 is the place */
    unsigned event_count;
    struct frozen_plan *plans;
    unsigned plan_count;
    struct log_incident **incidents; /* newest first */
    unsigned incident_count;
    char *kept;
    struct {
        unsigned event_count, plan_count, incident_count;
        struct log_incident **incidents;
    } before; /* the running transaction */
};

static struct memory_log *memory_of(struct log *log) {
    return (struct memory_log *)log;
}

/* ---- the transaction ------------------------------------------------------------------------- */

static enum log_begin memory_begin(struct log *log, const char *me, struct err *err) {
    struct memory_log *memory = memory_of(log);
    (void)me, (void)err;
    memory->before.event_count = memory->event_count;
    memory->before.plan_count = memory->plan_count;
    memory->before.incident_count = memory->incident_count;
    memory->before.incidents = xtalloc_array(memory, struct log_incident *, memory->incident_count);
    for (size_t i = 0; i < memory->incident_count; i++)
        memory->before.incidents[i] = memory->incidents[i];
    return LOG_BEGUN;
}

static bool memory_commit(struct log *log, bool *doubt, struct err *err) {
    struct memory_log *memory = memory_of(log);
    (void)doubt, (void)err;
    TALLOC_FREE(memory->before.incidents);
    return true;
}

static void memory_leave(struct log *log) {
    (void)log;
}

static void memory_rollback(struct log *log) {
    struct memory_log *memory = memory_of(log);
    while (memory->event_count > memory->before.event_count)
        talloc_free(memory->events[--memory->event_count]);
    memory->plan_count = memory->before.plan_count;
    talloc_free(memory->incidents);
    memory->incidents = memory->before.incidents;
    memory->incident_count = memory->before.incident_count;
    memory->before.incidents = NULL;
}

static char *memory_lock_holder(const void *parent, struct log *log) {
    (void)log;
    return xtalloc_strdup(parent, "");
}

static void memory_keep(struct log *log, const char *text) {
    struct memory_log *memory = memory_of(log);
    talloc_free(memory->kept);
    memory->kept = xtalloc_strdup(memory, text);
}

static char *memory_kept(const void *parent, struct log *log) {
    const struct memory_log *memory = memory_of(log);
    return xtalloc_strdup(parent, memory->kept ? memory->kept : "");
}

/* ---- events ---------------------------------------------------------------------------------- */

static struct event *copy_event(struct memory_log *memory, const struct event *event) {
    struct event *copy = xtalloc(memory, struct event);
    *copy = *event;
    copy->command = xtalloc_strdup(copy, event->command);
    copy->actor = xtalloc_strdup(copy, event->actor);
    copy->via = xtalloc_strdup(copy, event->via);
    copy->kind = xtalloc_strdup(copy, event->kind);
    copy->body = xtalloc_strdup(copy, event->body);
    return copy;
}

static bool has_part(const struct memory_log *memory, const struct event *event) {
    for (unsigned i = memory->event_count; i-- > 0;)
        if (memory->events[i]->part == event->part &&
            strcmp(memory->events[i]->command, event->command) == 0)
            return true;
    return false;
}

static bool memory_insert(struct log *log, const struct event *event, struct err *err) {
    struct memory_log *memory = memory_of(log);
    if (has_part(memory, event))
        return log_appended_before(event, err);
    memory->events =
        xtalloc_realloc(memory, memory->events, struct event *, memory->event_count + 1);
    memory->events[memory->event_count++] = copy_event(memory, event);
    return true;
}

/* No other program ever opens it. */
static bool memory_raise(struct log *log, int64_t format, struct err *err) {
    (void)log, (void)format, (void)err;
    return true;
}

static bool memory_format(struct log *log, int64_t *format, struct err *err) {
    (void)log, (void)err;
    *format = 0;
    return true;
}

static bool memory_tip(struct log *log, struct log_tip *tip, struct err *err) {
    const struct memory_log *memory = memory_of(log);
    (void)err;
    *tip = (struct log_tip){0};
    if (memory->event_count > 0) {
        const struct event *last = memory->events[memory->event_count - 1];
        *tip = (struct log_tip){.seq = last->seq, .hash = last->hash};
    }
    return true;
}

static bool memory_read(struct log *log, int64_t after, int64_t incident, log_event_fn *fn,
                        void *data, struct err *err) {
    const struct memory_log *memory = memory_of(log);
    (void)err;
    for (size_t i = after > 0 ? (size_t)after : 0; i < memory->event_count; i++) {
        const struct event *event = memory->events[i];
        bool asked = incident == LOG_ANY_INCIDENT || incident == event->incident;
        if (asked && !fn(data, event))
            break;
    }
    return true;
}

/* The newest event of the store whose kind comes next after `kind`. */
static const struct event *latest_after(const struct memory_log *memory, const char *kind) {
    const struct event *next = NULL;
    for (size_t i = 0; i < memory->event_count; i++) {
        const struct event *event = memory->events[i];
        bool later = event->incident == 0 && strcmp(event->kind, kind) > 0;
        if (later && (next == NULL || strcmp(event->kind, next->kind) <= 0))
            next = event;
    }
    return next;
}

static bool memory_read_latest(struct log *log, log_event_fn *fn, void *data, struct err *err) {
    (void)err;
    const struct event *event = latest_after(memory_of(log), "");
    while (event && fn(data, event))
        event = latest_after(memory_of(log), event->kind);
    return true;
}

static bool memory_find(struct log *log, const char *command, log_event_fn *fn, void *data,
                        size_t *found, struct err *err) {
    const struct memory_log *memory = memory_of(log);
    (void)err;
    *found = 0;
    for (size_t i = 0; i < memory->event_count; i++) {
        if (strcmp(memory->events[i]->command, command) != 0)
            continue;
        ++*found;
        if (!fn(data, memory->events[i]))
            break;
    }
    return true;
}

static bool memory_changed(struct log *log) {
    (void)log;
    return false;
}

static bool memory_hold(struct log *log, struct err *err) {
    (void)log, (void)err;
    return true;
}

static void memory_let_go(struct log *log) {
    (void)log;
}

static void memory_check_ahead(struct log *log, bool wanted) {
    (void)log, (void)wanted;
}

static bool memory_check(struct log *log, struct err *err) {
    (void)log, (void)err;
    return true;
}

/* ---- the index of incidents ------------------------------------------------------------------ */

static struct log_incident *copy_incident(struct memory_log *memory,
                                          const struct log_incident *row) {
    struct log_incident *copy = xtalloc(memory, struct log_incident);
    *copy = *row;
    copy->title = xtalloc_strdup(copy, row->title);
    copy->state = xtalloc_strdup(copy, row->state);
    copy->service = xtalloc_strdup(copy, row->service);
    copy->plan = xtalloc_strdup(copy, row->plan);
    return copy;
}

/* The place of that number in the list, or where it belongs. */
static unsigned place_of(const struct memory_log *memory, int64_t number) {
    unsigned place = 0;
    while (place < memory->incident_count && memory->incidents[place]->number > number)
        place++;
    return place;
}

static bool is_at(const struct memory_log *memory, unsigned place, int64_t number) {
    return place < memory->incident_count && memory->incidents[place]->number == number;
}

static void make_room(struct memory_log *memory, unsigned place) {
    memory->incidents = xtalloc_realloc(memory, memory->incidents, struct log_incident *,
                                        memory->incident_count + 1);
    for (unsigned i = memory->incident_count++; i > place; i--)
        memory->incidents[i] = memory->incidents[i - 1];
}

static bool memory_index_put(struct log *log, const struct log_incident *row, struct err *err) {
    struct memory_log *memory = memory_of(log);
    (void)err;
    unsigned place = place_of(memory, row->number);
    if (!is_at(memory, place, row->number))
        make_room(memory, place);
    memory->incidents[place] = copy_incident(memory, row);
    return true;
}

static bool memory_index_read(struct log *log, bool open_only, log_incident_fn *fn, void *data,
                              struct err *err) {
    const struct memory_log *memory = memory_of(log);
    (void)err;
    for (size_t i = 0; i < memory->incident_count; i++) {
        const struct log_incident *row = memory->incidents[i];
        if ((row->open || !open_only) && !fn(data, row))
            break;
    }
    return true;
}

static bool memory_index_find(struct log *log, int64_t number, log_incident_fn *fn, void *data,
                              bool *found, struct err *err) {
    const struct memory_log *memory = memory_of(log);
    (void)err;
    unsigned place = place_of(memory, number);
    *found = is_at(memory, place, number);
    if (*found)
        fn(data, memory->incidents[place]);
    return true;
}

static bool memory_index_max(struct log *log, int64_t *number, struct err *err) {
    const struct memory_log *memory = memory_of(log);
    (void)err;
    *number = memory->incident_count > 0 ? memory->incidents[0]->number : 0;
    return true;
}

/* ---- the plans ------------------------------------------------------------------------------- */

static bool memory_plan_put(struct log *log, const char *sha256, int64_t seq, struct err *err) {
    struct memory_log *memory = memory_of(log);
    (void)err;
    memory->plans =
        xtalloc_realloc(memory, memory->plans, struct frozen_plan, memory->plan_count + 1);
    memory->plans[memory->plan_count++] =
        (struct frozen_plan){.sha256 = xtalloc_strdup(memory, sha256), .seq = seq};
    return true;
}

static bool memory_plan_find(struct log *log, const char *sha256, int64_t *seq, struct err *err) {
    const struct memory_log *memory = memory_of(log);
    (void)err;
    *seq = 0;
    for (size_t i = 0; i < memory->plan_count; i++)
        if (strcmp(memory->plans[i].sha256, sha256) == 0)
            *seq = memory->plans[i].seq;
    return true;
}

static bool memory_plan_count(struct log *log, int64_t *count, struct err *err) {
    (void)err;
    *count = (int64_t)memory_of(log)->plan_count;
    return true;
}

static const char *memory_run_folder(struct log *log) {
    (void)log;
    return NULL;
}

static void memory_rest(struct log *log, const char *me) {
    (void)log, (void)me;
}

static bool memory_moved(struct log *log) {
    (void)log;
    return false;
}

static const struct log_ops memory_ops = {
    .begin = memory_begin,
    .insert = memory_insert,
    .raise = memory_raise,
    .commit = memory_commit,
    .leave = memory_leave,
    .rollback = memory_rollback,
    .lock_holder = memory_lock_holder,
    .keep = memory_keep,
    .kept = memory_kept,
    .tip = memory_tip,
    .read = memory_read,
    .read_latest = memory_read_latest,
    .find = memory_find,
    .changed = memory_changed,
    .moved = memory_moved,
    .rest = memory_rest,
    .hold = memory_hold,
    .let_go = memory_let_go,
    .format = memory_format,
    .check_ahead = memory_check_ahead,
    .check = memory_check,
    .index_put = memory_index_put,
    .index_read = memory_index_read,
    .index_find = memory_index_find,
    .index_max = memory_index_max,
    .plan_put = memory_plan_put,
    .plan_find = memory_plan_find,
    .plan_count = memory_plan_count,
    .run_folder = memory_run_folder,
};

struct log *log_open_memory(const void *parent, int64_t now_ms) {
    struct memory_log *memory = xtalloc_zero(parent, struct memory_log);
    struct err *err = err_new(memory);
    bool doubt;
    memory->log.ops = &memory_ops;
    log_begin(&memory->log, "", err);
    log_append_created(&memory->log, now_ms, err);
    log_commit(&memory->log, &doubt, err);
    talloc_free(err);
    return &memory->log;
}
