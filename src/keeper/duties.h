/* What a keeper is and what it does, a row for each duty; for this room alone.
 * A duty submits what is due and never waits; it may be called while nothing is. */
#ifndef BACKOUT_KEEPER_DUTIES_H
#define BACKOUT_KEEPER_DUTIES_H

#include "base/digest.h"
#include "keeper/keeper.h"
#include "log/lease.h"

/* What has no answer by then is asked again: the store may have been busy, or in trouble. */
#define AGAIN_MS (10 * SECOND_MS)

/* So many levels are under way at once: each is a commit, and a console draws nothing meanwhile. */
#define FIRES 16

struct asked {
    char id[COMMAND_ID];
    int64_t at_ms; /* BOOTTIME */
};

/* A group of duties that one keeper does for all. */
struct group {
    struct lease *lease; /* NULL: that hub's store has none, and no other keeper */
    int64_t held_ms;     /* BOOTTIME when it was taken or renewed last */
    bool doubted;        /* nobody can tell who has it, or it can't be written */
    int64_t looked_ms;   /* BOOTTIME when it was last looked whether another has it */
    bool done;           /* somebody does these duties, or nobody can tell */
};

/* When the soonest level of an incident is due, as its state was after that event. */
struct soonest {
    int64_t incident, seq, due_ms;
};

struct fires {
    struct soonest *soonest; /* in the order of the state's incidents */
    size_t soonest_count;
    char roster[DIGEST_HEX];   /* that they were computed by; "" none */
    struct asked asked[FIRES]; /* under way, and still due */
    size_t asked_count;
    bool more; /* than were asked for: the next turn is wanted at once */
};

struct keeper {
    struct hub *hub;
    struct group groups[LEASE_DUTIES]; /* those that a duty belongs to */
    struct err *trouble;               /* of the leases; ERR_NONE while there is none */
    bool told;                         /* of it */
    struct asked *asked;               /* not longer ago than AGAIN_MS */
    size_t asked_count;
    struct fires fires;
    bool looks;       /* it waits for the clocks to be compared */
    int64_t swept_ms; /* BOOTTIME */
};

struct duty {
    enum lease_duty group; /* whose holder does it */
    bool harmless; /* when two do it: it is done also where nobody can tell who has the lease */
    bool (*wanted)(const struct keeper *keeper); /* whether somebody has to do it; NULL: yes */
    bool (*may)(const struct keeper *keeper);    /* whether this one could; NULL: yes */
    void (*run)(struct keeper *keeper, struct moment now);
};

/* Ended by a row without `run`. */
extern const struct duty duties[];

/* Whether that id wasn't asked for just now; it is from here on. */
bool keeper_is_news(struct keeper *keeper, const char *id, int64_t boot_ms);

/* Submits it, unless that id was asked for just now. */
void keeper_ask(struct keeper *keeper, const struct command *command, int64_t boot_ms);

/* fire.c: fires the levels that are due. */
void fire_run(struct keeper *keeper, struct moment now);

/* delivery.c: sends couriers with the pages that are due. Who may not run the channels' programs
 * leaves it to who may. */
bool delivery_wanted(const struct keeper *keeper);
bool delivery_may(const struct keeper *keeper);
void delivery_run(struct keeper *keeper, struct moment now);

#endif
