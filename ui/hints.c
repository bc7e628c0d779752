#include "config.h"

#include "ui/hints.h"

#include "base/array.h"
#include "base/text.h"
#include "incident/command.h"
#include "ui/actions.h"
#include "ui/view.h"

#include <string.h>

/* The highest `spare` of any hint. */
#define SPARE_MOST 4

/* While nothing is wrong there is nothing to work on. */
static const char *const calm_hints[] = {"declare", "palette", "help", "close-view", NULL};

struct hint {
    const struct action *action;
    const char *key;
};

struct hints {
    struct hint list[HINTS_MAX];
    size_t count;
};

/* The first key of an action is hint enough. */
static const char *hint_key(struct frame *frame, const struct action *action) {
    const char *key =
        keys_first(frame->scratch, frame->keys, frame->page->view->name, action->name);
    return strcmp(key, "1") == 0 ? "1-9" : key;
}

/* From here nothing can be written; or not by this person, but for a concern. */
static bool is_in_vain(const struct frame *frame, const struct action *action) {
    const struct command_type *command = action->command ? command_find(action->command) : NULL;
    bool for_viewers = command && command->who == WHO_VIEWER;
    return action_writes(action) &&
           (frame->link.read_only || (frame_is_viewers(frame) && !for_viewers));
}

static struct hints find_hints(struct frame *frame) {
    struct hints hints = {.count = 0};
    const char *const *name = frame->incident ? frame->page->view->hints : calm_hints;
    for (; *name && hints.count < HINTS_MAX; name++) {
        const struct action *action = action_find(*name);
        const char *key = hint_key(frame, action);
        if (*key && !is_in_vain(frame, action))
            hints.list[hints.count++] = (struct hint){action, key};
    }
    return hints;
}

static const char key_gap[] = " ", hint_gap[] = "  ";

/* The cells that the hints take, each with a gap before it, without those that give way. */
static int hints_cells(const struct hints *hints, int most_spare) {
    int cells = 0;
    for (size_t i = 0; i < hints->count; i++) {
        const struct hint *hint = &hints->list[i];
        if (hint->action->spare <= most_spare)
            cells += text_width(hint_gap) + text_width(hint->key) + text_width(key_gap) +
                     text_width(hint->action->hint);
    }
    return cells;
}

/* Returns the column behind it. */
static int draw_hint(struct frame *frame, struct area row, int col, const struct hint *hint) {
    const struct {
        enum role role;
        const char *words;
    } spans[] = {{ROLE_KEY, col > 1 ? hint_gap : ""},
                 {ROLE_KEY, hint->key},
                 {ROLE_DIM, key_gap},
                 {ROLE_DIM, hint->action->hint}};
    for (size_t i = 0; i < ARRAY_SIZE(spans); i++)
        col += canvas_put(frame->canvas, row, 0, col, spans[i].role, spans[i].words);
    return col;
}

void hints_draw(struct frame *frame, struct area row) {
    const struct hints hints = find_hints(frame);
    int spare = SPARE_MOST, col = 1;
    while (spare > 0 && 1 + hints_cells(&hints, spare) - text_width(hint_gap) > row.cols - 1)
        spare--;
    for (size_t i = 0; i < hints.count; i++)
        if (hints.list[i].action->spare <= spare)
            col = draw_hint(frame, area_left(row, row.cols - 1), col, &hints.list[i]);
}
