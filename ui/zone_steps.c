/* STEPS: one row a step; what is over folds together where room is short. */
#include "config.h"

#include "ui/view.h"

#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/status.h"

#include <ctype.h>
#include <string.h>

static const struct state_look looks[STEP_STATE_COUNT] = {
    [STEP_WAITING] = {"·", ROLE_DIM},       [STEP_GATED] = {"▲", ROLE_WARN},
    [STEP_READY] = {"○", ROLE_READY},       [STEP_RUNNING] = {"►", ROLE_RUNNING},
    [STEP_VERIFYING] = {"►", ROLE_RUNNING}, [STEP_UNKNOWN] = {"?", ROLE_UNKNOWN},
    [STEP_FAILED] = {"✗", ROLE_LATE},       [STEP_DONE] = {"✓", ROLE_OK},
    [STEP_SKIPPED] = {"-", ROLE_DIM},       [STEP_NOT_CHOSEN] = {"-", ROLE_DIM},
};

struct state_look step_look(enum step_state state) {
    return looks[state];
}

/* ---- what stands at the right of a row
 * ----------------------------------------------------------------- */

typedef const char *words_fn(struct frame *frame, const struct step *step);

static const char *words_waiting(struct frame *frame, const struct step *step) {
    return step_waits_for(frame->scratch, frame->incident, step);
}

static const char *words_ready(struct frame *frame, const struct step *step) {
    if (step->when_why)
        return xtalloc_asprintf(frame->scratch, "READY, can't judge `when`");
    return frame->incident->paused.by ? "READY, paused" : "READY, not started";
}

static const char *words_running(struct frame *frame, const struct step *step) {
    const struct attempt *attempt = step_attempt(step);
    int64_t spent = attempt ? frame->now_ms - attempt->started_ms : 0;
    int64_t over = step->spec->box_ms ? spent - step->spec->box_ms : 0;
    const char *verb = step->record == STEP_VERIFYING ? "verifying " : "";
    char *words =
        xtalloc_asprintf(frame->scratch, "%s%5s", verb, duration_clock(frame->scratch, spent));
    if (step->spec->box_ms)
        words = xtalloc_asprintf_append(words, " / %5s",
                                        duration_clock(frame->scratch, step->spec->box_ms));
    if (over > 0)
        words = xtalloc_asprintf_append(words, " +%s", duration_clock(frame->scratch, over));
    return words;
}

static const char *words_unknown(struct frame *frame, const struct step *step) {
    (void)frame;
    return step_run(step) ? "UNKNOWN, being checked" : "UNKNOWN: settle it";
}

static const char *words_failed(struct frame *frame, const struct step *step) {
    return xtalloc_asprintf(frame->scratch, "FAILED: %s", step->reason ? step->reason : "");
}

static const char *words_done(struct frame *frame, const struct step *step) {
    return xtalloc_asprintf(frame->scratch, "done %s",
                            time_minute(frame->scratch, step->changed_ms));
}

static const char *words_skipped(struct frame *frame, const struct step *step) {
    return xtalloc_asprintf(frame->scratch, "skipped by %s", step->ended_by);
}

static const char *words_not_chosen(struct frame *frame, const struct step *step) {
    (void)frame;
    return step->spec->handler ? "if it fails" : "not chosen";
}

static words_fn *const right_words[STEP_STATE_COUNT] = {
    [STEP_WAITING] = words_waiting,   [STEP_GATED] = words_waiting,
    [STEP_READY] = words_ready,       [STEP_RUNNING] = words_running,
    [STEP_VERIFYING] = words_running, [STEP_UNKNOWN] = words_unknown,
    [STEP_FAILED] = words_failed,     [STEP_DONE] = words_done,
    [STEP_SKIPPED] = words_skipped,   [STEP_NOT_CHOSEN] = words_not_chosen,
};

static bool is_over_box(const struct frame *frame, const struct step *step) {
    const struct attempt *attempt = step_attempt(step);
    return attempt && step->spec->box_ms &&
           frame->now_ms - attempt->started_ms > step->spec->box_ms;
}

/* ---- columns: a minimum, and what goes first when room is short
 * ---------------------------------------------- */

struct columns {
    int phase, name, title, owner, right; /* widths in cells; 0: left out */
};

static struct columns columns_of(const struct frame *frame, int cols) {
    struct columns columns = {.name = 16, .owner = 9, .right = 20};
    bool phases = strcmp(frame->page->view->name, "incident") == 0;
    if (cols >= 100)
        columns = (struct columns){.name = 22, .owner = 12, .right = 26};
    if (phases && cols >= 70)
        columns.phase = 9;
    if (cols < 60)
        columns.owner = 0;
    columns.title = cols - 4 - columns.phase - columns.name - columns.owner - columns.right - 2;
    if (columns.title < 8) {
        columns.name += columns.title > 0 ? columns.title : 0;
        columns.title = 0;
    }
    return columns;
}

/* ---- rows: a step, or several that are over
 * ------------------------------------------------------------------- */

struct row {
    size_t first, last; /* indexes of steps */
};

struct rows {
    struct row *list;
    size_t count;
};

static bool folds(const struct incident *incident, const struct step *step) {
    enum step_state state = step_state(incident, step);
    return state == STEP_DONE || state == STEP_SKIPPED;
}

/* Without folding a row a step; with it, neighbours that are over share one. */
static struct rows rows_of(struct frame *frame, bool fold) {
    const struct incident *incident = frame->incident;
    struct rows rows = {xtalloc_array(frame->scratch, struct row, incident->steps_count + 1), 0};
    for (size_t i = 0; i < incident->steps_count; i++) {
        struct row *before = rows.count ? &rows.list[rows.count - 1] : NULL;
        if (fold && before && folds(incident, &incident->steps[i]) &&
            folds(incident, &incident->steps[before->last]))
            before->last = i;
        else
            rows.list[rows.count++] = (struct row){i, i};
    }
    return rows;
}

static const char *row_name(struct frame *frame, const struct row *row) {
    const struct step *first = &frame->incident->steps[row->first];
    if (row->first == row->last)
        return step_label(frame->scratch, first);
    return xtalloc_asprintf(frame->scratch, "%zu-%zu done", row->first + 1, row->last + 1);
}

static const char *row_title(struct frame *frame, const struct row *row) {
    const struct step *first = &frame->incident->steps[row->first];
    if (row->first == row->last)
        return first->spec->title;
    char *ids = xtalloc_strdup(frame->scratch, first->spec->id);
    for (size_t i = row->first + 1; i <= row->last; i++)
        ids = xtalloc_asprintf_append(ids, ", %s", frame->incident->steps[i].spec->id);
    return ids;
}

static const char *phase_label(struct frame *frame, const struct step *step) {
    char *label = xtalloc_strdup(frame->scratch, step_phase_name(step->spec->phase));
    for (char *at = label; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    return label;
}

static const char *title_of(struct frame *frame, const struct row *row) {
    const struct step *step = &frame->incident->steps[row->first];
    const char *no_return = frame->incident->plan->no_return_step;
    const char *title = row_title(frame, row);
    if (row->first == row->last && no_return && strcmp(no_return, step->spec->id) == 0)
        return xtalloc_asprintf(frame->scratch, "%s  NO RETURN", title);
    return title;
}

static void draw_row(struct frame *frame, struct area area, int line, const struct row *row,
                     bool selected) {
    struct canvas *canvas = frame->canvas;
    const struct step *step = &frame->incident->steps[row->last];
    enum step_state state = step_state(frame->incident, step);
    struct state_look look = looks[state];
    struct columns columns = columns_of(frame, area.cols);
    enum role role = is_over_box(frame, step) && step_state_is_open(state) ? ROLE_LATE : look.role;
    enum role words = state == STEP_WAITING || step_state_is_over(state) ? ROLE_DIM : ROLE_TEXT;
    int col = 3;
    if (selected)
        canvas_put(canvas, area, line, 0, ROLE_KEY, "▸");
    if (columns.phase) {
        canvas_put_cell(canvas, area, line, 1, columns.phase - 1, ROLE_DIM,
                        phase_label(frame, step));
        col += columns.phase - 1;
    }
    canvas_put(canvas, area, line, col - 2, role, look.glyph);
    canvas_put_cell(canvas, area, line, col, columns.name,
                    words == ROLE_DIM ? ROLE_DIM : ROLE_STRONG, row_name(frame, row));
    col += columns.name + 1;
    if (columns.title)
        canvas_put_cell(canvas, area, line, col, columns.title, words, title_of(frame, row));
    col += columns.title ? columns.title + 1 : 0;
    const char *person = step_person(frame->incident, step);
    if (columns.owner)
        canvas_put_cell(canvas, area, line, col, columns.owner, person ? words : ROLE_LATE,
                        person ? person : "NOBODY");
    const char *right = right_words[state](frame, step);
    int room = area.cols - 1 - col - columns.owner;
    char *clean = text_clean_z(frame->scratch, right);
    if (text_width(clean) > room)
        canvas_put_cell(canvas, area, line, col + columns.owner, room, role, right);
    else
        canvas_put_right(canvas, area, line, area.cols - 1, role, right);
    if (selected && pane_is_active(frame, PANE_STEPS))
        canvas_highlight(canvas, area, line, 0, area.cols);
}

/* ---- the zone
 * -----------------------------------------------------------------------------------------------------
 */

static void heading(struct frame *frame, struct area area) {
    struct step_counts counts = incident_counts(frame->incident);
    struct columns columns = columns_of(frame, area.cols);
    char *words = xtalloc_asprintf(frame->scratch, "STEPS %zu of %zu done, %zu %s, %zu unknown",
                                   counts.over, counts.chosen, counts.running,
                                   counts.running == 1 ? "runs" : "run", counts.unknown);
    if (!incident_decision(frame->incident))
        words = xtalloc_asprintf(frame->scratch, "STEPS %zu, none chosen yet",
                                 frame->incident->steps_count);
    canvas_rule(frame->canvas, area, 0, words);
    if (counts.unknown)
        canvas_mark(frame->canvas, area, 0, 1, text_width(words), ROLE_UNKNOWN);
    int owner = 4 + columns.phase + columns.name + (columns.title ? columns.title + 1 : 0);
    if (columns.owner && columns.phase)
        owner -= 1;
    if (columns.owner)
        canvas_put(frame->canvas, area, 0, owner - 1, ROLE_RULE, " OWNER ");
    if (area.cols >= 60)
        canvas_put_right(frame->canvas, area, 0, area.cols - 6, ROLE_RULE, " SPENT / BOX ");
}

static size_t row_of_step(const struct rows *rows, size_t step) {
    for (size_t i = 0; i < rows->count; i++)
        if (step >= rows->list[i].first && step <= rows->list[i].last)
            return i;
    return 0;
}

static size_t first_row(size_t selected, size_t count, size_t room) {
    if (count <= room || selected < room / 2)
        return 0;
    size_t top = selected - room / 2;
    return top + room > count ? count - room : top;
}

int zone_steps_rows(struct frame *frame) {
    if (!frame->incident)
        return 0;
    return frame->incident->steps_count ? (int)frame->incident->steps_count + 1 : 2;
}

static void no_steps(struct frame *frame, struct area area) {
    const char *words = frame->incident->plan
                            ? "the plan has no steps"
                            : "no plan yet: :adopt PLAN gives it one; decide works without";
    canvas_rule(frame->canvas, area, 0, "STEPS");
    canvas_put(frame->canvas, area, 1, 1, ROLE_DIM, words);
}

void zone_steps(struct frame *frame, struct area area) {
    const struct items items = pane_items(frame, PANE_STEPS);
    if (items.count == 0) {
        no_steps(frame, area);
        return;
    }
    size_t room = area.rows > 1 ? (size_t)area.rows - 1 : 0;
    struct rows rows = rows_of(frame, frame->incident->steps_count > room);
    size_t selected = row_of_step(&rows, cursor_index(pane_cursor(frame, PANE_STEPS), &items));
    size_t top = first_row(selected, rows.count, room);
    heading(frame, area);
    for (size_t i = 0; i < room && top + i < rows.count; i++)
        draw_row(frame, area, (int)i + 1, &rows.list[top + i], top + i == selected);
}
