#include "config.h"

#include "ui/view.h"

#include "base/array.h"
#include "base/text.h"
#include "base/xtalloc.h"

#include <string.h>

#define LEAST_ROWS 10
#define LEAST_COLS 40

static const struct view *const views[] = {&board_view, &incident_view, &step_view,
                                           &roles_view, &messages_view, &help_view};

const char *const view_names[] = {"board", "incident", "step", "roles", "messages", "help", NULL};

const char *const work_hints[] = {"duty-1",  "start", "done",   "not-done", "follow", "note",
                                  "concern", "call",  "people", "pause",    "help",   NULL};
const char *const read_hints[] = {"move-down", "move-up", "back", "palette", NULL};

const struct view *view_find(const char *name) {
    for (size_t i = 0; i < ARRAY_SIZE(views); i++)
        if (strcmp(views[i]->name, name) == 0)
            return views[i];
    return NULL;
}

static void draw_too_small(struct frame *frame, struct area area) {
    zone_title(frame, area, 0);
    if (area.rows > 1)
        canvas_putf(frame->canvas, area, 1, 0, ROLE_WARN, "make it at least %dx%d (is %dx%d)",
                    LEAST_COLS, LEAST_ROWS, area.cols, area.rows + 1);
}

void view_draw(struct frame *frame, struct area area) {
    const struct view *view = frame->page->view;
    if (area.cols < LEAST_COLS || area.rows + 1 < LEAST_ROWS) {
        draw_too_small(frame, area);
        return;
    }
    zone_head(frame, area_top(area, view->head_rows));
    view->draw(frame, area_below(area, view->head_rows));
}

/* ---- views that are a list of lines ---------------------------------------------------------- */

/* The first line to show, so that the selected one is seen whole where it can be. */
static size_t first_line(struct frame *frame, const struct items *items, struct area area,
                         const struct line_look *look) {
    struct cursor *cursor = pane_cursor(frame, PANE_LINES);
    size_t selected = cursor_index(cursor, items);
    size_t top = cursor->top < selected ? cursor->top : selected;
    int rows = 0;
    for (size_t i = top; i <= selected && i < items->count; i++)
        rows += look->rows(frame, items->keys[i], area.cols);
    for (; top < selected && rows > area.rows - 1; top++)
        rows -= look->rows(frame, items->keys[top], area.cols);
    cursor->top = top;
    return top;
}

void lines_draw(struct frame *frame, struct area area, const char *heading,
                const struct line_look *look) {
    const struct items items = pane_items(frame, PANE_LINES);
    size_t selected = cursor_index(pane_cursor(frame, PANE_LINES), &items);
    int row = 1;
    canvas_rule(frame->canvas, area, 0, heading);
    for (size_t i = first_line(frame, &items, area, look); i < items.count && row < area.rows;
         i++) {
        int rows = look->rows(frame, items.keys[i], area.cols);
        look->draw(frame, area, row, items.keys[i]);
        for (int behind = row + rows; i == selected && row < behind; row++)
            canvas_highlight(frame->canvas, area, row, 0, area.cols);
        row += i == selected ? 0 : rows;
    }
}

char *words_of_name(const void *parent, const char *name) {
    char *words = xtalloc_strdup(parent, name);
    for (char *at = words; (at = strchr(at, '_')) != NULL; at++)
        *at = ' ';
    return words;
}

void draw_selected(struct frame *frame, struct area area, int row) {
    canvas_put(frame->canvas, area, row, 0, ROLE_KEY, "▸");
    canvas_highlight(frame->canvas, area, row, 0, area.cols);
}
