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
#include "ui/line.h"

#include <string.h>

#define LABEL_COLS 9

/* ---- the heading line of the step
 * -------------------------------------------------------------------------- */

static void title_right(struct frame *frame, struct line *line) {
    const struct step *step = frame->step;
    enum step_state state = step_state(frame->incident, step);
    const struct attempt *attempt = step_attempt(step);
    char *words = xtalloc_strdup(frame->scratch, step_state_name(state));
    for (char *at = words; *at; at++)
        *at = *at == '_' ? ' ' : (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    line_right(line, step_look(state).role, "%s", words);
    if (!attempt || !(state == STEP_RUNNING || state == STEP_VERIFYING))
        return;
    int64_t spent = frame->now_ms - attempt->started_ms;
    line_right(line, ROLE_STRONG, " %s", duration_clock(frame->scratch, spent));
    if (step->spec->box_ms)
        line_right(line, ROLE_DIM, " of %s", duration_clock(frame->scratch, step->spec->box_ms));
    if (step->spec->box_ms && spent > step->spec->box_ms)
        line_right(line, ROLE_LATE, ", %s LATE",
                   duration_clock(frame->scratch, spent - step->spec->box_ms));
}

static void draw_title(struct frame *frame, struct area area, int row) {
    struct line *line = line_new(frame->scratch);
    line_left(line, ROLE_DIM, "STEP ");
    line_left(line, ROLE_STRONG, "%s", step_label(frame->scratch, frame->step));
    line_left(line, ROLE_TEXT, "  %s", frame->step->spec->title);
    title_right(frame, line);
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
    if (run)
        line_right(line, ROLE_DIM, "on %s, pid %lld", run->host, (long long)run->pid);
    if (run && run->abort_by)
        line_right(line, ROLE_WARN, "  %s ABORTS IT", run->abort_by);
    line_draw(line, frame->canvas, area, row);
}

/* ---- facts: a label and its words, wrapped
 * ---------------------------------------------------------------------- */

typedef char *fact_fn(struct frame *frame);

static char *copy_or_empty(struct frame *frame, const char *text) {
    return xtalloc_strdup(frame->scratch, text ? text : "");
}

static char *fact_why(struct frame *frame) {
    return copy_or_empty(frame, frame->step->spec->why);
}

static char *fact_customers(struct frame *frame) {
    return copy_or_empty(frame, frame->step->spec->customers);
}

/* What will run is shown as it will run, with every ${} replaced; until that is possible, as
 * written. */
static char *fact_runs(struct frame *frame) {
    const struct plan_step *spec = frame->step->spec;
    struct err *err = err_new(frame->scratch);
    struct invocation *invocation;
    if (spec->kind == STEP_MANUAL)
        return copy_or_empty(frame, spec->manual);
    if (spec->kind == STEP_WAIT)
        return xtalloc_asprintf(frame->scratch, "waits %s",
                                duration_unit(frame->scratch, spec->wait_ms));
    if (spec->kind != STEP_RUN)
        return xtalloc_asprintf(frame->scratch, "(%s: this version can't perform it)",
                                step_kind_name(spec->kind));
    if (!invocation_make(frame->scratch, frame->incident, frame->step, RUN_WORK, &invocation, err))
        return xtalloc_asprintf(frame->scratch, "%s (%s: %s)",
                                argv_quoted(frame->scratch, spec->run.argv), err->what,
                                err->on ? err->on : "");
    return xtalloc_asprintf(frame->scratch, "%s  digest %.8s",
                            argv_quoted(frame->scratch, invocation->argv), invocation->digest);
}

static char *fact_repeat(struct frame *frame) {
    const struct plan_step *spec = frame->step->spec;
    const char *no_return = frame->incident->plan->no_return_step;
    const char *may = spec->read_only    ? "only reads, may be repeated"
                      : spec->idempotent ? "may be repeated"
                                         : "NEVER by itself";
    return xtalloc_asprintf(
        frame->scratch, "%s; %sdestructive%s%s", may, spec->destructive ? "" : "not ",
        no_return && strcmp(no_return, spec->id) == 0 ? "; POINT OF NO RETURN" : "",
        spec->lock ? xtalloc_asprintf(frame->scratch, "; lock %s", spec->lock) : "");
}

static char *tries_words(struct frame *frame) {
    int64_t last_ms = 0;
    int64_t tries = frame->output ? run_output_tries(frame->output, &last_ms) : 0;
    if (!tries || frame->step->record != STEP_VERIFYING)
        return xtalloc_strdup(frame->scratch, "");
    return xtalloc_asprintf(frame->scratch, "  tried %lld, not yet, %s ago", (long long)tries,
                            duration_clock(frame->scratch, frame->now_ms - last_ms));
}

static char *fact_verify(struct frame *frame) {
    const struct plan_verify *verify = &frame->step->spec->verify;
    if (verify->kind == VERIFY_NONE)
        return copy_or_empty(frame, NULL);
    if (verify->kind == VERIFY_EXPR)
        return copy_or_empty(frame, verify->expr);
    if (verify->kind == VERIFY_MATCHES)
        return xtalloc_asprintf(frame->scratch, "its output matches %s", verify->matches);
    char *words = argv_quoted(frame->scratch, verify->run.argv);
    if (verify->within_ms)
        words = xtalloc_asprintf(frame->scratch, "%s in %s", words,
                                 duration_unit(frame->scratch, verify->within_ms));
    return xtalloc_asprintf(frame->scratch, "%s%s", words, tries_words(frame));
}

static char *fact_undo(struct frame *frame) {
    return copy_or_empty(frame, frame->step->spec->undo);
}

static char *fact_runbook(struct frame *frame) {
    return copy_or_empty(frame, frame->step->spec->runbook);
}

static char *fact_when(struct frame *frame) {
    const struct step *step = frame->step;
    if (!step->spec->when)
        return copy_or_empty(frame, NULL);
    if (!step->when_why)
        return copy_or_empty(frame, step->spec->when);
    return xtalloc_asprintf(frame->scratch, "%s: can't be judged: %s; start or skip it",
                            step->spec->when, step->when_why);
}

static char *fact_evidence(struct frame *frame) {
    const struct plan_step *spec = frame->step->spec;
    if (!spec->evidence_prompt && !spec->evidence_required)
        return copy_or_empty(frame, NULL);
    return xtalloc_asprintf(frame->scratch, "%s%s",
                            spec->evidence_prompt ? spec->evidence_prompt : "",
                            spec->evidence_required ? " (required)" : "");
}

static char *fact_now(struct frame *frame) {
    const struct step *step = frame->step;
    enum step_state state = step_state(frame->incident, step);
    if (state == STEP_WAITING)
        return step_waits_for(frame->scratch, frame->incident, step);
    if (state == STEP_FAILED || state == STEP_UNKNOWN || state == STEP_SKIPPED)
        return copy_or_empty(frame, step->reason);
    return copy_or_empty(frame, NULL);
}

static const struct {
    const char *label;
    fact_fn *words;
    int most; /* rows */
} facts[] = {
    {"now", fact_now, 2},         {"why", fact_why, 2},           {"they see", fact_customers, 1},
    {"runs", fact_runs, 3},       {"when", fact_when, 1},         {"repeat", fact_repeat, 1},
    {"verify", fact_verify, 2},   {"evidence", fact_evidence, 1}, {"undo", fact_undo, 2},
    {"runbook", fact_runbook, 1},
};

static int draw_fact(struct frame *frame, struct area area, int row, size_t fact) {
    char *words = text_clean_z(frame->scratch, facts[fact].words(frame));
    if (!*words)
        return row;
    char **lines = text_wrap(frame->scratch, words, area.cols - LABEL_COLS - 3);
    canvas_put(frame->canvas, area, row, 1, ROLE_DIM, facts[fact].label);
    for (int i = 0; lines[i] && i < facts[fact].most && row < area.rows; i++) {
        bool cut = lines[i + 1] && i + 1 == facts[fact].most;
        char *line = cut ? xtalloc_asprintf(frame->scratch, "%s …", lines[i]) : lines[i];
        canvas_put_cell(frame->canvas, area, row++, LABEL_COLS + 1, area.cols - LABEL_COLS - 2,
                        fact == 0 ? ROLE_WARN : ROLE_TEXT, line);
    }
    return row;
}

static int draw_facts(struct frame *frame, struct area area) {
    int row = 0;
    draw_title(frame, area, row++);
    draw_owner(frame, area, row++);
    for (size_t i = 0; i < ARRAY_SIZE(facts) && row < area.rows; i++)
        row = draw_fact(frame, area, row, i);
    return row;
}

/* ---- attempts
 * --------------------------------------------------------------------------------------------------------
 */

static int attempts_rows(struct frame *frame) {
    size_t count = frame->step->attempts_count;
    return count ? (int)(count > 4 ? 4 : count) + 1 : 0;
}

static void draw_attempt(struct frame *frame, struct area area, int row,
                         const struct attempt *attempt) {
    struct line *line = line_new(frame->scratch);
    struct state_look look = step_look(attempt->outcome);
    line_left(line, look.role, "%s %lld", look.glyph, (long long)attempt->number);
    line_tab(line, 5);
    line_left(line, ROLE_TEXT, "%s %s  ", time_clock(frame->scratch, attempt->started_ms),
              attempt->by);
    line_left(line, look.role, "%s", step_state_name(attempt->outcome));
    if (attempt->ended_ms)
        line_left(line, ROLE_DIM, " in %s",
                  duration_clock(frame->scratch, attempt->ended_ms - attempt->started_ms));
    if (attempt->reason)
        line_left(line, ROLE_TEXT, ": %s", attempt->reason);
    if (attempt->evidence)
        line_left(line, ROLE_TEXT, ", \"%s\"", attempt->evidence);
    line_draw(line, frame->canvas, area, row);
}

static void draw_attempts(struct frame *frame, struct area area) {
    const struct step *step = frame->step;
    canvas_rule(frame->canvas, area, 0, "ATTEMPTS");
    for (int row = 1; row < area.rows && row <= (int)step->attempts_count; row++)
        draw_attempt(frame, area, row, &step->attempts[step->attempts_count - (size_t)row]);
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
    int most = area.rows - 6 > 4 ? area.rows - 6 : area.rows;
    int rows = draw_facts(frame, area_top(area, most));
    area = area_below(area, rows);
    int attempts = attempts_rows(frame);
    int output = frame->output ? area.rows - attempts : 0;
    if (output > 2)
        zone_output(frame, area_top(area, output));
    if (attempts)
        draw_attempts(frame, area_below(area, output > 2 ? output : 0));
}

const struct view step_view = {
    .name = "step",
    .about = "one step: what runs, its live output, its attempts",
    .panes = {PANE_OUTPUT},
    .draw = draw_step,
    .head_rows = 1,
};
