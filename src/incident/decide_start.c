/* Whether a step may be started, and what then runs. */
#include "config.h"

#include "incident/decide_kinds.h"

#include "base/limits.h"
#include "base/time.h"
#include "incident/invocation.h"
#include "incident/status.h"

#include <string.h>

/* Below this, output and log could be cut short in the middle of a step. */
static bool is_tabletop(const struct incident *incident, const struct step *step) {
    return incident->drill && strcmp(step->spec->drill, "run") != 0;
}

bool step_is_by_hand(const struct incident *incident, const struct step *step) {
    return step->spec->kind == STEP_MANUAL || is_tabletop(incident, step);
}

/* On paper nothing was done, so there is nothing to verify, and no live command is run for it. */
enum verify_kind step_verify(const struct incident *incident, const struct step *step) {
    return is_tabletop(incident, step) ? VERIFY_NONE : step->spec->verify.kind;
}

/* --- why a step can't be started now, one sentence per state ---------------------------------- */

bool refuse_undecided(struct decider *decider) {
    return refuse(decider, ERR_REFUSED, "no decision has been made", "`decide` first");
}

static bool refuse_waiting(struct decider *decider) {
    const char *waits = step_waits_for(decider->scratch, decider->incident, decider->step);
    if (!incident_decision(decider->incident))
        return refuse_undecided(decider);
    return refuse(decider, ERR_REFUSED, words(decider, "it %s", waits),
                  "finish or skip what it waits for");
}

static bool refuse_ready(struct decider *decider) {
    return refuse(decider, ERR_REFUSED, "it has not been started", "`start` it first");
}

static bool refuse_running(struct decider *decider) {
    const struct attempt *attempt = step_attempt(decider->step);
    const char *at = time_clock(decider->scratch, attempt->started_ms);
    return refuse(decider, ERR_CONFLICT, words(decider, "%s started it at %s", attempt->by, at),
                  "follow its output");
}

static bool refuse_verifying(struct decider *decider) {
    return refuse(decider, ERR_CONFLICT, "it is being verified", "wait for what verify finds");
}

static bool refuse_unknown(struct decider *decider) {
    return refuse(decider, ERR_REFUSED, "nobody knows what its last attempt did",
                  "`check` it, or `settle` it as happened, absent or partial");
}

static bool refuse_failed(struct decider *decider) {
    return refuse(decider, ERR_REFUSED, "it failed", "`retry` or `skip` it, with a reason");
}

static bool refuse_done(struct decider *decider) {
    return refuse(decider, ERR_CONFLICT,
                  words(decider, "%s ended it: done", decider->step->ended_by),
                  "`reopen` it with a reason to do it again");
}

static bool refuse_skipped(struct decider *decider) {
    const char *who = decider->step->by_rule ? "the plan" : decider->step->ended_by;
    return refuse(decider, ERR_CONFLICT, words(decider, "%s skipped it", who),
                  "`reopen` it with a reason");
}

static bool refuse_not_chosen(struct decider *decider) {
    if (decider->step->spec->handler)
        return refuse(decider, ERR_REFUSED, "it runs only when the step it handles has failed",
                      "leave it, or add a note");
    return refuse(decider, ERR_REFUSED,
                  words(decider, "the decision (%s) leaves it out",
                        incident_decision(decider->incident)->option),
                  "`decide` an option that has it");
}

static decide_fn *const refusals[STEP_STATE_COUNT] = {
    [STEP_WAITING] = refuse_waiting,     [STEP_GATED] = refuse_waiting,
    [STEP_READY] = refuse_ready,         [STEP_RUNNING] = refuse_running,
    [STEP_VERIFYING] = refuse_verifying, [STEP_UNKNOWN] = refuse_unknown,
    [STEP_FAILED] = refuse_failed,       [STEP_DONE] = refuse_done,
    [STEP_SKIPPED] = refuse_skipped,     [STEP_NOT_CHOSEN] = refuse_not_chosen,
};

bool refuse_state(struct decider *decider) {
    return refusals[step_state(decider->incident, decider->step)](decider);
}

/* --- what can be performed -------------------------------------------------------------------- */

/* Kinds that a runner performs; manual ones are done by people. */
static const bool runs[] = {
    [STEP_RUN] = true,    [STEP_HTTP] = false,   [STEP_MANUAL] = false, [STEP_APPROVAL] = false,
    [STEP_CHECK] = false, [STEP_NOTICE] = false, [STEP_WAIT] = true,
};

static bool refuse_kind(struct decider *decider, const char *what, const char *kind) {
    return refuse(decider, ERR_REFUSED,
                  words(decider, "%s of kind `%s` can't be performed by this version", what, kind),
                  "do it by hand, then `skip` it and say so");
}

/* A gate that nobody can vote on stays shut: to start without the votes would be to lie about them.
 */
static bool refuse_gate(struct decider *decider) {
    return refuse(decider, ERR_REFUSED,
                  words(decider, "its gate `%s` asks for votes, which this version can't take",
                        decider->step->spec->needs_approval),
                  "get them by other means, do it by hand, then `skip` it and say so");
}

static bool can_be_performed(struct decider *decider) {
    const struct step *step = decider->step;
    enum step_kind kind = step->spec->kind;
    if (step->spec->needs_approval && !is_tabletop(decider->incident, step))
        return refuse_gate(decider);
    if (step_verify(decider->incident, step) == VERIFY_HTTP)
        return refuse_kind(decider, "a verify", "http");
    return step_is_by_hand(decider->incident, step) || runs[kind] ||
           refuse_kind(decider, "a step", step_kind_name(kind));
}

/* --- what stands in the way ------------------------------------------------------------------- */

static bool shares_lock(const struct step *a, const struct step *b) {
    return a != b && a->spec->lock && b->spec->lock && strcmp(a->spec->lock, b->spec->lock) == 0;
}

/* Steps that share a lock never run together; an unknown one may still be running. */
static bool lock_is_free(struct decider *decider) {
    const struct incident *incident = decider->incident;
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct step *other = &incident->steps[i];
        if (shares_lock(other, decider->step) && step_state_is_open(step_state(incident, other)))
            return refuse(decider, ERR_REFUSED,
                          words(decider, "%s holds the lock %s, and is %s", other->label,
                                other->spec->lock, step_state_name(step_state(incident, other))),
                          "end that step first");
    }
    return true;
}

/* Of a failure's pause it matters which step failed, not who reported it. */
static const char *pause_words(struct decider *decider) {
    const struct mark *paused = &decider->incident->paused;
    const char *pause =
        decider->incident->paused_for ? "it is paused" : words(decider, "%s paused it", paused->by);
    return paused->reason ? words(decider, "%s: %s", pause, paused->reason) : pause;
}

static bool is_not_paused(struct decider *decider) {
    const char *failed = decider->incident->paused_for;
    return !step_is_paused(decider->incident, decider->step) ||
           refuse(decider, ERR_REFUSED, pause_words(decider),
                  failed ? "`retry` or `skip` that step, or `resume`" : "`resume` first");
}

static bool runner_is_fit(struct decider *decider) {
    const struct facts *facts = decider->facts;
    if (facts->free_bytes >= 0 && facts->free_bytes < FREE_BYTES_TO_START)
        return refuse(decider, ERR_UNAVAILABLE,
                      words(decider, "only %lld MiB are free where its output is kept",
                            (long long)(facts->free_bytes >> 20)),
                      "free at least 64 MiB there");
    if (facts->pid <= 0 || !facts->host || !facts->boot)
        return refuse(decider, ERR_UNAVAILABLE, "no runner is held for it", "try again");
    return true;
}

/* --- the start -------------------------------------------------------------------------------- */

static const char *next_run_id(struct decider *decider) {
    const char *epoch = decider->state->epoch;
    return words(decider, "%lld.%s.%zu%s%s", (long long)decider->incident->number,
                 decider->step->spec->id, decider->step->runs_count + 1, *epoch ? "-" : "", epoch);
}

static const char *run_digest(struct decider *decider, enum run_purpose purpose) {
    struct invocation *invocation;
    if (!invocation_make(decider->scratch, decider->incident, decider->step, purpose, &invocation,
                         decider->err))
        return NULL;
    return invocation->digest;
}

bool say_check_started(struct decider *decider) {
    const struct facts *facts = decider->facts;
    const struct attempt *attempt = step_attempt(decider->step);
    const char *digest = runner_is_fit(decider) ? run_digest(decider, RUN_CHECK) : NULL;
    if (!digest)
        return false;
    return say(decider, EVENT_CHECK_STARTED,
               &(struct body_check_started){.step = decider->step->spec->id,
                                            .attempt = attempt ? attempt->number : 0,
                                            .run = next_run_id(decider),
                                            .host = facts->host,
                                            .boot = facts->boot,
                                            .pid = facts->pid,
                                            .digest = digest});
}

static bool name_runner(struct decider *decider, struct body_step_started *body) {
    const struct facts *facts = decider->facts;
    if (!runner_is_fit(decider) || !(body->digest = run_digest(decider, RUN_WORK)))
        return false;
    body->run = next_run_id(decider);
    body->host = facts->host;
    body->boot = facts->boot;
    body->pid = facts->pid;
    return true;
}

static bool say_started(struct decider *decider) {
    const struct step *step = decider->step;
    struct body_step_started body = {.step = step->spec->id,
                                     .attempt = (int64_t)step->attempts_count + 1,
                                     .reason = decider->command->reason};
    if (!step_is_by_hand(decider->incident, step) && !name_runner(decider, &body))
        return false;
    lift_pause(decider, "is tried again");
    say(decider, EVENT_STEP_STARTED, &body);
    return answer(decider, "started %s", step->label);
}

static bool start(struct decider *decider) {
    return can_be_performed(decider) && is_not_paused(decider) && lock_is_free(decider) &&
           say_started(decider);
}

bool decide_start(struct decider *decider) {
    bool ready = step_state(decider->incident, decider->step) == STEP_READY;
    return ready ? start(decider) : refuse_state(decider);
}

bool decide_retry(struct decider *decider) {
    bool failed = step_state(decider->incident, decider->step) == STEP_FAILED;
    return failed ? start(decider) : refuse_state(decider);
}

/* --- which program run a command would begin -------------------------------------------------- */

static bool starts_work(const struct incident *incident, const struct step *step) {
    return !step_is_by_hand(incident, step) && runs[step->spec->kind];
}

static bool starts_verify(const struct incident *incident, const struct step *step) {
    return step_is_by_hand(incident, step) && step_verify(incident, step) == VERIFY_RUN;
}

static bool starts_check(const struct incident *incident, const struct step *step) {
    return step_verify(incident, step) == VERIFY_RUN;
}

static bool (*const starters[])(const struct incident *, const struct step *) = {
    [RUNS_STEP] = starts_work, [RUNS_VERIFY] = starts_verify, [RUNS_CHECK] = starts_check};

bool command_starts_run(const struct state *state, const struct command *command) {
    const struct incident *incident = state_incident(state, command->incident);
    const struct step *step = incident ? incident_step(incident, command->step) : NULL;
    return step && command->type->runs != RUNS_NOTHING &&
           starters[command->type->runs](incident, step);
}
