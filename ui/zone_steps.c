/* STEPS: one row a step; what is over folds together where room is short. */
#include "config.h"

#include "ui/view.h"

#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/invocation.h"
#include "ui/step_words.h"

#include <ctype.h>
#include <string.h>

/* ---- columns: a minimum, and what goes first when room is short ------------------------------ */

#define PHASE_CELLS 8
#define TITLE_LEAST 8
/* Beyond this the eye loses its row; the last column has better use for what remains. */
#define TITLE_MOST 60
/* Below this width the heading says the same in fewer words. */
#define BRIEF_COLS 60

/* Where each column begins; 0: left out. The last one may use the last cell. */
struct columns {
    int phase, glyph, name, title, owner, right, end;
};

static struct columns columns_of(const struct frame *frame, int cols) {
    bool phases = frame->page->view == &incident_view && cols >= 70;
    int owner = cols >= 76 ? 12 : cols >= 60 ? 9 : 0;
    int right = cols >= 100 ? 28 : cols >= 76 ? 19 : cols >= 60 ? 15 : 20;
    int name = cols >= 100 ? 22 : 15;
    struct columns columns = {.phase = phases, .end = cols};
    columns.glyph = phases ? 1 + PHASE_CELLS : 1;
    columns.name = columns.glyph + 2;
    columns.right = columns.end - right;
    columns.owner = owner ? columns.right - owner : 0;
    columns.title = columns.name + name + 1;
    int behind = columns.owner ? columns.owner : columns.right;
    int beyond = behind - columns.title - TITLE_MOST;
    if (beyond > 0) {
        columns.owner -= beyond;
        columns.right -= beyond;
    }
    if (behind - columns.title < TITLE_LEAST)
        columns.title = 0;
    return columns;
}

/* The column behind `name`. */
static int name_end(const struct columns *columns) {
    if (columns->title)
        return columns->title;
    return columns->owner ? columns->owner : columns->right;
}

/* ---- rows: a step, or several that are over -------------------------------------------------- */

struct row {
    size_t first, last; /* indexes of steps */
};

struct rows {
    struct row *list;
    size_t count;
};

static bool is_over(const struct incident *incident, size_t step) {
    enum step_state state = step_state(incident, &incident->steps[step]);
    return state == STEP_DONE || state == STEP_SKIPPED;
}

/* Without folding a row a step; with it, neighbours that are over share one, but for the step that
 * is selected. */
static struct rows rows_of(struct frame *frame, bool fold, size_t selected) {
    const struct incident *incident = frame->incident;
    struct rows rows = {xtalloc_array(frame->scratch, struct row, incident->steps_count + 1), 0};
    for (size_t i = 0; i < incident->steps_count; i++) {
        struct row *before = rows.count ? &rows.list[rows.count - 1] : NULL;
        bool alone = !fold || i == selected || (before && before->last == selected);
        if (before && !alone && is_over(incident, i) && is_over(incident, before->last))
            before->last = i;
        else
            rows.list[rows.count++] = (struct row){i, i};
    }
    return rows;
}

static const char *phase_label(struct frame *frame, const struct step *step) {
    char *label = xtalloc_strdup(frame->scratch, step_phase_name(step->spec->phase));
    for (char *at = label; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    return label;
}

/* "1-2 contain"; where they are of several phases, "1-4 done". */
static const char *fold_name(struct frame *frame, const struct row *row) {
    const struct step *steps = frame->incident->steps;
    const char *what = step_phase_name(steps[row->first].spec->phase);
    for (size_t i = row->first; i <= row->last; i++)
        if (steps[i].spec->phase != steps[row->first].spec->phase)
            what = "";
    return xtalloc_asprintf(frame->scratch, "%zu-%zu %s", row->first + 1, row->last + 1,
                            *what ? what : "done");
}

static const char *fold_title(struct frame *frame, const struct row *row) {
    const struct step *steps = frame->incident->steps;
    char *ids = xtalloc_strdup(frame->scratch, steps[row->first].spec->id);
    for (size_t i = row->first + 1; i <= row->last; i++)
        ids = xtalloc_asprintf_append(ids, ", %s", steps[i].spec->id);
    return ids;
}

/* "✓ 1 kill-switch  - 2 stop-writers": each by itself, where there is room for that. */
static const char *fold_list(struct frame *frame, const struct row *row) {
    char *words = xtalloc_strdup(frame->scratch, "");
    for (size_t i = row->first; i <= row->last; i++) {
        const struct step *step = &frame->incident->steps[i];
        words = xtalloc_asprintf_append(words, "%s%s %s", i > row->first ? "  " : "",
                                        step_look(step_state(frame->incident, step)).glyph,
                                        step->label);
    }
    return text_clean_z(frame->scratch, words);
}

static const char *fold_words(struct frame *frame, const struct row *row) {
    return xtalloc_asprintf(
        frame->scratch, "done %s",
        time_minute(frame->scratch, frame->incident->steps[row->last].changed_ms));
}

static bool is_no_return(const struct frame *frame, const struct step *step) {
    const char *no_return = frame->incident->plan->no_return_step;
    return no_return && strcmp(no_return, step->spec->id) == 0;
}

/* ---- one row --------------------------------------------------------------------------------- */

/* The words that warn are kept whole; the title before them is cut. */
static void draw_title(struct frame *frame, struct area area, int line, int col, int cells,
                       enum role role, const struct step *step) {
    static const char warning[] = "NO RETURN";
    int warned = is_no_return(frame, step) ? (int)sizeof(warning) - 1 : 0;
    int room = warned ? cells - warned - 2 : cells;
    char *title = plan_words(frame->scratch, frame->incident, step->spec->title);
    int used = text_width(text_clean_z(frame->scratch, title));
    canvas_put_cell(frame->canvas, area, line, col, room, role, title);
    if (warned)
        canvas_put(frame->canvas, area, line, col + (used < room ? used : room) + 2, ROLE_WARN,
                   warning);
}

static void draw_middle(struct frame *frame, struct area area, int line, const struct row *row,
                        const struct columns *columns, enum role words) {
    struct canvas *canvas = frame->canvas;
    const struct step *step = &frame->incident->steps[row->last];
    const char *person = step_person(frame->incident, step);
    int title_cells = (columns->owner ? columns->owner : columns->right) - columns->title - 1;
    if (columns->title && row->first != row->last)
        canvas_put_cell(canvas, area, line, columns->title, title_cells, words,
                        fold_title(frame, row));
    else if (columns->title)
        draw_title(frame, area, line, columns->title, title_cells, words, step);
    if (columns->owner)
        canvas_put_cell(canvas, area, line, columns->owner, columns->right - columns->owner - 1,
                        person ? words : ROLE_LATE, person ? person : "NOBODY");
}

/* The look is the words' own, not that of the blanks behind them: one of them is underlined. */
static void draw_words(struct canvas *canvas, struct area area, int line, int col, int cells,
                       enum role role, const char *words) {
    canvas_put_cell(canvas, area, line, col, cells, ROLE_TEXT, words);
    while (cells > 0 &&
           strcmp(canvas_cell(canvas, area.row + line, area.col + col + cells - 1).text, " ") == 0)
        cells--;
    canvas_mark(canvas, area, line, col, cells, role);
}

static void draw_fold_list(struct frame *frame, struct area area, int line, const struct row *row,
                           const struct columns *columns) {
    const char *list = fold_list(frame, row);
    int cells = columns->owner - columns->glyph - 1;
    if (text_width(list) <= cells)
        canvas_put_cell(frame->canvas, area, line, columns->glyph, cells, ROLE_DIM, list);
}

/* What ticks looks as the clocks beside it do: turning a colour on and off for each digit would
 * cost a line more bytes than the digits. The glyph has the colour. */
static enum role words_role(enum role of_step) {
    return of_step == ROLE_RUNNING ? ROLE_STRONG : of_step;
}

static void draw_row(struct frame *frame, struct area area, int line, const struct row *row) {
    struct canvas *canvas = frame->canvas;
    const struct step *step = &frame->incident->steps[row->last];
    enum step_state state = step_state(frame->incident, step);
    struct columns columns = columns_of(frame, area.cols);
    bool folded = row->first != row->last, dim = state == STEP_WAITING || step_state_is_over(state);
    enum role words = dim ? ROLE_DIM : ROLE_TEXT, role = step_role(frame, step);
    int cells = columns.end - columns.right;
    if (columns.phase)
        canvas_put_cell(canvas, area, line, columns.phase, PHASE_CELLS - 1, ROLE_DIM,
                        phase_label(frame, step));
    canvas_put(canvas, area, line, columns.glyph, role, step_look(state).glyph);
    canvas_put_cell(canvas, area, line, columns.name, name_end(&columns) - columns.name - 1,
                    dim ? ROLE_DIM : ROLE_STRONG, folded ? fold_name(frame, row) : step->label);
    draw_middle(frame, area, line, row, &columns, words);
    if (folded && columns.phase && columns.owner)
        draw_fold_list(frame, area, line, row, &columns);
    draw_words(canvas, area, line, columns.right, cells, words_role(role),
               folded ? fold_words(frame, row) : step_words(frame, step, cells));
}

/* ---- the zone -------------------------------------------------------------------------------- */

/* How many steps stand before and behind the rows that are shown: "↑11 ↓26". */
static const char *hidden_words(struct frame *frame, size_t first, size_t last) {
    size_t behind = frame->incident->steps_count - last - 1;
    char *words = xtalloc_strdup(frame->scratch, "");
    if (first)
        words = xtalloc_asprintf_append(words, " ↑%zu", first);
    if (behind)
        words = xtalloc_asprintf_append(words, " ↓%zu", behind);
    return words;
}

/* A column's heading stands exactly over it, where what else is there leaves room. */
static void column_heading(struct frame *frame, struct area area, int used, int col, int end,
                           const char *words) {
    if (col - 2 > used && col + text_width(words) < end)
        canvas_put(frame->canvas, area, 0, col - 2, ROLE_RULE,
                   xtalloc_asprintf(frame->scratch, "  %s ", words));
}

static char *count_words(struct frame *frame, struct step_counts counts, bool brief) {
    char *words;
    if (!incident_decision(frame->incident))
        return xtalloc_asprintf(frame->scratch, "STEPS %zu, none chosen yet",
                                frame->incident->steps_count);
    words = xtalloc_asprintf(frame->scratch, "STEPS %zu%s%zu%s, %zu %s", counts.over,
                             brief ? "/" : " of ", counts.chosen, brief ? "" : " done",
                             counts.running, counts.running == 1 ? "runs" : "run");
    if (counts.unknown || !counts.failed)
        words = xtalloc_asprintf_append(words, ", %zu unknown", counts.unknown);
    if (counts.failed)
        words = xtalloc_asprintf_append(words, ", %zu FAILED", counts.failed);
    return words;
}

static void heading(struct frame *frame, struct area area, const char *hidden) {
    struct step_counts counts = incident_counts(frame->incident);
    struct columns columns = columns_of(frame, area.cols);
    char *words = count_words(frame, counts, area.cols < BRIEF_COLS);
    int used = text_width(words) + 2, end = area.cols - 1;
    canvas_rule(frame->canvas, area, 0, words);
    if (counts.unknown || counts.failed)
        canvas_mark(frame->canvas, area, 0, 1, used - 2, counts.unknown ? ROLE_UNKNOWN : ROLE_LATE);
    if (*hidden)
        end = canvas_put_right(frame->canvas, area, 0, end, ROLE_STRONG, hidden);
    if (columns.owner)
        column_heading(frame, area, used, columns.owner, end, "OWNER");
    column_heading(frame, area, used, columns.right, end, "SPENT / BOX");
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

int zone_steps_rows(struct frame *frame, int cols) {
    (void)cols;
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
    size_t step = cursor_index(pane_cursor(frame, PANE_STEPS), &items);
    struct rows rows = rows_of(frame, frame->incident->steps_count > room, step);
    size_t selected = row_of_step(&rows, step);
    size_t top = first_row(selected, rows.count, room);
    size_t end = top + room < rows.count ? top + room : rows.count;
    heading(frame, area,
            end > top ? hidden_words(frame, rows.list[top].first, rows.list[end - 1].last) : "");
    for (size_t i = top; i < end; i++) {
        int line = (int)(i - top) + 1;
        draw_row(frame, area, line, &rows.list[i]);
        if (i == selected)
            canvas_put(frame->canvas, area, line, 0, ROLE_KEY, "▸");
        if (i == selected && pane_is_active(frame, PANE_STEPS))
            canvas_highlight(frame->canvas, area, line, 0, area.cols);
    }
}
