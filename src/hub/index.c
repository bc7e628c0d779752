#include "config.h"

#include "hub/local.h"

#include "incident/status.h"

#include <string.h>

struct log_incident index_row(const struct incident *incident) {
    const struct mark *end = incident->closed.by ? &incident->closed : &incident->abandoned;
    return (struct log_incident){
        .number = incident->number,
        .title = incident->title,
        .state = phase_name(incident_phase(incident)),
        .service = incident->service,
        .plan = incident->plan ? incident->plan->id : "",
        .severity = incident->severity,
        .drill = incident->drill,
        .open = incident_is_open(incident),
        .opened_ms = incident->declared.at_ms,
        .closed_ms = end->at_ms,
        .last_seq = incident->last_seq,
    };
}

bool index_row_equal(const struct log_incident *a, const struct log_incident *b) {
    return a->number == b->number && strcmp(a->title, b->title) == 0 &&
           strcmp(a->state, b->state) == 0 && strcmp(a->service, b->service) == 0 &&
           strcmp(a->plan, b->plan) == 0 && a->severity == b->severity && a->drill == b->drill &&
           a->open == b->open && a->opened_ms == b->opened_ms && a->closed_ms == b->closed_ms &&
           a->last_seq == b->last_seq;
}
