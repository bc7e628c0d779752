/* Any command by its words, with completion and help of its arguments. */
#include "config.h"

#include "ui/prompt.h"

#include "base/text.h"
#include "base/xtalloc.h"
#include "incident/command.h"
#include "base/loop.h"
#include "ui/actions.h"
#include "ui/line.h"
#include "ui/ui.h"
#include "ui/words.h"

#include <string.h>

#define HISTORY_MAX    50
#define CANDIDATES_MAX 8

/* ---- what could stand where the line ends ---------------------------------------------------- */

struct candidate {
    const char *word, *help;
};

struct candidates {
    struct candidate *list;
    size_t count;
    const char *prefix; /* what of the word is typed */
};

static void offer(const void *scratch, struct candidates *candidates, const char *word,
                  const char *help) {
    if (strncmp(word, candidates->prefix, strlen(candidates->prefix)) != 0)
        return;
    candidates->list =
        xtalloc_realloc(scratch, candidates->list, struct candidate, candidates->count + 1);
    candidates->list[candidates->count++] = (struct candidate){word, help};
}

static void offer_commands(const void *scratch, struct candidates *candidates) {
    for (size_t i = 0; i < command_types_count; i++)
        if (!command_types[i].internal)
            offer(scratch, candidates, command_types[i].name, command_types[i].help);
    for (const struct action *action = actions; action->name; action++)
        if (!action->command && !action->quiet)
            offer(scratch, candidates, action->name, action->help);
}

/* The argument that the last word is about: an option's value, or the next in order. The name takes
 * `name_words`. */
static const struct command_arg *current_arg(const struct command_type *type,
                                             const struct words *words, size_t name_words) {
    const char *before = words->count > 2 ? words->list[words->count - 2] : "";
    size_t place = 0;
    for (const struct command_arg *arg = type->args; arg->name; arg++)
        if (strncmp(before, "--", 2) == 0 && arg->type != ARG_FLAG &&
            strcmp(before + 2, arg->name) == 0)
            return arg;
    for (size_t i = name_words; i + 1 < words->count; i++)
        place += strncmp(words->list[i], "--", 2) != 0;
    for (const struct command_arg *arg = type->args; arg->name; arg++) {
        if (arg->place == PLACE_OPTION || arg->type == ARG_INCIDENT)
            continue;
        if (place-- == 0)
            return arg;
    }
    return NULL;
}

static void offer_options(const void *scratch, struct candidates *candidates,
                          const struct command_type *type) {
    for (const struct command_arg *arg = type->args; arg->name; arg++)
        if (arg->place == PLACE_OPTION)
            offer(scratch, candidates, xtalloc_asprintf(scratch, "--%s", arg->name), arg->help);
}

static void offer_arguments(struct ui *ui, const void *scratch, struct candidates *candidates,
                            const struct command_type *type, const struct words *words,
                            size_t name_words) {
    const struct command_arg *arg = current_arg(type, words, name_words);
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    if (arg && strncmp(candidates->prefix, "--", 2) != 0) {
        const char *const *all = arg_candidates(scratch, arg->type, hub_state(ui->hub), incident);
        for (size_t i = 0; all[i]; i++)
            offer(scratch, candidates, all[i], arg->help);
    }
    if (!arg || arg->place != PLACE_OPTION)
        offer_options(scratch, candidates, type);
}

static struct candidates candidates_of(struct ui *ui, const void *scratch, const char *text) {
    struct words words = words_split(scratch, text);
    struct candidates candidates = {.prefix = words.list[words.count - 1]};
    size_t name_words;
    const struct command_type *type = command_of_words(words.list, &name_words);
    if (type && words.count > name_words) {
        offer_arguments(ui, scratch, &candidates, type, &words, name_words);
    } else { /* a name may be two words: all of the line is its beginning */
        candidates.prefix = text + strspn(text, " ");
        offer_commands(scratch, &candidates);
    }
    return candidates;
}

/* ---- completing ------------------------------------------------------------------------------ */

static size_t common_length(const struct candidates *candidates) {
    size_t length = strlen(candidates->list[0].word);
    for (size_t i = 1; i < candidates->count; i++) {
        size_t same = 0;
        while (same < length && candidates->list[i].word[same] == candidates->list[0].word[same])
            same++;
        length = same;
    }
    return length;
}

void palette_complete(struct ui *ui, struct text_field *field) {
    void *scratch = talloc_new(ui);
    const char *text = field_text(field);
    struct candidates candidates = candidates_of(ui, scratch, text);
    if (candidates.count) {
        size_t typed = strlen(text) - strlen(candidates.prefix);
        size_t length = common_length(&candidates);
        char *completed =
            xtalloc_asprintf(scratch, "%.*s%.*s%s", (int)typed, text, (int)length,
                             candidates.list[0].word, candidates.count == 1 ? " " : "");
        field_set(field, completed);
    }
    talloc_free(scratch);
}

/* ---- doing it -------------------------------------------------------------------------------- */

static void remember(struct ui *ui, const char *text) {
    if (ui->history_count == HISTORY_MAX) {
        talloc_free(ui->history[0]);
        memmove(ui->history, ui->history + 1, (HISTORY_MAX - 1) * sizeof(*ui->history));
        ui->history_count--;
    }
    ui->history = xtalloc_realloc(ui, ui->history, char *, HISTORY_MAX);
    ui->history[ui->history_count++] = xtalloc_strdup(ui->history, text);
}

void palette_recall(struct ui *ui, struct text_field *field, int by) {
    size_t at = ui->history_count;
    for (size_t i = 0; i < ui->history_count; i++)
        if (strcmp(ui->history[i], field_text(field)) == 0)
            at = i;
    if (by < 0 && at > 0)
        field_set(field, ui->history[at - 1]);
    else if (by > 0 && at < ui->history_count)
        field_set(field, at + 1 < ui->history_count ? ui->history[at + 1] : "");
}

static bool submit_command(struct ui *ui, const struct command_type *type, const char *const *words,
                           struct err *err) {
    const struct incident *incident = ui_incident(ui, ui_page(ui));
    struct command *command;
    if (!command_parse(ui, type, words, incident ? incident->number : 0, loop_now_ms(ui->loop),
                       &command, err))
        return false;
    ui_submit(ui, command);
    return true;
}

static bool do_line(struct ui *ui, const void *scratch, const char *text, struct err *err) {
    struct words words = words_split(scratch, text);
    size_t name_words;
    const struct command_type *type = command_of_words(words.list, &name_words);
    while (words.count > 1 && !*words.list[words.count - 1])
        words.list[--words.count] = NULL;
    if (!words.complete)
        return err_set(err, ERR_USAGE, "a quote is not closed", text, "close it");
    if (type)
        return submit_command(ui, type, words.list + name_words, err);
    if (ui_is_action(words.list[0])) {
        ui_act(ui, words.list[0]);
        return true;
    }
    const char *near = command_nearest(words.list[0]);
    return err_set(err, ERR_USAGE, "there is no such command", words.list[0],
                   near ? err_fmt(err, "did you mean %s?", near) : "Tab shows what there is");
}

/* A line that was refused comes back, so that its words are not lost. */
static void take_line(struct ui *ui, void *data, const char *text) {
    struct err *err = err_new(ui);
    (void)data;
    remember(ui, text);
    if (!do_line(ui, err, text, err)) {
        palette_open(ui, text);
        ui_say_err(ui, err);
    }
    talloc_free(err);
}

void palette_open(struct ui *ui, const char *text) {
    struct prompt *prompt = prompt_open(ui, PROMPT_PALETTE, "", take_line, NULL);
    prompt_preset(prompt, text);
}

/* ---- drawing --------------------------------------------------------------------------------- */

static const char *usage_of(const void *scratch, const char *text) {
    struct words words = words_split(scratch, text);
    size_t name_words;
    const struct command_type *type = command_of_words(words.list, &name_words);
    return type ? command_usage(scratch, type) : "any command; Tab completes, Esc leaves";
}

static void draw_candidate(struct frame *frame, struct area box, int row,
                           const struct candidate *candidate) {
    struct line *line = line_new(frame->scratch);
    line_left(line, ROLE_KEY, "%s", candidate->word);
    line_tab(line, 16);
    line_left(line, ROLE_DIM, " %s", candidate->help);
    line_draw(line, frame->canvas, box, row);
}

void palette_draw(struct ui *ui, struct frame *frame, struct area above, struct area row,
                  const struct text_field *field) {
    const char *text = field_text(field);
    struct candidates candidates = candidates_of(ui, frame->scratch, text);
    int rows = (int)(candidates.count < CANDIDATES_MAX ? candidates.count : CANDIDATES_MAX) + 1;
    if (rows > above.rows)
        rows = above.rows;
    struct area box = area_below(above, above.rows - rows);
    for (int i = 0; i < rows; i++)
        canvas_put_cell(frame->canvas, box, i, 0, box.cols, ROLE_TEXT, "");
    canvas_rule(frame->canvas, box, 0, usage_of(frame->scratch, text));
    for (int i = 1; i < rows; i++)
        draw_candidate(frame, box, i, &candidates.list[i - 1]);
    canvas_put(frame->canvas, row, 0, 0, ROLE_PROMPT, ":");
    field_draw(field, frame->canvas, row, 0, 1, row.cols - 1, ROLE_TEXT);
}
