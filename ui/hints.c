#include "config.h"

#include "ui/hints.h"

#include "base/xtalloc.h"
#include "incident/command.h"
#include "ui/actions.h"
#include "ui/line.h"
#include "ui/view.h"

#include <string.h>

/* The highest `spare` of any hint. */
#define SPARE_MOST 4

/* While nothing is wrong there is nothing to work on. */
static const char *const calm_hints[] = {"declare", "palette", "help", "close-view", NULL};

/* The first key of an action is hint enough. */
static char *hint_words(struct frame *frame, const struct action *action) {
    char *keys = keys_for(frame->scratch, frame->keys, frame->page->view->name, action->name);
    keys[strcspn(keys, " ")] = '\0';
    return strcmp(keys, "1") == 0 ? xtalloc_strdup(frame->scratch, "1-9") : keys;
}

/* From here nothing can be written; or not by this person, but for a concern. */
static bool is_in_vain(const struct frame *frame, const struct action *action) {
    const struct command_type *command = action->command ? command_find(action->command) : NULL;
    bool for_viewers = command && command->who == WHO_VIEWER;
    return action_writes(action) &&
           (frame->link.read_only || (frame_is_viewers(frame) && !for_viewers));
}

static struct line *hints_line(struct frame *frame, int most_spare) {
    struct line *line = line_new(frame->scratch);
    const char *const *name = frame->incident ? frame->page->view->hints : calm_hints;
    for (; *name; name++) {
        const struct action *action = action_find(*name);
        char *keys = hint_words(frame, action);
        if (action->spare > most_spare || !*keys || is_in_vain(frame, action))
            continue;
        line_left(line, ROLE_KEY, "%s%s", line_place(line) ? "  " : "", keys);
        line_left(line, ROLE_DIM, " %s", action->hint);
    }
    return line;
}

void hints_draw(struct frame *frame, struct area row) {
    struct line *line;
    int spare = SPARE_MOST;
    do
        line = hints_line(frame, spare);
    while (line_room(line, row.cols) < 0 && spare-- > 0);
    line_draw(line, frame->canvas, row, 0);
}
