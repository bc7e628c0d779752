/* decide(state, command, facts, actor, now): events to append, or one clear refusal. Pure.
 * It runs inside the transaction that appends, on state folded up to that moment, so two consoles
 * can never both win.
 * Never looks anything up: what it needs from outside are facts that the door gathered. */
#ifndef BACKOUT_INCIDENT_DECIDE_H
#define BACKOUT_INCIDENT_DECIDE_H

#include "incident/command.h"
#include "incident/events.h"

/* What decide has to say: events without seq, command, actor, time, hash (the hub fills these in).
 */
struct decided_event {
    enum event_kind kind;
    int64_t incident;
    const char *body; /* JSON */
};

struct outcome {
    struct decided_event *events; /* may be none: "it already was so" */
    size_t count;
    const char *answer; /* a sentence for who asked */
};

struct question {
    const struct state *state;
    const struct command *command;
    const struct facts *facts;
    const char *actor;
    int64_t now_ms;
    int64_t next_incident; /* the number a declaration will get */
};

/* False: err is the refusal, and nothing is to be appended. The outcome is owned by `parent`. */
bool decide(const void *parent, const struct question *question, struct outcome *outcome,
            struct err *err);

/* What follows from the state by rule alone: a `when` or a `verify.expr` that can be judged now.
 * Asked again after its events were folded, until it has none. Their actor is who caused them. */
void decide_consequences(const void *parent, const struct state *state, int64_t number,
                         int64_t now_ms, struct outcome *outcome);

/* Whether the actor may ask for it at all, whatever else may stand in its way: a key asks before it
 * asks questions. False: err is the refusal. */
bool command_permitted(const void *parent, const struct question *question, struct err *err);

/* Whether a command, if accepted, begins a program run: then its door holds a runner for it. */
bool command_starts_run(const struct state *state, const struct command *command);

/* Whether a person does the step: manual ones, and in a drill all that the plan doesn't let run. */
bool step_is_by_hand(const struct incident *incident, const struct step *step);

/* How an attempt of it is verified in this incident: the plan's word, but not where a drill does
 * the step on paper. */
enum verify_kind step_verify(const struct incident *incident, const struct step *step);

#endif
