/* Messages: every answer and refusal of this sitting, newest first. */
#include "config.h"

#include "ui/view.h"

#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"

#include <stdlib.h>

/* Behind the time and the mark of a refusal. */
#define WORDS_COL 12

static struct items message_lines(const struct frame *frame) {
    const char **keys = xtalloc_array(frame->scratch, const char *, frame->messages_count + 1);
    for (size_t i = 0; i < frame->messages_count; i++)
        keys[i] = xtalloc_asprintf(frame->scratch, "%zu", frame->messages_count - 1 - i);
    return (struct items){.keys = keys, .count = frame->messages_count};
}

static const struct message *message_of(const struct frame *frame, const char *key) {
    return &frame->messages[strtoull(key, NULL, 10)];
}

/* A message is read whole: what doesn't fit goes on below itself. */
static char **message_rows(const struct frame *frame, const char *key, int cols) {
    int cells = cols - WORDS_COL - 1;
    return text_wrap(frame->scratch, message_of(frame, key)->text, cells > 1 ? cells : 1);
}

static int count_rows(const struct frame *frame, const char *key, int cols) {
    char **rows = message_rows(frame, key, cols);
    int count = 0;
    while (rows[count])
        count++;
    return count;
}

static void draw_message(struct frame *frame, struct area area, int row, const char *key) {
    const struct message *message = message_of(frame, key);
    char **rows = message_rows(frame, key, area.cols);
    enum role role = message->refused ? ROLE_LATE : ROLE_TEXT;
    canvas_put(frame->canvas, area, row, 1, ROLE_DIM, time_clock(frame->scratch, message->at_ms));
    if (message->refused)
        canvas_put(frame->canvas, area, row, 10, role, "✗");
    for (size_t i = 0; rows[i]; i++)
        canvas_put(frame->canvas, area_left(area, area.cols - 1), row + (int)i, WORDS_COL, role,
                   rows[i]);
}

static void draw_messages(struct frame *frame, struct area area) {
    static const struct line_look look = {count_rows, draw_message};
    lines_draw(frame, area, frame->messages_count ? "MESSAGES" : "MESSAGES none so far", &look);
}

const struct view messages_view = {
    .name = "messages",
    .about = "every answer and refusal so far",
    .panes = {PANE_LINES},
    .draw = draw_messages,
    .head_rows = 1,
    .hints = read_hints,
    .lines = message_lines,
};
