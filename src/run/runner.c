#include "config.h"

#include "run/runner.h"

#include "base/host.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "run/hold.h"
#include "run/runner_inside.h"
#include "run/secrets.h"

#include <string.h>
#include <unistd.h>

/* For so long a report is tried: what it says is in the run's folder, where a sweep finds it when
 * this process is gone. */
#define REPORT_FOR_MS DAY_MS

/* ---- what the state says --------------------------------------------------------------------- */

const struct step *runner_step(const struct runner *runner) {
    const struct incident *incident =
        state_incident(hub_state(runner->worker.hub), runner->incident);
    return incident != NULL ? incident_step(incident, runner->step) : NULL;
}

const struct run *runner_run(const struct runner *runner) {
    const struct step *step = runner_step(runner);
    return step != NULL ? step_run_find(step, runner->run) : NULL;
}

bool runner_must_stop(const struct runner *runner) {
    const struct run *run = runner_run(runner);
    return runner->worker.terminated || (run != NULL && run->abort_by != NULL);
}

bool runner_report(struct runner *runner, const struct command *command) {
    return worker_say(&runner->worker, command, NULL, REPORT_FOR_MS);
}

/* ---- its life -------------------------------------------------------------------------------- */

/* Whether the state knows us as the process of that run, and the run still goes on. */
static bool is_ours(struct runner *runner) {
    const struct run *run = runner_run(runner);
    runner->host = host_name(runner);
    runner->boot = host_boot(runner);
    return run != NULL && !run->over && run->pid == (int64_t)getpid() && run->host != NULL &&
           strcmp(run->host, runner->host) == 0 && run->boot != NULL &&
           strcmp(run->boot, runner->boot) == 0;
}

/* With the claim ours, what stands in the folder is final: a run that was begun or judged before is
 * never begun again. */
static bool is_untouched(const struct runner *runner) {
    return !claim_has_exec(runner->folder) && !folder_has(runner->folder, ENDING_OF_WORK) &&
           !folder_has(runner->folder, ENDING_OF_VERIFY);
}

static bool take_run(struct runner *runner, struct err *err) {
    if (!run_id_parse(runner, runner->run, &runner->incident, &runner->step) || !is_ours(runner))
        return err_set(err, ERR_CONFLICT, "this run is not ours", runner->run, NULL);
    return folder_open(runner, hub_run_folder(runner->worker.hub), runner->run, true,
                       &runner->folder, err) &&
           claim_take(runner, runner->folder, &runner->claim, err) &&
           claim_sign(runner->claim, runner->host, runner->boot, getpid(),
                      loop_now_ms(runner->worker.loop), err) &&
           is_untouched(runner);
}

static void gather_secrets(struct runner *runner) {
    const struct incident *incident =
        state_incident(hub_state(runner->worker.hub), runner->incident);
    runner->redact = redact_new(runner);
    secrets_redact(incident->plan, incident->plan_folder, runner->redact);
}

int runner_main(const char *store, int pipe_fd) {
    struct runner *runner = xtalloc_zero(NULL, struct runner);
    struct err *err = err_new(runner);
    runner->run = run_wait(runner, pipe_fd);
    close(pipe_fd);
    if (runner->run != NULL && worker_begin(&runner->worker, runner, err) &&
        worker_open(&runner->worker, runner, store, "runner", err) && take_run(runner, err)) {
        gather_secrets(runner);
        runner_perform(runner);
    }
    int status = (int)err->code;
    talloc_free(runner);
    return status;
}
