/* Line mode: one command, waited for. */
#include "config.h"

#include "hub/hub_ops.h"

#include "base/loop.h"
#include "base/xtalloc.h"

static void ring(void *data, int64_t now_ms) {
    (void)now_ms;
    *(bool *)data = true;
}

/* A command that never got the lock is taken back: it must not happen after its asker gave up. */
static void take_back(struct hub *hub, int64_t ticket) {
    struct pending **at = &hub->pending;
    while (*at && (*at)->ticket != ticket)
        at = &(*at)->next;
    struct pending *pending = *at;
    if (!pending)
        return;
    *at = pending->next;
    if (!*at)
        hub->pending_end = at;
    talloc_free(pending);
}

/* Passes events over until the ticket's answer, or until there is nothing more now. */
static bool take_answer(struct hub *hub, struct moment now, int64_t ticket,
                        struct hub_item *answer) {
    while (hub_next(hub, now, answer))
        if (answer->kind == HUB_ANSWER && answer->ticket == ticket)
            return true;
    return false;
}

bool hub_ask(struct hub *hub, struct loop *loop, const struct command *command,
             const struct facts *facts, int64_t limit_ms, struct hub_item *answer,
             struct err *err) {
    bool late = false;
    struct loop_timer *limit = loop_timer(loop, ring, &late);
    int64_t ticket = hub_submit(hub, command, facts);
    bool answered = false;
    loop_timer_set(limit, limit_ms);
    while (!answered && !late) {
        loop_turn(loop, 0);
        answered = take_answer(hub, loop_moment(loop), ticket, answer);
    }
    talloc_free(limit);
    if (answered)
        return true;
    take_back(hub, ticket);
    return hub->ops->busy(hub, err);
}
