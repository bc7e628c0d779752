/* One step attempt: a process of its own that outlives the console which started it.
 * Owns the files under view/run/RUN/ and the processes it spawned.
 * Never decides: it reports through the hub, and its claim (flock) tells the living from the dead. */
#ifndef BACKOUT_RUN_RUN_H
#define BACKOUT_RUN_RUN_H

#include "hub/hub.h"

/* A runner that waits on its pipe: nothing runs until it is let go. Freeing it without letting go
 * closes the pipe, and the runner exits without having run anything. */
struct held_run;

/* Spawns `program` (this program's path) as a runner of its own session, not our child any more,
 * for the store. pid in *pid. */
bool run_hold(const void *parent, const struct hub *hub, struct held_run **held, int64_t *pid,
              struct err *err);

/* Tells it which run it is, once step.started is on disk: from here on it is on its own. */
bool run_let_go(struct held_run *held, const char *run, struct err *err);

/* A command through its door, with everything its row asks for: gathers facts, holds a runner where
 * it may start one, submits. run_settle_ticket must see every answer of the hub: it lets the runner go when accepted, and drops it
 * when refused. */
struct door;
struct door *door_new(const void *parent, struct hub *hub);
bool door_submit(struct door *door, const struct command *command, int64_t *ticket,
                 struct err *err);
void door_answer(struct door *door, const struct hub_item *item);
/* Line mode: the same, waiting for the answer. */
bool door_ask(struct door *door, const struct command *command, int64_t limit_ms,
              struct hub_item *answer, struct err *err);

/* Looks at every run that the state believes alive on this host, and reports those whose runner is
 * gone: its `exit` file is taken, no `exec` mark means nothing ran, all else is unknown. Returns
 * how many it reported. */
size_t run_sweep(struct hub *hub, int64_t now_ms);

/* The output of a run, as captured so far: lines with their time. Follows a file that grows. */
struct run_output;
struct run_line {
    int64_t at_ms;
    char stream; /* 'o' or 'e' */
    const char *text; /* clean, one line */
};
struct run_output *run_output_open(const void *parent, const char *run_folder, const char *run);
/* Reads what is new; true when there was anything. */
bool run_output_poll(struct run_output *output);
size_t run_output_count(const struct run_output *output);
struct run_line run_output_line(const struct run_output *output, size_t index);
int64_t run_output_bytes(const struct run_output *output);   /* as the command wrote them */
int64_t run_output_dropped(const struct run_output *output); /* of the middle */
/* How often `verify` was tried, and when last; 0 when never. */
int64_t run_output_tries(const struct run_output *output, int64_t *last_ms);

/* The runner's main: `backout runner --store PATH` (internal), the pipe on descriptor 3. */
int runner_main(const char *store, int pipe_fd);

#endif
