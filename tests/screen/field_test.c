/* ui/field.c: typing, deleting and moving over UTF-8, pastes, and what is drawn. */
#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/xtalloc.h"
#include "ui/field.h"
#include "ui/input.h"

#include <string.h>

static int make_field(void **state) {
    *state = field_new(NULL);
    return 0;
}

static int free_field(void **state) {
    talloc_free(*state);
    return 0;
}

/* Presses keys by their names, parted by spaces. */
static void press(struct text_field *field, const char *names) {
    char *copy = xtalloc_strdup(field, names);
    char *rest;

    for (char *name = strtok_r(copy, " ", &rest); name != NULL; name = strtok_r(NULL, " ", &rest)) {
        assert_true(field_key(field, key_parse(name)));
    }
    talloc_free(copy);
}

static void keys_edit_at_the_place(void **state) {
    static const struct {
        const char *before, *keys, *after;
        size_t place;
    } cases[] = {
        {"", "a b c", "abc", 3},
        {"abc", "Left Left x", "axbc", 2},
        {"abc", "Home x", "xabc", 1},
        {"abc", "Home Right Del", "ac", 1},
        {"abc", "Home End x", "abcx", 4},
        {"abc", "Left Backspace", "ac", 1},
        {"abc", "Home Backspace Left", "abc", 0},
        {"abc", "Del Right", "abc", 3},
        {"one two", "ctrl-w", "one ", 4},
        {"one two  ", "ctrl-w", "one ", 4},
        {"one two three", "Left Left Left Left Left ctrl-w", "one three", 4},
        {"one", "ctrl-w ctrl-w", "", 0},
        {"one two", "Left ctrl-u", "", 0},
        {"日本語", "Left Backspace", "日語", 3},
        {"e\u0301x", "Left Backspace", "x", 0},
        {"e\u0301x", "Home Del", "x", 0},
        {"José", "Left Left Del", "Joé", 2},
        {"e", "\u0301 Left", "e\u0301", 0},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        field_set(*state, cases[i].before);
        press(*state, cases[i].keys);
        assert_string_equal(field_text(*state), cases[i].after);
        assert_int_equal(field_place(*state), cases[i].place);
    }
}

/* Enter submits, Esc leaves, Tab completes; and the keys of tmux and screen do nothing. */
static void other_keys_are_the_callers(void **state) {
    static const char *const names[] = {"Enter",  "Esc",    "Tab",   "S-Tab",  "Up",
                                        "Down",   "PgUp",   "F1",    "ctrl-a", "ctrl-b",
                                        "ctrl-c", "ctrl-d", "ctrl-z"};

    field_set(*state, "text");
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        assert_false(field_key(*state, key_parse(names[i])));
    }
    assert_string_equal(field_text(*state), "text");
}

static void a_paste_becomes_one_clean_line(void **state) {
    static const struct {
        const char *paste, *text;
    } cases[] = {
        {"two\nlines", "two lines"}, {"\n\n  lead\r\n\r\ntail\n", "  lead tail"},
        {"tab\tbed", "tab bed"},     {"esc\033[2J", "esc^[[2J"},
        {"bad\xff", "bad\ufffd"},    {"\u202eevil", "<U+202E>evil"},
        {"e\u0301", "e\u0301"},      {"", ""},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        field_set(*state, "");
        field_paste(*state, cases[i].paste);
        assert_string_equal(field_text(*state), cases[i].text);
    }
    field_set(*state, "ac");
    press(*state, "Left");
    field_paste(*state, "b");
    assert_string_equal(field_text(*state), "abc");
    assert_int_equal(field_place(*state), 2);
}

static void the_text_has_a_limit(void **state) {
    char *much = xtalloc_zero_array(*state, char, FIELD_MAX + 2);

    memset(much, 'x', FIELD_MAX);
    field_set(*state, much);
    assert_int_equal(strlen(field_text(*state)), FIELD_MAX);
    press(*state, "y");
    assert_int_equal(strlen(field_text(*state)), FIELD_MAX);
    much[FIELD_MAX] = 'x';
    field_set(*state, much);
    assert_string_equal(field_text(*state), "");
}

static void random_keys_keep_the_place_whole(void **state) {
    static const char *const names[] = {"a",      "日",         "\u0301", "Left",  "Right",
                                        "Home",   "End",        "Del",    "Space", "Backspace",
                                        "ctrl-w", "\U0001f468", "\u0323"};
    struct random random = {.state = 7};

    for (int i = 0; i < 20000; i++) {
        press(*state, names[random_below(&random, ARRAY_SIZE(names))]);
        const char *text = field_text(*state);
        char *clean = text_clean_z(*state, text);
        size_t place = 0;
        assert_string_equal(clean, text);
        for (int cells; place < field_place(*state);) {
            place += text_cluster(text + place, &cells);
        }
        assert_int_equal(place, field_place(*state));
        talloc_free(clean);
    }
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void it_scrolls_to_the_place(void **state) {
    static const struct {
        const char *text, *keys, *row;
        int cursor;
    } cases[] = {
        {"", "", "|          |", 1},
        {"short", "", "|short     |", 6},
        {"123456789", "", "|123456789 |", 10},
        {"1234567890", "", "|…34567890 |", 10},
        {"1234567890abc", "", "|…67890abc |", 10},
        {"1234567890abc", "Home", "|1234567890|", 1},
        {"1234567890abc", "Left Left Left Left", "|1234567890|", 10},
        {"日本語日本", "", "|…本語日本 |", 10},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct canvas *canvas = canvas_new(*state, 1, 12, false);
        int row, col;
        canvas_put(canvas, canvas_area(canvas), 0, 0, ROLE_TEXT, "|##########|");
        field_set(*state, cases[i].text);
        press(*state, cases[i].keys);
        field_draw(*state, canvas, canvas_area(canvas), 0, 1, 10, ROLE_PROMPT);
        char *text = canvas_text(canvas, canvas);
        assert_string_equal(text, cases[i].row);
        assert_true(canvas_cursor_at(canvas, &row, &col));
        assert_int_equal(col, cases[i].cursor);
        talloc_free(canvas);
    }
}

static void it_fits_where_there_is_hardly_room(void **state) {
    struct canvas *canvas = canvas_new(*state, 1, 8, false);

    field_set(*state, "日本語 and more");
    for (int cells = 0; cells < 8; cells++) {
        field_draw(*state, canvas, canvas_area(canvas), 0, 8 - cells, cells, ROLE_PROMPT);
    }
    field_draw(*state, canvas, canvas_area(canvas), 3, 0, 8, ROLE_PROMPT);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_field, free_field)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(keys_edit_at_the_place),
        TEST(other_keys_are_the_callers),
        TEST(a_paste_becomes_one_clean_line),
        TEST(the_text_has_a_limit),
        TEST(random_keys_keep_the_place_whole),
        TEST(it_scrolls_to_the_place),
        TEST(it_fits_where_there_is_hardly_room),
    };

    text_init();
    return cmocka_run_group_tests_name("field", tests, NULL, NULL);
}
