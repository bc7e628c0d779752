/* What is true now: the fold of the log, one tree of memory per incident.
 * Owns everything it points to, but plans, which are parsed once per digest and belong to the
 * state. Never written but by fold(); everything else here only looks. */
#ifndef BACKOUT_INCIDENT_STATE_H
#define BACKOUT_INCIDENT_STATE_H

#include "incident/event.h"
#include "plan/plan.h"
#include "roster/roster.h"

/* DESIGN: the states of a step. The first three are computed from needs, never recorded. */
enum step_state {
    STEP_WAITING,
    STEP_GATED,
    STEP_READY,
    STEP_RUNNING,
    STEP_VERIFYING,
    STEP_UNKNOWN,
    STEP_FAILED,
    STEP_DONE,
    STEP_SKIPPED,
    STEP_NOT_CHOSEN,
    STEP_STATE_COUNT,
};

enum run_purpose { RUN_WORK, RUN_CHECK };

/* One process (or the promise of one) on some host. Its id, INCIDENT.STEP.N, is also the fence:
 * a report that carries another id than the step's current run is stale and refused. */
struct run {
    const char *id;
    enum run_purpose purpose;
    const char *host, *boot; /* where it lives; boot id of that host */
    int64_t pid;
    const char *digest; /* of exactly what it was let go to run */
    const char *by;
    int64_t started_ms;
    int64_t seq; /* of the event that started it */
    bool over;
    const char *abort_by; /* who asked to abort it, or NULL */
};

struct attempt {
    int64_t number; /* from 1 */
    const char *by;
    int64_t started_ms, ended_ms; /* ended_ms 0 while open */
    enum step_state outcome;      /* STEP_RUNNING while open */
    const char *evidence, *reason;
    const char *output_sha256;
    int64_t output_bytes;
    const char *work_run; /* id of the run that did the work; NULL for a manual attempt */
    bool absent;          /* it turned out that nothing of it happened */
};

/* When somebody says that a step will be done; it ends with the attempt. */
struct estimate {
    const char *by, *text; /* by is NULL until somebody said so */
    int64_t due_ms;
};

/* A report that somebody waits for: conditions, actions, needs. Ends with the attempt. */
struct report {
    const char *by, *person; /* by is NULL where nobody asked; person: who is to report */
    int64_t due_ms;
    int64_t every_ms; /* the next one after each; 0: one is enough */
};

struct step {
    const struct plan_step *spec;
    int64_t number;         /* its place in the plan, from 1 */
    const char *label;      /* what people call it: "3 undo-code" */
    enum step_state record; /* WAITING until something happened to it */
    bool chosen;            /* by the decision in force */
    const char *person;     /* assigned by name; NULL: the owner's role decides */

    bool when_judged;     /* its `when` was judged, and didn't skip it */
    const char *when_why; /* why it could not be judged, or NULL */

    struct attempt *attempts;
    size_t attempts_count;
    struct run *runs;
    size_t runs_count;
    const struct pair *outputs; /* of the last attempt that gave any */

    struct estimate estimate;
    struct report report;

    const char *ended_by, *reason; /* who ended it and why: skip, fail, unknown, settle */
    bool by_rule;                  /* the plan's `when`, not a person, skipped it */
    int64_t changed_ms;            /* when record last changed */
    int64_t last_seq;              /* the last event that changed it: its revision */
};

struct role_holding {
    const char *role;
    const char *holder; /* NULL when nobody */
    int64_t since_ms;
    const char *offered_to, *offered_by; /* a hand-over that waits for its acceptance, or NULL */
};

/* Who did something once, and when; by is NULL until it happened. */
struct mark {
    const char *by;
    int64_t at_ms;
    const char *reason;
};

/* It stays on the board until it is answered. */
struct concern {
    int64_t number; /* from 1 */
    const char *text;
    struct mark raised, answered; /* the reason of `answered` is the answer */
};

/* A level of an escalation that was fired: see levels.h. */
struct fired {
    const char *late, *step; /* as the policy names it; step NULL where it is about none */
    int64_t onset_ms, number, repeat, due_ms, missed;
    const char *to; /* in words */
    const char *const *people, *const *channels;
    struct mark mark; /* when, and by whose hand or keeper */
    bool by_hand;
    int64_t seq;
};

/* The message about a fired level, on its way by one channel to one address: see deliveries.h. */
enum delivery_record {
    DELIVERY_BEGUN, /* a courier has it */
    DELIVERY_SENT,
    DELIVERY_FAILED, /* for certain: nothing went out */
};
struct delivery {
    int64_t fired;                /* the seq of what it is about */
    const char *channel, *person; /* person NULL: whoever reads the channel */
    int64_t try;                  /* the last one, from 1 */
    enum delivery_record record;  /* of that */
    const char *courier;          /* which process: "HOST/PID" */
    int64_t at_ms;                /* when it came to that */
    int64_t until_ms;             /* BEGUN: whoever has said nothing by then will not */
    const char *why;              /* FAILED; else NULL */
};

/* Levels that would be due before its end are put off to it. */
struct snooze {
    const char *by, *reason; /* by is NULL until somebody asked for one */
    int64_t until_ms;
};

struct decision {
    const char *option, *title, *reason, *by;
    int64_t at_ms;
};

struct incident {
    const struct state *state; /* that it is part of: the roster in force is there */
    struct arena *kept;        /* what was copied out of its events */
    int64_t number;
    const char *title, *service; /* "" where none was named */
    int64_t severity;            /* 1…5 */
    bool drill;
    const char *detected_by; /* monitor, staff, customer */
    int64_t detected_ms;     /* 0 when nobody said */

    struct mark declared, acknowledged, adopted, paused, recovered, resolved, closed, abandoned;
    const char *paused_for;     /* the step whose failure paused it; NULL when a person did */
    struct decision *decisions; /* the last one is in force unless decision_void */
    size_t decisions_count;
    bool decision_void; /* another plan was adopted since */

    const struct plan *plan; /* NULL until one is adopted */
    const char *plan_folder; /* what relative paths are resolved against */
    const char *accepted;    /* the reason with which lint errors were accepted, or NULL */
    const struct pair *inputs;
    struct step *steps;
    size_t steps_count;
    struct step *former; /* steps of plans it had before, which its plan lacks: their runs keep
                            their ids, and come back with the step */
    size_t former_count;

    struct role_holding *roles;
    size_t roles_count;
    int64_t commander_spoke_ms; /* when the commander last put anything on the record */

    struct concern *concerns; /* by number */
    size_t concerns_count;

    struct fired *fired; /* oldest first */
    size_t fired_count;
    struct delivery *deliveries; /* in the order in which each was first begun */
    size_t deliveries_count;
    struct snooze snooze;

    struct event *events; /* its events, oldest first */
    size_t events_count;
    int64_t notes_count;
    int64_t unknown_events; /* of kinds this program doesn't know */
    int64_t last_seq;
};

struct state {
    char store[UUID_TEXT];
    int64_t format;
    struct mark restored; /* who put another history in its place, the last time */
    int64_t inherited; /* the last event that was taken from a store whose host is dead; 0: none */
    char epoch[9];     /* the history since then, as eight hex digits; "" before the first */
    int64_t last_incident; /* the highest number that was given in a history that is gone */
    struct roster *roster; /* in force; NULL: roles are not enforced */
    struct mark applied;   /* who put it in force */
    struct plan **plans;
    size_t plans_count;
    struct incident **incidents; /* those that are loaded, by number */
    size_t incidents_count;
    int64_t last_seq;
    int64_t unknown_events; /* of the store and of what is loaded: kept, counted, shown raw */
    bool no_timelines;      /* incidents keep no events: for who only compares what they come to */
    void *scratch;          /* of the event that is being folded */
};

struct state *state_new(const void *parent);

struct incident *state_incident(const struct state *state, int64_t number); /* NULL: not loaded */
/* Where it stands among `incidents`; it has to be loaded. */
size_t state_place(const struct state *state, int64_t number);
const struct plan *state_plan(const struct state *state, const char *sha256);
/* Forgets an incident (it will be loaded again from the log when asked for). */
void state_drop(struct state *state, int64_t number);
bool incident_is_open(const struct incident *incident);
/* Whether any is. */
bool state_has_open(const struct state *state);

/* By id or by number ("undo-code", "3"); NULL when there is none. */
struct step *incident_step(const struct incident *incident, const char *name);
/* The holding of a role, or NULL when nobody ever held or was offered it. */
struct role_holding *incident_role(const struct incident *incident, const char *role);
/* Whom the plan names for a role, else the roster in force; NULL when neither names anybody. */
const struct role_people *incident_role_people(const struct incident *incident, const char *role);
/* Who commands; NULL when nobody does. */
const char *incident_commander(const struct incident *incident);
/* Whether the person answers for the whole: commander, deputy, anybody where nobody commands. */
bool incident_is_led_by(const struct incident *incident, const char *person);
/* NULL where there is none of that number. */
struct concern *incident_concern(const struct incident *incident, int64_t number);
/* The first that nobody has answered; NULL when there is none. And how many there are. */
const struct concern *incident_open_concern(const struct incident *incident);
size_t incident_open_concerns(const struct incident *incident);
/* The decision in force, or NULL. */
const struct decision *incident_decision(const struct incident *incident);
/* Whether the person stands in the plan's roles or in the roster, holds a role, or ever acted on
 * the incident. */
bool incident_knows_person(const struct incident *incident, const char *person);
/* Everybody of incident_knows_person, ended by NULL, owned by `parent`. */
const char *const *incident_people(const void *parent, const struct incident *incident);

/* Who did a step that is done or skipped; before that, who answers for it: assigned by name, else
 * who holds its owner role, else the first whom plan or roster name for it, else the commander;
 * NULL when nobody. */
const char *step_person(const struct incident *incident, const struct step *step);
struct attempt *step_attempt(const struct step *step); /* the last one, or NULL */
struct run *step_run(const struct step *step);         /* the one that is not over, or NULL */
struct run *step_run_find(const struct step *step, const char *id);

/* A run id's parts: "41.undo-code.2", or since a restore "41.undo-code.2-9c1e44f2". False when it
 * isn't one. */
bool run_id_parse(const void *parent, const char *id, int64_t *incident, const char **step);

#endif
