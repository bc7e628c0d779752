/* One command from its start to its end, in the loop: its output drained, its time bounded, and
 * nothing of it left behind when it is stopped.
 * Owns the process, its pipes and timers. Never judges what an end means.
 * The end is the leader reaped and at most two seconds of draining, never the pipes' EOF: a
 * grandchild in a session of its own may keep those for ever. */
#ifndef BACKOUT_RUN_EXEC_H
#define BACKOUT_RUN_EXEC_H

#include "base/loop.h"
#include "run/launch.h"
#include "run/sink.h"

struct exec;

struct exec_limits {
    int64_t timeout_ms; /* 0: none */
    int64_t grace_ms;   /* between TERM and KILL */
};

/* Starts it; what it writes goes to `sink`. False: nothing ran, err says why. Freeing an exec
 * that isn't over kills it. We must be a subreaper (exec_adopt). */
bool exec_start(const void *parent, struct loop *loop, const struct launch *launch,
                const struct exec_limits *limits, struct sink sink, struct exec **exec,
                struct err *err);

/* Makes this process the one that inherits orphans, so that none escapes exec_stop. */
bool exec_adopt(struct err *err);

/* TERM to its group, KILL after the grace, then KILL to whatever descends from us. `why` is a
 * static word: "aborted", "timed_out". Once it has ended or is being stopped this changes nothing.
 */
void exec_stop(struct exec *exec, const char *why);

bool exec_over(const struct exec *exec);
pid_t exec_group(const struct exec *exec);

struct exec_end {
    const char *ended; /* exited, signalled, or why it was stopped; static */
    int64_t status;    /* exit status or signal number */
    bool survivors;    /* stopped, but something could not be killed */
};
struct exec_end exec_end(const struct exec *exec);

#endif
