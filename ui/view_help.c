/* Help: generated from the actions, from the keys that are bound now, and from the commands. */
#include "config.h"

#include "ui/view.h"

#include "base/text.h"
#include "base/xtalloc.h"
#include "incident/command.h"
#include "ui/actions.h"
#include "ui/line.h"

#include <string.h>

/* Where each column begins, and how far the help of a command is put in. */
#define NAME_COL 15
#define HELP_COL 30
#define INDENT   5
/* Below this width the names are left out. */
#define ROOMY_COLS 60

/* The view that help was asked in. */
static const struct view *view_helped(const struct frame *frame) {
    return frame->below ? frame->below : &board_view;
}

static bool is_duty(const char *name) {
    return strncmp(name, "duty-", 5) == 0;
}

/* One line tells all nine. */
static bool is_told(const struct frame *frame, const struct action *action) {
    bool other_duty = is_duty(action->name) && action->number > 1;
    return !other_duty && action_in_view(action, view_helped(frame)->name);
}

/* Keys are names of actions, then ":" and names of commands; ":" alone is the heading of those. */
static struct items help_lines(const struct frame *frame) {
    size_t most = command_types_count + 1, count = 0;
    for (const struct action *action = actions; action->name; action++)
        most++;
    const char **keys = xtalloc_array(frame->scratch, const char *, most);
    for (const struct action *action = actions; action->name; action++)
        if (is_told(frame, action))
            keys[count++] = action->name;
    keys[count++] = ":";
    for (size_t i = 0; i < command_types_count; i++)
        if (!command_types[i].internal)
            keys[count++] = xtalloc_asprintf(frame->scratch, ":%s", command_types[i].name);
    return (struct items){.keys = keys, .count = count};
}

static int help_col(int cols) {
    return cols < ROOMY_COLS ? NAME_COL : HELP_COL;
}

static char **wrapped(const struct frame *frame, const char *words, int cells) {
    return text_wrap(frame->scratch, words, cells > 1 ? cells : 1);
}

/* For whom it is, where it isn't for me; what is for a step's people depends on the step. */
static const char *for_whom(const struct frame *frame, const char *command) {
    const struct command_type *type = command ? command_find(command) : NULL;
    struct act act = {.state = frame->state, .incident = frame->incident, .person = frame->me};
    bool nowhere = type && (type->guards & NEEDS_INCIDENT) && !frame->incident;
    if (!type || nowhere || type->who == WHO_STEP || act_role(&act, type->who))
        return "";
    return xtalloc_asprintf(frame->scratch, " (not for you: %s)", who_words(type->who));
}

static char **action_rows(const struct frame *frame, const char *name, int cols) {
    const struct action *action = action_find(name);
    const char *help = is_duty(name) ? "do what waits on me, by its number on the YOU line"
                                     : xtalloc_asprintf(frame->scratch, "%s%s", action->help,
                                                        for_whom(frame, action->command));
    return wrapped(frame, help, cols - help_col(cols) - 1);
}

static char **usage_rows(const struct frame *frame, const char *name, int cols) {
    return wrapped(frame, command_usage(frame->scratch, command_find(name)), cols - INDENT - 2);
}

static char **about_rows(const struct frame *frame, const char *name, int cols) {
    const char *words =
        xtalloc_asprintf(frame->scratch, "%s%s", command_find(name)->help, for_whom(frame, name));
    return wrapped(frame, words, cols - INDENT - 2);
}

static int length(char **rows) {
    int count = 0;
    while (rows[count])
        count++;
    return count;
}

static int count_rows(const struct frame *frame, const char *key, int cols) {
    if (key[0] != ':')
        return length(action_rows(frame, key, cols));
    if (!key[1])
        return 1;
    return length(usage_rows(frame, key + 1, cols)) + length(about_rows(frame, key + 1, cols));
}

static void draw_action(struct frame *frame, struct area area, int row, const char *name) {
    char **help = action_rows(frame, name, area.cols);
    int col = help_col(area.cols);
    const char *keys = keys_for(frame->scratch, frame->keys, view_helped(frame)->name, name);
    if (!*keys) /* the palette does it all the same */
        keys = xtalloc_asprintf(frame->scratch, ":%s", name);
    canvas_put_cell(frame->canvas, area, row, 1, NAME_COL - 2, ROLE_KEY,
                    is_duty(name) ? "1 … 9" : keys);
    if (col > NAME_COL)
        canvas_put_cell(frame->canvas, area, row, NAME_COL, col - NAME_COL - 1, ROLE_STRONG,
                        is_duty(name) ? "duty-1 … -9" : name);
    for (int i = 0; help[i]; i++)
        canvas_put_cell(frame->canvas, area, row + i, col, area.cols - 1 - col, ROLE_TEXT, help[i]);
}

static void draw_command(struct frame *frame, struct area area, int row, const char *name) {
    char **usage = usage_rows(frame, name, area.cols);
    char **about = about_rows(frame, name, area.cols);
    struct area inner = area_left(area, area.cols - 1);
    for (int i = 0; usage[i]; i++)
        canvas_put(frame->canvas, inner, row++, i ? INDENT : 1, ROLE_STRONG, usage[i]);
    for (int i = 0; about[i]; i++)
        canvas_put(frame->canvas, inner, row++, INDENT, ROLE_TEXT, about[i]);
}

static void draw_line(struct frame *frame, struct area area, int row, const char *key) {
    if (key[0] != ':')
        draw_action(frame, area, row, key);
    else if (!key[1])
        canvas_rule(frame->canvas, area_below(area, row), 0,
                    "COMMANDS   typed behind a :   N is this incident where it is left out");
    else
        draw_command(frame, area, row, key + 1);
}

static void draw_help(struct frame *frame, struct area area) {
    static const struct line_look look = {count_rows, draw_line};
    const struct view *view = view_helped(frame);
    lines_draw(frame, area,
               xtalloc_asprintf(frame->scratch, "KEYS   %s: %s", view->name, view->about), &look);
}

const struct view help_view = {
    .name = "help",
    .about = "what every key does",
    .panes = {PANE_LINES},
    .draw = draw_help,
    .head_rows = 1,
    .hints = read_hints,
    .lines = help_lines,
};
