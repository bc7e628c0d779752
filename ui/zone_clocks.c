/* CLOCKS and DECISIONS: what is due and what was decided. */
#include "config.h"

#include "ui/view.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "incident/status.h"
#include "ui/line.h"

/* From this width on clocks stand beside each other, the right half beginning at its middle. */
#define TWO_COLS        76
#define RIGHT_COL(cols) ((cols) / 2 - 2)

static int columns_of(int cols) {
    return cols >= TWO_COLS ? 2 : 1;
}

/* ---- clocks ---------------------------------------------------------------------------------- */

int zone_clocks_rows(struct frame *frame, int cols) {
    if (!frame->incident)
        return 0;
    int count = (int)frame_clocks(frame, frame->incident)->count;
    int columns = columns_of(cols);
    return count ? (count + columns - 1) / columns + 1 : 0;
}

/* "customer word   in  4:12 kim", and when it is over "   +0:42 kim  LATE". */
static void draw_clock(struct frame *frame, struct area area, int row, const struct clock *clock) {
    int64_t left = clock->due_ms - frame->now_ms;
    const char *time = duration_clock(frame->scratch, left);
    bool wide = area.cols >= 45;
    int due = wide ? 19 : 17, who = wide ? 30 : 26;
    canvas_put_cell(frame->canvas, area, row, 1, due - 2, ROLE_TEXT,
                    clock_label(frame->scratch, clock));
    if (left < 0)
        canvas_putf(frame->canvas, area, row, due, ROLE_LATE, "%8s",
                    xtalloc_asprintf(frame->scratch, "+%s", time));
    else
        canvas_putf(frame->canvas, area, row, due, left < MINUTE_MS ? ROLE_WARN : ROLE_STRONG,
                    "in %5s", time);
    canvas_putf(frame->canvas, area, row, who, clock->who ? ROLE_TEXT : ROLE_LATE, "%s%s",
                clock->who ? clock->who : "nobody", left < 0 ? "  LATE" : "");
}

void zone_clocks(struct frame *frame, struct area area) {
    const struct clocks *clocks = frame_clocks(frame, frame->incident);
    int columns = columns_of(area.cols), middle = RIGHT_COL(area.cols);
    canvas_rule(frame->canvas, area, 0, "CLOCKS");
    for (int i = 0; i < (int)clocks->count && i / columns + 1 < area.rows; i++) {
        bool right = i % columns == 1;
        struct area half = right          ? area_right_of(area, middle)
                           : columns == 2 ? area_left(area, middle)
                                          : area;
        draw_clock(frame, half, i / columns + 1, &clocks->list[i]);
    }
}

/* ---- decisions ------------------------------------------------------------------------------- */

int zone_decisions_rows(struct frame *frame, int cols) {
    (void)cols;
    size_t count = frame->incident ? frame->incident->decisions_count : 0;
    return count ? (int)count * 2 + 1 : 0;
}

/* What it was, and below it why. */
static int draw_decision(struct frame *frame, struct area area, int row,
                         const struct decision *decision, bool in_force) {
    struct area inner = area_left(area, area.cols - 1);
    int at = 1 + canvas_putf(frame->canvas, inner, row, 1, ROLE_DIM, "%s %s  ",
                             time_minute(frame->scratch, decision->at_ms), decision->by);
    canvas_put_cell(frame->canvas, inner, row, at, inner.cols - at,
                    in_force ? ROLE_STRONG : ROLE_DIM,
                    decision->title ? decision->title : decision->option);
    canvas_put_cell(frame->canvas, inner, row + 1, at, inner.cols - at, ROLE_DIM, decision->reason);
    return row + 2;
}

/* Newest first: the one in force stands on top. */
void zone_decisions(struct frame *frame, struct area area) {
    const struct incident *incident = frame->incident;
    int row = 1;
    canvas_rule(frame->canvas, area, 0, "DECISIONS");
    for (size_t i = incident->decisions_count; i > 0 && row < area.rows; i--) {
        const struct decision *decision = &incident->decisions[i - 1];
        row = draw_decision(frame, area, row, decision, decision == incident_decision(incident));
    }
}
