/* The board: what is wrong, what is being done, by whom, what is late, and what waits on me. */
#include "config.h"

#include "ui/view.h"

#include "base/array.h"
#include "ui/divider.h"

/* From here on two columns are better than one. */
#define WIDE_COLS 110
#define WIDE_ROWS 20
/* Steps and clocks beside each other are at least so high. */
#define UPPER_LEAST 8

static const struct zone narrow[] = {
    {zone_clocks_rows, zone_clocks, .least = 3, .keep = 2},
    {zone_steps_rows, zone_steps, .least = 4, .keep = 5, .pane = PANE_STEPS},
    {zone_output_rows, zone_output, .least = 4, .pane = PANE_OUTPUT, .spare = true},
    {zone_others_rows, zone_others, .least = 3, .keep = 3, .pane = PANE_OTHERS},
    {zone_log_rows, zone_log, .least = 3, .keep = 1, .pane = PANE_LOG},
};

static const struct zone wide_above[] = {
    {.rows = zone_path_rows, .draw = zone_path},
    {.rows = zone_impact_rows, .draw = zone_impact},
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

static int larger(int a, int b) {
    return a > b ? a : b;
}

static int rows_wanted(struct frame *frame, const struct zone *zones, size_t count, int cols) {
    int rows = 0;
    for (size_t i = 0; i < count; i++)
        rows += zones[i].rows(frame, cols);
    return rows;
}

/* Steps and output beside clocks and decisions; below them, over the whole width, the rest. */
static void draw_wide(struct frame *frame, struct area area) {
    for (size_t i = 0; i < ARRAY_SIZE(wide_above); i++) {
        int rows = wide_above[i].rows(frame, area.cols);
        if (rows)
            wide_above[i].draw(frame, area_top(area, rows));
        area = area_below(area, rows);
    }
    int divider = area.cols * 7 / 12;
    int below = rows_wanted(frame, wide_below, ARRAY_SIZE(wide_below), area.cols);
    int left = rows_wanted(frame, wide_left, ARRAY_SIZE(wide_left), divider);
    int right = rows_wanted(frame, wide_right, ARRAY_SIZE(wide_right), area.cols - divider - 1);
    below = smaller(below, area.rows * 2 / 5);
    int upper = smaller(area.rows - below, larger(UPPER_LEAST, larger(left, right)));
    struct area top = area_top(area, upper);
    zones_draw(frame, area_left(top, divider), wide_left, ARRAY_SIZE(wide_left));
    zones_draw(frame, area_right_of(top, divider + 1), wide_right, ARRAY_SIZE(wide_right));
    divider_draw(frame->canvas, top, divider);
    zones_draw(frame, area_below(area, upper), wide_below, ARRAY_SIZE(wide_below));
}

static void draw_board(struct frame *frame, struct area area) {
    bool wide = area.cols >= WIDE_COLS && area.rows >= WIDE_ROWS && frame->incident;
    if (wide && !frame->page->maximised)
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
    .hints = work_hints,
};
