#include "config.h"

#include "hub/local.h"

#include "base/xtalloc.h"

#include <string.h>

/* One reading of events into the state. A plan that isn't known yet interrupts it, for the log
 * can't be asked while it is being read. */
struct loading {
    struct hub *hub;
    bool tell;
    int64_t last_seq;
    const char *missing; /* digest of the plan to fetch before going on */
    struct err *err;
    bool failed;
};

static bool names_missing_plan(struct loading *loading, const struct event *event) {
    if (strcmp(event->kind, event_types[EVENT_PLAN_ADOPTED].name) != 0)
        return false;
    const struct body_plan_adopted *body =
        event_decode(loading->err, &event_types[EVENT_PLAN_ADOPTED], event, loading->err);
    if (!body || !body->sha256 || state_plan(loading->hub->state, body->sha256))
        return false;
    loading->missing = xtalloc_strdup(loading->err, body->sha256);
    return true;
}

static bool load_event(void *data, const struct event *event) {
    struct loading *loading = data;
    if (names_missing_plan(loading, event))
        return false;
    loading->failed = !fold(loading->hub->state, event, loading->err);
    if (loading->failed)
        return false;
    loading->last_seq = event->seq;
    if (loading->tell)
        hub_queue_event(loading->hub, event);
    return true;
}

static bool fetch_plan(struct loading *loading) {
    bool found;
    struct loading plan = {.hub = loading->hub, .err = loading->err};
    if (!log_find_plan(loading->hub->log, loading->missing, load_event, &plan, &found,
                       loading->err))
        return false;
    if (!found)
        return err_set(loading->err, ERR_DAMAGED, "a plan is missing from the store",
                       loading->missing, "run `backout verify`");
    loading->missing = NULL;
    return !plan.failed;
}

static bool load(struct loading *loading, int64_t incident) {
    do {
        if (loading->missing && !fetch_plan(loading))
            return false;
        if (!log_read(loading->hub->log, loading->last_seq, incident, load_event, loading,
                      loading->err))
            return false;
    } while (loading->missing);
    return !loading->failed;
}

bool hub_load_incident(struct hub *hub, int64_t number, struct err *err) {
    struct loading loading = {.hub = hub, .err = err};
    return load(&loading, number);
}

bool hub_catch_up(struct hub *hub, bool tell, struct err *err) {
    struct loading loading = {.hub = hub, .err = err, .tell = tell, .last_seq = hub->cursor};
    bool ok = load(&loading, LOG_ANY_INCIDENT);
    hub->cursor = loading.last_seq;
    return ok;
}

struct numbers {
    int64_t *list;
    size_t count;
};

static bool collect(void *data, const struct log_incident *row) {
    struct numbers *numbers = data;
    numbers->list = xtalloc_realloc(NULL, numbers->list, int64_t, numbers->count + 1);
    numbers->list[numbers->count++] = row->number;
    return true;
}

/* The cursor is read first: what is appended while the incidents are loaded is met again by the
 * next catching up, where fold knows it for old. */
bool hub_load_open(struct hub *hub, struct err *err) {
    struct numbers numbers = {0};
    struct loading store = {.hub = hub, .err = err};
    bool ok = log_last(hub->log, &hub->cursor, err) &&
              log_read_latest(hub->log, load_event, &store, err) && !store.failed &&
              log_index_read(hub->log, true, collect, &numbers, err);
    for (size_t i = numbers.count; ok && i-- > 0;)
        ok = hub_load_incident(hub, numbers.list[i], err);
    talloc_free(numbers.list);
    return ok;
}
