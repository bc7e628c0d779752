/* The board: what is wrong, what is being done, by whom, what is late, and what waits on me. */
#include "config.h"

#include "ui/view.h"

#include "base/array.h"

/* From here on two columns are better than one. */
#define WIDE_COLS 110

static const struct zone narrow[] = {
    {zone_clocks_rows, zone_clocks, .least = 2, .keep = 2},
    {zone_steps_rows, zone_steps, .least = 4, .keep = 5, .pane = PANE_STEPS},
    {zone_output_rows, zone_output, .least = 4, .keep = 0, .pane = PANE_OUTPUT},
    {zone_others_rows, zone_others, .least = 2, .keep = 3, .pane = PANE_OTHERS},
    {zone_log_rows, zone_log, .least = 3, .keep = 1, .pane = PANE_LOG},
};

static const struct zone wide_left[] = {
    {zone_steps_rows, zone_steps, .least = 4, .keep = 2, .pane = PANE_STEPS},
    {zone_output_rows, zone_output, .least = 4, .keep = 1, .pane = PANE_OUTPUT},
};

static const struct zone wide_right[] = {
    {zone_clocks_rows, zone_clocks, .least = 2, .keep = 2},
    {zone_decisions_rows, zone_decisions, .least = 2, .keep = 1},
};

static const struct zone wide_below[] = {
    {zone_others_rows, zone_others, .least = 2, .keep = 2, .pane = PANE_OTHERS},
    {zone_log_rows, zone_log, .least = 4, .keep = 1, .pane = PANE_LOG},
};

static int smaller(int a, int b) {
    return a < b ? a : b;
}

static int rows_wanted(struct frame *frame, const struct zone *zones, size_t count) {
    int rows = 0;
    for (size_t i = 0; i < count; i++)
        rows += zones[i].rows(frame);
    return rows;
}

static void draw_divider(struct frame *frame, struct area area, int col) {
    for (int row = 0; row < area.rows; row++)
        canvas_put(frame->canvas, area, row, col, ROLE_RULE, row ? "│" : "┬");
}

/* Steps and output beside clocks and decisions; below them, over the whole width, the rest. */
static void draw_wide(struct frame *frame, struct area area) {
    int path = zone_path_rows(frame);
    if (path)
        zone_path(frame, area_top(area, path));
    area = area_below(area, path);
    int below = rows_wanted(frame, wide_below, ARRAY_SIZE(wide_below));
    below = smaller(below, area.rows * 2 / 5);
    int left = rows_wanted(frame, wide_left, ARRAY_SIZE(wide_left));
    int upper = smaller(area.rows - below, left < 8 ? 8 : left);
    struct area top = area_top(area, upper);
    int left_cols = area.cols * 3 / 5;
    zones_draw(frame, area_left(top, left_cols), wide_left, ARRAY_SIZE(wide_left));
    draw_divider(frame, top, left_cols);
    zones_draw(frame, area_right_of(top, left_cols + 1), wide_right, ARRAY_SIZE(wide_right));
    zones_draw(frame, area_below(area, upper), wide_below, ARRAY_SIZE(wide_below));
}

static void draw_board(struct frame *frame, struct area area) {
    if (area.cols >= WIDE_COLS && area.rows >= 20 && !frame->page->maximised)
        draw_wide(frame, area);
    else
        zones_draw(frame, area, narrow, ARRAY_SIZE(narrow));
}

const struct view board_view = {
    .name = "board",
    .about = "the worst open incident, and the others",
    .panes = {PANE_STEPS, PANE_OTHERS, PANE_LOG},
    .draw = draw_board,
    .head_rows = 5,
};
