#include "config.h"

#include "base/loop_inside.h"

#include "base/time.h"
#include "base/xtalloc.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct loop_timer {
    struct loop *loop; /* NULL once the loop is gone */
    int64_t due_ms;    /* as time_boot_ms counts; LOOP_NEVER: stopped */
    uint64_t arming;   /* which of the loop's armings set it */
    loop_timer_fn *fn;
    void *data;
};

/* It only has to end the wait: which timers are due is read from the clock. */
static void pass_expiry(void *data, int fd, short revents) {
    struct loop *loop = data;
    uint64_t expiries;

    (void)revents;
    if (read(fd, &expiries, sizeof(expiries)) > 0) {
        loop->timer_fd_due_ms = LOOP_NEVER;
    }
}

/* A timer descriptor rather than ppoll's limit, which stands still while the machine sleeps. */
bool loop_timers_open(struct loop *loop, struct err *err) {
    loop->timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (loop->timer_fd < 0) {
        return err_errno(err, errno, "can't make a timer", NULL, NULL);
    }
    loop->timer_fd_due_ms = LOOP_NEVER;
    loop_watch(loop, loop->timer_fd, POLLIN, pass_expiry, loop);
    return true;
}

void loop_timers_close(struct loop *loop) {
    for (size_t i = 0; i < loop->timers.count; i++) {
        struct loop_timer *timer = loop->timers.members[i];
        if (timer != NULL) {
            timer->loop = NULL;
        }
    }
    if (loop->timer_fd >= 0) {
        close(loop->timer_fd);
    }
}

static bool is_before(const struct loop_timer *a, const struct loop_timer *b) {
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->arming < b->arming;
}

/* The first that is due, of those set before arming number `limit`; NULL when all are stopped. */
static struct loop_timer *first_timer(const struct loop *loop, uint64_t limit) {
    struct loop_timer *first = NULL;

    for (size_t i = 0; i < loop->timers.count; i++) {
        struct loop_timer *timer = loop->timers.members[i];
        if (timer != NULL && timer->due_ms != LOOP_NEVER && timer->arming < limit &&
            (first == NULL || is_before(timer, first))) {
            first = timer;
        }
    }
    return first;
}

void loop_timers_arm(struct loop *loop) {
    loop_list_close_holes(&loop->timers);
    const struct loop_timer *next = first_timer(loop, UINT64_MAX);
    int64_t due_ms = next == NULL ? LOOP_NEVER : next->due_ms;

    if (due_ms == loop->timer_fd_due_ms) {
        return;
    }
    struct itimerspec setting = {0};
    if (next != NULL) {
        int64_t left_ms = due_ms - time_boot_ms();
        /* All zeros would disarm it, so what is overdue waits for one nanosecond. */
        setting.it_value.tv_sec = left_ms > 0 ? left_ms / SECOND_MS : 0;
        setting.it_value.tv_nsec = left_ms > 0 ? (long)(left_ms % SECOND_MS) * 1000000 : 1;
    }
    timerfd_settime(loop->timer_fd, 0, &setting, NULL);
    loop->timer_fd_due_ms = due_ms;
}

/* Timers set by a handler wait for the next turn, or one that sets itself to zero would hold the
 * loop for ever. */
bool loop_timers_run(struct loop *loop) {
    int64_t boot_ms = time_boot_ms();
    uint64_t limit = loop->armings;
    struct loop_timer *timer;
    bool called = false;

    while ((timer = first_timer(loop, limit)) != NULL && timer->due_ms <= boot_ms) {
        timer->due_ms = LOOP_NEVER;
        timer->fn(timer->data, loop->now.wall_ms);
        called = true;
    }
    return called;
}

static int drop_timer(struct loop_timer *timer) {
    if (timer->loop != NULL) {
        loop_list_remove(&timer->loop->timers, timer);
    }
    return 0;
}

struct loop_timer *loop_timer(struct loop *loop, loop_timer_fn *fn, void *data) {
    struct loop_timer *timer = xtalloc(loop, struct loop_timer);

    *timer = (struct loop_timer){.loop = loop, .due_ms = LOOP_NEVER, .fn = fn, .data = data};
    loop_list_add(loop, &loop->timers, timer);
    talloc_set_destructor(timer, drop_timer);
    return timer;
}

static void set_due(struct loop_timer *timer, int64_t due_ms) {
    timer->due_ms = due_ms;
    timer->arming = timer->loop->armings++;
}

void loop_timer_set(struct loop_timer *timer, int64_t after_ms) {
    if (timer->loop == NULL) {
        return;
    }
    int64_t due_ms;
    bool overflow = __builtin_add_overflow(time_boot_ms(), after_ms, &due_ms);
    set_due(timer, overflow ? LOOP_NEVER : due_ms);
}

/* Counted from the moment of the turn, which is the same for all who ask in it. The two clocks go
 * from one whole ms to the next at different moments: without the ms more the wake might come
 * before the beat, and need another behind it. */
void loop_timer_beat(struct loop_timer *timer, int64_t period_ms) {
    if (timer->loop == NULL) {
        return;
    }
    struct moment now = timer->loop->now;
    int64_t left_ms = period_ms > 0 ? period_ms - now.wall_ms % period_ms + 1 : 0;
    set_due(timer, now.boot_ms + left_ms);
}

void loop_timer_stop(struct loop_timer *timer) {
    timer->due_ms = LOOP_NEVER;
}
