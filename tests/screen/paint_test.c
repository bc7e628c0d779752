/* ui/paint.c, ui/pen.c, ui/looks.c: what is sent is what was drawn, on every kind of terminal, and
 * it is few bytes. */
#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/xtalloc.h"
#include "ui/paint.h"
#include "ui/terminfo.h"

#include <string.h>
#include <vterm.h>

/* ---- a terminal ------------------------------------------------------------------------------ */

struct screen {
    enum theme_depth depth;
    struct looks *looks;
    struct pen *pen;
    struct canvas *shown;
    VTerm *vterm;
    VTermScreen *cells;
    char *sent; /* the last frame */
};

static int free_screen(struct screen *screen) {
    vterm_free(screen->vterm);
    terminfo_forget();
    return 0;
}

static struct screen *screen_new(const char *term_name, int rows, int cols) {
    struct screen *screen = xtalloc_zero(NULL, struct screen);

    assert_true(terminfo_read(term_name));
    screen->depth = theme_depth_of(terminfo_number("colors"), false);
    screen->looks = looks_new(screen, screen->depth);
    screen->pen = pen_new(screen, screen->looks, false);
    pen_resize(screen->pen, rows, cols);
    pen_clear(screen->pen);
    screen->shown = canvas_new(screen, rows, cols, false);
    screen->vterm = vterm_new(rows, cols);
    vterm_set_utf8(screen->vterm, 1);
    screen->cells = vterm_obtain_screen(screen->vterm);
    vterm_screen_reset(screen->cells, 1);
    talloc_set_destructor(screen, free_screen);
    return screen;
}

/* Shows it and frees it. */
static void show(struct screen *screen, struct canvas *canvas) {
    size_t length;

    paint(screen->pen, screen->looks, canvas, screen->shown);
    const char *bytes = pen_take(screen->pen, &length);
    vterm_input_write(screen->vterm, bytes, length);
    talloc_free(screen->sent);
    screen->sent = xtalloc_strndup(screen, bytes, length);
    canvas_swap(screen->shown, canvas);
    talloc_free(canvas);
}

static struct canvas *blank(const struct screen *screen) {
    struct area area = canvas_area(screen->shown);

    return canvas_new(screen, area.rows, area.cols, false);
}

/* ---- what was drawn is what is seen ---------------------------------------------------------- */

static VTermScreenCell seen(const struct screen *screen, int row, int col) {
    VTermScreenCell cell;

    vterm_screen_get_cell(screen->cells, (VTermPos){.row = row, .col = col}, &cell);
    return cell;
}

static void assert_text_seen(const VTermScreenCell *cell, const char *text) {
    char bytes[VTERM_MAX_CHARS_PER_CELL * UTF8_MAX + 1];
    size_t length = 0;

    if (*text == '\0') {
        assert_int_equal(cell->chars[0], (uint32_t)-1);
        return;
    }
    for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i] != 0; i++) {
        length += utf8_write(cell->chars[i], bytes + length);
    }
    bytes[length] = '\0';
    assert_string_equal(length > 0 ? bytes : " ", text);
}

static void assert_look_seen(const VTermScreenCell *cell, struct look look, bool blank) {
    bool reverse = (look.attributes & LOOK_REVERSE) != 0;

    assert_int_equal(cell->attrs.reverse, reverse);
    assert_int_equal(cell->attrs.underline != 0, (look.attributes & LOOK_UNDERLINE) != 0);
    if (!blank) {
        assert_int_equal(cell->attrs.bold, (look.attributes & LOOK_BOLD) != 0);
        assert_int_equal(!VTERM_COLOR_IS_DEFAULT_FG(&cell->fg), look.color != LOOK_DEFAULT_COLOR);
    }
}

static void assert_cursor_seen(const struct screen *screen) {
    VTermPos at;
    int row, col;

    if (canvas_cursor_at(screen->shown, &row, &col)) {
        vterm_state_get_cursorpos(vterm_obtain_state(screen->vterm), &at);
        assert_int_equal(at.row, row);
        assert_int_equal(at.col, col);
    }
}

/* A terminal that scrolls when its last cell is written doesn't get what stands there. */
static void assert_seen(const struct screen *screen) {
    struct area area = canvas_area(screen->shown);
    int cells = area.rows * area.cols;
    bool fills_all = terminfo_flag("xenl");

    while (!fills_all &&
           *canvas_cell(screen->shown, area.rows - 1, (cells - 1) % area.cols).text == '\0') {
        cells--;
    }
    cells -= fills_all ? 0 : 1;
    for (int i = 0; i < cells; i++) {
        VTermScreenCell now = seen(screen, i / area.cols, i % area.cols);
        struct cell cell = canvas_cell(screen->shown, i / area.cols, i % area.cols);
        assert_text_seen(&now, cell.text);
        if (*cell.text != '\0') {
            assert_look_seen(&now, theme_look(cell.role, screen->depth, cell.highlight),
                             strcmp(cell.text, " ") == 0);
        }
    }
    assert_cursor_seen(screen);
}

/* ---- pictures made at random ----------------------------------------------------------------- */

#define ROWS   12
#define COLS   40
#define ITEMS  24
#define FRAMES 300

static unsigned next_random(unsigned *seed, unsigned below) {
    *seed = *seed * 1103515245U + 12345U;
    return (*seed >> 16) % below;
}

static void draw_item(struct canvas *canvas, unsigned seed) {
    static const char *const words[] = {
        "6:42 / 6:00",           "a",          "",   "日本語",   "e\u0301 José", "──────── ►",
        "one two  three   four", "          ", "12", "░░ ✓ done"};
    struct area all = canvas_area(canvas), inner = area_left(all, COLS - 1);
    int row = (int)next_random(&seed, ROWS), col = (int)next_random(&seed, COLS);
    enum role role = (enum role)next_random(&seed, ROLE_COUNT);

    const char *text = words[next_random(&seed, ARRAY_SIZE(words))];
    /* libvterm 0.1.4 loses the marks of what stands in the last column. */
    canvas_put(canvas, strstr(text, "\u0301") != NULL ? inner : all, row, col, role, text);
    switch (next_random(&seed, 12)) {
    case 0:
        canvas_highlight(canvas, all, row, 0, COLS);
        break;
    case 1:
        canvas_put_cell(canvas, all, row, 0, COLS, ROLE_TEXT, "");
        break;
    case 2:
        canvas_cursor(canvas, all, row, col);
        break;
    case 3:
        canvas_put(canvas, all, ROWS - 1, COLS - 3, role, "end");
        break;
    default:
        break;
    }
}

/* From one frame to the next now one item changes, now all of them. */
static void assert_random_pictures_are_seen(struct screen *screen) {
    unsigned items[ITEMS] = {0}, seed = 4122;

    for (int frame = 0; frame < FRAMES; frame++) {
        unsigned changes = next_random(&seed, 4) == 0 ? ITEMS : 2;
        for (unsigned i = 0; i < changes; i++) {
            items[next_random(&seed, ITEMS)] = seed;
        }
        struct canvas *canvas = blank(screen);
        for (size_t i = 0; i < ITEMS; i++) {
            draw_item(canvas, items[i]);
        }
        show(screen, canvas);
        assert_seen(screen);
    }
}

static void what_is_drawn_is_seen_on_every_kind(void **state) {
    static const char *const kinds[] = {"xterm-256color", "xterm", "xterm-mono", "screen-256color",
                                        "tmux-256color",  "linux", "vt100",      "vt220",
                                        "rxvt",           "ansi"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        struct screen *screen = screen_new(kinds[i], ROWS, COLS);
        assert_random_pictures_are_seen(screen);
        talloc_free(screen);
    }
}

/* A broadcast of another program moves the cursor; only what it wrote over is spoilt. */
static void every_frame_begins_at_a_place_that_is_named(void **state) {
    struct screen *screen = screen_new("xterm-256color", ROWS, COLS);
    static const char strange[] = "\r\nBroadcast message";

    (void)state;
    for (int i = 0; i < 10; i++) {
        struct canvas *canvas = blank(screen);
        canvas_putf(canvas, canvas_area(canvas), 0, 30, ROLE_STRONG, "%d", i);
        show(screen, canvas);
        assert_int_equal(seen(screen, 0, 30).chars[0], '0' + i);
        vterm_input_write(screen->vterm, strange, strlen(strange));
    }
    talloc_free(screen);
}

/* ---- few bytes ------------------------------------------------------------------------------- */

/* Ten timers and two clocks as on the board; the selected row is the first. */
static struct canvas *draw_timers(const struct screen *screen, int second) {
    struct canvas *canvas = blank(screen);
    struct area all = canvas_area(canvas);

    canvas_putf(canvas, all, 0, 63, ROLE_TITLE, "T+27:%02d  14:08:%02d", second, second + 4);
    for (int row = 7; row < 13; row++) {
        canvas_putf(canvas, all, row, 90, ROLE_STRONG, "in  8:%02d", 60 - second);
    }
    for (int row = 7; row < 12; row++) {
        canvas_put(canvas, all, row, 20, ROLE_TEXT, "One of ten");
        canvas_putf(canvas, all, row, 56, ROLE_STRONG, "0:%02d / 9:00", second);
    }
    canvas_highlight(canvas, all, 7, 0, 70);
    return canvas;
}

/* A tick is a digit for each timer, and what leads from one to the next: most often a line feed and
 * a backspace. */
static void a_tick_is_few_bytes(void **state) {
    struct screen *screen = screen_new("xterm-256color", 40, 120);

    (void)state;
    show(screen, draw_timers(screen, 41));
    show(screen, draw_timers(screen, 42));
    assert_seen(screen);
    assert_string_equal(screen->sent, "\033[1;70H\033[1m2\033[9C6"
                                      "\033[8;98H8\n\b8\n\b8\n\b8\n\b8\n\b8"
                                      "\033[9;60H2\n\b2\n\b2\n\b2"
                                      "\033[4A\b\033[0;7m2\033[m");
    talloc_free(screen);
}

static void assert_sent(struct screen *screen, int row, int col, const char *words,
                        const char *expected) {
    struct canvas *canvas = blank(screen);

    canvas_put(canvas, canvas_area(canvas), row, col, ROLE_TEXT, words);
    show(screen, canvas);
    assert_string_equal(screen->sent, expected);
}

static void what_is_said_anew_is_short(void **state) {
    struct screen *screen = screen_new("xterm-256color", 3, 40);

    (void)state;
    show(screen, blank(screen));
    assert_sent(screen, 1, 4, "0:42 left", "\033[2;5H0:42 left");
    assert_sent(screen, 1, 4, "0:42 left", "");
    assert_sent(screen, 1, 4, "1:43 left", "\033[2;5H1:43"); /* over what stands between */
    assert_sent(screen, 1, 4, "2:43 Left", "\033[2;5H2\033[4CL");
    assert_sent(screen, 1, 4, "2", "\033[2;6H\033[K");
    assert_sent(screen, 1, 4, "日", "\033[2;5H日");
    talloc_free(screen);
}

/* It has other words than ECMA-48 (DEC's VT52 handbook: ESC Y, row and column from 32 on). */
static void other_terminals_are_told_places_in_their_own_words(void **state) {
    struct screen *screen = screen_new("vt52", 3, 40);
    size_t length;

    (void)state;
    pen_take(screen->pen, &length);
    pen_move(screen->pen, 1, 4);
    pen_put(screen->pen, LOOK_PLAIN, "a", 1);
    pen_move(screen->pen, 2, 20);
    const char *bytes = pen_take(screen->pen, &length);
    assert_int_equal(length, 9);
    assert_memory_equal(bytes, "\033Y!$a\033Y\"4", length);
    talloc_free(screen);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_drawn_is_seen_on_every_kind),
        cmocka_unit_test(every_frame_begins_at_a_place_that_is_named),
        cmocka_unit_test(a_tick_is_few_bytes),
        cmocka_unit_test(what_is_said_anew_is_short),
        cmocka_unit_test(other_terminals_are_told_places_in_their_own_words),
    };

    text_init();
    return cmocka_run_group_tests_name("paint", tests, NULL, NULL);
}
