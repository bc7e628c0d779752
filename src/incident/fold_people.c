#include "config.h"

#include "incident/fold_kinds.h"

static struct role_holding *holding_of(struct incident *incident, const char *role) {
    struct role_holding *holding = incident_role(incident, role);
    if (holding)
        return holding;
    holding = ARRAY_GROW(incident, incident->roles, incident->roles_count);
    holding->role = keep_text(incident, role);
    return holding;
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

bool fold_step_assigned(const struct folding *folding) {
    const struct body_step_assigned *body = folding->body;
    folding->step->person = keep_text(folding->incident, body->person);
    return true;
}
