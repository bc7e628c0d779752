/* What a view draws on: a grid of cells with two planes, text and role.
 * Owns its cells. Never knows colours or the terminal: a role says what a cell *means*,
 * ui/theme.c says how that looks, ui/paint.c carries it out. Everything put here goes through
 * text_clean, so nothing from outside reaches a terminal raw or leaves its rectangle. */
#ifndef BACKOUT_UI_CANVAS_H
#define BACKOUT_UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

/* What a cell means. The letter in the role plane of expected screens stands in canvas.c's table.
 */
enum role {
    ROLE_TEXT,     /* plain words */
    ROLE_DIM,      /* what matters less: done steps, ages, rules */
    ROLE_STRONG,   /* names and states that carry the line */
    ROLE_TITLE,    /* line 1 */
    ROLE_RULE,     /* ──── and headings inside them */
    ROLE_LATE,     /* late, failed, refused */
    ROLE_UNKNOWN,  /* nobody knows: unknown steps, doubt */
    ROLE_WARN,     /* soon late, gated, paused */
    ROLE_RUNNING,  /* at work now */
    ROLE_READY,    /* may start */
    ROLE_OK,       /* done, live, well */
    ROLE_YOU,      /* what waits on me */
    ROLE_KEY,      /* a key to press */
    ROLE_PROMPT,   /* the line being typed */
    ROLE_SEVERITY, /* SEV1, SEV2 */
    ROLE_DRILL,    /* DRILL, RO and other standing badges */
    ROLE_COUNT,
};

/* A rectangle of the canvas, in cells; the right and bottom edges are outside. Putting text into an
 * area never writes outside of it. */
struct area {
    int row, col, rows, cols;
};

struct canvas;

/* All cells blank, ROLE_TEXT. `ascii`: glyphs are written as their ASCII twins (✓ v, ► >, ─ -, …;
 * table in canvas.c), other non-ASCII text as text_clean leaves it. Sizes below one cell count as
 * one. */
struct canvas *canvas_new(const void *parent, int rows, int cols, bool ascii);
void canvas_clear(struct canvas *canvas);
struct area canvas_area(const struct canvas *canvas);

/* Puts `text` at row, col of `area` (relative to it), hard-clipped to it. A wide character that
 * doesn't fit the last cell becomes a space. Returns the cells used. Out-of-range rows or columns
 * put nothing. */
int canvas_put(struct canvas *canvas, struct area area, int row, int col, enum role role,
               const char *text);
int canvas_putf(struct canvas *canvas, struct area area, int row, int col, enum role role,
                const char *format, ...) __attribute__((format(printf, 6, 7)));
/* Flush right: the text's last cell is the one before `col_end` (relative; negative: from the
 * area's right edge). Returns the column it started at. */
int canvas_put_right(struct canvas *canvas, struct area area, int row, int col_end, enum role role,
                     const char *text);
/* A whole line in exactly `cells` cells: padded with spaces or clipped with "…" at the end. */
void canvas_put_cell(struct canvas *canvas, struct area area, int row, int col, int cells,
                     enum role role, const char *text);
/* " HEADING ───── " over the row of the area, a blank at both edges. */
void canvas_rule(struct canvas *canvas, struct area area, int row, const char *heading);
/* Re-roles `cells` cells without changing their text; `highlight` marks the selection (drawn in
 * reverse). */
void canvas_mark(struct canvas *canvas, struct area area, int row, int col, int cells,
                 enum role role);
void canvas_highlight(struct canvas *canvas, struct area area, int row, int col, int cells);

/* Where the terminal's cursor stands (a text field); hidden until then. */
void canvas_cursor(struct canvas *canvas, struct area area, int row, int col);
bool canvas_cursor_at(const struct canvas *canvas, int *row, int *col);

/* Splitting areas: the first `rows` rows or `cols` columns, and what remains (clamped, never
 * negative). */
struct area area_top(struct area area, int rows);
struct area area_below(struct area area, int rows);
struct area area_left(struct area area, int cols);
struct area area_right_of(struct area area, int cols);

/* For term.c and tests: one cell. `text` is a whole grapheme as UTF-8, "" behind a wide one. */
struct cell {
    const char *text;
    enum role role;
    bool highlight;
};
struct cell canvas_cell(const struct canvas *canvas, int row, int col);
bool canvas_is_ascii(const struct canvas *canvas);

/* Whether a row of `to` looks other than that of `from`, of the same width; then the cells [col,
 * end) hold all that differs, and no half of a wide character stands at their beginning. */
bool canvas_row_changes(const struct canvas *to, const struct canvas *from, int row, int *col,
                        int *end);
/* Each takes over all that the other was, size and cursor included. */
void canvas_swap(struct canvas *a, struct canvas *b);

/* The text plane (rows joined by newlines, trailing blanks kept as drawn) and the role plane (one
 * letter a cell; upper-cased when highlighted), for goldens. */
char *canvas_text(const void *parent, const struct canvas *canvas);
char *canvas_roles(const void *parent, const struct canvas *canvas);

#endif
