/* When the wall clock is set, every instant that something is counted from is set with it: ages,
 * countdowns and what was spent go on as if nothing had happened. The timeline keeps the times as
 * they were read. */
#include "config.h"

#include "incident/fold_kinds.h"

#include "base/array.h"
#include "base/time.h"

/* Nobody's clock is wrong by more. */
#define LONGEST_STEP_MS (36500 * DAY_MS)

/* What never happened (0) stays so. Bodies may hold any number: at the ends it stays there. */
static void shift(int64_t *at_ms, int64_t by_ms) {
    if (*at_ms && __builtin_add_overflow(*at_ms, by_ms, at_ms))
        *at_ms = by_ms > 0 ? INT64_MAX : INT64_MIN;
}

static void shift_marks(struct incident *incident, int64_t by_ms) {
    struct mark *marks[] = {&incident->declared, &incident->acknowledged, &incident->adopted,
                            &incident->paused,   &incident->recovered,    &incident->resolved,
                            &incident->closed,   &incident->abandoned};
    for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
        shift(&marks[i]->at_ms, by_ms);
    shift(&incident->detected_ms, by_ms);
    shift(&incident->commander_spoke_ms, by_ms);
    for (size_t i = 0; i < incident->decisions_count; i++)
        shift(&incident->decisions[i].at_ms, by_ms);
    for (size_t i = 0; i < incident->roles_count; i++)
        shift(&incident->roles[i].since_ms, by_ms);
    for (size_t i = 0; i < incident->concerns_count; i++) {
        shift(&incident->concerns[i].raised.at_ms, by_ms);
        shift(&incident->concerns[i].answered.at_ms, by_ms);
    }
}

static void shift_levels(struct incident *incident, int64_t by_ms) {
    shift(&incident->snooze.until_ms, by_ms);
    for (size_t i = 0; i < incident->fired_count; i++) {
        shift(&incident->fired[i].onset_ms, by_ms);
        shift(&incident->fired[i].due_ms, by_ms);
        shift(&incident->fired[i].mark.at_ms, by_ms);
    }
    for (size_t i = 0; i < incident->deliveries_count; i++) {
        shift(&incident->deliveries[i].at_ms, by_ms);
        shift(&incident->deliveries[i].until_ms, by_ms);
    }
}

static void shift_step(struct step *step, int64_t by_ms) {
    for (size_t i = 0; i < step->attempts_count; i++) {
        shift(&step->attempts[i].started_ms, by_ms);
        shift(&step->attempts[i].ended_ms, by_ms);
    }
    for (size_t i = 0; i < step->runs_count; i++)
        shift(&step->runs[i].started_ms, by_ms);
    shift(&step->estimate.due_ms, by_ms);
    shift(&step->report.due_ms, by_ms);
    shift(&step->changed_ms, by_ms);
}

/* Former steps may come back with another plan. */
bool fold_clock_stepped(const struct folding *folding) {
    const struct body_clock_stepped *body = folding->body;
    struct incident *incident = folding->incident;
    if (body->by_ms > LONGEST_STEP_MS || body->by_ms < -LONGEST_STEP_MS)
        return false;
    shift_marks(incident, body->by_ms);
    shift_levels(incident, body->by_ms);
    for (size_t i = 0; i < incident->steps_count; i++)
        shift_step(&incident->steps[i], body->by_ms);
    for (size_t i = 0; i < incident->former_count; i++)
        shift_step(&incident->former[i], body->by_ms);
    return true;
}
