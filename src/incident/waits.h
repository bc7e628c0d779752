/* What waits on a person: the numbered things of the YOU line, most urgent first.
 * Pure. One table of rules, each naming the command that does the thing. */
#ifndef BACKOUT_INCIDENT_WAITS_H
#define BACKOUT_INCIDENT_WAITS_H

#include "incident/state.h"

struct duty {
    const char *words;       /* "start 4 reset-config"; owned by the list's parent */
    const char *command;     /* the command's name: "start" */
    const struct step *step; /* its object, or NULL */
    const char *role;        /* for accept and take, or NULL */
    int64_t concern;         /* for answer, or 0 */
};

struct duties {
    struct duty *list;
    size_t count;
};

/* Where a roster is in force, only what the person may do. */
struct duties incident_duties(const void *parent, const struct incident *incident,
                              const char *person);

#endif
