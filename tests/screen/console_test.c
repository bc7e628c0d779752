/* The real console: what is asked, and what may answer it. */
#include "config.h"

#include "tests/screen/desk.h"

#include "base/host.h"
#include "base/xtalloc.h"
#include "ui/typing.h"

#include <string.h>
#include <sys/stat.h>

/* ---- keys that nobody meant ------------------------------------------------------------------ */

/* Both keys arrive before the question can have been seen. */
static void test_type_ahead_answers_nothing(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    pty_send(desk->pty, "qy", 2);
    assert_shows(desk->pty, "typed before the question was shown: ignored");
    assert_shows(desk->pty, "quit?");
    pty_keys(desk->pty, "n");
    assert_shows_not(desk->pty, "quit?");
    desk_is_calm(desk);
    desk_keys(desk, "q", "quit?");
    pty_keys(desk->pty, "y");
    assert_int_equal(probe_end(desk->pty), 0);
}

/* A question that was seen is answered, whatever frame is on its way meanwhile: the clock's tick
 * over a slow line, for one. */
static void test_a_later_frame_takes_no_answer(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_keys(desk, "q", "quit?");
    desk_stall(desk);
    pty_keys(desk->pty, "y");
    pty_stall(desk->pty, false);
    assert_int_equal(probe_end(desk->pty), 0);
}

/* "The bell rings once per new escalation on me (off with a setting); OSC 9 / 777 if asked for." */
static void open_called(struct desk *desk, const char *settings) {
    char *folder = xtalloc_asprintf(desk, "%s/.config", desk->folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    folder = xtalloc_asprintf(desk, "%s/backout", folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    desk_write(desk, ".config/backout/keys.conf", settings);
    char *roster = xtalloc_asprintf(desk,
                                    "roster: 1\npeople: {%s: {may: command}}\nescalation:\n"
                                    "  - {if: unacknowledged, after: 1s, to: [%s]}\n",
                                    host_user(desk), host_user(desk));
    desk_write(desk, "roster.yaml", roster);
    desk_others(desk, "declare --title burning");
    desk_others(desk, xtalloc_asprintf(desk, "roster apply %s/roster.yaml", desk->folder));
    desk_open(desk);
    assert_shows(desk->pty, "you were paged");
}

static size_t times_sent(struct pty *pty, const char *bytes) {
    size_t times = 0;
    for (const char *at = pty_sent(pty); (at = strstr(at, bytes)); at += strlen(bytes))
        times++;
    return times;
}

static void test_rings_for_whom_it_calls(void **state) {
    static const char call[] = "\a\033]9;SEV2 INC-1 burning: nobody has acknowledged\a";
    struct desk *desk = *state;
    open_called(desk, "set notify osc9\n");
    probe_assert(desk->pty, pty_wait_sent(desk->pty, call, LIMIT_MS), "the bell and OSC 9");
    assert_idle(desk->pty);
    assert_int_equal(times_sent(desk->pty, "\a"), 2); /* the bell, and that sequence's end */
}

static void test_rings_not_where_it_is_off(void **state) {
    struct desk *desk = *state;
    open_called(desk, "set bell off\n");
    assert_idle(desk->pty);
    assert_int_equal(times_sent(desk->pty, "\a"), 0);
}

static void test_enter_is_no(void **state) {
    struct desk *desk = *state;
    desk_open(desk);
    desk_keys(desk, "q", "quit?");
    pty_keys(desk->pty, "\r");
    assert_shows_not(desk->pty, "quit?");
    desk_is_calm(desk);
}

static void test_escape_never_quits(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    pty_keys(desk->pty, "\033");
    assert_idle(desk->pty);
    assert_not_showing(desk->pty, "quit?");
    desk_keys(desk, "o", "note INC-1, text:");
    pty_keys(desk->pty, "\033");
    assert_shows_not(desk->pty, "note INC-1");
    desk_keys(desk, "i", "PLAN shop-1");
    pty_keys(desk->pty, "\033");
    assert_shows_not(desk->pty, "PLAN shop-1");
    desk_is_calm(desk);
}

static void test_ctrl_c_cancels_then_asks(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_keys(desk, "o", "note INC-1, text:");
    pty_keys(desk->pty, "\003");
    assert_shows_not(desk->pty, "note INC-1");
    assert_shows_not(desk->pty, "quit?");
    desk_keys(desk, "\003", "quit?");
    pty_keys(desk->pty, "n");
    desk_is_calm(desk);
}

static const char paste_begin[] = "\033[200~", paste_end[] = "\033[201~";

static void paste(struct desk *desk, const char *text) {
    char *bytes = xtalloc_asprintf(desk, "%s%s%s", paste_begin, text, paste_end);
    pty_send(desk->pty, bytes, strlen(bytes));
}

static void test_paste_presses_nothing(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    paste(desk, "pqy");
    assert_shows(desk->pty, "pasted text presses no keys: ignored");
    assert_not_showing(desk->pty, "PAUSED");
    desk_keys(desk, "x", "1 flag is ready");
    paste(desk, "s");
    assert_shows(desk->pty, "a paste answers nothing here");
    assert_shows(desk->pty, "1 flag is ready");
    pty_keys(desk->pty, "\033");
    desk_is_calm(desk);
}

/* A burst without brackets, as old terminals send it. */
static void test_a_burst_is_a_paste(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    pty_send(desk->pty, "spodxcqy paste", 14);
    assert_shows(desk->pty, "pasted text presses no keys: ignored");
    pty_pause(desk->pty, 2 * TYPING_BURST_TAIL_MS); /* what follows at once still belongs to it */
    desk_is_calm(desk);
    assert_not_showing(desk->pty, "PAUSED");
}

static void test_paste_goes_into_a_text_clean(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_keys(desk, "o", "note INC-1, text:");
    paste(desk, "first\nsecond\tthird\033[31m red");
    assert_shows(desk->pty, "first second third");
    pty_keys(desk->pty, "\r");
    assert_shows_not(desk->pty, "note INC-1, text:");
    assert_shows(desk->pty, "first second third");
}

/* ---- the palette ----------------------------------------------------------------------------- */

static void test_palette_completes(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_keys(desk, ":", "any command; Tab completes");
    desk_keys(desk, "sta\t", "start N STEP");
    assert_shows(desk->pty, ":start ");
    desk_keys(desk, "f\t", ":start flag ");
    pty_keys(desk->pty, "\r");
    assert_shows(desk->pty, "1 runs");
}

static void test_palette_keeps_what_is_refused(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_keys(desk, ":strat 1\r", "did you mean start?");
    assert_shows(desk->pty, ":strat 1");
    pty_keys(desk->pty, "\033");
    assert_shows_not(desk->pty, ":strat");
    desk_keys(desk, ":start 3\r", "waits for 2");
    desk_keys(desk, ":\033[A", ":start 3");
    pty_keys(desk->pty, "\033");
    desk_is_calm(desk);
}

/* ---- questions ------------------------------------------------------------------------------- */

static void test_refused_words_stand_there_again(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_keys(desk, "d", "done 1 flag, evidence:");
    desk_keys(desk, "graph is flat\r", "it has not been started");
    desk_keys(desk, "d", "evidence: graph is flat");
}

/* Somebody is done with the step while we are asked about it. */
static void test_a_step_changed_under_the_question(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_others(desk, "start 1 flag");
    desk_open(desk);
    desk_keys(desk, "x", "1 flag is running");
    desk_keys(desk, "f", "fail 1 flag, reason:");
    desk_others(desk, "done 1 flag --evidence seen");
    assert_shows(desk->pty, "STEPS 1 of 3 done");
    desk_keys(desk, "too slow\r", "was first, at ");
    assert_shows(desk->pty, "STEPS 1 of 3 done");
    assert_not_showing(desk->pty, "1 FAILED");
}

/* A worse incident takes the board while a menu is open: the answer is still about what was seen.
 */
static void test_a_menu_keeps_its_object(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_others(desk, "start 1 flag");
    desk_open(desk);
    desk_keys(desk, "x", "1 flag is running");
    desk_others(desk, "declare --title 'all is down' --severity 1");
    assert_shows(desk->pty, "INC-2 all is down");
    desk_keys(desk, "f", "fail 1 flag, reason:");
    desk_keys(desk, "broken\r", "INC-1 flag: failed");
    pty_keys(desk->pty, "\tj\r"); /* Enter opens the other one */
    assert_shows(desk->pty, "FAILED: broken");
}

static void test_pause_is_one_key(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_keys(desk, "p", "PAUSED by");
    desk_keys(desk, "1", "resume INC-1");
    pty_keys(desk->pty, "\r");
    assert_shows_not(desk->pty, "y yes");
    assert_shows(desk->pty, "PAUSED by");
    desk_keys(desk, "1", "resume INC-1");
    pty_keys(desk->pty, "y");
    assert_shows_not(desk->pty, "PAUSED by");
}

static void test_declare_by_keys(void **state) {
    struct desk *desk = *state;
    desk_open(desk);
    desk_keys(desk, "w", "declare, title:");
    desk_keys(desk, "shop is down\r", "SEV1");
    desk_keys(desk, "1", "INC-1 shop is down");
    assert_shows(desk->pty, "1 acknowledge");
    pty_keys(desk->pty, "a");
    assert_shows(desk->pty, "ACKNOWLEDGED");
}

static void test_a_concern_by_keys(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_keys(desk, "!", "concern INC-1, text:");
    desk_keys(desk, "refunds queue grows\r", "2 answer ");
    assert_shows(desk->pty, "1 concern open");
    desk_keys(desk, "2", "answer INC-1 ");
    assert_shows(desk->pty, "\"refunds queue grows\", text:");
    pty_keys(desk->pty, "it drains\r");
    assert_shows_not(desk->pty, "1 concern open");
}

/* Whom it wakes stands in the question, and Enter wakes nobody. */
static void test_escalate_by_keys(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_keys(desk, "e", "page vp-eng (it has not recovered)?");
    pty_keys(desk->pty, "\r");
    assert_shows_not(desk->pty, "page vp-eng (");
    desk_keys(desk, "z", "snooze INC-1, duration:");
    desk_keys(desk, "2h\r", "reason:");
    desk_keys(desk, "tired\r", "at most 30m");
    desk_keys(desk, "e", "page vp-eng (it has not recovered)?");
    desk_keys(desk, "y", "PAGED vp-eng by hand");
    desk_keys(desk, "e", "nothing is late that has somebody to be paged");
}

/* ---- what changes by itself -------------------------------------------------------------------
 */

static bool hints_are_last(struct pty *pty, const void *about) {
    const char *text = pty_text(pty);
    size_t length = strlen(text);
    (void)about;
    return length > 80 && strstr(text + length - 80, "? help");
}

static void test_a_calm_board_follows_the_size(void **state) {
    struct desk *desk = *state;
    desk_open(desk);
    pty_resize(desk->pty, 18, 80);
    assert_shows(desk->pty, "? help");
    pty_resize(desk->pty, 24, 80);
    probe_assert(desk->pty, pty_wait_until(desk->pty, hints_are_last, NULL, LIMIT_MS),
                 "hints below");
}

static bool differs(struct pty *pty, const void *about) {
    return strncmp(pty_text(pty), about, strcspn(about, "\n")) != 0;
}

static void test_the_clock_is_seen_to_go(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    const char *before = xtalloc_strdup(desk, pty_text(desk->pty));
    probe_assert(desk->pty, pty_wait_until(desk->pty, differs, before, LIMIT_MS), "T+ counts");
}

/* A terminal says at last that it draws our glyphs wider. */
static void test_glyphs_give_way(void **state) {
    struct desk *desk = *state;
    const char *argv[] = {getenv("BACKOUT"), NULL};
    desk_incident(desk);
    desk->pty = pty_start(desk, &(struct pty_options){.mute = true}, argv);
    assert_shows(desk->pty, "● LIVE");
    probe_send(desk->pty, "\033[1;21R");
    assert_shows(desk->pty, "* LIVE");
}

/* ---- the person's own keys ------------------------------------------------------------------- */

static void test_own_keys(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    setenv("XDG_CONFIG_HOME", "relative", 1); /* to be ignored, says its specification */
    desk_write(desk, ".config/backout/keys.conf",
               "# mine\nbind any z pause\nunbind any p\nbind any Q paws\n");
    desk_open(desk);
    pty_resize(desk->pty, 24, 200); /* room for the path of any folder */
    assert_shows(desk->pty, "keys.conf:4");
    pty_keys(desk->pty, "p");
    pty_wait_idle(desk->pty, LIMIT_MS);
    assert_not_showing(desk->pty, "PAUSED");
    desk_keys(desk, "z", "PAUSED by");
    desk_keys(desk, "j", "z PAUSE");
}

/* ---- a log that isn't the one that was seen -------------------------------------------------- */

#define ELSEWHERE                                                                                  \
    "019a7d3c-1e00-7000-8000-000000000001 9 "                                                      \
    "0000000000000000000000000000000000000000000000000000000000000000 "

static void test_another_log_is_taken_once(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_write(desk, ".local/state/backout/pins",
               xtalloc_asprintf(desk, ELSEWHERE "%s\n", desk->store));
    desk_open_on(desk, "OTHER LOG");
    assert_shows(desk->pty, "this isn't the log that you saw");
    desk_keys(desk, "o", "text:");
    desk_keys(desk, "words", "words");
    pty_wait_idle(desk->pty, LIMIT_MS);
    desk_keys(desk, "\r", "this isn't the log that you saw");
    assert_not_showing(desk->pty, "words");
    desk_keys(desk, ":repin", "repin");
    pty_wait_idle(desk->pty, LIMIT_MS);
    desk_keys(desk, "\r", "take it as it is?");
    desk_keys(desk, "y", "this is the log that you saw");
    assert_not_showing(desk->pty, "OTHER LOG");
    desk_keys(desk, "p", "PAUSED by");
}

/* What is beyond the limit binds nothing. */
static void test_a_long_file_of_keys_is_cut(void **state) {
    struct desk *desk = *state;
    char *text = xtalloc_zero_array(desk, char, KEYS_FILE_MAX + 64);
    memset(text, '#', KEYS_FILE_MAX);
    memcpy(text, "bind any z pause\n", 17);
    memcpy(text + KEYS_FILE_MAX - 1, "\nunbind any z\n", 15);
    desk_incident(desk);
    desk_write(desk, ".config/backout/keys.conf", text);
    desk_open(desk);
    desk_keys(desk, "z", "PAUSED by");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        desk_test(test_type_ahead_answers_nothing),
        desk_test(test_a_later_frame_takes_no_answer),
        desk_test(test_enter_is_no),
        desk_test(test_rings_for_whom_it_calls),
        desk_test(test_rings_not_where_it_is_off),
        desk_test(test_escape_never_quits),
        desk_test(test_ctrl_c_cancels_then_asks),
        desk_test(test_paste_presses_nothing),
        desk_test(test_a_burst_is_a_paste),
        desk_test(test_paste_goes_into_a_text_clean),
        desk_test(test_palette_completes),
        desk_test(test_palette_keeps_what_is_refused),
        desk_test(test_refused_words_stand_there_again),
        desk_test(test_a_step_changed_under_the_question),
        desk_test(test_a_menu_keeps_its_object),
        desk_test(test_pause_is_one_key),
        desk_test(test_declare_by_keys),
        desk_test(test_a_concern_by_keys),
        desk_test(test_escalate_by_keys),
        desk_test(test_a_calm_board_follows_the_size),
        desk_test(test_the_clock_is_seen_to_go),
        desk_test(test_glyphs_give_way),
        desk_test(test_own_keys),
        desk_test(test_a_long_file_of_keys_is_cut),
        desk_test(test_another_log_is_taken_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
