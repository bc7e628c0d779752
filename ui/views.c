#include "config.h"

#include "ui/view.h"

#include "base/array.h"
#include "base/text.h"
#include "base/xtalloc.h"

#include <string.h>

#define LEAST_ROWS 10
#define LEAST_COLS 40

static const struct view *const views[] = {&board_view, &incident_view, &step_view, &messages_view,
                                           &help_view};

const char *const view_names[] = {"board", "incident", "step", "messages", "help", NULL};

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

/* ---- views that are a list of lines
 * --------------------------------------------------------------------- */

void lines_draw(struct frame *frame, struct area area, const char *heading,
                void (*draw_line)(struct frame *frame, struct area area, int row,
                                  const char *key)) {
    const struct items items = pane_items(frame, PANE_LINES);
    struct cursor *cursor = pane_cursor(frame, PANE_LINES);
    size_t room = area.rows > 1 ? (size_t)area.rows - 1 : 0;
    size_t top = cursor_scroll(cursor, &items, room);
    size_t selected = cursor_index(cursor, &items);
    canvas_rule(frame->canvas, area, 0, heading);
    for (size_t i = 0; i < room && top + i < items.count; i++) {
        draw_line(frame, area, (int)i + 1, items.keys[top + i]);
        if (top + i == selected)
            canvas_highlight(frame->canvas, area, (int)i + 1, 0, area.cols);
    }
}
