/* One step: who, why, exactly what runs, how it is checked and taken back; its output, its
 * attempts. */
#include "config.h"

#include "ui/view.h"

#include "base/array.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/invocation.h"
#include "incident/status.h"
#include "ui/divider.h"
#include "ui/line.h"
#include "ui/step_facts.h"
#include "ui/step_words.h"

#include <ctype.h>
#include <string.h>

/* From here on attempts stand beside the facts. */
#define WIDE_COLS 110
/* Below this width the first lines say the same in fewer words. */
#define ROOMY_COLS    60
#define ATTEMPTS_MOST 4
/* Where the words of an attempt begin, and how many rows its end may take below it. */
#define ATTEMPT_COL  6
#define ATTEMPT_ROWS 2
/* Rows that are kept for the output. */
#define OUTPUT_LEAST 5

static char *upper_words(const void *parent, const char *name) {
    char *words = words_of_name(parent, name);
    for (char *at = words; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    return words;
}

/* ---- the heading line of the step ------------------------------------------------------------ */

static void title_right(struct frame *frame, struct line *line, bool brief) {
    const struct step *step = frame->step;
    enum step_state state = step_state(frame->incident, step);
    const struct attempt *attempt = step_attempt(step);
    line_right(line, step_role(frame, step), "%s",
               upper_words(frame->scratch, step_state_name(state)));
    if (!attempt || !(state == STEP_RUNNING || state == STEP_VERIFYING))
        return;
    int64_t spent = frame->now_ms - attempt->started_ms, box = step->spec->box_ms;
    bool late = box && spent > box;
    if (!brief || !late)
        line_right(line, ROLE_STRONG, " %s", duration_clock(frame->scratch, spent));
    if (box && !brief)
        line_right(line, ROLE_DIM, " of %s", duration_clock(frame->scratch, box));
    if (late)
        line_right(line, ROLE_LATE, brief ? " %s LATE" : ", %s LATE",
                   duration_clock(frame->scratch, spent - box));
}

static void draw_title(struct frame *frame, struct area area, int row) {
    struct line *line = line_new(frame->scratch);
    line_left(line, ROLE_DIM, "STEP ");
    line_left(line, ROLE_STRONG, "%s", frame->step->label);
    line_left(line, ROLE_TEXT, "  %s",
              plan_words(frame->scratch, frame->incident, frame->step->spec->title));
    title_right(frame, line, area.cols < ROOMY_COLS);
    line_draw(line, frame->canvas, area, row);
}

static void draw_owner(struct frame *frame, struct area area, int row) {
    struct line *line = line_new(frame->scratch);
    const char *person = step_person(frame->incident, frame->step);
    const struct attempt *attempt = step_attempt(frame->step);
    const struct run *run = step_run(frame->step);
    line_left(line, ROLE_DIM, "owner ");
    line_left(line, person ? ROLE_STRONG : ROLE_LATE, "%s", person ? person : "NOBODY");
    if (frame->step->spec->owner)
        line_left(line, ROLE_DIM, " (%s)", frame->step->spec->owner);
    if (attempt)
        line_left(line, ROLE_TEXT, ", attempt %lld by %s since %s", (long long)attempt->number,
                  attempt->by, time_clock(frame->scratch, attempt->started_ms));
    if (run && area.cols >= ROOMY_COLS)
        line_right(line, ROLE_DIM, "on %s, pid %lld", run->host, (long long)run->pid);
    if (run && run->abort_by)
        line_right(line, ROLE_WARN, "  %s ABORTS IT", run->abort_by);
    line_draw(line, frame->canvas, area, row);
}

/* ---- attempts -------------------------------------------------------------------------------- */

static int attempts_rows(struct frame *frame) {
    size_t count = frame->step->attempts_count;
    return count ? (int)(count > ATTEMPTS_MOST ? ATTEMPTS_MOST : count) + 1 : 0;
}

/* A killed command may have done its work: what a timeout leads to is said before it comes. */
static char *outlook(struct frame *frame, const struct attempt *attempt) {
    const struct plan_step *spec = frame->step->spec;
    if (!attempt->work_run || !spec->timeout_ms || frame->step->record != STEP_RUNNING)
        return xtalloc_strdup(frame->scratch, "");
    return xtalloc_asprintf(frame->scratch, "; times out %s%s",
                            time_clock(frame->scratch, attempt->started_ms + spec->timeout_ms),
                            spec->read_only ? "" : ", then UNKNOWN until verified");
}

/* How it ended, or will. */
static const char *attempt_end(struct frame *frame, const struct attempt *attempt) {
    char *words = xtalloc_strdup(frame->scratch, "");
    if (!attempt->ended_ms)
        words = outlook(frame, attempt);
    if (attempt->reason)
        words = xtalloc_asprintf_append(words, ": %s", attempt->reason);
    if (attempt->evidence)
        words = xtalloc_asprintf_append(words, ", \"%s\"", attempt->evidence);
    return text_clean_z(frame->scratch, words);
}

static struct line *attempt_line(struct frame *frame, const struct attempt *attempt) {
    struct line *line = line_new(frame->scratch);
    struct state_look look = step_look(attempt->outcome);
    line_left(line, look.role, "%s %lld", look.glyph, (long long)attempt->number);
    line_tab(line, ATTEMPT_COL - 1);
    line_left(line, ROLE_TEXT, "%s %s  ", time_clock(frame->scratch, attempt->started_ms),
              attempt->by);
    line_left(line, look.role, "%s",
              words_of_name(frame->scratch, step_state_name(attempt->outcome)));
    if (attempt->ended_ms)
        line_left(line, ROLE_DIM, " in %s",
                  duration_clock(frame->scratch, attempt->ended_ms - attempt->started_ms));
    return line;
}

/* Returns the row behind it: an end that doesn't fit goes on below. */
static int draw_attempt(struct frame *frame, struct area area, int row,
                        const struct attempt *attempt) {
    struct line *line = attempt_line(frame, attempt);
    const char *end = attempt_end(frame, attempt);
    int cells = area.cols - ATTEMPT_COL - 1;
    bool fits = text_width(end) <= line_room(line, area.cols);
    if (fits)
        line_left(line, ROLE_TEXT, "%s", end);
    line_draw(line, frame->canvas, area, row++);
    char **rows = text_wrap(frame->scratch, end + strspn(end, ":;, "), cells > 1 ? cells : 1);
    for (int i = 0; !fits && rows[i] && i < ATTEMPT_ROWS; i++)
        canvas_put(frame->canvas, area_left(area, area.cols - 1), row++, ATTEMPT_COL, ROLE_TEXT,
                   rows[i]);
    return row;
}

/* The newest first. */
static void draw_attempts(struct frame *frame, struct area area) {
    const struct step *step = frame->step;
    int row = 1;
    canvas_rule(frame->canvas, area, 0, step->attempts_count ? "ATTEMPTS" : "ATTEMPTS none yet");
    for (size_t i = step->attempts_count; i > 0 && row < area.rows; i--)
        row = draw_attempt(frame, area, row, &step->attempts[i - 1]);
}

static int smaller(int a, int b) {
    return a < b ? a : b;
}

static int larger(int a, int b) {
    return a > b ? a : b;
}

/* ---- the view -------------------------------------------------------------------------------- */

/* Facts, then the output, then the attempts. Where all can't be, half is for the facts. */
static void draw_narrow(struct frame *frame, struct area area) {
    int attempts = attempts_rows(frame);
    int most = larger(area.rows - attempts - (frame->output ? OUTPUT_LEAST : 0), area.rows / 2);
    area = area_below(area, step_facts_draw(frame, area_top(area, most)));
    if (frame->output && area.rows - attempts < OUTPUT_LEAST)
        attempts = 0;
    if (frame->output)
        zone_output(frame, area_top(area, area.rows - attempts));
    if (attempts)
        draw_attempts(frame, area_below(area, frame->output ? area.rows - attempts : 0));
}

/* Facts beside the attempts, and below both the output. */
static void draw_wide(struct frame *frame, struct area area) {
    int divider = area.cols * 7 / 12;
    int attempts = 1 + (1 + ATTEMPT_ROWS) * (int)frame->step->attempts_count;
    struct area left = area_left(area, divider), right = area_right_of(area, divider + 1);
    int rows = step_facts_draw(frame, area_top(left, area.rows - OUTPUT_LEAST));
    rows = smaller(larger(rows, attempts), area.rows - OUTPUT_LEAST);
    draw_attempts(frame, area_top(right, rows));
    divider_draw(frame->canvas, area_top(area, rows), divider);
    if (frame->output)
        zone_output(frame, area_below(area, rows));
}

static void draw_step(struct frame *frame, struct area area) {
    if (!frame->step) {
        canvas_put(frame->canvas, area, 0, 1, ROLE_WARN, "this step is no longer in the plan");
        return;
    }
    if (frame->page->maximised) {
        zone_output(frame, area);
        return;
    }
    draw_title(frame, area, 0);
    draw_owner(frame, area, 1);
    area = area_below(area, 2);
    (area.cols >= WIDE_COLS && area.rows > 2 * OUTPUT_LEAST ? draw_wide : draw_narrow)(frame, area);
}

static const char *const step_hints[] = {"duty-1", "follow", "filter", "start", "done", "not-done",
                                         "note",   "people", "pause",  "back",  "help", NULL};

const struct view step_view = {
    .name = "step",
    .about = "one step: what runs, its live output, its attempts",
    .panes = {PANE_OUTPUT},
    .draw = draw_step,
    .head_rows = 1,
    .hints = step_hints,
};
