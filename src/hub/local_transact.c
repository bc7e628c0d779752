/* One command, from lock to commit: decide → append → fold, again for what follows, then the index.
 */
#include "config.h"

#include "hub/local.h"

#include "base/xtalloc.h"
#include "incident/status.h"

#include <stdio.h>

/* One command inside the transaction that appends its events. */
struct transaction {
    struct local_hub *local;
    struct hub *hub; /* the part of it that every kind has */
    const struct pending *pending;
    const char *via;
    struct moment now;
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
        .at_ms = transaction->now.wall_ms,
        .actor = hub->actor,
        .via = transaction->via,
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
                            transaction->now.wall_ms, &outcome);
        if (!append_all(transaction, &outcome))
            return false;
    } while (outcome.count);
    return true;
}

/* Of each incident that was touched; they come one after the other. */
static bool put_index(struct transaction *transaction) {
    int64_t before = 0;
    for (size_t i = 0; i < transaction->events_count; i++) {
        int64_t number = transaction->events[i].incident;
        const struct incident *incident = state_incident(transaction->hub->state, number);
        if (!incident || number == before)
            continue;
        struct log_incident row = index_row(incident);
        if (!log_index_put(transaction->local->log, &row, transaction->err))
            return false;
        before = number;
    }
    return true;
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
        .now_ms = transaction->now.wall_ms,
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
    hub_tell_head(transaction->hub, transaction->now.wall_ms, what);
}

/* What was appended is on the log now: others are told, and it is not met again. */
static void tell(struct transaction *transaction) {
    for (size_t i = 0; i < transaction->events_count; i++)
        hub_queue_event(transaction->hub, &transaction->events[i]);
    if (!transaction->events_count)
        return;
    const struct event *last = &transaction->events[transaction->events_count - 1];
    transaction->hub->seen.seq = last->seq;
    transaction->hub->seen.hash = last->hash;
}

static void accept(struct transaction *transaction, const struct outcome *outcome) {
    tell(transaction);
    struct hub_item *item =
        hub_queue_answer(transaction->hub, transaction->pending, outcome->answer);
    item->incident = transaction->incident;
    if (!transaction->events_count)
        return;
    item->seq = transaction->hub->seen.seq;
    tell_change(transaction);
}

/* A command that changes nothing ends as it began: there is nothing to keep. */
static bool commit(struct transaction *transaction, bool *doubt) {
    if (transaction->began)
        return log_commit(transaction->local->log, doubt, transaction->err);
    log_rollback(transaction->local->log);
    return true;
}

/* --- the clock was set ------------------------------------------------------------------------ */

/* What the log says already of a step of the clock: whoever put it there did not settle it. */
struct recorded {
    const void *scratch;
    int64_t by_ms;
};

static bool see_recorded(void *data, const struct event *event) {
    struct recorded *recorded = data;
    struct err *ignored = err_new(NULL);
    const struct body_clock_stepped *body =
        event_decode(recorded->scratch, &event_types[EVENT_CLOCK_STEPPED], event, ignored);
    recorded->by_ms = body ? body->by_ms : 0;
    talloc_free(ignored);
    return true;
}

/* Its id follows from the moment since when the clock is wrong, so that it is recorded once. */
static struct command *clock_command(const struct transaction *transaction, struct moment since,
                                     int64_t by_ms) {
    struct command *command = command_new(transaction->scratch, "clock", transaction->now.wall_ms);
    snprintf(command->id, sizeof(command->id), "clock/%lld/%lld", (long long)since.wall_ms,
             (long long)since.boot_ms);
    command->via = "clock";
    command->duration_ms = by_ms;
    return command;
}

/* A transaction of its own in the place of the command's, which has to begin anew. */
static bool record_step(struct transaction *transaction, const struct command *command) {
    struct facts none = {0};
    const struct pending pending = {.command = command_copy(transaction->scratch, command),
                                    .facts = &none};
    struct transaction clock = *transaction;
    struct outcome outcome;
    bool doubt;
    clock.pending = &pending;
    clock.via = command->via;
    clock.request = command_request(command, transaction->hub->actor);
    bool ok = perform(&clock, &outcome) && commit(&clock, &doubt);
    transaction->began = clock.began && !ok;
    if (ok)
        tell(&clock);
    return ok;
}

enum clock_state { CLOCK_RIGHT, CLOCK_RECORDED, CLOCK_PAST, CLOCK_FAILED };

/* Each turn of the loop has its own moment, so after so many it isn't us who are late: what is kept
 * is nonsense. */
#define PAST_MOMENTS 20

/* What can't be settled, for the lock file can't be written, is met again. */
#define LOOKS 4

/* Once the log says by how much the clock was set, that is settled; where nothing is open there is
 * nobody to tell. */
static enum clock_state compare_clocks(struct transaction *transaction) {
    struct hub *hub = transaction->hub;
    struct log *log = transaction->local->log;
    const struct log_clock clock = {transaction->now, hub->boot};
    enum log_clock_look look;
    struct moment since;
    int64_t by_ms;
    for (int looks = 0;
         (look = log_clock_look(log, &clock, &since, &by_ms)) == LOG_CLOCK_SET && looks < LOOKS;
         looks++) {
        struct recorded recorded = {.scratch = transaction->scratch};
        struct command *command = clock_command(transaction, since, by_ms);
        size_t found;
        if (!log_find(log, command->id, see_recorded, &recorded, &found, transaction->err))
            return CLOCK_FAILED;
        if (!found && state_has_open(hub->state))
            return record_step(transaction, command) ? CLOCK_RECORDED : CLOCK_FAILED;
        log_clock_settle(log, found ? recorded.by_ms : by_ms, clock.at.boot_ms);
    }
    if (look == LOG_CLOCK_PAST && ++transaction->local->past_moments < PAST_MOMENTS)
        return CLOCK_PAST;
    if (look == LOG_CLOCK_PAST)
        log_clock_begin(log, &clock);
    transaction->local->past_moments = 0;
    struct moment at = look == LOG_CLOCK_SAME ? since : clock.at;
    hub->ahead_ms = at.wall_ms - at.boot_ms;
    hub->compared = true;
    return CLOCK_RIGHT;
}

/* --- the whole -------------------------------------------------------------------------------- */

static void settle(struct transaction *transaction) {
    struct outcome outcome = {0};
    bool doubt = false;
    if (answered_before(transaction)) {
        log_rollback(transaction->local->log);
    } else if (!perform(transaction, &outcome)) {
        refuse_all(transaction, HUB_REFUSED);
    } else if (!commit(transaction, &doubt)) {
        refuse_all(transaction, doubt ? HUB_IN_DOUBT : HUB_REFUSED);
    } else {
        accept(transaction, &outcome);
    }
}

/* What a transaction comes to: an answer; or it was needed for the clock, and another one begins;
 * or the command waits for its turn, and for a moment that isn't past. */
enum progress { ANSWERED, ANEW, WAITING };

static enum progress transact(struct transaction *transaction) {
    static const enum progress progress[] = {[CLOCK_RIGHT] = ANSWERED,
                                             [CLOCK_RECORDED] = ANEW,
                                             [CLOCK_PAST] = WAITING,
                                             [CLOCK_FAILED] = ANSWERED};
    enum clock_state clock = CLOCK_FAILED;
    if (local_catch_up(transaction->local, transaction->err))
        clock = compare_clocks(transaction);
    if (clock == CLOCK_RIGHT)
        settle(transaction);
    else if (clock == CLOCK_FAILED)
        refuse_all(transaction, HUB_REFUSED);
    else if (clock == CLOCK_PAST)
        log_rollback(transaction->local->log);
    return progress[clock];
}

static enum progress begin(struct transaction *transaction) {
    enum log_begin begun =
        log_begin(transaction->local->log, transaction->local->me, transaction->err);
    if (begun == LOG_BUSY)
        return WAITING;
    if (begun == LOG_BEGUN)
        return transact(transaction);
    hub_queue_refusal(transaction->hub, transaction->pending, HUB_REFUSED, transaction->err);
    return ANSWERED;
}

bool local_transact(struct hub *hub, const struct pending *pending, struct moment now) {
    void *scratch = talloc_new(NULL);
    struct transaction transaction = {.local = local_of(hub),
                                      .hub = hub,
                                      .pending = pending,
                                      .via =
                                          pending->command->via ? pending->command->via : hub->via,
                                      .now = now,
                                      .request = command_request(pending->command, hub->actor),
                                      .scratch = scratch,
                                      .err = err_new(scratch)};
    enum progress progress;
    do
        progress = begin(&transaction);
    while (progress == ANEW);
    talloc_free(scratch);
    return progress == ANSWERED;
}
