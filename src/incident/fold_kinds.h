/* The fold functions of the event table, by the part of the state they write.
 * Each copies what it keeps under the incident. None judges: decide did. */
#ifndef BACKOUT_INCIDENT_FOLD_KINDS_H
#define BACKOUT_INCIDENT_FOLD_KINDS_H

#include "base/xtalloc.h"
#include "incident/events.h"

/* fold_incident.c: the store and the life of an incident */
fold_fn fold_store_created, fold_store_restored, fold_store_continued, fold_plan_frozen,
    fold_roster_applied, fold_declared, fold_plan_adopted, fold_acknowledged, fold_unacknowledged,
    fold_decided, fold_paused, fold_resumed, fold_recovered, fold_resolved, fold_closed,
    fold_abandoned;

/* fold_people.c: who */
fold_fn fold_role_taken, fold_role_offered, fold_step_assigned;

/* fold_step.c: a step and its attempts */
fold_fn fold_step_judged, fold_step_started, fold_step_abort_asked, fold_step_ran,
    fold_step_verifying, fold_step_done, fold_step_failed, fold_step_unknown, fold_step_skipped,
    fold_step_reopened, fold_step_settled, fold_check_started, fold_check_ended;

/* fold_report.c: what people say about how it goes */
fold_fn fold_note, fold_concern_raised, fold_concern_answered, fold_step_asked, fold_step_eta;
/* Its attempt is over: nobody waits for a word about it any more. */
void end_reports(struct step *step);

/* The event as a mark, its reason copied. */
struct mark mark_now(const struct folding *folding, const char *reason);

/* fold_levels.c: escalations */
fold_fn fold_fired, fold_snoozed;

/* fold_page.c: what goes out about them */
fold_fn fold_page_begun, fold_page_sent, fold_page_failed;

/* fold_clock.c: all instants that anything is counted from */
fold_fn fold_clock_stepped;

/* Copies for the incident's tree; NULL stays NULL. */
const char *keep_text(const struct incident *incident, const char *text);
const char *const *keep_texts(const struct incident *incident, const char *const *texts);
const struct pair *keep_pairs(const struct incident *incident, const struct pair *pairs);

/* Makes room behind the `count` elements of that size, for half as many again: what grows one by
 * one is then not copied for each. */
void *keep_room(const void *incident, void *array, size_t size, size_t count);

/* Grows an array that hangs under the incident by one zeroed element and returns it. */
#define ARRAY_GROW(incident, array, count)                                                         \
    ((array) = keep_room((incident), (array), sizeof(*(array)), (count)),                          \
     (array)[(count)] = (__typeof__(*(array))){0}, &(array)[(count)++])

#endif
