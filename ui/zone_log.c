/* LOG: what happened, newest last. */
#include "config.h"

#include "ui/view.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/events.h"
#include "ui/line.h"

#include <stdlib.h>
#include <string.h>

int zone_log_rows(struct frame *frame) {
    size_t count = frame->incident ? frame->incident->events_count : 0;
    return count ? (count > 200 ? 200 : (int)count) + 1 : 0;
}

/* What kinds glare in the log: the ones that changed the course. */
static enum role kind_role(const struct event *event) {
    static const struct {
        const char *kind;
        enum role role;
    } roles[] = {
        {"step.failed", ROLE_LATE},     {"step.unknown", ROLE_UNKNOWN},
        {"incident.paused", ROLE_WARN}, {"incident.decided", ROLE_STRONG},
        {"step.done", ROLE_OK},         {"incident.recovered", ROLE_OK},
    };
    for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
        if (strcmp(roles[i].kind, event->kind) == 0)
            return roles[i].role;
    return ROLE_TEXT;
}

static const struct event *event_of(const struct frame *frame, const char *key) {
    int64_t seq = strtoll(key, NULL, 10);
    const struct incident *incident = frame->incident;
    size_t low = 0, high = incident->events_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (incident->events[middle].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low < incident->events_count ? &incident->events[low] : NULL;
}

static void draw_event(struct frame *frame, struct area area, int row, const struct event *event,
                       bool selected) {
    struct line *line = line_new(frame->scratch);
    int actor = area.cols >= 100 ? 17 : 14;
    line_left(line, ROLE_DIM, "%s ", time_clock(frame->scratch, event->at_ms));
    line_left(line, ROLE_STRONG, "%s", event->actor);
    line_tab(line, actor);
    line_left(line, ROLE_TEXT, " ");
    line_left(line, kind_role(event), "%s", event_sentence(frame->scratch, frame->incident, event));
    line_draw(line, frame->canvas, area, row);
    if (selected)
        canvas_highlight(frame->canvas, area, row, 0, area.cols);
}

static const char *log_heading(struct frame *frame) {
    const struct incident *incident = frame->incident;
    if (frame->page->filter)
        return xtalloc_asprintf(frame->scratch, "LOG, only \"%s\"", frame->page->filter);
    if (incident->notes_count)
        return xtalloc_asprintf(frame->scratch, "LOG ── %lld note%s",
                                (long long)incident->notes_count,
                                incident->notes_count == 1 ? "" : "s");
    return "LOG";
}

/* Without a selection it shows the end; with one it shows where that is. */
void zone_log(struct frame *frame, struct area area) {
    const struct items items = pane_items(frame, PANE_LOG);
    struct cursor *cursor = pane_cursor(frame, PANE_LOG);
    size_t room = area.rows > 1 ? (size_t)area.rows - 1 : 0;
    bool active = pane_is_active(frame, PANE_LOG);
    size_t top = items.count > room ? items.count - room : 0;
    if (active)
        top = cursor_scroll(cursor, &items, room);
    size_t selected = cursor_index(cursor, &items);
    canvas_rule(frame->canvas, area, 0, log_heading(frame));
    for (size_t i = 0; i < room && top + i < items.count; i++) {
        const struct event *event = event_of(frame, items.keys[top + i]);
        if (event)
            draw_event(frame, area, (int)i + 1, event, active && top + i == selected);
    }
}
