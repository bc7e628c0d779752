#include "config.h"

#include "yaml/store.h"

#include "base/number.h"
#include "base/record.h"
#include "base/time.h"
#include "base/xtalloc.h"

#include <string.h>

void store_text(const void *parent, const struct shape *shape, const struct node *value,
                void *member) {
    (void)parent;
    (void)shape;
    if (value->kind == NODE_SCALAR)
        *(const char **)member = value->text;
}

const char **node_texts(const void *parent, const struct node *list) {
    const char **texts = xtalloc_array(parent, const char *, list->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i]->kind == NODE_SCALAR)
            texts[count++] = list->items[i]->text;
    texts[count] = NULL;
    return texts;
}

void store_texts(const void *parent, const struct shape *shape, const struct node *value,
                 void *member) {
    (void)shape;
    if (value->kind == NODE_LIST)
        *(const char *const **)member = node_texts(parent, value);
}

/* Appends `map` to the pairs, its keys after `prefix`. Bounded: a tree is at most YAML_MAX_DEPTH
 * deep. */
static struct pair *add_pairs(struct pair *pairs, size_t *count, const char *prefix,
                              const struct node *map) {
    for (size_t i = 0; i < map->count; i++) {
        char *key = xtalloc_asprintf(pairs, "%s%s", prefix, map->keys[i]->text);
        const struct node *item = map->items[i];
        if (item->kind == NODE_MAP) {
            pairs = add_pairs(pairs, count, xtalloc_asprintf(pairs, "%s.", key), item);
        } else if (item->kind == NODE_SCALAR) {
            pairs = xtalloc_realloc(NULL, pairs, struct pair, *count + 2);
            pairs[*count] = (struct pair){.key = key, .value = item->text};
            pairs[++*count] = (struct pair){0};
        }
    }
    return pairs;
}

void store_pairs(const void *parent, const struct shape *shape, const struct node *value,
                 void *member) {
    (void)shape;
    if (value->kind != NODE_MAP)
        return;
    struct pair *pairs = xtalloc_zero_array(parent, struct pair, 1);
    size_t count = 0;
    *(const struct pair **)member = add_pairs(pairs, &count, "", value);
}

void store_flag(const void *parent, const struct shape *shape, const struct node *value,
                void *member) {
    (void)parent;
    (void)shape;
    if (value->kind == NODE_SCALAR)
        *(bool *)member = strcmp(value->text, "true") == 0;
}

void store_integer(const void *parent, const struct shape *shape, const struct node *value,
                   void *member) {
    (void)parent;
    int64_t number;
    if (value->kind == NODE_SCALAR && shape->scalar != NULL &&
        number_parse(value->text, shape->scalar->low, shape->scalar->high, &number))
        *(int64_t *)member = number;
}

void store_duration(const void *parent, const struct shape *shape, const struct node *value,
                    void *member) {
    (void)shape;
    if (value->kind != NODE_SCALAR)
        return;
    struct err *err = err_new(parent);
    int64_t ms;
    if (duration_parse(value->text, &ms, err))
        *(int64_t *)member = ms;
    talloc_free(err);
}

void store_word(const void *parent, const struct shape *shape, const struct node *value,
                void *member) {
    (void)parent;
    if (value->kind != NODE_SCALAR || shape->scalar == NULL || shape->scalar->words == NULL)
        return;
    for (unsigned i = 0; shape->scalar->words[i] != NULL; i++) {
        unsigned number = shape->scalar->first_word + i;
        if (strcmp(shape->scalar->words[i], value->text) == 0)
            memcpy(member, &number, sizeof(number)); /* our enumerations are unsigned ints */
    }
}

void store_section(const void *parent, const struct shape *shape, const struct node *value,
                   void *member) {
    section_store(parent, shape->section, value, member);
}
