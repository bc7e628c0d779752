/* What is found where a runner should be: runs whose process is gone get their end reported by
 * whoever looks.
 * Owns nothing. Never starts anything, and never judges a run of another host. */
#ifndef BACKOUT_RUN_SWEEP_H
#define BACKOUT_RUN_SWEEP_H

#include "hub/hub.h"

/* Looks at every run that the state believes alive on this host. One whose claim is free and whose
 * process is gone is over: its `exit` (or `verdict`) is taken; without an `exec` mark nothing ran;
 * all else is lost, and its step unknown. Submits what it finds, and returns how many reports that
 * were; doing it twice does no harm. */
size_t run_sweep(struct hub *hub, int64_t now_ms);

/* The same for one step. True when nobody is at its run any more, though the state has no end of
 * it: its process is gone, or wrote down how it ended and can't say so. What can be reported is;
 * `err` is set where it can't be found what happened. */
bool run_sweep_step(struct hub *hub, const struct incident *incident, const struct step *step,
                    int64_t now_ms, struct err *err);

/* Whether the run that the state believes alive has no process any more, as far as this host can
 * tell: for who only looks. False for a run of another host, and where nothing runs (NULL). */
bool run_is_lost(const struct run *run, int64_t now_ms);

#endif
