/* Escalation: whose levels come next for what is late, and whom they call.
 * Pure: computed from state and from the policy in force (the plan's, else the roster's). What was
 * fired is an event; this says what there is to fire. */
#ifndef BACKOUT_INCIDENT_LEVELS_H
#define BACKOUT_INCIDENT_LEVELS_H

#include "incident/command.h"
#include "incident/state.h"

/* One level of the policy, for one thing that is late or will be. That thing is known by what it
 * is, its step, and its onset: the instant that the policy counts from. */
struct level {
    enum lateness late;
    const struct step *step; /* LATE_STEP; else NULL */
    int64_t onset_ms;
    int64_t number;        /* from 1: which of the policy's entries for such a thing */
    int64_t repeat;        /* how often this entry was fired before */
    int64_t due_ms;        /* with what a snooze adds */
    int64_t missed;        /* levels before it that were due too, and that it stands for */
    const char *const *to; /* roles, people, channels, as the policy names them; ended by NULL */
};

struct levels {
    struct level *list; /* soonest first */
    size_t count;
};

/* The next level of each thing. Where several are due by `now_ms` it is the highest: nobody is
 * called twice for one silence. LEVELS_TO_COME asks for the soonest of each, due or not. */
#define LEVELS_TO_COME INT64_C(0)
struct levels incident_levels(const void *parent, const struct incident *incident, int64_t now_ms);

/* The soonest of those whose thing has begun: what is worst now. NULL where nothing has. */
const struct level *levels_worst(const struct levels *levels, int64_t now_ms);

/* Whom a level calls as things stand: a role is whoever holds it, else the first who is named for
 * it; what is neither role nor person is a channel of the roster. Owned by `parent`. */
struct called {
    const char *const *people, *const *channels; /* ended by NULL */
    const char *words;                           /* "ana, vp-eng"; "nobody" */
};
struct called level_called(const void *parent, const struct incident *incident,
                           const struct level *level);

/* What is late: "3 undo-code is late", "nobody has acknowledged". */
char *late_words(const void *parent, enum lateness late, const struct step *step);
/* False where this program knows no such word. */
bool lateness_parse(const char *name, enum lateness *late);

/* Whether what it was fired for is still so. */
bool fired_is_current(const struct incident *incident, const struct fired *fired);

/* The command by which a keeper fires it; its id follows from what it does. */
struct command *level_command(const void *parent, const struct incident *incident,
                              const struct level *level, int64_t now_ms);

/* The longest snooze, and the most that snoozes put a level off, in ms. */
int64_t snooze_longest_ms(const struct incident *incident);

#endif
