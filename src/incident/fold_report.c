/* What people say about how it goes: notes, concerns, estimates, and the reports asked for. */
#include "config.h"

#include "incident/fold_kinds.h"

#include <string.h>

/* ---- steps ----------------------------------------------------------------------------------- */

void end_reports(struct step *step) {
    step->estimate = (struct estimate){0};
    step->report = (struct report){0};
}

/* A report was given: the next is due after as long again, where more than one is wanted. */
static void take_report(const struct folding *folding, struct step *step) {
    struct report *report = &step->report;
    if (report->every_ms)
        report->due_ms = folding->event->at_ms + report->every_ms;
    else
        *report = (struct report){0};
}

bool fold_step_asked(const struct folding *folding) {
    const struct body_step_asked *body = folding->body;
    if (!body->person)
        return false;
    folding->step->report =
        (struct report){.by = keep_text(folding->incident, folding->event->actor),
                        .person = keep_text(folding->incident, body->person),
                        .due_ms = body->due,
                        .every_ms = body->every};
    return true;
}

bool fold_step_eta(const struct folding *folding) {
    const struct body_step_eta *body = folding->body;
    folding->step->estimate =
        (struct estimate){.by = keep_text(folding->incident, folding->event->actor),
                          .text = keep_text(folding->incident, body->text),
                          .due_ms = body->due};
    take_report(folding, folding->step);
    return true;
}

/* A note about a step is a report when it comes from whom it was asked. */
bool fold_note(const struct folding *folding) {
    const struct body_note *body = folding->body;
    struct step *step = incident_step(folding->incident, body->step);
    const char *person = step ? step->report.person : NULL;
    folding->incident->notes_count++;
    if (person && strcmp(person, folding->event->actor) == 0)
        take_report(folding, step);
    return true;
}

/* ---- concerns -------------------------------------------------------------------------------- */

bool fold_concern_raised(const struct folding *folding) {
    const struct body_concern_raised *body = folding->body;
    struct incident *incident = folding->incident;
    if (!body->text || body->number != (int64_t)incident->concerns_count + 1)
        return false;
    struct concern *concern = ARRAY_GROW(incident, incident->concerns, incident->concerns_count);
    *concern = (struct concern){.number = body->number,
                                .text = keep_text(incident, body->text),
                                .raised = mark_now(folding, NULL)};
    return true;
}

bool fold_concern_answered(const struct folding *folding) {
    const struct body_concern_answered *body = folding->body;
    struct concern *concern = incident_concern(folding->incident, body->concern);
    if (!concern)
        return false;
    concern->answered = mark_now(folding, body->text);
    return true;
}
