/* What runners report, and what follows by rule. */
#include "config.h"

#include "incident/decide_kinds.h"

#include "base/array.h"
#include "incident/invocation.h"
#include "incident/status.h"
#include "plan/expr.h"

#include <string.h>

/* A report counts only for the step's current run: its id is the fence. */
static const struct run *fenced_run(struct decider *decider) {
    const struct run *run = step_run(decider->step);
    if (run && decider->command->run && strcmp(run->id, decider->command->run) == 0)
        return run;
    refuse(decider, ERR_CONFLICT, "this run is over", "nothing: its end is on the record");
    return NULL;
}

static void say_moved(struct decider *decider, enum event_kind kind, const char *evidence,
                      const char *reason) {
    const struct attempt *attempt = step_attempt(decider->step);
    say(decider, kind,
        &(struct body_step_moved){.step = decider->step->spec->id,
                                  .attempt = attempt ? attempt->number : 0,
                                  .evidence = evidence,
                                  .reason = reason});
}

/* --- how the work ended ----------------------------------------------------------------------- */

static void well_unverified(struct decider *decider) {
    say_moved(decider, EVENT_STEP_DONE, NULL, NULL);
}

static void well_to_verify(struct decider *decider) {
    say_moved(decider, EVENT_STEP_VERIFYING, NULL, NULL);
}

static void well_if_matching(struct decider *decider) {
    const char *verdict = decider->command->verdict;
    if (verdict && strcmp(verdict, "passed") == 0)
        say_moved(decider, EVENT_STEP_DONE, "its output matches", NULL);
    else
        say_failed(decider, words(decider, "its output doesn't match %s",
                                  decider->step->spec->verify.matches));
}

static void (*const ended_well[])(struct decider *decider) = {
    [VERIFY_NONE] = well_unverified,     [VERIFY_RUN] = well_to_verify,
    [VERIFY_EXPR] = well_to_verify,      [VERIFY_HTTP] = well_to_verify,
    [VERIFY_MATCHES] = well_if_matching,
};

static bool exited(struct decider *decider) {
    if (decider->command->status == 0)
        ended_well[decider->step->spec->verify.kind](decider);
    else
        say_failed(decider,
                   words(decider, "exit status %lld", (long long)decider->command->status));
    return true;
}

static const char *reason_or(const struct decider *decider, const char *otherwise) {
    return decider->command->reason ? decider->command->reason : otherwise;
}

static bool not_run(struct decider *decider) {
    say_failed(decider, reason_or(decider, "its command could not be run"));
    return true;
}

/* The runner died before its `exec` mark: nothing can have happened. */
static bool absent(struct decider *decider) {
    const struct attempt *attempt = step_attempt(decider->step);
    return say(decider, EVENT_STEP_SETTLED,
               &(struct body_step_settled){.step = decider->step->spec->id,
                                           .as = "absent",
                                           .evidence = reason_or(decider, "nothing was run"),
                                           .attempt = attempt->number});
}

/* It was cut short: what only reads or waits has failed; of any other nobody knows what it did. */
static bool cut_short(struct decider *decider, const char *reason) {
    const struct plan_step *spec = decider->step->spec;
    if (spec->read_only || spec->kind == STEP_WAIT)
        say_failed(decider, reason);
    else
        say_moved(decider, EVENT_STEP_UNKNOWN, NULL, reason);
    return true;
}

static bool signalled(struct decider *decider) {
    return cut_short(decider,
                     words(decider, "killed by signal %lld", (long long)decider->command->status));
}

static bool timed_out(struct decider *decider) {
    return cut_short(decider, "timed out and was killed");
}

static bool aborted(struct decider *decider) {
    const struct run *run = step_run(decider->step);
    return cut_short(decider, run->abort_by ? words(decider, "aborted by %s", run->abort_by)
                                            : "aborted on its host");
}

static bool lost(struct decider *decider) {
    return cut_short(decider, reason_or(decider, "lost contact"));
}

/* What a runner has to say is the reason of what follows, or else a remark on how it ran. */
static const struct ending {
    const char *name;
    decide_fn *decide;
    bool remarks;
} endings[] = {
    {"exited", exited, true},   {"signalled", signalled, true}, {"timed_out", timed_out, true},
    {"aborted", aborted, true}, {"not_run", not_run, false},    {"absent", absent, false},
    {"lost", lost, false},
};

static bool say_ran(struct decider *decider, const struct ending *ending) {
    const struct command *command = decider->command;
    return say(decider, EVENT_STEP_RAN,
               &(struct body_step_ran){.step = decider->step->spec->id,
                                       .attempt = step_attempt(decider->step)->number,
                                       .run = command->run,
                                       .ended = command->ended,
                                       .status = command->status,
                                       .remark = ending->remarks ? command->reason : NULL,
                                       .output_sha256 = command->output_sha256,
                                       .output_bytes = command->output_bytes,
                                       .dropped_bytes = command->dropped_bytes,
                                       .outputs = command->outputs});
}

bool decide_ran(struct decider *decider) {
    const struct run *run = fenced_run(decider);
    if (!run)
        return false;
    if (run->purpose != RUN_WORK || decider->step->record != STEP_RUNNING ||
        !decider->command->ended)
        return refuse(decider, ERR_CONFLICT, "it isn't running", NULL);
    for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
        if (strcmp(endings[i].name, decider->command->ended) != 0)
            continue;
        say_ran(decider, &endings[i]);
        return endings[i].decide(decider) && answer(decider, "taken");
    }
    return refuse(decider, ERR_USAGE, "no run can end like this", NULL);
}

/* --- what verify found ------------------------------------------------------------------------ */

static void passed(struct decider *decider) {
    const struct attempt *attempt = step_attempt(decider->step);
    const char *said = attempt && attempt->evidence ? attempt->evidence : "verify passed";
    say_moved(decider, EVENT_STEP_DONE, said, NULL);
}

static void not_passed(struct decider *decider, const char *reason) {
    if (decider->step->record == STEP_VERIFYING)
        say_failed(decider, reason);
}

static void not_known(struct decider *decider, const char *reason) {
    if (decider->step->record == STEP_VERIFYING)
        say_moved(decider, EVENT_STEP_UNKNOWN, NULL, reason);
}

static void verified_passed(struct decider *decider, const char *reason) {
    (void)reason;
    passed(decider);
}

static const struct {
    const char *name, *words;
    void (*decide)(struct decider *decider, const char *reason);
} verdicts[] = {
    {"passed", "verify passed", verified_passed},
    {"not_yet", "verify did not pass in time", not_passed},
    {"broken", "verify itself can't be run", not_known},
    {"lost", "lost contact while verifying", not_known},
};

bool decide_verified(struct decider *decider) {
    const struct command *command = decider->command;
    const struct run *run = fenced_run(decider);
    if (!run)
        return false;
    if (decider->step->record != STEP_VERIFYING && run->purpose != RUN_CHECK)
        return refuse(decider, ERR_CONFLICT, "it isn't being verified", NULL);
    for (size_t i = 0; command->verdict && i < ARRAY_SIZE(verdicts); i++) {
        if (strcmp(verdicts[i].name, command->verdict) != 0)
            continue;
        const char *why = reason_or(decider, verdicts[i].words);
        if (run->purpose == RUN_CHECK)
            say(decider, EVENT_CHECK_ENDED,
                &(struct body_check_ended){.step = decider->step->spec->id,
                                           .run = run->id,
                                           .verdict = command->verdict,
                                           .why = why});
        verdicts[i].decide(decider, why);
        return answer(decider, "taken");
    }
    return refuse(decider, ERR_USAGE, "no verify can end like this", NULL);
}

/* --- what follows by rule --------------------------------------------------------------------- */

static enum truth judge(struct decider *decider, const char *text, const char **why) {
    struct names names = {decider->scratch, decider->incident};
    struct expr *expr;
    if (expr_parse(decider->scratch, text, &expr, decider->err))
        return expr_eval(decider->scratch, expr, names_lookup, &names, why);
    *why = "the expression can't be read";
    return TRUTH_UNKNOWN;
}

/* A false `when` skips, visibly. What can't be judged never skips: it says so, and a person
 * decides. */
static void judge_when(struct decider *decider) {
    const struct plan_step *spec = decider->step->spec;
    const char *why = NULL;
    enum truth truth = judge(decider, spec->when, &why);
    if (truth == TRUTH_FALSE)
        say(decider, EVENT_STEP_SKIPPED,
            &(struct body_step_moved){.step = spec->id,
                                      .reason = words(decider, "when %s: false", spec->when),
                                      .by_rule = true});
    else
        say(decider, EVENT_STEP_JUDGED,
            &(struct body_step_judged){.step = spec->id,
                                       .expression = spec->when,
                                       .verdict = truth == TRUTH_TRUE ? "true" : "unknown",
                                       .why = why});
}

static void judge_expression(struct decider *decider) {
    const char *text = decider->step->spec->verify.expr;
    const char *why = NULL;
    enum truth truth = judge(decider, text, &why);
    if (truth == TRUTH_TRUE)
        passed(decider);
    else if (truth == TRUTH_FALSE)
        not_passed(decider, words(decider, "verify: %s is false", text));
    else
        not_known(decider, words(decider, "verify: %s can't be judged: %s", text, why));
}

static bool awaits_when(const struct incident *incident, const struct step *step) {
    return step->spec->when && !step->when_judged && step_state(incident, step) == STEP_READY;
}

static bool awaits_expression(const struct step *step) {
    return step->record == STEP_VERIFYING && step->spec->verify.kind == VERIFY_EXPR;
}

void decide_consequences(const void *parent, const struct state *state, int64_t number,
                         int64_t now_ms, struct outcome *outcome) {
    const struct incident *incident = state_incident(state, number);
    *outcome = (struct outcome){0};
    struct decider decider = {.state = state,
                              .incident = incident,
                              .now_ms = now_ms,
                              .outcome = outcome,
                              .scratch = parent,
                              .err = err_new(parent)};
    if (!incident || !incident_is_open(incident))
        return;
    for (size_t i = 0; i < incident->steps_count && outcome->count == 0; i++) {
        decider.step = &incident->steps[i];
        if (awaits_when(incident, decider.step))
            judge_when(&decider);
        else if (awaits_expression(decider.step))
            judge_expression(&decider);
    }
}
