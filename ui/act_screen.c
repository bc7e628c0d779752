/* The terminal and the program itself. */
#include "config.h"

#include "ui/actions.h"

#include "base/loop.h"
#include "base/xtalloc.h"
#include "ui/term.h"
#include "ui/view.h"

#include <string.h>

void act_palette(struct ui *ui, const struct action *action) {
    (void)action;
    palette_open(ui, "");
}

void act_redraw(struct ui *ui, const struct action *action) {
    (void)action;
    term_redraw(ui->term);
}

void act_suspend(struct ui *ui, const struct action *action) {
    (void)action;
    term_suspend(ui->term);
}

static void take_quit(struct ui *ui, void *data, const char *answer) {
    (void)data;
    (void)answer;
    loop_stop(ui->loop);
}

void act_quit(struct ui *ui, const struct action *action) {
    (void)action;
    prompt_open(ui, PROMPT_YES, "quit? what runs goes on without this console", take_quit, NULL);
}

static void take_repin(struct ui *ui, void *data, const char *answer) {
    (void)data;
    (void)answer;
    hub_repin(ui->hub);
    ui->link.doubted = false;
    ui_say(ui, false, "from here on this is the log that you saw");
}

void act_repin(struct ui *ui, const struct action *action) {
    const struct err *doubt = hub_doubt(ui->hub);
    (void)action;
    if (!doubt) {
        ui_say(ui, true, "this is the log that you saw: there is nothing to take");
        return;
    }
    char *label = xtalloc_asprintf(ui, "take it as it is? %s", doubt->on);
    prompt_open(ui, PROMPT_YES, label, take_repin, NULL);
    talloc_free(label);
}

/* What is copied is the row as it is drawn: clean, and what the person sees. */
void act_copy(struct ui *ui, const struct action *action) {
    int rows, cols;
    (void)action;
    term_size(ui->term, &rows, &cols);
    void *scratch = talloc_new(ui);
    struct frame frame = ui_frame(ui, scratch);
    frame.canvas = canvas_new(scratch, rows, cols, false);
    view_draw(&frame, area_top(canvas_area(frame.canvas), rows - 1));
    char *text = xtalloc_strdup(scratch, "");
    for (int row = 0; row < rows; row++) {
        if (!canvas_cell(frame.canvas, row, cols / 2).highlight)
            continue;
        for (int col = 0; col < cols; col++)
            text = xtalloc_strdup_append(text, canvas_cell(frame.canvas, row, col).text);
    }
    term_copy(ui->term, text);
    ui_say(ui, !*text, "%s", *text ? "copied the selected line" : "nothing is selected");
    talloc_free(scratch);
}
