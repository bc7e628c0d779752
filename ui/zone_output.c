/* OUTPUT: what a step's command wrote, live. */
#include "config.h"

#include "ui/view.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "ui/line.h"

int zone_output_rows(struct frame *frame, int cols) {
    (void)cols;
    if (!frame->output)
        return 0;
    size_t count = run_output_count(frame->output);
    return (count > 500 ? 500 : (int)count) + 2;
}

static const char *size_words(struct frame *frame, int64_t bytes) {
    if (bytes < 1024)
        return xtalloc_asprintf(frame->scratch, "%lld bytes", (long long)bytes);
    if (bytes < 1024 * 1024)
        return xtalloc_asprintf(frame->scratch, "%lld.%lld KiB", (long long)(bytes / 1024),
                                (long long)(bytes % 1024 * 10 / 1024));
    return xtalloc_asprintf(frame->scratch, "%lld.%lld MiB", (long long)(bytes >> 20),
                            (long long)((bytes & 0xfffff) * 10 >> 20));
}

static const char *heading(struct frame *frame) {
    const struct run_output *output = frame->output;
    int64_t dropped = run_output_dropped(output);
    char *words = xtalloc_asprintf(
        frame->scratch, "OUTPUT %s, %s%zu lines, %s", frame->output_step ? frame->output_step : "",
        frame->page->follow ? "following, " : "", run_output_count(output),
        size_words(frame, run_output_bytes(output)));
    if (dropped)
        words = xtalloc_asprintf_append(words, ", %s of it dropped", size_words(frame, dropped));
    else
        words = xtalloc_strdup_append(words, ", nothing dropped");
    if (frame->page->filter)
        words = xtalloc_asprintf_append(words, ", only \"%s\"", filter_words(frame->page->filter));
    return words;
}

static void draw_line(struct frame *frame, struct area area, int row, struct run_line output,
                      bool selected) {
    struct line *line = line_new(frame->scratch);
    line_left(line, ROLE_DIM, "%s ", time_clock(frame->scratch, output.at_ms));
    line_left(line, output.stream == 'e' ? ROLE_WARN : ROLE_DIM, "%s ",
              output.stream == 'e' ? "E" : " ");
    line_left(line, ROLE_TEXT, "%s", output.text);
    line_draw(line, frame->canvas, area, row);
    if (selected)
        canvas_highlight(frame->canvas, area, row, 0, area.cols);
}

void zone_output(struct frame *frame, struct area area) {
    const struct items items = pane_items(frame, PANE_OUTPUT);
    struct cursor *cursor = pane_cursor(frame, PANE_OUTPUT);
    size_t room = area.rows > 1 ? (size_t)area.rows - 1 : 0;
    bool active = pane_is_active(frame, PANE_OUTPUT) && !frame->page->follow;
    size_t top = items.count > room ? items.count - room : 0;
    if (active)
        top = cursor_scroll(cursor, &items, room);
    size_t selected = cursor_index(cursor, &items);
    canvas_rule(frame->canvas, area, 0, heading(frame));
    if (items.count == 0)
        canvas_put(frame->canvas, area, 1, 1, ROLE_DIM, "nothing written yet");
    for (size_t i = 0; i < room && top + i < items.count; i++) {
        draw_line(frame, area, (int)i + 1,
                  run_output_line(frame->output, item_line(&items, top + i)),
                  active && top + i == selected);
    }
}
