/* The real console: lists, selections, and a store that others write to and that may fail. */
#include "config.h"

#include "tests/screen/desk.h"

#include "base/xtalloc.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void notes(struct desk *desk, int count, const char *word) {
    for (int i = 1; i <= count; i++)
        desk_others(desk, xtalloc_asprintf(desk, "note 1 '%s number %d'", word, i));
}

/* ---- moving about ---------------------------------------------------------------------------- */

static void test_panes(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    notes(desk, 3, "alpha");
    desk_open(desk);
    desk_wait_selected(desk, "1 flag");
    pty_keys(desk->pty, "j");
    desk_wait_selected(desk, "2 code");
    pty_keys(desk->pty, "G");
    desk_wait_selected(desk, "3 look");
    pty_keys(desk->pty, "g");
    desk_wait_selected(desk, "1 flag");
    pty_keys(desk->pty, "\t"); /* no other incident: the log is next */
    desk_wait_selected(desk, "alpha number 3");
    pty_keys(desk->pty, "k");
    desk_wait_selected(desk, "alpha number 2");
    pty_keys(desk->pty, "\033[Z");
    desk_wait_selected(desk, "1 flag");
    pty_keys(desk->pty, "\t+");
    assert_shows_not(desk->pty, "STEPS ");
    desk_wait_selected(desk, "alpha number 2");
    pty_keys(desk->pty, "+");
    assert_shows(desk->pty, "STEPS ");
}

static void test_pages(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    notes(desk, 40, "alpha");
    desk_open(desk);
    desk_keys(desk, "i\t+", "alpha number 40");
    desk_wait_selected(desk, "alpha number 40");
    pty_keys(desk->pty, "\033[5~");
    desk_wait_selected(desk, "alpha number 28");
    pty_keys(desk->pty, "\025");
    desk_wait_selected(desk, "alpha number 22");
    pty_keys(desk->pty, "\004");
    desk_wait_selected(desk, "alpha number 28");
    pty_keys(desk->pty, "g");
    desk_wait_selected(desk, "DECLARED");
    pty_keys(desk->pty, "\033[6~");
    pty_keys(desk->pty, "G");
    desk_wait_selected(desk, "alpha number 40");
}

static void test_filter(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    notes(desk, 2, "alpha");
    notes(desk, 2, "beta");
    desk_open(desk);
    desk_keys(desk, "/", "only lines with");
    desk_keys(desk, "ALPHA\r", "LOG, only \"ALPHA\"");
    assert_shows_not(desk->pty, "beta");
    desk_wait_selected(desk, "alpha number 2");
    pty_keys(desk->pty, "N");
    desk_wait_selected(desk, "alpha number 1");
    pty_keys(desk->pty, "n");
    desk_wait_selected(desk, "alpha number 2");
    notes(desk, 1, "late alpha");
    assert_shows(desk->pty, "late alpha");
    desk_wait_selected(desk, " alpha number 2");
    desk_keys(desk, "/\025!alpha\r", "LOG, only \"!alpha\"");
    assert_shows_not(desk->pty, "alpha number");
    assert_shows(desk->pty, "beta number 2");
    desk_keys(desk, "/\025no such\r", "no line holds these words");
    pty_keys(desk->pty, "\033");
    assert_shows(desk->pty, "late alpha");
}

/* What stands between ESC ] 52 ; c ; and BEL is base64 (xterm, ctlseqs). */
static void test_copy(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_wait_selected(desk, "1 flag");
    desk_keys(desk, "y", "copied the selected line");
    probe_assert(desk->pty, pty_wait_sent(desk->pty, "\033]52;c;", LIMIT_MS), "OSC 52");
    /* "▸○ 1 flag" */
    probe_assert(desk->pty, pty_wait_sent(desk->pty, "4pa44peLIDEgZmxhZ", LIMIT_MS), "the row");
}

static void test_follow(void **state) {
    struct desk *desk = *state;
    desk_write(desk, "talk.yaml",
               "backout: 1\nplan: talk\ntitle: Talk\nservice: shop\nwhy: Orders\nsteps:\n"
               "  - {id: talk, title: Talk, owner: commander, box: 5m, timeout: 1m, undo: x,\n"
               "     run: [/bin/sh, -c, 'for i in 1 2 3 4 5 6 7 8 9; do echo line $i; done; exec "
               "sleep 60']}\n"
               "roles: {commander: [ana]}\n");
    desk_others(desk,
                xtalloc_asprintf(desk, "declare %s/talk.yaml --accept 'a test'", desk->folder));
    desk_others(desk, "take 1 commander");
    desk_others(desk, "decide 1 back --reason errors");
    desk_open(desk);
    desk_keys(desk, "s", "y yes");
    assert_shows(desk->pty, "exec sleep 60"); /* the question is shown whole */
    desk_keys(desk, "y", "1 runs");
    desk_keys(desk, "F", "STEP 1 talk");
    assert_shows(desk->pty, "OUTPUT 1 talk, following, ");
    assert_shows(desk->pty, "line 9");
    desk_keys(desk, "F", "OUTPUT 1 talk, 9 lines");
    desk_keys(desk, "F", "OUTPUT 1 talk, following, ");
    pty_keys(desk->pty, "k");
    desk_wait_selected(desk, "line 8");
    desk_keys(desk, "G", "following");
    desk_keys(desk, "\033:abort 1 --reason enough\r", "UNKNOWN");
}

/* ---- others write ---------------------------------------------------------------------------- */

static const char talkers[] =
    "backout: 1\nplan: talk\ntitle: Talk\nservice: shop\nwhy: Orders\nsteps:\n"
    "  - {id: talk, title: Talk, owner: commander, box: 5m, timeout: 1m, undo: x,\n"
    "     run: [/bin/sh, -c, 'echo words of $BACKOUT_ATTEMPT; for now in more last; do "
    "until [ -e %s/$now ]; do sleep 0.02; done; echo $now words; done; exit 1']}\n"
    "  - {id: more, title: More, needs: [], owner: commander, box: 5m, timeout: 1m, undo: x,\n"
    "     run: [/bin/sh, -c, 'echo other words; exec sleep 60']}\n"
    "roles: {commander: [ana]}\n";

/* A step shows the output of its last attempt, to the end; the board that of what is selected. */
static void test_output_is_that_of_the_step(void **state) {
    struct desk *desk = *state;
    desk_write(desk, "talk.yaml", xtalloc_asprintf(desk, talkers, desk->folder));
    desk_others(desk,
                xtalloc_asprintf(desk, "declare %s/talk.yaml --accept 'a test'", desk->folder));
    desk_others(desk, "take 1 commander");
    desk_others(desk, "decide 1 back --reason errors");
    desk_others(desk, "start 1 talk");
    desk_others(desk, "start 1 more");
    desk_open(desk);
    pty_resize(desk->pty, 50, 80);
    desk_keys(desk, "j", "other words");
    desk_keys(desk, "k", "words of 1");
    desk_keys(desk, "\r", "OUTPUT 1 talk");
    desk_write(desk, "more", "");
    assert_shows(desk->pty, "more words");
    desk_write(desk, "last", "");
    assert_shows(desk->pty, "last words");
    assert_shows(desk->pty, "FAILED");
    assert_showing(desk->pty, "words of 1");
    desk_others(desk, "retry 1 talk --reason again");
    assert_shows(desk->pty, "words of 2");
    desk_others(desk, "abort 1 more --reason enough");
    pty_keys(desk->pty, "\033");
    assert_shows(desk->pty, "0 run, 1 unknown"); /* no runner is left */
}

static void test_selection_sticks_to_its_item(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_others(desk, "declare --title 'slow search' --severity 3");
    desk_others(desk, "declare --title 'old pages' --severity 4");
    desk_open(desk);
    pty_keys(desk->pty, "\t");
    desk_wait_selected(desk, "slow search");
    pty_keys(desk->pty, "j");
    desk_wait_selected(desk, "old pages");
    desk_others(desk, "declare --title 'no mail' --severity 2");
    assert_shows(desk->pty, "no mail");
    desk_wait_selected(desk, "old pages");
    desk_others(desk, "abandon 2 --reason gone");
    assert_shows_not(desk->pty, "slow search");
    desk_wait_selected(desk, "old pages");
    desk_others(desk, "abandon 3 --reason gone");
    assert_shows_not(desk->pty, "old pages");
    desk_wait_selected(desk, "no mail");
}

/* The worst one takes the board, unless it is told to stay. */
static void test_focus(void **state) {
    struct desk *desk = *state;
    desk_others(desk, "declare --title 'old pages' --severity 4");
    desk_open(desk);
    assert_shows(desk->pty, "INC-1 old pages");
    desk_others(desk, "declare --title 'shop down' --severity 1");
    assert_shows(desk->pty, "INC-2 shop down");
    desk_keys(desk, ":pin\r", "the board stays on INC-2");
    desk_others(desk, "abandon 2 --reason gone");
    desk_keys(desk, ":pin\r", "the board shows the worst incident");
    assert_shows(desk->pty, "INC-1 old pages");
}

/* ---- a store that fails ---------------------------------------------------------------------- */

struct bytes {
    char *data;
    ssize_t length;
};

static struct bytes read_file(struct desk *desk, const char *path) {
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(fstat(fd, &about), 0);
    struct bytes bytes = {xtalloc_array(desk, char, (size_t)about.st_size), about.st_size};
    assert_int_equal(read(fd, bytes.data, (size_t)bytes.length), bytes.length);
    close(fd);
    return bytes;
}

static void write_file(const char *path, struct bytes bytes) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(write(fd, bytes.data, (size_t)bytes.length), bytes.length);
    close(fd);
}

/* The console stands still while somebody writes, and what they wrote becomes unreadable before it
 * looks; then it is as it was. */
static void test_stale_and_live_again(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    char *path = xtalloc_asprintf(desk, "%s-wal", desk->store);
    kill(pty_pid(desk->pty), SIGSTOP);
    probe_assert(desk->pty, pty_wait_stopped(desk->pty, true, LIMIT_MS), "it is stopped");
    desk_others(desk, "note 1 'written meanwhile'");
    struct bytes good = read_file(desk, path), bad = good;
    bad.data = xtalloc_memdup(desk, good.data, (size_t)good.length);
    for (ssize_t i = 32; i < bad.length; i++) /* behind the header of the WAL */
        bad.data[i] = (char)0xff;
    write_file(path, bad);
    kill(pty_pid(desk->pty), SIGCONT);
    assert_shows(desk->pty, "○ STALE ");
    assert_shows(desk->pty, "INC-1 Shop is slow"); /* the last good board stays */
    write_file(path, good);
    desk_others(desk, "note 1 'written afterwards'"); /* SQLite keeps what it read till then */
    assert_shows(desk->pty, "written meanwhile");
    assert_shows(desk->pty, "● LIVE");
    assert_shows_not(desk->pty, "STALE");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        desk_test(test_panes),
        desk_test(test_pages),
        desk_test(test_filter),
        desk_test(test_copy),
        desk_test(test_follow),
        desk_test(test_output_is_that_of_the_step),
        desk_test(test_selection_sticks_to_its_item),
        desk_test(test_focus),
        desk_test(test_stale_and_live_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
