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

static bool need_is_met(const struct incident *incident, const struct step *step);

static bool needs_are_met(const struct incident *incident, const struct step *step) {
    for (size_t i = 0; i < step->spec->needs_count; i++)
        if (!need_is_met(incident, &incident->steps[step->spec->needs[i]]))
            return false;
    return true;
}

/* A step that the decision leaves out stands in nobody's way, but what it waits for still does:
 * otherwise leaving a middle step out would let a later one overtake an earlier one. */
static bool need_is_met(const struct incident *incident, const struct step *step) {
    if (step->record == STEP_DONE || step->record == STEP_SKIPPED)
        return true;
    if (step->record == STEP_FAILED)
        return step->spec->on_failure == FAILURE_CONTINUE;
    if (step->record == STEP_WAITING && !step->chosen)
        return needs_are_met(incident, step);
    return false;
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

/* The steps that stand in the way, through those that the decision left out; each once. */
static void collect_blockers(const struct incident *incident, const struct step *step,
                             bool *blocking) {
    for (size_t i = 0; i < step->spec->needs_count; i++) {
        size_t index = step->spec->needs[i];
        const struct step *need = &incident->steps[index];
        if (need_is_met(incident, need))
            continue;
        if (need->record == STEP_WAITING && !need->chosen)
            collect_blockers(incident, need, blocking);
        else
            blocking[index] = true;
    }
}

char *step_waits_for(const void *parent, const struct incident *incident, const struct step *step) {
    if (step_state(incident, step) != STEP_WAITING)
        return xtalloc_strdup(parent, "");
    if (!incident_decision(incident))
        return xtalloc_strdup(parent, "no decision yet");
    bool *blocking = xtalloc_zero_array(NULL, bool, incident->steps_count);
    collect_blockers(incident, step, blocking);
    char *words = xtalloc_strdup(parent, "waits for");
    for (size_t i = 0; i < incident->steps_count; i++)
        if (blocking[i])
            words = xtalloc_asprintf_append(words, " %zu", i + 1);
    talloc_free(blocking);
    return words;
}

char *step_label(const void *parent, const struct step *step) {
    return xtalloc_asprintf(parent, "%lld %s", (long long)step->number, step->spec->id);
}

/* ---- the incident -------------------------------------------------------------------------------
 */

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
    const struct decision *decision = incident_decision(incident);
    if (strcmp(decision->option, "forward") == 0)
        return PHASE_ROLLING_FORWARD;
    return incident_counts(incident).chosen ? PHASE_ROLLING_BACK : PHASE_DECIDED;
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

char *incident_go_back(const void *parent, const struct incident *incident) {
    if (!incident->plan || !incident->plan->no_return_step)
        return xtalloc_strdup(parent, "");
    const struct step *step = incident_step(incident, incident->plan->no_return_step);
    if (!step)
        return xtalloc_strdup(parent, "");
    if (step->attempts_count == 0)
        return xtalloc_asprintf(parent, "yes, until %lld", (long long)step->number);
    char *since = time_minute(NULL, step->attempts[0].started_ms);
    char *words = xtalloc_asprintf(parent, "NO since %s", since);
    talloc_free(since);
    return words;
}
