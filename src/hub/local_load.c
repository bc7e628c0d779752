/* Folding what the log holds into a local hub's state. */
#include "config.h"

#include "hub/local.h"

#include "base/xtalloc.h"

/* One reading of events into the state. A plan that isn't known yet interrupts it, for the log
 * can't be asked while it is being read. */
struct loading {
    struct local_hub *local;
    bool tell;            /* queue each event for hub_next */
    struct log_head last; /* that was read; its store is nobody's */
    char *missing;        /* digest of the plan to fetch before going on */
    struct err *err;
    bool failed;
};

static bool is_missing(const struct loading *loading, const char *sha256) {
    return sha256 && !state_plan(loading->local->hub.state, sha256);
}

static bool names_missing_plan(struct loading *loading, const struct event *event) {
    if (!event_is(event, EVENT_PLAN_ADOPTED))
        return false;
    void *scratch = talloc_new(NULL);
    const char *sha256 = event_plan(scratch, event);
    if (is_missing(loading, sha256))
        loading->missing = xtalloc_strdup(loading->local, sha256);
    talloc_free(scratch);
    return loading->missing;
}

static bool load_event(void *data, const struct event *event) {
    struct loading *loading = data;
    if (names_missing_plan(loading, event))
        return false;
    loading->failed = !fold(loading->local->hub.state, event, loading->err);
    if (loading->failed)
        return false;
    loading->last.seq = event->seq;
    loading->last.hash = event->hash;
    if (loading->tell)
        hub_queue_event(&loading->local->hub, event);
    return true;
}

/* *found false: the store never froze it. */
static bool fetch_plan(struct local_hub *local, const char *sha256, bool *found, struct err *err) {
    struct loading loading = {.local = local, .err = err};
    return log_find_plan(local->log, sha256, load_event, &loading, found, err) && !loading.failed;
}

static bool fetch_missing(struct loading *loading) {
    bool found;
    char *sha256 = loading->missing;
    loading->missing = NULL;
    bool ok = fetch_plan(loading->local, sha256, &found, loading->err);
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
        if (!log_read(loading->local->log, loading->last.seq, incident, load_event, loading,
                      loading->err))
            return false;
    } while (loading->missing);
    return !loading->failed;
}

/* Half an incident is worse than none. */
bool local_load_incident(struct local_hub *local, int64_t number, struct err *err) {
    struct loading loading = {.local = local, .err = err};
    if (load(&loading, number))
        return true;
    state_drop(local->hub.state, number);
    return false;
}

bool local_load_plan(struct local_hub *local, const char *sha256, struct err *err) {
    bool found;
    return state_plan(local->hub.state, sha256) || fetch_plan(local, sha256, &found, err);
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

static bool load_held(struct local_hub *local, struct err *err) {
    struct numbers numbers = {0};
    struct loading store = {.local = local, .err = err};
    bool ok = log_head(local->log, &local->hub.seen, err) &&
              log_read_latest(local->log, load_event, &store, err) && !store.failed &&
              log_index_read(local->log, true, collect, &numbers, err);
    for (size_t i = numbers.count; ok && i-- > 0;)
        ok = local_load_incident(local, numbers.list[i], err);
    talloc_free(numbers.list);
    return ok;
}

/* All of it as it stood at one moment, that of the head; what is appended meanwhile is met by the
 * next catching up. */
bool local_load_open(struct local_hub *local, struct err *err) {
    if (!log_hold(local->log, err))
        return false;
    bool ok = load_held(local, err);
    log_let_go(local->log);
    return ok;
}

/* What was seen stays: what was committed since is told by the catching up that follows. */
static bool load_anew(struct local_hub *local, struct err *err) {
    struct log_head seen = local->hub.seen;
    talloc_free(local->hub.state);
    local->hub.state = state_new(local);
    local->stale = !local_load_open(local, err);
    local->hub.seen = seen;
    return !local->stale;
}

bool local_catch_up(struct local_hub *local, struct err *err) {
    if (local->stale && !load_anew(local, err))
        return false;
    struct loading loading = {.local = local, .err = err, .tell = true, .last = local->hub.seen};
    bool ok = load(&loading, LOG_ANY_INCIDENT);
    local->hub.seen = loading.last;
    return ok;
}
