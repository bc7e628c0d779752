/* A worker (a runner, a courier) that waits on its pipe: the process exists, so its pid can be
 * committed with `step.started`, but nothing runs until it is let go.
 * Owns the write end of that pipe. Freed without letting go, or killed with its owner, it closes
 * the pipe, and the worker exits without having done anything. */
#ifndef BACKOUT_RUN_HOLD_H
#define BACKOUT_RUN_HOLD_H

#include "base/err.h"

#include <stdint.h>

struct held_run;

/* Where the worker finds its end of the pipe. */
#define HOLD_FD 3

/* Starts this very program anew as `AS --store STORE`, "runner" or "courier", in a session of its
 * own, no child of ours. Its pid is in *pid. What is started can't be redirected: it is
 * /proc/self/exe. */
bool run_hold(const void *parent, const char *as, const char *store, struct held_run **held,
              int64_t *pid, struct err *err);

/* Tells it which one it is, a runner once `step.started` is on disk: from here on it is on its own.
 */
bool run_let_go(struct held_run *held, const char *what, struct err *err);

/* The worker's side: waits for its word. NULL when the pipe closed first; owned by `parent`. */
char *run_wait(const void *parent, int pipe_fd);

#endif
