/* DESIGN §3 and §7: "Viewers read the mirror and never open the database"; what they see is what
 * there is, and what they are given is proved. */
#include "config.h"

#include "tests/hub/store.h"
#include "tests/incident/generate.h"
#include "tests/log/reflection.h"

#include "base/array.h"
#include "base/loop.h"
#include "base/xtalloc.h"
#include "hub/local.h"
#include "log/line.h"
#include "log/mirror_inside.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VIEW "view/store.db.ndjson"

static bool try_view(struct fixture *fixture, const char *name, struct hub **hub) {
    struct hub_options options = {
        .store = fixture_path(fixture, name), .actor = "eve", .via = "console"};
    return hub_open(fixture, &options, NOW_MS, hub, fixture->err);
}

static struct hub *view(struct fixture *fixture, const char *name) {
    struct hub *hub = NULL;
    fixture_ok(fixture, try_view(fixture, name, &hub));
    return hub;
}

static struct log *writer(struct hub *hub, int64_t limit) {
    struct log *log = hub_log(hub);
    log->mirror->limit = log->mirror->move_at = limit;
    return log;
}

static void write_bytes(struct fixture *fixture, const char *name, const char *bytes,
                        size_t length) {
    int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
    int fd = open(fixture_path(fixture, name), flags, 0600);
    assert_int_equal(write(fd, bytes, length), length);
    close(fd);
}

static char *view_bytes(struct fixture *fixture, size_t *length) {
    return read_bytes(fixture, fixture_path(fixture, VIEW), length);
}

/* --- what both kinds of hub say --------------------------------------------------------------- */

/* One incident by itself: what else is loaded may differ. */
static char *dump(struct fixture *fixture, struct hub *hub, int64_t number) {
    struct incident *incident = NULL;
    fixture_ok(fixture, hub_incident(hub, number, &incident, fixture->err));
    struct state only = *hub_state(hub);
    only.incidents = &incident;
    only.incidents_count = 1;
    only.last_seq = only.unknown_events = 0;
    return state_dump(fixture, &only);
}

static void same_incident(struct fixture *fixture, struct hub *local, struct hub *mirror,
                          int64_t number) {
    char *expected = dump(fixture, local, number), *got = dump(fixture, mirror, number);
    assert_string_equal(got, expected);
    talloc_free(expected);
    talloc_free(got);
}

static void same_open_incidents(struct fixture *fixture, struct hub *mirror) {
    struct hub *local = store_open_read_only(fixture);
    for (size_t i = 0; i < hub_state(local)->incidents_count; i++)
        same_incident(fixture, local, mirror, hub_state(local)->incidents[i]->number);
    assert_string_equal(hub_state(mirror)->store, hub_state(local)->store);
    talloc_free(local);
}

struct heard {
    struct fixture *fixture;
    char *lines;
};

static bool hear(void *data, const struct event *event) {
    struct heard *heard = data;
    char *line = line_encode(NULL, event);
    heard->lines = xtalloc_asprintf_append(heard->lines, "%s\n", line);
    talloc_free(line);
    return true;
}

static char *events_of(struct fixture *fixture, struct hub *hub, int64_t after, int64_t incident) {
    struct heard heard = {.fixture = fixture, .lines = xtalloc_strdup(fixture, "")};
    fixture_ok(fixture, hub_events(hub, after, incident, hear, &heard, fixture->err));
    return heard.lines;
}

static void same_head(struct fixture *fixture, struct hub *local, struct hub *mirror) {
    struct log_head expected, got;
    fixture_ok(fixture, hub_head(local, &expected, fixture->err));
    fixture_ok(fixture, hub_head(mirror, &got, fixture->err));
    assert_memory_equal(&got, &expected, sizeof expected);
}

/* --- histories made by chance ----------------------------------------------------------------- */

enum { STORIES = 6, COMMANDS = 300, PLANS = 3 };

/* A story that is told to a real store as well, event by event. */
struct telling {
    struct fixture *fixture;
    struct story *story;
    struct log *log;
    struct random random;
    int64_t seq; /* copied so far */
};

static bool append_copy(void *data, const struct event *event) {
    struct telling *telling = data;
    struct event copy = *event;
    if (event->seq > 1)
        fixture_ok(telling->fixture, log_append(telling->log, &copy, telling->fixture->err));
    telling->seq = event->seq;
    return true;
}

static void copy_story(struct telling *telling) {
    struct fixture *fixture = telling->fixture;
    const struct state *state = hub_state(telling->story->hub);
    bool doubt;
    fixture_begin(fixture, telling->log);
    fixture_ok(fixture, log_read(hub_log(telling->story->hub), telling->seq, LOG_ANY_INCIDENT,
                                 append_copy, telling, fixture->err));
    for (size_t i = 0; i < state->incidents_count; i++) {
        struct log_incident row = index_row(state->incidents[i]);
        fixture_ok(fixture, log_index_put(telling->log, &row, fixture->err));
    }
    fixture_ok(fixture, log_commit(telling->log, &doubt, fixture->err));
}

/* The one that follows, one that opens now, and an export of all: each says what the store says. */
static void check_views(struct telling *telling, struct hub *following) {
    struct fixture *fixture = telling->fixture;
    struct hub *local = store_open_read_only(fixture), *fresh = view(fixture, VIEW);
    char *all = events_of(fixture, local, 0, LOG_ANY_INCIDENT);
    write_bytes(fixture, "export.ndjson", all, strlen(all));
    struct hub *export = view(fixture, "export.ndjson");
    same_open_incidents(fixture, following);
    same_open_incidents(fixture, fresh);
    same_head(fixture, local, following);
    same_head(fixture, local, fresh);
    same_head(fixture, local, export);
    for (size_t i = 0; i < hub_state(telling->story->hub)->incidents_count; i++) {
        int64_t number = (int64_t)i + 1;
        same_incident(fixture, local, export, number);
        if (state_incident(hub_state(following), number)) /* else it ended before a gap */
            same_incident(fixture, local, following, number);
    }
    assert_int_equal(hub_first(export), 1);
    assert_string_equal(events_of(fixture, fresh, hub_first(fresh) + 3, LOG_ANY_INCIDENT),
                        events_of(fixture, local, hub_first(fresh) + 3, LOG_ANY_INCIDENT));
    talloc_free(local);
    talloc_free(fresh);
    talloc_free(export);
}

static bool tell(struct fixture *fixture, uint64_t seed) {
    struct telling telling = {.fixture = fixture, .random = {seed}};
    const char *plans[PLANS];
    for (size_t i = 0; i < PLANS; i++)
        plans[i] = generate_plan(fixture, &telling.random);
    telling.story = story_declared(fixture, plans[0]);
    telling.log = fixture_open(fixture, LOG_CREATE);
    telling.log->mirror->limit = telling.log->mirror->move_at = 10000;
    copy_story(&telling);
    struct hub *following = view(fixture, VIEW);
    for (int i = 1; i <= COMMANDS; i++) {
        if (generate_next(telling.story, &telling.random, plans, PLANS))
            copy_story(&telling);
        store_turn(following, NOW_MS + 1000 * i);
        if (i % 60 == 0)
            check_views(&telling, following);
    }
    int64_t base = assert_mirrored(fixture, telling.log).base;
    talloc_free(following);
    talloc_free(telling.log);
    return base > 0;
}

static void test_it_folds_what_the_store_folds(void **state) {
    struct fixture *fixture = *state;
    int moved = 0;
    for (uint64_t seed = 1; seed <= STORIES; seed++) {
        moved += tell(fixture, seed);
        static const char *const files[] = {"store.db", "store.db-wal", "store.db-shm", VIEW};
        for (size_t i = 0; i < ARRAY_SIZE(files); i++)
            unlink(fixture_path(fixture, files[i]));
    }
    assert_true(moved >= STORIES / 2);
}

/* --- what a reader does ----------------------------------------------------------------------- */

static struct hub *three_incidents(struct fixture *fixture) {
    struct hub *hub = store_open(fixture, "ana");
    for (int i = 0; i < 3; i++)
        store_ok(fixture, hub, "declare p --accept t");
    store_ok(fixture, hub, "note 2 seen");
    store_ok(fixture, hub, "abandon 3 --reason x");
    return hub;
}

static void test_it_answers_what_a_reader_asks(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture), *mirror = view(fixture, VIEW);
    int64_t verified, expected;
    assert_int_equal(hub_state(mirror)->incidents_count, 2);
    same_incident(fixture, hub, mirror, 3);
    for (int64_t incident = LOG_ANY_INCIDENT; incident <= 3; incident++)
        if (incident != 0) /* of the store's own events plans are left where they are */
            assert_string_equal(events_of(fixture, mirror, 2, incident),
                                events_of(fixture, hub, 2, incident));
    fixture_ok(fixture, hub_verify(hub, &expected, fixture->err));
    fixture_ok(fixture, hub_verify(mirror, &verified, fixture->err));
    assert_int_equal(verified, expected);
    assert_int_equal(hub_first(mirror), 1);
    same_head(fixture, hub, mirror);
    assert_string_equal(hub_run_folder(mirror), hub_run_folder(hub));
    fixture_ok(fixture, hub_viewers_see(mirror, fixture->err));
    struct incident *incident;
    fixture_failed(fixture, hub_incident(mirror, 9, &incident, fixture->err), ERR_NOT_FOUND);
}

static void test_it_refuses_every_command(void **state) {
    struct fixture *fixture = *state;
    three_incidents(fixture);
    struct hub *mirror = view(fixture, VIEW);
    assert_non_null(hub_read_only(mirror));
    struct hub_item item = store_do(fixture, mirror, "note 2 no");
    assert_int_equal(item.verdict, HUB_REFUSED);
    assert_int_equal(item.err->code, ERR_ACCESS);
    assert_non_null(strstr(item.err->on, "a mirror shows its store and takes no commands"));
}

/* Nothing that is older than the base and over is there to be loaded. */
static void test_it_says_what_it_lacks(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture);
    struct incident *incident;
    writer(hub, 12000);
    for (int i = 0; i < 40; i++)
        store_ok(fixture, hub, "note 2 again");
    struct hub *mirror = view(fixture, VIEW);
    assert_true(hub_first(mirror) > 20);
    same_incident(fixture, hub, mirror, 2);
    assert_string_equal(events_of(fixture, mirror, 0, 2), events_of(fixture, hub, 0, 2));
    fixture_failed(fixture, hub_incident(mirror, 3, &incident, fixture->err), ERR_NOT_FOUND);
    assert_non_null(strstr(fixture->err->on, "it ended before event"));
}

static int read_as_nobody(struct fixture *fixture) {
    struct hub *hub = NULL;
    bool opened = try_view(fixture, VIEW, &hub);
    bool store = open(fixture->path, O_RDONLY | O_CLOEXEC) >= 0;
    bool writes = open(fixture_path(fixture, VIEW), O_WRONLY | O_CLOEXEC) >= 0;
    return opened && !store && !writes && hub_state(hub)->incidents_count == 2;
}

static void test_reading_is_all_that_it_needs(void **state) {
    struct fixture *fixture = *state;
    talloc_free(three_incidents(fixture));
    chmod(fixture->folder, 0711);
    chmod(fixture_path(fixture, "view"), 0555);
    chmod(fixture_path(fixture, VIEW), 0444);
    assert_int_equal(run_as_nobody(read_as_nobody, fixture), 1);
}

/* --- following -------------------------------------------------------------------------------- */

/* Turns until nothing is left; every event must be the one after the last. */
static int64_t turn(struct hub *hub, int64_t now_ms, int64_t last) {
    struct hub_item item;
    while (hub_next(hub, AT(now_ms), &item)) {
        if (item.kind != HUB_EVENT)
            fail_msg("kind %d: %s", (int)item.kind, item.err ? item.err->what : "");
        assert_int_equal(item.seq, last + 1);
        assert_int_equal(item.event->seq, item.seq);
        last = item.seq;
    }
    return last;
}

static struct hub_item only_item(struct hub *hub, int64_t now_ms) {
    struct hub_item item;
    assert_true(hub_next(hub, AT(now_ms), &item));
    return item;
}

static void test_it_follows_through_renames(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture), *mirror = view(fixture, VIEW);
    struct log_head head;
    struct stat file, before = {.st_ino = 0};
    int64_t moves = -1;
    fixture_ok(fixture, hub_head(mirror, &head, fixture->err));
    writer(hub, 12000);
    for (int i = 1; i <= 100; i++) {
        store_ok(fixture, hub, i == 50 ? "declare q --accept t" : "note 2 again");
        head.seq = turn(mirror, NOW_MS + 300 * i, head.seq);
        assert_int_equal(stat(fixture_path(fixture, VIEW), &file), 0);
        moves += file.st_ino != before.st_ino;
        before = file;
    }
    assert_in_range(moves, 2, 20);
    same_head(fixture, hub, mirror);
    for (int64_t number = 1; number <= 4; number++)
        if (number != 3)
            same_incident(fixture, hub, mirror, number);
}

static void test_the_bell_wakes_it(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture), *mirror = view(fixture, VIEW);
    struct loop *loop = loop_new(fixture, fixture->err);
    hub_join(mirror, loop);
    writer(hub, 12000);
    for (int i = 0; i < 50; i++) {
        struct hub_item item;
        store_ok(fixture, hub, "note 2 again");
        while (
            !hub_next(mirror, AT(NOW_MS), &item)) /* its clock stands still: the net is never due */
            assert_true(loop_turn(loop, 10000));
        assert_int_equal(item.kind, HUB_EVENT);
    }
    same_head(fixture, hub, mirror);
}

/* So far behind that a file has come and gone: the state is right, and the gap is told. */
static void test_it_tells_a_gap(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture), *mirror = view(fixture, VIEW);
    struct hub_item item;
    writer(hub, 12000);
    for (int i = 0; i < 60; i++)
        store_ok(fixture, hub, "note 2 again");
    int64_t told = 0;
    while ((item = only_item(mirror, NOW_MS + 300)).kind == HUB_EVENT)
        told += item.seq >= hub_first(mirror);
    assert_int_equal(item.kind, HUB_TROUBLE);
    assert_string_equal(item.err->what, "the mirror went on without us");
    assert_true(told > 0);
    assert_int_equal(only_item(mirror, NOW_MS + 600).kind, HUB_WELL);
    same_head(fixture, hub, mirror);
    same_incident(fixture, hub, mirror, 2);
}

static void test_it_tells_another_history(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture);
    size_t length;
    char *bytes = view_bytes(fixture, &length);
    write_bytes(fixture, "view/other.ndjson", bytes, length);
    store_ok(fixture, hub, "note 2 here");
    struct hub *mirror = view(fixture, VIEW);
    assert_int_equal(
        rename(fixture_path(fixture, "view/other.ndjson"), fixture_path(fixture, VIEW)), 0);
    struct hub_item item = only_item(mirror, NOW_MS + 300);
    assert_int_equal(item.kind, HUB_REPLACED);
    assert_int_equal(item.err->code, ERR_DAMAGED);
    assert_non_null(strstr(item.err->on, "it ended at event 11, and ends at 10 now"));
    assert_false(hub_next(mirror, AT(NOW_MS + 600), &item));
    assert_int_equal(state_incident(hub_state(mirror), 2)->notes_count, 1);
}

/* Cut in place, as no writer ever does. */
static void test_it_tells_a_cut(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture);
    size_t length;
    (void)view_bytes(fixture, &length);
    store_ok(fixture, hub, "note 2 here");
    struct hub *mirror = view(fixture, VIEW);
    assert_int_equal(truncate(fixture_path(fixture, VIEW), (off_t)length), 0);
    struct hub_item item = only_item(mirror, NOW_MS + 300);
    assert_int_equal(item.kind, HUB_REPLACED);
    assert_non_null(strstr(item.err->on, "it ended at event"));
    assert_false(hub_next(mirror, AT(NOW_MS + 600), &item));
}

static void test_it_tells_another_store(void **state) {
    struct fixture *fixture = *state;
    talloc_free(three_incidents(fixture));
    struct hub *mirror = view(fixture, VIEW);
    fixture->path = fixture_path(fixture, "other.db");
    store_ok(fixture, store_open(fixture, "ana"), "declare --title other");
    assert_int_equal(
        rename(fixture_path(fixture, "view/other.db.ndjson"), fixture_path(fixture, VIEW)), 0);
    struct hub_item item = only_item(mirror, NOW_MS + 300);
    assert_int_equal(item.kind, HUB_REPLACED);
    assert_non_null(strstr(item.err->on, "it is another store"));
    assert_string_equal(state_incident(hub_state(mirror), 1)->title, "other");
}

static void test_it_waits_for_what_is_gone(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture), *mirror = view(fixture, VIEW);
    struct hub_item item;
    unlink(fixture_path(fixture, VIEW));
    item = only_item(mirror, NOW_MS + 300);
    assert_int_equal(item.kind, HUB_TROUBLE);
    assert_int_equal(item.err->code, ERR_NOT_FOUND);
    assert_false(hub_next(mirror, AT(NOW_MS + 600), &item));
    assert_int_equal(hub_state(mirror)->incidents_count, 2);
    store_ok(fixture, hub, "note 2 back");
    assert_int_equal(only_item(mirror, NOW_MS + 900).kind, HUB_EVENT);
    assert_int_equal(only_item(mirror, NOW_MS + 900).kind, HUB_WELL);
    same_head(fixture, hub, mirror);
}

/* --- what its user saw before ----------------------------------------------------------------- */

/* As view(), by somebody who keeps what they saw. */
static struct hub *view_again(struct fixture *fixture) {
    struct hub *hub = NULL;
    struct hub_options options = {.store = fixture_path(fixture, VIEW),
                                  .actor = "eve",
                                  .via = "console",
                                  .pins = fixture_path(fixture, "pins")};
    fixture_ok(fixture, hub_open(fixture, &options, NOW_MS, &hub, fixture->err));
    return hub;
}

static void test_a_viewer_remembers(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture);
    size_t length;
    char *bytes = view_bytes(fixture, &length);
    talloc_free(view_again(fixture));
    struct hub *mirror = view_again(fixture);
    assert_null(hub_doubt(mirror));
    store_ok(fixture, hub, "note 2 more");
    assert_int_equal(store_turn(mirror, NOW_MS + 300), 1);
    talloc_free(mirror);
    write_bytes(fixture, VIEW, bytes, length);
    mirror = view_again(fixture);
    assert_non_null(strstr(hub_doubt(mirror)->on, "it ended at event 11, and ends at 10 now"));
    hub_repin(mirror);
    talloc_free(mirror);
    assert_null(hub_doubt(view_again(fixture)));
}

/* An event that the base left behind can't be compared, and the base itself can. */
static void test_a_viewer_remembers_across_bases(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture);
    writer(hub, 12000);
    for (int i = 0; i < 40; i++) {
        struct hub *mirror = view_again(fixture);
        assert_null(hub_doubt(mirror));
        talloc_free(mirror);
        for (int j = 0; j <= i % 20; j++)
            store_ok(fixture, hub, "note 2 again");
    }
    writer(hub, 1); /* each commit is a base now */
    for (int i = 0; i < 4; i++) {
        store_ok(fixture, hub, "note 2 again");
        struct hub *mirror = view_again(fixture);
        assert_null(hub_doubt(mirror));
        talloc_free(mirror);
    }
    assert_null(hub_doubt(view_again(fixture)));
}

/* --- a torn end ------------------------------------------------------------------------------- */

/* "Tolerates a torn last line": at any byte, until its end is there. */
static void test_it_waits_for_the_end_of_a_line(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture);
    size_t before, after;
    char *bytes = view_bytes(fixture, &before);
    store_ok(fixture, hub, "note 2 torn");
    bytes = view_bytes(fixture, &after);
    for (size_t cut = before; cut < after; cut++) {
        write_bytes(fixture, "copy.ndjson", bytes, cut);
        struct hub *mirror = view(fixture, "copy.ndjson");
        assert_int_equal(turn(mirror, NOW_MS + 300, 0), 0);
        int fd = open(fixture_path(fixture, "copy.ndjson"), O_WRONLY | O_APPEND | O_CLOEXEC);
        assert_int_equal(write(fd, bytes + cut, after - cut), after - cut);
        close(fd);
        assert_int_equal(store_turn(mirror, NOW_MS + 600), 1);
        same_head(fixture, hub, mirror);
        talloc_free(mirror);
    }
}

static void test_it_says_when_the_end_does_not_come(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture);
    struct hub_item item;
    size_t length;
    int64_t verified;
    char *bytes = view_bytes(fixture, &length);
    write_bytes(fixture, VIEW, bytes, length - 10);
    struct hub *mirror = view(fixture, VIEW);
    assert_false(hub_next(mirror, AT(NOW_MS + 300), &item));
    assert_false(hub_next(mirror, AT(NOW_MS + 2000), &item));
    item = only_item(mirror, NOW_MS + 2300);
    assert_int_equal(item.kind, HUB_TROUBLE);
    assert_int_equal(item.err->code, ERR_UNAVAILABLE);
    fixture_failed(fixture, hub_verify(mirror, &verified, fixture->err), ERR_DAMAGED);
    assert_non_null(strstr(fixture->err->on, "it is torn"));
    store_ok(fixture, hub, "note 2 whole");
    assert_int_equal(only_item(mirror, NOW_MS + 2600).kind, HUB_EVENT);
    assert_int_equal(only_item(mirror, NOW_MS + 2600).kind, HUB_EVENT);
    assert_int_equal(only_item(mirror, NOW_MS + 2600).kind, HUB_WELL);
    same_head(fixture, hub, mirror);
}

/* --- what is not as it was written ------------------------------------------------------------ */

static const struct change {
    const char *what, *with, *says; /* in the line of event 6 */
} changes[] = {
    {"\"seq\":6", "\"seq\":7", "event 7: it should be 6"},
    {"\"actor\":\"ana\"", "\"actor\":\"eve\"", "event 6: its hash"},
    {"\"at\":1", "\"at\":2", "event 6: its hash"},
    {"\"incident\":2", "\"incident\":1", "event 6: its hash"},
    {"plan.adopted", "plan.Adopted", "event 6: its hash"},
    {"/srv/plans", "/srv/plane", "event 6: its hash"},
    {"\"body\":{", "\"body\":[", "was expected"},
    {"\"part\":1", "\"part\":x", "a value was expected"},
    {"{\"seq\"", "{\"carried\":true,\"seq\"", "it is carried, and not older than the base"},
};

static char *changed(struct fixture *fixture, const char *bytes, const struct change *change) {
    const char *line = strstr(bytes, "{\"seq\":6,");
    assert_non_null(line);
    const char *at = strstr(line, change->what);
    assert_true(at && at < strchr(line, '\n'));
    return xtalloc_asprintf(fixture, "%.*s%s%s", (int)(at - bytes), bytes, change->with,
                            at + strlen(change->what));
}

static void test_it_names_a_line_that_was_changed(void **state) {
    struct fixture *fixture = *state;
    talloc_free(three_incidents(fixture));
    size_t length;
    char *bytes = view_bytes(fixture, &length);
    for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
        struct hub *hub = NULL;
        char *text = changed(fixture, bytes, &changes[i]);
        write_bytes(fixture, "changed.ndjson", text, strlen(text));
        fixture_failed(fixture, try_view(fixture, "changed.ndjson", &hub), ERR_DAMAGED);
        if (!strstr(fixture->err->on, "changed.ndjson: line 7: ") ||
            !strstr(fixture->err->on, changes[i].says))
            fail_msg("%s: %s", changes[i].with, fixture->err->on);
    }
}

static void test_it_names_a_base_of_another_store(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture);
    size_t length;
    char *bytes = view_bytes(fixture, &length);
    char *digit = strstr(bytes, "\"store\":\"") + strlen("\"store\":\"");
    *digit = *digit == '0' ? '1' : '0';
    write_bytes(fixture, "changed.ndjson", bytes, length);
    fixture_failed(fixture, try_view(fixture, "changed.ndjson", &hub), ERR_DAMAGED);
    assert_non_null(strstr(fixture->err->on, "event 1: it is of another store than the base"));
}

/* "Keys that are not known are to be passed over", wherever they stand, and blanks too. */
static void test_it_reads_what_others_write(void **state) {
    static const struct change additions[] = {
        {"{\"seq\"", "{\"later\":{\"a\":[1]},\"seq\"", NULL},
        {"\"body\":{", "\"more\":\"x\",\"body\":{", NULL},
        {",\"hash\"", ",\"sign\":{\"by\":\"x\"},\"hash\"", NULL},
        {"\"seq\":6", " \"seq\" : 6", NULL},
    };
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture);
    size_t length;
    char *bytes = view_bytes(fixture, &length);
    for (size_t i = 0; i < ARRAY_SIZE(additions); i++) {
        char *text = changed(fixture, bytes, &additions[i]);
        write_bytes(fixture, "changed.ndjson", text, strlen(text));
        struct hub *mirror = view(fixture, "changed.ndjson");
        same_head(fixture, hub, mirror);
        same_incident(fixture, hub, mirror, 2);
        talloc_free(mirror);
    }
}

/* The other bit, or the same again. */
static void flip(int fd, char *bytes, size_t bit) {
    bytes[bit / 8] ^= (char)(1 << bit % 8);
    assert_int_equal(pwrite(fd, bytes + bit / 8, 1, (off_t)(bit / 8)), 1);
}

static int open_changed(struct fixture *fixture, const char *bytes, size_t length) {
    write_bytes(fixture, "changed.ndjson", bytes, length);
    return open(fixture_path(fixture, "changed.ndjson"), O_WRONLY | O_CLOEXEC);
}

/* Every bit of the chained part. */
static void test_no_changed_bit_passes(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare --title x");
    store_ok(fixture, hub, "note 1 y");
    size_t length;
    char *bytes = view_bytes(fixture, &length);
    size_t begin = (size_t)(strchr(bytes, '\n') - bytes) + 1;
    int fd = open_changed(fixture, bytes, length);
    for (size_t bit = 8 * begin; bit < 8 * length - 8; bit++) {
        struct hub *mirror = NULL;
        flip(fd, bytes, bit);
        bool opened = try_view(fixture, "changed.ndjson", &mirror);
        bool same_hex = false;
        if (opened) { /* hex digits of either case are the same digest */
            same_head(fixture, hub, mirror);
            same_hex = bit % 8 == 5;
        }
        if (opened && !same_hex)
            fail_msg("bit %zu of byte %zu passes", bit % 8, bit / 8);
        talloc_free(mirror);
        flip(fd, bytes, bit);
    }
    close(fd);
}

/* Of a mirror whose base moved `verify` passes no bit either, carried or chained. One bit in seven
 * is tried, each of a byte in turn. */
static void test_no_changed_bit_is_proven(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare --title x");
    writer(hub, 3000);
    for (int i = 0; i < 12; i++)
        store_ok(fixture, hub, "note 1 further");
    size_t length;
    char *bytes = view_bytes(fixture, &length);
    assert_non_null(strstr(bytes, "\n{\"carried\":true,")); /* else the base didn't move */
    int fd = open_changed(fixture, bytes, length);
    for (size_t bit = 0; bit < 8 * length; bit += 7) {
        struct hub *mirror = NULL;
        int64_t verified;
        flip(fd, bytes, bit);
        bool proven = try_view(fixture, "changed.ndjson", &mirror) &&
                      hub_verify(mirror, &verified, fixture->err);
        flip(fd, bytes, bit);
        if (proven)
            fail_msg("bit %zu of byte %zu passes", bit % 8, bit / 8);
        assert_int_equal(fixture->err->code, ERR_DAMAGED);
        talloc_free(mirror);
    }
    close(fd);
}

static void test_it_stops_at_a_bad_line_and_goes_on_when_it_is_mended(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = three_incidents(fixture), *mirror = view(fixture, VIEW);
    struct hub_item item;
    size_t length;
    store_ok(fixture, hub, "note 2 bad");
    char *bytes = view_bytes(fixture, &length);
    char *bad = strstr(bytes, "\"bad\"");
    bad[1] = 'B';
    int fd = open(fixture_path(fixture, VIEW), O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, bytes, length, 0), length);
    item = only_item(mirror, NOW_MS + 300);
    assert_int_equal(item.kind, HUB_TROUBLE);
    assert_int_equal(item.err->code, ERR_DAMAGED);
    assert_false(hub_next(mirror, AT(NOW_MS + 600), &item));
    assert_int_equal(state_incident(hub_state(mirror), 2)->notes_count, 1);
    bad[1] = 'b';
    assert_int_equal(pwrite(fd, bytes, length, 0), length);
    close(fd);
    assert_int_equal(only_item(mirror, NOW_MS + 900).kind, HUB_EVENT);
    assert_int_equal(only_item(mirror, NOW_MS + 900).kind, HUB_WELL);
    same_head(fixture, hub, mirror);
}

/* --- what is carried -------------------------------------------------------------------------- */

/* A store whose base has moved beyond all that INC-1 is but its notes. */
static struct hub *moved_base(struct fixture *fixture) {
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare p --accept t");
    writer(hub, 8000);
    for (int i = 0; i < 30; i++)
        store_ok(fixture, hub, "note 1 again");
    return hub;
}

static void carried_fails(struct fixture *fixture, const char *text, const char *says) {
    struct hub *hub = NULL;
    write_bytes(fixture, "changed.ndjson", text, strlen(text));
    fixture_failed(fixture, try_view(fixture, "changed.ndjson", &hub), ERR_DAMAGED);
    if (!strstr(fixture->err->on, says))
        fail_msg("it says %s, not %s", fixture->err->on, says);
}

/* Each line is proved against its own hash, as it is read. */
static void test_a_carried_line_that_was_changed_is_named(void **state) {
    static const struct hostile {
        const char *what, *with, *says; /* in the second carried line, event 2 */
    } hostile[] = {
        {"\"actor\":\"ana\"", "\"actor\":\"eve\"", "line 3: event 2: its hash is not"},
        {"\"hash\":\"", "\"Hash\":\"", "line 3: it has no \"hash\""},
        {"\"before\":\"", "\"Before\":\"", "line 3: event 2: it has no \"before\""},
        {"{\"carried\"", "{\"Carried\"", "line 3: the base promises other carried lines"},
    };
    struct fixture *fixture = *state;
    size_t length;
    talloc_free(moved_base(fixture));
    char *bytes = view_bytes(fixture, &length);
    const char *line = strstr(bytes, "{\"carried\":true,\"seq\":2,");
    for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
        const char *at = strstr(line, hostile[i].what);
        char *text = xtalloc_asprintf(fixture, "%.*s%s%s", (int)(at - bytes), bytes,
                                      hostile[i].with, at + strlen(hostile[i].what));
        carried_fails(fixture, text, hostile[i].says);
    }
}

static char *without(struct fixture *fixture, const char *bytes, const char *line) {
    const char *end = strchr(line, '\n') + 1;
    return xtalloc_asprintf(fixture, "%.*s%s", (int)(line - bytes), bytes, end);
}

/* And all of them against the base: none is missing, none stands elsewhere. */
static void test_a_carried_line_that_is_cut_is_missed(void **state) {
    struct fixture *fixture = *state;
    size_t length;
    talloc_free(moved_base(fixture));
    char *bytes = view_bytes(fixture, &length);
    const char *first = strstr(bytes, "{\"carried\":true,\"seq\":1,");
    const char *second = strchr(first, '\n') + 1, *third = strchr(second, '\n') + 1;
    carried_fails(fixture, without(fixture, bytes, second),
                  "the base promises other carried lines");
    char *swapped =
        xtalloc_asprintf(fixture, "%.*s%.*s%.*s%s", (int)(first - bytes), bytes,
                         (int)(third - second), second, (int)(second - first), first, third);
    carried_fails(fixture, swapped, "the carried lines up to here are not those");
}

/* A plan that is adopted anew stands right before that: nothing but its adoption misses it. */
static void test_a_plan_that_is_missing_is_told(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana"), *mirror = NULL;
    int64_t verified;
    size_t length;
    store_ok(fixture, hub, "declare p --accept t");
    store_ok(fixture, hub, "abandon 1 --reason x");
    store_ok(fixture, hub, "declare --title x");
    writer(hub, 8000);
    for (int i = 0; i < 30; i++)
        store_ok(fixture, hub, "note 2 again");
    writer(hub, MIRROR_LIMIT);
    store_ok(fixture, hub, "declare p --accept t");
    char *bytes = view_bytes(fixture, &length);
    const char *plan = strstr(strstr(bytes, "\n{\"seq\":"), "{\"carried\":true,");
    assert_non_null(plan);
    char *cut = without(fixture, bytes, plan);
    write_bytes(fixture, "changed.ndjson", cut, strlen(cut));
    fixture_failed(fixture, try_view(fixture, "changed.ndjson", &mirror), ERR_DAMAGED);
    assert_string_equal(fixture->err->what, "a plan is missing from the mirror");
    store_ok(fixture, hub, "abandon 3 --reason x");
    char *ended = view_bytes(fixture, &length);
    cut = without(fixture, ended, ended + (plan - bytes));
    write_bytes(fixture, "changed.ndjson", cut, strlen(cut));
    mirror = view(fixture, "changed.ndjson"); /* nobody needs it, until somebody looks */
    fixture_failed(fixture, hub_verify(mirror, &verified, fixture->err), ERR_DAMAGED);
    assert_string_equal(fixture->err->what, "a plan is missing from the mirror");
}

/* An older program's mirror is read, and what it carries is taken on trust. */
static void test_an_older_form_is_read(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = moved_base(fixture);
    int64_t verified;
    size_t length;
    char *bytes = mirror_older_form(fixture, view_bytes(fixture, &length));
    write_bytes(fixture, "older.ndjson", bytes, strlen(bytes));
    struct hub *mirror = view(fixture, "older.ndjson");
    same_head(fixture, hub, mirror);
    same_incident(fixture, hub, mirror, 1);
    fixture_ok(fixture, hub_verify(mirror, &verified, fixture->err));
    char *actor = strstr(bytes, "\"actor\":\"ana\"");
    memcpy(actor, "\"actor\":\"eve\"", 13);
    write_bytes(fixture, "older.ndjson", bytes, strlen(bytes));
    fixture_ok(fixture, hub_verify(view(fixture, "older.ndjson"), &verified, fixture->err));
}

static void test_it_opens_nothing_else(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = NULL;
    fixture_failed(fixture, try_view(fixture, "none.ndjson", &hub), ERR_NOT_FOUND);
    write_bytes(fixture, "empty.ndjson", "", 0);
    fixture_failed(fixture, try_view(fixture, "empty.ndjson", &hub), ERR_DAMAGED);
    write_bytes(fixture, "text.ndjson", "nothing of the kind\n", 20);
    fixture_failed(fixture, try_view(fixture, "text.ndjson", &hub), ERR_DAMAGED);
    mkdir(fixture_path(fixture, "folder.ndjson"), 0700);
    fixture_failed(fixture, try_view(fixture, "folder.ndjson", &hub), ERR_REFUSED);
    mkfifo(fixture_path(fixture, "pipe.ndjson"), 0600);
    fixture_failed(fixture, try_view(fixture, "pipe.ndjson", &hub), ERR_REFUSED);
    store_ok(fixture, store_open(fixture, "ana"), "declare --title x");
    size_t length;
    char *bytes = view_bytes(fixture, &length);
    char *second = strstr(bytes, "{\"seq\":2,");
    write_bytes(fixture, "part.ndjson", second, strlen(second));
    fixture_failed(fixture, try_view(fixture, "part.ndjson", &hub), ERR_DAMAGED);
    assert_non_null(strstr(fixture->err->on, "an export with event 1"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        store_test(test_it_folds_what_the_store_folds),
        store_test(test_it_answers_what_a_reader_asks),
        store_test(test_it_refuses_every_command),
        store_test(test_it_says_what_it_lacks),
        store_test(test_reading_is_all_that_it_needs),
        store_test(test_it_follows_through_renames),
        store_test(test_the_bell_wakes_it),
        store_test(test_it_tells_a_gap),
        store_test(test_it_tells_another_history),
        store_test(test_it_tells_a_cut),
        store_test(test_it_tells_another_store),
        store_test(test_it_waits_for_what_is_gone),
        store_test(test_a_viewer_remembers),
        store_test(test_a_viewer_remembers_across_bases),
        store_test(test_it_waits_for_the_end_of_a_line),
        store_test(test_it_says_when_the_end_does_not_come),
        store_test(test_it_names_a_line_that_was_changed),
        store_test(test_it_names_a_base_of_another_store),
        store_test(test_it_reads_what_others_write),
        store_test(test_no_changed_bit_passes),
        store_test(test_no_changed_bit_is_proven),
        store_test(test_a_carried_line_that_was_changed_is_named),
        store_test(test_a_carried_line_that_is_cut_is_missed),
        store_test(test_an_older_form_is_read),
        store_test(test_it_stops_at_a_bad_line_and_goes_on_when_it_is_mended),
        store_test(test_a_plan_that_is_missing_is_told),
        store_test(test_it_opens_nothing_else),
    };
    return cmocka_run_group_tests_name("hub/mirror", tests, NULL, NULL);
}
