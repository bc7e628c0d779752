/* ui/keys.c, ui/input.c and data/keys.conf: names of keys, lines of bindings, and the rules that
 * the default keys keep. */
#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/text.h"
#include "base/xtalloc.h"
#include "ui/input.h"
#include "ui/keys.h"

#include <string.h>

static const char *const actions[] = {"move-down", "move-up", "start", "done", NULL};
static const char *const views[] = {"board", "incident", "vote", NULL};

static int make_keys(void **state) {
    *state = keys_new(NULL);
    return 0;
}

static struct settings chosen; /* by what was read last */

static int free_keys(void **state) {
    talloc_free(*state);
    return 0;
}

static void assert_read(struct keys *keys, const char *text) {
    struct err *err = err_new(keys);

    assert_true(keys_read(keys, &chosen, "keys.conf", text, actions, views, err));
    talloc_free(err);
}

static void assert_action(struct keys *keys, const char *view, const char *key,
                          const char *action) {
    const char *found = keys_action(keys, view, key_parse(key));

    assert_string_equal(found == NULL ? "" : found, action);
}

/* ---- names of keys --------------------------------------------------------------------------- */

static void names_and_keys_are_one_another(void **state) {
    static const struct {
        const char *name;
        uint32_t key;
        const char *shown;
    } cases[] = {
        {"s", 's', "s"},
        {"S", 'S', "S"},
        {"#", '#', "#"},
        {"é", 0xE9, "é"},
        {"Space", ' ', "Space"},
        {"ctrl-l", 12, "ctrl-l"},
        {"Ctrl-L", 12, "ctrl-l"},
        {"ctrl-i", KEY_NAME_TAB, "Tab"},
        {"ctrl-m", KEY_NAME_ENTER, "Enter"},
        {"enter", KEY_NAME_ENTER, "Enter"},
        {"PgDn", KEY_NAME_PAGE_DOWN, "PgDn"},
        {"PageDown", KEY_NAME_PAGE_DOWN, "PgDn"},
        {"S-Tab", KEY_NAME_BACK_TAB, "S-Tab"},
        {"Down", KEY_NAME_DOWN, "↓"},
        {"↓", KEY_NAME_DOWN, "↓"},
        {"F1", KEY_NAME_F1, "F1"},
        {"Esc", KEY_NAME_ESCAPE, "Esc"},
        {"", 0, NULL},
        {"ab", 0, NULL},
        {"ctrl-", 0, NULL},
        {"ctrl-1", 0, NULL},
        {"ctrl-ab", 0, NULL},
        {"\xff", 0, NULL},
        {"\x01", 0, NULL},
        {"\xc2\x9b", 0, NULL},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_int_equal(key_parse(cases[i].name), cases[i].key);
        if (cases[i].shown != NULL) {
            assert_string_equal(key_label(*state, cases[i].key), cases[i].shown);
        }
    }
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void a_view_comes_before_any(void **state) {
    assert_read(*state, "bind any s start\nbind vote s done\nbind board j move-down\n");
    assert_action(*state, "board", "s", "start");
    assert_action(*state, "vote", "s", "done");
    assert_action(*state, "board", "j", "move-down");
    assert_action(*state, "vote", "j", "");
}

static void a_later_line_wins(void **state) {
    assert_read(*state, "bind any s start\nbind any s done");
    assert_action(*state, "board", "s", "done");
    assert_read(*state, "unbind any s\nunbind any x");
    assert_action(*state, "board", "s", "");
}

static void comments_and_blanks_are_passed_over(void **state) {
    assert_read(*state,
                "# a comment\n\n   \t\r\n  bind\tany  s  start   # why\r\nbind any # done\n");
    assert_action(*state, "board", "s", "start");
    assert_action(*state, "board", "#", "done");
}

static void what_cant_be_read_is_said(void **state) {
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"bind any s strat", "can't read the key bindings: mine:1: no action \"strat\"; "
                             "did you mean start?"},
        {"\nbind bord s start", "can't read the key bindings: mine:2: no view \"bord\"; "
                                "did you mean board?"},
        {"bind any sss start", "can't read the key bindings: mine:1: no key \"sss\"; "
                               "write a letter, ctrl-LETTER, or a name such as Enter or PgDn"},
        {"bind any s", "can't read the key bindings: mine:1: wrong number of words for \"bind\"; "
                       "write bind VIEW KEY ACTION"},
        {"bind any s start now", "can't read the key bindings: mine:1: "
                                 "wrong number of words for \"bind\"; write bind VIEW KEY ACTION"},
        {"unbind any s start", "can't read the key bindings: mine:1: "
                               "wrong number of words for \"unbind\"; write unbind VIEW KEY"},
        {"set bel off", "can't read the key bindings: mine:1: no setting \"bel\"; "
                        "did you mean bell?"},
        {"set notify osc99", "can't read the key bindings: mine:1: no value \"osc99\"; "
                             "did you mean osc9?"},
        {"set bell", "can't read the key bindings: mine:1: wrong number of words for \"set\"; "
                     "write set NAME VALUE"},
        {"map any s start", "can't read the key bindings: mine:1: no such word as \"map\"; "
                            "a line begins with bind, unbind or set"},
    };
    struct err *err = err_new(*state);

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_false(keys_read(*state, &chosen, "mine", cases[i].text, actions, views, err));
        assert_int_equal(err->code, ERR_USAGE);
        assert_string_equal(err_sentence(err, err), cases[i].sentence);
    }
}

static void settings_are_read(void **state) {
    assert_int_equal(settings_default.bell, BELL_ON);
    assert_int_equal(settings_default.notify, NOTIFY_OFF);
    chosen = settings_default;
    assert_read(*state, "set bell off\nset notify osc777 # for urxvt\n");
    assert_int_equal(chosen.bell, BELL_OFF);
    assert_int_equal(chosen.notify, NOTIFY_OSC777);
    assert_read(*state, "set notify osc9\nset bell on\n");
    assert_int_equal(chosen.bell, BELL_ON);
    assert_int_equal(chosen.notify, NOTIFY_OSC9);
}

static void lines_before_the_bad_one_stand(void **state) {
    struct err *err = err_new(*state);

    assert_false(keys_read(*state, &chosen, "mine", "bind any s start\nbad\nbind any d done", NULL,
                           NULL, err));
    assert_action(*state, "board", "s", "start");
    assert_action(*state, "board", "d", "");
}

static void help_names_the_keys_that_count(void **state) {
    struct keys *keys = *state;

    assert_read(keys, "bind any j move-down\nbind any Down move-down\nbind any s start\n"
                      "bind vote j move-up");
    assert_string_equal(keys_for(keys, keys, "board", "move-down"), "j ↓");
    assert_string_equal(keys_for(keys, keys, "vote", "move-down"), "↓");
    assert_string_equal(keys_for(keys, keys, "vote", "move-up"), "j");
    assert_string_equal(keys_for(keys, keys, "vote", "done"), "");
}

/* ---- the default keys ------------------------------------------------------------------------ */

static struct keys *default_keys(void **state) {
    struct err *err = err_new(*state);

    assert_true(keys_read(*state, &chosen, "data/keys.conf", keys_default, NULL, NULL, err));
    return *state;
}

static bool is_bound(struct keys *keys, char letter) {
    return keys_action(keys, "any", (uint32_t)letter) != NULL;
}

/* SCREEN.md: "No two keys that do something differ only by case, but n/N and g/G." */
static void no_two_keys_differ_by_case_alone(void **state) {
    struct keys *keys = default_keys(state);

    for (char low = 'a'; low <= 'z'; low++) {
        bool pair = is_bound(keys, low) && is_bound(keys, (char)(low - 'a' + 'A'));
        assert_int_equal(pair, low == 'n' || low == 'g');
    }
}

/* SCREEN.md: "Nothing destructive is on … a key that tmux, vim or screen users press without
 * thinking (ctrl-a ctrl-b ctrl-d ctrl-k ctrl-s)." */
static void keys_pressed_without_thinking_are_harmless(void **state) {
    static const struct {
        const char *key, *action;
    } cases[] = {
        {"ctrl-a", ""},  {"ctrl-b", ""},        {"ctrl-d", "half-down"}, {"ctrl-k", ""},
        {"ctrl-s", ""},  {"ctrl-q", ""},        {"ctrl-w", ""},          {"Enter", "open"},
        {"Esc", "back"}, {"q", "close-view"},   {"Space", ""},           {"f", ""},
        {"D", ""},       {"ctrl-u", "half-up"},
    };
    struct keys *keys = default_keys(state);

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_action(keys, "board", cases[i].key, cases[i].action);
    }
}

/* The table "Keys" of SCREEN.md, as far as there are actions for it. */
static void the_promised_keys_are_bound(void **state) {
    static const char *const promised[] = {
        "j",     "k",      "↓",      "↑",      "g", "G", "PgUp", "PgDn", "ctrl-u", "ctrl-d", "Tab",
        "S-Tab", "+",      "Enter",  "Esc",    "q", "/", "n",    "N",    ":",      "?",      "F1",
        "y",     "ctrl-l", "ctrl-z", "ctrl-c", "1", "2", "3",    "4",    "5",      "6",      "7",
        "8",     "9",      "a",      "c",      "s", "d", "x",    "p",    "o",      "t",      "F",
    };
    struct keys *keys = default_keys(state);

    for (size_t i = 0; i < ARRAY_SIZE(promised); i++) {
        assert_non_null(keys_action(keys, "board", key_parse(promised[i])));
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_keys, free_keys)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(names_and_keys_are_one_another),
        TEST(a_view_comes_before_any),
        TEST(a_later_line_wins),
        TEST(comments_and_blanks_are_passed_over),
        TEST(what_cant_be_read_is_said),
        TEST(settings_are_read),
        TEST(lines_before_the_bad_one_stand),
        TEST(help_names_the_keys_that_count),
        TEST(no_two_keys_differ_by_case_alone),
        TEST(keys_pressed_without_thinking_are_harmless),
        TEST(the_promised_keys_are_bound),
    };

    text_init();
    return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
