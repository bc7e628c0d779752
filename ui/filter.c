#include "config.h"

#include "ui/filter.h"

#include "base/xtalloc.h"

#include <string.h>

/* A page has at most a log and an output that are filtered. */
#define LISTS_MAX 2

struct found {
    const void *list;
    size_t seen; /* lines that were looked at */
    size_t *lines;
    size_t count, room;
};

struct filter {
    const char *words;
    const char *wanted; /* the words without their ! */
    bool inverted;
    struct found lists[LISTS_MAX];
};

struct filter *filter_new(const void *parent, const char *words) {
    struct filter *filter = xtalloc_zero(parent, struct filter);
    filter->words = xtalloc_strdup(filter, words);
    filter->inverted = words[0] == '!';
    filter->wanted = filter->words + filter->inverted;
    return filter;
}

const char *filter_words(const struct filter *filter) {
    return filter->words;
}

static struct found *list_of(struct filter *filter, const void *list, size_t count) {
    size_t at = 0;
    while (at < LISTS_MAX - 1 && filter->lists[at].list && filter->lists[at].list != list)
        at++;
    struct found *found = &filter->lists[at];
    if (found->list != list || found->seen > count) {
        talloc_free(found->lines);
        *found = (struct found){.list = list};
    }
    return found;
}

static void keep(struct filter *filter, struct found *found, size_t line) {
    if (found->count == found->room) {
        found->room = found->room ? 2 * found->room : 64;
        found->lines = xtalloc_realloc(filter, found->lines, size_t, found->room);
    }
    found->lines[found->count++] = line;
}

const size_t *filter_lines(struct filter *filter, const void *list, size_t count,
                           filter_text_fn *text, const void *data, size_t *count_found) {
    struct found *found = list_of(filter, list, count);
    for (; found->seen < count; found->seen++) {
        void *scratch = talloc_new(filter);
        const char *words = text(scratch, data, found->seen);
        if (words && (strcasestr(words, filter->wanted) != NULL) != filter->inverted)
            keep(filter, found, found->seen);
        talloc_free(scratch);
    }
    *count_found = found->count;
    return found->lines;
}
