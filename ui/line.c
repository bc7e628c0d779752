#include "config.h"

#include "ui/line.h"

#include "base/text.h"
#include "base/xtalloc.h"

#include <stdarg.h>
#include <string.h>

/* Most lines have no more. */
#define SPANS_FIRST 12

struct span {
    enum role role;
    const char *text; /* clean */
    int cells;
};

struct side {
    struct span *spans;
    size_t count, room;
    int cells;
};

struct line {
    struct side left, right;
};

struct line *line_new(const void *scratch) {
    return xtalloc_zero(scratch, struct line);
}

/* Most words stand for themselves, and there is nothing to format. */
__attribute__((format(printf, 2, 0))) static const char *words(struct line *line,
                                                               const char *format, va_list args) {
    if (strchr(format, '%') == NULL)
        return format;
    if (strcmp(format, "%s") != 0)
        return xtalloc_vasprintf(line, format, args);
    /* The analyzer takes every list that is handed over for one that nobody began. */
    return va_arg(args, const char *); /* NOLINT(clang-analyzer-valist.Uninitialized) */
}

__attribute__((format(printf, 4, 0))) static void
append(struct line *line, struct side *side, enum role role, const char *format, va_list args) {
    const char *raw = words(line, format, args);
    const char *text = raw && text_is_plain(raw) ? raw : text_clean_z(line, raw);
    if (!*text)
        return;
    if (side->count == side->room) {
        side->room = 2 * side->room + SPANS_FIRST;
        side->spans = xtalloc_realloc(line, side->spans, struct span, side->room);
    }
    side->spans[side->count] = (struct span){role, text, text_width(text)};
    side->cells += side->spans[side->count++].cells;
}

void line_left(struct line *line, enum role role, const char *format, ...) {
    va_list args;
    va_start(args, format);
    append(line, &line->left, role, format, args);
    va_end(args);
}

void line_right(struct line *line, enum role role, const char *format, ...) {
    va_list args;
    va_start(args, format);
    append(line, &line->right, role, format, args);
    va_end(args);
}

void line_tab(struct line *line, int col) {
    if (line->left.cells < col)
        line_left(line, ROLE_TEXT, "%*s", col - line->left.cells, "");
}

/* One blank cell at both edges, and one between the sides. */
int line_room(const struct line *line, int cols) {
    int right = line->right.cells ? line->right.cells + 1 : 0;
    return cols - 2 - line->left.cells - right;
}

size_t line_place(const struct line *line) {
    return line->left.count;
}

void line_back(struct line *line, size_t place) {
    while (line->left.count > place)
        line->left.cells -= line->left.spans[--line->left.count].cells;
}

static void draw_side(const struct side *side, struct canvas *canvas, struct area area, int row,
                      int col, int end) {
    for (size_t i = 0; i < side->count && col < end; i++) {
        const struct span *span = &side->spans[i];
        if (col + span->cells <= end)
            canvas_put(canvas, area, row, col, span->role, span->text);
        else
            canvas_put_cell(canvas, area, row, col, end - col, span->role, span->text);
        col += span->cells;
    }
}

void line_draw(const struct line *line, struct canvas *canvas, struct area area, int row) {
    int end = area.cols - 1;
    int right = end - line->right.cells;
    int left_end = line->right.cells ? right - 1 : end;
    draw_side(&line->left, canvas, area, row, 1, left_end);
    draw_side(&line->right, canvas, area, row, right > 1 ? right : 1, end);
}
