/* What hub_next has yet to yield: events, answers, trouble, in the order in which they came up. */
#include "config.h"

#include "hub/hub_ops.h"

#include "base/xtalloc.h"

static const char *copy(const void *parent, const char *text) {
    return text ? xtalloc_strdup(parent, text) : NULL;
}

static const struct err *copy_err(struct queued *queued, const struct err *err) {
    struct err *kept = err_new(queued);
    err_set(kept, err->code, err->what, err->on, err->remedy);
    return kept;
}

static struct queued *enqueue(struct hub *hub, enum hub_item_kind kind) {
    struct queued *queued = xtalloc_zero(hub, struct queued);
    queued->item.kind = kind;
    *hub->queue_end = queued;
    hub->queue_end = &queued->next;
    return queued;
}

void hub_queue_event(struct hub *hub, const struct event *event) {
    struct queued *queued = enqueue(hub, HUB_EVENT);
    struct event *kept = xtalloc_memdup(queued, event, sizeof(*event));
    kept->command = copy(queued, event->command);
    kept->actor = copy(queued, event->actor);
    kept->via = copy(queued, event->via);
    kept->kind = copy(queued, event->kind);
    kept->body = copy(queued, event->body);
    queued->item.event = kept;
    queued->item.incident = event->incident;
    queued->item.seq = event->seq;
}

static struct queued *enqueue_answer(struct hub *hub, const struct pending *pending,
                                     enum hub_verdict verdict) {
    struct queued *queued = enqueue(hub, HUB_ANSWER);
    queued->item.ticket = pending->ticket;
    queued->item.verdict = verdict;
    queued->item.incident = pending->command->incident;
    return queued;
}

struct hub_item *hub_queue_answer(struct hub *hub, const struct pending *pending,
                                  const char *answer) {
    struct queued *queued = enqueue_answer(hub, pending, HUB_ACCEPTED);
    queued->item.answer = xtalloc_strdup(queued, answer ? answer : "");
    return &queued->item;
}

void hub_queue_refusal(struct hub *hub, const struct pending *pending, enum hub_verdict verdict,
                       const struct err *err) {
    struct queued *queued = enqueue_answer(hub, pending, verdict);
    queued->item.err = copy_err(queued, err);
}

void hub_queue_waiting(struct hub *hub, const struct pending *pending, const struct err *err) {
    struct queued *queued = enqueue(hub, HUB_WAITING);
    queued->item.ticket = pending->ticket;
    queued->item.incident = pending->command->incident;
    queued->item.err = copy_err(queued, err);
}

void hub_queue_replaced(struct hub *hub, const struct err *err) {
    struct queued *queued = enqueue(hub, HUB_REPLACED);
    queued->item.err = copy_err(queued, err);
}

/* Each turn for the worse and for the better is said once. */
static void queue_turn(struct hub *hub, bool *bad, bool well, enum hub_item_kind kind,
                       const struct err *err) {
    if (well == !*bad)
        return;
    struct queued *queued = enqueue(hub, kind);
    queued->item.err = well ? NULL : copy_err(queued, err);
    *bad = !well;
}

void hub_queue_health(struct hub *hub, bool well, const struct err *err) {
    queue_turn(hub, &hub->troubled, well, well ? HUB_WELL : HUB_TROUBLE, err);
}

void hub_queue_viewers(struct hub *hub, bool well, const struct err *err) {
    queue_turn(hub, &hub->viewers_behind, well, well ? HUB_VIEWERS_WELL : HUB_VIEWERS_BEHIND, err);
}

bool hub_dequeue(struct hub *hub, struct hub_item *item) {
    TALLOC_FREE(hub->yielded);
    hub->yielded = hub->queue;
    if (!hub->yielded)
        return false;
    hub->queue = hub->yielded->next;
    if (!hub->queue)
        hub->queue_end = &hub->queue;
    *item = hub->yielded->item;
    return true;
}
