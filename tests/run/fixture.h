/* What the tests of this room stand on: a run's folder in a fresh temporary one, a loop, and
 * patience with a limit. */
#ifndef BACKOUT_TESTS_RUN_FIXTURE_H
#define BACKOUT_TESTS_RUN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/loop.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "run/capture.h"
#include "run/exec.h"
#include "run/output.h"

#define LIMIT_MS (20 * SECOND_MS) /* no wait of a test is longer */

#define BENCH_RUN "41.undo.1"

struct bench {
    struct err *err;
    char *path; /* the folder of runs */
    struct folder *folder;
    struct loop *loop;
    struct redact *redact;
    const char *input; /* of what bench_shell runs */
};

/* cmocka's setup and teardown: *state is a struct bench. */
int bench_setup(void **state);
int bench_teardown(void **state);

/* Polls until `is_so` holds; fails the test after LIMIT_MS. */
void wait_until(bool (*is_so)(void *data), void *data);

/* The whole of a file, NUL-terminated; NULL when there is none. */
char *file_text(const void *parent, const char *path);
void file_write(const char *path, const char *text);

/* Everything of the run's output as "stream text\n…". */
char *output_text(const void *parent, const struct bench *bench);

/* Runs `script` by /bin/sh -c under the limits to its end; its output is kept as `out`. */
struct exec_end bench_shell(struct bench *bench, const char *script,
                            const struct exec_limits *limits);

/* What starts a shell script. */
struct launch shell_launch(const void *parent, const char *script);

#endif
