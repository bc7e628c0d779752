/* OTHERS: every open incident but the one in focus. */
#include "config.h"

#include "ui/view.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "incident/status.h"
#include "ui/line.h"

#include <stdlib.h>

static size_t others_count(const struct frame *frame) {
    return pane_items(frame, PANE_OTHERS).count;
}

int zone_others_rows(struct frame *frame) {
    size_t count = others_count(frame);
    return count ? (int)count + 1 : 0;
}

static size_t count_late(struct frame *frame, const struct items *items) {
    size_t late = 0;
    for (size_t i = 0; i < items->count; i++) {
        const struct incident *other =
            state_incident(frame->state, strtoll(items->keys[i], NULL, 10));
        struct clocks clocks = incident_clocks(frame->scratch, other);
        late += clocks_worst(&clocks, frame->now_ms) != NULL;
    }
    return late;
}

static void next_clock(struct frame *frame, struct line *line, const struct incident *incident) {
    struct clocks clocks = incident_clocks(frame->scratch, incident);
    if (clocks.count == 0)
        return;
    const struct clock *clock = &clocks.list[0];
    int64_t left = clock->due_ms - frame->now_ms;
    const char *what = clock->step ? step_label(frame->scratch, clock->step) : clock->what;
    const char *time = duration_clock(frame->scratch, left);
    if (left < 0)
        line_left(line, ROLE_LATE, "%s +%s LATE", what, time);
    else
        line_left(line, ROLE_DIM, "%s %s", what, time);
}

static void draw_other(struct frame *frame, struct area area, int row, const struct incident *other,
                       bool selected) {
    struct step_counts counts = incident_counts(other);
    const char *commander = incident_commander(other);
    struct line *line = line_new(frame->scratch);
    int phase = area.cols >= 100 ? 39 : area.cols >= 70 ? 33 : 22;
    if (other->drill)
        line_left(line, ROLE_DRILL, "DRILL ");
    else
        line_left(line, ROLE_SEVERITY, "SEV%lld  ", (long long)other->severity);
    line_left(line, ROLE_TEXT, "%lld %s", (long long)other->number, other->title);
    struct line *right = line_new(frame->scratch);
    line_left(right, ROLE_STRONG, "%s", phase_name(incident_phase(other)));
    line_tab(right, 16);
    line_left(right, commander ? ROLE_TEXT : ROLE_LATE, "%s", commander ? commander : "no IC");
    line_tab(right, 24);
    if (counts.chosen)
        line_left(right, ROLE_DIM, "%zu/%zu ", counts.over, counts.chosen);
    line_tab(right, 30);
    next_clock(frame, right, other);
    line_draw(line, frame->canvas, area_left(area, phase + 1), row);
    line_draw(right, frame->canvas, area_right_of(area, phase - 1), row);
    if (selected) {
        canvas_put(frame->canvas, area, row, 0, ROLE_KEY, "▸");
        canvas_highlight(frame->canvas, area, row, 0, area.cols);
    }
}

void zone_others(struct frame *frame, struct area area) {
    const struct items items = pane_items(frame, PANE_OTHERS);
    struct cursor *cursor = pane_cursor(frame, PANE_OTHERS);
    size_t room = area.rows > 1 ? (size_t)area.rows - 1 : 0;
    size_t late = count_late(frame, &items);
    size_t top = cursor_scroll(cursor, &items, room);
    size_t selected = cursor_index(cursor, &items);
    canvas_rule(frame->canvas, area, 0,
                late ? xtalloc_asprintf(frame->scratch, "OTHERS %zu, %zu LATE", items.count, late)
                     : xtalloc_asprintf(frame->scratch, "OTHERS %zu, nothing late", items.count));
    for (size_t i = 0; i < room && top + i < items.count; i++)
        draw_other(frame, area, (int)i + 1,
                   state_incident(frame->state, strtoll(items.keys[top + i], NULL, 10)),
                   top + i == selected && pane_is_active(frame, PANE_OTHERS));
}
