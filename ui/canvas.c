#include "config.h"

#include "ui/canvas.h"

#include "base/array.h"
#include "base/text.h"
#include "base/xtalloc.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

/* A base and the two marks that text_clean leaves on it, at most 4 bytes each, and the NUL. */
#define CLUSTER_BYTES 14

/* Written whole and zero-filled, so that they compare with memcmp. */
struct slot {
    char text[CLUSTER_BYTES];
    uint8_t role;
    bool highlight;
};

struct canvas {
    int rows, cols;
    bool ascii;
    bool cursor_shown;
    int cursor_row, cursor_col;
    struct slot *slots;
};

/* The letters of expected screens. */
static const char role_letters[ROLE_COUNT] = {
    [ROLE_TEXT] = 't',    [ROLE_DIM] = 'd',    [ROLE_STRONG] = 's',   [ROLE_TITLE] = 'i',
    [ROLE_RULE] = 'r',    [ROLE_LATE] = 'l',   [ROLE_UNKNOWN] = 'u',  [ROLE_WARN] = 'w',
    [ROLE_RUNNING] = 'n', [ROLE_READY] = 'e',  [ROLE_OK] = 'o',       [ROLE_YOU] = 'y',
    [ROLE_KEY] = 'k',     [ROLE_PROMPT] = 'p', [ROLE_SEVERITY] = 'v', [ROLE_DRILL] = 'b',
};

/* Every glyph of ours and what stands for it where only ASCII can be drawn: one cell for one cell.
 */
static const struct twin {
    const char *glyph;
    char ascii;
} twins[] = {
    {"✓", 'v'}, {"✗", 'x'}, {"►", '>'}, {"▸", '>'}, {"▲", '^'}, {"○", 'o'}, {"●", '*'},
    {"·", '.'}, {"─", '-'}, {"│", '|'}, {"┬", '+'}, {"┴", '+'}, {"├", '+'}, {"┤", '+'},
    {"┼", '+'}, {"┌", '+'}, {"┐", '+'}, {"└", '+'}, {"┘", '+'}, {"…", '~'}, {"—", '-'},
    {"–", '-'}, {"→", '>'}, {"←", '<'}, {"↑", '^'}, {"↓", 'v'}, {"≥", '>'}, {"≤", '<'},
    {"≠", '!'}, {"×", 'x'}, {"▁", '_'}, {"▂", '.'}, {"▃", ':'}, {"▄", '-'}, {"▅", '='},
    {"▆", '+'}, {"▇", '*'}, {"█", '#'}, {"░", '.'}, {"▒", ':'}, {"▓", '#'},
};

/* ---- the grid -------------------------------------------------------------------------------- */

static struct slot *slot_at(const struct canvas *canvas, int row, int col) {
    return &canvas->slots[(size_t)row * (size_t)canvas->cols + (size_t)col];
}

static size_t slot_count(const struct canvas *canvas) {
    return (size_t)canvas->rows * (size_t)canvas->cols;
}

struct canvas *canvas_new(const void *parent, int rows, int cols, bool ascii) {
    struct canvas *canvas = xtalloc_zero(parent, struct canvas);

    canvas->rows = rows < 1 ? 1 : rows;
    canvas->cols = cols < 1 ? 1 : cols;
    canvas->ascii = ascii;
    canvas->slots = xtalloc_array(canvas, struct slot, slot_count(canvas));
    canvas_clear(canvas);
    return canvas;
}

void canvas_clear(struct canvas *canvas) {
    size_t count = slot_count(canvas);

    for (size_t i = 0; i < count; i++) {
        canvas->slots[i] = (struct slot){.text = " ", .role = ROLE_TEXT};
    }
    canvas->cursor_shown = false;
}

void canvas_swap(struct canvas *a, struct canvas *b) {
    struct canvas kept = *a;

    *a = *b;
    *b = kept;
    talloc_steal(a, a->slots);
    talloc_steal(b, b->slots);
}

static bool slots_equal(const struct slot *a, const struct slot *b, int count) {
    return memcmp(a, b, (size_t)count * sizeof(struct slot)) == 0;
}

bool canvas_row_changes(const struct canvas *to, const struct canvas *from, int row, int *col,
                        int *end) {
    const struct slot *now = slot_at(to, row, 0), *before = slot_at(from, row, 0);

    *col = 0;
    *end = to->cols;
    if (slots_equal(now, before, to->cols)) {
        return false;
    }
    while (slots_equal(&now[*col], &before[*col], 1)) {
        (*col)++;
    }
    while (slots_equal(&now[*end - 1], &before[*end - 1], 1)) {
        (*end)--;
    }
    if (*col > 0 && now[*col].text[0] == '\0') {
        (*col)--;
    }
    return true;
}

struct area canvas_area(const struct canvas *canvas) {
    return (struct area){.rows = canvas->rows, .cols = canvas->cols};
}

bool canvas_is_ascii(const struct canvas *canvas) {
    return canvas->ascii;
}

struct cell canvas_cell(const struct canvas *canvas, int row, int col) {
    const struct slot *slot = slot_at(canvas, row, col);

    return (struct cell){.text = slot->text, .role = slot->role, .highlight = slot->highlight};
}

/* ---- cells in an area ------------------------------------------------------------------------ */

/* Cells of one row that may be written: [col, end) of the canvas. */
struct span {
    int row, col, end;
};

static int smaller(int a, int b) {
    return a < b ? a : b;
}

/* False when not one cell of the row, from col on, is inside both area and canvas. */
static bool find_span(const struct canvas *canvas, struct area area, int row, int col,
                      struct span *span) {
    if (row < 0 || col < 0 || row >= area.rows || col >= area.cols) {
        return false;
    }
    if (area.row < 0 || area.col < 0 || area.row >= canvas->rows || area.col >= canvas->cols) {
        return false;
    }
    int area_end = area.col + smaller(area.cols, canvas->cols - area.col);
    *span = (struct span){.row = area.row + smaller(row, canvas->rows),
                          .col = area.col + smaller(col, canvas->cols),
                          .end = area_end};
    return span->row < canvas->rows && span->col < span->end;
}

static void blank_slot(struct slot *slot) {
    *slot = (struct slot){.text = " ", .role = slot->role, .highlight = slot->highlight};
}

/* A wide character that loses one of its cells leaves a space in the other: so it is in front of
 * what is written from `col` on, before it is… */
static void blank_left_half(struct canvas *canvas, int row, int col) {
    if (col > 0 && slot_at(canvas, row, col)->text[0] == '\0') {
        blank_slot(slot_at(canvas, row, col - 1));
    }
}

/* …and behind what was written up to `end`, afterwards. */
static void blank_right_half(struct canvas *canvas, int row, int end) {
    if (end < canvas->cols && slot_at(canvas, row, end)->text[0] == '\0') {
        blank_slot(slot_at(canvas, row, end));
    }
}

static void write_slot(struct canvas *canvas, const struct span *at, int cells, enum role role,
                       const char *cluster, size_t size) {
    struct slot *slot = slot_at(canvas, at->row, at->col);

    *slot = (struct slot){.text = {size == 1 ? *cluster : '\0'}, .role = (uint8_t)role};
    if (size > 1) {
        memcpy(slot->text, cluster, size < CLUSTER_BYTES ? size : 0);
    }
    for (int i = 1; i < cells; i++) {
        slot[i] = (struct slot){.role = (uint8_t)role};
    }
}

/* The same character in `cells` cells, as far as the span goes. */
static void write_same(struct canvas *canvas, struct span at, int cells, enum role role,
                       const char *cluster, size_t size) {
    int end = smaller(at.col + cells, at.end);

    if (at.col >= end) {
        return;
    }
    blank_left_half(canvas, at.row, at.col);
    for (; at.col < end; at.col++) {
        write_slot(canvas, &at, 1, role, cluster, size);
    }
    blank_right_half(canvas, at.row, end);
}

static void write_blanks(struct canvas *canvas, struct span at, int cells, enum role role) {
    write_same(canvas, at, cells, role, " ", 1);
}

static const char *find_twin(const char *cluster, size_t size) {
    for (size_t i = 0; i < ARRAY_SIZE(twins); i++) {
        if (strlen(twins[i].glyph) == size && memcmp(twins[i].glyph, cluster, size) == 0) {
            return &twins[i].ascii;
        }
    }
    return NULL;
}

/* What is a cell of its own, whatever stands around it: most of all that is ever drawn. */
static bool is_one_cell(const char *clean) {
    return clean[0] >= ' ' && clean[0] <= '~' && (unsigned char)clean[1] < 0x80;
}

/* Writes as many of those as come next and have room; returns where they end in the text. */
static const char *write_plain(struct canvas *canvas, struct span *at, enum role role,
                               const char *clean) {
    struct slot *slot = slot_at(canvas, at->row, at->col);

    for (; at->col < at->end && is_one_cell(clean); at->col++) {
        *slot++ = (struct slot){.text = {*clean++}, .role = (uint8_t)role};
    }
    return clean;
}

/* Writes clean text from `at` on and returns the cells it took. */
static int write_text(struct canvas *canvas, struct span at, enum role role, const char *clean) {
    int start = at.col;
    int cells;

    if (*clean == '\0') {
        return 0;
    }
    blank_left_half(canvas, at.row, at.col);
    clean = write_plain(canvas, &at, role, clean);
    for (size_t size; (size = text_cluster(clean, &cells)) > 0;) {
        const char *twin = canvas->ascii && size > 1 ? find_twin(clean, size) : NULL;

        if (cells > at.end - at.col) {
            blank_right_half(canvas, at.row, at.col);
            write_blanks(canvas, at, at.end - at.col, role);
            return at.end - start;
        }
        write_slot(canvas, &at, cells, role, twin != NULL ? twin : clean, twin != NULL ? 1 : size);
        at.col += cells;
        clean = write_plain(canvas, &at, role, clean + size);
    }
    blank_right_half(canvas, at.row, at.col);
    return at.col - start;
}

static void write_line(struct canvas *canvas, struct span at, enum role role) {
    static const char glyph[] = "─";

    if (canvas->ascii) {
        write_same(canvas, at, at.end - at.col, role, find_twin(glyph, strlen(glyph)), 1);
    } else {
        write_same(canvas, at, at.end - at.col, role, glyph, strlen(glyph));
    }
}

/* ---- putting text ---------------------------------------------------------------------------- */

/* Most of what is drawn is plain words, which cleaning would only copy. Free what isn't `text`. */
static const char *clean_text(struct canvas *canvas, const char *text) {
    return text != NULL && text_is_plain(text) ? text : text_clean_z(canvas, text);
}

static void free_clean(const char *clean, const char *text) {
    if (clean != text) {
        talloc_free((void *)(uintptr_t)clean);
    }
}

int canvas_put(struct canvas *canvas, struct area area, int row, int col, enum role role,
               const char *text) {
    struct span at;

    if (!find_span(canvas, area, row, col, &at)) {
        return 0;
    }
    const char *clean = clean_text(canvas, text);
    int used = write_text(canvas, at, role, clean);
    free_clean(clean, text);
    return used;
}

int canvas_putf(struct canvas *canvas, struct area area, int row, int col, enum role role,
                const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    char *text = xtalloc_vasprintf(canvas, format, arguments);
    va_end(arguments);
    int used = canvas_put(canvas, area, row, col, role, text);
    talloc_free(text);
    return used;
}

int canvas_put_right(struct canvas *canvas, struct area area, int row, int col_end, enum role role,
                     const char *text) {
    int end = col_end < 0 ? area.cols + col_end + 1 : smaller(col_end, area.cols);
    const char *clean = clean_text(canvas, text);
    int col = end - text_width(clean);
    struct area left = area_left(area, end);

    if (col < 0) {
        col = 0;
    }
    canvas_put(canvas, left, row, col, role, clean);
    free_clean(clean, text);
    return col;
}

void canvas_put_cell(struct canvas *canvas, struct area area, int row, int col, int cells,
                     enum role role, const char *text) {
    struct span at;

    if (!find_span(canvas, area, row, col, &at) || cells <= 0) {
        return;
    }
    at.end = at.col + smaller(cells, at.end - at.col);
    const char *clean = clean_text(canvas, text);
    struct span before_dots = at;
    bool fits = text_width(clean) <= at.end - at.col;
    before_dots.end -= fits ? 0 : 1;
    if (before_dots.col < before_dots.end) {
        before_dots.col += write_text(canvas, before_dots, role, clean);
    }
    if (!fits) {
        at.col = at.end - 1;
        write_text(canvas, at, role, "…");
    }
    write_blanks(canvas, before_dots, before_dots.end - before_dots.col, role);
    free_clean(clean, text);
}

/* One blank cell is kept at both edges, as every line of a view does. */
void canvas_rule(struct canvas *canvas, struct area area, int row, const char *heading) {
    struct area inner = area_left(area_right_of(area, 1), area.cols - 2);
    int col = canvas_put(canvas, inner, row, 0, ROLE_RULE, heading);
    struct span at;

    if (col > 0) {
        col += canvas_put(canvas, inner, row, col, ROLE_RULE, " ");
    }
    if (find_span(canvas, inner, row, col, &at)) {
        write_line(canvas, at, ROLE_RULE);
    }
}

/* ---- marks and cursor ------------------------------------------------------------------------ */

void canvas_mark(struct canvas *canvas, struct area area, int row, int col, int cells,
                 enum role role) {
    struct span at;

    for (int i = 0; i < cells && find_span(canvas, area, row, col + i, &at); i++) {
        slot_at(canvas, at.row, at.col)->role = (uint8_t)role;
    }
}

void canvas_highlight(struct canvas *canvas, struct area area, int row, int col, int cells) {
    struct span at;

    for (int i = 0; i < cells && find_span(canvas, area, row, col + i, &at); i++) {
        slot_at(canvas, at.row, at.col)->highlight = true;
    }
}

void canvas_cursor(struct canvas *canvas, struct area area, int row, int col) {
    struct span at;

    canvas->cursor_shown = find_span(canvas, area, row, col, &at);
    if (canvas->cursor_shown) {
        canvas->cursor_row = at.row;
        canvas->cursor_col = at.col;
    }
}

bool canvas_cursor_at(const struct canvas *canvas, int *row, int *col) {
    *row = canvas->cursor_row;
    *col = canvas->cursor_col;
    return canvas->cursor_shown;
}

/* ---- areas ----------------------------------------------------------------------------------- */

static int clamp(int value, int high) {
    return value < 0 ? 0 : smaller(value, high);
}

struct area area_top(struct area area, int rows) {
    area.rows = clamp(rows, area.rows);
    return area;
}

struct area area_below(struct area area, int rows) {
    rows = clamp(rows, area.rows);
    area.row += rows;
    area.rows -= rows;
    return area;
}

struct area area_left(struct area area, int cols) {
    area.cols = clamp(cols, area.cols);
    return area;
}

struct area area_right_of(struct area area, int cols) {
    cols = clamp(cols, area.cols);
    area.col += cols;
    area.cols -= cols;
    return area;
}

/* ---- planes for expected screens ------------------------------------------------------------- */

static char *join_rows(const void *parent, const struct canvas *canvas,
                       char *(*append)(char *plane, const struct slot *slot)) {
    char *plane = xtalloc_strdup(parent, "");

    for (int row = 0; row < canvas->rows; row++) {
        if (row > 0) {
            plane = xtalloc_check(talloc_strdup_append_buffer(plane, "\n"));
        }
        for (int col = 0; col < canvas->cols; col++) {
            plane = append(plane, slot_at(canvas, row, col));
        }
    }
    return plane;
}

static char *append_text(char *plane, const struct slot *slot) {
    return xtalloc_check(talloc_strdup_append_buffer(plane, slot->text));
}

static char *append_role(char *plane, const struct slot *slot) {
    char letter = role_letters[slot->role];
    char text[] = {slot->highlight ? (char)toupper((unsigned char)letter) : letter, '\0'};

    return xtalloc_check(talloc_strdup_append_buffer(plane, text));
}

char *canvas_text(const void *parent, const struct canvas *canvas) {
    return join_rows(parent, canvas, append_text);
}

char *canvas_roles(const void *parent, const struct canvas *canvas) {
    return join_rows(parent, canvas, append_role);
}
