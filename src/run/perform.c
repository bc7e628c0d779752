#include "config.h"

#include "run/runner_inside.h"

#include "base/xtalloc.h"
#include "incident/invocation.h"
#include "run/capture.h"
#include "run/environment.h"
#include "run/exec.h"
#include "run/match.h"
#include "run/secrets.h"
#include "run/verify.h"

#include <string.h>
#include <sys/types.h>

/* ---- what is to be executed ------------------------------------------------------------------ */

/* The recorded digest is of exactly what somebody let go: nothing else may run in its place. */
static bool is_as_started(const struct runner *runner, const struct invocation *invocation,
                          struct err *err) {
    const struct run *run = runner_run(runner);
    if (run->digest != NULL && strcmp(run->digest, invocation->digest) == 0)
        return true;
    return err_set(err, ERR_CONFLICT, "what would run now is not what was started", NULL, NULL);
}

static const struct pair *identity(const void *parent, const struct runner *runner,
                                   const struct step *step) {
    const struct attempt *attempt = step_attempt(step);
    struct pair *pairs = xtalloc_zero_array(parent, struct pair, 4);
    pairs[0] = (struct pair){"BACKOUT_INCIDENT",
                             xtalloc_asprintf(pairs, "%lld", (long long)runner->incident)};
    pairs[1] = (struct pair){"BACKOUT_STEP", runner->step};
    pairs[2] = (struct pair){
        "BACKOUT_ATTEMPT",
        xtalloc_asprintf(pairs, "%lld", (long long)(attempt != NULL ? attempt->number : 0))};
    return pairs;
}

/* Who it is comes last, so that no plan can say otherwise. */
static bool prepare(const void *parent, struct runner *runner, enum run_purpose purpose,
                    struct launch *launch, struct err *err) {
    const struct incident *incident =
        state_incident(hub_state(runner->worker.hub), runner->incident);
    const struct step *step = runner_step(runner);
    struct invocation *invocation;
    const struct pair *secrets;
    if (!invocation_make(parent, incident, step, purpose, &invocation, err) ||
        (runner_run(runner)->purpose == purpose && !is_as_started(runner, invocation, err)) ||
        !secrets_read(invocation, incident->plan, incident->plan_folder, invocation->secret_env,
                      &secrets, err))
        return false;
    if (invocation->argv == NULL)
        return err_set(err, ERR_REFUSED, "there is nothing to run", runner->step, NULL);
    const struct pair *const lists[] = {invocation->env, secrets,
                                        identity(invocation, runner, step), NULL};
    *launch = (struct launch){
        .argv = invocation->argv,
        .cwd = invocation->cwd,
        .environment = environment_make(invocation, lists),
    };
    return true;
}

/* ---- the work: a command --------------------------------------------------------------------- */

static void follow(struct runner *runner, struct exec *exec) {
    while (!exec_over(exec)) {
        if (runner_must_stop(runner))
            exec_stop(exec, "aborted");
        worker_turn(&runner->worker);
    }
}

/* What the plan's regexes find in the output, now that all of it is there. */
static void look_back(struct runner *runner, const struct plan_step *spec, struct ending *ending) {
    ending->outputs = match_outputs(runner, runner->folder, spec->outputs);
    if (spec->verify.kind == VERIFY_MATCHES && strcmp(ending->ended, "exited") == 0)
        ending->verdict = match_any(runner->folder, spec->verify.matches) ? "passed" : "not_yet";
}

/* What the run came to, once its command is gone and its output is on disk. */
static void sum_up(struct runner *runner, const struct exec *exec, struct capture *capture,
                   struct ending *ending) {
    const struct step *step = runner_step(runner);
    struct exec_end end = exec_end(exec);
    struct capture_sum sum = capture_close(capture, loop_now_ms(runner->worker.loop));
    char *hex = xtalloc_array(runner, char, DIGEST_HEX);
    digest_hex(&sum.sha256, hex);
    ending->ended = end.ended;
    ending->status = end.status;
    ending->output_sha256 = hex;
    ending->output_bytes = sum.bytes;
    ending->dropped_bytes = sum.dropped_bytes;
    ending->reason = end.survivors ? "some of its processes could not be killed" : sum.trouble;
    if (step != NULL)
        look_back(runner, step->spec, ending);
}

/* From the mark on, a death of this process leaves an unknown step; before it, an untouched one. */
static bool execute(struct runner *runner, struct ending *ending, struct err *err) {
    const struct plan_step *spec = runner_step(runner)->spec;
    const struct exec_limits limits = {.timeout_ms = spec->timeout_ms, .grace_ms = spec->grace_ms};
    struct launch launch;
    struct capture *capture;
    struct exec *exec;
    if (!prepare(runner, runner, RUN_WORK, &launch, err) ||
        !capture_open(runner, runner->folder, CAPTURE_OUTPUT, runner->redact, &capture, err) ||
        !claim_mark_exec(runner->claim, err) ||
        !exec_start(runner, runner->worker.loop, &launch, &limits, capture_sink(capture), &exec,
                    err))
        return false;
    claim_note_group(runner->claim, exec_group(exec));
    follow(runner, exec);
    sum_up(runner, exec, capture, ending);
    talloc_free(exec);
    return true;
}

static void run_command(struct runner *runner, struct ending *ending) {
    struct err *err = err_new(runner);
    if (!execute(runner, ending, err)) {
        ending->ended = "not_run";
        ending->reason = err_sentence(runner, err);
    }
    talloc_free(err);
}

/* ---- the work: waiting ----------------------------------------------------------------------- */

static void set_flag(void *data, int64_t now_ms) {
    bool *flag = data;
    (void)now_ms;
    *flag = true;
}

static void wait_step(struct runner *runner, struct ending *ending) {
    bool over = false;
    struct loop_timer *timer = loop_timer(runner->worker.loop, set_flag, &over);
    loop_timer_set(timer, runner_step(runner)->spec->wait_ms);
    while (!over && !runner_must_stop(runner))
        worker_turn(&runner->worker);
    talloc_free(timer);
    ending->ended = over ? "exited" : "aborted";
}

/* ---- both, and what follows ------------------------------------------------------------------ */

/* On disk first, then to the store: killed in between, a sweep finds it. A disk that takes no more
 * is no reason to keep the end from the store. */
static void keep(struct runner *runner, const char *name, struct ending *ending) {
    struct err *ignored = err_new(runner);
    ending->run = runner->run;
    ending->at = loop_now_ms(runner->worker.loop);
    ending_write(runner->folder, name, ending, ignored);
    talloc_free(ignored);
}

static bool work(struct runner *runner) {
    struct ending ending = {0};
    if (runner_step(runner)->spec->kind == STEP_WAIT)
        wait_step(runner, &ending);
    else
        run_command(runner, &ending);
    keep(runner, ENDING_OF_WORK, &ending);
    struct command *command = report_of_work(runner, runner->incident, runner->step, &ending,
                                             loop_now_ms(runner->worker.loop));
    return runner_report(runner, command);
}

static bool is_verifying(const struct runner *runner) {
    const struct step *step = runner_step(runner);
    const struct run *run = runner_run(runner);
    return run != NULL && !run->over && step->record == STEP_VERIFYING &&
           step->spec->verify.kind == VERIFY_RUN;
}

static bool poll_verify(struct runner *runner, struct ending *ending, struct err *err) {
    const struct plan_step *spec = runner_step(runner)->spec;
    const struct verify_limits limits = {
        .within_ms = spec->verify.within_ms,
        .every_ms = spec->verify.every_ms,
        .each = {.timeout_ms = spec->timeout_ms, .grace_ms = spec->grace_ms},
    };
    struct launch launch;
    struct capture *capture;
    if (!prepare(runner, runner, RUN_CHECK, &launch, err) ||
        !capture_open(runner, runner->folder, CAPTURE_VERIFY, runner->redact, &capture, err))
        return false;
    struct verify *verify =
        verify_start(runner, runner->worker.loop, &launch, &limits, capture, runner->folder);
    while (verify_turn(verify)) {
        if (runner_must_stop(runner))
            verify_stop(verify, "verify was aborted");
        else
            worker_turn(&runner->worker);
    }
    ending->verdict = verify_verdict(verify);
    ending->reason = xtalloc_strdup(runner, verify_reason(verify));
    capture_close(capture, loop_now_ms(runner->worker.loop));
    talloc_free(verify);
    return true;
}

static void check(struct runner *runner) {
    struct ending ending = {0};
    struct err *err = err_new(runner);
    if (!poll_verify(runner, &ending, err)) {
        ending.verdict = "broken";
        ending.reason = err_sentence(runner, err);
    }
    talloc_free(err);
    keep(runner, ENDING_OF_VERIFY, &ending);
    struct command *command = report_of_verify(runner, runner->incident, runner->step, &ending,
                                               loop_now_ms(runner->worker.loop));
    runner_report(runner, command);
}

void runner_perform(struct runner *runner) {
    if (runner_run(runner)->purpose == RUN_CHECK)
        check(runner);
    else if (work(runner) && is_verifying(runner))
        check(runner);
}
