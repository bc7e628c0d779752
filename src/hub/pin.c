/* What a hub's user saw of its store: kept now and then, and in doubt where the store differs. */
#include "config.h"

#include "hub/hub_ops.h"

#include "base/syslog.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "hub/pins.h"

#include <string.h>

#define PIN_EVERY_MS MINUTE_MS

const struct err *hub_doubt(const struct hub *hub) {
    return hub->doubt;
}

int64_t hub_anchored(const struct hub *hub) {
    return hub->doubt ? 0 : hub->pin.seq;
}

/* NULL: the log goes on from there. */
static const char *words_of(const void *parent, const struct difference *difference) {
    const struct log_head *seen = &difference->seen, *now = &difference->now;
    if (strcmp(now->store, seen->store) != 0)
        return "it is another store";
    if (difference->holds)
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

static void begin_doubt(struct hub *hub, const char *how) {
    if (!hub->doubt)
        hub->doubt = err_new(hub);
    err_set(
        hub->doubt, ERR_DAMAGED, "this isn't the log that you saw",
        err_fmt(hub->doubt, "%s: %s", hub->store, how),
        "if that was meant, take it as it is (--repin, :repin); else keep a copy of it and find "
        "out who did it");
}

void hub_doubt_pinned(struct hub *hub, const struct difference *difference) {
    void *scratch = talloc_new(NULL);
    const char *how = with_restore(scratch, hub->state, words_of(scratch, difference));
    if (how)
        begin_doubt(hub, how);
    talloc_free(scratch);
}

/* Who keeps no pins (a runner) has nobody to ask, and goes on with what is there. */
bool hub_tell_replaced(struct hub *hub, const struct difference *difference) {
    struct err *err = err_new(NULL);
    const char *how = with_restore(err, hub->state, words_of(err, difference));
    if (how && hub->pins)
        begin_doubt(hub, how);
    if (how) {
        err_set(err, ERR_DAMAGED, "another log was put in the store's place",
                err_fmt(err, "%s: %s", hub->store, how), "`backout tail` says what it holds");
        hub_queue_replaced(hub, err);
    }
    talloc_free(err);
    return how;
}

void hub_refuse_doubted(struct hub *hub, const struct pending *pending) {
    hub_queue_refusal(hub, pending, HUB_REFUSED, hub->doubt);
}

/* ---- keeping --------------------------------------------------------------------------------- */

static void keep(struct hub *hub, bool back) {
    struct err *ignored = err_new(NULL);
    if (pins_keep(hub->pins, hub->store, &hub->seen, back, ignored))
        hub->pin = hub->seen;
    talloc_free(ignored);
}

void hub_pin(struct hub *hub, int64_t now_ms) {
    if (!hub->pins || hub->doubt || hub->seen.seq <= hub->pin.seq)
        return;
    keep(hub, false);
    hub->pinned_ms = now_ms;
}

void hub_tell_head(struct hub *hub, int64_t now_ms, const char *what) {
    hub_pin(hub, now_ms);
    if (!hub->syslog)
        return;
    char *head = log_head_words(NULL, &hub->seen);
    syslog_say(hub->syslog, now_ms, xtalloc_asprintf(head, "%s; %s", head, what));
    talloc_free(head);
}

void hub_pin_when_due(struct hub *hub, int64_t now_ms) {
    if (now_ms - hub->pinned_ms >= PIN_EVERY_MS || now_ms < hub->pinned_ms)
        hub_pin(hub, now_ms);
}

void hub_repin(struct hub *hub) {
    TALLOC_FREE(hub->doubt);
    if (hub->pins)
        keep(hub, true);
}
