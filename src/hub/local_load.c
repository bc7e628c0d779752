/* Folding what the log holds into the hub's state. */
#include "config.h"

#include "hub/local.h"

#include "base/xtalloc.h"

#include <string.h>

/* One reading of events into the state. A plan that isn't known yet interrupts it, for the log
 * can't be asked while it is being read. */
struct loading {
    struct hub *hub;
    bool tell; /* queue each event for hub_next */
    int64_t last_seq;
    char *missing; /* digest of the plan to fetch before going on */
    struct err *err;
    bool failed;
};

static bool is_missing(const struct loading *loading, const char *sha256) {
    return sha256 && !state_plan(loading->hub->state, sha256);
}

/* A body that can't be read is no adoption here; fold says so. */
static bool names_missing_plan(struct loading *loading, const struct event *event) {
    const struct event_type *adopted = &event_types[EVENT_PLAN_ADOPTED];
    if (strcmp(event->kind, adopted->name) != 0)
        return false;
    void *scratch = talloc_new(NULL);
    const struct body_plan_adopted *body = event_decode(scratch, adopted, event, err_new(scratch));
    if (body && is_missing(loading, body->sha256))
        loading->missing = xtalloc_strdup(loading->hub, body->sha256);
    talloc_free(scratch);
    return loading->missing;
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

/* *found false: the store never froze it. */
static bool fetch_plan(struct hub *hub, const char *sha256, bool *found, struct err *err) {
    struct loading loading = {.hub = hub, .err = err};
    return log_find_plan(hub->log, sha256, load_event, &loading, found, err) && !loading.failed;
}

static bool fetch_missing(struct loading *loading) {
    bool found;
    char *sha256 = loading->missing;
    loading->missing = NULL;
    bool ok = fetch_plan(loading->hub, sha256, &found, loading->err);
    if (ok && is_missing(loading, sha256))
        ok = err_set(loading->err, ERR_DAMAGED, "a plan is missing from the store", sha256,
                     "run `backout verify`");
    talloc_free(sha256);
    return ok;
}

static bool load(struct loading *loading, int64_t incident) {
    do {
        if (loading->missing && !fetch_missing(loading))
            return false;
        if (!log_read(loading->hub->log, loading->last_seq, incident, load_event, loading,
                      loading->err))
            return false;
    } while (loading->missing);
    return !loading->failed;
}

/* Half an incident is worse than none. */
bool hub_load_incident(struct hub *hub, int64_t number, struct err *err) {
    struct loading loading = {.hub = hub, .err = err};
    if (load(&loading, number))
        return true;
    state_drop(hub->state, number);
    return false;
}

bool hub_load_plan(struct hub *hub, const char *sha256, struct err *err) {
    bool found;
    return state_plan(hub->state, sha256) || fetch_plan(hub, sha256, &found, err);
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

/* The cursor stays: what was committed since is told by the catching up that follows. */
static bool load_anew(struct hub *hub, struct err *err) {
    int64_t cursor = hub->cursor;
    talloc_free(hub->state);
    hub->state = state_new(hub);
    hub->stale = !hub_load_open(hub, err);
    hub->cursor = cursor;
    return !hub->stale;
}

bool hub_catch_up(struct hub *hub, struct err *err) {
    if (hub->stale && !load_anew(hub, err))
        return false;
    struct loading loading = {.hub = hub, .err = err, .tell = true, .last_seq = hub->cursor};
    bool ok = load(&loading, LOG_ANY_INCIDENT);
    hub->cursor = loading.last_seq;
    return ok;
}
