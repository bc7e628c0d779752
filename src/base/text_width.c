#include "config.h"

#include "base/text.h"

#include "base/utf8.h"
#include "base/xtalloc.h"

#include <string.h>
#include <wchar.h>

/* Bytes of one character; what clean text never holds counts as no cells. */
static size_t next_character(const char *text, int *cells) {
    uint32_t point;

    if (*text >= 0x20 && *text < 0x7F) {
        *cells = 1;
        return 1;
    }
    if (*text == '\0') {
        *cells = 0;
        return 0;
    }
    size_t size = utf8_read(text, strnlen(text, UTF8_MAX), &point);
    int width = point == UTF8_BAD ? 0 : wcwidth((wchar_t)point);
    *cells = width < 0 ? 0 : width;
    return size;
}

/* No mark is plain ASCII, and most of what follows a character is. */
static bool is_ascii(char byte) {
    return (unsigned char)byte < 0x80;
}

size_t text_cluster(const char *clean, int *cells) {
    size_t length = next_character(clean, cells);
    int mark_cells;

    while (length > 0 && !is_ascii(clean[length])) {
        size_t mark = next_character(clean + length, &mark_cells);
        if (mark == 0 || mark_cells > 0) {
            break;
        }
        length += mark;
    }
    return length;
}

int text_width(const char *clean) {
    int width = 0, cells;

    for (size_t size; (size = next_character(clean, &cells)) > 0; clean += size) {
        width += cells;
    }
    return width;
}

size_t text_fit(const char *clean, int cells, int *used) {
    size_t length = 0, size;
    int width = 0, next;

    while ((size = text_cluster(clean + length, &next)) > 0 && width + next <= cells) {
        length += size;
        width += next;
    }
    if (used != NULL) {
        *used = width;
    }
    return length;
}

/* Where the line that begins at `text` ends: after the last word that fits whole, or hard. */
static size_t line_length(const char *text, int cells) {
    size_t fit = text_fit(text, cells, NULL);
    size_t end = fit;

    if (text[fit] == '\0' || text[fit] == ' ') {
        return fit;
    }
    while (end > 0 && text[end - 1] != ' ') {
        end--;
    }
    return end > 0 ? end : fit;
}

static size_t without_trailing_spaces(const char *text, size_t length) {
    while (length > 0 && text[length - 1] == ' ') {
        length--;
    }
    return length;
}

/* The next line of `*rest`, which moves past it. A character wider than the whole line gives way
 * to a space, so that every line makes way. */
static char *take_line(const void *parent, const char **rest, int cells) {
    size_t length = line_length(*rest, cells);
    int wide;

    if (length == 0 && **rest != '\0' && **rest != ' ') {
        *rest += text_cluster(*rest, &wide);
        return xtalloc_strdup(parent, " ");
    }
    char *line = xtalloc_strndup(parent, *rest, without_trailing_spaces(*rest, length));
    *rest += length;
    *rest += strspn(*rest, " ");
    return line;
}

char **text_wrap(const void *parent, const char *clean, int cells) {
    size_t count = 0, room = 8;
    char **lines = xtalloc_array(parent, char *, room);

    do {
        if (count + 2 > room) {
            room *= 2;
            lines = xtalloc_realloc(parent, lines, char *, room);
        }
        lines[count++] = take_line(lines, &clean, cells);
    } while (*clean != '\0');
    lines[count] = NULL;
    return lines;
}
