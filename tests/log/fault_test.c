/* A disk that fills up or fails: what the log says then, and what it kept. */
#include "config.h"

#include "tests/log/fixture.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

/* ---- a disk that obeys the test -------------------------------------------------------------- */

static struct {
    int write; /* what every write answers, SQLITE_OK: it is done */
    int sync;
} disk;

static sqlite3_vfs faulty;
static sqlite3_vfs *honest;
static sqlite3_io_methods methods; /* of the WAL: honest ones, but for two */
static const sqlite3_io_methods *honest_methods;

static int faulty_write(sqlite3_file *file, const void *bytes, int amount, sqlite3_int64 at) {
    return disk.write != SQLITE_OK ? disk.write : honest_methods->xWrite(file, bytes, amount, at);
}

static int faulty_sync(sqlite3_file *file, int flags) {
    return disk.sync != SQLITE_OK ? disk.sync : honest_methods->xSync(file, flags);
}

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                       int *flags_out) {
    (void)vfs;
    int code = honest->xOpen(honest, name, file, flags, flags_out);
    if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0)
        return code;
    honest_methods = file->pMethods;
    methods = *honest_methods;
    methods.xWrite = faulty_write;
    methods.xSync = faulty_sync;
    file->pMethods = &methods;
    return SQLITE_OK;
}

static int install_disk(void **state) {
    (void)state;
    honest = sqlite3_vfs_find(NULL);
    faulty = *honest;
    faulty.zName = "faulty";
    faulty.xOpen = faulty_open;
    return sqlite3_vfs_register(&faulty, 1);
}

static void repair_disk(void) {
    disk.write = disk.sync = SQLITE_OK;
}

/* ---- commits that fail ----------------------------------------------------------------------- */

static bool try_commit(struct fixture *fixture, struct event *event, bool *doubt) {
    fixture_begin(fixture, fixture->log);
    fixture_ok(fixture, log_append(fixture->log, event, fixture->err));
    bool committed = log_commit(fixture->log, doubt, fixture->err);
    repair_disk();
    return committed;
}

static size_t parts_found(struct fixture *fixture, const char *command) {
    int64_t count = 0;
    size_t found = 99;
    fixture_ok(fixture, log_find(fixture->log, command, count_event, &count, &found, fixture->err));
    return found;
}

static void goes_on(struct fixture *fixture, int64_t seq) {
    int64_t verified = 0;
    assert_int_equal(fixture_append(fixture, fixture->log, 1, "note.added", "{}"), seq);
    fixture_ok(fixture, log_verify(fixture->log, &verified, fixture->err));
    assert_int_equal(verified, seq);
}

static void keeps_nothing_on_a_full_disk(void **state) {
    struct fixture *fixture = *state;
    bool doubt = true;
    struct event event = fixture_event(fixture, 1, "note.added", "{}");
    fixture->log = fixture_open(fixture, LOG_CREATE);
    disk.write = SQLITE_FULL;
    fixture_failed(fixture, try_commit(fixture, &event, &doubt), ERR_UNAVAILABLE);
    assert_false(doubt);
    assert_non_null(strstr(fixture->err->on, "full"));
    assert_int_equal(parts_found(fixture, event.command), 0);
    assert_string_equal(log_lock_holder(fixture, fixture->log), "");
    goes_on(fixture, 2);
}

/* After a failed fsync the commit mark may be on the disk or not. */
static void doubts_after_a_failed_sync(void **state) {
    struct fixture *fixture = *state;
    bool doubt = false;
    struct event event = fixture_event(fixture, 1, "note.added", "{}");
    fixture->log = fixture_open(fixture, LOG_CREATE);
    disk.sync = SQLITE_IOERR_FSYNC;
    fixture_failed(fixture, try_commit(fixture, &event, &doubt), ERR_UNAVAILABLE);
    assert_true(doubt);
    assert_string_equal(log_lock_holder(fixture, fixture->log), "");
    assert_int_equal(parts_found(fixture, event.command), 0); /* for now */
    goes_on(fixture, 2);
}

static void says_when_the_disk_fails(void **state) {
    struct fixture *fixture = *state;
    disk.sync = SQLITE_IOERR_FSYNC;
    struct log *log = NULL;
    bool opened = log_open(fixture, fixture->path, LOG_CREATE, NOW_MS, &log, fixture->err);
    repair_disk();
    fixture_failed(fixture, opened, ERR_UNAVAILABLE);
    assert_null(log);
    fixture->log = fixture_open(fixture, LOG_CREATE);
    goes_on(fixture, 2);
}

/* ---- a real full disk ------------------------------------------------------------------------ */

static void mount_small_disk(const char *path) {
    assert_int_equal(mkdir(path, 0700), 0);
    if (mount("tmpfs", path, "tmpfs", 0, "size=256k,mode=700") == 0)
        return;
    print_message("needs the right to mount a tmpfs: %s\n", strerror(errno));
    skip();
}

/* Returns how many commits were acknowledged before one was not. */
static int64_t append_until_full(struct fixture *fixture) {
    for (int64_t acknowledged = 0;; acknowledged++) {
        bool doubt = true;
        struct event event = fixture_event(fixture, 1, "note.added", "{\"text\":\"filling up\"}");
        assert_true(acknowledged < 10000);
        if (try_commit(fixture, &event, &doubt))
            continue;
        assert_int_equal(fixture->err->code, ERR_UNAVAILABLE);
        assert_false(doubt);
        return acknowledged;
    }
}

static void look_at_full_disk(struct fixture *fixture) {
    int64_t verified = 0;
    fixture->log = fixture_open(fixture, LOG_CREATE);
    int64_t acknowledged = append_until_full(fixture);
    assert_true(acknowledged > 0);
    fixture_ok(fixture, log_verify(fixture->log, &verified, fixture->err));
    assert_int_equal(verified, acknowledged + 1);
    TALLOC_FREE(fixture->log);
    fixture->log = fixture_open(fixture, LOG_READ);
    fixture_ok(fixture, log_verify(fixture->log, &verified, fixture->err));
    assert_int_equal(verified, acknowledged + 1);
    TALLOC_FREE(fixture->log);
}

/* DESIGN §11.1: "A command that was acknowledged is never lost: … full disk". */
static void loses_nothing_on_a_real_full_disk(void **state) {
    struct fixture *fixture = *state;
    char *folder = fixture_path(fixture, "disk");
    mount_small_disk(folder);
    fixture->path = fixture_path(fixture, "disk/store.db");
    look_at_full_disk(fixture);
    assert_int_equal(umount2(folder, MNT_DETACH), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(keeps_nothing_on_a_full_disk),
        fixture_test(doubts_after_a_failed_sync),
        fixture_test(says_when_the_disk_fails),
        fixture_test(loses_nothing_on_a_real_full_disk),
    };
    return cmocka_run_group_tests_name("fault", tests, install_disk, NULL);
}
