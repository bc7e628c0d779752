/* Messages: every answer and refusal of this sitting, newest first. */
#include "config.h"

#include "ui/view.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "ui/line.h"

#include <stdlib.h>

static struct items message_lines(const struct frame *frame) {
    struct items items = {
        .keys = xtalloc_array(frame->scratch, const char *, frame->messages_count + 1)};
    for (size_t i = frame->messages_count; i-- > 0;)
        items.keys[items.count++] = xtalloc_asprintf(frame->scratch, "%zu", i);
    return items;
}

static void draw_message(struct frame *frame, struct area area, int row, const char *key) {
    const struct message *message = &frame->messages[strtoull(key, NULL, 10)];
    struct line *line = line_new(frame->scratch);
    line_left(line, ROLE_DIM, "%s ", time_clock(frame->scratch, message->at_ms));
    line_left(line, message->refused ? ROLE_LATE : ROLE_TEXT, "%s%s",
              message->refused ? "✗ " : "  ", message->text);
    line_draw(line, frame->canvas, area, row);
}

static void draw_messages(struct frame *frame, struct area area) {
    lines_draw(frame, area, frame->messages_count ? "MESSAGES" : "MESSAGES none so far",
               draw_message);
}

const struct view messages_view = {
    .name = "messages",
    .about = "every answer and refusal so far",
    .panes = {PANE_LINES},
    .draw = draw_messages,
    .head_rows = 1,
    .lines = message_lines,
};
