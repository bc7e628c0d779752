/* ui/canvas.c: clipping, wide characters, ASCII twins, and that hostile text stays in its place. */
#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/text.h"
#include "base/xtalloc.h"
#include "ui/canvas.h"

#include <limits.h>
#include <string.h>

#define HOSTILE_LINES 2000

static int make_canvas(void **state) {
    *state = canvas_new(NULL, 3, 10, false);
    return 0;
}

static int free_canvas(void **state) {
    talloc_free(*state);
    return 0;
}

static void assert_text(struct canvas *canvas, const char *expected) {
    char *text = canvas_text(canvas, canvas);

    assert_string_equal(text, expected);
    talloc_free(text);
}

static void assert_roles(struct canvas *canvas, const char *expected) {
    char *roles = canvas_roles(canvas, canvas);

    assert_string_equal(roles, expected);
    talloc_free(roles);
}

/* ---- planes and places ----------------------------------------------------------------------- */

static void planes_show_text_and_roles(void **state) {
    struct canvas *canvas = *state;
    struct area all = canvas_area(canvas);

    assert_int_equal(canvas_put(canvas, all, 0, 1, ROLE_LATE, "late"), 4);
    assert_int_equal(canvas_putf(canvas, all, 1, 0, ROLE_OK, "%d of %d", 2, 9), 6);
    canvas_highlight(canvas, all, 1, 0, 3);
    canvas_mark(canvas, all, 2, 8, 99, ROLE_KEY);
    assert_text(canvas, " late     \n2 of 9    \n          ");
    assert_roles(canvas, "tllllttttt\nOOOoootttt\nttttttttkk");
    canvas_clear(canvas);
    assert_text(canvas, "          \n          \n          ");
    assert_roles(canvas, "tttttttttt\ntttttttttt\ntttttttttt");
}

static void text_is_clipped_to_its_area(void **state) {
    static const struct {
        struct area area;
        int row, col, used;
    } puts[] = {
        {{0, 0, 3, 10}, 0, 0, 5},          {{0, 0, 3, 10}, 0, 7, 3},
        {{0, 0, 3, 4}, 0, 0, 4},           {{0, 0, 3, 4}, 0, 4, 0},
        {{0, 0, 3, 10}, 3, 0, 0},          {{0, 0, 3, 10}, -1, 0, 0},
        {{0, 0, 3, 10}, 0, -1, 0},         {{2, 8, 9, 99}, 0, 0, 2},
        {{2, 8, 9, 99}, 1, 0, 0},          {{5, 0, 1, 10}, 0, 0, 0},
        {{0, 30, 1, 10}, 0, 0, 0},         {{-1, -1, 5, 20}, 1, 1, 0},
        {{0, 0, 0, 0}, 0, 0, 0},           {{0, 0, INT_MAX, INT_MAX}, INT_MAX - 1, 0, 0},
        {{0, 9, 3, INT_MAX}, 0, 5, 0},     {{0, 0, 3, INT_MAX}, 0, INT_MAX - 1, 0},
        {{2, 0, INT_MAX, 10}, 2147, 0, 0},
    };

    for (size_t i = 0; i < ARRAY_SIZE(puts); i++) {
        assert_int_equal(
            canvas_put(*state, puts[i].area, puts[i].row, puts[i].col, ROLE_TEXT, "words"),
            puts[i].used);
    }
}

static void wide_characters_are_whole_or_spaces(void **state) {
    struct canvas *canvas = *state;
    struct area all = canvas_area(canvas);

    assert_int_equal(canvas_put(canvas, all, 0, 0, ROLE_OK, "日本"), 4);
    assert_string_equal(canvas_cell(canvas, 0, 1).text, "");
    assert_int_equal(canvas_put(canvas, area_left(all, 3), 1, 0, ROLE_OK, "日本"), 3);
    assert_int_equal(canvas_put(canvas, all, 2, 9, ROLE_OK, "本"), 1);
    assert_text(canvas, "日本      \n日        \n          ");
    assert_roles(canvas, "ooootttttt\nooottttttt\nttttttttto");
}

static void half_of_a_wide_character_becomes_a_space(void **state) {
    struct canvas *canvas = *state;
    struct area all = canvas_area(canvas);

    canvas_put(canvas, all, 0, 0, ROLE_TEXT, "日本語");
    canvas_put(canvas, all, 0, 1, ROLE_TEXT, "ab");
    canvas_put(canvas, all, 1, 1, ROLE_TEXT, "日");
    canvas_put(canvas, all, 1, 0, ROLE_TEXT, "本");
    assert_text(canvas, " ab 語    \n本        \n          ");
}

static void marks_stay_on_their_base(void **state) {
    struct canvas *canvas = *state;

    assert_int_equal(canvas_put(canvas, canvas_area(canvas), 0, 0, ROLE_TEXT, "e\u0301\u0323x"), 2);
    assert_string_equal(canvas_cell(canvas, 0, 0).text, "e\u0301\u0323");
    assert_string_equal(canvas_cell(canvas, 0, 1).text, "x");
}

/* ---- whole cells, right, rules --------------------------------------------------------------- */

static void cells_are_padded_or_end_in_dots(void **state) {
    struct canvas *canvas = *state;
    struct area all = canvas_area(canvas);

    canvas_put(canvas, all, 0, 0, ROLE_LATE, "##########");
    canvas_put_cell(canvas, all, 0, 0, 4, ROLE_TEXT, "ab");
    canvas_put_cell(canvas, all, 0, 5, 4, ROLE_TEXT, "abcde");
    canvas_put_cell(canvas, all, 1, 0, 4, ROLE_TEXT, "日本語");
    canvas_put_cell(canvas, all, 1, 5, 4, ROLE_TEXT, "abcd");
    canvas_put_cell(canvas, all, 2, 8, 4, ROLE_TEXT, "abc");
    canvas_put_cell(canvas, all, 2, 0, 1, ROLE_TEXT, "abc");
    canvas_put_cell(canvas, all, 2, 3, 0, ROLE_TEXT, "abc");
    assert_text(canvas, "ab  #abc…#\n日 … abcd \n…       a…");
}

static void right_means_the_last_cell(void **state) {
    struct canvas *canvas = *state;
    struct area all = canvas_area(canvas);

    assert_int_equal(canvas_put_right(canvas, all, 0, -1, ROLE_TEXT, "end"), 7);
    assert_int_equal(canvas_put_right(canvas, all, 1, 6, ROLE_TEXT, "日x"), 3);
    assert_int_equal(canvas_put_right(canvas, all, 2, 4, ROLE_TEXT, "too long"), 0);
    assert_text(canvas, "       end\n   日x    \ntoo       ");
    assert_int_equal(canvas_put_right(canvas, all, 0, -2, ROLE_TEXT, "z"), 8);
}

static void a_rule_fills_the_row(void **state) {
    struct canvas *canvas = *state;
    struct area all = canvas_area(canvas);

    canvas_rule(canvas, all, 0, "LOG");
    canvas_rule(canvas, area_left(all, 6), 1, "");
    canvas_rule(canvas, all, 2, "TOO LONG BY FAR");
    canvas_rule(canvas, area_left(all, 1), 2, "TOO NARROW");
    assert_text(canvas, " LOG ──── \n ────     \n TOO LONG ");
    assert_roles(canvas, "trrrrrrrrt\ntrrrrttttt\ntrrrrrrrrt");
}

/* ---- areas and cursor ------------------------------------------------------------------------ */

static void assert_area(struct area area, int row, int col, int rows, int cols) {
    assert_int_equal(area.row, row);
    assert_int_equal(area.col, col);
    assert_int_equal(area.rows, rows);
    assert_int_equal(area.cols, cols);
}

static void areas_split_without_remainder(void **state) {
    struct area area = {.row = 2, .col = 3, .rows = 10, .cols = 20};

    (void)state;
    assert_area(area_top(area, 4), 2, 3, 4, 20);
    assert_area(area_below(area, 4), 6, 3, 6, 20);
    assert_area(area_left(area, 5), 2, 3, 10, 5);
    assert_area(area_right_of(area, 5), 2, 8, 10, 15);
    assert_area(area_top(area, 99), 2, 3, 10, 20);
    assert_area(area_below(area, 99), 12, 3, 0, 20);
    assert_area(area_right_of(area, -4), 2, 3, 10, 20);
    assert_area(area_left(area, -4), 2, 3, 10, 0);
}

static void the_cursor_stays_inside(void **state) {
    struct canvas *canvas = *state;
    struct area inside = {.row = 1, .col = 2, .rows = 1, .cols = 3};
    int row, col;

    assert_false(canvas_cursor_at(canvas, &row, &col));
    canvas_cursor(canvas, inside, 0, 2);
    assert_true(canvas_cursor_at(canvas, &row, &col));
    assert_int_equal(row, 1);
    assert_int_equal(col, 4);
    canvas_cursor(canvas, inside, 0, 3);
    assert_false(canvas_cursor_at(canvas, &row, &col));
    canvas_cursor(canvas, inside, 0, 0);
    canvas_clear(canvas);
    assert_false(canvas_cursor_at(canvas, &row, &col));
}

/* Another of the same size, with the same text in it. */
static struct canvas *canvas_alike(struct canvas *canvas, const char *text) {
    struct area area = canvas_area(canvas);
    struct canvas *alike = canvas_new(canvas, area.rows, area.cols, false);

    canvas_put(canvas, area, 1, 0, ROLE_OK, text);
    canvas_put(alike, area, 1, 0, ROLE_OK, text);
    return alike;
}

static void two_that_were_drawn_alike_are_equal_until_one_changes(void **state) {
    struct canvas *canvas = *state;
    struct canvas *copy = canvas_alike(canvas, "日 ok");

    int col, end;
    for (int row = 0; row < 3; row++) {
        assert_false(canvas_row_changes(copy, canvas, row, &col, &end));
    }
    canvas_highlight(copy, canvas_area(copy), 1, 0, 1);
    canvas_mark(copy, canvas_area(copy), 2, 0, 1, ROLE_LATE);
    assert_false(canvas_row_changes(copy, canvas, 0, &col, &end));
    assert_true(canvas_row_changes(copy, canvas, 1, &col, &end));
    assert_true(canvas_row_changes(copy, canvas, 2, &col, &end));
}

static void two_swapped_are_each_what_the_other_was(void **state) {
    struct canvas *canvas = *state;
    struct canvas *small = canvas_new(canvas, 1, 4, true);
    int row, col;

    canvas_put(small, canvas_area(small), 0, 0, ROLE_OK, "tiny");
    canvas_cursor(small, canvas_area(small), 0, 2);
    struct area large = canvas_area(canvas);
    canvas_swap(small, canvas);
    assert_int_equal(canvas_area(small).rows, large.rows);
    assert_false(canvas_is_ascii(small));
    assert_false(canvas_cursor_at(small, &row, &col));
    assert_string_equal(canvas_text(canvas, canvas), "tiny");
    assert_true(canvas_is_ascii(canvas));
    assert_true(canvas_cursor_at(canvas, &row, &col));
    talloc_free(small); /* and each owns its cells */
    assert_string_equal(canvas_text(canvas, canvas), "tiny");
}

static void what_changed_in_a_row_begins_with_a_whole_character(void **state) {
    struct canvas *canvas = *state;
    struct canvas *copy = canvas_alike(canvas, "a日bc");
    int col, end;

    canvas_mark(copy, canvas_area(copy), 1, 3, 1, ROLE_LATE);
    assert_true(canvas_row_changes(copy, canvas, 1, &col, &end));
    assert_int_equal(col, 3);
    assert_int_equal(end, 4);
    canvas_mark(copy, canvas_area(copy), 1, 2, 1, ROLE_LATE); /* the right half of it */
    assert_true(canvas_row_changes(copy, canvas, 1, &col, &end));
    assert_int_equal(col, 1);
    assert_int_equal(end, 4);
}

/* ---- ASCII ----------------------------------------------------------------------------------- */

/* Every glyph that stands in the pictures of the screen, each one cell wide. */
static const char glyphs[] = "✓✗►▸▲○●·─│┬┴├┤┼┌┐└┘…—–→←↑↓≥≤≠×▁▂▃▄▅▆▇█░▒▓";

static void every_glyph_has_a_twin_of_one_cell(void **state) {
    struct canvas *canvas = canvas_new(*state, 1, text_width(glyphs), true);
    int used = canvas_put(canvas, canvas_area(canvas), 0, 0, ROLE_TEXT, glyphs);

    assert_int_equal(used, text_width(glyphs));
    for (int col = 0; col < used; col++) {
        const char *text = canvas_cell(canvas, 0, col).text;
        assert_int_equal(strlen(text), 1);
        assert_in_range(*text, ' ' + 1, '~');
    }
}

static void ascii_reads_well_and_keeps_names(void **state) {
    struct canvas *canvas = canvas_new(*state, 1, 26, true);

    canvas_put(canvas, canvas_area(canvas), 0, 0, ROLE_TEXT, "✓ 1 ► 2 ─ want ≥9 José 日");
    canvas_put_cell(canvas, canvas_area(canvas), 0, 20, 4, ROLE_TEXT, "abcdef");
    assert_text(canvas, "v 1 > 2 - want >9 Joabc~  ");
}

/* ---- hostile text ---------------------------------------------------------------------------- */

static const char *const hostile_parts[] = {
    "\b\b\b\b",
    "\r",
    "\n",
    "\t",
    "\033[2J",
    "\033[1;1H",
    "\033]0;title\a",
    "\033P+q\033\\",
    "\x9b"
    "2J",
    "\xc2\x9b"
    "2J",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u0301\u0301\u0301\u0301",
    "日本語",
    "\U0001f468\u200d\U0001f469",
    "\U0001f1e9\U0001f1ea",
    "\xff\xfe",
    "\xe2\x82",
    "\xed\xa0\x80",
    "\uffff",
    "\U000e0041",
    "\u115f",
    "\u3164",
    "\ue000",
    "\x7f",
    "words",
    " ",
    "\u00ad",
    "\u0488",
    "\ufdfd",
    "\u1160",
};

static char *hostile_line(const void *parent, struct random *random) {
    char *line = xtalloc_strdup(parent, "");

    for (size_t parts = random_below(random, 12); parts > 0; parts--) {
        const char *part = hostile_parts[random_below(random, ARRAY_SIZE(hostile_parts))];
        line = xtalloc_check(talloc_strdup_append(line, part));
    }
    return line;
}

static void fill(struct canvas *canvas, const char *text) {
    struct area all = canvas_area(canvas);

    for (int row = 0; row < all.rows; row++) {
        for (int col = 0; col < all.cols; col++) {
            canvas_put(canvas, all, row, col, ROLE_DIM, text);
        }
    }
}

static bool is_inside(struct area area, int row, int col) {
    return row >= area.row && row < area.row + area.rows && col >= area.col &&
           col < area.col + area.cols;
}

/* A cell that can go to a terminal as it is: clean, and as many cells wide as it takes here. */
static void assert_cell_is_clean(struct canvas *canvas, int row, int col) {
    const char *text = canvas_cell(canvas, row, col).text;
    char *clean = text_clean_z(canvas, text);
    int cells = text_width(text);
    bool is_behind = col > 0 && text_width(canvas_cell(canvas, row, col - 1).text) == 2;

    assert_string_equal(clean, text);
    assert_int_equal(cells == 0, is_behind);
    assert_true(cells <= 2 && col + cells <= canvas_area(canvas).cols);
    talloc_free(clean);
}

static void assert_border_untouched(struct canvas *canvas, struct area inside) {
    struct area all = canvas_area(canvas);

    for (int row = 0; row < all.rows; row++) {
        for (int col = 0; col < all.cols; col++) {
            assert_cell_is_clean(canvas, row, col);
            if (!is_inside(inside, row, col)) {
                assert_string_equal(canvas_cell(canvas, row, col).text, "#");
                assert_int_equal(canvas_cell(canvas, row, col).role, ROLE_DIM);
            }
        }
    }
}

static void hostile_text_never_leaves_its_area(void **state) {
    struct canvas *canvas = canvas_new(*state, 5, 30, false);
    const struct area inside = {.row = 1, .col = 4, .rows = 3, .cols = 19};
    struct random random = {.state = 20261112};

    fill(canvas, "#");
    for (int i = 0; i < HOSTILE_LINES; i++) {
        char *line = hostile_line(canvas, &random);
        canvas_put(canvas, inside, 0, (int)random_below(&random, 19), ROLE_OK, line);
        canvas_put_cell(canvas, inside, 1, (int)random_below(&random, 10),
                        (int)random_below(&random, 30), ROLE_OK, line);
        canvas_put_right(canvas, inside, 2, -1, ROLE_OK, line);
        canvas_rule(canvas, inside, (int)random_below(&random, 3), line);
        assert_border_untouched(canvas, inside);
        talloc_free(line);
    }
}

/* The picture itself: nothing a terminal obeys is left, and each row has its width. */
static void hostile_text_leaves_no_control(void **state) {
    struct canvas *canvas = canvas_new(*state, 1, 40, false);
    struct random random = {.state = 4112};

    for (int i = 0; i < HOSTILE_LINES; i++) {
        char *line = hostile_line(canvas, &random);
        canvas_clear(canvas);
        canvas_put(canvas, canvas_area(canvas), 0, 0, ROLE_TEXT, line);
        char *text = canvas_text(canvas, canvas);
        assert_int_equal(text_width(text), 40);
        for (const char *at = text; *at != '\0'; at++) {
            assert_false(((unsigned char)*at < ' ') || *at == 0x7f);
        }
        talloc_free(text);
        talloc_free(line);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_canvas, free_canvas)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(planes_show_text_and_roles),
        TEST(text_is_clipped_to_its_area),
        TEST(wide_characters_are_whole_or_spaces),
        TEST(half_of_a_wide_character_becomes_a_space),
        TEST(marks_stay_on_their_base),
        TEST(cells_are_padded_or_end_in_dots),
        TEST(right_means_the_last_cell),
        TEST(a_rule_fills_the_row),
        TEST(areas_split_without_remainder),
        TEST(the_cursor_stays_inside),
        TEST(two_that_were_drawn_alike_are_equal_until_one_changes),
        TEST(two_swapped_are_each_what_the_other_was),
        TEST(what_changed_in_a_row_begins_with_a_whole_character),
        TEST(every_glyph_has_a_twin_of_one_cell),
        TEST(ascii_reads_well_and_keeps_names),
        TEST(hostile_text_never_leaves_its_area),
        TEST(hostile_text_leaves_no_control),
    };

    text_init();
    return cmocka_run_group_tests_name("canvas", tests, NULL, NULL);
}
