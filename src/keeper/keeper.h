/* What the clock asks for while nobody types: levels of escalation that are due are fired, runs
 * whose runner is gone get their end reported, and that somebody set the clock is put on the
 * record. Any number of keepers may be at one store, or none for an hour. One of them does what
 * there is to do, by the leases of log/lease.h; the others stand by and follow it within a lease's
 * time. That only spares work: what a duty asks for has an id that follows from what it does, so it
 * happens once whoever asks, and what was missed meanwhile is caught up with by one event. Owns its
 * leases, and what it asked lately. Never blocks, never decides. */
#ifndef BACKOUT_KEEPER_KEEPER_H
#define BACKOUT_KEEPER_KEEPER_H

#include "hub/hub.h"
#include "log/lease.h"

struct keeper;

/* `hub` must outlive it. Over a hub that can't be written it only looks whether another is there.
 * Freed, it gives its leases up, and the next turn of another takes them. */
struct keeper *keeper_new(const void *parent, struct hub *hub);

/* Takes and renews its leases, and submits what is due where they are its own. The answers are the
 * hub's: whoever takes its items passes them over, for what was accepted comes as an event too, and
 * what was refused somebody else did. */
void keeper_turn(struct keeper *keeper, struct moment now);

/* How often it wants a turn now, in ms, best on the beat of the wall clock (loop_timer_beat). 0: at
 * once, for there is more to do than one turn may take. */
int64_t keeper_period_ms(const struct keeper *keeper);

/* Whether nobody does the duties of that group though somebody has to, as of the last turn. Where
 * that can't be known: no. */
bool keeper_lacks(const struct keeper *keeper, enum lease_duty group);

/* What keeps it from holding its leases, once each time that it begins; else NULL. It goes on with
 * what may be done by several. */
const struct err *keeper_news(struct keeper *keeper);

#endif
