/* The table of event kinds: name, fields, fold, sentence. One row per kind, in events.c.
 * Encoding, decoding, folding and the words of every timeline derive from the row. */
#ifndef BACKOUT_INCIDENT_EVENTS_H
#define BACKOUT_INCIDENT_EVENTS_H

#include "incident/bodies.h"
#include "incident/state.h"

enum event_kind {
    EVENT_STORE_CREATED,
    EVENT_STORE_RESTORED,
    EVENT_STORE_CONTINUED,
    EVENT_PLAN_FROZEN,
    EVENT_ROSTER_APPLIED,
    EVENT_DECLARED,
    EVENT_PLAN_ADOPTED,
    EVENT_ACKNOWLEDGED,
    EVENT_UNACKNOWLEDGED,
    EVENT_ROLE_TAKEN,
    EVENT_ROLE_OFFERED,
    EVENT_STEP_ASSIGNED,
    EVENT_DECIDED,
    EVENT_PAUSED,
    EVENT_RESUMED,
    EVENT_NOTE,
    EVENT_CONCERN_RAISED,
    EVENT_CONCERN_ANSWERED,
    EVENT_STEP_ASKED,
    EVENT_STEP_ETA,
    EVENT_STEP_JUDGED,
    EVENT_STEP_STARTED,
    EVENT_STEP_ABORT_ASKED,
    EVENT_STEP_RAN,
    EVENT_STEP_VERIFYING,
    EVENT_STEP_DONE,
    EVENT_STEP_FAILED,
    EVENT_STEP_UNKNOWN,
    EVENT_STEP_SKIPPED,
    EVENT_STEP_REOPENED,
    EVENT_STEP_SETTLED,
    EVENT_CHECK_STARTED,
    EVENT_CHECK_ENDED,
    EVENT_FIRED,
    EVENT_SNOOZED,
    EVENT_PAGE_BEGUN,
    EVENT_PAGE_SENT,
    EVENT_PAGE_FAILED,
    EVENT_CLOCK_STEPPED,
    EVENT_RECOVERED,
    EVENT_RESOLVED,
    EVENT_CLOSED,
    EVENT_ABANDONED,
    EVENT_KIND_COUNT,
};

/* What a fold function works on. `body` is the kind's struct, decoded; it and its strings live
 * only during the call, so what is kept is copied under the incident. */
struct folding {
    struct state *state;
    struct incident *incident; /* NULL for events of the store, and for the declaration itself */
    struct step *step;         /* where the body names one: found already */
    const struct event *event;
    const void *body;
    struct err *err;
};

typedef bool fold_fn(const struct folding *folding);

struct event_type {
    const char *name;           /* "step.started" */
    const struct field *fields; /* ended by a NULL name */
    size_t size;                /* of the body's struct */
    bool of_store;              /* it stands in the log by itself, in no incident */
    bool of_step;               /* the body's first member is the step's id */
    bool aside;                 /* said about the step, which stays as it was: its revision too */
    size_t acting; /* where the body names the role its actor acted in; 0: it doesn't */
    bool detail;   /* how something went, not that it did: left out where room is short */
    bool ends;     /* the incident is over with it */
    fold_fn *fold;
    const char *sentence; /* what happened, for people: {field} is replaced; [text {field}] stands
                             only when that field has a value (a flag that is set is a value of
                             no words); {step} becomes "3 undo-code" */
};

extern const struct event_type event_types[EVENT_KIND_COUNT];

/* The row of a name; NULL for a kind this program doesn't know. */
const struct event_type *event_type_find(const char *name);

/* Whether a person said it: not a runner, a keeper or the clock in that person's name. */
bool event_is_spoken(const struct event *event);
/* Who did it, for people: a runner does what its person started; what a keeper or the clock does
 * nobody meant to do. */
const char *event_doer(const struct event *event);

/* The body as JSON, owned by `parent`. */
char *event_encode(const void *parent, enum event_kind kind, const void *body);

/* The body of a known kind as its struct, owned by `parent` (which can't be `err`); NULL: err says
 * what it is not. */
const void *event_decode(const void *parent, const struct event_type *type,
                         const struct event *event, struct err *err);

/* Whether it is of that kind. */
bool event_is(const struct event *event, enum event_kind kind);

/* The digest of the plan that the event adopts, owned by `parent`; NULL for any other event. A body
 * that can't be read adopts none. */
const char *event_plan(const void *parent, const struct event *event);

/* The digest of the plan that the event freezes; the same rules. */
const char *event_frozen_plan(const void *parent, const struct event *event);

/* Whether its incident is over with it. */
bool event_ends(const struct event *event);

/* What happened, as a sentence without actor and time: "started 3 undo-code, attempt 1, on ops2".
 * An unknown kind is shown raw. `incident` (may be NULL) turns step ids into labels. Not cleaned.
 */
char *event_sentence(const void *parent, const struct incident *incident,
                     const struct event *event);

#endif
