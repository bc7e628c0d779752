#include "config.h"

#include "incident/decide_kinds.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/invocation.h"
#include "incident/status.h"

#include <string.h>

/* Below this, output and log could be cut short in the middle of a step. */
#define FREE_BYTES_TO_START (INT64_C(64) << 20)

bool step_is_by_hand(const struct incident *incident, const struct step *step) {
    if (step->spec->kind == STEP_MANUAL)
        return true;
    return incident->drill && strcmp(step->spec->drill, "run") != 0;
}

/* ---- why a step can't be started now, one sentence per state
 * ------------------------------------------- */

static bool refuse_waiting(struct decider *decider) {
    const char *waits = step_waits_for(decider->scratch, decider->incident, decider->step);
    bool undecided = !incident_decision(decider->incident);
    return refuse(decider, ERR_REFUSED,
                  undecided ? "no decision has been made" : words(decider, "it %s", waits),
                  undecided ? "`decide` first" : "finish or skip what it waits for");
}

static bool refuse_running(struct decider *decider) {
    const struct attempt *attempt = step_attempt(decider->step);
    const char *at = time_clock(decider->scratch, attempt->started_ms);
    return refuse(decider, ERR_CONFLICT, words(decider, "%s started it at %s", attempt->by, at),
                  "follow its output");
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
    return refuse(decider, ERR_CONFLICT, words(decider, "%s skipped it", decider->step->ended_by),
                  "`reopen` it with a reason");
}

static bool refuse_not_chosen(struct decider *decider) {
    if (decider->step->spec->handler)
        return refuse(decider, ERR_REFUSED, "it runs only when the step it handles has failed",
                      NULL);
    return refuse(decider, ERR_REFUSED,
                  words(decider, "the decision (%s) leaves it out",
                        incident_decision(decider->incident)->option),
                  "`decide` an option that has it");
}

static decide_fn *const refusals[STEP_STATE_COUNT] = {
    [STEP_WAITING] = refuse_waiting,   [STEP_RUNNING] = refuse_running,
    [STEP_VERIFYING] = refuse_running, [STEP_UNKNOWN] = refuse_unknown,
    [STEP_FAILED] = refuse_failed,     [STEP_DONE] = refuse_done,
    [STEP_SKIPPED] = refuse_skipped,   [STEP_NOT_CHOSEN] = refuse_not_chosen,
};

/* ---- start
 * --------------------------------------------------------------------------------------------- */

static const bool performed[] = {
    [STEP_RUN] = true,
    [STEP_MANUAL] = true,
    [STEP_WAIT] = true,
    [STEP_NOTICE] = false,
};

static bool kind_is_performed(struct decider *decider) {
    const struct plan_step *spec = decider->step->spec;
    enum step_kind kind = spec->kind;
    bool by_hand = step_is_by_hand(decider->incident, decider->step);
    if (spec->verify.kind == VERIFY_HTTP)
        return refuse(decider, ERR_REFUSED,
                      "a verify of kind `http` can't be performed by this version",
                      "do it by hand, then `skip` it and say so");
    if (by_hand || performed[kind])
        return true;
    return refuse(decider, ERR_REFUSED,
                  words(decider, "steps of kind `%s` can't be performed by this version",
                        step_kind_name(kind)),
                  "do it by hand, then `skip` it and say so");
}

static const struct step *lock_holder(const struct decider *decider) {
    const struct incident *incident = decider->incident;
    const char *lock = decider->step->spec->lock;
    for (size_t i = 0; lock && i < incident->steps_count; i++) {
        const struct step *other = &incident->steps[i];
        if (other != decider->step && other->spec->lock && strcmp(other->spec->lock, lock) == 0 &&
            step_state_is_open(step_state(incident, other)))
            return other;
    }
    return NULL;
}

static bool may_start_now(struct decider *decider) {
    const struct incident *incident = decider->incident;
    const struct step *holder = lock_holder(decider);
    if (incident->paused.by && incident->paused_for != NULL &&
        strcmp(incident->paused_for, decider->step->spec->id) == 0)
        return true;
    if (incident->paused.by)
        return refuse(decider, ERR_REFUSED,
                      incident->paused.reason ? words(decider, "%s paused it: %s",
                                                      incident->paused.by, incident->paused.reason)
                                              : words(decider, "%s paused it", incident->paused.by),
                      "`resume` first");
    if (holder)
        return refuse(decider, ERR_REFUSED,
                      words(decider, "%lld %s holds the lock %s", (long long)holder->number,
                            holder->spec->id, holder->spec->lock),
                      "wait for it");
    return true;
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

static const char *next_run_id(struct decider *decider) {
    return words(decider, "%lld.%s.%zu", (long long)decider->incident->number,
                 decider->step->spec->id, decider->step->runs_count + 1);
}

static const char *run_digest(struct decider *decider, enum run_purpose purpose) {
    struct invocation *invocation;
    if (!invocation_make(decider->scratch, decider->incident, decider->step, purpose, &invocation,
                         decider->err))
        return NULL;
    return invocation->digest;
}

/* A pause that a failure caused ends when that failure is dealt with. */
static void lift_pause(struct decider *decider, const char *how) {
    const struct incident *incident = decider->incident;
    if (incident->paused_for && strcmp(incident->paused_for, decider->step->spec->id) == 0)
        say(decider, EVENT_RESUMED,
            &(struct body_reason){.reason =
                                      words(decider, "%lld %s %s", (long long)decider->step->number,
                                            decider->step->spec->id, how)});
}

static bool say_started(struct decider *decider) {
    const struct facts *facts = decider->facts;
    struct body_step_started body = {.step = decider->step->spec->id,
                                     .attempt = (int64_t)decider->step->attempts_count + 1,
                                     .reason = decider->command->reason};
    if (!step_is_by_hand(decider->incident, decider->step)) {
        if (!runner_is_fit(decider) || !(body.digest = run_digest(decider, RUN_WORK)))
            return false;
        body.run = next_run_id(decider);
        body.host = facts->host;
        body.boot = facts->boot;
        body.pid = facts->pid;
    }
    lift_pause(decider, "is tried again");
    say(decider, EVENT_STEP_STARTED, &body);
    return answer(decider, "started %lld %s", (long long)decider->step->number,
                  decider->step->spec->id);
}

static bool start_from(struct decider *decider, enum step_state from) {
    enum step_state state = step_state(decider->incident, decider->step);
    if (state != from)
        return refusals[state]
                   ? refusals[state](decider)
                   : refuse(decider, ERR_REFUSED,
                            words(decider, "it is %s: only a %s step can be tried again",
                                  step_state_name(state), step_state_name(from)),
                            "`start` it");
    return kind_is_performed(decider) && may_start_now(decider) && say_started(decider);
}

bool decide_start(struct decider *decider) {
    return start_from(decider, STEP_READY);
}

bool decide_retry(struct decider *decider) {
    return start_from(decider, STEP_FAILED);
}

/* ---- how a manual step ends
 * ------------------------------------------------------------------------------ */

static bool by_hand_and_running(struct decider *decider) {
    enum step_state state = step_state(decider->incident, decider->step);
    if (state == STEP_READY)
        return refuse(decider, ERR_REFUSED, "it has not been started", "`start` it first");
    if (state != STEP_RUNNING)
        return state == STEP_VERIFYING ? refuse(decider, ERR_CONFLICT, "it is being verified", NULL)
                                       : refusals[state](decider);
    if (!step_is_by_hand(decider->incident, decider->step))
        return refuse(decider, ERR_REFUSED, "its command reports its end by itself",
                      "follow its output, or `abort` it");
    return true;
}

static bool say_moved(struct decider *decider, enum event_kind kind) {
    const struct attempt *attempt = step_attempt(decider->step);
    return say(decider, kind,
               &(struct body_step_moved){.step = decider->step->spec->id,
                                         .attempt = attempt ? attempt->number : 0,
                                         .evidence = decider->command->evidence,
                                         .reason = decider->command->reason});
}

static bool say_check(struct decider *decider) {
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

/* In a drill nothing was really done, so there is nothing to verify. */
static enum verify_kind verify_of(const struct decider *decider) {
    const struct step *step = decider->step;
    if (step->spec->kind != STEP_MANUAL && step_is_by_hand(decider->incident, step))
        return VERIFY_NONE;
    return step->spec->verify.kind;
}

bool decide_done(struct decider *decider) {
    const struct plan_step *spec = decider->step->spec;
    if (!by_hand_and_running(decider))
        return false;
    if (spec->evidence_required && !decider->command->evidence)
        return refuse(decider, ERR_USAGE, "it needs evidence",
                      spec->evidence_prompt ? spec->evidence_prompt
                                            : "say what shows it: --evidence TEXT");
    enum verify_kind verify = verify_of(decider);
    if (verify != VERIFY_RUN && verify != VERIFY_EXPR) {
        say_moved(decider, EVENT_STEP_DONE);
        return answer(decider, "done");
    }
    say_moved(decider, EVENT_STEP_VERIFYING);
    return (verify == VERIFY_EXPR || say_check(decider)) && answer(decider, "verifying");
}

/* A failure that pauses does so in the same breath, so nobody can start a step in between. */
void say_failed(struct decider *decider, const char *reason) {
    const struct plan_step *spec = decider->step->spec;
    const struct attempt *attempt = step_attempt(decider->step);
    say(decider, EVENT_STEP_FAILED,
        &(struct body_step_moved){
            .step = spec->id, .attempt = attempt ? attempt->number : 0, .reason = reason});
    if (spec->on_failure == FAILURE_CONTINUE || decider->incident->paused.by)
        return;
    const char *handler = spec->on_failure == FAILURE_RUN ? spec->failure_step : NULL;
    const char *why = words(decider, "%lld %s failed%s%s", (long long)decider->step->number,
                            spec->id, handler ? "; its handler is " : "", handler ? handler : "");
    say(decider, EVENT_PAUSED, &(struct body_paused){.reason = why, .failed = spec->id});
}

bool decide_fail(struct decider *decider) {
    if (!by_hand_and_running(decider))
        return false;
    say_failed(decider, decider->command->reason);
    return answer(decider, "failed");
}

/* ---- leaving out, opening again
 * ------------------------------------------------------------------------- */

bool decide_skip(struct decider *decider) {
    enum step_state state = step_state(decider->incident, decider->step);
    if (state != STEP_READY && state != STEP_FAILED && state != STEP_WAITING)
        return refusals[state](decider);
    if (!incident_decision(decider->incident))
        return refuse_waiting(decider);
    lift_pause(decider, "is skipped");
    say_moved(decider, EVENT_STEP_SKIPPED);
    return answer(decider, "skipped %s", object_words(decider));
}

static const struct step *open_dependent(const struct decider *decider) {
    const struct incident *incident = decider->incident;
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct step *other = &incident->steps[i];
        for (size_t n = 0; n < other->spec->needs_count; n++)
            if (&incident->steps[other->spec->needs[n]] == decider->step &&
                step_state_is_open(step_state(incident, other)))
                return other;
    }
    return NULL;
}

bool decide_reopen(struct decider *decider) {
    enum step_state state = step_state(decider->incident, decider->step);
    const struct step *dependent = open_dependent(decider);
    if (state != STEP_DONE && state != STEP_SKIPPED)
        return refuse(
            decider, ERR_REFUSED,
            words(decider, "it is %s: only an ended step can be reopened", step_state_name(state)),
            NULL);
    if (decider->incident->resolved.by)
        return refuse(decider, ERR_REFUSED, "the incident is resolved", "declare a new incident");
    if (dependent)
        return refuse(decider, ERR_REFUSED,
                      words(decider, "%lld %s builds on it and is %s", (long long)dependent->number,
                            dependent->spec->id,
                            step_state_name(step_state(decider->incident, dependent))),
                      "end that step first");
    say_moved(decider, EVENT_STEP_REOPENED);
    return answer(decider, "reopened");
}

/* ---- runs: abort, check, settle
 * ---------------------------------------------------------------------------- */

bool decide_abort(struct decider *decider) {
    const struct run *run = step_run(decider->step);
    if (!run)
        return refuse(decider, ERR_REFUSED, "no command of it is running", NULL);
    if (run->abort_by)
        return answer(decider, "%s asked for it already", run->abort_by);
    say(decider, EVENT_STEP_ABORT_ASKED,
        &(struct body_abort_asked){
            .step = decider->step->spec->id, .run = run->id, .reason = decider->command->reason});
    return answer(decider, "asked to abort %s", object_words(decider));
}

static bool refuse_uncheckable(struct decider *decider) {
    bool none = decider->step->spec->verify.kind == VERIFY_NONE;
    return refuse(decider, ERR_REFUSED,
                  none ? "it has no verify" : "its verify can't be run on its own",
                  "look for yourself, then `settle` it with what you saw");
}

bool decide_check(struct decider *decider) {
    enum step_state state = step_state(decider->incident, decider->step);
    if (state != STEP_UNKNOWN)
        return refuse(
            decider, ERR_REFUSED,
            words(decider, "it is %s: only an unknown step is checked", step_state_name(state)),
            NULL);
    if (step_run(decider->step))
        return refuse(decider, ERR_CONFLICT, "it is being checked already", NULL);
    if (decider->step->spec->verify.kind != VERIFY_RUN)
        return refuse_uncheckable(decider);
    return say_check(decider) && answer(decider, "checking %s", object_words(decider));
}

bool decide_settle(struct decider *decider) {
    enum step_state state = step_state(decider->incident, decider->step);
    const struct attempt *attempt = step_attempt(decider->step);
    if (state != STEP_UNKNOWN)
        return refuse(
            decider, ERR_REFUSED,
            words(decider, "it is %s: only an unknown step is settled", step_state_name(state)),
            NULL);
    if (step_run(decider->step))
        return refuse(decider, ERR_CONFLICT, "it is being checked",
                      "wait for the check, or abort it");
    if (decider->step->spec->destructive && attempt && strcmp(attempt->by, decider->actor) == 0)
        return refuse(decider, ERR_REFUSED, "it is destructive and you started it",
                      "a second person has to settle it");
    say(decider, EVENT_STEP_SETTLED,
        &(struct body_step_settled){.step = decider->step->spec->id,
                                    .as = decider->command->outcome,
                                    .evidence = decider->command->evidence,
                                    .attempt = attempt ? attempt->number : 0});
    return answer(decider, "settled as %s", decider->command->outcome);
}

/* ---- which program run a command would begin
 * ---------------------------------------------------------------- */

static bool starts_work(const struct incident *incident, const struct step *step) {
    return !step_is_by_hand(incident, step) && performed[step->spec->kind];
}

static bool starts_verify(const struct incident *incident, const struct step *step) {
    return step->spec->kind == STEP_MANUAL && step_is_by_hand(incident, step) &&
           step->spec->verify.kind == VERIFY_RUN;
}

static bool starts_check(const struct incident *incident, const struct step *step) {
    (void)incident;
    return step->spec->verify.kind == VERIFY_RUN;
}

static bool (*const starters[])(const struct incident *, const struct step *) = {
    [RUNS_STEP] = starts_work, [RUNS_VERIFY] = starts_verify, [RUNS_CHECK] = starts_check};

bool command_starts_run(const struct state *state, const struct command *command) {
    const struct incident *incident = state_incident(state, command->incident);
    const struct step *step = incident ? incident_step(incident, command->step) : NULL;
    return step && command->type->runs != RUNS_NOTHING &&
           starters[command->type->runs](incident, step);
}
