/* When the store holds another history than the one that was seen: another file was put in its
 * place while it was open, or since its user looked last. */
#include "config.h"

#include "hub/local.h"

#include "base/xtalloc.h"
#include "hub/pins.h"

/* *difference gets how the log differs from what was seen of it. */
static bool compare(struct log *log, const struct log_head *seen, struct difference *difference,
                    struct err *err) {
    *difference = (struct difference){.seen = *seen};
    return log_head(log, &difference->now, err) &&
           log_holds(log, seen->seq, &seen->hash, &difference->holds, err);
}

/* Only what was compared is ever kept. */
bool local_compare_pin(struct local_hub *local, const char *pins, struct err *err) {
    struct hub *hub = &local->hub;
    struct difference difference;
    if (!pins)
        return true;
    bool pinned = pins_find(pins, hub->seen.store, hub->store, &hub->pin);
    if (pinned && !compare(local->log, &hub->pin, &difference, err))
        return false;
    hub->pins = xtalloc_strdup(hub, pins);
    if (pinned)
        hub_doubt_pinned(hub, &difference);
    return true;
}

/* The state is made anew in any case; what is new on the same history is told event by event. */
static bool take_over(struct local_hub *local, struct log *log, struct err *err) {
    struct log_head seen = local->hub.seen;
    struct difference difference;
    if (!compare(log, &seen, &difference, err))
        return false;
    talloc_free(local->log);
    local->log = talloc_steal(local, log);
    local->mirror_doubted = true;
    talloc_free(local->hub.state);
    local->hub.state = state_new(local);
    if (!local_load_open(local, err)) {
        local->stale = true;
        return false;
    }
    if (!hub_tell_replaced(&local->hub, &difference))
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
