#include "config.h"

#include "log/mirror_inside.h"

#include "base/xtalloc.h"
#include "incident/events.h"
#include "log/line.h"

struct mirror_lines *mirror_lines_new(const void *parent, const struct log_tip *before,
                                      size_t limit) {
    struct mirror_lines *lines = xtalloc_zero(parent, struct mirror_lines);
    lines->before = *before;
    lines->limit = limit;
    return lines;
}

static struct mirror_line make_line(const void *parent, const struct event *event) {
    char *text = xtalloc_strdup_append(line_encode(parent, event), "\n");
    return (struct mirror_line){
        .tip = {.seq = event->seq, .hash = event->hash},
        .text = text,
        .length = talloc_get_size(text) - 1,
        .plan = event_plan(text, event),
    };
}

void mirror_lines_drop_first(struct mirror_lines *lines) {
    struct mirror_line *line = &lines->list[lines->first++];
    lines->before = line->tip;
    lines->bytes -= line->length;
    talloc_free(line->text);
}

void mirror_lines_add(struct mirror_lines *lines, const struct event *event) {
    if (lines->end == talloc_array_length(lines->list))
        lines->list = xtalloc_realloc(lines, lines->list, struct mirror_line, 2 * lines->end + 8);
    struct mirror_line line = make_line(lines, event);
    lines->list[lines->end++] = line;
    lines->bytes += line.length;
    while (lines->bytes > lines->limit)
        mirror_lines_drop_first(lines);
}

static bool add_event(void *data, const struct event *event) {
    mirror_lines_add(data, event);
    return true;
}

bool mirror_lines_read(struct mirror_lines *lines, struct log *log, struct err *err) {
    return log->ops->read(log, lines->before.seq, LOG_ANY_INCIDENT, add_event, lines, err);
}

struct log_tip mirror_lines_tip(const struct mirror_lines *lines) {
    return lines->end > lines->first ? lines->list[lines->end - 1].tip : lines->before;
}

/* ---- with the plans that they need ----------------------------------------------------------- */

/* A plan that was never frozen is missed by whoever folds its adoption, here as in the log. */
static bool carry_plan(struct log *log, const char *sha256, int64_t base, struct buffer *text,
                       struct err *err) {
    int64_t seq = 0;
    if (base > 0 && !log->ops->plan_find(log, sha256, &seq, err))
        return false;
    return seq == 0 || seq > base || mirror_carry(log, seq, text, err);
}

bool mirror_lines_text(const struct mirror_lines *lines, struct log *log, int64_t base,
                       struct buffer *text, struct err *err) {
    for (size_t i = lines->first; i < lines->end; i++) {
        const struct mirror_line *line = &lines->list[i];
        if (line->plan && !carry_plan(log, line->plan, base, text, err))
            return false;
        buffer_add(text, line->text, line->length);
    }
    return true;
}
