/* What the clock asks for while nobody types: levels of escalation that are due are fired, and runs
 * whose runner is gone get their end reported. Any number of keepers may be at one store, or none
 * for an hour: what a duty asks for has an id that follows from what it does, so it happens once,
 * and what was missed meanwhile is caught up with by one event. Owns what it asked lately. Never
 * blocks, never decides. */
#ifndef BACKOUT_KEEPER_KEEPER_H
#define BACKOUT_KEEPER_KEEPER_H

#include "hub/hub.h"

struct keeper;

/* How often it wants its turn. */
#define KEEPER_MS 1000

/* `hub` must outlive it. Over a hub that can't be written it does nothing. */
struct keeper *keeper_new(const void *parent, struct hub *hub);

/* Submits what is due. The answers are the hub's: whoever takes its items passes them over, for
 * what was accepted comes as an event too, and what was refused somebody else did. */
void keeper_turn(struct keeper *keeper, struct moment now);

#endif
