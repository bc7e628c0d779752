/* One incident: its plan, its path, its steps by phase, its whole log. */
#include "config.h"

#include "ui/view.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "incident/status.h"
#include "ui/line.h"

#include <string.h>

static int plan_rows(struct frame *frame, int cols) {
    (void)cols;
    return frame->incident ? 1 : 0;
}

static void draw_plan(struct frame *frame, struct area area) {
    const struct incident *incident = frame->incident;
    const struct plan *plan = incident->plan;
    struct line *line = line_new(frame->scratch);
    line_left(line, ROLE_DIM, "PLAN ");
    if (!plan) {
        line_left(line, ROLE_WARN, "none adopted");
    } else {
        line_left(line, ROLE_STRONG, "%s", plan->id);
        line_left(line, ROLE_TEXT, " v%lld %.8s", (long long)plan->version, plan->sha256);
        line_left(line, ROLE_DIM, "  %s", plan->title);
    }
    if (incident->accepted)
        line_right(line, ROLE_WARN, "errors accepted: %s", incident->accepted);
    else if (plan)
        line_right(line, ROLE_DIM, "%s%s%s", plan->channel ? plan->channel : "",
                   plan->channel && plan->ticket ? "  " : "", plan->ticket ? plan->ticket : "");
    line_draw(line, frame->canvas, area, 0);
}

static int about_rows(struct frame *frame, int cols) {
    (void)cols;
    return frame->incident ? 1 : 0;
}

static void draw_about(struct frame *frame, struct area area) {
    const struct incident *incident = frame->incident;
    struct line *line = line_new(frame->scratch);
    line_left(line, ROLE_DIM, "ABOUT ");
    if (*incident->service)
        line_left(line, ROLE_TEXT, "service %s, ", incident->service);
    line_left(line, ROLE_TEXT, "declared by %s", incident->declared.by);
    if (incident->detected_by)
        line_left(line, ROLE_TEXT, ", seen by %s", incident->detected_by);
    line_right(line, ROLE_DIM, "customers: %s", phase_customer_word(incident_phase(incident)));
    line_draw(line, frame->canvas, area, 0);
}

static int why_rows(struct frame *frame, int cols) {
    (void)cols;
    return frame->incident && incident_decision(frame->incident) ? 1 : 0;
}

static void draw_why(struct frame *frame, struct area area) {
    const struct decision *decision = incident_decision(frame->incident);
    struct line *line = line_new(frame->scratch);
    line_left(line, ROLE_DIM, "  why: ");
    line_left(line, ROLE_TEXT, "%s", decision->reason);
    line_right(line, ROLE_DIM, "%zu decision%s", frame->incident->decisions_count,
               frame->incident->decisions_count == 1 ? "" : "s");
    line_draw(line, frame->canvas, area, 0);
}

static const struct zone zones[] = {
    {why_rows, draw_why, .least = 1, .keep = 1},
    {plan_rows, draw_plan, .least = 1, .keep = 4},
    {zone_path_rows, zone_path, .least = 1, .keep = 3},
    {about_rows, draw_about, .least = 1, .keep = 2},
    {zone_steps_rows, zone_steps, .least = 4, .keep = 6, .pane = PANE_STEPS},
    {zone_clocks_rows, zone_clocks, .least = 2, .keep = 0},
    {zone_log_rows, zone_log, .least = 3, .keep = 1, .pane = PANE_LOG},
};

static void draw_incident(struct frame *frame, struct area area) {
    zones_draw(frame, area, zones, ARRAY_SIZE(zones));
}

const struct view incident_view = {
    .name = "incident",
    .about = "one incident: plan, path, steps and log",
    .panes = {PANE_STEPS, PANE_LOG},
    .draw = draw_incident,
    .head_rows = 5,
    .hints = work_hints,
};
