/* What people say about a step that is under way or has ended. */
#include "config.h"

#include "incident/decide_kinds.h"

#include "incident/status.h"

#include <string.h>

static bool say_moved(struct decider *decider, enum event_kind kind) {
    const struct attempt *attempt = step_attempt(decider->step);
    return say(decider, kind,
               &(struct body_step_moved){.step = decider->step->spec->id,
                                         .attempt = attempt ? attempt->number : 0,
                                         .evidence = decider->command->evidence,
                                         .reason = decider->command->reason});
}

/* --- failures and the pause they cause -------------------------------------------------------- */

static bool pauses(const struct step *step) {
    return step->record == STEP_FAILED && step->spec->on_failure != FAILURE_CONTINUE &&
           !step->spec->handler;
}

/* Another failure that pauses as well; NULL when this was the only one. */
static const struct step *other_failure(const struct decider *decider) {
    const struct incident *incident = decider->incident;
    for (size_t i = 0; i < incident->steps_count; i++)
        if (&incident->steps[i] != decider->step && pauses(&incident->steps[i]))
            return &incident->steps[i];
    return NULL;
}

static bool say_paused_for(struct decider *decider, const struct step *step) {
    const struct plan_step *spec = step->spec;
    const char *handler = spec->on_failure == FAILURE_RUN ? spec->failure_step : NULL;
    const char *why = words(decider, "%s failed%s%s", step->label,
                            handler ? "; its handler is " : "", handler ? handler : "");
    return say(decider, EVENT_PAUSED, &(struct body_paused){.reason = why, .failed = spec->id});
}

/* In the same breath, so that nobody can start a step in between. */
static void pause_for_failure(struct decider *decider) {
    const struct step *step = decider->step;
    if (step->spec->on_failure != FAILURE_CONTINUE && !decider->incident->paused.by)
        say_paused_for(decider, step);
}

void say_failed(struct decider *decider, const char *reason) {
    const struct step *step = decider->step;
    const struct attempt *attempt = step_attempt(step);
    say(decider, EVENT_STEP_FAILED,
        &(struct body_step_moved){
            .step = step->spec->id, .attempt = attempt ? attempt->number : 0, .reason = reason});
    pause_for_failure(decider);
}

/* A pause that a failure caused ends when that failure is dealt with, unless another one is open:
 * then it stands for that. */
void lift_pause(struct decider *decider, const char *how) {
    const char *failed = decider->incident->paused_for;
    const struct step *other = other_failure(decider);
    if (!failed || strcmp(failed, decider->step->spec->id) != 0)
        return;
    if (other)
        say_paused_for(decider, other);
    else
        say(decider, EVENT_RESUMED,
            &(struct body_reason){.reason = words(decider, "%s %s", decider->step->label, how)});
}

/* --- how a manual step ends ------------------------------------------------------------------- */

static bool by_hand_and_running(struct decider *decider) {
    if (step_state(decider->incident, decider->step) != STEP_RUNNING)
        return refuse_state(decider);
    return step_is_by_hand(decider->incident, decider->step) ||
           refuse(decider, ERR_REFUSED, "its command reports its end by itself",
                  "follow its output, or `abort` it");
}

static bool has_evidence(struct decider *decider) {
    const struct plan_step *spec = decider->step->spec;
    if (!spec->evidence_required || decider->command->evidence)
        return true;
    return refuse(decider, ERR_USAGE, "it needs evidence",
                  spec->evidence_prompt
                      ? words(decider, "--evidence TEXT: %s", spec->evidence_prompt)
                      : "say what shows it: --evidence TEXT");
}

bool decide_done(struct decider *decider) {
    if (!by_hand_and_running(decider) || !has_evidence(decider))
        return false;
    enum verify_kind verify = step_verify(decider->incident, decider->step);
    if (verify != VERIFY_RUN && verify != VERIFY_EXPR)
        return say_moved(decider, EVENT_STEP_DONE) && answer(decider, "done");
    say_moved(decider, EVENT_STEP_VERIFYING);
    return (verify == VERIFY_EXPR || say_check_started(decider)) && answer(decider, "verifying");
}

bool decide_fail(struct decider *decider) {
    if (!by_hand_and_running(decider))
        return false;
    say_failed(decider, decider->command->reason);
    return answer(decider, "failed");
}

/* --- leaving out, opening again --------------------------------------------------------------- */

bool decide_skip(struct decider *decider) {
    static const bool may_be_left[STEP_STATE_COUNT] = {
        [STEP_WAITING] = true, [STEP_READY] = true, [STEP_FAILED] = true};
    if (!may_be_left[step_state(decider->incident, decider->step)])
        return refuse_state(decider);
    if (!incident_decision(decider->incident))
        return refuse_undecided(decider);
    lift_pause(decider, "is skipped");
    say_moved(decider, EVENT_STEP_SKIPPED);
    return answer(decider, "skipped %s", decider->step->label);
}

static bool needs_step(const struct decider *decider, const struct step *other) {
    for (size_t i = 0; i < other->spec->needs_count; i++)
        if (&decider->incident->steps[other->spec->needs[i]] == decider->step)
            return true;
    return false;
}

static const struct step *open_dependent(const struct decider *decider) {
    const struct incident *incident = decider->incident;
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct step *other = &incident->steps[i];
        if (needs_step(decider, other) && step_state_is_open(step_state(incident, other)))
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
                      words(decider, "%s builds on it and is %s", dependent->label,
                            step_state_name(step_state(decider->incident, dependent))),
                      "end that step first");
    say_moved(decider, EVENT_STEP_REOPENED);
    return answer(decider, "reopened");
}

/* --- runs: abort, check, settle --------------------------------------------------------------- */

bool decide_abort(struct decider *decider) {
    const struct run *run = step_run(decider->step);
    if (!run)
        return refuse(decider, ERR_REFUSED, "no command of it is running",
                      step_state(decider->incident, decider->step) == STEP_RUNNING
                          ? "`done` or `fail` it: a person is doing it"
                          : NULL);
    if (run->abort_by)
        return answer(decider, "%s asked for it already", run->abort_by);
    say(decider, EVENT_STEP_ABORT_ASKED,
        &(struct body_abort_asked){
            .step = decider->step->spec->id, .run = run->id, .reason = decider->command->reason});
    return answer(decider, "asked to abort %s", decider->step->label);
}

/* What only an unknown step needs, and only while nobody is looking at it already. */
static bool is_unknown_and_idle(struct decider *decider, const char *what_for) {
    enum step_state state = step_state(decider->incident, decider->step);
    if (state != STEP_UNKNOWN)
        return refuse(decider, ERR_REFUSED,
                      words(decider, "it is %s: only an unknown step is %s", step_state_name(state),
                            what_for),
                      NULL);
    return !step_run(decider->step) || refuse(decider, ERR_CONFLICT, "it is being checked",
                                              "wait for the check, or `abort` it");
}

static bool refuse_uncheckable(struct decider *decider, enum verify_kind verify) {
    return refuse(decider, ERR_REFUSED,
                  verify == VERIFY_NONE ? "it has no verify" : "its verify can't be run on its own",
                  "look for yourself, then `settle` it with what you saw");
}

bool decide_check(struct decider *decider) {
    enum verify_kind verify = step_verify(decider->incident, decider->step);
    if (!is_unknown_and_idle(decider, "checked"))
        return false;
    if (verify != VERIFY_RUN)
        return refuse_uncheckable(decider, verify);
    return say_check_started(decider) && answer(decider, "checking %s", decider->step->label);
}

/* Who started something destructive doesn't say alone what became of it. */
static bool is_second_person(struct decider *decider) {
    const struct attempt *attempt = step_attempt(decider->step);
    if (!decider->step->spec->destructive || !attempt || strcmp(attempt->by, decider->actor) != 0)
        return true;
    return refuse(decider, ERR_REFUSED, "it is destructive and you started it",
                  "a second person has to settle it");
}

static bool is_outcome(struct decider *decider, const char *word) {
    const char *const *outcomes = arg_candidates(decider->scratch, ARG_OUTCOME, NULL, NULL);
    for (; *outcomes; outcomes++)
        if (strcmp(*outcomes, word) == 0)
            return true;
    return refuse(decider, ERR_USAGE, words(decider, "it can't be settled as \"%s\"", word),
                  "happened, absent or partial");
}

bool decide_settle(struct decider *decider) {
    const struct command *command = decider->command;
    const struct attempt *attempt = step_attempt(decider->step);
    if (!is_unknown_and_idle(decider, "settled") || !is_second_person(decider) ||
        !is_outcome(decider, command->outcome))
        return false;
    say(decider, EVENT_STEP_SETTLED,
        &(struct body_step_settled){.step = decider->step->spec->id,
                                    .as = command->outcome,
                                    .evidence = command->evidence,
                                    .attempt = attempt ? attempt->number : 0});
    if (strcmp(command->outcome, "partial") == 0)
        pause_for_failure(decider);
    return answer(decider, "settled as %s", command->outcome);
}
