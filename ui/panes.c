/* What each kind of pane lists, as keys that outlive refreshes. */
#include "config.h"

#include "ui/view.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "incident/events.h"

#include <stdlib.h>
#include <string.h>

/* The board's log is for what happened lately; an incident's own holds all. */
#define BOARD_LOG_MOST 200

/* ---- steps ----------------------------------------------------------------------------------- */

/* Where the work is: what nobody knows, what failed, what runs, what could start; else the top. */
static size_t busiest_step(const struct incident *incident) {
    static const enum step_state order[] = {STEP_UNKNOWN, STEP_FAILED, STEP_VERIFYING, STEP_RUNNING,
                                            STEP_READY};
    for (size_t o = 0; o < ARRAY_SIZE(order); o++)
        for (size_t i = 0; i < incident->steps_count; i++)
            if (step_state(incident, &incident->steps[i]) == order[o])
                return i;
    return 0;
}

static struct items step_items(const struct frame *frame) {
    size_t count = frame->incident ? frame->incident->steps_count : 0;
    const char **keys = xtalloc_array(frame->scratch, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        keys[i] = frame->incident->steps[i].spec->id;
    return (struct items){
        .keys = keys, .count = count, .first = count ? busiest_step(frame->incident) : 0};
}

/* ---- other incidents ------------------------------------------------------------------------- */

/* Worst first, as the board's focus is chosen. */
static int by_severity(const void *a, const void *b) {
    const struct incident *left = *(const struct incident *const *)a;
    const struct incident *right = *(const struct incident *const *)b;
    if (left->drill != right->drill)
        return left->drill - right->drill;
    if (left->severity != right->severity)
        return left->severity < right->severity ? -1 : 1;
    return left->number > right->number ? -1 : 1;
}

const struct incident *state_worst(const struct state *state) {
    const struct incident *worst = NULL;
    for (size_t i = 0; i < state->incidents_count; i++) {
        const struct incident *incident = state->incidents[i];
        if (incident_is_open(incident) && (!worst || by_severity(&incident, &worst) < 0))
            worst = incident;
    }
    return worst;
}

static struct items other_items(const struct frame *frame) {
    const struct state *state = frame->state;
    const struct incident **others =
        xtalloc_array(frame->scratch, const struct incident *, state->incidents_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < state->incidents_count; i++)
        if (state->incidents[i] != frame->incident && incident_is_open(state->incidents[i]))
            others[count++] = state->incidents[i];
    if (count)
        qsort(others, count, sizeof(*others), by_severity);
    const char **keys = xtalloc_array(frame->scratch, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        keys[i] = xtalloc_asprintf(frame->scratch, "%lld", (long long)others[i]->number);
    return (struct items){.keys = keys, .count = count};
}

/* ---- the log --------------------------------------------------------------------------------- */

static int64_t event_number(const void *list, size_t line) {
    const struct incident *incident = list;
    return incident->events[line].seq;
}

/* The board tells that something happened; how it went stands in the incident's own log. */
static bool is_told(const struct frame *frame, const struct event *event) {
    if (frame->page->view != &board_view)
        return true;
    const struct event_type *type = event_type_find(event->kind);
    return !type || !type->detail;
}

static const char *event_text(const void *scratch, const void *data, size_t line) {
    const struct frame *frame = data;
    const struct event *event = &frame->incident->events[line];
    if (!is_told(frame, event))
        return NULL;
    return xtalloc_asprintf(scratch, "%s %s", event_doer(event),
                            event_sentence(scratch, frame->incident, event));
}

/* The newest that are told. */
static const size_t *newest_lines(const struct frame *frame, size_t *found) {
    size_t *lines = xtalloc_array(frame->scratch, size_t, BOARD_LOG_MOST);
    size_t at = BOARD_LOG_MOST;
    for (size_t i = frame->incident->events_count; i > 0 && at > 0; i--)
        if (is_told(frame, &frame->incident->events[i - 1]))
            lines[--at] = i - 1;
    *found = BOARD_LOG_MOST - at;
    return lines + at;
}

static struct items log_items(const struct frame *frame) {
    const struct incident *incident = frame->incident;
    struct items items = {.number = event_number, .list = incident};
    if (!incident)
        return items;
    if (frame->page->filter)
        items.lines = filter_lines(frame->page->filter, incident, incident->events_count,
                                   event_text, frame, &items.count);
    else if (frame->page->view == &board_view)
        items.lines = newest_lines(frame, &items.count);
    else
        items.count = incident->events_count;
    return items;
}

/* ---- output, and what a view lists itself ---------------------------------------------------- */

static const char *output_text(const void *scratch, const void *data, size_t line) {
    const struct frame *frame = data;
    (void)scratch;
    return run_output_line(frame->output, line).text;
}

static struct items output_items(const struct frame *frame) {
    struct items items = {.count = frame->output ? run_output_count(frame->output) : 0};
    if (frame->output && frame->page->filter)
        items.lines = filter_lines(frame->page->filter, frame->output, items.count, output_text,
                                   frame, &items.count);
    return items;
}

static struct items line_items(const struct frame *frame) {
    return frame->page->view->lines ? frame->page->view->lines(frame) : (struct items){0};
}

static struct items (*const lists[])(const struct frame *frame) = {
    [PANE_STEPS] = step_items,    [PANE_OTHERS] = other_items, [PANE_LOG] = log_items,
    [PANE_OUTPUT] = output_items, [PANE_LINES] = line_items,
};

struct items pane_items(const struct frame *frame, enum pane_kind kind) {
    return kind < ARRAY_SIZE(lists) && lists[kind] ? lists[kind](frame) : (struct items){0};
}
