#include "config.h"

#include "hub/local.h"

#include "base/xtalloc.h"

#include <stdio.h>
#include <string.h>

/* One command inside the transaction that appends its events. */
struct transaction {
    struct hub *hub;
    const struct pending *pending;
    int64_t now_ms;
    struct digest request;
    int64_t parts;        /* events appended so far */
    int64_t incident;     /* the one that was touched */
    struct event *events; /* for hub_next, once they are on disk */
    size_t events_count;
    const void *scratch;
    struct err *err;
};

/* ---- the same command again --------------------------------------------------------------------
 */

struct earlier {
    const struct transaction *transaction;
    bool same;
    int64_t last_seq, incident;
};

static bool see_earlier(void *data, const struct event *event) {
    struct earlier *earlier = data;
    earlier->same = digest_equal(&event->request, &earlier->transaction->request);
    earlier->last_seq = event->seq;
    if (event->incident)
        earlier->incident = event->incident;
    return true;
}

/* True when the id was used before: a retry gets its old answer, another request is refused. */
static bool answered_before(struct transaction *transaction) {
    struct hub *hub = transaction->hub;
    struct earlier earlier = {.transaction = transaction};
    size_t found = 0;
    if (!log_find(hub->log, transaction->pending->command->id, see_earlier, &earlier, &found,
                  transaction->err)) {
        hub_queue_refusal(hub, transaction->pending, HUB_REFUSED, transaction->err);
        return true;
    }
    if (!found)
        return false;
    if (!earlier.same) {
        err_set(transaction->err, ERR_USAGE, "this command id was used for another request",
                transaction->pending->command->id, "make a new id");
        hub_queue_refusal(hub, transaction->pending, HUB_REFUSED, transaction->err);
        return true;
    }
    struct hub_item *item = hub_queue_answer(hub, transaction->pending, "it was done already");
    item->seq = earlier.last_seq;
    item->incident = earlier.incident;
    return true;
}

/* ---- deciding and appending
 * ---------------------------------------------------------------------- */

static void remember(struct transaction *transaction, const struct event *event) {
    transaction->events = xtalloc_realloc(transaction->scratch, transaction->events, struct event,
                                          transaction->events_count + 1);
    transaction->events[transaction->events_count++] = *event;
}

static bool append(struct transaction *transaction, const struct decided_event *decided) {
    struct hub *hub = transaction->hub;
    struct event event = {
        .command = transaction->pending->command->id,
        .part = transaction->parts++,
        .request = transaction->request,
        .incident = decided->incident,
        .at_ms = transaction->now_ms,
        .actor = hub->actor,
        .via = hub->via,
        .kind = event_types[decided->kind].name,
        .body = decided->body,
    };
    if (decided->incident)
        transaction->incident = decided->incident;
    if (!log_append(hub->log, &event, transaction->err) ||
        !fold(hub->state, &event, transaction->err))
        return false;
    remember(transaction, &event);
    return true;
}

static bool append_all(struct transaction *transaction, const struct outcome *outcome) {
    for (size_t i = 0; i < outcome->count; i++)
        if (!append(transaction, &outcome->events[i]))
            return false;
    return true;
}

/* What follows by rule lands with its cause. */
static bool append_consequences(struct transaction *transaction) {
    struct outcome outcome;
    do {
        decide_consequences(transaction->scratch, transaction->hub->state, transaction->incident,
                            transaction->now_ms, &outcome);
        if (!append_all(transaction, &outcome))
            return false;
    } while (outcome.count);
    return true;
}

static bool put_index(struct transaction *transaction) {
    const struct incident *incident =
        state_incident(transaction->hub->state, transaction->incident);
    if (!incident)
        return true;
    struct log_incident row = index_row(incident);
    return log_index_put(transaction->hub->log, &row, transaction->err);
}

static bool load_named(struct transaction *transaction) {
    int64_t number = transaction->pending->command->incident;
    if (!number || state_incident(transaction->hub->state, number))
        return true;
    return hub_load_incident(transaction->hub, number, transaction->err);
}

static bool ask(struct transaction *transaction, struct outcome *outcome) {
    struct hub *hub = transaction->hub;
    struct question question = {
        .state = hub->state,
        .command = transaction->pending->command,
        .facts = transaction->pending->facts,
        .actor = hub->actor,
        .now_ms = transaction->now_ms,
    };
    if (!load_named(transaction) ||
        !log_index_max(hub->log, &question.next_incident, transaction->err))
        return false;
    question.next_incident++;
    transaction->incident = question.command->incident;
    return decide(transaction->scratch, &question, outcome, transaction->err);
}

/* ---- how it ends
 * ---------------------------------------------------------------------------------- */

/* The state holds events that the log did not keep: make it anew from what it did. */
static void forget(struct hub *hub) {
    struct err *err = err_new(NULL);
    talloc_free(hub->state);
    hub->state = state_new(hub);
    if (!hub_load_open(hub, err))
        hub->polled_ms = 0; /* the next turn finds out, says so, and tries again */
    talloc_free(err);
}

static void refuse_all(struct transaction *transaction, enum hub_verdict verdict) {
    log_rollback(transaction->hub->log);
    if (transaction->events_count || verdict == HUB_IN_DOUBT)
        forget(transaction->hub);
    hub_queue_refusal(transaction->hub, transaction->pending, verdict, transaction->err);
}

static void accept(struct transaction *transaction, const struct outcome *outcome) {
    struct hub *hub = transaction->hub;
    for (size_t i = 0; i < transaction->events_count; i++)
        hub_queue_event(hub, &transaction->events[i]);
    struct hub_item *item = hub_queue_answer(hub, transaction->pending, outcome->answer);
    item->incident = transaction->incident;
    if (transaction->events_count)
        hub->cursor = item->seq = transaction->events[transaction->events_count - 1].seq;
}

static void transact(struct transaction *transaction) {
    struct hub *hub = transaction->hub;
    struct outcome outcome = {0};
    bool doubt = false;
    if (!hub_catch_up(hub, true, transaction->err)) {
        refuse_all(transaction, HUB_REFUSED);
        return;
    }
    if (answered_before(transaction)) {
        log_rollback(hub->log);
        return;
    }
    if (!ask(transaction, &outcome) || !append_all(transaction, &outcome) ||
        (transaction->events_count &&
         (!append_consequences(transaction) || !put_index(transaction)))) {
        refuse_all(transaction, HUB_REFUSED);
        return;
    }
    if (transaction->events_count == 0)
        log_rollback(hub->log);
    else if (!log_commit(hub->log, &doubt, transaction->err)) {
        refuse_all(transaction, doubt ? HUB_IN_DOUBT : HUB_REFUSED);
        return;
    }
    accept(transaction, &outcome);
}

bool hub_transact(struct hub *hub, const struct pending *pending, int64_t now_ms) {
    struct err *err = err_new(NULL);
    struct transaction transaction = {
        .hub = hub, .pending = pending, .now_ms = now_ms, .scratch = err, .err = err};
    enum log_begin begun = log_begin(hub->log, hub->me, err);
    if (begun == LOG_FAILED)
        hub_queue_refusal(hub, pending, HUB_REFUSED, err);
    if (begun == LOG_BEGUN) {
        transaction.request = command_request(pending->command, hub->actor);
        transact(&transaction);
    }
    talloc_free(err);
    return begun != LOG_BUSY;
}
