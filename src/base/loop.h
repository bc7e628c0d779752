/* The one place where the program waits: ppoll on descriptors, timers and signals.
 * Owns the list of watched descriptors and timers, not what they mean.
 * Never draws, never blocks but in loop_turn. Don't free the loop from inside a handler. */
#ifndef BACKOUT_BASE_LOOP_H
#define BACKOUT_BASE_LOOP_H

#include "base/err.h"
#include "base/time.h"

#include <stdint.h>

struct loop;
struct loop_watch;
struct loop_timer;

typedef void loop_fd_fn(void *data, int fd, short revents);
typedef void loop_timer_fn(void *data, int64_t now_ms);
typedef void loop_signal_fn(void *data, int signal_number);

/* NULL: err is set. */
struct loop *loop_new(const void *parent, struct err *err);

/* Watches `fd` for `events` (POLLIN, POLLOUT) until the watch is freed (talloc_free, or with the
 * loop). The descriptor stays the caller's: free the watch before closing it. loop_watch_events
 * changes what is waited for; 0 waits for nothing, not even a hang-up. Freeing any watch from
 * inside any handler is safe, its own too. */
struct loop_watch *loop_watch(struct loop *loop, int fd, short events, loop_fd_fn *fn, void *data);
void loop_watch_events(struct loop_watch *watch, short events);

/* A timer that calls `fn` once when the time last given to loop_timer_set has passed, counted in
 * CLOCK_BOOTTIME (so sleep of the machine counts). It starts stopped, is freed by talloc_free, and
 * may be set, stopped or freed from inside any handler; set there, it waits for the next turn.
 * Timers are called in the order they are due. */
struct loop_timer *loop_timer(struct loop *loop, loop_timer_fn *fn, void *data);
void loop_timer_set(struct loop_timer *timer, int64_t after_ms);
/* The same for the next time that the wall clock shows a whole multiple of the period: what several
 * do every second is done in one turn, and so by one wake. 0: at once. */
void loop_timer_beat(struct loop_timer *timer, int64_t period_ms);
void loop_timer_stop(struct loop_timer *timer);

/* Calls `fn` for a signal, before the descriptors of that turn; a later call replaces the handler.
 * Handlers run in the loop, never in signal context. The signal is blocked from here on (read from
 * a signalfd) till the loop is freed: a child that is to get signals must reset its mask. */
bool loop_signal(struct loop *loop, int signal_number, loop_signal_fn *fn, void *data,
                 struct err *err);

/* One turn: waits until something is ready or the next timer is due (at most `limit_ms`, -1: no
 * limit), then calls handlers. False when nothing happened within the limit. */
bool loop_turn(struct loop *loop, int64_t limit_ms);

/* The wall clock as read at the start of this turn's handling, ms since the epoch. */
int64_t loop_now_ms(const struct loop *loop);
/* The same moment on both clocks. */
struct moment loop_moment(const struct loop *loop);

/* Turns until loop_stop. `before_wait` (may be NULL) runs once a turn, before waiting: the place
 * to draw. */
void loop_run(struct loop *loop, void (*before_wait)(void *data), void *data);
void loop_stop(struct loop *loop);

#endif
