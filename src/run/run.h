/* One step attempt: a process of its own that outlives the console which started it.
 * Owns the files under view/run/RUN/ and the processes it spawned.
 * Never decides: it reports through the hub, and its claim (flock) tells the living from the dead.
 * docs/runner.md tells the whole story; this is what the rooms above need of it. */
#ifndef BACKOUT_RUN_RUN_H
#define BACKOUT_RUN_RUN_H

#include "run/door.h"   /* commands in, with facts and a held runner */
#include "run/output.h" /* what a run wrote, followed while it grows */
#include "run/runner.h" /* the runner's main */
#include "run/sweep.h"  /* the ends of runs whose process is gone */

#endif
