#include "config.h"

#include "run/runner.h"

#include "base/host.h"
#include "base/syslog.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "run/exec.h"
#include "run/hold.h"
#include "run/runner_inside.h"
#include "run/secrets.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A store that can't be opened stays so for a while: the step was started, so it is worth waiting,
 * but not longer than people would wait before they look. */
#define OPEN_TRIES 30

/* Reports wait from one second up to a minute between two tries, for a day: what they say is in the
 * run's folder, where a sweep finds it when this process is gone. */
#define REPORT_WAIT_MS  SECOND_MS
#define REPORT_WAIT_MAX MINUTE_MS
#define REPORT_FOR_MS   DAY_MS

/* ---- turns
 * ---------------------------------------------------------------------------------------- */

void runner_turn(struct runner *runner) {
    struct hub_item item;
    loop_turn(runner->loop, hub_due_ms(runner->hub));
    while (hub_next(runner->hub, loop_moment(runner->loop), &item)) {
        if (item.kind != HUB_ANSWER || item.ticket != runner->ticket)
            continue;
        runner->fate = report_fate(&item);
        runner->ticket = 0;
    }
}

static void take_signal(void *data, int number) {
    struct runner *runner = data;
    (void)number;
    runner->terminated = true;
}

static void set_flag(void *data, int64_t now_ms) {
    bool *flag = data;
    (void)now_ms;
    *flag = true;
}

/* A pause that ends early when somebody wants the process gone. */
static void rest(struct runner *runner, int64_t ms) {
    bool over = false;
    struct loop_timer *timer = loop_timer(runner->loop, set_flag, &over);
    loop_timer_set(timer, ms);
    while (!over && !runner->terminated) {
        if (runner->hub != NULL)
            runner_turn(runner);
        else
            loop_turn(runner->loop, -1);
    }
    talloc_free(timer);
}

/* ---- what the state says
 * --------------------------------------------------------------------------- */

const struct step *runner_step(const struct runner *runner) {
    const struct incident *incident = state_incident(hub_state(runner->hub), runner->incident);
    return incident != NULL ? incident_step(incident, runner->step) : NULL;
}

const struct run *runner_run(const struct runner *runner) {
    const struct step *step = runner_step(runner);
    return step != NULL ? step_run_find(step, runner->run) : NULL;
}

bool runner_must_stop(const struct runner *runner) {
    const struct run *run = runner_run(runner);
    return runner->terminated || (run != NULL && run->abort_by != NULL);
}

/* ---- reports
 * ---------------------------------------------------------------------------------------- */

static enum report_fate ask_once(struct runner *runner, const struct command *command) {
    runner->ticket = hub_submit(runner->hub, command, NULL);
    while (runner->ticket != 0)
        runner_turn(runner);
    return runner->fate;
}

bool runner_report(struct runner *runner, const struct command *command) {
    int64_t wait_ms = REPORT_WAIT_MS;
    int64_t waited_ms = 0;
    bool asked_to_go = runner->terminated;
    runner->terminated = false;
    enum report_fate fate = ask_once(runner, command);
    while (fate == REPORT_PENDING && waited_ms < REPORT_FOR_MS && !runner->terminated) {
        rest(runner, wait_ms);
        waited_ms += wait_ms;
        wait_ms = 2 * wait_ms < REPORT_WAIT_MAX ? 2 * wait_ms : REPORT_WAIT_MAX;
        fate = ask_once(runner, command);
    }
    runner->terminated = runner->terminated || asked_to_go;
    return fate == REPORT_TAKEN;
}

/* ---- its life
 * ---------------------------------------------------------------------------------------- */

/* What a runner is like: it outlives terminals and sessions, inherits orphans, and leaves no file
 * behind that others could read by accident. */
static bool settle_process(struct runner *runner, struct err *err) {
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    umask(077);
    if (chdir("/") < 0) /* keeps no folder busy */
        return err_errno(err, errno, "can't enter the root folder", NULL, NULL);
    text_init();
    if (!digest_init())
        return err_set(err, ERR_UNAVAILABLE, "no random numbers", NULL, NULL);
    runner->loop = loop_new(runner, err);
    return runner->loop != NULL && exec_adopt(err) &&
           loop_signal(runner->loop, SIGTERM, take_signal, runner, err);
}

static bool open_hub(struct runner *runner, const char *store, struct err *err) {
    const struct hub_options options = {
        .store = store, .actor = host_user(runner), .via = "runner", .syslog = syslog_path()};
    for (int tries = 0; tries < OPEN_TRIES && !runner->terminated; tries++) {
        err_clear(err);
        if (hub_open(runner, &options, loop_now_ms(runner->loop), &runner->hub, err)) {
            hub_join(runner->hub, runner->loop);
            return true;
        }
        runner->hub = NULL;
        rest(runner, SECOND_MS);
    }
    return false;
}

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
    return folder_open(runner, hub_run_folder(runner->hub), runner->run, true, &runner->folder,
                       err) &&
           claim_take(runner, runner->folder, &runner->claim, err) &&
           claim_sign(runner->claim, runner->host, runner->boot, getpid(),
                      loop_now_ms(runner->loop), err) &&
           is_untouched(runner);
}

static void gather_secrets(struct runner *runner) {
    const struct incident *incident = state_incident(hub_state(runner->hub), runner->incident);
    runner->redact = redact_new(runner);
    secrets_redact(incident->plan, incident->plan_folder, runner->redact);
}

int runner_main(const char *store, int pipe_fd) {
    struct runner *runner = xtalloc_zero(NULL, struct runner);
    struct err *err = err_new(runner);
    runner->run = run_wait(runner, pipe_fd);
    close(pipe_fd);
    if (runner->run != NULL && settle_process(runner, err) && open_hub(runner, store, err) &&
        take_run(runner, err)) {
        gather_secrets(runner);
        runner_perform(runner);
    }
    int status = (int)err->code;
    talloc_free(runner);
    return status;
}
