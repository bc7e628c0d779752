#include "config.h"

#include "incident/levels.h"

#include "base/array.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "incident/status.h"

#include <stdlib.h>
#include <string.h>

/* Where no roster says otherwise. */
#define SNOOZE_MS (30 * MINUTE_MS)

/* ---- time ------------------------------------------------------------------------------------ */

int64_t snooze_longest_ms(const struct incident *incident) {
    const struct roster *roster = incident->state->roster;
    return roster ? roster->snooze_ms : SNOOZE_MS;
}

static int64_t later(int64_t at_ms, int64_t by_ms) {
    int64_t later_ms;
    return __builtin_add_overflow(at_ms, by_ms, &later_ms) ? INT64_MAX : later_ms;
}

/* A snooze moves what would be due before its end to there, but nothing by more than the longest
 * snooze, however often it is done. */
static int64_t with_snooze(const struct incident *incident, int64_t due_ms) {
    int64_t until_ms = incident->snooze.until_ms;
    int64_t latest_ms = later(due_ms, snooze_longest_ms(incident));
    if (due_ms >= until_ms)
        return due_ms;
    return until_ms < latest_ms ? until_ms : latest_ms;
}

/* The same turned around: by now everything is due whose own time is not after this. */
static int64_t reached_ms(const struct incident *incident, int64_t now_ms) {
    return now_ms >= incident->snooze.until_ms ? now_ms : now_ms - snooze_longest_ms(incident);
}

/* ---- what can be late ------------------------------------------------------------------------ */

/* One thing that is late or will be, and how far its levels have been fired. */
struct thing {
    enum lateness late;
    const struct step *step;
    int64_t onset_ms;
    int64_t number, repeat; /* of the highest level that was fired; 0, 0: none */
};

struct visit {
    const struct incident *incident;
    void (*fn)(void *data, struct thing thing);
    void *data;
};

static void late_unacknowledged(const struct visit *visit) {
    const struct incident *incident = visit->incident;
    if (incident_phase(incident) == PHASE_DECLARED)
        visit->fn(visit->data,
                  (struct thing){LATE_UNACKNOWLEDGED, NULL, incident->declared.at_ms, 0, 0});
}

static void late_undecided(const struct visit *visit) {
    const struct incident *incident = visit->incident;
    if (incident_phase(incident) <= PHASE_ACKNOWLEDGED)
        visit->fn(visit->data,
                  (struct thing){LATE_UNDECIDED, NULL, incident->declared.at_ms, 0, 0});
}

/* Each attempt anew, from the moment its time is up. */
static void late_steps(const struct visit *visit) {
    const struct incident *incident = visit->incident;
    for (size_t i = 0; i < incident->steps_count && !incident->recovered.by; i++) {
        const struct step *step = &incident->steps[i];
        int64_t due_ms = step_due_ms(incident, step);
        if (due_ms)
            visit->fn(visit->data, (struct thing){LATE_STEP, step, due_ms, 0, 0});
    }
}

static void late_recovery(const struct visit *visit) {
    const struct incident *incident = visit->incident;
    if (!incident->recovered.by)
        visit->fn(visit->data,
                  (struct thing){LATE_RECOVERY, NULL, incident_began_ms(incident), 0, 0});
}

/* Approvals and notices that are late come with those themselves. */
static void (*const rules[])(const struct visit *visit) = {
    [LATE_UNACKNOWLEDGED] = late_unacknowledged,
    [LATE_UNDECIDED] = late_undecided,
    [LATE_STEP] = late_steps,
    [LATE_RECOVERY] = late_recovery,
};

static void visit_things(const struct visit *visit) {
    for (size_t i = 0; incident_is_open(visit->incident) && i < ARRAY_SIZE(rules); i++)
        if (rules[i])
            rules[i](visit);
}

/* ---- the levels of one thing ----------------------------------------------------------------- */

static bool is_about(const struct fired *fired, const struct thing *thing) {
    const char *step = thing->step ? thing->step->spec->id : NULL;
    return text_same(fired->step, step) && fired->onset_ms == thing->onset_ms &&
           strcmp(fired->late, lateness_name(thing->late)) == 0;
}

/* A level covers all below it. */
static void find_highest(const struct incident *incident, struct thing *thing) {
    for (size_t i = 0; i < incident->fired_count; i++) {
        const struct fired *fired = &incident->fired[i];
        bool higher = fired->number > thing->number ||
                      (fired->number == thing->number && fired->repeat > thing->repeat);
        if (higher && is_about(fired, thing)) {
            thing->number = fired->number;
            thing->repeat = fired->repeat;
        }
    }
}

/* When an entry is due for the nth time (from 0), by its own time. */
static int64_t own_due_ms(const struct thing *thing, const struct escalation_level *entry,
                          int64_t nth) {
    int64_t after_ms;
    if (__builtin_mul_overflow(entry->after_ms, nth + 1, &after_ms))
        return INT64_MAX;
    return later(thing->onset_ms, after_ms);
}

/* How often an entry came due until then, at most once more than it is repeated. */
static int64_t times_due(const struct thing *thing, const struct escalation_level *entry,
                         int64_t until_ms) {
    if (until_ms < own_due_ms(thing, entry, 0))
        return 0;
    int64_t times = entry->after_ms ? (until_ms - thing->onset_ms) / entry->after_ms : INT64_MAX;
    return times > entry->repeat ? entry->repeat + 1 : times;
}

/* How often it was fired already, or is covered by what was. */
static int64_t times_fired(const struct thing *thing, const struct escalation_level *entry,
                           int64_t number) {
    if (number < thing->number)
        return entry->repeat + 1;
    return number == thing->number ? thing->repeat + 1 : 0;
}

struct listing {
    const struct incident *incident;
    const struct escalation *policy;
    int64_t reached_ms; /* what was due by then, by its own time, is due */
    struct levels *levels;
    const void *parent;
};

static struct level level_of(const struct listing *listing, const struct thing *thing,
                             const struct escalation_level *entry, int64_t number, int64_t nth) {
    return (struct level){
        .late = thing->late,
        .step = thing->step,
        .onset_ms = thing->onset_ms,
        .number = number,
        .repeat = nth,
        .due_ms = with_snooze(listing->incident, own_due_ms(thing, entry, nth)),
        .to = entry->to,
    };
}

static void add(struct listing *listing, struct level level) {
    struct levels *levels = listing->levels;
    levels->list = xtalloc_realloc(listing->parent, levels->list, struct level, levels->count + 1);
    levels->list[levels->count++] = level;
}

/* The entries for such a thing, in their order: the highest that is due, which stands for the
 * others that are; else the soonest to come. */
static void add_thing(void *data, struct thing thing) {
    struct listing *listing = data;
    struct level due = {.missed = -1}, next = {.due_ms = INT64_MAX};
    int64_t number = 0, next_ms = INT64_MAX;
    find_highest(listing->incident, &thing);
    for (size_t i = 0; i < listing->policy->count; i++) {
        const struct escalation_level *entry = &listing->policy->levels[i];
        if (entry->event != thing.late)
            continue;
        int64_t fired = times_fired(&thing, entry, ++number);
        int64_t times = times_due(&thing, entry, listing->reached_ms);
        int64_t missed = due.missed + times - fired;
        if (times > fired) {
            due = level_of(listing, &thing, entry, number, times - 1);
            due.missed = missed;
        } else if (fired <= entry->repeat && own_due_ms(&thing, entry, fired) < next_ms) {
            next_ms = own_due_ms(&thing, entry, fired);
            next = level_of(listing, &thing, entry, number, fired);
        }
    }
    if (due.number || next.number)
        add(listing, due.number ? due : next);
}

/* ---- the list -------------------------------------------------------------------------------- */

static const struct escalation *policy_of(const struct incident *incident) {
    static const struct escalation none;
    const struct roster *roster = incident->state->roster;
    if (incident->plan && incident->plan->escalation.count)
        return &incident->plan->escalation;
    return roster ? &roster->escalation : &none;
}

static int by_due(const void *a, const void *b) {
    int64_t left = ((const struct level *)a)->due_ms, right = ((const struct level *)b)->due_ms;
    return (left > right) - (left < right);
}

struct levels incident_levels(const void *parent, const struct incident *incident, int64_t now_ms) {
    struct levels levels = {0};
    struct listing listing = {.incident = incident,
                              .policy = policy_of(incident),
                              .reached_ms = reached_ms(incident, now_ms),
                              .levels = &levels,
                              .parent = parent};
    struct visit visit = {incident, add_thing, &listing};
    visit_things(&visit);
    if (levels.count)
        qsort(levels.list, levels.count, sizeof(*levels.list), by_due);
    return levels;
}

const struct level *levels_worst(const struct levels *levels, int64_t now_ms) {
    for (size_t i = 0; i < levels->count; i++)
        if (levels->list[i].onset_ms <= now_ms)
            return &levels->list[i];
    return NULL;
}

struct looking {
    const struct fired *fired;
    bool found;
};

static void compare_thing(void *data, struct thing thing) {
    struct looking *looking = data;
    looking->found = looking->found || is_about(looking->fired, &thing);
}

bool fired_is_current(const struct incident *incident, const struct fired *fired) {
    struct looking looking = {.fired = fired};
    struct visit visit = {incident, compare_thing, &looking};
    visit_things(&visit);
    return looking.found;
}
