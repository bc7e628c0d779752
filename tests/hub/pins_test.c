/* What a user saw of a store, kept, and held against what is there: a log that was cut, an old copy
 * put back, a fork, another store. HARDENING: "every client pins the last (store id, seq, head) it
 * saw in its own 0600 state file and shouts when the log went back or forked." */
#include "config.h"

#include "tests/hub/store.h"

#include "base/xtalloc.h"
#include "hub/pins.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ONE   "019a7d3c-1e00-7000-8000-000000000001"
#define OTHER "019a7d3c-1e00-7000-8000-000000000002"

/* ---- the file -------------------------------------------------------------------------------- */

static struct log_head head_of(const char *store, int64_t seq) {
    struct log_head head = {.seq = seq, .hash = digest_sha256(&seq, sizeof(seq))};
    memcpy(head.store, store, UUID_TEXT);
    return head;
}

static char *pins_file(struct fixture *fixture) {
    return fixture_path(fixture, "state/backout/pins");
}

static void keep(struct fixture *fixture, const char *path, const char *store, int64_t seq) {
    struct log_head head = head_of(store, seq);
    fixture_ok(fixture, pins_keep(pins_file(fixture), path, &head, false, fixture->err));
}

static int64_t kept(struct fixture *fixture, const char *store, const char *path) {
    struct log_head pin;
    return pins_find(pins_file(fixture), store, path, &pin) ? pin.seq : 0;
}

static void test_keeps_one_a_store(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(kept(fixture, ONE, "/a"), 0);
    keep(fixture, "/a", ONE, 5);
    keep(fixture, "/b c", OTHER, 7);
    keep(fixture, "/a", ONE, 6);
    assert_int_equal(kept(fixture, ONE, "/elsewhere"), 6);
    assert_int_equal(kept(fixture, OTHER, "/b c"), 7);
    assert_int_equal(kept(fixture, "nobody's", "/b c"), 7); /* what was at that path */
    assert_int_equal(kept(fixture, "nobody's", "/none"), 0);
    assert_int_equal(file_mode(pins_file(fixture)), 0600);
    assert_int_equal(file_mode(fixture_path(fixture, "state/backout")), 0700);
}

static void test_goes_back_only_on_purpose(void **state) {
    struct fixture *fixture = *state;
    struct log_head head = head_of(ONE, 3);
    keep(fixture, "/a", ONE, 9);
    keep(fixture, "/a", ONE, 4);
    assert_int_equal(kept(fixture, ONE, "/a"), 9);
    fixture_ok(fixture, pins_keep(pins_file(fixture), "/a", &head, true, fixture->err));
    assert_int_equal(kept(fixture, ONE, "/a"), 3);
    keep(fixture, "/a", OTHER, 2); /* another store at that path takes its place */
    assert_int_equal(kept(fixture, ONE, "/a"), 2);
}

static void test_passes_over_what_is_no_pin(void **state) {
    struct fixture *fixture = *state;
    keep(fixture, "/a", ONE, 5);
    FILE *file = fopen(pins_file(fixture), "a");
    fprintf(file, "rubbish\n\n%s 5 abc /x\n%s x %064d /x\n%s 1 %064d x\n", OTHER, OTHER, 0, OTHER,
            0);
    fclose(file);
    assert_int_equal(kept(fixture, ONE, "/a"), 5);
    assert_int_equal(kept(fixture, OTHER, "/x"), 0);
    keep(fixture, "/a", ONE, 6);
    assert_int_equal(kept(fixture, ONE, "/a"), 6);
}

static void test_is_read_up_to_its_limit(void **state) {
    struct fixture *fixture = *state;
    keep(fixture, "/a", ONE, 5);
    assert_int_equal(truncate(pins_file(fixture), PINS_MAX_BYTES + 4096), 0);
    assert_int_equal(kept(fixture, ONE, "/a"), 5);
}

#define WRITERS  8
#define KEPT     50
#define PATIENCE 1000 /* times to be turned away */

/* One that finds the folder locked for long goes without: on a busy machine that happens, and says
 * nothing of what is kept. */
static bool keep_at_last(struct fixture *fixture, const char *path, const struct log_head *head) {
    for (int tries = 0; tries < PATIENCE; tries++)
        if (pins_keep(pins_file(fixture), path, head, false, fixture->err))
            return true;
    return false;
}

static int write_many(struct fixture *fixture) {
    for (int64_t seq = 1; seq <= KEPT; seq++) {
        char path[32];
        snprintf(path, sizeof(path), "/store-%d", (int)getpid());
        struct log_head own = head_of(ONE, seq), common = head_of(OTHER, seq);
        snprintf(own.store, sizeof(own.store), "%036d", (int)getpid());
        if (!keep_at_last(fixture, path, &own) || !keep_at_last(fixture, "/common", &common))
            return 1;
    }
    return 0;
}

/* What somebody kept is never undone by somebody else. */
static void test_several_write_at_once(void **state) {
    struct fixture *fixture = *state;
    pid_t writers[WRITERS];
    for (int i = 0; i < WRITERS; i++)
        writers[i] = start_child(write_many, fixture);
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(wait_for_child(writers[i]), 0);
    for (int i = 0; i < WRITERS; i++) {
        char store[UUID_TEXT];
        snprintf(store, sizeof(store), "%036d", (int)writers[i]);
        assert_int_equal(kept(fixture, store, "/none"), KEPT);
    }
    assert_int_equal(kept(fixture, OTHER, "/common"), KEPT);
    assert_int_not_equal(access(fixture_path(fixture, "state/backout/pins.new"), F_OK), 0);
}

/* A process of ours that was stopped while it wrote. */
static void test_waits_for_nobody(void **state) {
    struct fixture *fixture = *state;
    struct log_head head = head_of(ONE, 9);
    keep(fixture, "/a", ONE, 5);
    int fd = open(fixture_path(fixture, "state/backout"), O_RDONLY | O_DIRECTORY);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    fixture_failed(fixture, pins_keep(pins_file(fixture), "/a", &head, false, fixture->err),
                   ERR_UNAVAILABLE);
    close(fd);
    assert_int_equal(kept(fixture, ONE, "/a"), 5);
}

static void test_says_that_it_cant_be_kept(void **state) {
    struct fixture *fixture = *state;
    struct log_head head = head_of(ONE, 9);
    fixture_ok(fixture, pins_check(pins_file(fixture), fixture->err));
    assert_int_equal(mkdir(fixture_path(fixture, "state"), 0700), 0);
    close(open(fixture_path(fixture, "state/backout"), O_CREAT | O_WRONLY, 0600));
    assert_false(pins_check(pins_file(fixture), fixture->err));
    assert_false(pins_keep(pins_file(fixture), "/a", &head, false, fixture->err));
}

/* ---- hubs ------------------------------------------------------------------------------------ */

static struct hub *open_pinned(struct fixture *fixture) {
    struct hub_options options = {.store = fixture->path,
                                  .actor = "ana",
                                  .via = "line",
                                  .create = true,
                                  .pins = pins_file(fixture)};
    struct hub *hub = NULL;
    fixture_ok(fixture, hub_open(fixture, &options, NOW_MS, &hub, fixture->err));
    return hub;
}

static void copy_file(const char *from, const char *to) {
    char bytes[65536];
    FILE *in = fopen(from, "r"), *out = fopen(to, "w");
    size_t got;
    assert_true(in && out);
    while ((got = fread(bytes, 1, sizeof(bytes), in)) > 0)
        assert_int_equal(fwrite(bytes, 1, got, out), got);
    fclose(in);
    fclose(out);
}

/* All of it in one file, so that a copy is whole. */
static void settle(struct fixture *fixture) {
    run_sql(fixture->path, "PRAGMA wal_checkpoint(TRUNCATE)");
}

static void put_back(struct fixture *fixture, const char *copy) {
    unlink(talloc_asprintf(fixture, "%s-wal", fixture->path));
    unlink(talloc_asprintf(fixture, "%s-shm", fixture->path));
    assert_int_equal(rename(copy, fixture->path), 0);
}

/* A store with one incident, seen; and a copy of it as it was. */
static char *seen_and_copied(struct fixture *fixture) {
    char *copy = fixture_path(fixture, "copy.db");
    struct hub *hub = open_pinned(fixture);
    store_ok(fixture, hub, "declare --title one");
    talloc_free(hub);
    settle(fixture);
    copy_file(fixture->path, copy);
    return copy;
}

static void assert_doubted(struct fixture *fixture, struct hub *hub, const char *how) {
    assert_non_null(hub_doubt(hub));
    assert_int_equal(hub_doubt(hub)->code, ERR_DAMAGED);
    if (!strstr(hub_doubt(hub)->on, how))
        fail_msg("%s, not %s", hub_doubt(hub)->on, how);
    struct hub_item item = store_do(fixture, hub, "note 1 x");
    assert_int_equal(item.verdict, HUB_REFUSED);
    assert_int_equal(item.err->code, ERR_DAMAGED);
}

static void test_a_log_that_goes_on_is_none_to_doubt(void **state) {
    struct fixture *fixture = *state;
    seen_and_copied(fixture);
    for (int i = 0; i < 3; i++) {
        struct hub *hub = open_pinned(fixture);
        assert_null(hub_doubt(hub));
        assert_true(hub_anchored(hub) > 0);
        store_ok(fixture, hub, "note 1 x");
        talloc_free(hub);
    }
}

static char *trigger_of(struct fixture *fixture) {
    sqlite3 *database = NULL;
    sqlite3_stmt *row = NULL;
    assert_int_equal(sqlite3_open(fixture->path, &database), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(database,
                           "SELECT sql FROM sqlite_schema WHERE name = 'events_stay_for_ever'", -1,
                           &row, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    char *sql = xtalloc_strdup(fixture, (const char *)sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    sqlite3_close(database);
    return sql;
}

/* "Every cut tail": by somebody who leaves no trace in what is left, so that it verifies: the
 * mirror would tell, and goes too. */
static void test_a_cut_tail_is_noticed_wherever_it_is_cut(void **state) {
    struct fixture *fixture = *state;
    const int64_t last = 9;
    int64_t verified;
    struct hub *hub = open_pinned(fixture);
    store_ok(fixture, hub, "declare --title one");
    for (int64_t seq = 3; seq <= last; seq++)
        store_ok(fixture, hub, "note 1 x");
    talloc_free(hub);
    const char *trigger = trigger_of(fixture);
    for (int64_t seq = last - 1; seq >= 1; seq--) {
        run_sql(fixture->path, talloc_asprintf(fixture,
                                               "DROP TRIGGER events_stay_for_ever;"
                                               "DELETE FROM events WHERE seq > %lld; %s;"
                                               "UPDATE incidents SET last_seq = %lld;"
                                               "DELETE FROM incidents WHERE last_seq = 1",
                                               (long long)seq, trigger, (long long)seq));
        unlink(fixture_path(fixture, "view/store.db.ndjson"));
        hub = open_pinned(fixture);
        fixture_ok(fixture, hub_verify(hub, &verified, fixture->err));
        assert_int_equal(verified, seq);
        assert_doubted(fixture, hub,
                       talloc_asprintf(fixture, "it ended at event %lld, and ends at %lld now",
                                       (long long)last, (long long)seq));
        assert_int_equal(hub_anchored(hub), 0);
        talloc_free(hub);
    }
}

static void test_an_old_copy_is_noticed(void **state) {
    struct fixture *fixture = *state;
    char *copy = seen_and_copied(fixture);
    struct hub *hub = open_pinned(fixture);
    store_ok(fixture, hub, "note 1 lost");
    talloc_free(hub);
    put_back(fixture, copy);
    hub = open_pinned(fixture);
    assert_doubted(fixture, hub, "it ended at event 3, and ends at 2 now");
}

static void test_a_fork_is_noticed(void **state) {
    struct fixture *fixture = *state;
    char *copy = seen_and_copied(fixture);
    struct hub *hub = open_pinned(fixture);
    store_ok(fixture, hub, "note 1 ours");
    talloc_free(hub);
    put_back(fixture, copy);
    hub = store_open(fixture, "eve"); /* who saw nothing yet, goes on from there */
    store_ok(fixture, hub, "note 1 theirs");
    store_ok(fixture, hub, "note 1 more");
    talloc_free(hub);
    hub = open_pinned(fixture);
    assert_doubted(fixture, hub, "event 3 is another than the one that was there");
}

static void test_another_store_is_noticed(void **state) {
    struct fixture *fixture = *state;
    talloc_free(store_open(fixture, "eve"));
    char *path = fixture->path;
    fixture->path = fixture_path(fixture, "mine.db");
    seen_and_copied(fixture);
    settle(fixture);
    assert_int_equal(rename(path, fixture->path), 0);
    struct hub *hub = open_pinned(fixture);
    assert_doubted(fixture, hub, "it is another store");
}

static void test_a_doubt_is_taken_once(void **state) {
    struct fixture *fixture = *state;
    char *copy = seen_and_copied(fixture);
    struct hub *hub = open_pinned(fixture);
    store_ok(fixture, hub, "note 1 lost");
    talloc_free(hub);
    put_back(fixture, copy);
    hub = open_pinned(fixture);
    talloc_free(hub); /* who only closes it again keeps what was seen */
    hub = open_pinned(fixture);
    assert_non_null(hub_doubt(hub));
    hub_repin(hub);
    assert_null(hub_doubt(hub));
    store_ok(fixture, hub, "note 1 again");
    talloc_free(hub);
    hub = open_pinned(fixture);
    assert_null(hub_doubt(hub));
}

/* ---- a file that changes under an open hub --------------------------------------------------- */

static bool next_of(struct hub *hub, enum hub_item_kind kind, struct hub_item *item) {
    for (int64_t turns = 1; turns < 20; turns++)
        while (hub_next(hub, AT(NOW_MS + 300 * turns), item))
            if (item->kind == kind)
                return true;
    return false;
}

static void test_an_open_hub_notices_an_old_copy(void **state) {
    struct fixture *fixture = *state;
    struct hub_item item;
    char *copy = seen_and_copied(fixture);
    struct hub *hub = open_pinned(fixture), *runner = store_open(fixture, "runner");
    store_ok(fixture, hub, "note 1 lost");
    store_turn(runner, NOW_MS + 300);
    put_back(fixture, copy);
    item = store_do(fixture, hub, "note 1 refused"); /* never into the file that was taken away */
    assert_int_equal(item.verdict, HUB_REFUSED);
    assert_int_equal(item.err->code, ERR_UNAVAILABLE);
    assert_true(next_of(hub, HUB_REPLACED, &item));
    assert_non_null(strstr(item.err->on, "it ended at event 3, and ends at 2 now"));
    assert_doubted(fixture, hub, "event 3");
    assert_true(next_of(runner, HUB_REPLACED, &item)); /* who has nobody to ask goes on */
    assert_null(hub_doubt(runner));
    store_ok(fixture, runner, "note 1 goes-on");
    store_check_state(fixture, runner);
}

static void test_an_open_hub_follows_the_same_log(void **state) {
    struct fixture *fixture = *state;
    char *copy = seen_and_copied(fixture);
    struct hub *hub = open_pinned(fixture);
    put_back(fixture, copy);
    struct hub *other = store_open(fixture, "bo");
    store_ok(fixture, other, "note 1 x");
    assert_int_equal(store_turn(hub, NOW_MS + 300), 1);
    assert_null(hub_doubt(hub));
    store_ok(fixture, hub, "note 1 y");
    store_check_state(fixture, hub);
}

static void test_an_open_hub_waits_for_a_file(void **state) {
    struct fixture *fixture = *state;
    struct hub_item item;
    char *copy = seen_and_copied(fixture);
    struct hub *hub = open_pinned(fixture);
    unlink(fixture->path);
    assert_true(next_of(hub, HUB_TROUBLE, &item));
    assert_int_equal(item.err->code, ERR_NOT_FOUND);
    put_back(fixture, copy);
    assert_true(next_of(hub, HUB_WELL, &item));
    store_ok(fixture, hub, "note 1 y");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        store_test(test_keeps_one_a_store),
        store_test(test_goes_back_only_on_purpose),
        store_test(test_passes_over_what_is_no_pin),
        store_test(test_is_read_up_to_its_limit),
        store_test(test_several_write_at_once),
        store_test(test_waits_for_nobody),
        store_test(test_says_that_it_cant_be_kept),
        store_test(test_a_log_that_goes_on_is_none_to_doubt),
        store_test(test_a_cut_tail_is_noticed_wherever_it_is_cut),
        store_test(test_an_old_copy_is_noticed),
        store_test(test_a_fork_is_noticed),
        store_test(test_another_store_is_noticed),
        store_test(test_a_doubt_is_taken_once),
        store_test(test_an_open_hub_notices_an_old_copy),
        store_test(test_an_open_hub_follows_the_same_log),
        store_test(test_an_open_hub_waits_for_a_file),
    };
    return cmocka_run_group_tests_name("pins", tests, NULL, NULL);
}
