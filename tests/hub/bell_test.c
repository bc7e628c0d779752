/* DESIGN §3: the mirror "is the bell that wakes every process (inotify on its folder; data_version
 * every 250 ms as the net)", and whoever sees that it lacks something writes it. */
#include "config.h"

#include "tests/hub/store.h"
#include "tests/log/reflection.h"

#include "base/loop.h"
#include "base/xtalloc.h"
#include "hub/local.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LONG_MS 10000

/* --- another process -------------------------------------------------------------------------- */

enum { ACTS = 20 };

static int go[2], done[2];

static int64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Writes a note for every byte that it gets, and says when. */
static int act_when_told(struct fixture *fixture) {
    struct hub *hub = store_open(fixture, "bo");
    char byte;
    close(go[1]);
    while (read(go[0], &byte, 1) == 1) {
        store_ok(fixture, hub, "note 1 seen");
        int64_t acted_us = now_us();
        if (write(done[1], &acted_us, sizeof acted_us) != sizeof acted_us)
            return 1;
    }
    return 0;
}

static pid_t start_other(struct fixture *fixture) {
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare --title x");
    talloc_free(hub);
    assert_int_equal(pipe2(go, O_CLOEXEC) + pipe2(done, O_CLOEXEC), 0);
    pid_t child = start_child(act_when_told, fixture);
    close(go[0]);
    close(done[1]);
    return child;
}

static void tell(void) {
    assert_int_equal(write(go[1], "x", 1), 1);
}

/* With a clock that stands still the net is never due: only the bell can end the wait. */
static void test_others_are_seen_without_the_net(void **state) {
    struct fixture *fixture = *state;
    pid_t child = start_other(fixture);
    struct hub *hub = store_open(fixture, "ana");
    struct loop *loop = loop_new(fixture, fixture->err);
    struct hub_item item;
    hub_join(hub, loop);
    int64_t worst_us = 0;
    for (int i = 0; i < ACTS; i++) {
        int64_t acted_us;
        tell();
        while (!hub_next(hub, AT(NOW_MS), &item))
            assert_true(loop_turn(loop, LONG_MS));
        int64_t seen_us = now_us();
        assert_int_equal(item.kind, HUB_EVENT);
        assert_string_equal(item.event->actor, "bo");
        assert_false(hub_next(hub, AT(NOW_MS), &item));
        assert_int_equal(read(done[0], &acted_us, sizeof acted_us), sizeof acted_us);
        worst_us = seen_us - acted_us > worst_us ? seen_us - acted_us : worst_us;
    }
    print_message("# an act of another process was seen after %lld us at most\n",
                  (long long)worst_us);
    close(go[1]);
    assert_int_equal(wait_for_child(child), 0);
    talloc_free(hub);
}

/* The net alone sees them too: that is all there is where there is no instance. */
static void test_others_are_seen_by_the_net(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana"), *other = store_open(fixture, "bo");
    store_turn(hub, NOW_MS);
    store_ok(fixture, other, "declare --title x");
    assert_int_equal(store_turn(hub, NOW_MS + 249), 0);
    assert_int_equal(store_turn(hub, NOW_MS + 250), 1);
}

static void test_the_bell_may_outlive_the_loop(void **state) {
    struct fixture *fixture = *state;
    struct loop *loop = loop_new(fixture, fixture->err);
    struct hub *hub = store_open(fixture, "ana");
    hub_join(hub, loop);
    talloc_free(loop);
    talloc_free(hub);
    loop = loop_new(fixture, fixture->err);
    hub = store_open(fixture, "ana");
    hub_join(hub, loop);
    talloc_free(hub);
    assert_false(loop_turn(loop, 0));
}

/* --- the mirror, kept up ---------------------------------------------------------------------- */

static void cut_last_line(struct fixture *fixture) {
    size_t length;
    const char *path = fixture_path(fixture, "view/store.db.ndjson");
    read_bytes(fixture, path, &length);
    assert_int_equal(truncate(path, (off_t)length - 40), 0);
}

/* Two hubs, and a commit whose writer "died" before its line was whole. */
static void test_whoever_sees_it_mends_the_mirror(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana"), *other = store_open(fixture, "bo");
    store_turn(hub, NOW_MS + 250); /* nothing is in doubt any more */
    store_ok(fixture, other, "declare --title x");
    cut_last_line(fixture);
    assert_int_equal(store_turn(hub, NOW_MS + 500), 1);
    assert_mirrored(fixture, hub_log(hub));
}

/* As above, but the last of all died; the next to open finds it. */
static void test_whoever_opens_mends_the_mirror(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare --title x");
    talloc_free(hub);
    unlink(fixture_path(fixture, "view/store.db.ndjson"));
    hub = store_open(fixture, "bo");
    store_turn(hub, NOW_MS + 250);
    assert_mirrored(fixture, hub_log(hub));
}

static struct hub_item next_of(struct hub *hub, int64_t now_ms, enum hub_item_kind kind) {
    struct hub_item item;
    while (hub_next(hub, AT(now_ms), &item))
        if (item.kind == kind)
            return item;
    fail_msg("there is no item of kind %d", (int)kind);
    return item;
}

static void block_mirror(struct fixture *fixture) {
    unlink(fixture_path(fixture, "view/store.db.ndjson"));
    assert_int_equal(mkdir(fixture_path(fixture, "view/store.db.ndjson"), 0700), 0);
}

static void unblock_mirror(struct fixture *fixture) {
    assert_int_equal(rmdir(fixture_path(fixture, "view/store.db.ndjson")), 0);
}

/* Where it is heard, the net is there for who died before it rang; a folder that goes takes it
 * away. */
static void test_the_net_is_wide_under_a_bell(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    struct loop *loop = loop_new(fixture, fixture->err);
    const char *view = fixture_path(fixture, "view"), *away = fixture_path(fixture, "away");
    assert_int_equal(hub_period_ms(hub), 250);
    hub_join(hub, loop);
    assert_int_equal(hub_period_ms(hub), 1000);
    store_turn(hub, NOW_MS);
    struct hub *other = store_open(fixture, "bo");
    assert_int_equal(rename(view, away), 0);
    assert_true(loop_turn(loop, LONG_MS));
    store_turn(hub, NOW_MS + 1);
    assert_int_equal(hub_period_ms(hub), 250);
    assert_int_equal(rename(away, view), 0);
    store_turn(hub, NOW_MS + 250);
    assert_int_equal(hub_period_ms(hub), 1000);
    store_ok(fixture, hub, "declare --title x");
    block_mirror(fixture);
    store_ok(fixture, hub, "note 1 unseen");
    next_of(hub, NOW_MS + 1000, HUB_VIEWERS_BEHIND);
    assert_int_equal(hub_period_ms(hub), 250);
    talloc_free(other);
    talloc_free(hub);
}

/* The store is well all the while: what is behind are the viewers, said once each way. */
static void test_viewers_behind_are_told_and_end(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare --title x");
    block_mirror(fixture);
    store_ok(fixture, hub, "note 1 unseen");
    fixture_failed(fixture, hub_viewers_see(hub, fixture->err), ERR_UNAVAILABLE);
    struct hub_item item = next_of(hub, NOW_MS + 250, HUB_VIEWERS_BEHIND);
    assert_non_null(strstr(item.err->on, "view/store.db.ndjson"));
    assert_false(hub_next(hub, AT(NOW_MS + 500), &item));
    store_ok(fixture, hub, "note 1 still-unseen");
    assert_false(hub_next(hub, AT(NOW_MS + 750), &item));
    unblock_mirror(fixture);
    assert_false(hub_next(hub, AT(NOW_MS + 1000), &item)); /* not tried all the time */
    next_of(hub, NOW_MS + 6000, HUB_VIEWERS_WELL);
    assert_mirrored(fixture, hub_log(hub));
    fixture_ok(fixture, hub_viewers_see(hub, fixture->err));
}

/* Who may only read can't mend it, and says so if nobody does. */
static void test_a_reader_tells_too(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    struct hub_item item;
    store_ok(fixture, hub, "declare --title x");
    struct hub *reader = store_open_read_only(fixture);
    store_turn(reader, NOW_MS + 250);
    cut_last_line(fixture);
    talloc_free(reader);
    reader = store_open_read_only(fixture);
    assert_false(hub_next(reader, AT(NOW_MS + 250), &item)); /* it may be on its way */
    item = next_of(reader, NOW_MS + 500, HUB_VIEWERS_BEHIND);
    assert_non_null(strstr(item.err->on, "ends at event 1 of 2"));
    store_ok(fixture, hub, "note 1 more");
    next_of(reader, NOW_MS + 6000, HUB_VIEWERS_WELL);
}

/* The bell rings, but not for the commit that is found then: one look sees both. Whether that one
 * was mirrored is asked once the bell is still. */
static void test_the_bell_proves_no_line(void **state) {
    struct fixture *fixture = *state;
    struct hub *other = store_open(fixture, "bo"), *hub = store_open(fixture, "ana");
    struct loop *loop = loop_new(fixture, fixture->err);
    struct hub_item item;
    hub_join(hub, loop);
    store_ok(fixture, other, "declare --title x");
    store_turn(hub, NOW_MS + 250); /* nothing is in doubt any more */
    store_ok(fixture, other, "note 1 half");
    cut_last_line(fixture);
    assert_true(loop_turn(loop, LONG_MS));
    assert_true(hub_next(hub, AT(NOW_MS + 251), &item));        /* by the bell: the net isn't due */
    assert_false(log_mirror_check(hub_log(hub), fixture->err)); /* it may be on its way */
    err_clear(fixture->err);
    store_turn(hub, NOW_MS + 1000);
    assert_mirrored(fixture, hub_log(hub));
    talloc_free(hub);
}

/* Each look finds another line on its way, as it may be where many write: that is no trouble yet.
 */
static void test_a_reader_waits_till_the_bell_is_still(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    struct loop *loop = loop_new(fixture, fixture->err);
    struct hub_item item;
    store_ok(fixture, hub, "declare --title x");
    struct hub *reader = store_open_read_only(fixture);
    hub_join(reader, loop);
    store_turn(reader, NOW_MS + 250);
    for (int i = 0; i < 3; i++) {
        store_ok(fixture, hub, "note 1 more");
        cut_last_line(fixture);
        assert_true(loop_turn(loop, LONG_MS));
        while (hub_next(reader, AT(NOW_MS + 250), &item))
            assert_int_equal(item.kind, HUB_EVENT);
    }
    assert_false(hub_next(reader, AT(NOW_MS + 1000), &item)); /* so is the first still look */
    next_of(reader, NOW_MS + 2000, HUB_VIEWERS_BEHIND);
    talloc_free(reader);
}

/* A copy of a store has no viewers to care for. */
static void test_a_copy_has_no_viewers(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare --title x");
    unlink(fixture_path(fixture, "view/store.db.ndjson"));
    struct hub *reader = store_open_read_only(fixture);
    struct hub_item item;
    assert_false(hub_next(reader, AT(NOW_MS + 250), &item));
    assert_false(hub_next(reader, AT(NOW_MS + 500), &item));
    fixture_failed(fixture, hub_viewers_see(reader, fixture->err), ERR_NOT_FOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        store_test(test_others_are_seen_without_the_net),
        store_test(test_others_are_seen_by_the_net),
        store_test(test_the_net_is_wide_under_a_bell),
        store_test(test_the_bell_may_outlive_the_loop),
        store_test(test_whoever_sees_it_mends_the_mirror),
        store_test(test_whoever_opens_mends_the_mirror),
        store_test(test_viewers_behind_are_told_and_end),
        store_test(test_a_reader_tells_too),
        store_test(test_the_bell_proves_no_line),
        store_test(test_a_reader_waits_till_the_bell_is_still),
        store_test(test_a_copy_has_no_viewers),
    };
    return cmocka_run_group_tests_name("hub/bell", tests, NULL, NULL);
}
