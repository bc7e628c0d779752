/* OTHERS: every open incident but the one in focus. */
#include "config.h"

#include "ui/view.h"

#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "incident/status.h"

#include <stdlib.h>
#include <string.h>

int zone_others_rows(struct frame *frame, int cols) {
    (void)cols;
    size_t count = pane_items(frame, PANE_OTHERS).count;
    return count ? (int)count + 1 : 0;
}

static const struct incident *incident_of(const struct frame *frame, const char *key) {
    return state_incident(frame->state, strtoll(key, NULL, 10));
}

static bool is_late(struct frame *frame, const struct incident *incident) {
    return clocks_worst(frame_clocks(frame, incident), frame->now_ms);
}

static size_t count_late(struct frame *frame, const struct items *items) {
    size_t late = 0;
    for (size_t i = 0; i < items->count; i++)
        late += is_late(frame, incident_of(frame, items->keys[i]));
    return late;
}

/* Where each column begins; those that don't fit are left out. */
struct columns {
    int title, phase, commander, steps, clock;
};

static struct columns columns_of(int cols) {
    if (cols >= 100)
        return (struct columns){
            .title = 10, .phase = 40, .commander = 56, .steps = 66, .clock = 74};
    if (cols >= 70)
        return (struct columns){
            .title = 10, .phase = 34, .commander = 50, .steps = 56, .clock = 62};
    return (struct columns){.title = 10, .phase = cols - 16};
}

static void draw_clock(struct frame *frame, struct area area, int row, int col,
                       const struct incident *incident) {
    const struct clock *clock = clocks_next(frame_clocks(frame, incident));
    if (!clock)
        return;
    int64_t left = clock->due_ms - frame->now_ms;
    const char *what = clock_label(frame->scratch, clock);
    const char *time = duration_clock(frame->scratch, left);
    int room = area.cols - 1 - col;
    if (left < 0) {
        canvas_put_cell(frame->canvas, area, row, col, room, ROLE_LATE,
                        xtalloc_asprintf(frame->scratch, "LATE +%s %s", time, what));
        return;
    }
    /* What is due may be cut, when it is due may not. */
    int words = text_width(text_clean_z(frame->scratch, what));
    int behind = (int)strlen(time) + 4;
    words = words < room - behind ? words : room - behind;
    canvas_put_cell(frame->canvas, area, row, col, words, ROLE_TEXT, what);
    canvas_putf(frame->canvas, area, row, col + words, ROLE_TEXT, " in %s", time);
}

/* Returns the column behind the number. */
static int draw_name(struct frame *frame, struct area area, int row, const struct incident *other) {
    if (other->drill)
        canvas_put(frame->canvas, area, row, 1, ROLE_DRILL, "DRILL");
    else
        canvas_putf(frame->canvas, area, row, 1, ROLE_SEVERITY, "SEV%lld",
                    (long long)other->severity);
    return 7 +
           canvas_putf(frame->canvas, area, row, 7, ROLE_STRONG, "%lld", (long long)other->number);
}

static void draw_phase(struct frame *frame, struct area area, int row, int col, int cells,
                       const struct incident *other) {
    bool paused = other->paused.by != NULL;
    const char *words =
        paused ? "PAUSED" : words_of_name(frame->scratch, phase_name(incident_phase(other)));
    canvas_put_cell(frame->canvas, area, row, col, cells, paused ? ROLE_WARN : ROLE_STRONG, words);
}

static void draw_rest(struct frame *frame, struct area area, int row, struct columns columns,
                      const struct incident *other) {
    struct step_counts counts = incident_counts(other);
    const char *commander = incident_commander(other);
    draw_phase(frame, area, row, columns.phase, columns.commander - columns.phase - 1, other);
    canvas_put_cell(frame->canvas, area, row, columns.commander,
                    columns.steps - columns.commander - 1, commander ? ROLE_TEXT : ROLE_LATE,
                    commander ? commander : "no IC");
    if (counts.chosen)
        canvas_putf(frame->canvas, area_left(area, columns.clock - 1), row, columns.steps,
                    ROLE_TEXT, "%zu/%zu", counts.over, counts.chosen);
    draw_clock(frame, area, row, columns.clock, other);
}

static void draw_other(struct frame *frame, struct area area, int row,
                       const struct incident *other) {
    struct columns columns = columns_of(area.cols);
    int behind = draw_name(frame, area, row, other) + 1;
    int title = behind > columns.title ? behind : columns.title;
    canvas_put_cell(frame->canvas, area, row, title, columns.phase - title - 1, ROLE_TEXT,
                    other->title);
    if (columns.commander)
        draw_rest(frame, area, row, columns, other);
    else if (is_late(frame, other))
        draw_clock(frame, area, row, columns.phase, other);
    else
        draw_phase(frame, area, row, columns.phase, area.cols - 1 - columns.phase, other);
}

static void draw_heading(struct frame *frame, struct area area, const struct items *items) {
    size_t late = count_late(frame, items);
    char *words = late
                      ? xtalloc_asprintf(frame->scratch, "OTHERS %zu, %zu LATE", items->count, late)
                      : xtalloc_asprintf(frame->scratch, "OTHERS %zu, nothing late", items->count);
    canvas_rule(frame->canvas, area, 0, words);
    if (late)
        canvas_mark(frame->canvas, area, 0, 1, text_width(words), ROLE_LATE);
}

void zone_others(struct frame *frame, struct area area) {
    const struct items items = pane_items(frame, PANE_OTHERS);
    struct cursor *cursor = pane_cursor(frame, PANE_OTHERS);
    size_t room = area.rows > 1 ? (size_t)area.rows - 1 : 0;
    size_t top = cursor_scroll(cursor, &items, room);
    size_t selected = cursor_index(cursor, &items);
    draw_heading(frame, area, &items);
    for (size_t i = 0; i < room && top + i < items.count; i++) {
        draw_other(frame, area, (int)i + 1, incident_of(frame, items.keys[top + i]));
        if (top + i == selected && pane_is_active(frame, PANE_OTHERS))
            draw_selected(frame, area, (int)i + 1);
    }
}
