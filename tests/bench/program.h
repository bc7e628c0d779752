/* Other programs, as a benchmark needs them: found, run to their end, or talked to.
 * Owns its processes: each ends with its struct. */
#ifndef BACKOUT_TESTS_BENCH_PROGRAM_H
#define BACKOUT_TESTS_BENCH_PROGRAM_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Its path, or NULL where it isn't installed. */
const char *program_find(const void *parent, const char *name);

/* To its end in `folder`; what it printed, owned by `parent`. Any status but 0 is ERR_UNAVAILABLE
 * with its last words. */
bool program_run(const void *parent, const char *const *argv, const char *folder, char **printed,
                 struct err *err);

/* The number behind a name, of lines "NAME NUMBER". */
bool program_number(const char *printed, const char *name, double *number, struct err *err);

struct program;

/* Runs beside us; what it prints is thrown away unless it is talked to. */
struct program *program_start(const void *parent, const char *const *argv, const char *folder,
                              struct err *err);
pid_t program_pid(const struct program *program);

/* Sends a line and takes the line that is answered, without its newline; good until the next. */
bool program_ask(struct program *program, const char *line, const char **answer, struct err *err);

/* The text of a file that programs leave, owned by `parent`; "" where there is none. */
char *program_file(const void *parent, const char *path);

/* What the kernel counts of a process: write calls and the bytes given to them (proc(5), io). */
struct written {
    int64_t calls, bytes;
};
struct written program_written(pid_t pid);

/* Processor time it used so far, in ms (proc(5), schedstat); of a process of one thread. */
double program_cpu_ms(pid_t pid);

/* Its memory in KiB, what it shares counted by parts (proc(5), smaps_rollup, Pss); 0: not known. */
double program_pss_kib(pid_t pid);

#endif
