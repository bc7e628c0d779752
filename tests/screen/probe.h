/* What the tests of the terminal share: tests/screen/term_probe.c on a pty, and what it must show.
 * An assertion that fails prints the screen as it stood. */
#ifndef BACKOUT_TESTS_SCREEN_PROBE_H
#define BACKOUT_TESTS_SCREEN_PROBE_H

#include "tests/screen/pty.h"

#define LIMIT_MS 5000

/* For cmocka's group: the probe stands beside the test program. */
int probe_find(void **state);
int probe_forget(void **state);
const char *probe_path(void);

/* Starts the probe; the second one waits until its first frame is shown. */
struct pty *probe_start_with(const struct pty_options *options, const char *argument);
struct pty *probe_start(const struct pty_options *options);
void probe_send(struct pty *pty, const char *bytes);
/* The status with which it ended. */
int probe_end(struct pty *pty);
/* Presses q, expects a good end, and frees the pty. */
void probe_quit(struct pty *pty);

void probe_assert(struct pty *pty, bool holds, const char *what);

#define assert_shows(pty, text)     probe_assert(pty, pty_wait_text(pty, text, LIMIT_MS), text)
#define assert_shows_not(pty, text) probe_assert(pty, pty_wait_no_text(pty, text, LIMIT_MS), text)
#define assert_raw(pty, raw)        probe_assert(pty, pty_wait_raw(pty, raw, LIMIT_MS), #raw)

#endif
