/* A process of this program that does one thing for a store and ends: a runner, a courier. It
 * outlives the terminal it was started from, says what it has to say until the store has it, and is
 * asked to go by SIGTERM.
 * Owns a loop and a hub. Knows nothing of what it is that is done. */
#ifndef BACKOUT_RUN_WORKER_H
#define BACKOUT_RUN_WORKER_H

#include "base/loop.h"
#include "hub/hub.h"

enum fate {
    FATE_TAKEN,
    FATE_STALE,   /* refused for good: somebody else said it, or it is not so any more */
    FATE_PENDING, /* the store could not say; ask again */
};

struct worker {
    struct loop *loop;
    struct hub *hub; /* NULL until worker_open */
    bool terminated; /* by SIGTERM */
    int64_t ticket;  /* of the command under way; 0: none */
    enum fate fate;  /* of the last one */
};

/* Makes this process one: no terminal's end touches it, orphans are its, and no file that it makes
 * can be read by others by accident. `worker` must outlive the loop. */
bool worker_begin(struct worker *worker, const void *parent, struct err *err);

/* Opens the store, which may be in trouble for a while: as whoever runs us, by the door `via`. */
bool worker_open(struct worker *worker, const void *parent, const char *store, const char *via,
                 struct err *err);

/* One turn of loop and hub. */
void worker_turn(struct worker *worker);

/* Says it until the store has it, or refuses for good: then false. After a refusal or after
 * `for_ms` nothing more is tried. */
bool worker_say(struct worker *worker, const struct command *command, const struct facts *facts,
                int64_t for_ms);

#endif
