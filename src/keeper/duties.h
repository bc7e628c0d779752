/* What a keeper is and what it does, a row for each duty; for this room alone.
 * A duty submits what is due and never waits; it may be called while nothing is. */
#ifndef BACKOUT_KEEPER_DUTIES_H
#define BACKOUT_KEEPER_DUTIES_H

#include "keeper/keeper.h"
#include "log/lease.h"

struct asked {
    char id[COMMAND_ID];
    int64_t at_ms; /* BOOTTIME */
};

/* A group of duties that one keeper does for all. */
struct group {
    struct lease *lease; /* NULL: that hub's store has none, and no other keeper */
    int64_t held_ms;     /* BOOTTIME when it was taken or renewed last */
    bool doubted;        /* nobody can tell who has it, or it can't be written */
};

struct keeper {
    struct hub *hub;
    struct group groups[LEASE_DUTIES]; /* those that a duty belongs to */
    struct err *trouble;               /* of the leases; ERR_NONE while there is none */
    bool told;                         /* of it */
    bool kept;                         /* somebody keeps the clock, or nobody can tell */
    int64_t looked_ms;                 /* BOOTTIME; of who only looks, when it did last */
    struct asked *asked;               /* not longer ago than AGAIN_MS */
    size_t asked_count;
    int64_t swept_ms; /* BOOTTIME */
};

struct duty {
    enum lease_duty group; /* whose holder does it */
    bool harmless; /* when two do it: it is done also where nobody can tell who has the lease */
    void (*run)(struct keeper *keeper, struct moment now);
};

/* Ended by a row without `run`. */
extern const struct duty duties[];

/* Submits it, unless that id was asked for just now. */
void keeper_ask(struct keeper *keeper, const struct command *command, int64_t boot_ms);

#endif
