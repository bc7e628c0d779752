/* What every test of the log starts from: a folder of its own, and short words for one event.
 * Owns the folder and removes it. Never looks into a store but through log.h. */
#ifndef BACKOUT_TESTS_LOG_FIXTURE_H
#define BACKOUT_TESTS_LOG_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "log/log.h"

#include <sys/types.h>

#define NOW_MS INT64_C(1794492482000) /* 2026-11-12T14:08:02Z */

struct fixture {
    struct err *err;
    char *folder;    /* mode 0700 */
    char *path;      /* of a store in it that nobody made yet */
    struct log *log; /* whatever the test opened */
};

/* For cmocka: *state becomes a struct fixture *, and goes again. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

#define fixture_test(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

/* A path in the folder. */
char *fixture_path(const struct fixture *fixture, const char *name);

/* Opens or dies with the error's sentence. */
struct log *fixture_open(struct fixture *fixture, enum log_mode mode);

/* Begins, waiting as long as it takes. */
void fixture_begin(struct fixture *fixture, struct log *log);

/* A whole event in a whole transaction; returns its seq. */
int64_t fixture_append(struct fixture *fixture, struct log *log, int64_t incident, const char *kind,
                       const char *body);

/* One event with a new command id, not yet appended; its command lives in the fixture. */
struct event fixture_event(struct fixture *fixture, int64_t incident, const char *kind,
                           const char *body);

/* Fails the test with the error's sentence unless `ok`. */
void fixture_ok(struct fixture *fixture, bool ok);

/* That the last call failed with that code, and that its words have all three parts. */
void fixture_failed(struct fixture *fixture, bool ok, enum err_code code);

/* A log_event_fn that counts into an int64_t. */
bool count_event(void *data, const struct event *event);

mode_t file_mode(const char *path);

/* The folder and all that is in it. */
void remove_tree(const char *path);

/* Runs SQL on a file as any other program would, without our lock; dies when it fails. */
void run_sql(const char *path, const char *sql);

/* The process of `fn`, whose answer is its exit status. A child may hold no connection of its
 * parent: close the log before. */
pid_t start_child(int (*fn)(struct fixture *fixture), struct fixture *fixture);
int wait_for_child(pid_t child);

/* The same as another user, without any group; skips the test when that takes rights we lack. */
int run_as_nobody(int (*fn)(struct fixture *fixture), struct fixture *fixture);

#endif
