/* What the tests of the terminal share: tests/screen/term_probe.c on a pty, and what it must show.
 * An assertion that fails prints the place in the test that made it, what it expected, and the
 * screen as it stood. */
#ifndef BACKOUT_TESTS_SCREEN_PROBE_H
#define BACKOUT_TESTS_SCREEN_PROBE_H

#include "tests/screen/pty.h"

#define LIMIT_MS 5000

/* The line of a test that expects something. A function that expects it for a test is told HERE by
 * a macro of its name. */
struct place {
    const char *file;
    int line;
};
#define HERE ((struct place){.file = __FILE__, .line = __LINE__})

/* For cmocka's group: the probe stands beside the tests of this folder. */
int probe_find(void **state);
int probe_forget(void **state);
const char *probe_path(void);

/* Starts the probe; the second one waits until its first frame is shown. */
struct pty *probe_start_with(const struct pty_options *options, const char *argument);
struct pty *probe_start_at(struct place at, const struct pty_options *options);
#define probe_start(...) probe_start_at(HERE, __VA_ARGS__) /* compound literals have commas */
void probe_send(struct pty *pty, const char *bytes);
/* The status with which it ended. */
int probe_end_at(struct place at, struct pty *pty);
#define probe_end(pty) probe_end_at(HERE, pty)
/* Presses q, expects a good end, and frees the pty. */
void probe_quit_at(struct place at, struct pty *pty);
#define probe_quit(pty) probe_quit_at(HERE, pty)

void probe_assert_at(struct place at, struct pty *pty, bool holds, const char *what);
#define probe_assert(pty, holds, what) probe_assert_at(HERE, pty, holds, what)
/* These look once, */
#define assert_showing(pty, text)     probe_assert(pty, pty_shows(pty, text), "shown: " text)
#define assert_not_showing(pty, text) probe_assert(pty, !pty_shows(pty, text), "not shown: " text)
/* and these wait for it. */
void probe_shows_at(struct place at, struct pty *pty, const char *text);
#define assert_shows(pty, text) probe_shows_at(HERE, pty, text)
void probe_shows_not_at(struct place at, struct pty *pty, const char *text);
#define assert_shows_not(pty, text) probe_shows_not_at(HERE, pty, text)
void probe_is_idle_at(struct place at, struct pty *pty);
#define assert_idle(pty) probe_is_idle_at(HERE, pty)
#define assert_raw(pty, raw)                                                                       \
    probe_assert(pty, pty_wait_raw(pty, raw, LIMIT_MS), "its modes are raw: " #raw)
/* The terminal is as its user left it: modes, screen, cursor, and no brackets around a paste. */
void probe_gave_back_at(struct place at, struct pty *pty, struct termios modes);
#define assert_given_back(pty, modes) probe_gave_back_at(HERE, pty, modes)

#endif
