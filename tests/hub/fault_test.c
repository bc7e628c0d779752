/* "A command that was acknowledged is never lost": a store that fails at each place in turn, and a
 * full disk. */
#include "config.h"

#include "tests/hub/store.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "log/log_ops.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* --- a store that obeys the test -------------------------------------------------------------- */

enum place { PLACE_BEGIN, PLACE_FIND, PLACE_INSERT, PLACE_INDEX, PLACE_COMMIT, PLACE_READ, PLACES };

static struct {
    const struct log_ops *whole;
    bool fails[PLACES];
    int64_t after[PLACES]; /* that many calls go well first */
    bool doubt, kept;
} fault;

static void fail_at(enum place place, int64_t after) {
    fault.fails[place] = true;
    fault.after[place] = after;
}

static void mend(void) {
    memset(fault.fails, 0, sizeof(fault.fails));
}

static bool fails_now(enum place place, struct err *err) {
    if (!fault.fails[place] || fault.after[place]-- > 0)
        return false;
    fault.after[place] = 0;
    err_set(err, ERR_UNAVAILABLE, "the disk is gone", "store", "bring it back");
    return true;
}

static enum log_begin faulty_begin(struct log *log, const char *me, struct err *err) {
    return fails_now(PLACE_BEGIN, err) ? LOG_FAILED : fault.whole->begin(log, me, err);
}

static bool faulty_find(struct log *log, const char *command, log_event_fn *fn, void *data,
                        size_t *found, struct err *err) {
    return !fails_now(PLACE_FIND, err) && fault.whole->find(log, command, fn, data, found, err);
}

static bool faulty_insert(struct log *log, const struct event *event, struct err *err) {
    return !fails_now(PLACE_INSERT, err) && fault.whole->insert(log, event, err);
}

static bool faulty_index_put(struct log *log, const struct log_incident *row, struct err *err) {
    return !fails_now(PLACE_INDEX, err) && fault.whole->index_put(log, row, err);
}

/* In doubt it may have been kept, or not. */
static bool faulty_commit(struct log *log, bool *doubt, struct err *err) {
    if (!fails_now(PLACE_COMMIT, err))
        return fault.whole->commit(log, doubt, err);
    *doubt = fault.doubt;
    if (fault.kept)
        return fault.whole->commit(log, doubt, err) && false;
    fault.whole->rollback(log);
    return false;
}

static bool faulty_read(struct log *log, int64_t after, int64_t incident, log_event_fn *fn,
                        void *data, struct err *err) {
    return !fails_now(PLACE_READ, err) && fault.whole->read(log, after, incident, fn, data, err);
}

static struct story *faulty_story(const void *parent) {
    static struct log_ops ops;
    struct story *story = story_declared(parent, store_plan);
    story_ok(story, "ana", "decide back --reason x");
    struct log *log = hub_log(story->hub);
    memset(&fault, 0, sizeof(fault));
    fault.whole = log->ops;
    ops = *log->ops;
    ops.begin = faulty_begin;
    ops.find = faulty_find;
    ops.insert = faulty_insert;
    ops.index_put = faulty_index_put;
    ops.commit = faulty_commit;
    ops.read = faulty_read;
    log->ops = &ops;
    return story;
}

static void check_as_logged(const struct story *story) {
    mend();
    struct state *folded = story_refold(story);
    assert_string_equal(story_dump(story), state_dump(story, folded));
}

/* Wherever it fails, nothing of the command is true, and the next one goes well. */
static void test_what_was_not_kept_is_not_true(void **state) {
    static const struct {
        enum place place;
        int64_t after;
    } faults[] = {{PLACE_BEGIN, 0},  {PLACE_FIND, 0},  {PLACE_INSERT, 0}, {PLACE_INSERT, 1},
                  {PLACE_INSERT, 2}, {PLACE_INDEX, 0}, {PLACE_COMMIT, 0}, {PLACE_READ, 0}};
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct story *story = faulty_story(*state);
        story_ok(story, "cy", "start flag");
        char *before = story_dump(story);
        fail_at(faults[i].place, faults[i].after);
        assert_false(story_ran(story, "flag", "exited", 3));
        assert_int_equal(story->verdict, HUB_REFUSED);
        assert_int_equal(story->err->code, ERR_UNAVAILABLE);
        assert_int_equal(story->events_count, 0);
        mend();
        store_turn(story->hub, story->now_ms + 300);
        assert_string_equal(story_dump(story), before);
        check_as_logged(story);
        assert_true(story_ran(story, "flag", "exited", 3));
        assert_string_equal(story_state(story, "flag"), "failed");
        check_as_logged(story);
    }
}

/* "in doubt … the same id may be asked again" */
static void test_doubt_is_resolved_by_asking_again(void **state) {
    for (int kept = 0; kept <= 1; kept++) {
        struct story *story = faulty_story(*state);
        struct command *command = story_command(story, "ack", NULL);
        fail_at(PLACE_COMMIT, 0);
        fault.doubt = true;
        fault.kept = kept;
        assert_false(story_submit(story, "bo", command));
        assert_int_equal(story->verdict, HUB_IN_DOUBT);
        assert_int_equal(story->events_count, kept); /* what was kept after all is told */
        mend();
        check_as_logged(story);
        assert_int_equal(story_incident(story)->acknowledged.by != NULL, kept);
        assert_true(story_submit(story, "bo", command));
        assert_string_equal(story_incident(story)->acknowledged.by, "bo");
        check_as_logged(story);
    }
}

static size_t count_steps(const struct story *story) {
    const struct incident *incident = story_incident(story);
    size_t steps = 0;
    for (size_t i = 0; i < incident->events_count; i++)
        steps += strcmp(incident->events[i].kind, "clock.stepped") == 0;
    return steps;
}

/* Whatever becomes of the commit in which the clock's step is recorded, it is recorded once, and no
 * command comes before it. */
static void test_a_step_of_the_clock_is_kept_once(void **state) {
    for (int kept = 0; kept <= 1; kept++) {
        struct story *story = faulty_story(*state);
        int64_t left_ms = story_incident(story)->declared.at_ms - story->now_ms;
        story_sets_clock(story, HOUR_MS);
        fail_at(PLACE_COMMIT, 0);
        fault.doubt = true;
        fault.kept = kept;
        struct command *command = story_command(story, "ack", NULL);
        assert_false(story_submit(story, "bo", command));
        assert_int_equal(story->verdict, HUB_REFUSED);
        check_as_logged(story);
        assert_int_equal(count_steps(story), kept);
        assert_true(story_submit(story, "bo", command));
        assert_int_equal(count_steps(story), 1);
        assert_int_equal(story_incident(story)->declared.at_ms - story->now_ms, left_ms);
        check_as_logged(story);
    }
}

/* A store that can't be read again after a failed command: told once, mended by itself. */
static void test_trouble_is_told_and_ends(void **state) {
    struct story *story = faulty_story(*state);
    struct hub *hub = story->hub;
    struct hub_item item;
    char *before = story_dump(story);
    fail_at(PLACE_INSERT, 0);
    fail_at(PLACE_READ, 1);
    int64_t ticket = hub_submit(hub, story_command(story, "ack", NULL), NULL);
    assert_true(hub_next(hub, AT(story->now_ms), &item));
    assert_int_equal(item.ticket, ticket);
    assert_int_equal(item.verdict, HUB_REFUSED);
    assert_true(hub_next(hub, AT(story->now_ms), &item));
    assert_int_equal(item.kind, HUB_TROUBLE);
    assert_int_equal(item.err->code, ERR_UNAVAILABLE);
    assert_false(hub_next(hub, AT(story->now_ms + 300), &item));
    mend();
    assert_true(hub_next(hub, AT(story->now_ms + 600), &item));
    assert_int_equal(item.kind, HUB_WELL);
    assert_null(item.err);
    assert_string_equal(story_dump(story), before);
    check_as_logged(story);
}

/* --- a full disk ------------------------------------------------------------------------------ */

static int64_t count_notes(struct fixture *fixture) {
    struct hub *fresh = store_open(fixture, "fresh");
    int64_t notes = state_incident(hub_state(fresh), 1)->notes_count;
    talloc_free(fresh);
    return notes;
}

static void limit_files(rlim_t bytes) {
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
}

/* Writes notes until the disk is full, and says how many were acknowledged. In a process of its
 * own, for the limit holds for all of it. */
static int write_until_full(struct fixture *fixture) {
    struct hub *hub = store_open(fixture, "ana");
    struct stat file;
    store_ok(fixture, hub, "declare --title x");
    signal(SIGXFSZ, SIG_IGN);
    stat(xtalloc_asprintf(fixture, "%s-wal", fixture->path), &file);
    limit_files((rlim_t)file.st_size + 100000);
    int64_t notes = 0;
    struct hub_item item = {0};
    do {
        item = store_do(fixture, hub, "note 1 still-here");
        notes += item.verdict == HUB_ACCEPTED;
    } while (item.verdict == HUB_ACCEPTED && notes < 10000);
    bool refused = notes > 0 && notes < 10000 && item.err->code == ERR_UNAVAILABLE;
    bool same = state_incident(hub_state(hub), 1)->notes_count == notes;
    limit_files(RLIM_INFINITY);
    store_ok(fixture, hub, "note 1 room-again");
    store_check_state(fixture, hub);
    bool kept = count_notes(fixture) == notes + 1;
    talloc_free(hub);
    return refused && same && kept ? 0 : 1 + refused + 2 * same + 4 * kept;
}

static void test_a_full_disk_loses_nothing(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(wait_for_child(start_child(write_until_full, fixture)), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_what_was_not_kept_is_not_true),
        story_test(test_doubt_is_resolved_by_asking_again),
        story_test(test_a_step_of_the_clock_is_kept_once),
        story_test(test_trouble_is_told_and_ends),
        store_test(test_a_full_disk_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
