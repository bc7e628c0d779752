#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/loop.h"
#include "base/time.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

/* Longer than anything here takes; reaching it fails the test. */
#define LIMIT_MS 5000

/* One loop with one pipe, and a note of what was called. */
struct bench {
    struct loop *loop;
    struct err *err;
    int pipe[2];
    struct loop_watch *watches[3];
    struct loop_timer *timers[3];
    char calls[64]; /* a letter for each call */
    size_t called;
    short revents;
    int64_t now_ms;
};

static int make_bench(void **state) {
    struct bench *bench = talloc_zero(NULL, struct bench);

    bench->err = err_new(bench);
    bench->loop = loop_new(bench, bench->err);
    *state = bench;
    return bench->loop != NULL && pipe(bench->pipe) == 0 ? 0 : -1;
}

static int free_bench(void **state) {
    struct bench *bench = *state;

    close(bench->pipe[0]);
    close(bench->pipe[1]);
    talloc_free(bench);
    return 0;
}

static void note(struct bench *bench, char letter) {
    assert_true(bench->called < sizeof(bench->calls) - 1);
    bench->calls[bench->called++] = letter;
}

static void forget(struct bench *bench) {
    memset(bench->calls, 0, sizeof(bench->calls));
    bench->called = 0;
}

static void feed(struct bench *bench) {
    assert_int_equal(write(bench->pipe[1], "x", 1), 1);
}

static void drain(int fd) {
    char byte;

    assert_int_equal(read(fd, &byte, 1), 1);
}

/* Turns until so many calls were made. */
static void turn_until(struct bench *bench, size_t calls) {
    int64_t limit_ms = time_boot_ms() + LIMIT_MS;

    while (bench->called < calls) {
        assert_true(time_boot_ms() < limit_ms);
        loop_turn(bench->loop, LIMIT_MS);
    }
}

static void take(void *data, int fd, short revents) {
    struct bench *bench = data;

    bench->revents = revents;
    note(bench, 'r');
    drain(fd);
}

static void look(void *data, int fd, short revents) {
    (void)fd;
    ((struct bench *)data)->revents = revents;
    note(data, 'l');
}

/* --- descriptors ------------------------------------------------------------------------------ */

static void nothing_happens_within_the_limit(void **state) {
    struct bench *bench = *state;
    int64_t start_ms = time_boot_ms();

    assert_false(loop_turn(bench->loop, 0));
    assert_false(loop_turn(bench->loop, 20));
    assert_true(time_boot_ms() - start_ms >= 19);
    loop_watch(bench->loop, bench->pipe[0], POLLIN, take, bench);
    assert_false(loop_turn(bench->loop, 0));
    assert_int_equal(bench->called, 0);
}

static void a_pipe_with_bytes_is_told(void **state) {
    struct bench *bench = *state;

    loop_watch(bench->loop, bench->pipe[0], POLLIN, take, bench);
    feed(bench);
    assert_true(loop_turn(bench->loop, LIMIT_MS));
    assert_string_equal(bench->calls, "r");
    assert_int_equal(bench->revents, POLLIN);
    assert_false(loop_turn(bench->loop, 0));
}

static void what_is_waited_for_can_change(void **state) {
    struct bench *bench = *state;
    struct loop_watch *watch = loop_watch(bench->loop, bench->pipe[1], 0, look, bench);

    assert_false(loop_turn(bench->loop, 0));
    loop_watch_events(watch, POLLOUT);
    assert_true(loop_turn(bench->loop, 0));
    assert_int_equal(bench->revents, POLLOUT);
    loop_watch_events(watch, 0);
    assert_false(loop_turn(bench->loop, 0));
    assert_string_equal(bench->calls, "l");
}

static void a_hang_up_is_told_but_to_nobody_who_waits_for_nothing(void **state) {
    struct bench *bench = *state;
    int other[2];

    assert_int_equal(pipe(other), 0);
    close(other[1]);
    struct loop_watch *watch = loop_watch(bench->loop, other[0], 0, look, bench);
    int64_t start_ms = time_boot_ms();
    assert_false(loop_turn(bench->loop, 20));
    assert_true(time_boot_ms() - start_ms >= 19); /* it didn't even wake */
    loop_watch_events(watch, POLLIN);
    assert_true(loop_turn(bench->loop, 0));
    assert_true((bench->revents & POLLHUP) != 0);
    talloc_free(watch);
    close(other[0]);
    assert_false(loop_turn(bench->loop, 0));
}

static void free_all_watches(void *data, int fd, short revents) {
    struct bench *bench = data;

    (void)revents;
    drain(fd);
    note(bench, 'f');
    for (size_t i = 0; i < ARRAY_SIZE(bench->watches); i++) {
        talloc_free(bench->watches[i]);
    }
}

/* All three are ready in one turn; the first frees itself and the others. */
static void watches_freed_in_a_handler_are_not_called(void **state) {
    struct bench *bench = *state;

    for (size_t i = 0; i < ARRAY_SIZE(bench->watches); i++) {
        bench->watches[i] =
            loop_watch(bench->loop, bench->pipe[0], POLLIN, free_all_watches, bench);
    }
    feed(bench);
    assert_true(loop_turn(bench->loop, LIMIT_MS));
    assert_string_equal(bench->calls, "f");
    feed(bench);
    assert_false(loop_turn(bench->loop, 0));
    assert_string_equal(bench->calls, "f");
}

static void free_next_and_add(void *data, int fd, short revents) {
    struct bench *bench = data;

    (void)revents;
    note(bench, 'a');
    talloc_free(bench->watches[1]);
    for (int i = 0; i < 20; i++) { /* more than the list has room for */
        loop_watch(bench->loop, fd, POLLIN, look, bench);
    }
    talloc_free(bench->watches[0]);
}

/* What is added while handlers run takes no freed place, and is first called in the next turn. */
static void watches_added_in_a_handler_wait_for_the_next_turn(void **state) {
    struct bench *bench = *state;

    bench->watches[0] = loop_watch(bench->loop, bench->pipe[0], POLLIN, free_next_and_add, bench);
    bench->watches[1] = loop_watch(bench->loop, bench->pipe[0], POLLIN, look, bench);
    feed(bench);
    assert_true(loop_turn(bench->loop, LIMIT_MS));
    assert_string_equal(bench->calls, "a");
    assert_true(loop_turn(bench->loop, LIMIT_MS));
    assert_int_equal(bench->called, 21);
}

static void stop_others(void *data, int fd, short revents) {
    struct bench *bench = data;

    (void)fd;
    (void)revents;
    note(bench, 's');
    loop_watch_events(bench->watches[1], 0);
    loop_watch_events(bench->watches[2], POLLOUT);
}

static void what_is_no_longer_waited_for_is_not_called(void **state) {
    struct bench *bench = *state;

    bench->watches[0] = loop_watch(bench->loop, bench->pipe[0], POLLIN, stop_others, bench);
    bench->watches[1] = loop_watch(bench->loop, bench->pipe[0], POLLIN, look, bench);
    bench->watches[2] = loop_watch(bench->loop, bench->pipe[0], POLLIN, look, bench);
    feed(bench);
    assert_true(loop_turn(bench->loop, LIMIT_MS));
    assert_string_equal(bench->calls, "s");
}

/* --- timers ----------------------------------------------------------------------------------- */

static void ring_a(void *data, int64_t now_ms) {
    ((struct bench *)data)->now_ms = now_ms;
    note(data, 'a');
}

static void ring_b(void *data, int64_t now_ms) {
    (void)now_ms;
    note(data, 'b');
}

static void ring_c(void *data, int64_t now_ms) {
    (void)now_ms;
    note(data, 'c');
}

static void make_timers(struct bench *bench) {
    bench->timers[0] = loop_timer(bench->loop, ring_a, bench);
    bench->timers[1] = loop_timer(bench->loop, ring_b, bench);
    bench->timers[2] = loop_timer(bench->loop, ring_c, bench);
}

static void timers_ring_in_the_order_they_are_due(void **state) {
    struct bench *bench = *state;

    make_timers(bench);
    loop_timer_set(bench->timers[0], 30);
    loop_timer_set(bench->timers[1], 20);
    loop_timer_set(bench->timers[2], 10);
    int64_t start_ms = time_boot_ms();
    turn_until(bench, 3);
    assert_string_equal(bench->calls, "cba");
    assert_true(time_boot_ms() - start_ms >= 29);
}

/* Also when the loop comes late and finds them all due in one turn. */
static void late_timers_ring_in_order_too(void **state) {
    struct bench *bench = *state;

    make_timers(bench);
    loop_timer_set(bench->timers[1], 1);
    loop_timer_set(bench->timers[2], 1);
    loop_timer_set(bench->timers[0], 0);
    for (int64_t start_ms = time_boot_ms(); time_boot_ms() < start_ms + 3;) {
    }
    assert_true(loop_turn(bench->loop, LIMIT_MS));
    assert_string_equal(bench->calls, "abc");
}

static void a_timer_never_rings_early_and_only_once(void **state) {
    struct bench *bench = *state;

    make_timers(bench);
    int64_t start_ms = time_boot_ms();
    loop_timer_set(bench->timers[0], 25);
    turn_until(bench, 1);
    assert_true(time_boot_ms() - start_ms >= 25);
    assert_false(loop_turn(bench->loop, 30));
    assert_string_equal(bench->calls, "a");
}

/* By both clocks, whose ms don't begin at the same moment; and by the turn's moment, however long
 * what else is done in it takes. */
static void what_beats_rings_in_one_turn_behind_the_beat(void **state) {
    const int64_t period_ms = 20;
    struct bench *bench = *state;

    make_timers(bench);
    loop_turn(bench->loop, 0);
    for (int i = 0; i < 10; i++) {
        int64_t beat = loop_now_ms(bench->loop) / period_ms + 1;
        forget(bench);
        loop_timer_beat(bench->timers[0], period_ms);
        for (int64_t start_ms = time_boot_ms(); time_boot_ms() < start_ms + 2;) {
        }
        loop_timer_beat(bench->timers[1], period_ms);
        while (bench->called == 0) {
            assert_true(loop_turn(bench->loop, LIMIT_MS));
        }
        assert_string_equal(bench->calls, "ab");
        assert_true(loop_now_ms(bench->loop) / period_ms >= beat);
    }
    loop_timer_beat(bench->timers[2], 0);
    assert_true(loop_turn(bench->loop, 0));
    assert_string_equal(bench->calls, "abc");
}

static void a_handler_is_told_the_wall_clock(void **state) {
    struct bench *bench = *state;
    int64_t start_ms = time_now_ms();

    make_timers(bench);
    loop_timer_set(bench->timers[0], 0);
    turn_until(bench, 1);
    assert_true(bench->now_ms >= start_ms && bench->now_ms <= time_now_ms());
    assert_true(bench->now_ms == loop_now_ms(bench->loop));
}

static void timers_can_be_set_anew_stopped_and_freed(void **state) {
    struct bench *bench = *state;

    make_timers(bench);
    assert_false(loop_turn(bench->loop, 5));
    loop_timer_set(bench->timers[0], 1);
    loop_timer_set(bench->timers[1], 1);
    loop_timer_set(bench->timers[2], 1);
    loop_timer_stop(bench->timers[0]);
    talloc_free(bench->timers[1]);
    loop_timer_set(bench->timers[2], 40);
    assert_false(loop_turn(bench->loop, 15));
    turn_until(bench, 1);
    assert_string_equal(bench->calls, "c");
    loop_timer_set(bench->timers[2], INT64_MAX);
    assert_false(loop_turn(bench->loop, 5));
}

static void ring_and_set_again(void *data, int64_t now_ms) {
    struct bench *bench = data;

    (void)now_ms;
    note(bench, 'z');
    loop_timer_set(bench->timers[0], 0);
}

static void a_timer_that_sets_itself_does_not_hold_the_loop(void **state) {
    struct bench *bench = *state;

    bench->timers[0] = loop_timer(bench->loop, ring_and_set_again, bench);
    loop_timer_set(bench->timers[0], 0);
    assert_true(loop_turn(bench->loop, LIMIT_MS));
    assert_string_equal(bench->calls, "z");
    turn_until(bench, 3);
}

static void ring_and_free_all(void *data, int64_t now_ms) {
    struct bench *bench = data;

    (void)now_ms;
    note(bench, 'f');
    for (size_t i = 0; i < ARRAY_SIZE(bench->timers); i++) {
        talloc_free(bench->timers[i]);
    }
}

static void timers_freed_in_a_handler_do_not_ring(void **state) {
    struct bench *bench = *state;

    for (size_t i = 0; i < ARRAY_SIZE(bench->timers); i++) {
        bench->timers[i] = loop_timer(bench->loop, ring_and_free_all, bench);
        loop_timer_set(bench->timers[i], 0);
    }
    assert_true(loop_turn(bench->loop, LIMIT_MS));
    assert_false(loop_turn(bench->loop, 5));
    assert_string_equal(bench->calls, "f");
}

static void a_timer_rings_beside_a_descriptor_that_is_always_ready(void **state) {
    struct bench *bench = *state;

    bench->timers[0] = loop_timer(bench->loop, ring_and_set_again, bench);
    loop_timer_set(bench->timers[0], 1);
    loop_watch(bench->loop, bench->pipe[1], POLLOUT, look, bench);
    int64_t limit_ms = time_boot_ms() + LIMIT_MS;
    while (memchr(bench->calls, 'z', bench->called) == NULL) {
        assert_true(time_boot_ms() < limit_ms);
        forget(bench);
        loop_turn(bench->loop, LIMIT_MS);
    }
}

/* --- signals ---------------------------------------------------------------------------------- */

static void got(void *data, int signal_number) {
    note(data, signal_number == SIGUSR1 ? '1' : '2');
}

static void signals_are_handled_in_the_loop(void **state) {
    struct bench *bench = *state;

    assert_true(loop_signal(bench->loop, SIGUSR1, got, bench, bench->err));
    assert_true(loop_signal(bench->loop, SIGUSR2, got, bench, bench->err));
    kill(getpid(), SIGUSR2);
    assert_int_equal(bench->called, 0);
    assert_true(loop_turn(bench->loop, LIMIT_MS));
    assert_string_equal(bench->calls, "2");
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGUSR2);
    turn_until(bench, 3);
    assert_string_equal(bench->calls, "212");
    assert_false(loop_turn(bench->loop, 0));
}

/* The kernel hands a ready descriptor out before it would run a handler. */
static void a_busy_descriptor_does_not_starve_a_signal(void **state) {
    struct bench *bench = *state;

    loop_watch(bench->loop, bench->pipe[1], POLLOUT, look, bench);
    assert_true(loop_signal(bench->loop, SIGUSR1, got, bench, bench->err));
    kill(getpid(), SIGUSR1);
    assert_true(loop_turn(bench->loop, LIMIT_MS));
    assert_string_equal(bench->calls, "1l");
}

static void what_can_not_be_caught_is_refused(void **state) {
    static const int numbers[] = {0, -1, SIGKILL, SIGSTOP, NSIG};
    struct bench *bench = *state;

    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        err_clear(bench->err);
        assert_false(loop_signal(bench->loop, numbers[i], got, bench, bench->err));
        assert_int_equal(bench->err->code, ERR_UNAVAILABLE);
    }
}

static void a_freed_loop_gives_the_mask_back(void **state) {
    struct bench *bench = *state;
    sigset_t before, within, after;

    sigemptyset(&before);
    sigaddset(&before, SIGUSR2);
    sigprocmask(SIG_SETMASK, &before, NULL);
    struct loop *loop = loop_new(bench, bench->err);
    assert_true(loop_signal(loop, SIGUSR1, got, bench, bench->err));
    assert_true(loop_signal(loop, SIGUSR2, got, bench, bench->err));
    sigprocmask(SIG_SETMASK, NULL, &within);
    assert_true(sigismember(&within, SIGUSR1));
    talloc_free(loop);
    sigprocmask(SIG_SETMASK, NULL, &after);
    assert_false(sigismember(&after, SIGUSR1));
    assert_true(sigismember(&after, SIGUSR2));
    sigprocmask(SIG_UNBLOCK, &before, NULL);
}

/* --- the whole -------------------------------------------------------------------------------- */

static void draw(void *data) {
    note(data, 'd');
}

static void ring_and_stop(void *data, int64_t now_ms) {
    struct bench *bench = data;

    (void)now_ms;
    note(bench, 'x');
    loop_stop(bench->loop);
}

static void running_draws_before_each_wait_until_stopped(void **state) {
    struct bench *bench = *state;

    for (int i = 0; i < 2; i++) {
        forget(bench);
        talloc_free(bench->timers[0]);
        talloc_free(bench->timers[1]);
        bench->timers[0] = loop_timer(bench->loop, ring_a, bench);
        bench->timers[1] = loop_timer(bench->loop, ring_and_stop, bench);
        loop_timer_set(bench->timers[0], 0);
        loop_timer_set(bench->timers[1], 30);
        loop_run(bench->loop, draw, bench);
        assert_memory_equal(bench->calls, "da", 2);
        assert_string_equal(bench->calls + bench->called - 2, "dx");
        assert_null(strstr(bench->calls, "xd"));
    }
}

static void draw_and_stop(void *data) {
    struct bench *bench = data;

    note(bench, 'd');
    loop_stop(bench->loop);
}

static void a_stop_before_the_wait_does_not_wait(void **state) {
    struct bench *bench = *state;

    loop_run(bench->loop, draw_and_stop, bench);
    assert_string_equal(bench->calls, "d");
}

static void what_outlives_the_loop_does_nothing(void **state) {
    struct bench *bench = *state;
    struct loop *loop = loop_new(bench, bench->err);
    struct loop_watch *watch = loop_watch(loop, bench->pipe[0], POLLIN, look, bench);
    struct loop_timer *timer = loop_timer(loop, ring_a, bench);

    loop_watch(loop, bench->pipe[0], POLLIN, look, bench); /* and one that doesn't */
    talloc_steal(bench, watch);
    talloc_steal(bench, timer);
    talloc_free(loop);
    loop_watch_events(watch, POLLOUT);
    loop_timer_set(timer, 1);
    loop_timer_stop(timer);
    talloc_free(watch);
    talloc_free(timer);
    assert_int_equal(bench->called, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_bench, free_bench)

int main(void) {
    static const struct CMUnitTest tests[] = {
        TEST(nothing_happens_within_the_limit),
        TEST(a_pipe_with_bytes_is_told),
        TEST(what_is_waited_for_can_change),
        TEST(a_hang_up_is_told_but_to_nobody_who_waits_for_nothing),
        TEST(watches_freed_in_a_handler_are_not_called),
        TEST(watches_added_in_a_handler_wait_for_the_next_turn),
        TEST(what_is_no_longer_waited_for_is_not_called),
        TEST(timers_ring_in_the_order_they_are_due),
        TEST(late_timers_ring_in_order_too),
        TEST(a_timer_never_rings_early_and_only_once),
        TEST(what_beats_rings_in_one_turn_behind_the_beat),
        TEST(a_handler_is_told_the_wall_clock),
        TEST(timers_can_be_set_anew_stopped_and_freed),
        TEST(a_timer_that_sets_itself_does_not_hold_the_loop),
        TEST(timers_freed_in_a_handler_do_not_ring),
        TEST(a_timer_rings_beside_a_descriptor_that_is_always_ready),
        TEST(signals_are_handled_in_the_loop),
        TEST(a_busy_descriptor_does_not_starve_a_signal),
        TEST(what_can_not_be_caught_is_refused),
        TEST(a_freed_loop_gives_the_mask_back),
        TEST(running_draws_before_each_wait_until_stopped),
        TEST(a_stop_before_the_wait_does_not_wait),
        TEST(what_outlives_the_loop_does_nothing),
    };

    return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
