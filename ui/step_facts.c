#include "config.h"

#include "ui/step_facts.h"

#include "base/array.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/invocation.h"
#include "incident/status.h"

#include <string.h>

#define LABEL_COLS 9
/* Below this width nothing stands at the right of a fact. */
#define ROOMY_COLS 60

typedef char *fact_fn(struct frame *frame);

static char *copy_or_empty(struct frame *frame, const char *text) {
    return xtalloc_strdup(frame->scratch, text ? text : "");
}

/* A text of the plan, with its ${} replaced. */
static char *filled_or_empty(struct frame *frame, const char *text) {
    return text ? plan_words(frame->scratch, frame->incident, text) : copy_or_empty(frame, NULL);
}

static char *fact_why(struct frame *frame) {
    return filled_or_empty(frame, frame->step->spec->why);
}

static char *fact_customers(struct frame *frame) {
    return filled_or_empty(frame, frame->step->spec->customers);
}

/* What will run is shown as it will run, with every ${} replaced; until that is possible, as
 * written. */
static char *fact_runs(struct frame *frame) {
    const struct plan_step *spec = frame->step->spec;
    struct err *err = err_new(frame->scratch);
    struct invocation *invocation;
    if (spec->kind == STEP_MANUAL)
        return filled_or_empty(frame, spec->manual);
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
    return argv_quoted(frame->scratch, invocation->argv);
}

/* What was agreed to is compared with what runs by this. */
static char *margin_runs(struct frame *frame) {
    struct invocation *invocation;
    struct err *err = err_new(frame->scratch);
    if (frame->step->spec->kind != STEP_RUN ||
        !invocation_make(frame->scratch, frame->incident, frame->step, RUN_WORK, &invocation, err))
        return copy_or_empty(frame, NULL);
    return xtalloc_asprintf(frame->scratch, "digest %.8s", invocation->digest);
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
    char *words = step_command_words(frame->scratch, frame->incident, frame->step, RUN_CHECK);
    if (verify->within_ms)
        words = xtalloc_asprintf(frame->scratch, "%s in %s", words,
                                 duration_unit(frame->scratch, verify->within_ms));
    return xtalloc_asprintf(frame->scratch, "%s%s", words, tries_words(frame));
}

static char *fact_undo(struct frame *frame) {
    return filled_or_empty(frame, frame->step->spec->undo);
}

static char *fact_runbook(struct frame *frame) {
    return filled_or_empty(frame, frame->step->spec->runbook);
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
    int most;        /* rows */
    fact_fn *margin; /* words at the right of its last row, or NULL */
} facts[] = {
    {"now", fact_now, 2, NULL},
    {"why", fact_why, 2, NULL},
    {"they see", fact_customers, 1, NULL},
    {"runs", fact_runs, 3, margin_runs},
    {"when", fact_when, 1, NULL},
    {"repeat", fact_repeat, 1, NULL},
    {"verify", fact_verify, 2, NULL},
    {"evidence", fact_evidence, 1, NULL},
    {"undo", fact_undo, 2, NULL},
    {"runbook", fact_runbook, 1, NULL},
};

/* Returns the row behind it. */
static int draw_fact(struct frame *frame, struct area area, int row, size_t fact) {
    const char *words = text_clean_z(frame->scratch, facts[fact].words(frame));
    bool roomy = facts[fact].margin && area.cols >= ROOMY_COLS;
    const char *margin = roomy ? facts[fact].margin(frame) : "";
    int cells = area.cols - LABEL_COLS - 2 - (*margin ? text_width(margin) + 2 : 0);
    if (!*words)
        return row;
    char **lines = text_wrap(frame->scratch, words, cells > 1 ? cells : 1);
    canvas_put(frame->canvas, area, row, 1, ROLE_DIM, facts[fact].label);
    for (int i = 0; lines[i] && i < facts[fact].most && row < area.rows; i++) {
        bool cut = lines[i + 1] && i + 1 == facts[fact].most;
        char *line = cut ? xtalloc_asprintf(frame->scratch, "%s …", lines[i]) : lines[i];
        canvas_put_cell(frame->canvas, area, row++, LABEL_COLS + 1, cells,
                        fact == 0 ? ROLE_WARN : ROLE_TEXT, line);
    }
    if (*margin)
        canvas_put_right(frame->canvas, area, row - 1, area.cols - 1, ROLE_DIM, margin);
    return row;
}

int step_facts_draw(struct frame *frame, struct area area) {
    int row = 0;
    for (size_t i = 0; i < ARRAY_SIZE(facts) && row < area.rows; i++)
        row = draw_fact(frame, area, row, i);
    return row;
}
