/* What a question takes for its answer: keys of menus, words, yes and no, and what is typed before
 * it can have been seen. */
#include "config.h"

#include "tests/screen/desk.h"

#include "base/xtalloc.h"

/* ---- menus, yes and no ----------------------------------------------------------------------- */

static void test_a_menu_takes_the_row_of_its_key(void **state) {
    struct desk *desk = *state;
    desk_open(desk);
    desk_keys(desk, "w", "declare, title:");
    desk_keys(desk, "shop is down\r", "SEV1");
    desk_keys(desk, "3", "SEV3 INC-1 shop is down");
}

static void test_yes_is_a_small_y(void **state) {
    struct desk *desk = *state;
    desk_open(desk);
    desk_keys(desk, "q", "quit?");
    pty_keys(desk->pty, "Y");
    assert_idle(desk->pty);
    assert_showing(desk->pty, "quit?");
    pty_keys(desk->pty, "n");
    assert_shows_not(desk->pty, "quit?");
    desk_is_calm(desk);
}

/* ---- words ----------------------------------------------------------------------------------- */

/* What it says of an answer is gone with the next key. */
static void test_words_that_are_needed_are_asked_for(void **state) {
    struct desk *desk = *state;
    desk_open(desk);
    desk_keys(desk, "w", "declare, title:");
    desk_keys(desk, "\r", "it needs some words; Esc leaves it");
    desk_keys(desk, "s", "declare, title: s");
    assert_not_showing(desk->pty, "it needs some words");
}

static void test_words_that_are_not_needed_may_be_none(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_keys(desk, "/", "only lines with");
    desk_keys(desk, "no such\r", "no line holds these words");
    desk_keys(desk, "/", "only lines with");
    pty_keys(desk->pty, "\025\r");
    assert_shows_not(desk->pty, "no line holds these words");
    assert_shows_not(desk->pty, "only lines with");
}

static void test_a_word_is_typed_whole(void **state) {
    struct desk *desk = *state;
    char *path = desk_write(desk, "down.yaml",
                            "backout: 1\nplan: down-1\ntitle: Down\nservice: shop\nwhy: Orders\n"
                            "steps:\n  - {id: drop, title: Drop it, owner: commander, box: 5m, "
                            "manual: x, confirm: {type: DOWN}}\n");
    desk_others(desk, xtalloc_asprintf(desk, "declare %s --severity 1 --accept 'a test'", path));
    desk_others(desk, "ack 1");
    desk_others(desk, "take 1 commander");
    desk_others(desk, "decide 1 back --reason errors");
    desk_open(desk);
    desk_keys(desk, "s", "DOWN");
    desk_keys(desk, "DOW\r", "type DOWN, or Esc");
    assert_not_showing(desk->pty, "1 runs");
    desk_keys(desk, "N\r", "1 runs");
}

static void test_the_palette_closes_behind_its_first_letter(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_keys(desk, ":", ":");
    desk_keys(desk, "zq", ":zq");
    pty_keys(desk->pty, "\177");
    assert_shows_not(desk->pty, ":zq");
    assert_showing(desk->pty, ":z");
    pty_keys(desk->pty, "\177\177");
    assert_shows(desk->pty, "? help");
}

/* ---- before it was seen ---------------------------------------------------------------------- */

static void test_a_question_on_a_slow_line_takes_no_yes(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_stall(desk);
    pty_keys(desk->pty, "qy");
    pty_stall(desk->pty, false);
    assert_shows(desk->pty, "typed before the question was shown: ignored");
    assert_shows(desk->pty, "quit?");
}

/* Words may be typed ahead, for they are read again; what sends them may not. */
static void test_a_question_on_a_slow_line_takes_words(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_stall(desk);
    pty_keys(desk->pty, "onew\r");
    pty_stall(desk->pty, false);
    assert_shows(desk->pty, "note INC-1, text: new");
    assert_shows(desk->pty, "typed before the question was shown: ignored");
    desk_keys(desk, ":\r", "new:");
}

static void test_the_palette_takes_words_on_a_slow_line(void **state) {
    struct desk *desk = *state;
    desk_incident(desk);
    desk_open(desk);
    desk_stall(desk);
    pty_keys(desk->pty, ":no");
    pty_stall(desk->pty, false);
    assert_shows(desk->pty, ":no");
    assert_not_showing(desk->pty, "typed before");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        desk_test(test_a_menu_takes_the_row_of_its_key),
        desk_test(test_yes_is_a_small_y),
        desk_test(test_words_that_are_needed_are_asked_for),
        desk_test(test_words_that_are_not_needed_may_be_none),
        desk_test(test_a_word_is_typed_whole),
        desk_test(test_the_palette_closes_behind_its_first_letter),
        desk_test(test_a_question_on_a_slow_line_takes_no_yes),
        desk_test(test_a_question_on_a_slow_line_takes_words),
        desk_test(test_the_palette_takes_words_on_a_slow_line),
    };

    return cmocka_run_group_tests_name("console_ask", tests, NULL, NULL);
}
