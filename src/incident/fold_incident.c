#include "config.h"

#include "incident/fold_kinds.h"

#include "base/xtalloc.h"

#include <string.h>

static struct mark mark_now(const struct folding *folding, const char *reason) {
    const struct event *event = folding->event;
    return (struct mark){.by = keep_text(folding->incident, event->actor),
                         .at_ms = event->at_ms,
                         .reason = keep_text(folding->incident, reason)};
}

static struct mark mark_of_reason(const struct folding *folding) {
    const struct body_reason *body = folding->body;
    return mark_now(folding, body->reason);
}

bool fold_store_created(const struct folding *folding) {
    const struct body_store_created *body = folding->body;
    struct state *state = folding->state;
    if (!body->store || strlen(body->store) >= sizeof(state->store))
        return false;
    memcpy(state->store, body->store, strlen(body->store) + 1);
    state->format = body->format;
    return true;
}

/* Parsed once per digest, whoever froze it again. */
bool fold_plan_frozen(const struct folding *folding) {
    const struct body_plan_frozen *body = folding->body;
    struct state *state = folding->state;
    struct plan *plan;
    if (!body->sha256 || !body->text)
        return false;
    if (state_plan(state, body->sha256))
        return true;
    if (!plan_load(state, body->text, strlen(body->text), &plan, folding->err))
        return false;
    *ARRAY_GROW(state, state->plans, state->plans_count) = plan;
    return true;
}

/* Keeps the list sorted by number, which bsearch needs; a declaration is nearly always the newest.
 */
static void insert_incident(struct state *state, struct incident *incident) {
    ARRAY_GROW(state, state->incidents, state->incidents_count);
    size_t at = state->incidents_count - 1;
    for (; at > 0 && state->incidents[at - 1]->number > incident->number; at--)
        state->incidents[at] = state->incidents[at - 1];
    state->incidents[at] = incident;
}

bool fold_declared(const struct folding *folding) {
    const struct body_declared *body = folding->body;
    if (folding->incident || folding->event->incident <= 0)
        return false;
    struct incident *incident = xtalloc_zero(folding->state, struct incident);
    incident->number = folding->event->incident;
    incident->title = xtalloc_strdup(incident, body->title ? body->title : "");
    incident->service = xtalloc_strdup(incident, body->service ? body->service : "");
    incident->severity = body->severity;
    incident->drill = body->drill;
    incident->detected_by = keep_text(incident, body->detected_by);
    incident->detected_ms = body->detected_at;
    incident->declared = (struct mark){.by = keep_text(incident, folding->event->actor),
                                       .at_ms = folding->event->at_ms};
    insert_incident(folding->state, incident);
    return true;
}

static const struct step *old_step(const struct step *steps, size_t count, const char *id) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(steps[i].spec->id, id) == 0)
            return &steps[i];
    return NULL;
}

/* What was done under the plan before stays done, step by step, by id. */
static void adopt_steps(struct incident *incident, const struct plan *plan) {
    struct step *before = incident->steps;
    size_t before_count = incident->steps_count;
    incident->steps = xtalloc_zero_array(incident, struct step, plan->steps_count);
    incident->steps_count = plan->steps_count;
    for (size_t i = 0; i < plan->steps_count; i++) {
        const struct step *old = old_step(before, before_count, plan->steps[i].id);
        struct step *step = &incident->steps[i];
        if (old)
            *step = *old;
        step->spec = &plan->steps[i];
        step->number = (int64_t)i + 1;
        step->chosen = false;
        step->when_judged = false;
    }
    talloc_free(before);
}

bool fold_plan_adopted(const struct folding *folding) {
    const struct body_plan_adopted *body = folding->body;
    struct incident *incident = folding->incident;
    const struct plan *plan = body->sha256 ? state_plan(folding->state, body->sha256) : NULL;
    if (!plan)
        return false;
    adopt_steps(incident, plan);
    incident->plan = plan;
    incident->plan_folder = xtalloc_strdup(incident, body->folder ? body->folder : "/");
    incident->inputs = keep_pairs(incident, body->inputs);
    incident->accepted = keep_text(incident, body->accepted);
    incident->adopted = mark_now(folding, NULL);
    incident->decision_void = true;
    return true;
}

bool fold_acknowledged(const struct folding *folding) {
    folding->incident->acknowledged = mark_of_reason(folding);
    return true;
}

bool fold_unacknowledged(const struct folding *folding) {
    folding->incident->acknowledged = (struct mark){0};
    return true;
}

static void choose_steps(struct incident *incident, const char *const *ids) {
    for (size_t i = 0; i < incident->steps_count; i++)
        incident->steps[i].chosen = false;
    for (; ids && *ids; ids++) {
        struct step *step = incident_step(incident, *ids);
        if (step)
            step->chosen = true;
    }
}

bool fold_decided(const struct folding *folding) {
    const struct body_decided *body = folding->body;
    struct incident *incident = folding->incident;
    if (!body->option)
        return false;
    struct decision *decision =
        ARRAY_GROW(incident, incident->decisions, incident->decisions_count);
    *decision = (struct decision){.option = keep_text(incident, body->option),
                                  .title = keep_text(incident, body->title),
                                  .reason = keep_text(incident, body->reason),
                                  .by = keep_text(incident, folding->event->actor),
                                  .at_ms = folding->event->at_ms};
    incident->decision_void = false;
    choose_steps(incident, body->steps);
    return true;
}

bool fold_paused(const struct folding *folding) {
    const struct body_paused *body = folding->body;
    folding->incident->paused = mark_now(folding, body->reason);
    folding->incident->paused_for = keep_text(folding->incident, body->failed);
    return true;
}

bool fold_resumed(const struct folding *folding) {
    folding->incident->paused = (struct mark){0};
    folding->incident->paused_for = NULL;
    return true;
}

bool fold_note(const struct folding *folding) {
    folding->incident->notes_count++;
    return true;
}

bool fold_recovered(const struct folding *folding) {
    folding->incident->recovered = mark_of_reason(folding);
    return true;
}

bool fold_resolved(const struct folding *folding) {
    folding->incident->resolved = mark_of_reason(folding);
    return true;
}

bool fold_closed(const struct folding *folding) {
    folding->incident->closed = mark_of_reason(folding);
    return true;
}

bool fold_abandoned(const struct folding *folding) {
    folding->incident->abandoned = mark_of_reason(folding);
    return true;
}
