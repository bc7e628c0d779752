/* The SQLite store between processes and beside other programs. */
#include "config.h"

#include "tests/log/fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

static int64_t count_events(struct fixture *fixture, struct log *log) {
    int64_t count = 0;
    fixture_ok(fixture, log_read(log, 0, LOG_ANY_INCIDENT, count_event, &count, fixture->err));
    return count;
}

static int64_t size_of(const char *path) {
    struct stat file;
    assert_int_equal(stat(path, &file), 0);
    return file.st_size;
}

/* ---- two connections ------------------------------------------------------------------------- */

static void sees_what_another_committed(void **state) {
    struct fixture *fixture = *state;
    struct log *writer = fixture_open(fixture, LOG_CREATE);
    struct log *reader = fixture_open(fixture, LOG_READ);
    assert_false(log_changed(reader));
    fixture_append(fixture, writer, 1, "note.added", "{}");
    assert_true(log_changed(reader));
    assert_false(log_changed(reader));
    assert_int_equal(count_events(fixture, reader), 2);
    talloc_free(reader);
    talloc_free(writer);
}

static void hides_what_is_not_committed(void **state) {
    struct fixture *fixture = *state;
    struct log *writer = fixture_open(fixture, LOG_CREATE);
    struct log *reader = fixture_open(fixture, LOG_READ);
    struct event event = fixture_event(fixture, 1, "note.added", "{}");
    fixture_begin(fixture, writer);
    fixture_ok(fixture, log_append(writer, &event, fixture->err));
    assert_int_equal(count_events(fixture, reader), 1);
    assert_false(log_changed(reader));
    talloc_free(writer); /* closing rolls back */
    assert_int_equal(count_events(fixture, reader), 1);
    talloc_free(reader);
}

static void holds_one_moment(void **state) {
    struct fixture *fixture = *state;
    struct log *writer = fixture_open(fixture, LOG_CREATE);
    struct log *reader = fixture_open(fixture, LOG_READ);
    int64_t verified = 0;
    fixture_ok(fixture, log_hold(reader, fixture->err));
    assert_int_equal(count_events(fixture, reader), 1);
    fixture_append(fixture, writer, 1, "note.added", "{}");
    fixture_ok(fixture, log_verify(reader, &verified, fixture->err)); /* holds, within */
    assert_int_equal(count_events(fixture, reader), 1);
    log_let_go(reader);
    assert_int_equal(count_events(fixture, reader), 2);
    talloc_free(reader);
    talloc_free(writer);
}

static void continues_the_chain_of_another(void **state) {
    struct fixture *fixture = *state;
    struct log *one = fixture_open(fixture, LOG_CREATE);
    struct log *two = fixture_open(fixture, LOG_WRITE);
    int64_t verified = 0;
    for (int64_t seq = 2; seq < 10; seq += 2) {
        assert_int_equal(fixture_append(fixture, one, 1, "note.added", "{}"), seq);
        assert_int_equal(fixture_append(fixture, two, 1, "note.added", "{}"), seq + 1);
    }
    fixture_ok(fixture, log_verify(one, &verified, fixture->err));
    assert_int_equal(verified, 9);
    talloc_free(two);
    talloc_free(one);
}

/* One transaction at a time, whoever asks; and the waiting one learns who it waits for. */
static void waits_for_the_other_transaction(void **state) {
    struct fixture *fixture = *state;
    struct log *one = fixture_open(fixture, LOG_CREATE);
    struct log *two = fixture_open(fixture, LOG_WRITE);
    bool doubt;
    assert_int_equal(log_begin(one, "bo pid 812", fixture->err), LOG_BEGUN);
    assert_int_equal(log_begin(two, "ana pid 4122", fixture->err), LOG_BUSY);
    assert_string_equal(log_lock_holder(fixture, two), "bo pid 812");
    assert_string_equal(log_lock_holder(fixture, one), "bo pid 812");
    fixture_ok(fixture, log_commit(one, &doubt, fixture->err));
    assert_string_equal(log_lock_holder(fixture, two), "");
    assert_int_equal(log_begin(two, "ana pid 4122", fixture->err), LOG_BEGUN);
    assert_string_equal(log_lock_holder(fixture, one), "ana pid 4122");
    log_rollback(two);
    assert_string_equal(log_lock_holder(fixture, one), "");
    talloc_free(two);
    talloc_free(one);
}

/* The sqlite3 shell doesn't know our lock, but SQLite's. */
static void waits_for_another_program(void **state) {
    struct fixture *fixture = *state;
    sqlite3 *other = NULL;
    fixture->log = fixture_open(fixture, LOG_CREATE);
    assert_int_equal(sqlite3_open(fixture->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(log_begin(fixture->log, "test", fixture->err), LOG_BUSY);
    assert_string_equal(log_lock_holder(fixture, fixture->log), "");
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    fixture_append(fixture, fixture->log, 1, "note.added", "{}");
    sqlite3_close(other);
}

/* ---- accidents ------------------------------------------------------------------------------- */

static void assert_refused(const char *path, const char *sql) {
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_CONSTRAINT);
    assert_non_null(strstr(sqlite3_errmsg(database), "append-only"));
    sqlite3_close(database);
}

static void refuses_update_and_delete(void **state) {
    struct fixture *fixture = *state;
    talloc_free(fixture_open(fixture, LOG_CREATE));
    assert_refused(fixture->path, "UPDATE events SET actor = 'eve'");
    assert_refused(fixture->path, "DELETE FROM events");
}

/* Overwrites every page but the first with noise, as a dying disk may. */
static void damage_pages(const char *path) {
    char noise[4096];
    memset(noise, 0xa5, sizeof noise);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    for (off_t at = sizeof noise; at < size_of(path); at += (off_t)sizeof noise)
        assert_int_equal(pwrite(fd, noise, sizeof noise, at), sizeof noise);
    close(fd);
}

static void says_that_a_page_is_damaged(void **state) {
    struct fixture *fixture = *state;
    int64_t count = 0;
    talloc_free(fixture_open(fixture, LOG_CREATE));
    run_sql(fixture->path, "PRAGMA wal_checkpoint(TRUNCATE)");
    damage_pages(fixture->path);
    fixture->log = fixture_open(fixture, LOG_READ);
    fixture_failed(fixture,
                   log_read(fixture->log, 0, LOG_ANY_INCIDENT, count_event, &count, fixture->err),
                   ERR_DAMAGED);
    assert_int_equal(count, 0);
    fixture_failed(fixture, log_verify(fixture->log, &count, fixture->err), ERR_DAMAGED);
}

static void says_that_the_header_is_damaged(void **state) {
    struct fixture *fixture = *state;
    talloc_free(fixture_open(fixture, LOG_CREATE));
    run_sql(fixture->path, "PRAGMA wal_checkpoint(TRUNCATE)");
    int fd = open(fixture->path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "damaged", 7, 0), 7);
    close(fd);
    fixture_failed(fixture,
                   log_open(fixture, fixture->path, LOG_WRITE, NOW_MS, &fixture->log, fixture->err),
                   ERR_DAMAGED);
}

/* ---- the WAL --------------------------------------------------------------------------------- */

/* Without our checkpoints it would hold every page ever written. */
static void keeps_the_wal_short(void **state) {
    struct fixture *fixture = *state;
    struct log *log = fixture_open(fixture, LOG_CREATE);
    char *wal = fixture_path(fixture, "store.db-wal");
    for (int i = 0; i < 1500; i++)
        fixture_append(fixture, log, i % 7, "note.added", "{}");
    assert_true(size_of(wal) > 900 * 4096);
    assert_true(size_of(wal) < 1200 * 4096);
    int64_t size = size_of(fixture->path);
    assert_true(size > 30 * 4096);
    talloc_free(log);
    assert_true(size_of(wal) > 0);                  /* it stays, with its mode */
    assert_int_equal(size_of(fixture->path), size); /* no checkpoint outside the lock */
}

/* A reader that stays holds the WAL back; it still may not hold up any writer. */
static void bears_a_reader_that_stays(void **state) {
    struct fixture *fixture = *state;
    sqlite3 *reader = NULL;
    int64_t verified = 0;
    struct log *log = fixture_open(fixture, LOG_CREATE);
    assert_int_equal(sqlite3_open(fixture->path, &reader), SQLITE_OK);
    assert_int_equal(sqlite3_exec(reader, "BEGIN; SELECT * FROM events", NULL, NULL, NULL), 0);
    for (int i = 0; i < 700; i++)
        fixture_append(fixture, log, 1, "note.added", "{}");
    sqlite3_close(reader);
    for (int i = 0; i < 700; i++)
        fixture_append(fixture, log, 1, "note.added", "{}");
    fixture_ok(fixture, log_verify(log, &verified, fixture->err));
    assert_int_equal(verified, 1401);
    talloc_free(log);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(sees_what_another_committed),
        fixture_test(hides_what_is_not_committed),
        fixture_test(holds_one_moment),
        fixture_test(continues_the_chain_of_another),
        fixture_test(waits_for_the_other_transaction),
        fixture_test(waits_for_another_program),
        fixture_test(refuses_update_and_delete),
        fixture_test(says_that_a_page_is_damaged),
        fixture_test(says_that_the_header_is_damaged),
        fixture_test(keeps_the_wal_short),
        fixture_test(bears_a_reader_that_stays),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
