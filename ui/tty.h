/* The line to the person: the terminal's descriptor, its modes, and the bytes on their way out.
 * Owns the tty, opened anew so that what is set on it is not set for the shell; the modes it had;
 * and the last will by which even a crash gives the terminal back. Never knows what
 * the bytes mean; never blocks. */
#ifndef BACKOUT_UI_TTY_H
#define BACKOUT_UI_TTY_H

#include "base/err.h"

#include <stddef.h>

struct tty;

/* Opens the terminal of standard input anew (O_NONBLOCK, close-on-exec) and keeps its modes.
 * Freeing it gives the terminal back. */
bool tty_open(const void *parent, struct tty **tty, struct err *err);

int tty_fd(const struct tty *tty);
/* False where the line doesn't know its size. */
bool tty_size(const struct tty *tty, int *rows, int *cols);

/* Raw modes, and `enter` to be sent; `leave` is what a crash, too, will send with the modes of
 * before. Both are copied; `leave` is cut at TTY_WILL_MAX. */
#define TTY_WILL_MAX 256
void tty_enter(struct tty *tty, const char *enter, const char *leave);
/* Sends the last will and restores the modes; what was still to be sent is dropped. */
void tty_leave(struct tty *tty);
/* Stops this process as ctrl-z does (leave first, enter behind it); returns when it is continued.
 */
void tty_stop(struct tty *tty);

/* Bytes to send, taken whole (copied) behind those that still wait. */
void tty_send(struct tty *tty, const char *bytes, size_t length);
/* Whether bytes still wait for the line to take them (POLLOUT). */
bool tty_is_busy(const struct tty *tty);
/* Sends what the line takes. False when the terminal is gone. */
bool tty_drain(struct tty *tty);

/* Reads at most `size` bytes; 0: none now; -1: the terminal is gone. */
ptrdiff_t tty_read(struct tty *tty, char *bytes, size_t size);

/* What a crash handler may do: fixed bytes and kept modes only, async-signal-safe. Does nothing
 * unless a terminal is taken. */
void tty_restore_raw(void);

#endif
