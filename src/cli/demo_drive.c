/* The demo's incident: declared, and in --headless taken back, through the door that everybody
 * uses. What to do next is what the YOU line of the console says. */
#include "config.h"

#include "cli/demo_inside.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "cli/out.h"
#include "incident/events.h"
#include "incident/status.h"
#include "incident/waits.h"
#include "run/run.h"

#include <signal.h>
#include <string.h>

#define ASK_MS  5000
#define END_MS  60000
#define STOP_MS 5000

/* ---- asking ---- */

static bool tell_refusal(const struct hub_item *answer, struct err *err) {
    if (answer->verdict == HUB_ACCEPTED)
        return true;
    return err_set(err, answer->err->code, answer->err->what, answer->err->on, answer->err->remedy);
}

/* `words` begin with the command's name and are ended by NULL. */
static bool ask(struct demo *demo, const char *const *words, struct err *err) {
    struct command *command;
    struct hub_item answer;
    char *scratch = xtalloc_size(NULL, 0);
    bool asked = command_parse(scratch, command_find(words[0]), words + 1, demo->incident,
                               loop_now_ms(demo->loop), &command, err) &&
                 door_ask(demo->door, demo->loop, command, ASK_MS, &answer, err) &&
                 tell_refusal(&answer, err);
    if (asked)
        demo->incident = answer.incident;
    talloc_free(scratch);
    return asked;
}

bool drive_declare(struct demo *demo, struct err *err) {
    const struct hub_options options = {.store = world_path(demo, demo, "store/demo.db"),
                                        .actor = demo->actor,
                                        .via = demo->headless ? "line" : "console",
                                        .create = true};
    const char *const words[] = {"declare",
                                 world_path(demo, demo, "rollback/shop.yaml"),
                                 "--title",
                                 ("shop " DEMO_NEW " loses every other order"),
                                 "--detected-by",
                                 "monitor",
                                 "--input",
                                 xtalloc_asprintf(demo, "pace=%s", demo->pace),
                                 NULL};
    if (!hub_open(demo, &options, loop_now_ms(demo->loop), &demo->hub, err))
        return false;
    hub_join(demo->hub, demo->loop);
    demo->door = door_new(demo, demo->hub);
    return ask(demo, words, err);
}

/* ---- doing what waits ---- */

static const char *see_page(struct demo *demo, const void *parent) {
    struct shop_seen seen = shop_look(demo, parent);
    return xtalloc_asprintf(parent, "it says: %s", seen.page);
}

/* What a command needs to be told beside its object. One without a row is not done by a program:
 * a step that failed or is unknown wants a person. */
static const struct deed {
    const char *command;
    const char *words[3];
    const char *(*evidence)(struct demo *demo, const void *parent);
} deeds[] = {
    {.command = "ack"},
    {.command = "take"},
    {.command = "decide", .words = {"back", "--reason", "orders are lost, and 4.11 is at hand"}},
    {.command = "start"},
    {.command = "done", .words = {"--evidence"}, .evidence = see_page},
    {.command = "recover", .words = {"--reason", "no order fails any more"}},
    {.command = "resolve"},
    {.command = "close"},
};

static const struct deed *find_deed(const char *command) {
    for (size_t i = 0; i < ARRAY_SIZE(deeds); i++)
        if (strcmp(deeds[i].command, command) == 0)
            return &deeds[i];
    return NULL;
}

static bool refuse_duty(const struct duty *duty, struct err *err) {
    const struct step *step = duty->step;
    return err_set(err, ERR_REFUSED, "the rollback needs a person", duty->words,
                   step && step->reason ? step->reason : "see the timeline above");
}

/* COMMAND [STEP or ROLE] WORDS… [EVIDENCE] */
static bool do_duty(struct demo *demo, const struct duty *duty, struct err *err) {
    const struct deed *deed = find_deed(duty->command);
    const char *words[2 + ARRAY_SIZE(deed->words) + 2] = {duty->command};
    size_t count = 1;
    if (!deed)
        return refuse_duty(duty, err);
    if (duty->step || duty->role)
        words[count++] = duty->step ? duty->step->spec->id : duty->role;
    for (size_t i = 0; i < ARRAY_SIZE(deed->words) && deed->words[i]; i++)
        words[count++] = deed->words[i];
    if (deed->evidence)
        words[count++] = deed->evidence(demo, err);
    return ask(demo, words, err);
}

/* ---- the timeline ---- */

static void tell_event(const struct incident *incident, const struct event *event) {
    char *scratch = xtalloc_size(NULL, 0);
    out_line("%s %-8s %s", time_clock(scratch, event->at_ms), event->actor,
             event_sentence(scratch, incident, event));
    talloc_free(scratch);
}

static void tell_news(struct demo *demo) {
    const struct incident *incident = state_incident(hub_state(demo->hub), demo->incident);
    for (; incident && demo->told < incident->events_count; demo->told++)
        tell_event(incident, &incident->events[demo->told]);
    out_flush();
}

/* ---- to the end ---- */

static void hear_hub(struct demo *demo) {
    struct hub_item item;
    while (hub_next(demo->hub, loop_moment(demo->loop), &item))
        door_item(demo->door, &item);
}

static const struct incident *incident_now(struct demo *demo) {
    hear_hub(demo);
    return state_incident(hub_state(demo->hub), demo->incident);
}

/* Something waits on the player, or nothing ever will again. */
static bool is_my_turn(struct demo *demo) {
    const struct incident *incident = incident_now(demo);
    char *scratch = xtalloc_size(NULL, 0);
    tell_news(demo);
    bool mine =
        !incident_is_open(incident) || incident_duties(scratch, incident, demo->actor).count > 0;
    talloc_free(scratch);
    return mine;
}

static bool refuse_waiting(struct demo *demo, struct err *err) {
    if (demo->interrupted)
        return err_set(err, ERR_UNAVAILABLE, "the demo was interrupted", NULL, NULL);
    return err_set(err, ERR_UNAVAILABLE, "the rollback did not go on", "nothing happened for 60 s",
                   "try it again with --keep, and look at its store");
}

/* One duty at a time, the most urgent first, and then what waits is looked up anew: steps that may
 * run side by side are all started before any of them is waited for. */
bool drive_to_the_end(struct demo *demo, struct err *err) {
    bool going = true;
    while (going && incident_is_open(incident_now(demo))) {
        if (!demo_wait(demo, is_my_turn, END_MS))
            return refuse_waiting(demo, err);
        char *scratch = xtalloc_size(NULL, 0);
        struct duties duties = incident_duties(scratch, incident_now(demo), demo->actor);
        going = duties.count == 0 || do_duty(demo, &duties.list[0], err);
        talloc_free(scratch);
    }
    tell_news(demo);
    return going;
}

/* ---- stopping ---- */

static const struct run *running(const struct incident *incident, size_t index) {
    const struct step *step = &incident->steps[index];
    return step_state_is_open(step_state(incident, step)) ? step_run(step) : NULL;
}

static bool nothing_runs(struct demo *demo) {
    const struct incident *incident = incident_now(demo);
    for (size_t i = 0; i < incident->steps_count; i++)
        if (running(incident, i))
            return false;
    return true;
}

static void abort_runs(struct demo *demo, const struct incident *incident) {
    struct err *err = err_new(NULL);
    for (size_t i = 0; i < incident->steps_count; i++) {
        const char *const words[] = {"abort", incident->steps[i].spec->id, "--reason",
                                     "the demo is over", NULL};
        if (running(incident, i))
            ask(demo, words, err);
    }
    talloc_free(err);
}

/* A runner's command dies with it. */
static void kill_runs(const struct incident *incident) {
    for (size_t i = 0; i < incident->steps_count; i++)
        if (running(incident, i))
            kill((pid_t)running(incident, i)->pid, SIGKILL);
}

void drive_stop(struct demo *demo) {
    if (!demo->hub || !demo->incident || nothing_runs(demo))
        return;
    demo->interrupted = false;
    abort_runs(demo, incident_now(demo));
    if (!demo_wait(demo, nothing_runs, STOP_MS))
        kill_runs(incident_now(demo));
}
