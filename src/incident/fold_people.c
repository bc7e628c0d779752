#include "config.h"

#include "incident/fold_kinds.h"

#include <string.h>

static struct role_holding *holding_of(struct incident *incident, const char *role) {
    struct role_holding *holding = incident_role(incident, role);
    if (holding)
        return holding;
    holding = ARRAY_GROW(incident, incident->roles, incident->roles_count);
    holding->role = keep_text(incident, role);
    return holding;
}

/* A report that was asked of whoever has the role waits on the new one. */
static void pass_reports_on(struct incident *incident, const struct role_holding *holding) {
    for (size_t i = 0; i < incident->steps_count; i++) {
        struct step *step = &incident->steps[i];
        bool by_role =
            !step->person && step->spec->owner && strcmp(step->spec->owner, holding->role) == 0;
        if (by_role && step->report.by)
            step->report.person = holding->holder;
    }
}

/* Taking a role ends whatever offer was open on it: one role, one holder, no second acceptance. */
bool fold_role_taken(const struct folding *folding) {
    const struct body_role_taken *body = folding->body;
    if (!body->role)
        return false;
    struct role_holding *holding = holding_of(folding->incident, body->role);
    holding->holder = keep_text(folding->incident, folding->event->actor);
    holding->since_ms = folding->event->at_ms;
    holding->offered_to = holding->offered_by = NULL;
    pass_reports_on(folding->incident, holding);
    return true;
}

bool fold_role_offered(const struct folding *folding) {
    const struct body_role_offered *body = folding->body;
    if (!body->role || !body->person)
        return false;
    struct role_holding *holding = holding_of(folding->incident, body->role);
    holding->offered_to = keep_text(folding->incident, body->person);
    holding->offered_by = keep_text(folding->incident, folding->event->actor);
    return true;
}

/* Whoever has the step now is who is to report on it. */
bool fold_step_assigned(const struct folding *folding) {
    const struct body_step_assigned *body = folding->body;
    struct step *step = folding->step;
    step->person = keep_text(folding->incident, body->person);
    if (step->report.by)
        step->report.person = step->person;
    return true;
}
