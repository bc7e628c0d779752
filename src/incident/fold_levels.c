/* Escalations: what was fired, and what was put off. */
#include "config.h"

#include "incident/fold_kinds.h"

bool fold_fired(const struct folding *folding) {
    const struct body_fired *body = folding->body;
    struct incident *incident = folding->incident;
    if (!body->late || body->level < 1)
        return false;
    struct fired *fired = ARRAY_GROW(incident, incident->fired, incident->fired_count);
    *fired = (struct fired){.late = keep_text(incident, body->late),
                            .step = keep_text(incident, body->step),
                            .onset_ms = body->onset,
                            .number = body->level,
                            .repeat = body->repeat,
                            .due_ms = body->due,
                            .missed = body->missed,
                            .to = keep_text(incident, body->to ? body->to : "nobody"),
                            .people = keep_texts(incident, body->people),
                            .channels = keep_texts(incident, body->channels),
                            .mark = mark_now(folding, body->reason),
                            .by_hand = body->by_hand,
                            .seq = folding->event->seq};
    return true;
}

bool fold_snoozed(const struct folding *folding) {
    const struct body_snoozed *body = folding->body;
    struct incident *incident = folding->incident;
    incident->snooze = (struct snooze){.by = keep_text(incident, folding->event->actor),
                                       .reason = keep_text(incident, body->reason),
                                       .until_ms = body->until};
    return true;
}
