#include "config.h"

#include "run/lines.h"

#include "base/text.h"
#include "base/xtalloc.h"

#include <string.h>

struct lines {
    const struct redact *redact;
    struct redact_state state;
    struct text_filter filter;
    struct buffer held; /* filtered, not a line yet */
    size_t source;      /* bytes written since the last line */
    bool goes_on;
    line_fn *fn;
    void *data;
};

struct lines *lines_new(const void *parent, const struct redact *redact, line_fn *fn, void *data) {
    struct lines *lines = xtalloc_zero(parent, struct lines);
    lines->redact = redact;
    lines->held.parent = lines;
    lines->fn = fn;
    lines->data = data;
    return lines;
}

/* Tabs stay: what looks for columns in the kept output must find them. */
static char *clean(const void *parent, const struct buffer *text) {
    char *line = xtalloc_strdup(parent, "");
    size_t at = 0;
    while (at < text->length) {
        const char *tab = memchr(text->bytes + at, '\t', text->length - at);
        size_t end = tab != NULL ? (size_t)(tab - text->bytes) : text->length;
        char *part = text_clean(parent, text->bytes + at, end - at);
        line = xtalloc_check(talloc_asprintf_append_buffer(line, "%s%s", part, tab ? "\t" : ""));
        talloc_free(part);
        at = end + (tab != NULL);
    }
    return line;
}

static void give(struct lines *lines, const struct buffer *text, bool whole) {
    void *scratch = talloc_new(lines);
    const char *kept = clean(scratch, text);
    struct line line = {
        .text = kept,
        .length = strlen(kept),
        .source = lines->source,
        .goes_on = lines->goes_on,
    };
    lines->source = 0;
    lines->goes_on = !whole;
    lines->fn(lines->data, &line);
    talloc_free(scratch);
}

/* Not within a character. */
static size_t piece_limit(const char *text, size_t length) {
    size_t limit = LINE_PIECE;
    if (length <= limit)
        return length;
    for (int back = 0; back < 3 && ((unsigned char)text[limit] & 0xc0) == 0x80; back++)
        limit--;
    return limit;
}

/* Gives out pieces of the held line until `rest` bytes or fewer are left of its `length`; those are
 * the last piece when the line is `whole`. */
static void cut(struct lines *lines, size_t length, size_t rest, bool whole) {
    struct buffer text = {.parent = lines};
    size_t at = 0;
    do {
        const char *piece = lines->held.bytes + at;
        size_t left = length - at;
        text.length = 0;
        at += redact_line(lines->redact, &lines->state, piece, left, piece_limit(piece, left),
                          whole, &text);
        give(lines, &text, whole && at == length);
    } while (length - at > rest);
    talloc_free(text.bytes);
    buffer_drop(&lines->held, at);
}

/* The filter has made every end of a line one newline. `from`: no newline stands before. */
static void give_lines(struct lines *lines, size_t from) {
    struct buffer *held = &lines->held;
    char *newline;
    while ((newline = memchr(held->bytes + from, '\n', held->length - from)) != NULL) {
        cut(lines, (size_t)(newline - held->bytes), 0, true);
        buffer_drop(held, 1);
        from = 0;
    }
    if (held->length > LINE_ROOM)
        cut(lines, held->length, LINE_ROOM, false);
}

/* One step of the filter: at most to the end of a line, so that bytes are counted where they
 * belong. */
static size_t step_length(const char *bytes, size_t length) {
    size_t most = length < LINE_PIECE ? length : LINE_PIECE;
    const char *newline = memchr(bytes, '\n', most);
    return newline != NULL ? (size_t)(newline - bytes) + 1 : most;
}

void lines_add(struct lines *lines, const char *bytes, size_t length) {
    char filtered[LINE_PIECE];
    while (length > 0) {
        size_t step = step_length(bytes, length);
        size_t kept = text_filter_pass(&lines->filter, bytes, step, filtered);
        size_t from = lines->held.length;
        buffer_add(&lines->held, filtered, kept);
        lines->source += step;
        if (kept > 0)
            give_lines(lines, from);
        bytes += step;
        length -= step;
    }
}

void lines_end(struct lines *lines) {
    if (lines->held.length > 0)
        cut(lines, lines->held.length, 0, true);
}
