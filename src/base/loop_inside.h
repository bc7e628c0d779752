/* What the three files of the loop share: loop.c (descriptors and the turn), loop_timer.c and
 * loop_signal.c. Nobody else includes it. */
#ifndef BACKOUT_BASE_LOOP_INSIDE_H
#define BACKOUT_BASE_LOOP_INSIDE_H

#include "base/loop.h"

#include <poll.h>
#include <signal.h>

/* Watches and timers know their loop and their place in its list. Freeing one leaves a hole there
 * till the next turn, so a turn under way keeps its places. */
struct loop_list {
    void **members; /* NULL is a hole */
    size_t count, room;
};

struct loop_signal {
    loop_signal_fn *fn; /* NULL: not ours */
    void *data;
};

struct loop {
    struct loop_list watches; /* struct loop_watch */
    struct loop_list timers;  /* struct loop_timer */
    struct pollfd *polled;    /* one for each watch that had a place when the turn began */
    size_t polled_room;
    int timer_fd, signal_fd;
    int64_t timer_fd_due_ms; /* what timer_fd is set to; LOOP_NEVER: nothing */
    uint64_t armings;        /* how often a timer was set, to keep them in order */
    struct loop_signal signals[NSIG];
    sigset_t caught, mask_before;
    struct moment now; /* of this turn */
    bool stopped;
};

#define LOOP_NEVER INT64_MAX

void loop_list_add(struct loop *loop, struct loop_list *list, void *member);
void loop_list_remove(struct loop_list *list, const void *member);
void loop_list_close_holes(struct loop_list *list);

/* loop_timer.c: sets timer_fd to the next timer; calls those that are due; forgets them all. */
bool loop_timers_open(struct loop *loop, struct err *err);
void loop_timers_arm(struct loop *loop);
bool loop_timers_run(struct loop *loop);
void loop_timers_close(struct loop *loop);

/* loop_signal.c */
bool loop_signals_open(struct loop *loop, struct err *err);
void loop_signals_close(struct loop *loop);

#endif
