/* A prompt on the last row of the screen, and above it what doesn't fit there. */
#include "config.h"

#include "ui/prompt_inside.h"

#include "base/text.h"
#include "base/xtalloc.h"
#include "ui/line.h"
#include "ui/term.h"
#include "ui/ui.h"

/* "y yes  n no" and a blank before it. */
#define YES_CELLS 12

/* ---- on the last row ------------------------------------------------------------------------- */

static void draw_field(struct ui *ui, struct frame *frame, struct area row, const char *label) {
    int width = text_width(label);
    canvas_put_cell(frame->canvas, row, 0, 0, width, ROLE_PROMPT, label);
    field_draw(ui->prompt->field, frame->canvas, row, 0, width, row.cols - width, ROLE_TEXT);
}

/* The answer has a third of the row at least. */
static int label_cells(const struct area *row) {
    return row->cols * 2 / 3;
}

static void draw_yes(struct frame *frame, struct area row, const char *label) {
    struct line *line = line_new(frame->scratch);
    line_left(line, ROLE_PROMPT, "%s", label);
    line_right(line, ROLE_KEY, "y");
    line_right(line, ROLE_TEXT, " yes  ");
    line_right(line, ROLE_KEY, "n");
    line_right(line, ROLE_TEXT, " no");
    line_draw(line, frame->canvas, row, 0);
}

static void draw_menu(struct ui *ui, struct frame *frame, struct area row) {
    struct line *line = line_new(frame->scratch);
    line_left(line, ROLE_PROMPT, "%s: ", ui->prompt->label);
    for (size_t i = 0; i < ui->prompt->choices_count; i++) {
        line_left(line, ROLE_KEY, "%s", key_label(frame->scratch, ui->prompt->choices[i].key));
        line_left(line, ROLE_TEXT, " %s  ", ui->prompt->choices[i].words);
    }
    line_draw(line, frame->canvas, row, 0);
}

/* ---- above it -------------------------------------------------------------------------------- */

/* The last of the rows above, wiped. */
static struct area clear_box(struct frame *frame, struct area above, int rows) {
    struct area box = area_below(above, above.rows - rows);
    for (int row = 0; row < box.rows; row++)
        canvas_put_cell(frame->canvas, box, row, 0, box.cols, ROLE_TEXT, "");
    return box;
}

/* Nobody says yes to half a question: what doesn't fit beside the answer stands above it, whole. */
static void draw_question(struct frame *frame, struct area above, const char *label) {
    char **lines = text_wrap(frame->scratch, label, above.cols > 3 ? above.cols - 2 : 1);
    int rows = 1;
    while (lines[rows - 1])
        rows++;
    struct area box = clear_box(frame, above, rows);
    canvas_rule(frame->canvas, box, 0, "");
    for (int row = 1; row < rows; row++)
        canvas_put(frame->canvas, box, row, 1, ROLE_PROMPT, lines[row - 1]);
}

/* A menu too long for its line stands above it, a choice a row. */
static bool draw_tall_menu(struct ui *ui, struct frame *frame, struct area above, struct area row) {
    struct prompt *prompt = ui->prompt;
    int cells = text_width(prompt->label) + 3;
    for (size_t i = 0; i < prompt->choices_count; i++)
        cells += text_width(prompt->choices[i].words) + 4;
    int rows = (int)prompt->choices_count + 1;
    if (prompt->kind != PROMPT_MENU || cells < above.cols || rows > above.rows)
        return false;
    struct area box = clear_box(frame, above, rows);
    canvas_rule(frame->canvas, box, 0, prompt->label);
    for (int i = 1; i < rows; i++) {
        struct line *line = line_new(frame->scratch);
        const struct choice *choice = &prompt->choices[i - 1];
        line_left(line, ROLE_KEY, "%s ", key_label(frame->scratch, choice->key));
        line_left(line, ROLE_TEXT, "%s", choice->words);
        line_draw(line, frame->canvas, box, i);
    }
    canvas_put(frame->canvas, row, 0, 1, ROLE_PROMPT, "choose one, Esc leaves it");
    return true;
}

/* ---- by kind --------------------------------------------------------------------------------- */

static void draw_text(struct ui *ui, struct frame *frame, struct area above, struct area row) {
    const char *label = xtalloc_asprintf(frame->scratch, "%s: ", ui->prompt->label);
    bool fits = text_width(label) <= label_cells(&row);
    if (!fits)
        draw_question(frame, above, ui->prompt->label);
    draw_field(ui, frame, row, fits ? label : ": ");
}

static void draw_word(struct ui *ui, struct frame *frame, struct area above, struct area row) {
    const struct prompt *prompt = ui->prompt;
    const char *label =
        xtalloc_asprintf(frame->scratch, "type %s to %s", prompt->word, prompt->label);
    bool fits = text_width(label) + 2 <= label_cells(&row);
    if (!fits)
        draw_question(frame, above, label);
    draw_field(ui, frame, row, fits ? xtalloc_asprintf(frame->scratch, "%s: ", label) : ": ");
}

static void draw_yes_or_no(struct ui *ui, struct frame *frame, struct area above, struct area row) {
    bool fits = text_width(ui->prompt->label) + YES_CELLS + 2 <= row.cols;
    if (!fits)
        draw_question(frame, above, ui->prompt->label);
    draw_yes(frame, row, fits ? ui->prompt->label : "Enter is no");
}

static void draw_choices(struct ui *ui, struct frame *frame, struct area above, struct area row) {
    if (!draw_tall_menu(ui, frame, above, row))
        draw_menu(ui, frame, row);
}

static void draw_palette(struct ui *ui, struct frame *frame, struct area above, struct area row) {
    palette_draw(ui, frame, above, row, ui->prompt->field);
}

static void (*const draw_fns[])(struct ui *ui, struct frame *frame, struct area above,
                                struct area row) = {
    [PROMPT_TEXT] = draw_text,    [PROMPT_WORD] = draw_word,       [PROMPT_YES] = draw_yes_or_no,
    [PROMPT_MENU] = draw_choices, [PROMPT_PALETTE] = draw_palette,
};

/* What is told just now keeps its row above the last one. */
void prompt_draw(struct ui *ui, struct frame *frame, struct area screen, bool told) {
    if (!ui->prompt->drawn)
        term_expect(ui->term);
    ui->prompt->drawn = true;
    struct area above = area_top(screen, screen.rows - 1 - told);
    draw_fns[ui->prompt->kind](ui, frame, above, area_below(screen, screen.rows - 1));
}
