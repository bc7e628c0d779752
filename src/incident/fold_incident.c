#include "config.h"

#include "incident/fold_kinds.h"

#include "base/arena.h"
#include "base/xtalloc.h"

#include <string.h>

struct mark mark_now(const struct folding *folding, const char *reason) {
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

/* What was done in the history that is gone may have left its traces outside: what begins in the
 * new one must not be taken for it. The event's own hash is like no other. */
static void begin_epoch(struct state *state, const struct event *event) {
    char hex[DIGEST_HEX];
    digest_hex(&event->hash, hex);
    memcpy(state->epoch, hex, sizeof(state->epoch) - 1);
}

bool fold_store_restored(const struct folding *folding) {
    const struct body_store_restored *body = folding->body;
    struct state *state = folding->state;
    begin_epoch(state, folding->event);
    if (body->last_incident > state->last_incident)
        state->last_incident = body->last_incident;
    state->restored =
        (struct mark){.by = xtalloc_strdup(state, folding->event->actor),
                      .at_ms = folding->event->at_ms,
                      .reason = xtalloc_strdup(state, body->reason ? body->reason : "")};
    return true;
}

bool fold_store_continued(const struct folding *folding) {
    const struct body_store_continued *body = folding->body;
    struct state *state = folding->state;
    begin_epoch(state, folding->event);
    if (body->last_incident > state->last_incident)
        state->last_incident = body->last_incident;
    state->inherited = folding->event->seq + body->events;
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
    if (strcmp(plan->sha256, body->sha256) != 0) {
        talloc_free(plan);
        return false;
    }
    *ARRAY_GROW(state, state->plans, state->plans_count) = plan;
    return true;
}

/* The latest is in force, whoever applied it: that they might was judged when they did. */
bool fold_roster_applied(const struct folding *folding) {
    const struct body_roster_applied *body = folding->body;
    struct state *state = folding->state;
    struct roster *roster;
    if (!body->sha256 || !body->text ||
        !roster_load(state, body->text, strlen(body->text), &roster, folding->err))
        return false;
    if (strcmp(roster->sha256, body->sha256) != 0) {
        talloc_free(roster);
        return false;
    }
    talloc_free(state->roster);
    state->roster = roster;
    state->applied = (struct mark){.by = xtalloc_strdup(roster, folding->event->actor),
                                   .at_ms = folding->event->at_ms};
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
    incident->state = folding->state;
    incident->kept = arena_new(incident);
    incident->number = folding->event->incident;
    incident->title = keep_text(incident, body->title ? body->title : "");
    incident->service = keep_text(incident, body->service ? body->service : "");
    incident->severity = body->severity;
    incident->drill = body->drill;
    incident->detected_by = keep_text(incident, body->detected_by);
    incident->detected_ms = body->detected_at;
    incident->declared = (struct mark){.by = keep_text(incident, folding->event->actor),
                                       .at_ms = folding->event->at_ms};
    insert_incident(folding->state, incident);
    return true;
}

static void keep_former(struct incident *incident) {
    for (size_t i = 0; i < incident->steps_count; i++)
        *ARRAY_GROW(incident, incident->former, incident->former_count) = incident->steps[i];
    TALLOC_FREE(incident->steps);
    incident->steps_count = 0;
}

/* Takes the step out of the former ones; zeros when it is new. */
static struct step take_former(struct incident *incident, const char *id) {
    for (size_t i = 0; i < incident->former_count; i++) {
        struct step former = incident->former[i];
        if (strcmp(former.spec->id, id) != 0)
            continue;
        incident->former_count--;
        memmove(&incident->former[i], &incident->former[i + 1],
                (incident->former_count - i) * sizeof(*incident->former));
        return former;
    }
    return (struct step){0};
}

/* Its `when` is judged anew, by the new plan and inputs; what people skipped stays skipped. */
static void forget_judgement(struct step *step) {
    step->when_judged = false;
    step->when_why = NULL;
    if (step->by_rule)
        step->record = STEP_WAITING;
    step->by_rule = false;
}

/* What was done under a plan before stays done, step by step, by id. */
static void adopt_steps(struct incident *incident, const struct plan *plan, int64_t seq) {
    keep_former(incident);
    incident->steps = xtalloc_zero_array(incident, struct step, plan->steps_count);
    incident->steps_count = plan->steps_count;
    for (size_t i = 0; i < plan->steps_count; i++) {
        struct step *step = &incident->steps[i];
        *step = take_former(incident, plan->steps[i].id);
        step->spec = &plan->steps[i];
        step->number = (int64_t)i + 1;
        step->label = step->spec->label;
        step->chosen = false;
        forget_judgement(step);
        step->last_seq = seq;
    }
}

bool fold_plan_adopted(const struct folding *folding) {
    const struct body_plan_adopted *body = folding->body;
    struct incident *incident = folding->incident;
    const struct plan *plan = body->sha256 ? state_plan(folding->state, body->sha256) : NULL;
    if (!plan)
        return false;
    adopt_steps(incident, plan, folding->event->seq);
    incident->plan = plan;
    incident->plan_folder = keep_text(incident, body->folder ? body->folder : "/");
    incident->inputs = keep_pairs(incident, body->inputs);
    incident->accepted = keep_text(incident, body->accepted);
    incident->adopted = mark_now(folding, NULL);
    incident->decision_void = true;
    if (!incident_step(incident, incident->paused_for))
        incident->paused_for = NULL; /* nobody can try that step again: somebody resumes */
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
