/* Help: generated from the actions and from the keys that are bound now. */
#include "config.h"

#include "ui/view.h"

#include "base/xtalloc.h"
#include "ui/actions.h"
#include "ui/line.h"

#include <string.h>

static struct items help_lines(const struct frame *frame) {
    struct items items = {.keys = xtalloc_array(frame->scratch, const char *, 64)};
    for (const struct action *action = actions; action->name && items.count < 64; action++)
        items.keys[items.count++] = action->name;
    return items;
}

static void draw_action(struct frame *frame, struct area area, int row, const char *name) {
    const struct action *action = action_find(name);
    struct line *line = line_new(frame->scratch);
    line_left(line, ROLE_KEY, "%s", keys_for(frame->scratch, frame->keys, "any", name));
    line_tab(line, 14);
    line_left(line, ROLE_STRONG, " %s", name);
    line_tab(line, 32);
    line_left(line, ROLE_TEXT, " %s", action->help);
    line_draw(line, frame->canvas, area, row);
}

static void draw_help(struct frame *frame, struct area area) {
    lines_draw(frame, area, "KEYS   type : for any command, Esc goes back", draw_action);
}

const struct view help_view = {
    .name = "help",
    .about = "what every key does",
    .panes = {PANE_LINES},
    .draw = draw_help,
    .head_rows = 1,
    .lines = help_lines,
};
