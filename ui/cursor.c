#include "config.h"

#include "ui/cursor.h"

#include "base/xtalloc.h"

#include <string.h>

size_t cursor_index(const struct cursor *cursor, const struct items *items) {
    for (size_t i = 0; cursor->key && i < items->count; i++)
        if (strcmp(items->keys[i], cursor->key) == 0)
            return i;
    size_t index = cursor->key ? cursor->index : items->first;
    if (items->count == 0)
        return 0;
    return index < items->count ? index : items->count - 1;
}

void cursor_select(const void *parent, struct cursor *cursor, const struct items *items,
                   size_t index) {
    if (items->count == 0)
        return;
    cursor->index = index < items->count ? index : items->count - 1;
    talloc_free(cursor->key);
    cursor->key = xtalloc_strdup(parent, items->keys[cursor->index]);
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
