/* What each kind of pane lists, as keys that outlive refreshes. */
#include "config.h"

#include "ui/view.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "incident/events.h"

#include <stdlib.h>
#include <string.h>

static struct items items_new(const struct frame *frame, size_t most) {
    return (struct items){.keys = xtalloc_array(frame->scratch, const char *, most + 1)};
}

/* A filter that begins with ! keeps what does not hold its words. */
static bool passes(const struct frame *frame, const char *text) {
    const char *filter = frame->page->filter;
    if (!filter)
        return true;
    bool inverted = filter[0] == '!';
    return (strcasestr(text, filter + inverted) != NULL) != inverted;
}

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
    struct items items = items_new(frame, count);
    for (size_t i = 0; i < count; i++)
        items.keys[items.count++] = frame->incident->steps[i].spec->id;
    if (count)
        items.first = busiest_step(frame->incident);
    return items;
}

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

static struct items other_items(const struct frame *frame) {
    const struct state *state = frame->state;
    const struct incident **others =
        xtalloc_array(frame->scratch, const struct incident *, state->incidents_count + 1);
    struct items items = items_new(frame, state->incidents_count);
    size_t count = 0;
    for (size_t i = 0; i < state->incidents_count; i++)
        if (state->incidents[i] != frame->incident && incident_is_open(state->incidents[i]))
            others[count++] = state->incidents[i];
    if (count)
        qsort(others, count, sizeof(*others), by_severity);
    for (size_t i = 0; i < count; i++)
        items.keys[items.count++] =
            xtalloc_asprintf(frame->scratch, "%lld", (long long)others[i]->number);
    return items;
}

/* The board tells that something happened; how it went stands in the incident's own log. */
static bool is_told(const struct frame *frame, const struct event *event) {
    const struct event_type *type = event_type_find(event->kind);
    return !type || !type->detail || frame->page->view != &board_view;
}

static struct items log_items(const struct frame *frame) {
    size_t count = frame->incident ? frame->incident->events_count : 0;
    struct items items = items_new(frame, count);
    for (size_t i = 0; i < count; i++) {
        const struct event *event = &frame->incident->events[i];
        if (!is_told(frame, event))
            continue;
        if (frame->page->filter &&
            !passes(frame,
                    xtalloc_asprintf(frame->scratch, "%s %s", event->actor,
                                     event_sentence(frame->scratch, frame->incident, event))))
            continue;
        items.keys[items.count++] = xtalloc_asprintf(frame->scratch, "%lld", (long long)event->seq);
    }
    return items;
}

static struct items output_items(const struct frame *frame) {
    size_t count = frame->output ? run_output_count(frame->output) : 0;
    struct items items = items_new(frame, count);
    for (size_t i = 0; i < count; i++)
        if (passes(frame, run_output_line(frame->output, i).text))
            items.keys[items.count++] = xtalloc_asprintf(frame->scratch, "%zu", i);
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

const struct incident *state_worst(const struct state *state) {
    const struct incident *worst = NULL;
    for (size_t i = 0; i < state->incidents_count; i++) {
        const struct incident *incident = state->incidents[i];
        if (incident_is_open(incident) && (!worst || by_severity(&incident, &worst) < 0))
            worst = incident;
    }
    return worst;
}
