#include "config.h"

#include "cli/wait.h"

#include "base/loop.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "cli/out.h"
#include "incident/status.h"
#include "run/output.h"
#include "run/sweep.h"

#include <string.h>

#define TURN_MS  100              /* how often output is looked for */
#define SWEEP_MS (2 * SECOND_MS)  /* how often a lost runner is */
#define OVER_MS  (10 * SECOND_MS) /* how long the log may not know of an end that is there */

/* The output of one run, and how far it was printed. */
struct followed {
    struct run_output *output;
    size_t printed;
};

struct wait {
    struct call *call;
    struct hub *hub;
    struct loop *loop;
    int64_t incident;
    const char *name; /* of the step */
    int64_t attempt;  /* the one that is waited for */
    size_t first_run; /* earlier ones are none of ours */
    struct followed *followed;
    size_t followed_count;
    int64_t swept_ms;
    int64_t over_ms;     /* since when nobody is at its run any more; 0: somebody may be */
    bool given_up;       /* that was too long ago */
    struct err *trouble; /* why the log doesn't know of it, where something was said */
};

/* Looked up anew each time: the hub may have made its state again. */
static const struct incident *incident_of(const struct wait *wait) {
    return state_incident(hub_state(wait->hub), wait->incident);
}

static const struct step *step_of(const struct wait *wait) {
    const struct incident *incident = incident_of(wait);
    return incident ? incident_step(incident, wait->name) : NULL;
}

/* ---- output ---- */

static const char stream_marks[UINT8_MAX + 1] = {
    ['o'] = ' ', ['e'] = 'E', ['v'] = 'v', ['-'] = '-'};

static void print_line(const struct run_line *line) {
    char *at = time_clock(NULL, line->at_ms);
    char mark = stream_marks[(unsigned char)line->stream];
    out_line("%s %c %s", at, mark ? mark : '?', line->text);
    talloc_free(at);
}

/* Capture drops the middle of what is too much; who follows then goes on at the end. */
static void print_new(struct followed *followed) {
    run_output_poll(followed->output);
    size_t count = run_output_count(followed->output);
    for (; followed->printed < count; followed->printed++) {
        struct run_line line = run_output_line(followed->output, followed->printed);
        print_line(&line);
    }
    followed->printed = count;
}

static void print_output(struct wait *wait) {
    const struct step *step = step_of(wait);
    for (size_t i = wait->first_run + wait->followed_count; step && i < step->runs_count; i++) {
        wait->followed =
            xtalloc_realloc(wait->call, wait->followed, struct followed, wait->followed_count + 1);
        wait->followed[wait->followed_count++] = (struct followed){
            .output = run_output_open(wait->call, hub_run_folder(wait->hub), step->runs[i].id)};
    }
    for (size_t i = 0; i < wait->followed_count; i++)
        print_new(&wait->followed[i]);
    out_flush();
}

/* ---- turns ---- */

/* An attempt that a later one followed is over, whatever the step does now. */
static bool is_over(const struct wait *wait) {
    const struct step *step = step_of(wait);
    if (!step || step_attempt(step)->number != wait->attempt)
        return true;
    return !step_run(step) && step->record != STEP_RUNNING && step->record != STEP_VERIFYING;
}

static void keep_trouble(struct wait *wait, const struct err *err) {
    err_set(wait->trouble, err->code, err->what, err->on, err->remedy);
}

static void take_item(struct wait *wait, const struct hub_item *item) {
    if (item->kind == HUB_TROUBLE || item->kind == HUB_REPLACED)
        out_problem(item->err);
    if (item->kind == HUB_WELL)
        out_note("the store answers again");
    if (item->kind == HUB_ANSWER && item->verdict != HUB_ACCEPTED)
        keep_trouble(wait, item->err);
}

/* A runner that is gone can't say so: somebody has to look. Where nothing can be learned or written
 * down, the machine fails, and whoever waits must hear it. */
static void sweep(struct wait *wait, struct moment now) {
    const struct step *step = step_of(wait);
    if (!step || now.boot_ms - wait->swept_ms < SWEEP_MS)
        return;
    struct err *err = err_new(wait->call);
    wait->swept_ms = now.boot_ms;
    if (!run_sweep_step(wait->hub, incident_of(wait), step, now.wall_ms, err))
        wait->over_ms = 0;
    else if (!wait->over_ms)
        wait->over_ms = now.boot_ms;
    if (err->code != ERR_NONE)
        keep_trouble(wait, err);
    wait->given_up = wait->over_ms && now.boot_ms - wait->over_ms >= OVER_MS;
    talloc_free(err);
}

static void turn(struct wait *wait) {
    struct hub_item item;
    int64_t period_ms = hub_period_ms(wait->hub);
    loop_turn(wait->loop, period_ms < TURN_MS ? period_ms : TURN_MS);
    struct moment now = loop_moment(wait->loop);
    while (hub_next(wait->hub, now, &item))
        take_item(wait, &item);
    sweep(wait, now);
    print_output(wait);
}

/* ---- how it ended ---- */

static const char *const todos[STEP_STATE_COUNT] = {
    [STEP_READY] = "`start` it again",
    [STEP_FAILED] = "`retry` or `skip` it, with a reason",
    [STEP_UNKNOWN] = "`check` it, or `settle` it as happened, absent or partial",
};

static enum step_state outcome_of(const struct wait *wait, const struct step *step) {
    const struct attempt *attempt = &step->attempts[wait->attempt - 1];
    bool is_last = step_attempt(step) == attempt;
    return is_last ? step_state(incident_of(wait), step) : attempt->outcome;
}

static bool give_up(const struct wait *wait) {
    struct err *err = wait->call->err;
    const struct err *trouble = wait->trouble;
    const char *why = trouble->code == ERR_NONE ? "its runner can't report" : trouble->what;
    const char *on = trouble->on ? trouble->on : "";
    return err_set(err, ERR_UNAVAILABLE, "nobody knows how the step ended",
                   err_fmt(err, "INC-%lld %s: %s%s%s", (long long)wait->incident,
                           step_of(wait)->label, why, *on ? ": " : "", on),
                   err_fmt(err, "once that is mended, `backout check %lld %s` finds out",
                           (long long)wait->incident, wait->name));
}

static bool end(const struct wait *wait) {
    struct err *err = wait->call->err;
    const struct step *step = step_of(wait);
    if (wait->given_up && !is_over(wait))
        return give_up(wait);
    if (!step)
        return err_set(err, ERR_UNAVAILABLE, "the step can't be followed any more", wait->name,
                       "look at `backout status`");
    enum step_state outcome = outcome_of(wait, step);
    if (outcome == STEP_DONE)
        return true;
    const char *why = step->reason ? step->reason : "";
    return err_set(err, ERR_REFUSED,
                   err_fmt(err, "the step is not done, it is %s", step_state_name(outcome)),
                   err_fmt(err, "INC-%lld %s%s%s", (long long)wait->incident, step->label,
                           *why ? ": " : "", why),
                   todos[outcome]);
}

bool wait_for_step(struct call *call, struct hub *hub, struct loop *loop, int64_t incident,
                   const char *name) {
    struct wait wait = {.call = call,
                        .hub = hub,
                        .loop = loop,
                        .incident = incident,
                        .name = name,
                        .trouble = err_new(call)};
    const struct step *step = step_of(&wait);
    hub_join(hub, loop);
    if (step && step->attempts_count) {
        wait.attempt = step_attempt(step)->number;
        wait.first_run = step_run(step) ? (size_t)(step_run(step) - step->runs) : step->runs_count;
        while (!is_over(&wait) && !wait.given_up)
            turn(&wait);
    }
    print_output(&wait);
    return end(&wait);
}

/* ---- what is lost ---- */

#define LOST_MS (10 * SECOND_MS) /* for a lock that others hold */

void wait_for_lost(struct hub *hub, struct loop *loop) {
    struct hub_item item;
    loop_turn(loop, 0);
    int64_t began_ms = loop_now_ms(loop);
    size_t reports = run_sweep(hub, began_ms);
    while (reports && loop_now_ms(loop) - began_ms < LOST_MS) {
        while (reports && hub_next(hub, loop_moment(loop), &item))
            reports -= item.kind == HUB_ANSWER;
        loop_turn(loop, 0);
    }
}
