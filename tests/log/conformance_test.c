/* Every kind of log answers alike: one suite, run over each of them. */
#include "config.h"

#include "tests/log/fixture.h"

#include "base/array.h"

#include <string.h>
#include <talloc.h>

struct kind {
    const char *name;
    struct log *(*open)(struct fixture *fixture);
};

static struct log *open_sqlite(struct fixture *fixture) {
    return fixture_open(fixture, LOG_CREATE);
}

static struct log *open_memory(struct fixture *fixture) {
    return log_open_memory(fixture, NOW_MS);
}

static const struct kind kinds[] = {
    {.name = "sqlite", .open = open_sqlite},
    {.name = "memory", .open = open_memory},
};

static int setup(void **state) {
    const struct kind *kind = *state;
    if (fixture_setup(state) != 0)
        return -1;
    struct fixture *fixture = *state;
    fixture->log = kind->open(fixture);
    return 0;
}

/* ---- what was read, kept beyond the call ----------------------------------------------------- */

#define KEPT_MAX 16

struct kept {
    void *parent;
    size_t limit; /* reading stops after so many; 0: none */
    size_t count;
    struct event events[KEPT_MAX];
};

static bool keep(void *data, const struct event *event) {
    struct kept *kept = data;
    assert_true(kept->count < KEPT_MAX);
    struct event *copy = &kept->events[kept->count++];
    *copy = *event;
    copy->command = talloc_strdup(kept->parent, event->command);
    copy->actor = talloc_strdup(kept->parent, event->actor);
    copy->via = talloc_strdup(kept->parent, event->via);
    copy->kind = talloc_strdup(kept->parent, event->kind);
    copy->body = talloc_strdup(kept->parent, event->body);
    return kept->count != kept->limit;
}

static struct kept read_after(struct fixture *fixture, int64_t after, int64_t incident) {
    struct kept kept = {.parent = fixture};
    fixture_ok(fixture, log_read(fixture->log, after, incident, keep, &kept, fixture->err));
    return kept;
}

static void assert_same_event(const struct event *a, const struct event *b) {
    assert_int_equal(a->seq, b->seq);
    assert_string_equal(a->command, b->command);
    assert_int_equal(a->part, b->part);
    assert_memory_equal(&a->request, &b->request, sizeof a->request);
    assert_true(a->incident == b->incident);
    assert_true(a->at_ms == b->at_ms);
    assert_string_equal(a->actor, b->actor);
    assert_string_equal(a->via, b->via);
    assert_string_equal(a->kind, b->kind);
    assert_string_equal(a->body, b->body);
    assert_memory_equal(&a->hash, &b->hash, sizeof a->hash);
}

static int64_t last(struct fixture *fixture) {
    int64_t seq = -1;
    fixture_ok(fixture, log_last(fixture->log, &seq, fixture->err));
    return seq;
}

static void commit(struct fixture *fixture) {
    bool doubt = true;
    fixture_ok(fixture, log_commit(fixture->log, &doubt, fixture->err));
    assert_false(doubt);
}

/* ---- events ---------------------------------------------------------------------------------- */

static void begins_with_store_created(void **state) {
    struct fixture *fixture = *state;
    struct kept kept = read_after(fixture, 0, LOG_ANY_INCIDENT);
    assert_int_equal(kept.count, 1);
    assert_int_equal(kept.events[0].seq, 1);
    assert_int_equal(kept.events[0].incident, 0);
    assert_string_equal(kept.events[0].kind, "store.created");
    assert_true(kept.events[0].at_ms == NOW_MS);
    assert_non_null(strstr(kept.events[0].body, "\"format\":1"));
}

static void gives_back_every_column(void **state) {
    struct fixture *fixture = *state;
    struct event event = {
        .command = "fired/41/acknowledge/1794492482000/2",
        .part = 7,
        .request = digest_sha256("request", 7),
        .incident = INT64_C(1) << 40,
        .at_ms = INT64_MIN,
        .actor = "",
        .via = "'); DROP TABLE events; --",
        .kind = "note.added",
        .body = "{\"text\":\"\xe2\x9c\x93 \xf0\x9f\x8e\x89 \\u0001 %s \x7f\"}",
    };
    fixture_begin(fixture, fixture->log);
    fixture_ok(fixture, log_append(fixture->log, &event, fixture->err));
    commit(fixture);
    assert_int_equal(event.seq, 2);
    struct kept kept = read_after(fixture, 1, LOG_ANY_INCIDENT);
    assert_int_equal(kept.count, 1);
    assert_same_event(&kept.events[0], &event);
}

static void numbers_without_gaps(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(last(fixture), 1);
    for (int64_t seq = 2; seq <= 5; seq++)
        assert_int_equal(fixture_append(fixture, fixture->log, 1, "note.added", "{}"), seq);
    assert_int_equal(last(fixture), 5);
}

static void sees_its_own_transaction(void **state) {
    struct fixture *fixture = *state;
    struct event event = fixture_event(fixture, 3, "note.added", "{}");
    fixture_begin(fixture, fixture->log);
    fixture_ok(fixture, log_append(fixture->log, &event, fixture->err));
    assert_int_equal(read_after(fixture, 1, 3).count, 1);
    assert_int_equal(last(fixture), 2);
    commit(fixture);
}

static void rollback_keeps_nothing(void **state) {
    struct fixture *fixture = *state;
    struct event event = fixture_event(fixture, 3, "note.added", "{}");
    struct log_incident row = {.number = 3, .title = "", .state = "", .service = "", .plan = ""};
    int64_t number = -1;
    fixture_begin(fixture, fixture->log);
    fixture_ok(fixture, log_append(fixture->log, &event, fixture->err));
    fixture_ok(fixture, log_index_put(fixture->log, &row, fixture->err));
    log_rollback(fixture->log);
    log_rollback(fixture->log);
    assert_int_equal(last(fixture), 1);
    fixture_ok(fixture, log_index_max(fixture->log, &number, fixture->err));
    assert_int_equal(number, 0);
    assert_int_equal(fixture_append(fixture, fixture->log, 1, "note.added", "{}"), 2);
    fixture_ok(fixture, log_verify(fixture->log, &number, fixture->err));
}

static void reads_what_was_asked_for(void **state) {
    struct fixture *fixture = *state;
    static const int64_t incidents[] = {1, 2, 1, 0, 2, 1};
    for (size_t i = 0; i < ARRAY_SIZE(incidents); i++)
        fixture_append(fixture, fixture->log, incidents[i], "note.added", "{}");
    assert_int_equal(read_after(fixture, 0, LOG_ANY_INCIDENT).count, 7);
    assert_int_equal(read_after(fixture, 4, LOG_ANY_INCIDENT).count, 3);
    assert_int_equal(read_after(fixture, 7, LOG_ANY_INCIDENT).count, 0);
    assert_int_equal(read_after(fixture, 99, LOG_ANY_INCIDENT).count, 0);
    assert_int_equal(read_after(fixture, 0, 0).count, 2);
    assert_int_equal(read_after(fixture, 0, 9).count, 0);
    struct kept ones = read_after(fixture, 2, 1);
    assert_int_equal(ones.count, 2);
    assert_int_equal(ones.events[0].seq, 4);
    assert_int_equal(ones.events[1].seq, 7);
}

static void stops_when_told(void **state) {
    struct fixture *fixture = *state;
    struct kept kept = {.parent = fixture, .limit = 2};
    for (int i = 0; i < 4; i++)
        fixture_append(fixture, fixture->log, 1, "note.added", "{}");
    fixture_ok(fixture, log_read(fixture->log, 1, LOG_ANY_INCIDENT, keep, &kept, fixture->err));
    assert_int_equal(kept.count, 2);
    assert_int_equal(kept.events[1].seq, 3);
    assert_int_equal(read_after(fixture, 0, LOG_ANY_INCIDENT).count, 5);
}

static void reads_the_latest_of_each_kind(void **state) {
    struct fixture *fixture = *state;
    struct kept kept = {.parent = fixture};
    fixture_append(fixture, fixture->log, 0, "roster.applied", "{\"n\":1}");
    fixture_append(fixture, fixture->log, 0, "clock.stepped", "{}");
    fixture_append(fixture, fixture->log, 0, "roster.applied", "{\"n\":2}");
    fixture_append(fixture, fixture->log, 5, "note.added", "{}");
    fixture_ok(fixture, log_read_latest(fixture->log, keep, &kept, fixture->err));
    assert_int_equal(kept.count, 3);
    assert_string_equal(kept.events[0].kind, "clock.stepped");
    assert_string_equal(kept.events[1].body, "{\"n\":2}");
    assert_string_equal(kept.events[2].kind, "store.created");
}

static void never_changes_by_itself(void **state) {
    struct fixture *fixture = *state;
    assert_false(log_changed(fixture->log));
    fixture_append(fixture, fixture->log, 1, "note.added", "{}");
    assert_false(log_changed(fixture->log));
}

/* ---- commands -------------------------------------------------------------------------------- */

static void finds_a_command(void **state) {
    struct fixture *fixture = *state;
    struct kept kept = {.parent = fixture};
    size_t found = 99;
    struct event event = fixture_event(fixture, 1, "note.added", "{}");
    fixture_append(fixture, fixture->log, 1, "note.added", "{}");
    fixture_begin(fixture, fixture->log);
    for (event.part = 0; event.part < 3; event.part++)
        fixture_ok(fixture, log_append(fixture->log, &event, fixture->err));
    commit(fixture);
    fixture_append(fixture, fixture->log, 1, "note.added", "{}");
    fixture_ok(fixture, log_find(fixture->log, event.command, keep, &kept, &found, fixture->err));
    assert_int_equal(found, 3);
    for (size_t i = 0; i < kept.count; i++)
        assert_int_equal(kept.events[i].part, i);
    fixture_ok(fixture, log_find(fixture->log, "nobody's", keep, &kept, &found, fixture->err));
    assert_int_equal(found, 0);
}

/* "A retry of the same command appends nothing": the log's part of it is to refuse the row. */
static void refuses_a_part_twice(void **state) {
    struct fixture *fixture = *state;
    struct event event = fixture_event(fixture, 1, "note.added", "{}");
    fixture_begin(fixture, fixture->log);
    fixture_ok(fixture, log_append(fixture->log, &event, fixture->err));
    commit(fixture);
    fixture_begin(fixture, fixture->log);
    event.kind = "another.kind";
    fixture_failed(fixture, log_append(fixture->log, &event, fixture->err), ERR_CONFLICT);
    log_rollback(fixture->log);
    assert_int_equal(last(fixture), 2);
}

static void refuses_a_body_without_end(void **state) {
    struct fixture *fixture = *state;
    char *body = talloc_array(fixture, char, LOG_BODY_MAX + 2);
    memset(body, ' ', LOG_BODY_MAX + 1);
    body[LOG_BODY_MAX + 1] = '\0';
    struct event event = fixture_event(fixture, 1, "note.added", body);
    fixture_begin(fixture, fixture->log);
    fixture_failed(fixture, log_append(fixture->log, &event, fixture->err), ERR_REFUSED);
    body[LOG_BODY_MAX] = '\0';
    fixture_ok(fixture, log_append(fixture->log, &event, fixture->err));
    commit(fixture);
}

/* ---- plans ----------------------------------------------------------------------------------- */

#define DIGEST_A "9c1e44f29c1e44f29c1e44f29c1e44f29c1e44f29c1e44f29c1e44f29c1e44f2"
#define DIGEST_B "0000000000000000000000000000000000000000000000000000000000000001"
#define FROZEN_A "{\"sha256\":\"" DIGEST_A "\",\"text\":\"format: 1\\n\"}"

static void finds_a_frozen_plan(void **state) {
    struct fixture *fixture = *state;
    struct kept kept = {.parent = fixture};
    bool found = true;
    fixture_append(fixture, fixture->log, 1, "note.added", "{}");
    fixture_ok(fixture, log_find_plan(fixture->log, DIGEST_A, keep, &kept, &found, fixture->err));
    assert_false(found);
    int64_t seq = fixture_append(fixture, fixture->log, 0, "plan.frozen", FROZEN_A);
    fixture_append(fixture, fixture->log, 1, "note.added", "{}");
    fixture_ok(fixture, log_find_plan(fixture->log, DIGEST_A, keep, &kept, &found, fixture->err));
    assert_true(found);
    assert_int_equal(kept.count, 1);
    assert_int_equal(kept.events[0].seq, seq);
    fixture_ok(fixture, log_find_plan(fixture->log, DIGEST_B, keep, &kept, &found, fixture->err));
    assert_false(found);
}

static void freezes_a_digest_once(void **state) {
    struct fixture *fixture = *state;
    int64_t seq;
    fixture_append(fixture, fixture->log, 0, "plan.frozen", FROZEN_A);
    struct event event = fixture_event(fixture, 0, "plan.frozen", FROZEN_A);
    fixture_begin(fixture, fixture->log);
    fixture_failed(fixture, log_append(fixture->log, &event, fixture->err), ERR_CONFLICT);
    log_rollback(fixture->log);
    fixture_ok(fixture, log_verify(fixture->log, &seq, fixture->err));
    assert_int_equal(seq, 2);
}

static void rollback_freezes_nothing(void **state) {
    struct fixture *fixture = *state;
    bool found = true;
    int64_t count = 0;
    struct event event = fixture_event(fixture, 0, "plan.frozen", FROZEN_A);
    fixture_begin(fixture, fixture->log);
    fixture_ok(fixture, log_append(fixture->log, &event, fixture->err));
    log_rollback(fixture->log);
    fixture_ok(fixture,
               log_find_plan(fixture->log, DIGEST_A, count_event, &count, &found, fixture->err));
    assert_false(found);
    fixture_append(fixture, fixture->log, 0, "plan.frozen", FROZEN_A);
}

/* ---- the index of incidents ------------------------------------------------------------------ */

static bool keep_numbers(void *data, const struct log_incident *row) {
    char *numbers = data;
    size_t length = strlen(numbers);
    numbers[length] = (char)('0' + row->number);
    numbers[length + 1] = '\0';
    return length + 1 < KEPT_MAX - 1;
}

static void put(struct fixture *fixture, int64_t number, bool open) {
    struct log_incident row = {
        .number = number,
        .title = "checkout 5xx after 4.12",
        .state = open ? "rolling_back" : "closed",
        .service = "checkout",
        .plan = "checkout-2026-47",
        .severity = 1,
        .drill = number == 2,
        .open = open,
        .opened_ms = NOW_MS,
        .closed_ms = open ? 0 : NOW_MS + 1,
        .last_seq = number + 100,
    };
    fixture_begin(fixture, fixture->log);
    fixture_ok(fixture, log_index_put(fixture->log, &row, fixture->err));
    commit(fixture);
}

static void indexes_newest_first(void **state) {
    struct fixture *fixture = *state;
    char all[KEPT_MAX] = "", open[KEPT_MAX] = "";
    int64_t most = -1;
    put(fixture, 2, true);
    put(fixture, 1, true);
    put(fixture, 4, true);
    put(fixture, 3, true);
    put(fixture, 2, false);
    fixture_ok(fixture, log_index_read(fixture->log, false, keep_numbers, all, fixture->err));
    fixture_ok(fixture, log_index_read(fixture->log, true, keep_numbers, open, fixture->err));
    fixture_ok(fixture, log_index_max(fixture->log, &most, fixture->err));
    assert_string_equal(all, "4321");
    assert_string_equal(open, "431");
    assert_int_equal(most, 4);
}

static bool check_row(void *data, const struct log_incident *row) {
    *(bool *)data = row->number == 2 && row->severity == 1 && row->drill && !row->open &&
                    row->opened_ms == NOW_MS && row->closed_ms == NOW_MS + 1 &&
                    row->last_seq == 102 && strcmp(row->title, "checkout 5xx after 4.12") == 0 &&
                    strcmp(row->state, "closed") == 0 && strcmp(row->service, "checkout") == 0 &&
                    strcmp(row->plan, "checkout-2026-47") == 0;
    return true;
}

static void finds_an_incident(void **state) {
    struct fixture *fixture = *state;
    bool right = false, found = false;
    put(fixture, 2, false);
    fixture_ok(fixture, log_index_find(fixture->log, 2, check_row, &right, &found, fixture->err));
    assert_true(found && right);
    fixture_ok(fixture, log_index_find(fixture->log, 3, check_row, &right, &found, fixture->err));
    assert_false(found);
}

/* ---- proof ----------------------------------------------------------------------------------- */

static void names_its_head(void **state) {
    struct fixture *fixture = *state;
    struct log_head before, after;
    fixture_ok(fixture, log_head(fixture->log, &before, fixture->err));
    fixture_append(fixture, fixture->log, 1, "note.added", "{}");
    fixture_ok(fixture, log_head(fixture->log, &after, fixture->err));
    assert_int_equal(strlen(before.store), UUID_TEXT - 1);
    assert_string_equal(before.store, after.store);
    assert_int_equal(before.seq, 1);
    assert_int_equal(after.seq, 2);
    assert_false(digest_equal(&before.hash, &after.hash));
    struct kept kept = read_after(fixture, 1, LOG_ANY_INCIDENT);
    assert_true(digest_equal(&after.hash, &kept.events[0].hash));
}

static void verifies(void **state) {
    struct fixture *fixture = *state;
    int64_t verified = -1;
    fixture_append(fixture, fixture->log, 1, "note.added", "{}");
    fixture_append(fixture, fixture->log, 0, "plan.frozen", FROZEN_A);
    fixture_append(fixture, fixture->log, 1, "plan.frozen", "{}");
    fixture_ok(fixture, log_verify(fixture->log, &verified, fixture->err));
    assert_int_equal(verified, 4);
    fixture_ok(fixture, log_check(fixture->log, fixture->err));
}

static void verifies_inside_a_transaction(void **state) {
    struct fixture *fixture = *state;
    int64_t verified = -1;
    struct event event = fixture_event(fixture, 1, "note.added", "{}");
    fixture_begin(fixture, fixture->log);
    fixture_ok(fixture, log_append(fixture->log, &event, fixture->err));
    fixture_ok(fixture, log_verify(fixture->log, &verified, fixture->err));
    assert_int_equal(verified, 2);
    commit(fixture);
    assert_int_equal(last(fixture), 2);
}

static void is_writable(void **state) {
    struct fixture *fixture = *state;
    assert_null(log_read_only(fixture->log));
    assert_string_equal(log_lock_holder(fixture, fixture->log), "");
}

/* ---- the clocks ------------------------------------------------------------------------------ */

static int64_t step(struct fixture *fixture, int64_t wall_ms, int64_t boot_ms, const char *boot,
                    struct moment *since) {
    const struct log_clock clock = {{wall_ms, boot_ms}, boot};
    fixture_begin(fixture, fixture->log);
    int64_t by_ms;
    enum log_clock_look look = log_clock_look(fixture->log, &clock, since, &by_ms);
    log_rollback(fixture->log);
    assert_int_equal(look, by_ms ? LOG_CLOCK_SET : LOG_CLOCK_SAME);
    return by_ms;
}

/* What is kept outlives the transaction, whatever becomes of it. */
static void meets_a_step_until_it_is_settled(void **state) {
    struct fixture *fixture = *state;
    struct moment since;
    assert_int_equal(step(fixture, NOW_MS, 5000, "b1", &since), 0);
    assert_int_equal(step(fixture, NOW_MS + 70000, 75000, "b1", &since), 0);
    assert_int_equal(step(fixture, NOW_MS + 3600000, 6000, "b1", &since), 3599000);
    assert_int_equal(since.wall_ms, NOW_MS);
    assert_int_equal(since.boot_ms, 5000);
    assert_int_equal(step(fixture, NOW_MS + 3601000, 7000, "b1", &since), 3599000);
    fixture_begin(fixture, fixture->log);
    log_clock_settle(fixture->log, 3599000, 7500);
    log_rollback(fixture->log);
    assert_int_equal(step(fixture, NOW_MS + 3602000, 8000, "b1", &since), 0);
    assert_int_equal(step(fixture, NOW_MS + 4000, 9000, "b1", &since), -3599000);
    assert_int_equal(since.boot_ms, 7500);
    assert_int_equal(since.wall_ms, NOW_MS + 3599000 + 2500);
}

/* Whoever read its clocks before the newest step was settled, and waited or slept since. */
static void judges_nothing_by_a_moment_that_is_past(void **state) {
    struct fixture *fixture = *state;
    const struct log_clock before = {{NOW_MS + 1000, 6000}, "b1"};
    struct moment since;
    int64_t by_ms;
    step(fixture, NOW_MS, 5000, "b1", &since);
    fixture_begin(fixture, fixture->log);
    log_clock_settle(fixture->log, 3599000, 7500);
    assert_int_equal(log_clock_look(fixture->log, &before, &since, &by_ms), LOG_CLOCK_PAST);
    assert_int_equal(by_ms, 0);
    log_clock_begin(fixture->log, &before);
    assert_int_equal(log_clock_look(fixture->log, &before, &since, &by_ms), LOG_CLOCK_SAME);
    log_rollback(fixture->log);
}

static void passes_over_what_is_no_step(void **state) {
    struct fixture *fixture = *state;
    struct moment since;
    assert_int_equal(step(fixture, NOW_MS, 5000, "b1", &since), 0);
    assert_int_equal(step(fixture, NOW_MS + LOG_CLOCK_STEP_MS, 5000, "b1", &since), 0);
    assert_int_equal(step(fixture, NOW_MS - LOG_CLOCK_STEP_MS, 5000, "b1", &since), 0);
    assert_int_equal(step(fixture, NOW_MS + LOG_CLOCK_STEP_MS + 1, 5000, "b1", &since), 2001);
    /* another life of the machine: nobody can know, so it begins anew */
    assert_int_equal(step(fixture, NOW_MS + 90000000, 300, "b2", &since), 0);
    assert_int_equal(step(fixture, NOW_MS + 90001000, 1300, "b2", &since), 0);
    assert_int_equal(step(fixture, NOW_MS + 90009000, 2300, "b2", &since), 7000);
}

/* ---- each test over each kind ---------------------------------------------------------------- */

static const struct CMUnitTest cases[] = {
    cmocka_unit_test(begins_with_store_created),
    cmocka_unit_test(gives_back_every_column),
    cmocka_unit_test(numbers_without_gaps),
    cmocka_unit_test(sees_its_own_transaction),
    cmocka_unit_test(rollback_keeps_nothing),
    cmocka_unit_test(reads_what_was_asked_for),
    cmocka_unit_test(stops_when_told),
    cmocka_unit_test(reads_the_latest_of_each_kind),
    cmocka_unit_test(never_changes_by_itself),
    cmocka_unit_test(finds_a_command),
    cmocka_unit_test(refuses_a_part_twice),
    cmocka_unit_test(refuses_a_body_without_end),
    cmocka_unit_test(finds_a_frozen_plan),
    cmocka_unit_test(freezes_a_digest_once),
    cmocka_unit_test(rollback_freezes_nothing),
    cmocka_unit_test(indexes_newest_first),
    cmocka_unit_test(finds_an_incident),
    cmocka_unit_test(names_its_head),
    cmocka_unit_test(verifies),
    cmocka_unit_test(verifies_inside_a_transaction),
    cmocka_unit_test(is_writable),
    cmocka_unit_test(meets_a_step_until_it_is_settled),
    cmocka_unit_test(judges_nothing_by_a_moment_that_is_past),
    cmocka_unit_test(passes_over_what_is_no_step),
};

int main(void) {
    static struct CMUnitTest tests[ARRAY_SIZE(cases) * ARRAY_SIZE(kinds)];
    struct CMUnitTest *test = tests;
    for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
        for (size_t c = 0; c < ARRAY_SIZE(cases); c++, test++) {
            *test = cases[c];
            test->name = talloc_asprintf(NULL, "%s %s", kinds[k].name, cases[c].name);
            test->setup_func = setup;
            test->teardown_func = fixture_teardown;
            test->initial_state = (void *)&kinds[k];
        }
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
