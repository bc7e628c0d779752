#include "config.h"

#include "ui/cursor.h"

#include "base/xtalloc.h"

#include <stdlib.h>
#include <string.h>

size_t item_line(const struct items *items, size_t index) {
    return items->lines ? items->lines[index] : index;
}

int64_t item_number(const struct items *items, size_t index) {
    size_t line = item_line(items, index);
    return items->number ? items->number(items->list, line) : (int64_t)line;
}

char *item_key(const void *parent, const struct items *items, size_t index) {
    if (items->keys)
        return xtalloc_strdup(parent, items->keys[index]);
    return xtalloc_asprintf(parent, "%lld", (long long)item_number(items, index));
}

/* ---- finding a key again --------------------------------------------------------------------- */

static size_t find_word(const struct cursor *cursor, const struct items *items) {
    for (size_t i = 0; i < items->count; i++)
        if (strcmp(items->keys[i], cursor->key) == 0)
            return i;
    return cursor->index;
}

/* Where the number is gone, the next higher one has its place. */
static size_t find_number(const struct cursor *cursor, const struct items *items) {
    int64_t number = strtoll(cursor->key, NULL, 10);
    size_t low = 0, high = items->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (item_number(items, middle) < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t cursor_index(const struct cursor *cursor, const struct items *items) {
    size_t index = items->first;
    if (items->count == 0)
        return 0;
    if (cursor->key)
        index = items->keys ? find_word(cursor, items) : find_number(cursor, items);
    return index < items->count ? index : items->count - 1;
}

/* ---- moving ---------------------------------------------------------------------------------- */

void cursor_select(const void *parent, struct cursor *cursor, const struct items *items,
                   size_t index) {
    if (items->count == 0)
        return;
    cursor->index = index < items->count ? index : items->count - 1;
    talloc_free(cursor->key);
    cursor->key = item_key(parent, items, cursor->index);
}

void cursor_move(const void *parent, struct cursor *cursor, const struct items *items, long by) {
    size_t index = cursor_index(cursor, items);
    if (by < 0)
        index = (size_t)-by > index ? 0 : index - (size_t)-by;
    else
        index += (size_t)by;
    cursor_select(parent, cursor, items, index);
}

size_t cursor_scroll(struct cursor *cursor, const struct items *items, size_t rows) {
    size_t index = cursor_index(cursor, items);
    if (index < cursor->top)
        cursor->top = index;
    if (rows && index >= cursor->top + rows)
        cursor->top = index - rows + 1;
    if (cursor->top + rows > items->count)
        cursor->top = items->count > rows ? items->count - rows : 0;
    return cursor->top;
}
