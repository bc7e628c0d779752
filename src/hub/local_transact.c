/* One command, from lock to commit: decide → append → fold, again for what follows, then the index.
 */
#include "config.h"

#include "hub/local.h"

#include "base/xtalloc.h"
#include "incident/status.h"

/* One command inside the transaction that appends its events. */
struct transaction {
    struct local_hub *local;
    struct hub *hub; /* the part of it that every kind has */
    const struct pending *pending;
    int64_t now_ms;
    struct digest request;
    int64_t incident; /* the one that is touched; a declaration's once it has its number */
    int before;       /* its phase, or -1 */
    struct event *events;
    size_t events_count; /* appended and folded so far */
    bool began;          /* appending: state may hold what the log will not */
    const void *scratch; /* not `err`, which frees all it owns whenever it is set */
    struct err *err;
};

/* --- the same command again ------------------------------------------------------------------- */

struct earlier {
    const struct transaction *transaction;
    bool same;
    int64_t last_seq, incident;
    const char *sentence; /* what its first event says, of an incident if there is one */
};

static bool see_earlier(void *data, const struct event *event) {
    struct earlier *earlier = data;
    const struct transaction *transaction = earlier->transaction;
    const struct incident *incident = state_incident(transaction->hub->state, event->incident);
    earlier->same = digest_equal(&event->request, &transaction->request);
    earlier->last_seq = event->seq;
    bool of_incident = event->incident && !earlier->incident;
    if (of_incident)
        earlier->incident = event->incident;
    if (of_incident || !earlier->sentence)
        earlier->sentence = event_sentence(transaction->scratch, incident, event);
    return true;
}

static void answer_again(struct transaction *transaction, const struct earlier *earlier) {
    const char *on = earlier->incident ? xtalloc_asprintf(transaction->scratch, "INC-%lld ",
                                                          (long long)earlier->incident)
                                       : "";
    const char *answer =
        xtalloc_asprintf(transaction->scratch, "it was done already: %s%s", on, earlier->sentence);
    struct hub_item *item = hub_queue_answer(transaction->hub, transaction->pending, answer);
    item->seq = earlier->last_seq;
    item->incident = earlier->incident;
}

static bool refuse_reused(struct transaction *transaction) {
    return err_set(transaction->err, ERR_USAGE, "this command id was used for another request",
                   transaction->pending->command->id, "make a new id");
}

/* Whether the id was used before: a retry gets its answer again, another request is refused. */
static bool answered_before(struct transaction *transaction) {
    struct hub *hub = transaction->hub;
    struct earlier earlier = {.transaction = transaction};
    size_t found = 0;
    bool ok = log_find(transaction->local->log, transaction->pending->command->id, see_earlier,
                       &earlier, &found, transaction->err) &&
              (!found || earlier.same || refuse_reused(transaction));
    if (!ok)
        hub_queue_refusal(hub, transaction->pending, HUB_REFUSED, transaction->err);
    else if (found)
        answer_again(transaction, &earlier);
    return !ok || found;
}

/* --- deciding and appending ------------------------------------------------------------------- */

static void remember(struct transaction *transaction, const struct event *event) {
    transaction->events = xtalloc_realloc(transaction->scratch, transaction->events, struct event,
                                          transaction->events_count + 1);
    transaction->events[transaction->events_count++] = *event;
}

static bool append(struct transaction *transaction, const struct decided_event *decided) {
    struct hub *hub = transaction->hub;
    struct event event = {
        .command = transaction->pending->command->id,
        .part = (int64_t)transaction->events_count,
        .request = transaction->request,
        .incident = decided->incident,
        .at_ms = transaction->now_ms,
        .actor = hub->actor,
        .via = hub->via,
        .kind = event_types[decided->kind].name,
        .body = decided->body,
    };
    transaction->began = true;
    if (decided->incident)
        transaction->incident = decided->incident;
    if (!log_append(transaction->local->log, &event, transaction->err) ||
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
    return log_index_put(transaction->local->log, &row, transaction->err);
}

static bool load_named(struct transaction *transaction) {
    int64_t number = transaction->pending->command->incident;
    if (!number || state_incident(transaction->hub->state, number))
        return true;
    return local_load_incident(transaction->local, number, transaction->err);
}

/* A plan that the store has frozen must be known to decide, or it would be frozen twice. */
static bool load_asked_plan(struct transaction *transaction) {
    const struct facts *facts = transaction->pending->facts;
    char hex[DIGEST_HEX];
    if (!facts->plan_text)
        return true;
    struct digest digest = digest_sha256(facts->plan_text, facts->plan_length);
    digest_hex(&digest, hex);
    return local_load_plan(transaction->local, hex, transaction->err);
}

static int phase_of(const struct transaction *transaction) {
    const struct incident *incident =
        state_incident(transaction->hub->state, transaction->incident);
    return incident ? (int)incident_phase(incident) : -1;
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
    if (!load_named(transaction) || !load_asked_plan(transaction) ||
        !log_index_max(transaction->local->log, &question.next_incident, transaction->err))
        return false;
    if (question.next_incident < hub->state->last_incident)
        question.next_incident = hub->state->last_incident;
    question.next_incident++;
    transaction->incident = question.command->incident;
    transaction->before = phase_of(transaction);
    return decide(transaction->scratch, &question, outcome, transaction->err);
}

static bool perform(struct transaction *transaction, struct outcome *outcome) {
    if (!ask(transaction, outcome) || !append_all(transaction, outcome))
        return false;
    return !transaction->began || (append_consequences(transaction) && put_index(transaction));
}

/* --- how it ends ------------------------------------------------------------------------------ */

/* If the state holds events that the log did not keep, it is made anew from what it did: now if
 * that goes, else before anything else is done with it. */
static void refuse_all(struct transaction *transaction, enum hub_verdict verdict) {
    struct hub *hub = transaction->hub;
    struct err *ignored = err_new(NULL);
    log_rollback(transaction->local->log);
    hub_queue_refusal(hub, transaction->pending, verdict, transaction->err);
    if (transaction->began) {
        transaction->local->stale = true;
        hub_queue_health(hub, local_catch_up(transaction->local, ignored), ignored);
    }
    talloc_free(ignored);
}

/* Each change of an incident is told elsewhere with the head it stands at. */
static void tell_change(const struct transaction *transaction) {
    int phase = phase_of(transaction);
    if (phase == transaction->before)
        return;
    const char *what =
        xtalloc_asprintf(transaction->scratch, "INC-%lld %s", (long long)transaction->incident,
                         phase_name((enum phase)phase));
    hub_tell_head(transaction->hub, transaction->now_ms, what);
}

static void accept(struct transaction *transaction, const struct outcome *outcome) {
    struct hub *hub = transaction->hub;
    for (size_t i = 0; i < transaction->events_count; i++)
        hub_queue_event(hub, &transaction->events[i]);
    struct hub_item *item = hub_queue_answer(hub, transaction->pending, outcome->answer);
    item->incident = transaction->incident;
    if (!transaction->events_count)
        return;
    const struct event *last = &transaction->events[transaction->events_count - 1];
    hub->seen.seq = item->seq = last->seq;
    hub->seen.hash = last->hash;
    tell_change(transaction);
}

/* A command that changes nothing ends as it began: there is nothing to keep. */
static bool commit(struct transaction *transaction, bool *doubt) {
    if (transaction->began)
        return log_commit(transaction->local->log, doubt, transaction->err);
    log_rollback(transaction->local->log);
    return true;
}

static void transact(struct transaction *transaction) {
    struct outcome outcome = {0};
    bool doubt = false;
    if (!local_catch_up(transaction->local, transaction->err)) {
        refuse_all(transaction, HUB_REFUSED);
    } else if (answered_before(transaction)) {
        log_rollback(transaction->local->log);
    } else if (!perform(transaction, &outcome)) {
        refuse_all(transaction, HUB_REFUSED);
    } else if (!commit(transaction, &doubt)) {
        refuse_all(transaction, doubt ? HUB_IN_DOUBT : HUB_REFUSED);
    } else {
        accept(transaction, &outcome);
    }
}

bool local_transact(struct hub *hub, const struct pending *pending, int64_t now_ms) {
    void *scratch = talloc_new(NULL);
    struct err *err = err_new(scratch);
    struct transaction transaction = {.local = local_of(hub),
                                      .hub = hub,
                                      .pending = pending,
                                      .now_ms = now_ms,
                                      .scratch = scratch,
                                      .err = err};
    enum log_begin begun = log_begin(transaction.local->log, transaction.local->me, err);
    if (begun == LOG_FAILED)
        hub_queue_refusal(hub, pending, HUB_REFUSED, err);
    if (begun == LOG_BEGUN) {
        transaction.request = command_request(pending->command, hub->actor);
        transact(&transaction);
    }
    talloc_free(scratch);
    return begun != LOG_BUSY;
}
