/* What log_open takes, what it refuses, and what it opens only to read. */
#include "config.h"

#include "tests/log/fixture.h"

#include "base/array.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

static bool open_as(struct fixture *fixture, enum log_mode mode) {
    return log_open(fixture, fixture->path, mode, NOW_MS, &fixture->log, fixture->err);
}

/* A store with one note, closed again. */
static void make_store(struct fixture *fixture) {
    struct log *log = fixture_open(fixture, LOG_CREATE);
    fixture_append(fixture, log, 1, "note.added", "{}");
    talloc_free(log);
}

static int64_t count_events(struct fixture *fixture) {
    int64_t count = 0;
    fixture_ok(fixture,
               log_read(fixture->log, 0, LOG_ANY_INCIDENT, count_event, &count, fixture->err));
    return count;
}

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    fclose(file);
}

/* ---- what isn't a store ---------------------------------------------------------------------- */

static void misses_the_store(void **state) {
    struct fixture *fixture = *state;
    fixture_failed(fixture, open_as(fixture, LOG_READ), ERR_NOT_FOUND);
    fixture_failed(fixture, open_as(fixture, LOG_WRITE), ERR_NOT_FOUND);
    assert_int_not_equal(access(fixture->path, F_OK), 0);
    assert_int_not_equal(access(fixture_path(fixture, "store.db.lock"), F_OK), 0);
}

static void refuses_an_empty_file(void **state) {
    struct fixture *fixture = *state;
    write_file(fixture->path, "");
    fixture_failed(fixture, open_as(fixture, LOG_READ), ERR_DAMAGED);
    fixture_failed(fixture, open_as(fixture, LOG_WRITE), ERR_DAMAGED);
}

static void makes_a_store_of_an_empty_file(void **state) {
    struct fixture *fixture = *state;
    write_file(fixture->path, "");
    fixture_ok(fixture, open_as(fixture, LOG_CREATE));
    assert_int_equal(count_events(fixture), 1);
}

static void refuses_a_text(void **state) {
    struct fixture *fixture = *state;
    static const enum log_mode modes[] = {LOG_READ, LOG_WRITE, LOG_CREATE};
    write_file(fixture->path, "dear diary\n");
    for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
        fixture_failed(fixture, open_as(fixture, modes[i]), ERR_DAMAGED);
    struct stat file;
    assert_int_equal(stat(fixture->path, &file), 0);
    assert_int_equal(file.st_size, strlen("dear diary\n"));
}

static void refuses_a_foreign_database(void **state) {
    struct fixture *fixture = *state;
    run_sql(fixture->path, "CREATE TABLE songs (title TEXT)");
    fixture_failed(fixture, open_as(fixture, LOG_CREATE), ERR_DAMAGED);
    run_sql(fixture->path, "PRAGMA application_id = 77; PRAGMA user_version = 1");
    fixture_failed(fixture, open_as(fixture, LOG_CREATE), ERR_DAMAGED);
    fixture_failed(fixture, open_as(fixture, LOG_READ), ERR_DAMAGED);
}

/* ---- making ---------------------------------------------------------------------------------- */

static void makes_a_store_once(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    fixture_ok(fixture, open_as(fixture, LOG_CREATE));
    assert_int_equal(count_events(fixture), 2);
}

/* Somebody died after the file was there and before the schema was. */
static void finishes_a_half_made_store(void **state) {
    struct fixture *fixture = *state;
    run_sql(fixture->path, "PRAGMA journal_mode = WAL");
    fixture_failed(fixture, open_as(fixture, LOG_WRITE), ERR_DAMAGED);
    fixture_ok(fixture, open_as(fixture, LOG_CREATE));
    assert_int_equal(count_events(fixture), 1);
}

static int make_and_append(struct fixture *fixture) {
    if (!open_as(fixture, LOG_CREATE))
        return 1;
    fixture_append(fixture, fixture->log, 1, "note.added", "{}");
    talloc_free(fixture->log);
    return 0;
}

static void makes_a_store_for_many_at_once(void **state) {
    struct fixture *fixture = *state;
    pid_t children[8];
    int64_t verified = 0;
    for (size_t i = 0; i < ARRAY_SIZE(children); i++)
        children[i] = start_child(make_and_append, fixture);
    for (size_t i = 0; i < ARRAY_SIZE(children); i++)
        assert_int_equal(wait_for_child(children[i]), 0);
    fixture_ok(fixture, open_as(fixture, LOG_READ));
    fixture_ok(fixture, log_verify(fixture->log, &verified, fixture->err));
    assert_int_equal(verified, 1 + ARRAY_SIZE(children));
}

static void assert_pragma(struct fixture *fixture, const char *condition) {
    run_sql(fixture->path, talloc_asprintf(fixture,
                                           "CREATE TEMP TABLE must (hold INTEGER CHECK (hold));"
                                           "INSERT INTO must SELECT %s",
                                           condition));
}

/* The file format's write version, at byte 18. */
enum { JOURNAL_WAL = 2 };

static int journal_of(const char *path) {
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fseek(file, 18, SEEK_SET), 0);
    int version = fgetc(file);
    fclose(file);
    return version;
}

static void is_marked_as_a_store(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    assert_pragma(fixture, "application_id = 0x426b4f74 FROM pragma_application_id");
    assert_pragma(fixture, "user_version = 1 FROM pragma_user_version");
    assert_pragma(fixture, "count(*) = 4 FROM pragma_table_list WHERE strict OR name = "
                           "'sqlite_schema'");
    assert_int_equal(journal_of(fixture->path), JOURNAL_WAL);
}

static void turns_the_wal_on_again(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    run_sql(fixture->path, "PRAGMA journal_mode = DELETE");
    assert_int_not_equal(journal_of(fixture->path), JOURNAL_WAL);
    talloc_free(fixture_open(fixture, LOG_WRITE));
    run_sql(fixture->path, "PRAGMA wal_checkpoint");
    assert_int_equal(journal_of(fixture->path), JOURNAL_WAL);
}

/* ---- only reading ---------------------------------------------------------------------------- */

static void assert_only_reads(struct fixture *fixture) {
    assert_non_null(log_read_only(fixture->log));
    assert_int_equal(count_events(fixture), 2);
    enum log_begin begin = log_begin(fixture->log, "test", fixture->err);
    assert_int_equal(begin, LOG_FAILED);
    fixture_failed(fixture, false, ERR_ACCESS);
}

static void reads_when_asked_to(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    fixture_ok(fixture, open_as(fixture, LOG_READ));
    assert_only_reads(fixture);
}

static void reads_a_newer_format(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    run_sql(fixture->path, "PRAGMA user_version = 3");
    fixture_ok(fixture, open_as(fixture, LOG_WRITE));
    assert_only_reads(fixture);
    assert_non_null(strstr(log_read_only(fixture->log), "update backout"));
}

/* DESIGN §3: "A kind that can change a decision raises `user_version`; an older program then is
 * read-only and says so." */
static void a_roster_raises_the_format(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    assert_pragma(fixture, "user_version = 1 FROM pragma_user_version");
    struct log *log = fixture_open(fixture, LOG_WRITE);
    fixture_begin(fixture, log);
    struct event event = fixture_event(fixture, 0, "roster.applied", "{}");
    fixture_ok(fixture, log_append(log, &event, fixture->err));
    log_rollback(log);
    assert_pragma(fixture, "user_version = 1 FROM pragma_user_version");
    fixture_append(fixture, log, 0, "roster.applied", "{}");
    fixture_append(fixture, log, 0, "roster.applied", "{}");
    talloc_free(log);
    assert_pragma(fixture, "user_version = 2 FROM pragma_user_version");
    fixture_ok(fixture, open_as(fixture, LOG_WRITE));
    assert_null(log_read_only(fixture->log));
}

/* Opens to write as somebody with fewer rights: 0 when it could, 10 when it can only read, else
 * the error's code. */
static int open_and_say(struct fixture *fixture) {
    if (!open_as(fixture, LOG_WRITE))
        return fixture->err->remedy ? (int)fixture->err->code : 99;
    int64_t count = 0;
    bool read = log_read(fixture->log, 0, LOG_ANY_INCIDENT, count_event, &count, fixture->err);
    int answer = log_read_only(fixture->log) == NULL ? 0 : 10;
    talloc_free(fixture->log);
    return read && count == 2 ? answer : 98;
}

static void set_modes(struct fixture *fixture, mode_t folder, mode_t file, mode_t lock) {
    chmod(fixture->folder, folder);
    chmod(fixture->path, file);
    chmod(fixture_path(fixture, "store.db-wal"), file);
    chmod(fixture_path(fixture, "store.db-shm"), file);
    chmod(fixture_path(fixture, "store.db.lock"), lock);
}

static void reads_a_file_it_may_not_write(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    set_modes(fixture, 0755, 0644, 0644);
    assert_int_equal(run_as_nobody(open_and_say, fixture), 10);
}

static void reads_where_it_may_not_lock(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    set_modes(fixture, 0755, 0666, 0600);
    assert_int_equal(run_as_nobody(open_and_say, fixture), 10);
}

static void writes_where_it_may(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    set_modes(fixture, 0755, 0666, 0666);
    assert_int_equal(run_as_nobody(open_and_say, fixture), 0);
}

static void says_when_it_may_not_read(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    set_modes(fixture, 0755, 0600, 0600);
    assert_int_equal(run_as_nobody(open_and_say, fixture), ERR_ACCESS);
    set_modes(fixture, 0700, 0644, 0644);
    assert_int_equal(run_as_nobody(open_and_say, fixture), ERR_ACCESS);
}

/* Without the -shm file a reader has to make one, and here it may not. */
static void says_what_a_read_only_folder_lacks(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    set_modes(fixture, 0755, 0644, 0644);
    unlink(fixture_path(fixture, "store.db-shm"));
    assert_int_equal(run_as_nobody(open_and_say, fixture), ERR_ACCESS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(misses_the_store),
        fixture_test(refuses_an_empty_file),
        fixture_test(makes_a_store_of_an_empty_file),
        fixture_test(refuses_a_text),
        fixture_test(refuses_a_foreign_database),
        fixture_test(makes_a_store_once),
        fixture_test(finishes_a_half_made_store),
        fixture_test(makes_a_store_for_many_at_once),
        fixture_test(is_marked_as_a_store),
        fixture_test(turns_the_wal_on_again),
        fixture_test(reads_when_asked_to),
        fixture_test(reads_a_newer_format),
        fixture_test(a_roster_raises_the_format),
        fixture_test(reads_a_file_it_may_not_write),
        fixture_test(reads_where_it_may_not_lock),
        fixture_test(writes_where_it_may),
        fixture_test(says_when_it_may_not_read),
        fixture_test(says_what_a_read_only_folder_lacks),
    };
    return cmocka_run_group_tests_name("open", tests, NULL, NULL);
}
