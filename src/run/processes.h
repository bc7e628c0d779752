/* What /proc knows of processes: who descends from us, and whether a runner still lives.
 * Owns nothing. A process may end between the look and the deed: pids are only trusted where we are
 * their parent, or where being wrong does no harm. */
#ifndef BACKOUT_RUN_PROCESSES_H
#define BACKOUT_RUN_PROCESSES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* SIGKILL to every process that descends from us, however it left its group or session (we must be
 * a subreaper). Returns how many were there. */
size_t processes_kill_descendants(void);

/* Collects every child that has ended, but for `but` (0: none). */
void processes_reap(pid_t but);

enum life { LIFE_GONE, LIFE_THERE, LIFE_UNSURE };

/* Whether `pid` is a runner of this program: THERE, GONE (no such process, or another program by
 * now), UNSURE (it exists, but may not be looked at). */
enum life processes_runner(pid_t pid);

/* Whether any process of the group exists. */
bool processes_group_lives(pid_t group);

#endif
