/* The write-ahead log stays short: passive checkpoints while writers write, and a truncating one
 * when nobody reads. Neither waits for anybody. */
#include "config.h"

#include "tests/log/fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#define MIB ((off_t)1 << 20)

static off_t wal_bytes(struct fixture *fixture) {
    struct stat wal;
    assert_int_equal(stat(talloc_asprintf(fixture, "%s-wal", fixture->path), &wal), 0);
    return wal.st_size;
}

static void append_mib(struct fixture *fixture, struct log *log, int mib) {
    char *body = talloc_zero_array(fixture, char, 1 << 20);
    memset(body, 'x', (1 << 20) - 1);
    memcpy(body, "{\"text\":\"", 9);
    memcpy(body + (1 << 20) - 3, "\"}", 3);
    for (int i = 0; i < mib; i++)
        fixture_append(fixture, log, 1, "note.added", body);
    talloc_free(body);
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void verifies(struct fixture *fixture) {
    int64_t verified;
    fixture_ok(fixture, log_verify(fixture->log, &verified, fixture->err));
}

/* A program that begins to read and doesn't end. */
static sqlite3 *read_for_long(struct fixture *fixture) {
    sqlite3 *reader;
    assert_int_equal(sqlite3_open(fixture->path, &reader), SQLITE_OK);
    assert_int_equal(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM events", NULL, NULL, NULL),
                     SQLITE_OK);
    return reader;
}

static void stays_short_while_it_is_written(void **state) {
    struct fixture *fixture = *state;
    fixture->log = fixture_open(fixture, LOG_CREATE);
    append_mib(fixture, fixture->log, 30);
    assert_true(wal_bytes(fixture) < 8 * MIB);
}

static void a_reader_holds_it_up_and_nobody_else(void **state) {
    struct fixture *fixture = *state;
    fixture->log = fixture_open(fixture, LOG_CREATE);
    sqlite3 *reader = read_for_long(fixture);
    append_mib(fixture, fixture->log, 20);
    off_t grown = wal_bytes(fixture);
    assert_true(grown > 16 * MIB);
    int64_t began_ms = now_ms();
    log_rest(fixture->log, "test"); /* somebody reads */
    assert_true(now_ms() - began_ms < 1000);
    assert_int_equal(wal_bytes(fixture), grown);
    sqlite3_close(reader);
    log_rest(fixture->log, "test");
    assert_int_equal(wal_bytes(fixture), 0);
    verifies(fixture);
    append_mib(fixture, fixture->log, 1);
    verifies(fixture);
    assert_string_equal(log_lock_holder(fixture, fixture->log), "");
}

static void leaves_it_to_who_has_the_lock(void **state) {
    struct fixture *fixture = *state;
    fixture->log = fixture_open(fixture, LOG_CREATE);
    sqlite3 *reader = read_for_long(fixture);
    append_mib(fixture, fixture->log, 10);
    sqlite3_close(reader);
    int fd = open(talloc_asprintf(fixture, "%s.lock", fixture->path), O_RDWR);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    log_rest(fixture->log, "test");
    assert_true(wal_bytes(fixture) > 8 * MIB);
    close(fd);
    log_rest(fixture->log, "test");
    assert_int_equal(wal_bytes(fixture), 0);
}

static void a_short_one_is_left_alone(void **state) {
    struct fixture *fixture = *state;
    fixture->log = fixture_open(fixture, LOG_CREATE);
    append_mib(fixture, fixture->log, 2);
    off_t before = wal_bytes(fixture);
    log_rest(fixture->log, "test");
    assert_int_equal(wal_bytes(fixture), before);
}

static void who_only_reads_leaves_it_alone(void **state) {
    struct fixture *fixture = *state;
    fixture->log = fixture_open(fixture, LOG_CREATE);
    sqlite3 *reader = read_for_long(fixture);
    append_mib(fixture, fixture->log, 10);
    sqlite3_close(reader);
    struct log *viewer = fixture_open(fixture, LOG_READ);
    log_rest(viewer, "test");
    assert_true(wal_bytes(fixture) > 8 * MIB);
    talloc_free(viewer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(stays_short_while_it_is_written),
        fixture_test(a_reader_holds_it_up_and_nobody_else),
        fixture_test(leaves_it_to_who_has_the_lock),
        fixture_test(a_short_one_is_left_alone),
        fixture_test(who_only_reads_leaves_it_alone),
    };
    return cmocka_run_group_tests_name("checkpoint", tests, NULL, NULL);
}
