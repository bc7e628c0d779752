/* The one place where the program waits: ppoll on descriptors, timers and signals.
 * Owns the list of watched descriptors and timers, not what they mean.
 * Never draws, never blocks but in loop_turn. */
#ifndef BACKOUT_BASE_LOOP_H
#define BACKOUT_BASE_LOOP_H

#include "base/err.h"

#include <stdint.h>

struct loop;
struct loop_watch;
struct loop_timer;

typedef void loop_fd_fn(void *data, int fd, short revents);
typedef void loop_timer_fn(void *data, int64_t now_ms);
typedef void loop_signal_fn(void *data, int signal_number);

struct loop *loop_new(const void *parent, struct err *err);

/* Watches `fd` for `events` (POLLIN, POLLOUT) until the watch is freed (talloc_free). The descriptor stays the
 * caller's. loop_watch_events changes what is waited for. Freeing a watch from inside any handler is safe. */
struct loop_watch *loop_watch(struct loop *loop, int fd, short events, loop_fd_fn *fn, void *data);
void loop_watch_events(struct loop_watch *watch, short events);

/* Calls `fn` once when BOOTTIME-based `after_ms` have passed; freed by talloc_free, re-armed by
 * loop_timer_set (also from inside its handler). */
struct loop_timer *loop_timer(struct loop *loop, loop_timer_fn *fn, void *data);
void loop_timer_set(struct loop_timer *timer, int64_t after_ms);
void loop_timer_stop(struct loop_timer *timer);

/* Handlers run in the loop, never in signal context. Signals are blocked but during ppoll. */
bool loop_signal(struct loop *loop, int signal_number, loop_signal_fn *fn, void *data,
                 struct err *err);

/* One turn: waits until something is ready or the next timer is due (at most `limit_ms`, -1: no
 * limit), then calls handlers. False when nothing happened within the limit. */
bool loop_turn(struct loop *loop, int64_t limit_ms);

/* The wall clock as read at the start of this turn's handling, ms since the epoch. */
int64_t loop_now_ms(const struct loop *loop);

/* Turns until loop_stop. `before_wait` (may be NULL) runs once a turn, before waiting: the place
 * to draw. */
void loop_run(struct loop *loop, void (*before_wait)(void *data), void *data);
void loop_stop(struct loop *loop);

#endif
