#include "config.h"

#include "incident/status.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"

#include <string.h>

static const struct {
    const char *name;
    bool over, open;
} step_states[STEP_STATE_COUNT] = {
    [STEP_WAITING] = {.name = "waiting"},
    [STEP_GATED] = {.name = "gated"},
    [STEP_READY] = {.name = "ready"},
    [STEP_RUNNING] = {.name = "running", .open = true},
    [STEP_VERIFYING] = {.name = "verifying", .open = true},
    [STEP_UNKNOWN] = {.name = "unknown", .open = true},
    [STEP_FAILED] = {.name = "failed"},
    [STEP_DONE] = {.name = "done", .over = true},
    [STEP_SKIPPED] = {.name = "skipped", .over = true},
    [STEP_NOT_CHOSEN] = {.name = "not_chosen", .over = true},
};

const char *step_state_name(enum step_state state) {
    return step_states[state].name;
}

bool step_state_is_over(enum step_state state) {
    return step_states[state].over;
}

bool step_state_is_open(enum step_state state) {
    return step_states[state].open;
}

/* A handler is no part of the sequence: it becomes ready when the step it handles has failed. */
static const struct step *handled_step(const struct incident *incident,
                                       const struct step *handler) {
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct plan_step *spec = incident->steps[i].spec;
        if (spec->on_failure == FAILURE_RUN && strcmp(spec->failure_step, handler->spec->id) == 0 &&
            incident->steps[i].record == STEP_FAILED)
            return &incident->steps[i];
    }
    return NULL;
}

/* A step that the decision leaves out stands in nobody's way, but what it waits for still does:
 * otherwise leaving a middle step out would let a later one overtake an earlier one. */
static bool is_left_out(const struct step *step) {
    return step->record == STEP_WAITING && !step->chosen;
}

static bool is_met(const struct step *step) {
    return step->record == STEP_DONE || step->record == STEP_SKIPPED ||
           (step->record == STEP_FAILED && step->spec->on_failure == FAILURE_CONTINUE);
}

/* Marks in `seen` every step that is reached through needs, going on behind those left out. Each is
 * entered once, so that neither many paths nor a circle in a foreign plan can make this long. */
static void follow_needs(const struct incident *incident, const struct step *step, bool *seen) {
    for (size_t i = 0; i < step->spec->needs_count; i++) {
        size_t index = step->spec->needs[i];
        if (seen[index])
            continue;
        seen[index] = true;
        if (is_left_out(&incident->steps[index]))
            follow_needs(incident, &incident->steps[index], seen);
    }
}

/* For each step whether it stands in the way of this one. */
static bool *blockers(const struct incident *incident, const struct step *step) {
    bool *blocking = xtalloc_zero_array(NULL, bool, incident->steps_count);
    follow_needs(incident, step, blocking);
    for (size_t i = 0; i < incident->steps_count; i++)
        blocking[i] =
            blocking[i] && !is_left_out(&incident->steps[i]) && !is_met(&incident->steps[i]);
    return blocking;
}

static bool needs_behind_are_met(const struct incident *incident, const struct step *step) {
    bool *blocking = blockers(incident, step);
    bool met = true;
    for (size_t i = 0; i < incident->steps_count && met; i++)
        met = !blocking[i];
    talloc_free(blocking);
    return met;
}

/* Mostly the steps it names are all there is to ask; only behind one left out it goes on. */
static bool needs_are_met(const struct incident *incident, const struct step *step) {
    bool behind = false;
    for (size_t i = 0; i < step->spec->needs_count; i++) {
        const struct step *need = &incident->steps[step->spec->needs[i]];
        if (is_left_out(need))
            behind = true;
        else if (!is_met(need))
            return false;
    }
    return !behind || needs_behind_are_met(incident, step);
}

static enum step_state computed_state(const struct incident *incident, const struct step *step) {
    if (!incident_decision(incident))
        return STEP_WAITING;
    if (step->spec->handler)
        return handled_step(incident, step) ? STEP_READY : STEP_NOT_CHOSEN;
    if (!step->chosen)
        return STEP_NOT_CHOSEN;
    return needs_are_met(incident, step) ? STEP_READY : STEP_WAITING;
}

enum step_state step_state(const struct incident *incident, const struct step *step) {
    return step->record == STEP_WAITING ? computed_state(incident, step) : step->record;
}

char *step_waits_for(const void *parent, const struct incident *incident, const struct step *step) {
    if (step_state(incident, step) != STEP_WAITING)
        return xtalloc_strdup(parent, "");
    if (!incident_decision(incident))
        return xtalloc_strdup(parent, "no decision yet");
    bool *blocking = blockers(incident, step);
    char *words = xtalloc_strdup(parent, "waits for");
    for (size_t i = 0; i < incident->steps_count; i++)
        if (blocking[i])
            words = xtalloc_asprintf_append(words, " %zu", i + 1);
    talloc_free(blocking);
    return words;
}

/* A failure that pauses the rest must not stop what is done about it. */
bool step_is_paused(const struct incident *incident, const struct step *step) {
    const char *failed = incident->paused_for;
    if (!incident->paused.by)
        return false;
    if (!failed)
        return true;
    const struct step *handled = step->spec->handler ? handled_step(incident, step) : step;
    return !handled || handled->record != STEP_FAILED;
}

char *step_says(const void *parent, const struct step *step, bool brief) {
    const struct estimate *estimate = &step->estimate;
    if (!estimate->by)
        return xtalloc_strdup(parent, "");
    char *due = time_minute(NULL, estimate->due_ms);
    bool full = estimate->text && !brief;
    char *words = full ? xtalloc_asprintf(parent, "says %s \"%s\"", due, estimate->text)
                       : xtalloc_asprintf(parent, "says %s", due);
    talloc_free(due);
    return words;
}

const struct step *incident_containment(const struct incident *incident) {
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct step *step = &incident->steps[i];
        if (step->spec->phase == PHASE_CONTAIN && !step_state_is_over(step_state(incident, step)))
            return step;
    }
    return NULL;
}

/* --- the incident ----------------------------------------------------------------------------- */

static const struct {
    const char *name, *words, *customer;
} phases[PHASE_COUNT] = {
    [PHASE_DECLARED] = {"declared", "DECLARED", "investigating"},
    [PHASE_ACKNOWLEDGED] = {"acknowledged", "ACKNOWLEDGED", "investigating"},
    [PHASE_DECIDED] = {"decided", "HOLDING", "identified"},
    [PHASE_ROLLING_BACK] = {"rolling_back", "ROLLING BACK", "identified"},
    [PHASE_ROLLING_FORWARD] = {"rolling_forward", "ROLLING FORWARD", "identified"},
    [PHASE_WELL] = {"well", "WELL", "monitoring"},
    [PHASE_TOLD] = {"told", "RESOLVED", "resolved"},
    [PHASE_CLOSED] = {"closed", "CLOSED", "resolved"},
    [PHASE_ABANDONED] = {"abandoned", "ABANDONED", "resolved"},
};

const char *phase_name(enum phase phase) {
    return phases[phase].name;
}

const char *phase_words(enum phase phase) {
    return phases[phase].words;
}

const char *phase_customer_word(enum phase phase) {
    return phases[phase].customer;
}

bool phase_parse(const char *name, enum phase *phase) {
    for (size_t i = 0; i < ARRAY_SIZE(phases); i++) {
        if (strcmp(phases[i].name, name) == 0) {
            *phase = (enum phase)i;
            return true;
        }
    }
    return false;
}

static enum phase decided_phase(const struct incident *incident) {
    const char *option = incident_decision(incident)->option;
    if (strcmp(option, "forward") == 0)
        return PHASE_ROLLING_FORWARD;
    if (strcmp(option, "back") == 0) /* by hand, where no plan has steps for it */
        return PHASE_ROLLING_BACK;
    for (size_t i = 0; i < incident->steps_count; i++)
        if (incident->steps[i].chosen)
            return PHASE_ROLLING_BACK;
    return PHASE_DECIDED;
}

enum phase incident_phase(const struct incident *incident) {
    if (incident->abandoned.by)
        return PHASE_ABANDONED;
    if (incident->closed.by)
        return PHASE_CLOSED;
    if (incident->resolved.by)
        return PHASE_TOLD;
    if (incident->recovered.by)
        return PHASE_WELL;
    if (incident_decision(incident))
        return decided_phase(incident);
    return incident->acknowledged.by ? PHASE_ACKNOWLEDGED : PHASE_DECLARED;
}

struct step_counts incident_counts(const struct incident *incident) {
    struct step_counts counts = {0};
    for (size_t i = 0; i < incident->steps_count; i++) {
        enum step_state state = step_state(incident, &incident->steps[i]);
        if (state == STEP_NOT_CHOSEN)
            continue;
        counts.chosen++;
        counts.over += step_state_is_over(state);
        counts.running += state == STEP_RUNNING || state == STEP_VERIFYING;
        counts.unknown += state == STEP_UNKNOWN;
        counts.failed += state == STEP_FAILED;
        counts.ready += state == STEP_READY;
    }
    return counts;
}

/* The first attempt that may have crossed the line; NULL when none did. */
static const struct attempt *crossing(const struct step *step) {
    for (size_t i = 0; i < step->attempts_count; i++)
        if (!step->attempts[i].absent)
            return &step->attempts[i];
    return NULL;
}

char *incident_go_back(const void *parent, const struct incident *incident) {
    const char *line = incident->plan ? incident->plan->no_return_step : NULL;
    const struct step *step = incident_step(incident, line);
    if (!step)
        return xtalloc_strdup(parent, "");
    const struct attempt *crossed = crossing(step);
    if (crossed) {
        char *since = time_minute(NULL, crossed->started_ms);
        char *words = xtalloc_asprintf(parent, "NO since %s", since);
        talloc_free(since);
        return words;
    }
    if (step_state_is_over(step_state(incident, step)))
        return xtalloc_strdup(parent, "yes");
    return xtalloc_asprintf(parent, "yes, until %lld", (long long)step->number);
}
