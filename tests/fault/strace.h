/* The program under strace, which lets its Nth call of a kind fail: who was hit, how it ended, what
 * it said.
 * Owns the processes that it starts. Never judges what came of it. */
#ifndef BACKOUT_TESTS_FAULT_STRACE_H
#define BACKOUT_TESTS_FAULT_STRACE_H

#include "tests/log/fixture.h"

/* Which call fails how; `when` as strace has it, "3" or "3+". Without a call nothing fails. */
struct injection {
    const char *call, *error;
    size_t nth;
    bool from_there_on;
};

struct traced {
    pid_t pid;
    const char *folder;    /* where it works, and what it wrote is left: out, err, trace */
    const char *out, *err; /* once it has ended */
    int status;            /* of waitpid; -1: it had to be killed */
    bool injected,
        to_user; /* whether a call failed; and whether that was one to stdout or stderr */
};

/* Whether strace is there and may trace. */
bool strace_works(struct fixture *fixture);

/* Starts the words in that folder, and waits for the end of all that they started. What still runs
 * some seconds after the command is ended: a runner whose reports fail tries for a day. */
struct traced strace_start(struct fixture *fixture, const char *folder, const char *words,
                           const struct injection *injection);
void strace_wait(struct fixture *fixture, struct traced *traced);

/* How many of these calls were the loader's, before the program's own. */
size_t strace_loading(struct fixture *fixture, const char *folder, const char *words,
                      const char *call);

#endif
