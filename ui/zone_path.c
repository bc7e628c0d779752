/* PATH: how far along an incident is, from seen to told, and how long each part took. Below it on
 * wide screens IMPACT: what it does to people, and what worries them. */
#include "config.h"

#include "ui/view.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/status.h"
#include "ui/line.h"

#define WIDE_COLS 110

/* When the last containment step was over; 0 while one isn't, or where there is none. */
static int64_t contained_ms(const struct incident *incident) {
    int64_t last_ms = 0;
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct step *step = &incident->steps[i];
        enum step_state state = step_state(incident, step);
        if (step->spec->phase != PHASE_CONTAIN || state == STEP_NOT_CHOSEN)
            continue;
        if (!step_state_is_over(state))
            return 0;
        last_ms = step->changed_ms > last_ms ? step->changed_ms : last_ms;
    }
    return last_ms;
}

struct milestone {
    const char *wide, *brief;
    int64_t at_ms; /* 0: not yet */
    bool current;  /* where we are now */
};

#define MILESTONES 7

static void milestones_of(struct frame *frame, struct milestone *list) {
    const struct incident *incident = frame->incident;
    struct step_counts counts = incident_counts(incident);
    enum phase phase = incident_phase(incident);
    bool back = phase == PHASE_ROLLING_BACK && counts.chosen;
    const struct decision *decision = incident_decision(incident);
    const char *wide = decision ? phase_words(phase) : "decided", *brief = "decided";
    if (phase > PHASE_ROLLING_FORWARD)
        wide = "decided";
    if (back) {
        wide = xtalloc_asprintf(frame->scratch, "ROLLING BACK %zu/%zu", counts.over, counts.chosen);
        brief = xtalloc_asprintf(frame->scratch, "BACK %zu/%zu", counts.over, counts.chosen);
    }
    list[0] = (struct milestone){"seen", "seen", incident->detected_ms, false};
    list[1] = (struct milestone){"declared", "declared", incident->declared.at_ms, false};
    list[2] = (struct milestone){"acknowledged", "ack", incident->acknowledged.at_ms, false};
    list[3] = (struct milestone){"contained", "contained", contained_ms(incident), false};
    list[4] = (struct milestone){wide, brief, decision ? decision->at_ms : 0,
                                 phase >= PHASE_DECIDED && phase <= PHASE_ROLLING_FORWARD};
    list[5] = (struct milestone){"well", "well", incident->recovered.at_ms, phase == PHASE_WELL};
    list[6] = (struct milestone){"told", "told", incident->resolved.at_ms, phase >= PHASE_TOLD};
}

/* Minutes are near enough where room is short. */
static const char *since_words(struct frame *frame, int64_t ms, bool wide) {
    if (wide || ms >= HOUR_MS)
        return duration_clock(frame->scratch, ms);
    return xtalloc_asprintf(frame->scratch, "%lldm", (long long)(ms / MINUTE_MS));
}

static void draw_milestone(struct frame *frame, struct line *line, struct milestone milestone,
                           int64_t since_ms, bool wide) {
    const char *words = wide ? milestone.wide : milestone.brief;
    if (milestone.current)
        line_left(line, ROLE_STRONG, "►%s", words);
    else if (!milestone.at_ms)
        line_left(line, ROLE_DIM, "%s", words);
    else if (milestone.at_ms <= since_ms)
        line_left(line, ROLE_TEXT, "%s %s", time_minute(frame->scratch, milestone.at_ms), words);
    else
        line_left(line, ROLE_TEXT, "+%s %s", since_words(frame, milestone.at_ms - since_ms, wide),
                  words);
}

int zone_path_rows(struct frame *frame, int cols) {
    (void)cols;
    return frame->incident ? 1 : 0;
}

/* Where it is wide, times run from the declaration; else from when it was seen, for that is said
 * first. */
void zone_path(struct frame *frame, struct area area) {
    const struct incident *incident = frame->incident;
    bool wide = area.cols >= WIDE_COLS;
    struct milestone list[MILESTONES];
    struct line *line = line_new(frame->scratch);
    int64_t since_ms =
        incident->detected_ms && !wide ? incident->detected_ms : incident->declared.at_ms;
    milestones_of(frame, list);
    line_left(line, ROLE_DIM, wide ? "PATH    " : "PATH ");
    for (size_t i = incident->detected_ms ? 0 : 1; i < ARRAY_SIZE(list); i++) {
        draw_milestone(frame, line, list[i], since_ms, wide);
        if (i + 1 < ARRAY_SIZE(list))
            line_left(line, ROLE_DIM, wide ? " ── " : "  ");
    }
    line_draw(line, frame->canvas, area, 0);
}

/* ---- what it does to people ------------------------------------------------------------------ */

int zone_impact_rows(struct frame *frame, int cols) {
    (void)cols;
    return frame->incident && incident_open_concern(frame->incident) ? 1 : 0;
}

/* The concern that has waited longest, and how many wait. */
void zone_impact(struct frame *frame, struct area area) {
    const struct concern *concern = incident_open_concern(frame->incident);
    size_t open = incident_open_concerns(frame->incident);
    struct line *line = line_new(frame->scratch);
    line_left(line, ROLE_DIM, "IMPACT  ");
    line_left(line, ROLE_WARN, "%zu concern%s open", open, open == 1 ? "" : "s");
    line_left(line, ROLE_TEXT, " (%s: %s)", concern->raised.by, concern->text);
    line_draw(line, frame->canvas, area, 0);
}
