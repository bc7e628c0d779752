#include "config.h"

#include "incident/waits.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "incident/decide.h"
#include "incident/events.h"
#include "incident/levels.h"
#include "incident/status.h"

#include <string.h>

struct listing {
    const struct incident *incident;
    const char *person;
    struct duties *duties;
    const void *parent;
};

/* Nothing waits on somebody who may not do it. */
static bool may(const struct listing *listing, const char *command, const struct step *step,
                const char *role) {
    struct act act = {.state = listing->incident->state,
                      .incident = listing->incident,
                      .step = step,
                      .person = listing->person};
    bool takes = role && strcmp(command, "take") == 0;
    return act_role(&act, command_find(command)->who) && (!takes || act_may_take(&act, role));
}

static void add(struct listing *listing, struct duty duty) {
    struct duties *duties = listing->duties;
    if (!may(listing, duty.command, duty.step, duty.role))
        return;
    duties->list = xtalloc_realloc(listing->parent, duties->list, struct duty, duties->count + 1);
    duties->list[duties->count++] = duty;
}

static bool is_me(const struct listing *listing, const char *person) {
    return person && strcmp(person, listing->person) == 0;
}

/* Where nobody commands, what waits on the commander waits on everybody who may. */
static bool i_command(const struct listing *listing) {
    const char *commander = incident_commander(listing->incident);
    return !commander || is_me(listing, commander);
}

static void add_step(struct listing *listing, const char *verb, const char *command,
                     const struct step *step) {
    add(listing,
        (struct duty){.words = xtalloc_asprintf(listing->parent, "%s %s", verb, step->label),
                      .command = command,
                      .step = step});
}

static void wait_accept(struct listing *listing) {
    for (size_t i = 0; i < listing->incident->roles_count; i++) {
        const struct role_holding *holding = &listing->incident->roles[i];
        if (is_me(listing, holding->offered_to))
            add(listing,
                (struct duty){.words = xtalloc_asprintf(listing->parent, "accept %s from %s",
                                                        holding->role, holding->offered_by),
                              .command = "accept",
                              .role = holding->role});
    }
}

/* Whoever may answer it sees it: the deputy too. */
static void wait_answer(struct listing *listing) {
    const struct incident *incident = listing->incident;
    for (size_t i = 0; i < incident->concerns_count; i++) {
        const struct concern *concern = &incident->concerns[i];
        if (!concern->answered.by && incident_is_led_by(incident, listing->person))
            add(listing,
                (struct duty){.words = xtalloc_asprintf(listing->parent, "answer %s's concern",
                                                        concern->raised.by),
                              .command = "answer",
                              .concern = concern->number});
    }
}

/* Any word of theirs shows that the page has reached them. */
static bool has_spoken_since(const struct listing *listing, int64_t seq) {
    const struct incident *incident = listing->incident;
    for (size_t i = incident->events_count; i-- > 0 && incident->events[i].seq > seq;)
        if (event_is_spoken(&incident->events[i]) && is_me(listing, incident->events[i].actor))
            return true;
    return false;
}

static bool has_paged_me(const struct listing *listing, const struct fired *fired) {
    bool me = false;
    for (const char *const *person = fired->people; *person; person++)
        me = me || is_me(listing, *person);
    return me && fired_is_current(listing->incident, fired) &&
           !has_spoken_since(listing, fired->seq);
}

/* The latest for whatever reason is enough: the board says the rest. */
static void wait_paged(struct listing *listing) {
    const struct incident *incident = listing->incident;
    for (size_t i = incident->fired_count; i-- > 0;) {
        const struct fired *fired = &incident->fired[i];
        enum lateness late;
        if (!has_paged_me(listing, fired) || !lateness_parse(fired->late, &late))
            continue;
        const char *what = late_words(listing->parent, late, incident_step(incident, fired->step));
        add(listing,
            (struct duty){.words = xtalloc_asprintf(listing->parent, "you were paged: %s", what),
                          .command = "note"});
        return;
    }
}

static void wait_report(struct listing *listing) {
    for (size_t i = 0; i < listing->incident->steps_count; i++) {
        const struct step *step = &listing->incident->steps[i];
        if (!is_me(listing, step->report.person))
            continue;
        add(listing, (struct duty){.words = xtalloc_asprintf(listing->parent, "report to %s: %s",
                                                             step->report.by, step->label),
                                   .command = "eta",
                                   .step = step});
    }
}

static void wait_acknowledge(struct listing *listing) {
    if (incident_phase(listing->incident) == PHASE_DECLARED)
        add(listing, (struct duty){.words = "acknowledge", .command = "ack"});
}

static void wait_command(struct listing *listing) {
    if (!incident_commander(listing->incident) && incident_phase(listing->incident) < PHASE_WELL)
        add(listing,
            (struct duty){.words = "take command", .command = "take", .role = "commander"});
}

static void wait_unknown(struct listing *listing, const struct step *step) {
    if (!step_run(step) &&
        (i_command(listing) || is_me(listing, step_person(listing->incident, step))))
        add_step(listing, "settle", "settle", step);
}

static void wait_failed(struct listing *listing, const struct step *step) {
    if (step->spec->on_failure != FAILURE_CONTINUE &&
        (i_command(listing) || is_me(listing, step_person(listing->incident, step))))
        add_step(listing, may(listing, "skip", step, NULL) ? "retry or skip" : "retry", "retry",
                 step);
}

static void wait_running(struct listing *listing, const struct step *step) {
    if (step_is_by_hand(listing->incident, step) &&
        is_me(listing, step_attempt(step) ? step_attempt(step)->by : NULL))
        add_step(listing, "done?", "done", step);
}

static void wait_ready(struct listing *listing, const struct step *step) {
    const char *person = step_person(listing->incident, step);
    if (!step_is_paused(listing->incident, step) && (!person || is_me(listing, person)))
        add_step(listing, "start", "start", step);
}

static void (*const step_rules[STEP_STATE_COUNT])(struct listing *, const struct step *) = {
    [STEP_UNKNOWN] = wait_unknown,
    [STEP_FAILED] = wait_failed,
    [STEP_RUNNING] = wait_running,
    [STEP_READY] = wait_ready,
};

/* Worst first: what nobody knows, what failed, what I am doing, what I could start. */
static void wait_steps(struct listing *listing) {
    static const enum step_state order[] = {STEP_UNKNOWN, STEP_FAILED, STEP_RUNNING, STEP_READY};
    for (size_t o = 0; o < ARRAY_SIZE(order); o++)
        for (size_t i = 0; i < listing->incident->steps_count; i++)
            if (step_state(listing->incident, &listing->incident->steps[i]) == order[o])
                step_rules[order[o]](listing, &listing->incident->steps[i]);
}

static void wait_decide(struct listing *listing) {
    if (incident_phase(listing->incident) == PHASE_ACKNOWLEDGED && i_command(listing))
        add(listing, (struct duty){.words = "decide", .command = "decide"});
}

/* A way back that was thought out beforehand beats one made up now; it can be adopted at any time.
 */
static void wait_plan(struct listing *listing) {
    if (!listing->incident->plan && incident_phase(listing->incident) == PHASE_ACKNOWLEDGED &&
        i_command(listing))
        add(listing, (struct duty){.words = "adopt a plan", .command = "adopt"});
}

static void wait_resume(struct listing *listing) {
    if (listing->incident->paused.by && !listing->incident->paused_for && i_command(listing))
        add(listing, (struct duty){.words = "resume", .command = "resume"});
}

/* Nothing is left to do: a failure that the plan goes on after is an end too. */
static bool all_over(const struct incident *incident) {
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct step *step = &incident->steps[i];
        enum step_state state = step_state(incident, step);
        bool failed = state == STEP_FAILED && step->spec->on_failure == FAILURE_CONTINUE;
        if (!step_state_is_over(state) && !failed)
            return false;
    }
    return true;
}

/* The end is asked for one word at a time: well, told, closed. */
static void wait_end(struct listing *listing) {
    enum phase phase = incident_phase(listing->incident);
    if (!i_command(listing))
        return;
    if (phase >= PHASE_DECIDED && phase <= PHASE_ROLLING_FORWARD && all_over(listing->incident))
        add(listing, (struct duty){.words = "recover: is it well?", .command = "recover"});
    if (phase == PHASE_WELL)
        add(listing, (struct duty){.words = "resolve", .command = "resolve"});
    if (phase == PHASE_TOLD)
        add(listing, (struct duty){.words = "close", .command = "close"});
}

static void (*const rules[])(struct listing *listing) = {
    wait_paged,  wait_accept, wait_acknowledge, wait_command, wait_decide, wait_plan,
    wait_resume, wait_report, wait_steps,       wait_answer,  wait_end};

struct duties incident_duties(const void *parent, const struct incident *incident,
                              const char *person) {
    struct duties duties = {0};
    struct listing listing = {incident, person, &duties, parent};
    for (size_t i = 0; incident_is_open(incident) && i < ARRAY_SIZE(rules); i++)
        rules[i](&listing);
    return duties;
}
