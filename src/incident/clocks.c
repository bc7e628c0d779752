#include "config.h"

#include "incident/clocks.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/levels.h"
#include "incident/status.h"

#include <stdlib.h>
#include <string.h>

#define SECONDS_PER_MINUTE 60

struct listing {
    const struct incident *incident;
    struct targets targets;
    struct clocks *clocks;
    const void *parent;
};

static void add(struct listing *listing, struct clock clock) {
    struct clocks *clocks = listing->clocks;
    clocks->list = xtalloc_realloc(listing->parent, clocks->list, struct clock, clocks->count + 1);
    clocks->list[clocks->count++] = clock;
}

struct targets incident_targets(const struct incident *incident) {
    const struct roster *roster = incident->state->roster;
    struct targets otherwise =
        roster ? targets_merge(&roster->targets, &default_targets) : default_targets;
    return incident->plan ? targets_merge(&incident->plan->targets, &otherwise) : otherwise;
}

static void clock_acknowledge(struct listing *listing) {
    const struct incident *incident = listing->incident;
    if (incident_phase(incident) == PHASE_DECLARED)
        add(listing,
            (struct clock){.what = "acknowledge",
                           .due_ms = incident->declared.at_ms + listing->targets.acknowledge_ms});
}

static void clock_decide(struct listing *listing) {
    const struct incident *incident = listing->incident;
    if (incident_phase(incident) <= PHASE_ACKNOWLEDGED)
        add(listing, (struct clock){.what = "decide",
                                    .due_ms = incident->declared.at_ms + listing->targets.decide_ms,
                                    .who = incident_commander(incident)});
}

static void clock_contain(struct listing *listing) {
    const struct incident *incident = listing->incident;
    const struct step *step = incident_containment(incident);
    if (step && !incident->recovered.by)
        add(listing,
            (struct clock){.what = "contain",
                           .due_ms = incident->declared.at_ms + listing->targets.contain_ms,
                           .who = step_person(incident, step)});
}

/* The box bounds the work of the attempt under way; 0 where there is none. */
static int64_t box_due_ms(const struct incident *incident, const struct step *step) {
    const struct attempt *attempt = step_attempt(step);
    enum step_state state = step_state(incident, step);
    bool at_work = state == STEP_RUNNING || state == STEP_VERIFYING;
    return at_work && attempt && step->spec->box_ms ? attempt->started_ms + step->spec->box_ms : 0;
}

/* `by` bounds the end of what is to come, from the decision on. */
static int64_t end_due_ms(const struct incident *incident, const struct step *step) {
    static const bool to_come[STEP_STATE_COUNT] = {
        [STEP_WAITING] = true, [STEP_READY] = true, [STEP_RUNNING] = true, [STEP_VERIFYING] = true};
    const struct decision *decision = incident_decision(incident);
    bool bounded = to_come[step_state(incident, step)] && decision && step->spec->by_ms;
    return bounded ? decision->at_ms + step->spec->by_ms : 0;
}

int64_t step_due_ms(const struct incident *incident, const struct step *step) {
    int64_t box_ms = box_due_ms(incident, step), end_ms = end_due_ms(incident, step);
    return box_ms && (!end_ms || box_ms < end_ms) ? box_ms : end_ms;
}

static void add_of_step(struct listing *listing, const char *what, const struct step *step,
                        int64_t due_ms, const char *who) {
    if (due_ms)
        add(listing, (struct clock){.what = what, .step = step, .due_ms = due_ms, .who = who});
}

static void clock_step(struct listing *listing, const struct step *step) {
    const struct incident *incident = listing->incident;
    const char *person = step_person(incident, step);
    add_of_step(listing, "step box", step, box_due_ms(incident, step), person);
    add_of_step(listing, "step end", step, end_due_ms(incident, step), person);
    add_of_step(listing, "report", step, step->report.due_ms, step->report.person);
}

static void clock_steps(struct listing *listing) {
    if (listing->incident->recovered.by)
        return;
    for (size_t i = 0; i < listing->incident->steps_count; i++)
        clock_step(listing, &listing->incident->steps[i]);
}

/* Silence at the top is a danger of its own; the deputy is there to break it. */
static void clock_call_out(struct listing *listing) {
    const struct incident *incident = listing->incident;
    const char *commander = incident_commander(incident);
    const struct role_holding *deputy = incident_role(incident, "deputy");
    if (commander && !incident->recovered.by)
        add(listing,
            (struct clock){.what = "call-out",
                           .due_ms = incident->commander_spoke_ms + listing->targets.call_out_ms,
                           .who = deputy && deputy->holder ? deputy->holder : commander});
}

int64_t incident_began_ms(const struct incident *incident) {
    return incident->detected_ms ? incident->detected_ms : incident->declared.at_ms;
}

static void clock_recover(struct listing *listing) {
    const struct incident *incident = listing->incident;
    if (incident->plan && incident->plan->rto_ms && !incident->recovered.by)
        add(listing, (struct clock){.what = "recover target",
                                    .due_ms = incident_began_ms(incident) + incident->plan->rto_ms,
                                    .who = incident_commander(incident)});
}

/* Of all that is to come the soonest is enough: it may call off the others. */
static void clock_page(struct listing *listing) {
    const struct incident *incident = listing->incident;
    struct levels levels = incident_levels(listing->parent, incident, LEVELS_TO_COME);
    if (levels.count)
        add(listing,
            (struct clock){.what = "next page",
                           .page = true,
                           .due_ms = levels.list[0].due_ms,
                           .who = level_called(listing->parent, incident, &levels.list[0]).words});
}

static void (*const rules[])(struct listing *listing) = {
    clock_acknowledge, clock_contain, clock_decide, clock_steps,
    clock_call_out,    clock_recover, clock_page};

static int by_due(const void *a, const void *b) {
    int64_t left = ((const struct clock *)a)->due_ms, right = ((const struct clock *)b)->due_ms;
    return (left > right) - (left < right);
}

struct clocks incident_clocks(const void *parent, const struct incident *incident) {
    struct clocks clocks = {0};
    struct listing listing = {incident, incident_targets(incident), &clocks, parent};
    if (!incident_is_open(incident))
        return clocks;
    for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
        rules[i](&listing);
    if (clocks.count)
        qsort(clocks.list, clocks.count, sizeof(*clocks.list), by_due);
    return clocks;
}

char *clock_label(const void *parent, const struct clock *clock) {
    static const struct {
        const char *what, *before, *behind;
    } labels[] = {{"step box", "", ""}, {"step end", "", " end"}, {"report", "report ", ""}};
    for (size_t i = 0; clock->step && i < ARRAY_SIZE(labels); i++)
        if (strcmp(labels[i].what, clock->what) == 0)
            return xtalloc_asprintf(parent, "%s%s%s", labels[i].before, clock->step->label,
                                    labels[i].behind);
    return xtalloc_strdup(parent, clock->what);
}

const struct clock *clocks_worst(const struct clocks *clocks, int64_t now_ms) {
    const struct clock *next = clocks_next(clocks);
    return next && next->due_ms < now_ms ? next : NULL;
}

const struct clock *clocks_next(const struct clocks *clocks) {
    for (size_t i = 0; i < clocks->count; i++)
        if (!clocks->list[i].page)
            return &clocks->list[i];
    return NULL;
}

char *clock_due_words(const void *parent, const struct clock *clock, int64_t now_ms) {
    char *left = duration_clock(NULL, clock->due_ms - now_ms);
    char *words = xtalloc_asprintf(parent, "%s%s", clock->due_ms < now_ms ? "+" : "in ", left);
    talloc_free(left);
    return words;
}

int64_t incident_age_ms(const struct incident *incident, int64_t now_ms) {
    int64_t ended_ms = incident->closed.by ? incident->closed.at_ms : incident->abandoned.at_ms;
    return (incident_is_open(incident) ? now_ms : ended_ms) - incident->declared.at_ms;
}

int64_t incident_cost(const struct incident *incident, int64_t now_ms) {
    if (!incident->plan || !incident->plan->cost_minor_per_minute)
        return 0;
    int64_t until = incident->recovered.by ? incident->recovered.at_ms : now_ms;
    int64_t seconds = (until - incident_began_ms(incident)) / SECOND_MS;
    int64_t cost;
    if (seconds <= 0)
        return 0;
    bool beyond = __builtin_mul_overflow(seconds, incident->plan->cost_minor_per_minute, &cost);
    return (beyond ? INT64_MAX : cost) / SECONDS_PER_MINUTE;
}
