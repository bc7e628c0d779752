/* The runner: the process that performs one run, and tells the store how it ended.
 * `backout runner --store PATH` (internal; started by hold.c), its pipe on descriptor HOLD_FD. */
#ifndef BACKOUT_RUN_RUNNER_H
#define BACKOUT_RUN_RUNNER_H

/* Returns the exit status of the process. */
int runner_main(const char *store, int pipe_fd);

#endif
