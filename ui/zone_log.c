/* LOG: what happened, newest last. */
#include "config.h"

#include "ui/view.h"

#include "base/array.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/events.h"
#include "ui/line.h"
#include "ui/told.h"

#include <string.h>

#define ROWS_MOST 200
/* The column of names is as wide as those that are shown, within this. */
#define ACTOR_LEAST 4
#define ACTOR_MOST  10

int zone_log_rows(struct frame *frame, int cols) {
    (void)cols;
    size_t count = frame->incident ? frame->incident->events_count : 0;
    return count ? (count > ROWS_MOST ? ROWS_MOST : (int)count) + 1 : 0;
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
        {"concern.raised", ROLE_WARN},  {"escalation.fired", ROLE_LATE},
    };
    for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
        if (strcmp(roles[i].kind, event->kind) == 0)
            return roles[i].role;
    return ROLE_TEXT;
}

/* The part of a list that is shown. */
struct shown {
    struct items items;
    size_t top, count, selected; /* indexes of items; selected SIZE_MAX: none */
};

/* Without a selection it shows the end; with one it shows where that is. */
static struct shown show(struct frame *frame, struct area area) {
    struct shown shown = {.items = pane_items(frame, PANE_LOG), .selected = SIZE_MAX};
    size_t room = area.rows > 1 ? (size_t)area.rows - 1 : 0, count = shown.items.count;
    shown.top = count > room ? count - room : 0;
    if (pane_is_active(frame, PANE_LOG)) {
        shown.top = cursor_scroll(pane_cursor(frame, PANE_LOG), &shown.items, room);
        shown.selected = cursor_index(pane_cursor(frame, PANE_LOG), &shown.items);
    }
    shown.count = count - shown.top < room ? count - shown.top : room;
    return shown;
}

static const struct event *event_at(const struct frame *frame, const struct shown *shown,
                                    size_t index) {
    return &frame->incident->events[item_line(&shown->items, index)];
}

static int actor_cells(struct frame *frame, const struct shown *shown) {
    int widest = ACTOR_LEAST;
    for (size_t i = 0; i < shown->count; i++) {
        const char *actor = event_doer(event_at(frame, shown, shown->top + i));
        int cells = text_width(text_clean_z(frame->scratch, actor));
        widest = cells > widest ? cells : widest;
    }
    return widest < ACTOR_MOST ? widest : ACTOR_MOST;
}

static void draw_event(struct frame *frame, struct area area, int row, const struct event *event,
                       int actor) {
    struct canvas *canvas = frame->canvas;
    int words = 10 + actor + 1;
    canvas_put(canvas, area, row, 1, ROLE_DIM, time_clock(frame->scratch, event->at_ms));
    canvas_put_cell(canvas, area, row, 10, actor, ROLE_STRONG, event_doer(event));
    canvas_put_cell(canvas, area, row, words, area.cols - 1 - words, kind_role(event),
                    told_sentence(frame->told, frame->incident, event));
}

static const char *plural(size_t count) {
    return count == 1 ? "" : "s";
}

static const char *log_heading(struct frame *frame) {
    const struct incident *incident = frame->incident;
    size_t open = incident_open_concerns(incident);
    if (frame->page->filter)
        return xtalloc_asprintf(frame->scratch, "LOG, only \"%s\"",
                                filter_words(frame->page->filter));
    char *heading = xtalloc_strdup(frame->scratch, "LOG");
    if (open)
        heading = xtalloc_asprintf_append(heading, " ── %zu concern%s open", open, plural(open));
    if (incident->notes_count)
        heading =
            xtalloc_asprintf_append(heading, " ── %lld note%s", (long long)incident->notes_count,
                                    plural((size_t)incident->notes_count));
    return heading;
}

void zone_log(struct frame *frame, struct area area) {
    struct shown shown = show(frame, area);
    int actor = actor_cells(frame, &shown);
    canvas_rule(frame->canvas, area, 0, log_heading(frame));
    if (frame->page->filter && shown.count == 0)
        canvas_put(frame->canvas, area, 1, 1, ROLE_DIM, "no line holds these words; Esc shows all");
    for (size_t i = 0; i < shown.count; i++) {
        int row = (int)i + 1;
        draw_event(frame, area, row, event_at(frame, &shown, shown.top + i), actor);
        if (shown.top + i == shown.selected)
            canvas_highlight(frame->canvas, area, row, 0, area.cols);
    }
}
