/* Lists: a selection that sticks to its item, filters that read each line once, and lines that
 * show words whole or not at all. */
#include "config.h"

#include "tests/base/unit.h"

#include "base/text.h"
#include "base/xtalloc.h"
#include "ui/cursor.h"
#include "ui/filter.h"
#include "ui/line.h"

#include <string.h>

static int setup(void **state) {
    *state = talloc_new(NULL);
    return text_init() ? 0 : -1;
}

static int teardown(void **state) {
    talloc_free(*state);
    return 0;
}

/* ---- the cursor ------------------------------------------------------------------------------ */

static struct items words_of(const char *const *keys, size_t count) {
    return (struct items){.keys = keys, .count = count};
}

static void test_it_sticks_to_a_word(void **state) {
    static const char *const before[] = {"a", "b", "c"}, *const after[] = {"x", "c", "y", "b"};
    struct items items = words_of(before, 3), others = words_of(after, 4);
    struct cursor cursor = {0};
    cursor_select(*state, &cursor, &items, 1);
    assert_int_equal(cursor_index(&cursor, &others), 3);
    others = words_of(after, 3); /* b is gone: its place is kept */
    assert_int_equal(cursor_index(&cursor, &others), 1);
    others = words_of(after, 1);
    assert_int_equal(cursor_index(&cursor, &others), 0);
    others = words_of(after, 0);
    assert_int_equal(cursor_index(&cursor, &others), 0);
}

static void test_nobody_has_chosen(void **state) {
    static const char *const keys[] = {"a", "b", "c"};
    struct items items = words_of(keys, 3);
    struct cursor cursor = {0};
    items.first = 2;
    assert_int_equal(cursor_index(&cursor, &items), 2);
    cursor_move(*state, &cursor, &items, -1);
    assert_string_equal(cursor.key, "b");
    cursor_move(*state, &cursor, &items, -100);
    assert_string_equal(cursor.key, "a");
    cursor_move(*state, &cursor, &items, 100);
    assert_string_equal(cursor.key, "c");
}

static int64_t tens(const void *list, size_t line) {
    (void)list;
    return (int64_t)line * 10;
}

static void test_it_sticks_to_a_number(void **state) {
    static const size_t some[] = {1, 3, 6};
    struct items all = {.number = tens, .count = 8};
    struct items few = {.number = tens, .lines = some, .count = 3};
    struct cursor cursor = {0};
    cursor_select(*state, &cursor, &all, 3);
    assert_string_equal(cursor.key, "30");
    assert_int_equal(cursor_index(&cursor, &few), 1);
    assert_int_equal(item_line(&few, 1), 3);
    cursor_select(*state, &cursor, &all, 4); /* not among the few: the next has its place */
    assert_int_equal(cursor_index(&cursor, &few), 2);
    cursor_select(*state, &cursor, &all, 7);
    assert_int_equal(cursor_index(&cursor, &few), 2);
}

static void test_it_scrolls_as_little_as_it_can(void **state) {
    struct items items = {.count = 20};
    struct cursor cursor = {0};
    cursor_select(*state, &cursor, &items, 4);
    assert_int_equal(cursor_scroll(&cursor, &items, 5), 0);
    cursor_select(*state, &cursor, &items, 5);
    assert_int_equal(cursor_scroll(&cursor, &items, 5), 1);
    cursor_select(*state, &cursor, &items, 2);
    assert_int_equal(cursor_scroll(&cursor, &items, 5), 1);
    cursor_select(*state, &cursor, &items, 19);
    assert_int_equal(cursor_scroll(&cursor, &items, 5), 15);
    items.count = 3; /* the list got shorter: no empty rows below it */
    assert_int_equal(cursor_scroll(&cursor, &items, 5), 0);
}

/* ---- the filter ------------------------------------------------------------------------------ */

struct book {
    const char *const *lines;
    size_t asked;
};

static const char *line_text(const void *scratch, const void *data, size_t line) {
    struct book *book = (struct book *)(uintptr_t)data;
    (void)scratch;
    book->asked++;
    return book->lines[line];
}

static void test_each_line_is_read_once(void **state) {
    static const char *const lines[] = {"Alpha", "beta", NULL, "alphabet", "gamma"};
    struct book book = {lines, 0};
    struct filter *filter = filter_new(*state, "ALPHA");
    size_t found;
    const size_t *list = filter_lines(filter, lines, 3, line_text, &book, &found);
    assert_int_equal(found, 1);
    assert_int_equal(list[0], 0);
    list = filter_lines(filter, lines, 5, line_text, &book, &found);
    assert_int_equal(found, 2);
    assert_int_equal(list[1], 3);
    assert_int_equal(book.asked, 5);
    filter_lines(filter, lines, 2, line_text, &book, &found); /* it got shorter */
    assert_int_equal(found, 1);
    assert_int_equal(book.asked, 7);
}

static void test_lists_are_kept_apart(void **state) {
    static const char *const one[] = {"a", "b"}, *const other[] = {"b", "b"};
    struct book book = {one, 0}, others = {other, 0};
    struct filter *filter = filter_new(*state, "!a");
    size_t found;
    filter_lines(filter, one, 2, line_text, &book, &found);
    assert_int_equal(found, 1);
    filter_lines(filter, other, 2, line_text, &others, &found);
    assert_int_equal(found, 2);
    filter_lines(filter, one, 2, line_text, &book, &found);
    assert_int_equal(found, 1);
    assert_int_equal(book.asked, 2);
    assert_string_equal(filter_words(filter), "!a");
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void test_words_are_taken_back(void **state) {
    struct canvas *canvas = canvas_new(*state, 1, 20, false);
    struct line *line = line_new(*state);
    line_left(line, ROLE_TEXT, "left");
    line_right(line, ROLE_TEXT, "right");
    size_t place = line_place(line);
    assert_int_equal(line_room(line, 20), 20 - 2 - 4 - 1 - 5);
    line_left(line, ROLE_TEXT, " much too long");
    assert_true(line_room(line, 20) < 0);
    line_back(line, place);
    assert_int_equal(line_room(line, 20), 8);
    line_draw(line, canvas, canvas_area(canvas), 0);
    assert_string_equal(canvas_text(*state, canvas), " left         right ");
}

static void test_words_have_the_width_they_are_shown_in(void **state) {
    struct line *line = line_new(*state);
    line_left(line, ROLE_TEXT, "a\033b");
    line_left(line, ROLE_TEXT, "%s", "\u202e");
    assert_int_equal(line_room(line, 30), 30 - 2 - 4 - 8); /* a^[b<U+202E> */
}

static void test_a_tab_goes_to_its_column(void **state) {
    struct line *line = line_new(*state);
    line_left(line, ROLE_TEXT, "abc");
    line_tab(line, 4);
    assert_int_equal(line_room(line, 20), 20 - 2 - 4);
    line_tab(line, 2);
    assert_int_equal(line_room(line, 20), 20 - 2 - 4);
}

/* Neither edge is written on, and the left side leaves a cell before the right one. */
static void test_what_is_too_long_is_cut(void **state) {
    struct canvas *canvas = canvas_new(*state, 2, 12, true);
    struct line *line = line_new(*state);
    line_left(line, ROLE_TEXT, "0123456789");
    line_left(line, ROLE_TEXT, "more");
    line_left(line, ROLE_TEXT, "and more");
    line_right(line, ROLE_TEXT, "end");
    line_draw(line, canvas, canvas_area(canvas), 0);
    struct line *wide = line_new(*state);
    line_right(wide, ROLE_TEXT, "longer than a row");
    line_draw(wide, canvas, canvas_area(canvas), 1);
    assert_string_equal(canvas_text(*state, canvas), " 01234~ end \n longer th~ ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_it_sticks_to_a_word, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nobody_has_chosen, setup, teardown),
        cmocka_unit_test_setup_teardown(test_it_sticks_to_a_number, setup, teardown),
        cmocka_unit_test_setup_teardown(test_it_scrolls_as_little_as_it_can, setup, teardown),
        cmocka_unit_test_setup_teardown(test_each_line_is_read_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lists_are_kept_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_words_are_taken_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_words_have_the_width_they_are_shown_in, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_tab_goes_to_its_column, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_too_long_is_cut, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
