/* The countdowns of an incident: what is due, when, and on whom it waits.
 * Pure: computed from state, compared with now by who draws them, never recorded.
 * Never fires anything. */
#ifndef BACKOUT_INCIDENT_CLOCKS_H
#define BACKOUT_INCIDENT_CLOCKS_H

#include "incident/state.h"

struct clock {
    const char *what; /* "acknowledge", "contain", "decide", "step box", "step end", "report",
                         "call-out", "recover target", "next page" */
    const struct step *step; /* of the three that a step has, else NULL */
    int64_t due_ms;
    const char *who; /* a person, or NULL when nobody answers for it */
    bool page;       /* nothing that can be late: then `who` is called, who may be several */
};

struct clocks {
    struct clock *list; /* soonest first */
    size_t count;
};

/* By when things are to happen: the plan's word, else the roster's, else the format's default. */
struct targets incident_targets(const struct incident *incident);

/* Since when it is counted: its detection, else its declaration. */
int64_t incident_began_ms(const struct incident *incident);

/* When the step's time is up: the box of the attempt under way, or its latest end, whichever is
 * sooner; 0 where nothing bounds it, or nothing of it is to come. */
int64_t step_due_ms(const struct incident *incident, const struct step *step);

struct clocks incident_clocks(const void *parent, const struct incident *incident);

/* What people read: "call-out", "3 undo-code", "3 undo-code end", "report 3 undo-code". */
char *clock_label(const void *parent, const struct clock *clock);

/* The clock that is due next, or longest late; NULL where nothing is due. Pages are none. */
const struct clock *clocks_next(const struct clocks *clocks);
/* The same, but only one that is late. */
const struct clock *clocks_worst(const struct clocks *clocks, int64_t now_ms);

/* When it is due, or how late it is: "in 4:12", "+0:42". */
char *clock_due_words(const void *parent, const struct clock *clock, int64_t now_ms);

/* How long it has been going on since it was declared, in ms; it grows no older once it ended. */
int64_t incident_age_ms(const struct incident *incident, int64_t now_ms);

/* Cost so far in hundredths of the plan's currency, counted from detection (else declaration) to
 * recovery (else now); 0 where the plan names none. */
int64_t incident_cost(const struct incident *incident, int64_t now_ms);

#endif
