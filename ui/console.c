#include "config.h"

#include "ui/console.h"

#include "base/limits.h"
#include "base/loop.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "keeper/keeper.h"
#include "ui/actions.h"
#include "ui/hints.h"
#include "ui/term.h"
#include "ui/told.h"
#include "ui/ui.h"
#include "ui/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often a growing output is looked at. */
#define OUTPUT_MS 200

/* What drawing a frame allocates, mostly: taken at once, and given back at once. */
#define FRAME_BYTES 65536

struct console {
    struct ui ui; /* first: what hangs under the ui hangs under the console */
    struct loop_timer *hub_timer, *tick_timer, *output_timer, *keeper_timer;
    struct keeper *keeper;
    struct canvas *canvas;
    bool ascii;
};

/* ---- input → actions ------------------------------------------------------------------------- */

static void take_key(struct ui *ui, const struct input *input) {
    ui->message_shown = ui->message_shown && ui->message_stays && ui->prompt;
    ui->stale = true;
    if (ui->prompt) {
        prompt_key(ui, input);
        return;
    }
    const char *action = keys_action(ui->keys, ui_page(ui)->view->name, input->key);
    if (action)
        ui_act(ui, action);
}

static void take_paste(struct ui *ui, const struct input *input) {
    if (ui->prompt)
        prompt_paste(ui, input->text);
    else
        ui_say(ui, true, "pasted text presses no keys: ignored");
}

static void take_resize(struct ui *ui, const struct input *input) {
    (void)input;
    ui->stale = true;
}

static void take_hangup(struct ui *ui, const struct input *input) {
    (void)input;
    loop_stop(ui->loop);
}

static void (*const takers[])(struct ui *ui, const struct input *input) = {
    [INPUT_KEY] = take_key,
    [INPUT_PASTE] = take_paste,
    [INPUT_RESIZE] = take_resize,
    [INPUT_HANGUP] = take_hangup,
};

static void on_input(void *data) {
    struct console *console = data;
    struct input input;
    while (term_input(console->ui.term, &input))
        takers[input.kind](&console->ui, &input);
}

/* ---- output of the step that is looked at ---------------------------------------------------- */

/* On its own page a step shows the output of its last run; the board shows what runs now. */
static const struct step *watched_step(struct ui *ui) {
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    const struct step *step = ui_step(ui);
    if (!incident || ui_page(ui)->view == &step_view)
        return step;
    if (step && step_run(step))
        return step;
    for (size_t i = 0; i < incident->steps_count; i++)
        if (step_run(&incident->steps[i]))
            return &incident->steps[i];
    return NULL;
}

static const char *watched_run(const struct step *step) {
    if (!step || step->runs_count == 0)
        return NULL;
    for (size_t i = step->runs_count; i-- > 0;)
        if (step->runs[i].purpose == RUN_WORK)
            return step->runs[i].id;
    return step->runs[step->runs_count - 1].id;
}

static void watch_output(struct console *console) {
    struct ui *ui = &console->ui;
    const struct step *step = watched_step(ui);
    const char *run = watched_run(step);
    if (run && ui->output_run && strcmp(run, ui->output_run) == 0)
        return;
    TALLOC_FREE(ui->output);
    TALLOC_FREE(ui->output_run);
    TALLOC_FREE(ui->output_step);
    loop_timer_stop(console->output_timer);
    if (!run)
        return;
    ui->output = run_output_open(ui, hub_run_folder(ui->hub), run);
    ui->output_run = xtalloc_strdup(ui, run);
    ui->output_step = xtalloc_strdup(ui, step->label);
    run_output_poll(ui->output);
    loop_timer_beat(console->output_timer, OUTPUT_MS);
}

static bool is_growing(struct ui *ui) {
    const struct step *step = watched_step(ui);
    const struct run *run = step ? step_run_find(step, ui->output_run) : NULL;
    return run && !run->over;
}

/* A run that is over is looked at once more: its last words came before its end. */
static void on_output(void *data, int64_t now_ms) {
    struct console *console = data;
    bool growing = is_growing(&console->ui);
    (void)now_ms;
    if (run_output_poll(console->ui.output))
        console->ui.stale = true;
    if (growing)
        loop_timer_beat(console->output_timer, OUTPUT_MS);
}

/* ---- the bottom line ------------------------------------------------------------------------- */

static void draw_message(const struct ui *ui, struct frame *frame, struct area row) {
    const struct message *message = &ui->messages[ui->messages_count - 1];
    canvas_put_cell(frame->canvas, row, 0, 0, row.cols, ROLE_TEXT, "");
    canvas_put_cell(frame->canvas, row, 0, 1, row.cols - 2, message->refused ? ROLE_LATE : ROLE_OK,
                    message->text);
}

/* What is told while something is asked stands above the question. */
static void draw_bottom(struct ui *ui, struct frame *frame, struct area screen) {
    struct area row = area_below(screen, screen.rows - 1);
    bool above = ui->message_shown && ui->prompt && screen.rows > 2;
    if (ui->prompt)
        prompt_draw(ui, frame, screen, above);
    if (above)
        draw_message(ui, frame, area_top(area_below(screen, screen.rows - 2), 1));
    else if (ui->message_shown && !ui->prompt)
        draw_message(ui, frame, row);
    else if (!ui->prompt)
        hints_draw(frame, row);
}

/* ---- drawing: here and nowhere else ---------------------------------------------------------- */

static void fit_canvas(struct console *console) {
    int rows, cols;
    term_size(console->ui.term, &rows, &cols);
    bool ascii = console->ascii || term_is_ascii(console->ui.term);
    struct area area = console->canvas ? canvas_area(console->canvas) : (struct area){0};
    if (console->canvas && area.rows == rows && area.cols == cols &&
        canvas_is_ascii(console->canvas) == ascii)
        return;
    talloc_free(console->canvas);
    console->canvas = canvas_new(console, rows, cols, ascii);
}

static void draw(struct console *console) {
    struct ui *ui = &console->ui;
    void *scratch = xtalloc_check(talloc_pool(console, FRAME_BYTES));
    struct frame frame = ui_frame(ui, scratch);
    fit_canvas(console);
    canvas_clear(console->canvas);
    frame.canvas = console->canvas;
    struct area screen = canvas_area(console->canvas);
    view_draw(&frame, area_top(screen, screen.rows - 1));
    draw_bottom(ui, &frame, screen);
    term_show(ui->term, console->canvas);
    talloc_free(scratch);
    ui->stale = false;
}

/* One combined tick for all countdowns, on the second; none where nothing counts. */
static void arm_tick(struct console *console) {
    bool counts =
        ui_incident(&console->ui, ui_page(&console->ui)) || console->ui.link.stale_since_ms;
    if (counts)
        loop_timer_beat(console->tick_timer, SECOND_MS);
    else
        loop_timer_stop(console->tick_timer);
}

static void on_tick(void *data, int64_t now_ms) {
    struct console *console = data;
    (void)now_ms;
    console->ui.stale = true;
}

static void on_hub(void *data, int64_t now_ms) {
    (void)data;
    (void)now_ms; /* being woken is all: before_wait asks the hub */
}

static void on_keeper(void *data, int64_t now_ms) {
    struct console *console = data;
    struct ui *ui = &console->ui;
    (void)now_ms;
    keeper_turn(console->keeper, loop_moment(ui->loop));
    bool unkept = keeper_lacks(console->keeper, LEASE_CLOCK);
    bool undelivered = keeper_lacks(console->keeper, LEASE_DELIVERY);
    ui->stale = ui->stale || unkept != ui->link.unkept || undelivered != ui->link.undelivered;
    ui->link.unkept = unkept;
    ui->link.undelivered = undelivered;
    const struct err *news = keeper_news(console->keeper);
    if (news)
        ui_say_err(ui, news);
    loop_timer_beat(console->keeper_timer, keeper_period_ms(console->keeper));
}

static void before_wait(void *data) {
    struct console *console = data;
    ui_take_hub(&console->ui);
    loop_timer_beat(console->hub_timer, hub_period_ms(console->ui.hub));
    watch_output(console);
    if (!console->ui.stale)
        return;
    draw(console);
    arm_tick(console);
}

/* ---- beginning and end ----------------------------------------------------------------------- */

static char *read_file(const void *parent, const char *path) {
    FILE *file = fopen(path, "re");
    if (!file)
        return NULL;
    char *text = xtalloc_array(parent, char, KEYS_FILE_MAX + 1);
    size_t length = fread(text, 1, KEYS_FILE_MAX, file);
    text[length] = '\0';
    fclose(file);
    return text;
}

static const char **action_names(const void *parent) {
    size_t count = 0;
    while (actions[count].name)
        count++;
    const char **names = xtalloc_zero_array(parent, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = actions[i].name;
    return names;
}

static void read_keys(struct ui *ui) {
    void *scratch = talloc_new(ui);
    struct err *err = err_new(scratch);
    const char **names = action_names(scratch);
    const char *home = getenv("HOME"), *config = getenv("XDG_CONFIG_HOME");
    ui->keys = keys_new(ui);
    ui->settings = settings_default;
    if (!keys_read(ui->keys, &ui->settings, "keys.conf", keys_default, names, view_names, err))
        ui_say_err(ui, err);
    char *path = config && *config == '/'
                     ? xtalloc_asprintf(scratch, "%s/backout/keys.conf", config)
                     : xtalloc_asprintf(scratch, "%s/.config/backout/keys.conf", home ? home : "");
    char *text = read_file(scratch, path);
    if (text && !keys_read(ui->keys, &ui->settings, path, text, names, view_names, err))
        ui_say_err(ui, err);
    talloc_free(scratch);
}

static void begin(struct console *console, int64_t incident, const char *note) {
    struct ui *ui = &console->ui;
    hub_join(ui->hub, ui->loop);
    ui->door = door_new(console, ui->hub);
    ui->told = told_new(console);
    ui->link.read_only = hub_read_only(ui->hub);
    ui->pages[ui->pages_count++] = (struct page){.view = &board_view, .follow = true};
    ui->pinned = incident;
    console->hub_timer = loop_timer(ui->loop, on_hub, console);
    console->tick_timer = loop_timer(ui->loop, on_tick, console);
    console->output_timer = loop_timer(ui->loop, on_output, console);
    console->keeper = keeper_new(console, ui->hub);
    console->keeper_timer = loop_timer(ui->loop, on_keeper, console);
    loop_timer_set(console->keeper_timer, 1);
    read_keys(ui);
    if (note)
        ui_say(ui, false, "%s", note);
    ui->link.doubted = hub_doubt(ui->hub) != NULL;
    if (ui->link.doubted)
        ui_say_err(ui, hub_doubt(ui->hub));
    ui->stale = true;
}

static int refuse(struct console *console, const struct err *err) {
    char *sentence = err_sentence(console, err);
    fprintf(stderr, "backout: %s\n", text_clean_z(console, sentence));
    int status = (int)err->code;
    talloc_free(console);
    return status;
}

int console_run(struct loop *loop, struct hub *hub, bool ascii, bool shut, int64_t incident,
                const char *note) {
    struct console *console = xtalloc_zero(NULL, struct console);
    struct err *err = err_new(console);
    struct term_options options = {.ascii = ascii, .no_color = getenv("NO_COLOR") != NULL};
    console->ui.loop = loop;
    console->ui.hub = hub;
    console->ui.shut = shut;
    console->ascii = ascii;
    if (!term_open(console, loop, &options, on_input, console, &console->ui.term, err))
        return refuse(console, err);
    begin(console, incident, note);
    loop_run(loop, before_wait, console);
    talloc_free(console);
    return 0;
}
