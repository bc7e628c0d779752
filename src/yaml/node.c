#include "config.h"

#include "yaml/node.h"

#include "base/xtalloc.h"

#include <stdlib.h>
#include <string.h>

const struct node *node_get(const struct node *map, const char *key) {
    if (map == NULL || map->kind != NODE_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (map->keys[i]->text[0] == key[0] && strcmp(map->keys[i]->text, key) == 0)
            return map->items[i];
    return NULL;
}

const char *node_text(const struct node *node) {
    return node != NULL && node->kind == NODE_SCALAR ? node->text : NULL;
}

/* --- keys that stand twice -------------------------------------------------------------------- */

/* Where a stands before b in the file: below 0. */
static int compare_places(const struct node *a, const struct node *b) {
    int order = (a->line > b->line) - (a->line < b->line);
    return order != 0 ? order : (a->column > b->column) - (a->column < b->column);
}

static int compare_keys(const void *left, const void *right) {
    const struct node *a = *(struct node *const *)left;
    const struct node *b = *(struct node *const *)right;
    int order = strcmp(a->text, b->text);
    return order != 0 ? order : compare_places(a, b);
}

const struct node *node_duplicate(const struct node *map) {
    if (map->count < 2)
        return NULL;
    struct node **sorted = xtalloc_memdup(NULL, map->keys, map->count * sizeof(struct node *));
    qsort(sorted, map->count, sizeof(struct node *), compare_keys);
    const struct node *first = NULL; /* in the file, not in the alphabet */
    for (size_t i = 1; i < map->count; i++)
        if (strcmp(sorted[i - 1]->text, sorted[i]->text) == 0 &&
            (first == NULL || compare_places(sorted[i], first) < 0))
            first = sorted[i];
    talloc_free(sorted);
    return first;
}
