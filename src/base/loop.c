#include "config.h"

#include "base/loop_inside.h"

#include "base/time.h"
#include "base/xtalloc.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

struct loop_watch {
    struct loop *loop; /* NULL once the loop is gone */
    int fd;
    short events;
    loop_fd_fn *fn;
    void *data;
};

void loop_list_add(struct loop *loop, struct loop_list *list, void *member) {
    if (list->count == list->room) {
        list->room = 2 * list->room + 8;
        list->members = xtalloc_realloc(loop, list->members, void *, list->room);
    }
    list->members[list->count++] = member;
}

void loop_list_remove(struct loop_list *list, const void *member) {
    for (size_t i = 0; i < list->count; i++) {
        if (list->members[i] == member) {
            list->members[i] = NULL;
        }
    }
}

void loop_list_close_holes(struct loop_list *list) {
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (list->members[i] != NULL) {
            list->members[kept++] = list->members[i];
        }
    }
    list->count = kept;
}

/* Watches may outlive the loop when their owner is another; they then watch nothing. */
static int close_loop(struct loop *loop) {
    for (size_t i = 0; i < loop->watches.count; i++) {
        struct loop_watch *watch = loop->watches.members[i];
        if (watch != NULL) {
            watch->loop = NULL;
        }
    }
    loop_timers_close(loop);
    loop_signals_close(loop);
    return 0;
}

struct loop *loop_new(const void *parent, struct err *err) {
    struct loop *loop = xtalloc_zero(parent, struct loop);

    loop->timer_fd = loop->signal_fd = -1;
    talloc_set_destructor(loop, close_loop);
    if (!loop_signals_open(loop, err) || !loop_timers_open(loop, err)) {
        talloc_free(loop);
        return NULL;
    }
    loop->now = time_moment();
    return loop;
}

static int unwatch(struct loop_watch *watch) {
    if (watch->loop != NULL) {
        loop_list_remove(&watch->loop->watches, watch);
    }
    return 0;
}

struct loop_watch *loop_watch(struct loop *loop, int fd, short events, loop_fd_fn *fn, void *data) {
    struct loop_watch *watch = xtalloc(loop, struct loop_watch);

    *watch = (struct loop_watch){.loop = loop, .fd = fd, .events = events, .fn = fn, .data = data};
    loop_list_add(loop, &loop->watches, watch);
    talloc_set_destructor(watch, unwatch);
    return watch;
}

void loop_watch_events(struct loop_watch *watch, short events) {
    watch->events = events;
}

/* Makes the list that ppoll takes, place by place as the watches stand. */
static void list_polled(struct loop *loop) {
    loop_list_close_holes(&loop->watches);
    if (loop->polled_room < loop->watches.count) {
        loop->polled_room = loop->watches.room;
        loop->polled = xtalloc_realloc(loop, loop->polled, struct pollfd, loop->polled_room);
    }
    for (size_t i = 0; i < loop->watches.count; i++) {
        const struct loop_watch *watch = loop->watches.members[i];
        /* A hang-up is told even when nothing is asked for, and would spin: take it out. */
        int fd = watch->events == 0 ? -1 : watch->fd;
        loop->polled[i] = (struct pollfd){.fd = fd, .events = watch->events};
    }
}

/* Handlers may free any watch, add some, or change what they wait for; only what was polled and is
 * still there and still asked for is called. */
static bool run_watches(struct loop *loop, size_t polled) {
    const short always = POLLERR | POLLHUP | POLLNVAL;
    bool called = false;

    for (size_t i = 0; i < polled; i++) {
        struct loop_watch *watch = loop->watches.members[i];
        if (watch == NULL || watch->events == 0) {
            continue;
        }
        short revents = (short)(loop->polled[i].revents & (watch->events | always));
        if (revents != 0) {
            watch->fn(watch->data, watch->fd, revents);
            called = true;
        }
    }
    return called;
}

static int wait_for(struct loop *loop, size_t polled, int64_t limit_ms) {
    struct timespec limit = {
        .tv_sec = limit_ms / SECOND_MS,
        .tv_nsec = (long)(limit_ms % SECOND_MS) * 1000000,
    };

    return ppoll(loop->polled, polled, limit_ms < 0 ? NULL : &limit, NULL);
}

bool loop_turn(struct loop *loop, int64_t limit_ms) {
    loop_timers_arm(loop);
    list_polled(loop);
    size_t polled = loop->watches.count;
    int ready = wait_for(loop, polled, limit_ms);
    loop->now = time_moment();
    /* A failed wait (EINTR by a handler that isn't ours) left nothing in the list. */
    bool watched = ready > 0 && run_watches(loop, polled);
    bool timed = loop_timers_run(loop);
    return watched || timed;
}

int64_t loop_now_ms(const struct loop *loop) {
    return loop->now.wall_ms;
}

struct moment loop_moment(const struct loop *loop) {
    return loop->now;
}

void loop_run(struct loop *loop, void (*before_wait)(void *data), void *data) {
    loop->stopped = false;
    while (!loop->stopped) {
        if (before_wait != NULL) {
            before_wait(data);
        }
        if (!loop->stopped) {
            loop_turn(loop, -1);
        }
    }
}

void loop_stop(struct loop *loop) {
    loop->stopped = true;
}
