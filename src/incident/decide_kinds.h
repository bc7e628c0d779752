/* The decide functions of the command table, and the few words they share.
 * Each looks at state and facts, and either says events or refuses; none writes state. */
#ifndef BACKOUT_INCIDENT_DECIDE_KINDS_H
#define BACKOUT_INCIDENT_DECIDE_KINDS_H

#include "incident/decide.h"
#include "yaml/lint.h"

struct decider {
    const struct question *question;
    const struct state *state;
    const struct command *command;
    const struct facts *facts;
    const char *actor;
    int64_t now_ms;
    const struct incident *incident; /* what the guards found: NULL where none was asked for */
    const struct step *step;
    const char *role; /* in which the actor may do it; "" where they need none */
    struct outcome *outcome;
    const void *scratch; /* for words in events and answers; freed with the question */
    struct err *err;
};

typedef bool decide_fn(struct decider *decider);

/* decide_incident.c */
decide_fn decide_declare, decide_adopt, decide_ack, decide_unack, decide_option, decide_pause,
    decide_resume, decide_recover, decide_resolve, decide_close, decide_abandon;
/* decide_people.c */
decide_fn decide_take, decide_offer, decide_accept, decide_assign;
/* decide_report.c: what people say about how it goes */
decide_fn decide_note, decide_concern, decide_answer, decide_ask, decide_eta;
/* decide_roster.c */
decide_fn decide_roster_apply;
/* decide_levels.c: escalations */
decide_fn decide_fire, decide_escalate, decide_snooze;
/* decide_page.c: what couriers report */
decide_fn decide_page, decide_paged;
/* decide_clock.c: what time itself does */
decide_fn decide_clock;
/* decide_start.c: what begins */
decide_fn decide_start, decide_retry;
/* decide_step.c: what people say about steps */
decide_fn decide_done, decide_fail, decide_skip, decide_reopen, decide_abort, decide_check,
    decide_settle;
/* decide_run.c: what runners report */
decide_fn decide_ran, decide_verified;

/* Adds an event of the decider's incident; always true, so that `return say(…)` reads well. */
bool say(struct decider *decider, enum event_kind kind, const void *body);
/* The same for another incident; 0: of the store. */
bool say_for(struct decider *decider, enum event_kind kind, int64_t incident, const void *body);
/* Sets the sentence that the asker gets; always true. */
bool answer(struct decider *decider, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Refuses: what, then on what (the command's object is named by itself), then what to do. */
bool refuse(struct decider *decider, enum err_code code, const char *what, const char *remedy);
/* Refuses a file for its first error: "the plan has 2 errors: plan.yaml:3:1: …". */
bool refuse_findings(struct decider *decider, const char *what, const char *path,
                     const struct lint *lint, const char *remedy);
const char *words(struct decider *decider, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "INC-41 3 undo-code", "INC-41" or "". */
const char *object_words(const struct decider *decider);
/* Refuses with what the step's state asks for instead of starting it. */
decide_fn refuse_state;
decide_fn refuse_undecided;
/* The step failed; where the plan says so, that pauses the incident in the same breath. */
void say_failed(struct decider *decider, const char *reason);
/* Ends the pause that this step's failure caused: "3 undo-code is tried again". */
void lift_pause(struct decider *decider, const char *how);
/* Begins a run of the step's verify; false: refused. */
bool say_check_started(struct decider *decider);
/* decide_who.c: whether the actor may do it, and in which role; the guard behind those of objects.
 */
decide_fn guard_who;
/* Whether that other person could act at all: nothing is handed to who may only view. */
bool may_be_given(struct decider *decider, const char *person);
/* Own rules of take and offer. */
bool may_take_role(struct decider *decider, const char *role);
bool may_take_step(struct decider *decider);
bool may_offer_role(struct decider *decider, const char *role, const char *person);

/* What of the incident stands in the way of ending it or of changing its plan, or NULL: "3
 * undo-code is running". */
const char *still_open(struct decider *decider);

#endif
