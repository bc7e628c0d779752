/* Backups and restores, with others at the store: copies are of one moment, a restore keeps what
 * was there, says so on the record, and nobody who has the store open writes into the wrong file.
 */
#include "config.h"

#include "tests/hub/store.h"

#include "base/xtalloc.h"
#include "log/restore.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct log_head backup_to(struct fixture *fixture, struct hub *hub, const char *path) {
    struct log_head head;
    fixture_ok(fixture, hub_backup(hub, path, &head, fixture->err));
    return head;
}

static bool restore(struct fixture *fixture, const char *backup, struct restored *restored) {
    const struct restore_asked asked = {.store = fixture->path,
                                        .backup = backup,
                                        .reason = "the disk lied",
                                        .actor = "root",
                                        .via = "line",
                                        .now_ms = NOW_MS};
    return hub_restore(fixture, &asked, restored, fixture->err);
}

static void assert_proven(struct fixture *fixture) {
    int64_t verified;
    struct hub *hub = store_open(fixture, "judge");
    fixture_ok(fixture, hub_verify(hub, &verified, fixture->err));
    talloc_free(hub);
}

/* Files in the store's folder whose names hold that. */
static size_t files_with(struct fixture *fixture, const char *part) {
    DIR *listing = opendir(fixture->folder);
    const struct dirent *entry;
    size_t count = 0;
    while ((entry = readdir(listing)))
        count += strstr(entry->d_name, part) != NULL;
    closedir(listing);
    return count;
}

/* ---- backups --------------------------------------------------------------------------------- */

static void test_a_backup_is_one_file_and_a_store(void **state) {
    struct fixture *fixture = *state;
    char *copy = fixture_path(fixture, "copy.db");
    struct hub *hub = store_open(fixture, "ana");
    struct log_head now;
    store_ok(fixture, hub, "declare p --accept t");
    struct log_head head = backup_to(fixture, hub, copy);
    fixture_ok(fixture, hub_head(hub, &now, fixture->err));
    assert_string_equal(head.store, now.store);
    assert_true(digest_equal(&head.hash, &now.hash));
    assert_int_equal(file_mode(copy), 0600);
    assert_int_equal(files_with(fixture, "copy.db"), 1); /* no WAL, no lock */
    store_ok(fixture, hub, "ack 1");
    fixture->path = copy;
    struct hub *opened = store_open(fixture, "bo");
    store_ok(fixture, opened, "ack 1");
    talloc_free(opened);
    assert_proven(fixture);
}

static void test_nothing_is_written_over(void **state) {
    struct fixture *fixture = *state;
    char *copy = fixture_path(fixture, "copy.db");
    struct hub *hub = store_open(fixture, "ana");
    struct log_head head;
    close(open(copy, O_WRONLY | O_CREAT, 0644));
    fixture_failed(fixture, hub_backup(hub, copy, &head, fixture->err), ERR_CONFLICT);
    fixture_failed(fixture, hub_backup(hub, fixture->path, &head, fixture->err), ERR_CONFLICT);
    assert_int_equal(symlink("/nowhere", fixture_path(fixture, "link")), 0);
    fixture_failed(fixture, hub_backup(hub, fixture_path(fixture, "link"), &head, fixture->err),
                   ERR_CONFLICT);
    fixture_failed(fixture, hub_backup(hub, fixture_path(fixture, "no/x"), &head, fixture->err),
                   ERR_NOT_FOUND);
    assert_int_equal(file_mode(copy), 0644);
}

static int write_for_ever(struct fixture *fixture) {
    struct hub *hub = store_open(fixture, "bo");
    while (hub) /* until it is killed */
        store_ok(fixture, hub, "note 1 more");
    return 0;
}

static void test_others_write_meanwhile(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare p --accept t");
    talloc_free(hub);
    pid_t writer = start_child(write_for_ever, fixture);
    int64_t last = 0;
    for (int i = 0; i < 20; i++) {
        hub = store_open(fixture, "ana");
        struct log_head head =
            backup_to(fixture, hub, fixture_path(fixture, talloc_asprintf(fixture, "copy-%d", i)));
        assert_true(head.seq >= last);
        last = head.seq;
        talloc_free(hub);
    }
    kill(writer, SIGKILL);
    waitpid(writer, NULL, 0);
    assert_true(last > 4);
    assert_proven(fixture);
}

static void test_a_damaged_store_has_no_backup(void **state) {
    struct fixture *fixture = *state;
    struct log_head head;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare p --accept t");
    run_sql(fixture->path,
            "DROP TRIGGER events_stay_as_written; UPDATE events SET actor = 'eve' WHERE seq = 3");
    fixture_failed(fixture, hub_backup(hub, fixture_path(fixture, "copy.db"), &head, fixture->err),
                   ERR_DAMAGED);
    assert_int_equal(files_with(fixture, "copy.db"), 0);
}

static void test_a_full_disk_leaves_nothing(void **state) {
    struct fixture *fixture = *state;
    char *disk = fixture_path(fixture, "disk");
    struct log_head head;
    struct hub *hub = store_open(fixture, "ana");
    assert_int_equal(mkdir(disk, 0700), 0);
    if (mount("tmpfs", disk, "tmpfs", 0, "size=16k,mode=700") != 0) {
        print_message("needs the right to mount a tmpfs\n");
        skip();
    }
    char *copy = fixture_path(fixture, "disk/copy.db");
    bool copied = hub_backup(hub, copy, &head, fixture->err);
    bool there = access(copy, F_OK) == 0;
    assert_int_equal(umount2(disk, MNT_DETACH), 0);
    fixture_failed(fixture, copied, ERR_UNAVAILABLE);
    assert_false(there);
}

/* ---- restores -------------------------------------------------------------------------------- */

/* A store with INC-1 in its backup, and INC-2 after it. */
static char *backed_up(struct fixture *fixture) {
    char *copy = fixture_path(fixture, "copy.db");
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare p --accept t");
    store_ok(fixture, hub, "decide 1 back --reason x");
    backup_to(fixture, hub, copy);
    store_ok(fixture, hub, "start 1 flag");
    store_ok(fixture, hub, "declare --title lost");
    talloc_free(hub);
    return copy;
}

static void test_what_was_there_is_kept(void **state) {
    struct fixture *fixture = *state;
    struct restored restored;
    char *copy = backed_up(fixture), *path = fixture->path;
    struct log_head lost;
    struct hub *hub = store_open(fixture, "ana");
    fixture_ok(fixture, hub_head(hub, &lost, fixture->err));
    talloc_free(hub);
    fixture_ok(fixture, restore(fixture, copy, &restored));
    assert_true(restored.was_there);
    assert_int_equal(restored.from.seq, lost.seq);
    assert_true(digest_equal(&restored.from.hash, &lost.hash));
    assert_int_equal(restored.now.seq, restored.to.seq + 1);
    assert_proven(fixture);
    hub = store_open(fixture, "ana");
    assert_string_equal(hub_state(hub)->restored.by, "root");
    assert_string_equal(hub_state(hub)->restored.reason, "the disk lied");
    assert_null(state_incident(hub_state(hub), 2));
    talloc_free(hub);
    fixture->path = xtalloc_strdup(fixture, restored.kept);
    hub = store_open(fixture, "ana");
    assert_non_null(state_incident(hub_state(hub), 2));
    talloc_free(hub);
    assert_proven(fixture);
    fixture->path = path;
}

static const char *first_run(struct fixture *fixture, struct hub *hub) {
    store_ok(fixture, hub, "start 1 flag");
    return xtalloc_strdup(fixture,
                          incident_step(state_incident(hub_state(hub), 1), "flag")->runs[0].id);
}

/* What the history that is gone did lies in run/1.flag.1 still: an exit there is none of the new
 * one. */
static void test_runs_and_numbers_are_not_given_twice(void **state) {
    struct fixture *fixture = *state;
    struct restored restored;
    char *copy = backed_up(fixture);
    fixture_ok(fixture, restore(fixture, copy, &restored));
    struct hub *hub = store_open(fixture, "ana");
    char hex[DIGEST_HEX];
    digest_hex(&restored.now.hash, hex);
    const char *run = first_run(fixture, hub), *step;
    int64_t incident;
    assert_string_equal(run, talloc_asprintf(fixture, "1.flag.1-%.8s", hex));
    assert_true(run_id_parse(fixture, run, &incident, &step));
    assert_int_equal(incident, 1);
    assert_string_equal(step, "flag");
    store_ok(fixture, hub, "declare --title next");
    assert_null(state_incident(hub_state(hub), 2));
    assert_non_null(state_incident(hub_state(hub), 3));
    talloc_free(hub);
    TALLOC_FREE(fixture->log);
    fixture_ok(fixture, restore(fixture, copy, &restored)); /* and again */
    hub = store_open(fixture, "ana");
    assert_string_not_equal(first_run(fixture, hub), run);
    store_ok(fixture, hub, "declare --title third");
    assert_non_null(state_incident(hub_state(hub), 4));
}

static void test_what_is_open_meets_it(void **state) {
    struct fixture *fixture = *state;
    struct restored restored;
    struct hub_item item;
    char *copy = backed_up(fixture);
    struct hub *hub = store_open(fixture, "ana");
    fixture_ok(fixture, restore(fixture, copy, &restored));
    item = store_do(fixture, hub, "ack 1");
    assert_int_equal(item.verdict, HUB_REFUSED);
    assert_int_equal(item.err->code, ERR_UNAVAILABLE);
    assert_true(hub_next(hub, AT(NOW_MS + 300), &item));
    assert_int_equal(item.kind, HUB_REPLACED);
    assert_non_null(strstr(item.err->on, "root restored it at "));
    assert_non_null(strstr(item.err->on, "the disk lied"));
    store_ok(fixture, hub, "ack 1");
    store_check_state(fixture, hub);
}

static void test_a_store_that_is_gone_comes_back(void **state) {
    struct fixture *fixture = *state;
    struct restored restored;
    char *copy = backed_up(fixture);
    unlink(fixture->path);
    unlink(talloc_asprintf(fixture, "%s-wal", fixture->path));
    fixture_ok(fixture, restore(fixture, copy, &restored));
    assert_false(restored.was_there);
    assert_null(restored.kept);
    assert_proven(fixture);
}

static void test_a_store_that_cant_be_read_is_kept(void **state) {
    struct fixture *fixture = *state;
    struct restored restored;
    char *copy = backed_up(fixture);
    int fd = open(fixture->path, O_WRONLY | O_TRUNC);
    assert_int_equal(write(fd, "not a database any more", 23), 23);
    close(fd);
    unlink(talloc_asprintf(fixture, "%s-wal", fixture->path));
    fixture_ok(fixture, restore(fixture, copy, &restored));
    assert_false(restored.was_there);
    assert_int_equal(access(restored.kept, F_OK), 0);
    assert_proven(fixture);
}

static void assert_untouched(struct fixture *fixture) {
    struct hub *hub = store_open(fixture, "ana");
    assert_non_null(state_incident(hub_state(hub), 2));
    assert_null(hub_state(hub)->restored.by);
    talloc_free(hub);
    assert_proven(fixture);
    assert_int_equal(files_with(fixture, ".new-"), 0);
    assert_int_equal(files_with(fixture, ".before-"), 0);
}

static void test_what_is_no_backup_of_it_is_refused(void **state) {
    struct fixture *fixture = *state;
    struct restored restored;
    char *copy = backed_up(fixture), *path = fixture->path;
    char *other = fixture_path(fixture, "other.db"), *text = fixture_path(fixture, "text");
    fixture->path = other;
    talloc_free(store_open(fixture, "eve"));
    fixture->path = path;
    close(open(text, O_WRONLY | O_CREAT, 0600));
    fixture_failed(fixture, restore(fixture, other, &restored), ERR_REFUSED);
    fixture_failed(fixture, restore(fixture, text, &restored), ERR_DAMAGED);
    fixture_failed(fixture, restore(fixture, fixture_path(fixture, "none"), &restored),
                   ERR_NOT_FOUND);
    run_sql(copy,
            "DROP TRIGGER events_stay_as_written; UPDATE events SET actor = 'eve' WHERE seq = 3");
    fixture_failed(fixture, restore(fixture, copy, &restored), ERR_DAMAGED);
    assert_untouched(fixture);
}

static void test_rights_are_those_of_the_folder(void **state) {
    struct fixture *fixture = *state;
    struct restored restored;
    assert_int_equal(chmod(fixture->folder, 02770), 0);
    char *copy = backed_up(fixture);
    mode_t before = umask(077);
    fixture_ok(fixture, restore(fixture, copy, &restored));
    umask(before);
    talloc_free(store_open(fixture, "ana"));
    assert_int_equal(file_mode(fixture->path), 0660);
    assert_int_equal(file_mode(talloc_asprintf(fixture, "%s-wal", fixture->path)), 0660);
}

/* ---- restores while others write ------------------------------------------------------------- */

#define WRITERS  4
#define RESTORES 6

/* Notes as fast as it goes; one line for each that was acknowledged. A refusal is repeated as a new
 * command, for the store it was asked of may be gone. */
static int note_for_ever(struct fixture *fixture) {
    char *path = fixture_path(fixture, talloc_asprintf(fixture, "acknowledged-%d", (int)getpid()));
    FILE *acknowledged = fopen(path, "we");
    struct hub *hub = store_open(fixture, "bo");
    for (int64_t turn = 0; hub; turn++) { /* until it is killed */
        char *word = talloc_asprintf(fixture, "w%d-%lld", (int)getpid(), (long long)turn);
        char *words = talloc_asprintf(word, "note 1 %s", word);
        if (store_do(fixture, hub, words).verdict == HUB_ACCEPTED) {
            fprintf(acknowledged, "%s\n", word);
            fflush(acknowledged);
        }
        store_turn(hub, NOW_MS + 300 * turn);
        talloc_free(word);
    }
    return 0;
}

/* Until so many bytes more of such lines were written. */
static void wait_for_more(struct fixture *fixture, const pid_t *writers, off_t bytes) {
    static off_t seen;
    off_t sum = 0;
    struct stat status;
    for (time_t limit = time(NULL) + 60; sum < seen + bytes && time(NULL) < limit; usleep(1000)) {
        sum = 0;
        for (int i = 0; i < WRITERS; i++)
            if (stat(fixture_path(fixture,
                                  talloc_asprintf(fixture, "acknowledged-%d", (int)writers[i])),
                     &status) == 0)
                sum += status.st_size;
    }
    assert_true(sum >= seen + bytes);
    seen = sum;
}

struct notes {
    const char *word;
    int found;
};

static bool find_note(void *data, const struct event *event) {
    struct notes *notes = data;
    char *text = talloc_asprintf(NULL, "\"text\":\"%s\"", notes->word);
    notes->found += strstr(event->body, text) != NULL;
    talloc_free(text);
    return true;
}

/* In the store or in one of those that were kept: never in none, never in two. */
static int times_kept(struct fixture *fixture, struct log **logs, size_t count, const char *word) {
    struct notes notes = {.word = word};
    for (size_t i = 0; i < count; i++)
        fixture_ok(fixture, log_read(logs[i], 0, 1, find_note, &notes, fixture->err));
    return notes.found;
}

static size_t check_acknowledged(struct fixture *fixture, struct log **logs, size_t count) {
    DIR *listing = opendir(fixture->folder);
    const struct dirent *entry;
    size_t checked = 0;
    char line[128];
    while ((entry = readdir(listing))) {
        if (strncmp(entry->d_name, "acknowledged-", 13) != 0)
            continue;
        FILE *file = fopen(fixture_path(fixture, entry->d_name), "re");
        while (fgets(line, sizeof(line), file)) {
            line[strcspn(line, "\n")] = '\0';
            if (times_kept(fixture, logs, count, line) != 1)
                fail_msg("%s is kept %d times", line, times_kept(fixture, logs, count, line));
            checked++;
        }
        fclose(file);
    }
    closedir(listing);
    return checked;
}

static void test_nothing_acknowledged_is_lost(void **state) {
    struct fixture *fixture = *state;
    char *copy = fixture_path(fixture, "copy.db");
    struct restored restored[RESTORES];
    struct log *logs[RESTORES + 1];
    pid_t writers[WRITERS];
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare p --accept t");
    backup_to(fixture, hub, copy);
    talloc_free(hub);
    for (int i = 0; i < WRITERS; i++)
        writers[i] = start_child(note_for_ever, fixture);
    for (int i = 0; i < RESTORES; i++) {
        wait_for_more(fixture, writers, 500);
        fixture_ok(fixture, restore(fixture, copy, &restored[i]));
    }
    wait_for_more(fixture, writers, 500);
    for (int i = 0; i < WRITERS; i++) {
        kill(writers[i], SIGKILL);
        waitpid(writers[i], NULL, 0);
    }
    assert_proven(fixture);
    for (int i = 0; i < RESTORES; i++)
        fixture_ok(fixture,
                   log_open(fixture, restored[i].kept, LOG_READ, NOW_MS, &logs[i], fixture->err));
    logs[RESTORES] = fixture_open(fixture, LOG_READ);
    for (int i = 0; i <= RESTORES; i++) {
        int64_t verified;
        fixture_ok(fixture, log_verify(logs[i], &verified, fixture->err));
    }
    assert_true(check_acknowledged(fixture, logs, RESTORES + 1) > WRITERS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        store_test(test_a_backup_is_one_file_and_a_store),
        store_test(test_nothing_is_written_over),
        store_test(test_others_write_meanwhile),
        store_test(test_a_damaged_store_has_no_backup),
        store_test(test_a_full_disk_leaves_nothing),
        store_test(test_what_was_there_is_kept),
        store_test(test_runs_and_numbers_are_not_given_twice),
        store_test(test_what_is_open_meets_it),
        store_test(test_a_store_that_is_gone_comes_back),
        store_test(test_a_store_that_cant_be_read_is_kept),
        store_test(test_what_is_no_backup_of_it_is_refused),
        store_test(test_rights_are_those_of_the_folder),
        store_test(test_nothing_acknowledged_is_lost),
    };
    return cmocka_run_group_tests_name("restore", tests, NULL, NULL);
}
