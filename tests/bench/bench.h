/* What the lines of the benchmark share: where things are, and how a result is told.
 * Owns the folder for what one run makes; stores that take long to write are kept beside it for the
 * next. A line that is SHORT of its goal is told, and fails nothing. */
#ifndef BACKOUT_TESTS_BENCH_BENCH_H
#define BACKOUT_TESTS_BENCH_BENCH_H

#include "tests/bench/ratio.h"

#include <stdint.h>
#include <stdio.h>

struct bench {
    const char *backout;  /* the program */
    const char *programs; /* the folder of the benchmark's own: floors, generate, append */
    const char *source;   /* the source tree */
    const char *stores;   /* kept */
    const char *work;     /* for this run, and the home of all it starts */
    FILE *table;          /* the results as markdown, for docs/performance.md */
    char *notes;          /* and what was counted, below them */
    size_t short_of, failed;
};

/* ---- results --------------------------------------------------------------------------------- */

struct result {
    const char *line; /* of the table of goals: "1" */
    const char *what, *against;
    const char *unit; /* of both: "ms" */
    struct goal goal;
};

void bench_say(struct bench *bench, const struct result *result, const struct pairs *pairs);
void bench_skip(struct bench *bench, const char *line, const char *what, const char *why);
/* What was counted beside it; judged by nobody. */
void bench_note(struct bench *bench, const char *line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- what the lines are made of -------------------------------------------------------------- */

/* A program of the benchmark's own, owned by `parent`. */
const char *bench_program(const void *parent, const struct bench *bench, const char *name);

/* A folder in `work` that nobody has yet, for a store (0700). */
const char *bench_folder(const void *parent, const struct bench *bench, const char *name);

/* Runs a program to its end; what it prints is thrown away. */
bool bench_run(const struct bench *bench, const char *const *argv, struct err *err);

/* Path of a store with so many events and incidents (history.h), written if it isn't there. */
bool bench_history(const void *parent, const struct bench *bench, int64_t events, int64_t incidents,
                   const char **store, struct err *err);

/* Path of a git repository with 300 commits, the newest titled "change-0300". */
bool bench_repository(const void *parent, const struct bench *bench, const char *git,
                      const char **folder, struct err *err);

/* Path of a new store with one incident of ten manual steps (step01 … step10), of which five run:
 * its board shows ten timers, beside the two clocks of line 1. */
bool bench_ten(const void *parent, const struct bench *bench, const char *name, const char **store,
               struct err *err);

/* How the console of a store is started, by who works and by who only looks; owned by `parent`. */
const char *const *bench_console(const void *parent, const struct bench *bench, const char *store);
const char *const *bench_viewer(const void *parent, const struct bench *bench, const char *store);

/* ---- the lines ------------------------------------------------------------------------------- */

/* False: it could not be measured; err says why. */
typedef bool line_fn(struct bench *bench, struct err *err);

line_fn line_open, line_history, line_keys, line_memory, line_idle, line_ssh, line_append,
    line_writers, line_verify, line_wake;

#endif
