/* The leases: one holder for each duty, and none who only remembers that it was. */
#include "config.h"

#include "tests/log/fixture.h"

#include "base/array.h"
#include "log/lease.h"
#include "log/side.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

/* Moments of BOOTTIME. */
#define T INT64_C(5000000)

static struct lease *new_lease(struct fixture *fixture, const char *me) {
    return lease_new(fixture, fixture->path, LEASE_CLOCK, me, "boot-1");
}

static bool hold(struct fixture *fixture, struct lease *lease, int64_t boot_ms) {
    err_clear(fixture->err);
    bool held = lease_hold(lease, boot_ms, fixture->err);
    assert_int_equal(fixture->err->code, ERR_NONE);
    return held;
}

static char *lease_path(struct fixture *fixture) {
    return talloc_asprintf(fixture, "%s.lease", fixture->path);
}

/* ---- one holder ------------------------------------------------------------------------------ */

static void is_one_holders_until_its_end(void **state) {
    struct fixture *fixture = *state;
    struct lease *ana = new_lease(fixture, "ana pid 1"), *bo = new_lease(fixture, "bo pid 2");
    assert_string_equal(lease_holder(fixture, bo, T), "");
    assert_true(hold(fixture, ana, T));
    assert_false(hold(fixture, bo, T));
    assert_false(hold(fixture, bo, T - 5)); /* whose look is older */
    assert_string_equal(lease_holder(fixture, bo, T), "ana pid 1");
    assert_true(hold(fixture, ana, T + LEASE_RENEW_MS));
    assert_int_equal(lease_epoch(ana), 1);
    assert_false(hold(fixture, bo, T + LEASE_MS));
    assert_true(lease_is_ours(ana, T + LEASE_RENEW_MS + LEASE_MS - 1));
    assert_false(lease_is_ours(ana, T + LEASE_RENEW_MS + LEASE_MS));
    assert_true(hold(fixture, bo, T + LEASE_RENEW_MS + LEASE_MS));
    assert_int_equal(lease_epoch(bo), 2);
    assert_false(hold(fixture, ana, T + LEASE_RENEW_MS + LEASE_MS + 1));
}

/* Between its end and now anybody may have had it. */
static void is_anew_after_its_end(void **state) {
    struct fixture *fixture = *state;
    struct lease *ana = new_lease(fixture, "ana pid 1");
    assert_true(hold(fixture, ana, T));
    assert_true(hold(fixture, ana, T + LEASE_MS));
    assert_int_equal(lease_epoch(ana), 2);
}

static void is_given_up(void **state) {
    struct fixture *fixture = *state;
    struct lease *ana = new_lease(fixture, "ana pid 1"), *bo = new_lease(fixture, "bo pid 2");
    assert_true(hold(fixture, ana, T));
    lease_leave(bo); /* who has nothing to give */
    assert_false(hold(fixture, bo, T));
    talloc_free(ana);
    assert_string_equal(lease_holder(fixture, bo, T), "");
    assert_true(hold(fixture, bo, T));
    assert_int_equal(lease_epoch(bo), 2);
}

/* It left late, and took nothing from who had it since. */
static void is_not_given_up_by_who_lost_it(void **state) {
    struct fixture *fixture = *state;
    struct lease *ana = new_lease(fixture, "ana pid 1"), *bo = new_lease(fixture, "bo pid 2");
    assert_true(hold(fixture, ana, T));
    assert_true(hold(fixture, bo, T + LEASE_MS));
    lease_leave(ana);
    assert_string_equal(lease_holder(fixture, ana, T + LEASE_MS), "bo pid 2");
}

/* A process that got the number of a dead one is another all the same. */
static void is_not_known_by_a_name(void **state) {
    struct fixture *fixture = *state;
    struct lease *ana = new_lease(fixture, "ana pid 1"), *again = new_lease(fixture, "ana pid 1");
    assert_true(hold(fixture, ana, T));
    assert_false(hold(fixture, again, T + 1));
}

static void is_of_one_duty(void **state) {
    struct fixture *fixture = *state;
    struct lease *ana = new_lease(fixture, "ana pid 1");
    struct lease *bo = lease_new(fixture, fixture->path, LEASE_DELIVERY, "bo pid 2", "boot-1");
    assert_true(hold(fixture, ana, T));
    assert_true(hold(fixture, bo, T));
    assert_string_equal(lease_holder(fixture, ana, T), "ana pid 1");
    assert_string_equal(lease_holder(fixture, bo, T), "bo pid 2");
}

static void ends_with_the_machine(void **state) {
    struct fixture *fixture = *state;
    struct lease *ana = new_lease(fixture, "ana pid 1");
    struct lease *bo = lease_new(fixture, fixture->path, LEASE_CLOCK, "bo pid 2", "boot-2");
    assert_true(hold(fixture, ana, T));
    assert_string_equal(lease_holder(fixture, bo, T), "");
    assert_true(hold(fixture, bo, T));
}

/* ---- processes ------------------------------------------------------------------------------- */

/* Each child holds what it can get, writing how often into its place of the shared memory; and
 * lives until all are done, for the dead hold nothing. */
enum { CHILDREN = 4 };
static struct {
    int held_by[CHILDREN];
    _Atomic int done;
} * shared;
static int child_number;

static void wait_until_done(int count) {
    struct timespec look = {.tv_nsec = 1000000};
    for (int looks = 0; shared->done < count; looks++) {
        assert_true(looks < 20000);
        nanosleep(&look, NULL);
    }
}

static int hold_often(struct fixture *fixture) {
    struct lease *lease = new_lease(fixture, talloc_asprintf(fixture, "child %d", child_number));
    for (int64_t at = T; at < T + 200; at++)
        shared->held_by[child_number] += lease_hold(lease, at, fixture->err);
    talloc_set_destructor(lease, NULL); /* it gives nothing up */
    shared->done++;
    wait_until_done(CHILDREN);
    return 0;
}

static void share(void) {
    shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(shared, MAP_FAILED);
}

static void is_one_processs(void **state) {
    struct fixture *fixture = *state;
    pid_t children[CHILDREN];
    share();
    for (child_number = 0; child_number < CHILDREN; child_number++)
        children[child_number] = start_child(hold_often, fixture);
    int holders = 0;
    for (size_t i = 0; i < CHILDREN; i++) {
        assert_int_equal(wait_for_child(children[i]), 0);
        holders += shared->held_by[i] > 0;
    }
    assert_int_equal(holders, 1);
    munmap(shared, sizeof(*shared));
}

static int hold_and_stay(struct fixture *fixture) {
    struct lease *lease = new_lease(fixture, "child pid 1");
    shared->held_by[0] = lease_hold(lease, T, fixture->err);
    shared->done = 1;
    return pause();
}

static pid_t start_holder(struct fixture *fixture) {
    share();
    pid_t child = start_child(hold_and_stay, fixture);
    wait_until_done(1);
    assert_int_equal(shared->held_by[0], 1);
    munmap(shared, sizeof(*shared));
    return child;
}

static void is_nobodys_when_its_holder_is_killed(void **state) {
    struct fixture *fixture = *state;
    struct lease *ana = new_lease(fixture, "ana pid 1");
    pid_t child = start_holder(fixture);
    assert_string_equal(lease_holder(fixture, ana, T), "child pid 1");
    assert_false(hold(fixture, ana, T + 1));
    kill(child, SIGKILL);
    wait_for_child(child);
    assert_string_equal(lease_holder(fixture, ana, T + 1), "");
    assert_true(hold(fixture, ana, T + 1));
    assert_int_equal(lease_epoch(ana), 2);
}

/* It may be about to go on: only its time ends that. And then it lives, and shows it, and has it no
 * more all the same. */
static void is_its_holders_while_that_is_stopped(void **state) {
    struct fixture *fixture = *state;
    struct lease *ana = new_lease(fixture, "ana pid 1"), *bo = new_lease(fixture, "bo pid 2");
    pid_t child = start_holder(fixture);
    kill(child, SIGSTOP);
    assert_false(hold(fixture, ana, T + LEASE_MS - 1));
    assert_true(hold(fixture, ana, T + LEASE_MS));
    assert_false(hold(fixture, bo, T + LEASE_MS + 1));
    assert_true(hold(fixture, ana, T + LEASE_MS + 2));
    kill(child, SIGKILL);
    wait_for_child(child);
    assert_true(hold(fixture, ana, T + LEASE_MS + 3 + LEASE_RENEW_MS));
    assert_false(hold(fixture, bo, T + LEASE_MS + 4 + LEASE_RENEW_MS));
}

/* ---- what others do to the file -------------------------------------------------------------- */

static void survives_its_file(void **state) {
    struct fixture *fixture = *state;
    struct lease *ana = new_lease(fixture, "ana pid 1"), *bo = new_lease(fixture, "bo pid 2");
    assert_true(hold(fixture, ana, T));
    assert_int_equal(unlink(lease_path(fixture)), 0);
    assert_true(hold(fixture, bo, T));
    assert_false(hold(fixture, ana, T)); /* and is told apart from who has it now */
    assert_int_equal(file_mode(lease_path(fixture)), 0600);
}

static void takes_nonsense_for_nobody(void **state) {
    struct fixture *fixture = *state;
    static const char *const nonsense[] = {
        "",
        "lease",
        "lease 1",
        "lease 1 x boot-1 eve",
        "lease -1 5005000 boot-1 eve",
        "lease 1 9223372036854775806 boot-1 eve", /* for ever */
        "lease 1 5005000",
        "\033[2J\033]0;x\007",
        "lock 1 5005000 boot-1 eve",
    };
    for (size_t i = 0; i < ARRAY_SIZE(nonsense); i++) {
        struct lease *ana = new_lease(fixture, "ana pid 1");
        int fd = side_open(lease_path(fixture), 0600);
        assert_true(side_write(fd, LEASE_CLOCK, nonsense[i]));
        close(fd);
        assert_string_equal(lease_holder(fixture, ana, T), "");
        assert_true(hold(fixture, ana, T));
        talloc_free(ana);
    }
}

static void shows_names_cleaned(void **state) {
    struct fixture *fixture = *state;
    struct lease *eve = new_lease(fixture, "eve \033[2J"), *ana = new_lease(fixture, "ana pid 1");
    assert_true(hold(fixture, eve, T));
    assert_null(strchr(lease_holder(fixture, ana, T), '\033'));
}

/* Whoever is just at the file is not waited for; what is ours stays so. */
static void waits_for_nobody(void **state) {
    struct fixture *fixture = *state;
    struct lease *ana = new_lease(fixture, "ana pid 1"), *bo = new_lease(fixture, "bo pid 2");
    assert_true(hold(fixture, ana, T));
    int fd = open(lease_path(fixture), O_RDWR | O_CLOEXEC);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_true(hold(fixture, ana, T + 1));
    assert_false(hold(fixture, ana, T + LEASE_MS));
    assert_false(hold(fixture, bo, T + LEASE_MS));
    close(fd);
    assert_true(hold(fixture, bo, T + LEASE_MS));
}

static void says_what_keeps_it_from_knowing(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(mkdir(lease_path(fixture), 0700), 0);
    struct lease *ana = new_lease(fixture, "ana pid 1");
    fixture_failed(fixture, lease_hold(ana, T, fixture->err), ERR_UNAVAILABLE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(is_one_holders_until_its_end),
        fixture_test(is_anew_after_its_end),
        fixture_test(is_given_up),
        fixture_test(is_not_given_up_by_who_lost_it),
        fixture_test(is_not_known_by_a_name),
        fixture_test(is_of_one_duty),
        fixture_test(ends_with_the_machine),
        fixture_test(is_one_processs),
        fixture_test(is_nobodys_when_its_holder_is_killed),
        fixture_test(is_its_holders_while_that_is_stopped),
        fixture_test(survives_its_file),
        fixture_test(takes_nonsense_for_nobody),
        fixture_test(shows_names_cleaned),
        fixture_test(waits_for_nobody),
        fixture_test(says_what_keeps_it_from_knowing),
    };
    return cmocka_run_group_tests_name("log/lease", tests, NULL, NULL);
}
