/* HARDENING "Mirror": written after each commit by whoever holds the lock; a torn last line is
 * completed; the base moves by rename; one that can't be written fails no commit. */
#include "config.h"

#include "tests/log/reflection.h"

#include "base/array.h"
#include "log/chain.h"
#include "log/line.h"
#include "log/mirror_file.h"
#include "log/mirror_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#define DIGEST_A "9c1e44f29c1e44f29c1e44f29c1e44f29c1e44f29c1e44f29c1e44f29c1e44f2"
#define DIGEST_B "0000000000000000000000000000000000000000000000000000000000000001"

static struct log *open_log(struct fixture *fixture) {
    return fixture->log = fixture_open(fixture, LOG_CREATE);
}

static void note(struct fixture *fixture, struct log *log, int64_t incident) {
    fixture_append(fixture, log, incident, "note.added", "{\"text\":\"on the record\"}");
}

static void mend(struct fixture *fixture, struct log *log) {
    assert_int_equal(log_mirror_mend(log, "test", fixture->err), LOG_BEGUN);
}

static const char *mirror_of(struct fixture *fixture) {
    return fixture_path(fixture, "view/store.db.ndjson");
}

static ino_t inode_of(const char *path) {
    struct stat file;
    assert_int_equal(stat(path, &file), 0);
    return file.st_ino;
}

static void write_bytes(const char *path, const char *bytes, size_t length) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, bytes, length), length);
    close(fd);
}

static void limit(struct log *log, int64_t bytes) {
    log->mirror->limit = log->mirror->move_at = bytes;
}

static size_t carried(struct fixture *fixture, const char *what) {
    const char *text = talloc_asprintf(fixture, "{\"carried\":true,\"seq\":%s", what);
    return count_in_file(fixture, mirror_of(fixture), text);
}

/* ---- after each commit ----------------------------------------------------------------------- */

static void mirrors_every_commit(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture);
    struct reflection found = assert_mirrored(fixture, log);
    assert_int_equal(found.chained, 1);
    for (int i = 0; i < 3; i++) {
        note(fixture, log, 1);
        found = assert_mirrored(fixture, log);
    }
    assert_int_equal(found.chained, 4);
    assert_int_equal(found.base, 0);
    assert_string_equal(log_mirror_path(log), mirror_of(fixture));
}

static void mirrors_several_events_of_one_commit(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture);
    struct event event = fixture_event(fixture, 1, "note.added", "{}");
    bool doubt;
    fixture_begin(fixture, log);
    for (event.part = 0; event.part < 3; event.part++)
        fixture_ok(fixture, log_append(log, &event, fixture->err));
    fixture_ok(fixture, log_commit(log, &doubt, fixture->err));
    assert_int_equal(assert_mirrored(fixture, log).chained, 4);
}

static void mirrors_nothing_that_was_rolled_back(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture);
    struct event event = fixture_event(fixture, 1, "note.added", "{\"text\":\"never\"}");
    fixture_begin(fixture, log);
    fixture_ok(fixture, log_append(log, &event, fixture->err));
    log_rollback(log);
    note(fixture, log, 1);
    assert_mirrored(fixture, log);
    assert_int_equal(count_in_file(fixture, mirror_of(fixture), "never"), 0);
}

static void goes_on_where_others_wrote(void **state) {
    struct fixture *fixture = *state;
    struct log *logs[] = {open_log(fixture), fixture_open(fixture, LOG_WRITE),
                          fixture_open(fixture, LOG_WRITE)};
    ino_t inode = inode_of(mirror_of(fixture));
    for (int i = 0; i < 30; i++) {
        struct log *log = logs[(i * i + i / 3) % 3];
        note(fixture, log, 1 + i % 2);
        assert_mirrored(fixture, log);
    }
    assert_int_equal(inode_of(mirror_of(fixture)), inode);
    talloc_free(logs[1]);
    talloc_free(logs[2]);
}

static void keeps_two_stores_of_a_folder_apart(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture), *other = NULL;
    fixture_ok(fixture, log_open(fixture, fixture_path(fixture, "other.db"), LOG_CREATE, NOW_MS,
                                 &other, fixture->err));
    note(fixture, log, 1);
    note(fixture, other, 1);
    note(fixture, log, 1);
    assert_int_equal(assert_mirrored(fixture, log).chained, 3);
    assert_int_equal(assert_mirrored(fixture, other).chained, 2);
    talloc_free(other);
}

static void has_none_in_memory(void **state) {
    struct fixture *fixture = *state;
    struct log *log = log_open_memory(fixture, NOW_MS);
    fixture_append(fixture, log, 1, "note.added", "{}");
    assert_null(log_mirror_path(log));
    assert_null(log_mirror_trouble(log));
    fixture_ok(fixture, log_mirror_check(log, fixture->err));
    mend(fixture, log);
}

/* ---- who may read it ------------------------------------------------------------------------- */

static void is_as_open_as_its_folder(void **state) {
    static const struct {
        mode_t folder, file;
    } rows[] = {{0700, 0600}, {02770, 0660}, {02775, 0664}, {0750, 0660}};
    struct fixture *fixture = *state;
    mode_t before = umask(0077);
    struct log *log = open_log(fixture);
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        assert_int_equal(chmod(fixture_path(fixture, "view"), rows[i].folder), 0);
        unlink(mirror_of(fixture));
        note(fixture, log, 1);
        assert_int_equal(file_mode(mirror_of(fixture)), rows[i].file);
        assert_mirrored(fixture, log);
    }
    umask(before);
}

/* ---- torn ------------------------------------------------------------------------------------ */

/* A commit whose lines hold a plan that stands before the base, carried for its adoption. */
static void adopt_old_plan(struct fixture *fixture, struct log *log) {
    fixture_append(fixture, log, 0, "plan.frozen",
                   "{\"sha256\":\"" DIGEST_A "\",\"text\":\"backout: 1\"}");
    note(fixture, log, 1);
    limit(log, 1);
    mend(fixture, log);
    unlink(mirror_of(fixture)); /* made anew with the base at the last event */
    mend(fixture, log);
    limit(log, MIRROR_LIMIT);
    fixture_append(fixture, log, 1, "plan.adopted", "{\"sha256\":\"" DIGEST_A "\"}");
}

/* What is torn at any byte is completed where it stands; what isn't whole up to there is made anew.
 */
static void completes_what_is_torn_at_any_byte(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture);
    size_t length;
    adopt_old_plan(fixture, log);
    note(fixture, log, 1);
    struct reflection found = assert_mirrored(fixture, log);
    assert_int_equal(found.base, 3);
    const char *path = mirror_of(fixture);
    char *whole = read_bytes(fixture, path, &length);
    size_t tail = (size_t)(strstr(whole, "\n{\"carried\":true,\"seq\":2,") - whole);
    assert_int_equal(carried(fixture, "1,"), 1);
    for (size_t cut = 0; cut <= length; cut++) {
        write_bytes(path, whole, cut);
        ino_t inode = inode_of(path);
        assert_true(log_mirror_check(log, fixture->err) == (cut == length));
        mend(fixture, log);
        assert_mirrored(fixture, log);
        if (cut > tail)
            assert_int_equal(inode_of(path), inode);
    }
    assert_string_equal(read_bytes(fixture, path, &length), whole);
}

static void completes_what_another_tore(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture), *other = fixture_open(fixture, LOG_WRITE);
    size_t length;
    note(fixture, log, 1);
    note(fixture, other, 1);
    char *whole = read_bytes(fixture, mirror_of(fixture), &length);
    write_bytes(mirror_of(fixture), whole, length - 100);
    note(fixture, log, 1);
    assert_mirrored(fixture, log);
    talloc_free(other);
}

/* ---- not this log's -------------------------------------------------------------------------- */

static void is_replaced(struct fixture *fixture, struct log *log, const char *why) {
    struct stat before, after;
    assert_int_equal(lstat(mirror_of(fixture), &before), 0);
    note(fixture, log, 1);
    assert_mirrored(fixture, log);
    assert_int_equal(lstat(mirror_of(fixture), &after), 0);
    if (after.st_ino == before.st_ino || !S_ISREG(after.st_mode))
        fail_msg("not replaced: %s", why);
}

static void replaces_what_is_not_its_own(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture);
    const char *path = mirror_of(fixture);
    size_t length;
    note(fixture, log, 1);
    char *whole = read_bytes(fixture, path, &length);
    const char *base = talloc_strndup(fixture, whole, (size_t)(strchr(whole, '\n') - whole) + 1);
    const struct {
        const char *why, *bytes;
    } rows[] = {
        {"empty", ""},
        {"no line", "nothing of the kind"},
        {"no base", strchr(whole, '\n') + 1},
        {"garbage behind", talloc_asprintf(fixture, "%sgarbage", whole)},
        {"another line torn", talloc_asprintf(fixture, "%s{\"seq\":9", whole)},
        {"a line that is none", talloc_asprintf(fixture, "%s{}\n", whole)},
        {"a second base", talloc_asprintf(fixture, "%s%s", whole, base)},
        {"more than there is", talloc_asprintf(fixture, "%s%s", whole, strrchr(whole, '{'))},
        {"another store's", talloc_asprintf(fixture, "{\"store\":\"00000000%s",
                                            whole + strlen("{\"store\":\"00000000"))},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        write_bytes(path, rows[i].bytes, strlen(rows[i].bytes));
        is_replaced(fixture, log, rows[i].why);
    }
    unlink(path);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    is_replaced(fixture, log, "a link");
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    is_replaced(fixture, log, "a pipe");
}

/* A last line that is an event's, but not the one that the log has there. */
static void replaces_another_history(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture);
    const char *path = mirror_of(fixture);
    size_t length;
    note(fixture, log, 1);
    char *whole = read_bytes(fixture, path, &length);
    memcpy(strstr(whole, "on the record"), "off", 3);
    char *hash = strstr(strrchr(whole, '\n') - 80, "\"hash\":\"") + strlen("\"hash\":\"");
    *hash = *hash == '0' ? '1' : '0';
    write_bytes(path, whole, length);
    talloc_free(log);
    log = open_log(fixture);
    is_replaced(fixture, log, "another hash");
    assert_int_equal(count_in_file(fixture, path, "off the record"), 0);
}

static void is_made_where_it_went(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture);
    note(fixture, log, 1);
    assert_int_equal(rename(fixture_path(fixture, "view"), fixture_path(fixture, "gone")), 0);
    note(fixture, log, 1);
    assert_int_equal(assert_mirrored(fixture, log).chained, 3);
}

static void is_made_over_what_a_dead_writer_left(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture);
    unlink(mirror_of(fixture));
    write_bytes(fixture_path(fixture, "view/store.db.ndjson.new"), "half a", 6);
    note(fixture, log, 1);
    assert_int_equal(assert_mirrored(fixture, log).chained, 2);
}

/* ---- the base -------------------------------------------------------------------------------- */

static void put_incident(struct fixture *fixture, struct log *log, int64_t number, bool open) {
    bool doubt;
    struct event event =
        fixture_event(fixture, number, open ? "incident.declared" : "closed", "{}");
    struct log_incident row = {.number = number,
                               .title = "",
                               .state = "",
                               .service = "",
                               .plan = "",
                               .open = open,
                               .severity = 1};
    fixture_begin(fixture, log);
    fixture_ok(fixture, log_append(log, &event, fixture->err));
    fixture_ok(fixture, log_index_put(log, &row, fixture->err));
    fixture_ok(fixture, log_commit(log, &doubt, fixture->err));
}

static void moves_its_base_when_it_is_long(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture), *other = fixture_open(fixture, LOG_WRITE);
    int moves = 0;
    int64_t base = 0;
    limit(log, 8192);
    limit(other, 8192);
    for (int i = 0; i < 80; i++) {
        note(fixture, i % 3 ? log : other, 1);
        struct reflection found = assert_mirrored(fixture, log);
        assert_true(found.base >= base);
        moves += found.base > base;
        if (found.base > base)
            assert_in_range(found.chained, 3, 8); /* a quarter of the limit */
        base = found.base;
    }
    assert_in_range(moves, 2, 8);
    talloc_free(other);
}

/* Of what is older than the base: what is open, what it needs, and each kind's newest. */
static void carries_what_a_reader_needs(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture); /* event 1 */
    put_incident(fixture, log, 1, true);
    put_incident(fixture, log, 2, true);
    fixture_append(fixture, log, 0, "plan.frozen", "{\"sha256\":\"" DIGEST_A "\"}"); /* 4 */
    fixture_append(fixture, log, 0, "plan.frozen", "{\"sha256\":\"" DIGEST_B "\"}");
    fixture_append(fixture, log, 1, "plan.adopted", "{\"sha256\":\"" DIGEST_A "\"}"); /* 6 */
    fixture_append(fixture, log, 1, "plan.adopted", "{\"sha256\":\"" DIGEST_A "\"}");
    fixture_append(fixture, log, 0, "roster.applied", "{\"n\":1}"); /* 8 */
    fixture_append(fixture, log, 0, "roster.applied", "{\"n\":2}");
    put_incident(fixture, log, 2, false); /* 10 */
    limit(log, 8192);
    for (int i = 0; i < 30; i++)
        note(fixture, log, 3);
    struct reflection found = assert_mirrored(fixture, log);
    assert_true(found.base > 10);
    static const char *const expected[] = {"1,", "2,", "4,", "6,", "7,", "9,"};
    assert_int_equal(found.carried, ARRAY_SIZE(expected));
    for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
        assert_int_equal(carried(fixture, expected[i]), 1);
}

/* "The frozen plan": adopted again, it must be readable where the adoption stands. */
static void carries_a_plan_before_it_is_adopted(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture);
    adopt_old_plan(fixture, log);
    struct reflection found = assert_mirrored(fixture, log);
    assert_int_equal(found.base, 3);
    assert_int_equal(carried(fixture, "2,"), 1);
    const char *plan = "\"text\":\"backout: 1\"},\"hash\":";
    assert_int_equal(count_in_file(fixture, mirror_of(fixture), plan), 1);
}

/* A mirror whose base is event 6: 1 and 2 are carried, and the incident is INC-1. */
static struct log *open_moved(struct fixture *fixture) {
    struct log *log = open_log(fixture);
    put_incident(fixture, log, 1, true);
    for (int i = 0; i < 4; i++)
        note(fixture, log, 2);
    limit(log, 1);
    unlink(mirror_of(fixture));
    mend(fixture, log);
    limit(log, MIRROR_LIMIT);
    note(fixture, log, 2);
    struct reflection found = assert_mirrored(fixture, log);
    assert_int_equal(found.base, 6);
    assert_int_equal(found.carried, 2);
    return log;
}

/* The file with other carried lines, and a base that promises them, as somebody would write it who
 * knows how. */
static void forge(struct fixture *fixture, const char *carried) {
    size_t length;
    struct line base;
    char *text = read_bytes(fixture, mirror_of(fixture), &length);
    char *feed = strchr(text, '\n');
    fixture_ok(fixture, line_decode(fixture, text, (size_t)(feed - text), &base, fixture->err));
    char *first = line_encode_base(fixture, &base.head, carried, strlen(carried));
    char *forged =
        talloc_asprintf(fixture, "%s\n%s%s", first, carried, feed + 1 + base.carried_bytes);
    write_bytes(mirror_of(fixture), forged, strlen(forged));
}

/* The carried lines, that event as somebody wants it who makes its hash anew. */
static char *carried_with(struct fixture *fixture, int64_t seq, const char *actor) {
    size_t length;
    struct line line;
    char *carried = talloc_strdup(fixture, "");
    char *at = strchr(read_bytes(fixture, mirror_of(fixture), &length), '\n') + 1;
    for (char *feed; strncmp(at, "{\"carried\"", 10) == 0; at = feed + 1) {
        feed = strchr(at, '\n');
        fixture_ok(fixture, line_decode(fixture, at, (size_t)(feed - at), &line, fixture->err));
        if (line.event.seq == seq)
            line.event.actor = actor;
        line.event.hash = chain_hash(&line.before, &line.event);
        carried = talloc_asprintf_append(carried, "%s\n", line_exact(fixture, &line));
    }
    return carried;
}

static bool any_line(void *data, const struct line *line, off_t at) {
    (void)data, (void)line, (void)at;
    return true;
}

static void is_read_as_good(struct fixture *fixture) {
    struct mirror_file *file;
    fixture_ok(fixture, mirror_file_open(fixture, mirror_of(fixture), &file, fixture->err));
    fixture_ok(fixture, mirror_file_prove(file, true, any_line, NULL, fixture->err));
    talloc_free(file);
}

/* Whoever may write the file may write another one, and no reader of it alone can know; but the log
 * knows. */
static void the_log_convicts_a_forger(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_moved(fixture);
    size_t length;
    char *whole = read_bytes(fixture, mirror_of(fixture), &length);
    forge(fixture, carried_with(fixture, 2, "eve"));
    is_read_as_good(fixture);
    fixture_ok(fixture, log_mirror_check(log, fixture->err));
    fixture_failed(fixture, log_mirror_prove(log, fixture->err), ERR_DAMAGED);
    assert_non_null(strstr(fixture->err->on, "event 2 is another in the log"));
    write_bytes(mirror_of(fixture), whole, length);
    char *first = strchr(whole, '\n') + 1;
    forge(fixture, talloc_strndup(fixture, first, (size_t)(strchr(first, '\n') - first) + 1));
    is_read_as_good(fixture);
    fixture_failed(fixture, log_mirror_prove(log, fixture->err), ERR_DAMAGED);
    assert_non_null(strstr(fixture->err->on, "event 2 should be carried, and isn't"));
    write_bytes(mirror_of(fixture), whole, length);
    fixture_ok(fixture, log_mirror_prove(log, fixture->err));
    char *store = strstr(whole, "\"store\":\"") + strlen("\"store\":\"");
    *store = *store == '0' ? '1' : '0';
    write_bytes(mirror_of(fixture), whole, length);
    fixture_failed(fixture, log_mirror_prove(log, fixture->err), ERR_DAMAGED);
}

/* Who stands on the chain beside another can't be changed without that one. */
static void neighbours_prove_each_other(void **state) {
    struct fixture *fixture = *state;
    struct mirror_file *file;
    open_moved(fixture);
    forge(fixture, carried_with(fixture, 1, "eve"));
    fixture_ok(fixture, mirror_file_open(fixture, mirror_of(fixture), &file, fixture->err));
    fixture_failed(fixture, mirror_file_read(file, any_line, NULL, fixture->err), ERR_DAMAGED);
    assert_non_null(strstr(fixture->err->on, "event 2: it isn't of the chain"));
}

/* An older program left it: its next writer makes one that is proved. */
static void makes_an_older_form_anew(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_moved(fixture);
    size_t length;
    char *whole = read_bytes(fixture, mirror_of(fixture), &length);
    char *older = mirror_older_form(fixture, whole);
    write_bytes(mirror_of(fixture), older, strlen(older));
    fixture_failed(fixture, log_mirror_check(log, fixture->err), ERR_UNAVAILABLE);
    assert_non_null(strstr(fixture->err->on, "of an older form"));
    note(fixture, log, 1);
    assert_mirrored(fixture, log);
}

/* What a process left unwritten for long is too much to catch up under the lock. */
static void begins_anew_when_much_is_missing(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture);
    struct mirror *mirror = log->mirror;
    struct event event = fixture_event(fixture, 1, "note.added", "{}");
    bool doubt;
    log->mirror = NULL;
    fixture_begin(fixture, log);
    for (event.part = 0; event.part < MIRROR_EVENTS + 100; event.part++)
        fixture_ok(fixture, log_append(log, &event, fixture->err));
    fixture_ok(fixture, log_commit(log, &doubt, fixture->err));
    log->mirror = mirror;
    fixture_failed(fixture, log_mirror_check(log, fixture->err), ERR_UNAVAILABLE);
    note(fixture, log, 1);
    struct reflection found = assert_mirrored(fixture, log);
    assert_int_equal(found.base, 102);
    assert_int_equal(found.chained, MIRROR_EVENTS);
}

/* One transaction longer than what is kept of it, and one event longer than a new file may be. */
static void takes_what_is_longer_than_itself(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture);
    struct event event = fixture_event(fixture, 1, "note.added", "{\"text\":\"on the record\"}");
    bool doubt;
    limit(log, 8192);
    fixture_begin(fixture, log);
    for (event.part = 0; event.part < 40; event.part++)
        fixture_ok(fixture, log_append(log, &event, fixture->err));
    fixture_ok(fixture, log_commit(log, &doubt, fixture->err));
    assert_mirrored(fixture, log);
    char *text = talloc_asprintf(fixture, "{\"text\":\"%010000d\"}", 0);
    fixture_append(fixture, log, 1, "note.added", text);
    struct reflection found = assert_mirrored(fixture, log);
    assert_int_equal(found.chained, 0);
    note(fixture, log, 1);
    assert_int_equal(assert_mirrored(fixture, log).chained, 1);
}

/* ---- what can't be written ------------------------------------------------------------------- */

static void mount_small_disk(const char *path, const char *options) {
    if (mount("tmpfs", path, "tmpfs", 0, options) == 0)
        return;
    print_message("needs the right to mount a tmpfs: %s\n", strerror(errno));
    skip();
}

static void fill_disk(const char *path) {
    char block[512] = {0};
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    while (write(fd, block, sizeof block) > 0)
        continue;
    assert_int_equal(errno, ENOSPC);
    close(fd);
}

/* The log has room and view/ has none: commits go on; once there is room, nothing is missing. */
static void loses_no_line_on_a_full_disk(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture);
    mount_small_disk(fixture_path(fixture, "view"), "size=64k,mode=700");
    note(fixture, log, 1);
    assert_mirrored(fixture, log);
    fill_disk(fixture_path(fixture, "view/filler"));
    for (int i = 0; i < 20; i++)
        note(fixture, log, 1);
    const struct err *trouble = log_mirror_trouble(log);
    assert_non_null(trouble);
    assert_int_equal(trouble->code, ERR_UNAVAILABLE);
    assert_non_null(strstr(trouble->on, "No space left"));
    assert_non_null(trouble->remedy);
    fixture_failed(fixture, log_mirror_check(log, fixture->err), ERR_UNAVAILABLE);
    assert_non_null(strstr(fixture->err->on, "of 22"));
    unlink(mirror_of(fixture));
    note(fixture, log, 1);
    assert_non_null(log_mirror_trouble(log)); /* nor is there room for a new one */
    assert_int_not_equal(access(fixture_path(fixture, "view/store.db.ndjson.new"), F_OK), 0);
    unlink(fixture_path(fixture, "view/filler"));
    note(fixture, log, 1);
    assert_int_equal(assert_mirrored(fixture, log).chained, 24);
    TALLOC_FREE(fixture->log);
    assert_int_equal(umount2(fixture_path(fixture, "view"), MNT_DETACH), 0);
}

/* The lines have room and a new file has none: that is nobody's trouble. */
static void moves_later_where_there_is_no_room(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture);
    mount_small_disk(fixture_path(fixture, "view"), "size=1m,nr_inodes=3,mode=700");
    limit(log, 4096);
    note(fixture, log, 1);
    write_bytes(fixture_path(fixture, "view/inode"), "", 0); /* the last one */
    for (int i = 0; i < 20; i++) {
        note(fixture, log, 1);
        assert_int_equal(assert_mirrored(fixture, log).base, 0);
    }
    unlink(fixture_path(fixture, "view/inode"));
    for (int i = 0; i < 4; i++)
        note(fixture, log, 1);
    assert_true(assert_mirrored(fixture, log).base > 0);
    TALLOC_FREE(fixture->log);
    assert_int_equal(umount2(fixture_path(fixture, "view"), MNT_DETACH), 0);
}

static int append_as_other(struct fixture *fixture) {
    struct log *log = fixture_open(fixture, LOG_WRITE);
    note(fixture, log, 1);
    const struct err *trouble = log_mirror_trouble(log);
    return trouble && trouble->code == ERR_ACCESS && strstr(trouble->on, "view/store.db.ndjson");
}

/* Somebody's command is kept, whether or not they may write the mirror; the next who may, does. */
static void fails_no_commit_without_rights(void **state) {
    struct fixture *fixture = *state;
    talloc_free(open_log(fixture));
    fixture->log = NULL;
    static const char *const files[] = {
        "", "store.db", "store.db-wal", "store.db-shm", "store.db.lock", "view"};
    for (size_t i = 0; i < ARRAY_SIZE(files); i++)
        if (chown(fixture_path(fixture, files[i]), 65534, 65534) != 0)
            skip();
    assert_int_equal(run_as_nobody(append_as_other, fixture), 1);
    struct log *log = open_log(fixture);
    fixture_failed(fixture, log_mirror_check(log, fixture->err), ERR_UNAVAILABLE);
    mend(fixture, log);
    assert_int_equal(assert_mirrored(fixture, log).chained, 2);
}

static void says_when_a_folder_is_in_its_place(void **state) {
    struct fixture *fixture = *state;
    struct log *log = open_log(fixture);
    unlink(mirror_of(fixture));
    mkdir(mirror_of(fixture), 0700);
    note(fixture, log, 1);
    assert_non_null(log_mirror_trouble(log));
    assert_non_null(strstr(log_mirror_trouble(log)->on, "Is a directory"));
    rmdir(mirror_of(fixture));
    note(fixture, log, 1);
    assert_mirrored(fixture, log);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(mirrors_every_commit),
        fixture_test(mirrors_several_events_of_one_commit),
        fixture_test(mirrors_nothing_that_was_rolled_back),
        fixture_test(goes_on_where_others_wrote),
        fixture_test(keeps_two_stores_of_a_folder_apart),
        fixture_test(has_none_in_memory),
        fixture_test(is_as_open_as_its_folder),
        fixture_test(completes_what_is_torn_at_any_byte),
        fixture_test(completes_what_another_tore),
        fixture_test(replaces_what_is_not_its_own),
        fixture_test(replaces_another_history),
        fixture_test(is_made_where_it_went),
        fixture_test(is_made_over_what_a_dead_writer_left),
        fixture_test(moves_its_base_when_it_is_long),
        fixture_test(carries_what_a_reader_needs),
        fixture_test(carries_a_plan_before_it_is_adopted),
        fixture_test(the_log_convicts_a_forger),
        fixture_test(neighbours_prove_each_other),
        fixture_test(makes_an_older_form_anew),
        fixture_test(begins_anew_when_much_is_missing),
        fixture_test(takes_what_is_longer_than_itself),
        fixture_test(loses_no_line_on_a_full_disk),
        fixture_test(moves_later_where_there_is_no_room),
        fixture_test(fails_no_commit_without_rights),
        fixture_test(says_when_a_folder_is_in_its_place),
    };
    return cmocka_run_group_tests_name("mirror", tests, NULL, NULL);
}
