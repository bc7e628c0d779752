/* The countdowns of an incident: what is due, when, and on whom it waits.
 * Pure: computed from state, compared with now by who draws them, never recorded.
 * Never fires anything. */
#ifndef BACKOUT_INCIDENT_CLOCKS_H
#define BACKOUT_INCIDENT_CLOCKS_H

#include "incident/state.h"

struct clock {
    const char *what;        /* "acknowledge", "decide", "step box", "recover target" */
    const struct step *step; /* for a step's box, else NULL */
    int64_t due_ms;
    const char *who; /* a person, or NULL when nobody answers for it */
};

struct clocks {
    struct clock *list; /* soonest first */
    size_t count;
};

/* By when things are to happen: the plan's word, else the roster's, else the format's default. */
struct targets incident_targets(const struct incident *incident);

struct clocks incident_clocks(const void *parent, const struct incident *incident);

/* The clock that is longest past due, or NULL. */
const struct clock *clocks_worst(const struct clocks *clocks, int64_t now_ms);

/* Cost so far in hundredths of the plan's currency, counted from detection (else declaration) to
 * recovery (else now); 0 where the plan names none. */
int64_t incident_cost(const struct incident *incident, int64_t now_ms);

#endif
