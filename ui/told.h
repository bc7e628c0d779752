/* What was told of an incident's log, kept from one frame to the next: most frames tell the same.
 * Owns the sentences of one incident, the one that was asked for last. Never outlives what they
 * follow from: a sentence is made of an event and of what the incident has become by all of them,
 * so another one makes all anew. */
#ifndef BACKOUT_UI_TOLD_H
#define BACKOUT_UI_TOLD_H

#include "incident/state.h"

struct told;

struct told *told_new(const void *parent);

/* The sentence of one of the incident's events; it lasts until the next frame. */
const char *told_sentence(struct told *told, const struct incident *incident,
                          const struct event *event);

#endif
