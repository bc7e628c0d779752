/* DESIGN §5: "Read-only is enforced in hub/ and by the file's … rights"; and what line 1 says of
 * how fresh all is, for who watches and for who is watched. */
#include "config.h"

#include "tests/screen/desk.h"

#include "base/xtalloc.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *mirror_of(struct desk *desk) {
    return xtalloc_asprintf(desk, "%s/view/incidents.db.ndjson", desk->folder);
}

/* ---- who watches ----------------------------------------------------------------------------- */

static void test_a_viewer_sees_what_others_do(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open_by(desk, "watch");
    assert_shows(desk->pty, "  RO  roles not enforced  ● LIVE");
    assert_shows(desk->pty, "a mirror shows its store and takes no commands");
    desk_others(desk, "note 1 'orders come back'");
    assert_shows(desk->pty, "orders come back");
    desk_others(desk, "start 1 flag");
    assert_shows(desk->pty, "► 1 flag");
    desk_others(desk, "declare --title 'mail is late' --severity 3");
    assert_shows(desk->pty, "mail is late");
}

/* No question is asked whose answer could only be no. */
static void test_no_key_of_a_viewer_writes(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open_by(desk, "watch");
    for (const char *key = "1acdopstuwx"; *key; key++) {
        char keys[] = {*key, '\0'};
        desk_keys(desk, "?", "KEYS ");
        desk_keys(desk, "\033", "? help");
        desk_keys(desk, keys, "nothing can be written from here: a mirror shows its store");
    }
    desk_keys(desk, ":", ":");
    desk_keys(desk, "note no\r", "nothing can be written from here: a mirror shows its store");
    desk_others(desk, "note 1 'the others may'");
    assert_shows(desk->pty, "the others may");
    assert_not_showing(desk->pty, "PAUSED");
}

static void test_hints_name_no_key_in_vain(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open_by(desk, "watch");
    desk_keys(desk, "\033", "? help");
    assert_not_showing(desk->pty, "s start");
    assert_not_showing(desk->pty, "1-9 do it");
    assert_showing(desk->pty, "F output");
}

static void test_the_incident_that_was_named_is_shown(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_others(desk, "declare --title 'mail is late' --severity 3");
    desk_open_by(desk, "watch INC-2");
    assert_shows(desk->pty, "SEV3 INC-2 mail is late");
}

static void test_an_export_is_watched_too(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    char *copy = xtalloc_asprintf(desk, "%s/copy.ndjson", desk->folder);
    assert_int_equal(link(mirror_of(desk), copy), 0);
    unlink(desk->store);
    desk_open_by(desk, xtalloc_asprintf(desk, "watch %s", copy));
    assert_shows(desk->pty, "SEV1 INC-1 Shop is slow");
}

/* ---- how fresh it is ------------------------------------------------------------------------- */

static void test_a_mirror_that_went_is_stale(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open_by(desk, "watch");
    unlink(mirror_of(desk));
    assert_shows(desk->pty, "○ STALE 0:0");
    assert_shows(desk->pty, "the mirror is gone");
    assert_showing(desk->pty, "SEV1 INC-1 Shop");
    desk_others(desk, "note 1 'and here it is'");
    assert_shows(desk->pty, "● LIVE");
    assert_shows(desk->pty, "and here it is");
}

static bool differs(struct pty *pty, const void *about) {
    return strncmp(pty_text(pty), about, strcspn(about, "\n")) != 0;
}

/* Also where no incident has a clock that counts. */
static void test_how_old_it_is_goes_on(void **state) {
    struct desk *desk = *state;
    desk_others(desk, "init");
    desk_open_by(desk, "watch");
    unlink(mirror_of(desk));
    assert_shows(desk->pty, "○ STALE 0:0");
    const char *before = xtalloc_strdup(desk, pty_text(desk->pty));
    probe_assert(desk->pty, pty_wait_until(desk->pty, differs, before, LIMIT_MS), "it gets older");
}

static void test_a_bad_line_is_named(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open_by(desk, "watch");
    int fd = open(mirror_of(desk), O_WRONLY | O_APPEND | O_CLOEXEC);
    assert_int_equal(write(fd, "{}\n", 3), 3);
    close(fd);
    assert_shows(desk->pty, "○ STALE 0:0");
    assert_shows(desk->pty, "this is not what was written");
    assert_showing(desk->pty, "SEV1 INC-1 Shop");
    desk_others(desk, "note 1 'made anew'");
    assert_shows(desk->pty, "● LIVE");
    assert_shows(desk->pty, "made anew");
}

/* A commit wakes everybody who watches: none of them takes the processor from who works. */
static void test_who_watches_gives_way(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open_by(desk, "watch");
    assert_int_equal(sched_getscheduler(pty_pid(desk->pty)), SCHED_BATCH);
}

/* ---- who is watched -------------------------------------------------------------------------- */

/* A folder where the mirror was. In one breath: a console that finds none makes another at once. */
static void stand_in_its_place(struct desk *desk) {
    char *folder = xtalloc_asprintf(desk, "%s/folder", desk->folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(renameat2(AT_FDCWD, folder, AT_FDCWD, mirror_of(desk), RENAME_EXCHANGE), 0);
}

/* The board of a writer is live all the while. */
static void test_who_writes_is_told_when_viewers_are_behind(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    stand_in_its_place(desk);
    desk_others(desk, "note 1 'who sees this'");
    assert_shows(desk->pty, "viewers!  roles not enforced  ● LIVE");
    assert_shows(desk->pty, "who sees this");
    assert_shows(desk->pty, "viewers see an older state");
    assert_int_equal(rmdir(mirror_of(desk)), 0);
    desk_others(desk, "note 1 'everybody'");
    assert_shows(desk->pty, "viewers see what there is again");
    assert_shows_not(desk->pty, "viewers!");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        desk_test(test_a_viewer_sees_what_others_do),
        desk_test(test_no_key_of_a_viewer_writes),
        desk_test(test_hints_name_no_key_in_vain),
        desk_test(test_the_incident_that_was_named_is_shown),
        desk_test(test_an_export_is_watched_too),
        desk_test(test_who_watches_gives_way),
        desk_test(test_a_mirror_that_went_is_stale),
        desk_test(test_how_old_it_is_goes_on),
        desk_test(test_a_bad_line_is_named),
        desk_test(test_who_writes_is_told_when_viewers_are_behind),
    };
    return cmocka_run_group_tests_name("console_watch", tests, NULL, NULL);
}
