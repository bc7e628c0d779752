/* A store as years of work would leave it: incidents that were declared, decided, rolled back step
 * by step and closed, and some that are open now.
 * Every event is one that `decide` gave to a command somebody could have asked, appended through
 * the log's own interface; only the commits are fewer, one for thousands of commands. The last
 * hundred commands have their own, which leaves the WAL half full: as much of it as whoever opens
 * the store has to read on an average day. */
#ifndef BACKOUT_TESTS_BENCH_HISTORY_H
#define BACKOUT_TESTS_BENCH_HISTORY_H

#include "base/err.h"

#include <stdint.h>

struct history {
    const char *store; /* a path where nothing is yet */
    const char *plans; /* the folder of the example plans, "data/plans" */
    uint64_t seed;     /* the same seed, the same events, but for the store's own id */
    int64_t events;    /* all of them: store.created and the frozen plans too */
    int64_t incidents;
    int64_t open; /* the last so many stay open, each somewhere on its way */
};

bool history_write(const struct history *history, struct err *err);

#endif
