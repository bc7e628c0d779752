/* How often a run's verify was tried, for the screen: "tried 8, not yet, 4s". */
#ifndef BACKOUT_RUN_TRIES_H
#define BACKOUT_RUN_TRIES_H

#include "run/folder.h"

struct tries {
    int64_t count;   /* 0: never */
    int64_t last_ms; /* when the last one began */
};

/* Nothing but words depends on it, so its loss is no error. */
void tries_write(const struct folder *folder, const struct tries *tries);

/* True when it changed. */
bool tries_read(const struct folder *folder, struct tries *tries);

#endif
