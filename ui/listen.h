/* What comes from the person: the tty is read, its bytes are decoded, sequences cut off expire.
 * Owns the inputs not yet taken. Never writes to the tty and never watches it: term.c, which also
 * sends, says when to read. */
#ifndef BACKOUT_UI_LISTEN_H
#define BACKOUT_UI_LISTEN_H

#include "base/loop.h"
#include "ui/input.h"
#include "ui/term.h"
#include "ui/tty.h"

struct listener;

/* `ready(data)` is called from the loop when an input waits that came outside of listener_read. */
struct listener *listener_new(const void *parent, struct loop *loop, struct tty *tty,
                              term_ready_fn *ready, void *data);

/* Takes what the tty has. False when the terminal is gone, which then is the last input. */
bool listener_read(struct listener *listener);

/* Another input, behind those that wait; `ready` follows in the next turn of the loop. */
void listener_add(struct listener *listener, enum input_kind kind);
bool listener_next(struct listener *listener, struct input *input);

/* Has `ready` called in the next turn of the loop if an input waits. */
void listener_wake(struct listener *listener);

/* See decoder_report. */
bool listener_report(struct listener *listener, int *row, int *col);

/* BOOTTIME, ms: the clock by which inputs are stamped. */
int64_t listener_now_ms(void);

#endif
