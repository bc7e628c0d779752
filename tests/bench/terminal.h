/* A terminal that measures: a program on a pty of 120×40, and when its bytes come out of it.
 * Owns the program, which ends with it. What is sent is looked through for words, not drawn; a
 * question for the cursor's place is answered as a terminal would that draws each glyph in one
 * cell. A frame's end is its last byte: the one behind which nothing more came for a while. */
#ifndef BACKOUT_TESTS_BENCH_TERMINAL_H
#define BACKOUT_TESTS_BENCH_TERMINAL_H

#include "base/err.h"

#include <stddef.h>
#include <sys/types.h>

#define TERMINAL_ROWS 40
#define TERMINAL_COLS 120

struct terminal;

/* Starts argv[0], a path, in `folder`. */
struct terminal *terminal_open(const void *parent, const char *const *argv, const char *folder,
                               struct err *err);

/* The whole first frame, with the word `shows` in it (no spaces: curses moves over those). *ms is
 * from the moment of its exec to the frame's last byte. */
bool terminal_first_frame(struct terminal *terminal, const char *shows, double *ms,
                          struct err *err);

/* Presses a key and takes what it does to its last byte, behind which nothing comes for so long,
 * with the word `shows` in it. */
bool terminal_key(struct terminal *terminal, const char *key, const char *shows, double silence_ms,
                  double *ms, struct err *err);

/* Takes and forgets what comes for so long. */
void terminal_rest(struct terminal *terminal, double ms);

/* Until each has sent the word since its last measurement; at_ms[i] says when (clock_ms). */
bool terminals_show(struct terminal *const *terminals, size_t count, const char *shows,
                    double *at_ms, struct err *err);

/* Ends it as a kill does (SIGTERM), and waits for that: so that it can tell what it counted. */
void terminal_end(struct terminal *terminal);

pid_t terminal_pid(const struct terminal *terminal);

/* Sent since the start. */
size_t terminal_bytes(const struct terminal *terminal);

#endif
