/* A terminal for tests: a program runs on a pty as a job of a shell would, and libvterm draws what
 * it says. Owns the program's process, which dies with it, and the pty. Never sleeps: every wait is
 * for a condition, with a limit. Keys are typed as fingers do, one by one; pty_send sends bytes at
 * once, as a paste does. */
#ifndef BACKOUT_TESTS_SCREEN_PTY_H
#define BACKOUT_TESTS_SCREEN_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

struct pty;

struct pty_options {
    int rows, cols;                 /* 0: 24, 80 */
    const char *term;               /* TERM; NULL: xterm-256color */
    const char *const *environment; /* more "NAME=VALUE", ended by NULL; "NAME" takes it away */
    bool mute;                      /* the terminal answers no question */
};

/* Starts argv[0] (a path) with LANG=C.UTF-8 and no LC_ALL, LC_CTYPE or NO_COLOR unless said. */
struct pty *pty_start(const void *parent, const struct pty_options *options,
                      const char *const *argv);

/* ---- what the person does */
void pty_keys(struct pty *pty, const char *keys); /* UTF-8; an escape sequence goes as one */
void pty_send(struct pty *pty, const char *bytes, size_t length);
/* The person does nothing for so long. Not a way to wait for the program. */
void pty_pause(struct pty *pty, int pause_ms);
void pty_resize(struct pty *pty, int rows, int cols);
/* The line knows its size no more; the terminal keeps it. */
void pty_forget_size(struct pty *pty);
void pty_hang_up(struct pty *pty);
/* The line takes nothing more from the program (true) till it does again. */
void pty_stall(struct pty *pty, bool stalled);

/* ---- what is seen */
/* The rows as they stand, each ended by a newline, owned by `pty` until the next call. */
const char *pty_text(struct pty *pty);
bool pty_shows(struct pty *pty, const char *text);
bool pty_wait_text(struct pty *pty, const char *text, int limit_ms);
bool pty_wait_no_text(struct pty *pty, const char *text, int limit_ms);

struct pty_cell {
    bool bold, reverse, underline, colored;
};
struct pty_cell pty_cell(struct pty *pty, int row, int col);
bool pty_is_alternate(const struct pty *pty);
bool pty_is_cursor_shown(const struct pty *pty);
bool pty_wait_cursor(struct pty *pty, int row, int col, int limit_ms);

/* All bytes the program sent since its start, ended by NUL. */
const char *pty_sent(const struct pty *pty);
size_t pty_sent_length(const struct pty *pty);
bool pty_wait_sent(struct pty *pty, const char *bytes, int limit_ms);

/* ---- whatever is waited for: takes output until it holds; `about` is what it asks about */
typedef bool pty_condition_fn(struct pty *pty, const void *about);
bool pty_wait_until(struct pty *pty, pty_condition_fn *holds, const void *about, int limit_ms);

/* ---- the program */
pid_t pty_pid(const struct pty *pty);
struct termios pty_modes(const struct pty *pty);
/* Those it had before the program started. */
struct termios pty_first_modes(const struct pty *pty);
bool pty_same_modes(struct termios a, struct termios b);
void pty_set_modes(struct pty *pty, const struct termios *modes);
bool pty_wait_raw(struct pty *pty, bool raw, int limit_ms);
/* Whether it has read all that was typed. */
bool pty_wait_taken(struct pty *pty, int limit_ms);
/* Whether it has also done all that it does about it. */
bool pty_wait_idle(struct pty *pty, int limit_ms);
bool pty_wait_stopped(struct pty *pty, bool stopped, int limit_ms);
bool pty_has_ended(const struct pty *pty);
/* Its status as waitpid gives it, once it has ended and all it said was taken. */
bool pty_wait_end(struct pty *pty, int *status, int limit_ms);

#endif
