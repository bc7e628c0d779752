/* From words to a process: fork and exec of one command in a clean room.
 * Owns nothing once it returns: process and pipes are the caller's. */
#ifndef BACKOUT_RUN_LAUNCH_H
#define BACKOUT_RUN_LAUNCH_H

#include "base/err.h"

#include <sys/types.h>

struct launch {
    const char *const *argv; /* ended by NULL; never a shell unless it says so */
    const char *cwd;         /* NULL: where we are */
    char *const *environment;
    const char *input; /* what it reads from descriptor 0; NULL: nothing */
};

struct launched {
    pid_t pid;      /* also its process group */
    int pidfd;      /* readable when it ended */
    int out, error; /* what it writes; non-blocking */
};

/* False: nothing ran, and err says why, to the word: "can't run ./bin/undo: No such file or
 * directory". The command gets its own process group, /dev/null to read from, no other descriptor,
 * default signals, umask 022, no core files; it is killed should we die. */
bool launch(const struct launch *launch, struct launched *launched, struct err *err);

/* For what must not touch a terminal or wake as somebody else: the child's side, up to exec. Async
 * signal safe. */
void launch_reset_signals(void);

#endif
