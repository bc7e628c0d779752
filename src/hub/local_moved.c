/* When the store holds another history than the one that was seen: another file was put in its
 * place while it was open, or since its user looked last. */
#include "config.h"

#include "hub/local.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "hub/pins.h"

#include <string.h>

/* NULL: the log goes on from there. */
static const char *words_of(const struct log_head *seen, const struct log_head *now, bool holds,
                            const void *parent) {
    if (strcmp(now->store, seen->store) != 0)
        return "it is another store";
    if (holds)
        return NULL;
    return now->seq < seen->seq
               ? xtalloc_asprintf(parent, "it ended at event %lld, and ends at %lld now",
                                  (long long)seen->seq, (long long)now->seq)
               : xtalloc_asprintf(parent, "event %lld is another than the one that was there",
                                  (long long)seen->seq);
}

/* A restore says so on the record; who reads this decides whether that was meant. */
static const char *with_restore(const void *parent, const struct state *state, const char *how) {
    const struct mark *restored = &state->restored;
    if (!how || !restored->by)
        return how;
    return xtalloc_asprintf(parent, "%s; %s restored it at %s: %s", how, restored->by,
                            time_rfc3339(parent, restored->at_ms), restored->reason);
}

/* *how gets what is other than it was seen, in words owned by `parent`. */
static bool compare(const void *parent, struct log *log, const struct log_head *seen,
                    const char **how, struct err *err) {
    struct log_head now;
    bool holds;
    if (!log_head(log, &now, err) || !log_holds(log, seen->seq, &seen->hash, &holds, err))
        return false;
    *how = words_of(seen, &now, holds, parent);
    return true;
}

/* Only what was compared is ever kept. */
bool local_compare_pin(struct local_hub *local, const char *pins, struct err *err) {
    struct hub *hub = &local->hub;
    const char *how = NULL;
    if (!pins)
        return true;
    if (pins_find(pins, hub->seen.store, hub->store, &hub->pin) &&
        !compare(hub, local->log, &hub->pin, &how, err))
        return false;
    hub->pins = xtalloc_strdup(hub, pins);
    if (how)
        hub_begin_doubt(hub, with_restore(hub, hub->state, how));
    return true;
}

/* Who keeps no pins (a runner) has nobody to ask, and goes on with what is there. */
static void tell(struct hub *hub, const char *how) {
    struct err *err = err_new(NULL);
    err_set(err, ERR_DAMAGED, "another log was put in the store's place",
            err_fmt(err, "%s: %s", hub->store, how), "`backout tail` says what it holds");
    hub_queue_replaced(hub, err);
    if (hub->pins)
        hub_begin_doubt(hub, how);
    talloc_free(err);
}

/* The state is made anew in any case; what is new on the same history is told event by event. */
static bool take_over(struct local_hub *local, struct log *log, struct err *err) {
    struct log_head seen = local->hub.seen;
    const char *how;
    if (!compare(local, log, &seen, &how, err))
        return false;
    talloc_free(local->log);
    local->log = talloc_steal(local, log);
    talloc_free(local->hub.state);
    local->hub.state = state_new(local);
    if (!local_load_open(local, err)) {
        local->stale = true;
        return false;
    }
    if (how)
        tell(&local->hub, with_restore(local, local->hub.state, how));
    else
        local->hub.seen = seen;
    return true;
}

bool local_follow(struct local_hub *local, struct err *err) {
    struct log *log;
    if (!log_open(NULL, local->hub.store, local->mode, 0, &log, err))
        return false;
    if (take_over(local, log, err))
        return true;
    if (local->log != log)
        talloc_free(log);
    return false;
}
