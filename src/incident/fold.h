/* state = fold(events): the only writer of state.
 * Live application, replay, tests and remote clients all come through here. */
#ifndef BACKOUT_INCIDENT_FOLD_H
#define BACKOUT_INCIDENT_FOLD_H

#include "incident/events.h"

/* Applies one event. An unknown kind is counted and kept in its incident's events. False
 * (ERR_DAMAGED): the event contradicts what came before; state is then unchanged but for last_seq.
 * An event of an incident that isn't loaded (and doesn't declare it) is passed over. */
bool fold(struct state *state, const struct event *event, struct err *err);

/* Everything in the state as JSON, with a fixed order: two states are the same exactly when these
 * texts are. Owned by `parent`. For tests and `verify`. */
char *state_dump(const void *parent, const struct state *state);

#endif
