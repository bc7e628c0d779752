/* A filter of a page: the words looked for, and which lines hold them.
 * Owns what it found so far, so that a long list is read once and then only where it grew. */
#ifndef BACKOUT_UI_FILTER_H
#define BACKOUT_UI_FILTER_H

#include <stdbool.h>
#include <stddef.h>

struct filter;

/* "words", or "!words" for the lines that do not hold them; letters are alike in both cases. */
struct filter *filter_new(const void *parent, const char *words);
const char *filter_words(const struct filter *filter);

/* The text of a line, owned by `scratch`; NULL: the line is not to be shown at all. */
typedef const char *filter_text_fn(const void *scratch, const void *data, size_t line);

/* The lines of `list` that pass, ascending, *found of them, owned by the filter until the next
 * call. `list` tells lists apart; one that got shorter is read anew. */
const size_t *filter_lines(struct filter *filter, const void *list, size_t count,
                           filter_text_fn *text, const void *data, size_t *found);

#endif
