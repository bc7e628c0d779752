#include "config.h"

#include "yaml/schema.h"

#include <string.h>

const struct key *section_key(const struct section *section, const char *name) {
    for (const struct key *key = section->keys; key->name != NULL; key++)
        if (strcmp(key->name, name) == 0)
            return key;
    return NULL;
}

void section_store(const void *parent, const struct section *section, const struct node *map,
                   void *record) {
    for (const struct key *key = section->keys; key->name != NULL; key++) {
        const struct node *value = node_get(map, key->name);
        if (key->store != NULL && value != NULL)
            key->store(parent, key->shape, value, (char *)record + key->offset);
    }
}

static void walk_shape(const struct schema_visitor *visitor, const struct shape *shape,
                       const struct node *node, bool after);

static void walk_section(const struct schema_visitor *visitor, const struct section *section,
                         const struct node *map, bool after) {
    if (visitor->enter != NULL)
        visitor->enter(visitor->data, section, map);
    for (size_t i = 0; i < map->count; i++) {
        const struct key *key = section_key(section, map->keys[i]->text);
        if (key != NULL)
            walk_shape(visitor, key->shape, map->items[i], after || key->after);
    }
    if (visitor->leave != NULL)
        visitor->leave(visitor->data, section, map);
}

static void walk_map(const struct schema_visitor *visitor, const struct shape *shape,
                     const struct node *map, bool after) {
    for (size_t i = 0; i < map->count; i++) {
        if (shape->map_key != NULL && visitor->scalar != NULL)
            visitor->scalar(visitor->data, shape->map_key, map->keys[i], after);
        walk_shape(visitor, shape->map, map->items[i], after);
    }
}

static void walk_shape(const struct schema_visitor *visitor, const struct shape *shape,
                       const struct node *node, bool after) {
    if (node->kind == NODE_SCALAR && shape->scalar != NULL && visitor->scalar != NULL)
        visitor->scalar(visitor->data, shape->scalar, node, after);
    if (node->kind == NODE_LIST && shape->list != NULL)
        for (size_t i = 0; i < node->count; i++)
            walk_shape(visitor, shape->list, node->items[i], after);
    if (node->kind == NODE_MAP && shape->section != NULL)
        walk_section(visitor, shape->section, node, after);
    else if (node->kind == NODE_MAP && shape->map != NULL)
        walk_map(visitor, shape, node, after);
}

void schema_walk(const struct schema_visitor *visitor, const struct section *section,
                 const struct node *document) {
    const struct shape whole = {.section = section};
    walk_shape(visitor, &whole, document, false);
}
