/* Lines 1–5 of every view: what is wrong, who is on it, what was decided, what is late, what waits
 * on me. */
#include "config.h"

#include "ui/view.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "incident/status.h"
#include "incident/waits.h"
#include "ui/line.h"

#include <string.h>

/* Below these widths line 1 says the same in fewer words. */
#define ROOMY_COLS 70
#define BRIEF_COLS 50
/* From here on there is room for the hour. */
#define HOUR_COLS 110

/* ---- line 1: what ---------------------------------------------------------------------------- */

static int cols_of(const struct frame *frame) {
    return canvas_area(frame->canvas).cols;
}

static void badge_link(struct frame *frame, struct line *line) {
    bool brief = cols_of(frame) < BRIEF_COLS;
    if (!frame->link.stale_since_ms) {
        line_right(line, ROLE_OK, "%s", brief ? "  ●" : "  ● LIVE");
        return;
    }
    char *age = duration_clock(frame->scratch, frame->now_ms - frame->link.stale_since_ms);
    line_right(line, ROLE_LATE, "  ○ STALE %s", age);
}

static void badges(struct frame *frame, struct line *line) {
    const struct incident *incident = frame->incident;
    if (incident && incident->drill)
        line_right(line, ROLE_DRILL, "  DRILL");
    if (frame->link.read_only)
        line_right(line, ROLE_DRILL, "  RO");
    line_right(line, ROLE_DIM, "%s",
               cols_of(frame) < ROOMY_COLS ? "  no roles" : "  roles not enforced");
    badge_link(frame, line);
}

static int64_t began_ms(const struct incident *incident) {
    return incident->detected_ms ? incident->detected_ms : incident->declared.at_ms;
}

static void age(struct frame *frame, struct line *line) {
    const struct incident *incident = frame->incident;
    int64_t ended_ms = incident->closed.by ? incident->closed.at_ms : incident->abandoned.at_ms;
    int64_t until = incident_is_open(incident) ? frame->now_ms : ended_ms;
    line_right(line, ROLE_TITLE, "  T+%s",
               duration_clock(frame->scratch, until - began_ms(incident)));
}

static void phase_and_age(struct frame *frame, struct line *line) {
    const struct incident *incident = frame->incident;
    enum phase phase = incident_phase(incident);
    bool paused = incident->paused.by && incident_is_open(incident);
    if (paused)
        line_right(line, ROLE_WARN, "PAUSED");
    if (paused && cols_of(frame) >= HOUR_COLS)
        line_right(line, ROLE_TEXT, "  ");
    if (!paused || cols_of(frame) >= HOUR_COLS)
        line_right(line, phase >= PHASE_WELL ? ROLE_OK : ROLE_STRONG, "%s", phase_words(phase));
    if (cols_of(frame) >= BRIEF_COLS)
        age(frame, line);
    if (cols_of(frame) >= HOUR_COLS)
        line_right(line, ROLE_DIM, "  %s UTC", time_clock(frame->scratch, frame->now_ms));
}

void zone_title(struct frame *frame, struct area area, int row) {
    struct line *line = line_new(frame->scratch);
    const struct incident *incident = frame->incident;
    if (incident) {
        line_left(line, ROLE_SEVERITY, "SEV%lld", (long long)incident->severity);
        line_left(line, ROLE_TITLE, " INC-%lld %s", (long long)incident->number, incident->title);
        phase_and_age(frame, line);
    } else {
        line_left(line, ROLE_OK, "nothing is wrong");
        line_left(line, ROLE_TEXT, ", no open incident");
    }
    badges(frame, line);
    line_draw(line, frame->canvas, area, row);
}

/* ---- line 2: who, and what it costs
 * ------------------------------------------------------------------------ */

static const struct {
    const char *role, *word;
    bool glares; /* unfilled, it is a danger and not only a gap */
} seats[] = {
    {"commander", "IC", true},
    {"deputy", "deputy", false},
    {"comms", "comms", false},
    {"scribe", "scribe", false},
};

static void seat(struct frame *frame, struct line *line, const char *word, const char *role,
                 bool glares) {
    const struct role_holding *holding = incident_role(frame->incident, role);
    const char *holder = holding ? holding->holder : NULL;
    line_left(line, ROLE_DIM, "%s ", word);
    if (!holder)
        line_left(line, glares ? ROLE_LATE : ROLE_DIM, "—");
    else
        line_left(line, ROLE_STRONG, "%s", holder);
    if (holder && strcmp(holder, frame->me) == 0)
        line_left(line, ROLE_STRONG, " (you)");
    if (holding && holding->offered_to)
        line_left(line, ROLE_WARN, " → %s?", holding->offered_to);
    line_left(line, ROLE_TEXT, "  ");
}

static bool is_seat(const char *role) {
    for (size_t i = 0; i < ARRAY_SIZE(seats); i++)
        if (strcmp(seats[i].role, role) == 0)
            return true;
    return false;
}

/* "111k", "4.1k", "812": what a glance can take in. */
static char *money(struct frame *frame, int64_t minor) {
    int64_t units = minor / 100;
    if (units >= 10000)
        return xtalloc_asprintf(frame->scratch, "%lldk", (long long)(units / 1000));
    if (units >= 1000)
        return xtalloc_asprintf(frame->scratch, "%lld.%lldk", (long long)(units / 1000),
                                (long long)(units % 1000 / 100));
    return xtalloc_asprintf(frame->scratch, "%lld", (long long)units);
}

static void cost(struct frame *frame, struct line *line) {
    const struct plan *plan = frame->incident->plan;
    if (!plan || !plan->cost_minor_per_minute || cols_of(frame) < BRIEF_COLS)
        return;
    line_right(line, ROLE_WARN, "cost ~%s %s",
               money(frame, incident_cost(frame->incident, frame->now_ms)),
               plan->cost_currency ? plan->cost_currency : "");
    if (cols_of(frame) >= ROOMY_COLS)
        line_right(line, ROLE_DIM, " by plan, %s/min", money(frame, plan->cost_minor_per_minute));
}

static void line_who(struct frame *frame, struct area area, int row) {
    struct line *line = line_new(frame->scratch);
    const struct incident *incident = frame->incident;
    for (size_t i = 0; i < ARRAY_SIZE(seats); i++)
        seat(frame, line, seats[i].word, seats[i].role, seats[i].glares);
    for (size_t i = 0; i < incident->roles_count; i++)
        if (!is_seat(incident->roles[i].role))
            seat(frame, line, incident->roles[i].role, incident->roles[i].role, false);
    cost(frame, line);
    line_draw(line, frame->canvas, area, row);
}

/* ---- line 3: decided, and whether we can still go back
 * ------------------------------------------------------- */

static void line_decided(struct frame *frame, struct area area, int row) {
    struct line *line = line_new(frame->scratch);
    const struct decision *decision = incident_decision(frame->incident);
    const char *back = incident_go_back(frame->scratch, frame->incident);
    if (decision) {
        line_left(line, ROLE_DIM, "DECIDED ");
        line_left(line, ROLE_TEXT, "%s %s: ", time_minute(frame->scratch, decision->at_ms),
                  decision->by);
        line_left(line, ROLE_STRONG, "%s", decision->title ? decision->title : decision->option);
        line_left(line, ROLE_DIM, ", \"%s\"", decision->reason);
    } else {
        line_left(line, ROLE_WARN, "no decision yet");
        line_left(line, ROLE_KEY, ": %s", keys_for(frame->scratch, frame->keys, "any", "call"));
        line_left(line, ROLE_DIM, "  %s%s", frame->incident->plan ? "plan " : "no plan adopted",
                  frame->incident->plan ? frame->incident->plan->id : "");
    }
    if (*back) {
        line_right(line, ROLE_DIM, "GO BACK? ");
        line_right(line, strncmp(back, "NO", 2) == 0 ? ROLE_LATE : ROLE_OK, "%s", back);
    }
    line_draw(line, frame->canvas, area, row);
}

/* ---- line 4: late
 * --------------------------------------------------------------------------------------------- */

static void late_clock(struct frame *frame, struct line *line, const struct clock *clock) {
    const char *over = duration_clock(frame->scratch, frame->now_ms - clock->due_ms);
    const char *what = clock->step ? step_label(frame->scratch, clock->step) : clock->what;
    line_left(line, ROLE_LATE, "%s", what);
    line_left(line, ROLE_TEXT, ", %s, ", clock->who ? clock->who : "nobody");
    line_left(line, ROLE_LATE, "%s over", over);
}

/* Another incident that is late, when the one shown is not: it must not hide behind the focus. */
static bool late_elsewhere(struct frame *frame, struct line *line) {
    for (size_t i = 0; i < frame->state->incidents_count; i++) {
        const struct incident *other = frame->state->incidents[i];
        struct clocks clocks = incident_clocks(frame->scratch, other);
        const struct clock *worst = clocks_worst(&clocks, frame->now_ms);
        if (other == frame->incident || !worst)
            continue;
        line_left(line, ROLE_LATE, "! LATE  INC-%lld ", (long long)other->number);
        late_clock(frame, line, worst);
        return true;
    }
    return false;
}

static void line_late(struct frame *frame, struct area area, int row) {
    struct line *line = line_new(frame->scratch);
    const struct incident *incident = frame->incident;
    struct clocks clocks = incident_clocks(frame->scratch, incident);
    size_t late = 0;
    if (incident->paused.by)
        line_left(line, ROLE_WARN, "‖ PAUSED by %s%s%s  ", incident->paused.by,
                  incident->paused.reason ? ": " : "",
                  incident->paused.reason ? incident->paused.reason : "");
    for (; late < clocks.count && clocks.list[late].due_ms < frame->now_ms; late++) {
        line_left(line, ROLE_LATE, "%s", late ? "; " : "! LATE  ");
        late_clock(frame, line, &clocks.list[late]);
    }
    if (!late && !late_elsewhere(frame, line) && !incident->paused.by)
        line_left(line, ROLE_DIM, "nothing late");
    line_draw(line, frame->canvas, area, row);
}

/* ---- line 5: you
 * ------------------------------------------------------------------------------------------------
 */

static void line_you(struct frame *frame, struct area area, int row) {
    struct line *line = line_new(frame->scratch);
    struct duties duties = incident_duties(frame->scratch, frame->incident, frame->me);
    if (duties.count == 0)
        line_left(line, ROLE_DIM, "nothing waits on you");
    else
        line_left(line, ROLE_YOU, "► YOU");
    for (size_t i = 0; i < duties.count && i < 9; i++) {
        line_left(line, ROLE_TEXT, "   ");
        line_left(line, ROLE_KEY, "%zu", i + 1);
        line_left(line, ROLE_STRONG, " %s", duties.list[i].words);
    }
    line_draw(line, frame->canvas, area, row);
}

static void line_calm(struct frame *frame, struct area area, int row) {
    static const char *const words[] = {"", "declares one when something is", "", "nothing late",
                                        "nothing waits on you"};
    struct line *line = line_new(frame->scratch);
    if (row == 1)
        line_left(line, ROLE_KEY, "%s ", keys_for(frame->scratch, frame->keys, "any", "declare"));
    line_left(line, ROLE_DIM, "%s", words[row]);
    line_draw(line, frame->canvas, area, row);
}

void zone_head(struct frame *frame, struct area area) {
    static void (*const lines[])(struct frame *, struct area,
                                 int) = {zone_title, line_who, line_decided, line_late, line_you};
    for (int row = 0; row < area.rows && row < (int)ARRAY_SIZE(lines); row++)
        (frame->incident || row == 0 ? lines[row] : line_calm)(frame, area, row);
}
