/* The selection of a list: it sticks to the item, never to the row.
 * Owns the key of its item. */
#ifndef BACKOUT_UI_CURSOR_H
#define BACKOUT_UI_CURSOR_H

#include <stddef.h>
#include <stdint.h>

/* The items of a list as they stand now, with a key each that outlives refreshes: a word, or, in
 * lists that can be long, a number, which costs nothing until it is looked at. */
struct items {
    const char *const *keys; /* words; NULL: numbers */

    int64_t (*number)(const void *list, size_t line); /* ascending with the line; NULL: the line */
    const void *list;
    const size_t *lines; /* the lines that are items; NULL: all from 0 */

    size_t count;
    size_t first; /* selected as long as nobody has moved the selection */
};

/* The line of a numbered item, and its number. */
size_t item_line(const struct items *items, size_t index);
int64_t item_number(const struct items *items, size_t index);
/* The key of any item, owned by `parent`. */
char *item_key(const void *parent, const struct items *items, size_t index);

struct cursor {
    char *key;    /* of the selected item; NULL: nobody has chosen one yet */
    size_t index; /* where it was last: the place that is kept when the item is gone */
    size_t top;   /* the first item shown */
};

/* Index of the selected item among the items there are now (0 when there are none). */
size_t cursor_index(const struct cursor *cursor, const struct items *items);
/* Moves the selection by so many items, staying inside. `parent` owns the key. */
void cursor_move(const void *parent, struct cursor *cursor, const struct items *items, long by);
void cursor_select(const void *parent, struct cursor *cursor, const struct items *items,
                   size_t index);
/* Scrolls as little as possible so that the selection shows in `rows` rows; returns the first item.
 */
size_t cursor_scroll(struct cursor *cursor, const struct items *items, size_t rows);

#endif
