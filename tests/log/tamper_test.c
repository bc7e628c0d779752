/* DESIGN §11.6: "Changing any byte of history is detected." Each row here is what somebody who may
 * write the file can do with another program, and the event that verify must then name. */
#include "config.h"

#include "tests/log/fixture.h"

#include "base/array.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#define DIGEST_A "9c1e44f29c1e44f29c1e44f29c1e44f29c1e44f29c1e44f29c1e44f29c1e44f2"
#define DIGEST_B "0000000000000000000000000000000000000000000000000000000000000001"

#define UNLOCK "DROP TRIGGER events_stay_as_written; DROP TRIGGER events_stay_for_ever;"
#define LOOSEN                                                                                     \
    "PRAGMA writable_schema = ON;"                                                                 \
    "UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')') WHERE name = 'events';"          \
    "PRAGMA writable_schema = RESET;"
#define SET(assignment) UNLOCK "UPDATE events SET " assignment " WHERE seq = 4"

/* Events 1 to 6: created, note, plan, note, note, note. */
static void make_store(struct fixture *fixture) {
    struct log *log = fixture_open(fixture, LOG_CREATE);
    fixture_append(fixture, log, 1, "note.added", "{\"text\":\"a\"}");
    fixture_append(fixture, log, 0, "plan.frozen", "{\"sha256\":\"" DIGEST_A "\"}");
    for (int i = 0; i < 3; i++)
        fixture_append(fixture, log, 1, "note.added", "{\"text\":\"b\"}");
    talloc_free(log);
}

#define NO_EVENT INT64_C(-1)

static const struct tampering {
    const char *what;
    const char *sql;
    int64_t bad;      /* the event that is named, or NO_EVENT: the plans table is */
    const char *says; /* of that event; NULL: whatever */
} tamperings[] = {
    {.what = "command", .sql = SET("command = 'x'"), .bad = 4},
    {.what = "part", .sql = SET("part = 1"), .bad = 4},
    {.what = "request", .sql = SET("request = zeroblob(32)"), .bad = 4},
    {.what = "short request", .sql = SET("request = x'00'"), .bad = 4},
    {.what = "incident", .sql = SET("incident = 2"), .bad = 4},
    {.what = "at", .sql = SET("at = at + 1"), .bad = 4},
    {.what = "actor", .sql = SET("actor = 'eve'"), .bad = 4},
    {.what = "via", .sql = SET("via = 'Line'"), .bad = 4},
    {.what = "kind", .sql = SET("kind = 'note.adder'"), .bad = 4},
    {.what = "body", .sql = SET("body = replace(body, 'b', 'c')"), .bad = 4},
    {.what = "hash", .sql = SET("hash = zeroblob(32)"), .bad = 4},
    {.what = "hidden behind a NUL", .sql = SET("body = body || char(0) || 'x'"), .bad = 4},
    {.what = "empty text", .sql = SET("actor = ''"), .bad = 4},
    {.what = "other type, same bytes", .sql = LOOSEN SET("kind = CAST(kind AS BLOB)"), .bad = 4},
    {.what = "text in place of a number", .sql = LOOSEN SET("part = 'zero'"), .bad = 4},
    {.what = "hash as text", .sql = LOOSEN SET("hash = CAST(hash AS TEXT)"), .bad = 4},
    {.what = "row gone",
     .sql = UNLOCK "DELETE FROM events WHERE seq = 4",
     .bad = 5,
     .says = "rows are missing"},
    {.what = "rows moved up",
     .sql = UNLOCK "DELETE FROM events WHERE seq = 4; UPDATE events SET seq = 4 WHERE seq = 5",
     .bad = 4},
    {.what = "rows swapped",
     .sql = UNLOCK "UPDATE events SET seq = 9 WHERE seq = 4; UPDATE events SET seq = 4 WHERE "
                   "seq = 5; UPDATE events SET seq = 5 WHERE seq = 9",
     .bad = 4},
    {.what = "first row gone", .sql = UNLOCK "DELETE FROM events WHERE seq = 1", .bad = 2},
    {.what = "all rows gone", .sql = UNLOCK "DELETE FROM events", .bad = 1},
    {.what = "row added",
     .sql = "INSERT INTO events SELECT 7, 'x', 0, request, 1, at, actor, via, kind, body, hash "
            "FROM events WHERE seq = 6",
     .bad = 7},
    {.what = "row before the first",
     .sql = "INSERT INTO events SELECT 0, 'x', 0, request, 1, at, actor, via, kind, body, hash "
            "FROM events WHERE seq = 6",
     .bad = 0},
    {.what = "plan lost", .sql = "DELETE FROM plans", .bad = 3},
    {.what = "plan misled", .sql = "UPDATE plans SET seq = 4", .bad = 3},
    {.what = "plan made up",
     .sql = "INSERT INTO plans VALUES ('" DIGEST_B "', 3)",
     .bad = NO_EVENT},
};

static void finds(void **state) {
    const struct tampering *tampering = *state;
    void *own = NULL;
    assert_int_equal(fixture_setup(&own), 0);
    struct fixture *fixture = own;
    int64_t verified = -1;
    make_store(fixture);
    run_sql(fixture->path, tampering->sql);
    fixture->log = fixture_open(fixture, LOG_READ);
    fixture_failed(fixture, log_verify(fixture->log, &verified, fixture->err), ERR_DAMAGED);
    char *named = talloc_asprintf(fixture, "event %" PRId64 ":", tampering->bad);
    if (tampering->bad != NO_EVENT)
        assert_non_null(strstr(fixture->err->on, named));
    if (tampering->says)
        assert_non_null(strstr(fixture->err->on, tampering->says));
    fixture_teardown(&own);
}

static void passes_what_nobody_touched(void **state) {
    struct fixture *fixture = *state;
    int64_t verified = -1;
    make_store(fixture);
    run_sql(fixture->path, UNLOCK "UPDATE events SET actor = actor || ''");
    fixture->log = fixture_open(fixture, LOG_READ);
    fixture_ok(fixture, log_verify(fixture->log, &verified, fixture->err));
    assert_int_equal(verified, 6);
}

/* A chain alone can't know what came after its end: a head that was kept elsewhere can. */
static void shows_a_cut_tail_by_its_head(void **state) {
    struct fixture *fixture = *state;
    struct log_head before, after;
    int64_t verified = -1;
    make_store(fixture);
    struct log *log = fixture_open(fixture, LOG_READ);
    fixture_ok(fixture, log_head(log, &before, fixture->err));
    talloc_free(log);
    run_sql(fixture->path, UNLOCK "DELETE FROM events WHERE seq > 4");
    fixture->log = fixture_open(fixture, LOG_READ);
    fixture_ok(fixture, log_verify(fixture->log, &verified, fixture->err));
    fixture_ok(fixture, log_head(fixture->log, &after, fixture->err));
    assert_int_equal(verified, 4);
    assert_string_equal(before.store, after.store);
    assert_true(after.seq < before.seq);
    assert_false(digest_equal(&before.hash, &after.hash));
}

/* ---- what is no row -------------------------------------------------------------------------- */

static const struct {
    const char *sql;
    const char *named;
} shapes[] = {
    {"DROP TRIGGER events_stay_for_ever", "events_stay_for_ever belongs"},
    {"DROP TRIGGER events_stay_as_written; CREATE TRIGGER events_stay_as_written BEFORE UPDATE ON "
     "events BEGIN SELECT 1; END",
     "events_stay_as_written is not as"},
    {"CREATE TRIGGER eve AFTER INSERT ON events BEGIN DELETE FROM plans; END", "hold eve"},
    {"CREATE TABLE zoo (animal)", "hold zoo"},
    {"DROP INDEX incidents_open", "incidents_open belongs"},
    {LOOSEN, "events is not as"},
};

static void finds_other_tables(void **state) {
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
        void *own = NULL;
        assert_int_equal(fixture_setup(&own), 0);
        struct fixture *fixture = own;
        int64_t verified;
        make_store(fixture);
        run_sql(fixture->path, shapes[i].sql);
        fixture->log = fixture_open(fixture, LOG_READ);
        fixture_ok(fixture, log_verify(fixture->log, &verified, fixture->err));
        fixture_failed(fixture, log_check(fixture->log, fixture->err), ERR_DAMAGED);
        if (!strstr(fixture->err->on, shapes[i].named))
            fail_msg("%s: %s", shapes[i].sql, fixture->err->on);
        fixture_teardown(&own);
    }
}

static void finds_tables_that_nothing_can_be_asked_of(void **state) {
    struct fixture *fixture = *state;
    int64_t verified;
    make_store(fixture);
    run_sql(fixture->path, "ALTER TABLE events RENAME COLUMN via TO door");
    fixture->log = fixture_open(fixture, LOG_READ);
    fixture_failed(fixture, log_verify(fixture->log, &verified, fixture->err), ERR_DAMAGED);
    assert_non_null(strstr(fixture->err->on, "its tables are not those of a store"));
}

/* A wrong format shuts writers out, or lets in those who don't know what they would break. */
static const struct {
    const char *kind; /* that is appended */
    const char *format;
    bool right;
} formats[] = {
    {"note.added", "PRAGMA user_version = 2", false},
    {"roster.applied", "PRAGMA user_version = 1", false},
    {"roster.applied", "PRAGMA user_version = 2", true},
    {"incident.declared", "PRAGMA user_version = 2", false},
    {"roster.applied", "PRAGMA user_version = 3", false},
    {"written.by_a_newer_program", "PRAGMA user_version = 3", true},
};

static void finds_another_format(void **state) {
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
        void *own = NULL;
        assert_int_equal(fixture_setup(&own), 0);
        struct fixture *fixture = own;
        int64_t verified;
        struct log *log = fixture_open(fixture, LOG_CREATE);
        fixture_append(fixture, log, 0, formats[i].kind, "{}");
        talloc_free(log);
        run_sql(fixture->path, formats[i].format);
        fixture->log = fixture_open(fixture, LOG_READ);
        bool right = log_verify(fixture->log, &verified, fixture->err);
        if (right != formats[i].right || (!right && fixture->err->code != ERR_DAMAGED))
            fail_msg("%s, %s: %s", formats[i].kind, formats[i].format,
                     err_sentence(fixture, fixture->err));
        fixture_teardown(&own);
    }
}

/* Bytes 18 and 19 say by which journal the file is written and read. */
static void finds_another_journal(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    run_sql(fixture->path, "PRAGMA wal_checkpoint(TRUNCATE)");
    int fd = open(fixture->path, O_RDWR | O_CLOEXEC);
    for (off_t at = 18; at <= 19; at++) {
        assert_int_equal(pwrite(fd, "\1", 1, at), 1);
        fixture->log = fixture_open(fixture, LOG_READ);
        fixture_failed(fixture, log_check(fixture->log, fixture->err), ERR_DAMAGED);
        assert_non_null(strstr(fixture->err->on, "names no journal"));
        TALLOC_FREE(fixture->log);
        assert_int_equal(pwrite(fd, "\2", 1, at), 1);
    }
    fixture->log = fixture_open(fixture, LOG_READ);
    fixture_ok(fixture, log_check(fixture->log, fixture->err));
    close(fd);
}

static const char leave_rows_out[] =
    "PRAGMA writable_schema = ON;"
    "UPDATE sqlite_schema SET sql = 'CREATE INDEX events_by_incident ON events "
    "(incident, seq) WHERE seq < 5' WHERE name = 'events_by_incident';"
    "PRAGMA writable_schema = RESET; REINDEX events_by_incident;"
    "PRAGMA writable_schema = ON;"
    "UPDATE sqlite_schema SET sql = 'CREATE INDEX events_by_incident ON events "
    "(incident, seq)' WHERE name = 'events_by_incident'";

static void finds_an_index_that_leaves_rows_out(void **state) {
    struct fixture *fixture = *state;
    int64_t verified;
    make_store(fixture);
    run_sql(fixture->path, leave_rows_out);
    fixture->log = fixture_open(fixture, LOG_READ);
    fixture_ok(fixture, log_verify(fixture->log, &verified, fixture->err));
    fixture_failed(fixture, log_check(fixture->log, fixture->err), ERR_DAMAGED);
}

static void finds_it_when_begun_ahead(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    run_sql(fixture->path, leave_rows_out);
    fixture->log = fixture_open(fixture, LOG_READ);
    for (int i = 0; i < 2; i++) {
        log_check_ahead(fixture->log);
        fixture_failed(fixture, log_check(fixture->log, fixture->err), ERR_DAMAGED);
        assert_non_null(strstr(fixture->err->on, "events_by_incident"));
    }
}

/* Begun once or twice, asked for or abandoned, or forgotten. */
static void passes_when_begun_ahead(void **state) {
    struct fixture *fixture = *state;
    int64_t verified;
    make_store(fixture);
    for (int times = 1; times <= 2; times++) {
        fixture->log = fixture_open(fixture, LOG_READ);
        for (int i = 0; i < times; i++)
            log_check_ahead(fixture->log);
        fixture_ok(fixture, log_verify(fixture->log, &verified, fixture->err));
        fixture_ok(fixture, log_check(fixture->log, fixture->err));
        log_check_ahead(fixture->log);
        if (times == 1)
            log_check_abandon(fixture->log);
        TALLOC_FREE(fixture->log);
    }
}

static const struct CMUnitTest cases[] = {
    fixture_test(passes_what_nobody_touched),
    fixture_test(shows_a_cut_tail_by_its_head),
    fixture_test(finds_other_tables),
    fixture_test(finds_tables_that_nothing_can_be_asked_of),
    fixture_test(finds_another_format),
    fixture_test(finds_another_journal),
    fixture_test(finds_an_index_that_leaves_rows_out),
    fixture_test(finds_it_when_begun_ahead),
    fixture_test(passes_when_begun_ahead),
};

int main(void) {
    static struct CMUnitTest tests[ARRAY_SIZE(cases) + ARRAY_SIZE(tamperings)];
    for (size_t i = 0; i < ARRAY_SIZE(tamperings); i++)
        tests[i] = (struct CMUnitTest){
            .name = talloc_asprintf(NULL, "finds: %s", tamperings[i].what),
            .test_func = finds,
            .initial_state = (void *)&tamperings[i],
        };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
        tests[ARRAY_SIZE(tamperings) + i] = cases[i];
    return cmocka_run_group_tests_name("tamper", tests, NULL, NULL);
}
