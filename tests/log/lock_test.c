/* The lock file: one holder, short waits, and nothing left behind by the dead. */
#include "config.h"

#include "tests/log/fixture.h"

#include "base/array.h"
#include "base/text.h"
#include "log/lock.h"
#include "log/side.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

static struct write_lock *open_lock(struct fixture *fixture) {
    struct write_lock *lock = lock_open(fixture, fixture->path, 0600, fixture->err);
    fixture_ok(fixture, lock != NULL);
    return lock;
}

static int64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- another process that holds the lock ----------------------------------------------------- */

struct holder {
    pid_t pid;
    int ready; /* a byte comes when the lock is taken */
};

static int ready_end;

static int hold_for_ever(struct fixture *fixture) {
    struct write_lock *lock = lock_open(fixture, fixture->path, 0600, fixture->err);
    if (lock == NULL || lock_take(lock, "bo pid 812", fixture->err) != LOCK_TAKEN)
        return 1;
    if (write(ready_end, "x", 1) != 1)
        return 1;
    for (;;)
        pause();
}

static struct holder start_holder(struct fixture *fixture) {
    int ends[2];
    char byte;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    ready_end = ends[1];
    struct holder holder = {.pid = start_child(hold_for_ever, fixture), .ready = ends[0]};
    close(ends[1]);
    assert_int_equal(read(holder.ready, &byte, 1), 1);
    return holder;
}

static void kill_holder(const struct holder *holder) {
    kill(holder->pid, SIGKILL);
    wait_for_child(holder->pid);
    close(holder->ready);
}

/* ---- waiting --------------------------------------------------------------------------------- */

static void takes_what_is_free(void **state) {
    struct fixture *fixture = *state;
    struct write_lock *lock = open_lock(fixture);
    assert_string_equal(lock_holder(fixture, lock), "");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(lock_take(lock, "ana pid 4122", fixture->err), LOCK_TAKEN);
        assert_string_equal(lock_holder(fixture, lock), "ana pid 4122");
        lock_release(lock);
        assert_string_equal(lock_holder(fixture, lock), "");
    }
}

/* DESIGN §9: "The lock is taken by flock in slices of ≤ 10 ms." */
static void waits_in_short_slices(void **state) {
    struct fixture *fixture = *state;
    struct write_lock *lock = open_lock(fixture);
    struct holder holder = start_holder(fixture);
    int64_t began_ms = clock_ms(), longest_ms = 0;
    for (int i = 0; i < 20; i++) {
        int64_t before_ms = clock_ms();
        assert_int_equal(lock_take(lock, "ana", fixture->err), LOCK_WAITING);
        int64_t slice_ms = clock_ms() - before_ms;
        longest_ms = slice_ms > longest_ms ? slice_ms : longest_ms;
    }
    kill_holder(&holder);
    assert_true(clock_ms() - began_ms >= 20 * (LOCK_SLICE_MS - 1)); /* it slept, and didn't spin */
    assert_in_range(longest_ms, 1, 50);
}

/* The loop blocks its signals: the slice must end all the same, and leave the mask as it was. */
static void ends_a_slice_with_every_signal_blocked(void **state) {
    struct fixture *fixture = *state;
    struct write_lock *lock = open_lock(fixture);
    struct holder holder = start_holder(fixture);
    sigset_t all, before, after;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    int64_t began_ms = clock_ms();
    enum lock_take take = lock_take(lock, "ana", fixture->err);
    int64_t slice_ms = clock_ms() - began_ms;
    sigprocmask(SIG_SETMASK, &before, &after);
    kill_holder(&holder);
    assert_int_equal(take, LOCK_WAITING);
    assert_in_range(slice_ms, 1, 50);
    assert_true(sigismember(&after, SIGRTMIN + 1) && sigismember(&after, SIGTERM));
}

static void names_who_it_waited_for(void **state) {
    struct fixture *fixture = *state;
    struct write_lock *lock = open_lock(fixture);
    struct holder holder = start_holder(fixture);
    assert_string_equal(lock_holder(fixture, lock), "bo pid 812");
    bool taken = lock_wait(lock, "ana", 30, fixture->err);
    kill_holder(&holder);
    fixture_failed(fixture, taken, ERR_UNAVAILABLE);
    assert_non_null(strstr(fixture->err->on, "bo pid 812"));
}

static void inherits_from_the_dead(void **state) {
    struct fixture *fixture = *state;
    struct write_lock *lock = open_lock(fixture);
    struct holder holder = start_holder(fixture);
    kill_holder(&holder);
    assert_string_equal(lock_holder(fixture, lock), "");
    assert_int_equal(lock_take(lock, "ana", fixture->err), LOCK_TAKEN);
}

/* ---- one at a time --------------------------------------------------------------------------- */

enum { ROUNDS = 300, CONTENDERS = 4 };

static volatile int *shared; /* counted without any atomic: only the lock protects it */

static int count_under_lock(struct fixture *fixture) {
    struct write_lock *lock = lock_open(fixture, fixture->path, 0600, fixture->err);
    for (int i = 0; lock && i < ROUNDS; i++) {
        if (!lock_wait(lock, "contender", 10000, fixture->err))
            return 1;
        int seen = *shared;
        sched_yield();
        *shared = seen + 1;
        lock_release(lock);
    }
    return lock == NULL;
}

static void lets_one_in_at_a_time(void **state) {
    struct fixture *fixture = *state;
    pid_t children[CONTENDERS];
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(shared, MAP_FAILED);
    for (size_t i = 0; i < ARRAY_SIZE(children); i++)
        children[i] = start_child(count_under_lock, fixture);
    for (size_t i = 0; i < ARRAY_SIZE(children); i++)
        assert_int_equal(wait_for_child(children[i]), 0);
    assert_int_equal(*shared, ROUNDS * CONTENDERS);
    munmap((void *)(uintptr_t)shared, sizeof *shared);
}

/* Two inodes would be two locks: who finds the file replaced must take the new one. */
static void follows_a_replaced_file(void **state) {
    struct fixture *fixture = *state;
    struct write_lock *old = open_lock(fixture);
    assert_int_equal(unlink(fixture->path), 0);
    struct write_lock *new = open_lock(fixture);
    assert_int_equal(lock_take(new, "bo", fixture->err), LOCK_TAKEN);
    assert_int_equal(lock_take(old, "ana", fixture->err), LOCK_WAITING);
    assert_int_equal(lock_take(old, "ana", fixture->err), LOCK_WAITING);
    assert_string_equal(lock_holder(fixture, old), "bo");
    lock_release(new);
    assert_int_equal(lock_take(old, "ana", fixture->err), LOCK_TAKEN);
    assert_int_equal(lock_take(new, "bo", fixture->err), LOCK_WAITING);
}

/* ---- what stands in the file ----------------------------------------------------------------- */

static void cleans_the_holders_name(void **state) {
    struct fixture *fixture = *state;
    struct write_lock *lock = open_lock(fixture);
    assert_int_equal(lock_take(lock, "bo\x1b[2J", fixture->err), LOCK_TAKEN);
    assert_string_equal(lock_holder(fixture, lock), "bo^[[2J");
}

static void cuts_a_long_name(void **state) {
    struct fixture *fixture = *state;
    struct write_lock *lock = open_lock(fixture);
    char name[1001];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(lock_take(lock, name, fixture->err), LOCK_TAKEN);
    assert_int_equal(strlen(lock_holder(fixture, lock)), 127);
    lock_release(lock);
    assert_int_equal(lock_take(lock, "bo", fixture->err), LOCK_TAKEN);
    assert_string_equal(lock_holder(fixture, lock), "bo");
}

/* ---- what is kept ---------------------------------------------------------------------------- */

static void keeps_a_line_from_holder_to_holder(void **state) {
    struct fixture *fixture = *state;
    struct write_lock *lock = open_lock(fixture), *other = open_lock(fixture);
    assert_string_equal(lock_kept(fixture, lock), "");
    assert_int_equal(lock_take(lock, "ana", fixture->err), LOCK_TAKEN);
    lock_keep(lock, "clock 1 2 b");
    lock_release(lock);
    assert_int_equal(lock_take(other, "a holder with a longer name", fixture->err), LOCK_TAKEN);
    assert_string_equal(lock_kept(fixture, other), "clock 1 2 b");
    lock_keep(other, "c");
    assert_string_equal(lock_kept(fixture, other), "c");
    assert_string_equal(lock_holder(fixture, other), "a holder with a longer name");
    char line[1001];
    memset(line, 'a', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    lock_keep(other, line);
    assert_int_equal(strlen(lock_kept(fixture, other)), SIDE_RECORD - 1);
}

static int setup(void **state) {
    (void)state;
    return text_init() ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(takes_what_is_free),
        fixture_test(waits_in_short_slices),
        fixture_test(ends_a_slice_with_every_signal_blocked),
        fixture_test(names_who_it_waited_for),
        fixture_test(inherits_from_the_dead),
        fixture_test(lets_one_in_at_a_time),
        fixture_test(follows_a_replaced_file),
        fixture_test(cleans_the_holders_name),
        fixture_test(cuts_a_long_name),
        fixture_test(keeps_a_line_from_holder_to_holder),
    };
    return cmocka_run_group_tests_name("lock", tests, setup, NULL);
}
