/* CLOCKS and DECISIONS: what is due and what was decided. */
#include "config.h"

#include "ui/view.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "incident/status.h"
#include "ui/line.h"

#include <string.h>

int zone_clocks_rows(struct frame *frame) {
    if (!frame->incident)
        return 0;
    struct clocks clocks = incident_clocks(frame->scratch, frame->incident);
    return clocks.count ? (int)clocks.count + 1 : 0;
}

static void clock_line(struct frame *frame, struct area area, int row, const struct clock *clock) {
    struct line *line = line_new(frame->scratch);
    int64_t left = clock->due_ms - frame->now_ms;
    const char *time = duration_clock(frame->scratch, left);
    const char *what =
        clock->step
            ? xtalloc_asprintf(frame->scratch, "%s %s", step_label(frame->scratch, clock->step),
                               strcmp(clock->what, "step box") == 0 ? "" : "end")
            : clock->what;
    line_left(line, ROLE_TEXT, "%s", what);
    line_tab(line, 17);
    if (left < 0)
        line_left(line, ROLE_LATE, "%s LATE", xtalloc_asprintf(frame->scratch, "+%s", time));
    else
        line_left(line, left < MINUTE_MS ? ROLE_WARN : ROLE_STRONG, "in %5s", time);
    line_left(line, ROLE_DIM, " %s", clock->who ? clock->who : "");
    line_draw(line, frame->canvas, area, row);
}

void zone_clocks(struct frame *frame, struct area area) {
    struct clocks clocks = incident_clocks(frame->scratch, frame->incident);
    canvas_rule(frame->canvas, area, 0, "CLOCKS");
    for (int row = 1; row < area.rows && row <= (int)clocks.count; row++)
        clock_line(frame, area, row, &clocks.list[row - 1]);
}

int zone_decisions_rows(struct frame *frame) {
    size_t count = frame->incident ? frame->incident->decisions_count : 0;
    return count ? (int)count + 1 : 0;
}

/* Newest first: the one in force stands on top. */
void zone_decisions(struct frame *frame, struct area area) {
    const struct incident *incident = frame->incident;
    canvas_rule(frame->canvas, area, 0, "DECISIONS");
    for (int row = 1; row < area.rows && row <= (int)incident->decisions_count; row++) {
        const struct decision *decision =
            &incident->decisions[incident->decisions_count - (size_t)row];
        bool in_force = decision == incident_decision(incident);
        struct line *line = line_new(frame->scratch);
        line_left(line, ROLE_DIM, "%s %s  ", time_minute(frame->scratch, decision->at_ms),
                  decision->by);
        line_left(line, in_force ? ROLE_STRONG : ROLE_DIM, "%s",
                  decision->title ? decision->title : decision->option);
        line_left(line, ROLE_DIM, ", \"%s\"", decision->reason);
        line_draw(line, frame->canvas, area, row);
    }
}

/* ---- PATH: how far along it is
 * ----------------------------------------------------------------------- */

int zone_path_rows(struct frame *frame) {
    return frame->incident ? 1 : 0;
}

struct milestone {
    const char *word;
    int64_t at_ms; /* 0: not yet */
};

static void milestone_draw(struct frame *frame, struct line *line, struct milestone milestone,
                           int64_t *before_ms) {
    if (!milestone.at_ms) {
        line_left(line, ROLE_DIM, " %s ", milestone.word);
    } else if (!*before_ms) {
        line_left(line, ROLE_TEXT, "%s %s ", time_minute(frame->scratch, milestone.at_ms),
                  milestone.word);
        *before_ms = milestone.at_ms;
    } else {
        line_left(line, ROLE_TEXT, "+%s %s ",
                  duration_clock(frame->scratch, milestone.at_ms - *before_ms), milestone.word);
    }
    line_left(line, ROLE_DIM, " ");
}

void zone_path(struct frame *frame, struct area area) {
    const struct incident *incident = frame->incident;
    const struct decision *decision = incident_decision(incident);
    struct step_counts counts = incident_counts(incident);
    struct line *line = line_new(frame->scratch);
    const char *way = "decided";
    int64_t before_ms = 0;
    if (decision && counts.chosen)
        way = xtalloc_asprintf(frame->scratch, "►BACK %zu/%zu", counts.over, counts.chosen);
    const struct milestone milestones[] = {
        {"seen", incident->detected_ms},       {"declared", incident->declared.at_ms},
        {"ack", incident->acknowledged.at_ms}, {way, decision ? decision->at_ms : 0},
        {"well", incident->recovered.at_ms},   {"told", incident->resolved.at_ms},
        {"closed", incident->closed.at_ms},
    };
    line_left(line, ROLE_DIM, "PATH ");
    for (size_t i = incident->detected_ms ? 0 : 1; i < ARRAY_SIZE(milestones); i++)
        milestone_draw(frame, line, milestones[i], &before_ms);
    line_draw(line, frame->canvas, area, 0);
}
