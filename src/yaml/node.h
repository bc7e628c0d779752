/* A YAML document as a small tree with positions: what the loader and lint walk.
 * Built from libyaml's events. Anchors, aliases, tags and merge keys never get in; depth and size
 * are bounded; every scalar stays the text that was typed. */
#ifndef BACKOUT_YAML_NODE_H
#define BACKOUT_YAML_NODE_H

#include "base/err.h"
#include "base/limits.h"

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
    enum node_kind kind;
    size_t line, column; /* from 1 */
    const char *text;    /* NODE_SCALAR */
    bool quoted;         /* the scalar stood in quotes or as a block */
    struct node **items; /* NODE_LIST, NODE_MAP: values */
    struct node **keys;  /* NODE_MAP: as many as items, each a NODE_SCALAR */
    size_t count;
};

/* The value of `key` in a map, or NULL (also when `map` is NULL or no map). */
const struct node *node_get(const struct node *map, const char *key);

/* The node's text, or NULL when it is no scalar (or NULL). */
const char *node_text(const struct node *node);

/* The first key in the file that repeats an earlier one of the same map, or NULL. */
const struct node *node_duplicate(const struct node *map);

/* Reads one document of at most YAML_MAX_BYTES and YAML_MAX_DEPTH; the root owns all other nodes.
 * False: ERR_DAMAGED, and the position of what is wrong is in *line and *column. An error without a
 * remedy is for who knows how such a file begins. */
bool node_read(const void *parent, const char *bytes, size_t length, struct node **root,
               size_t *line, size_t *column, struct err *err);

/* The version of libyaml it runs with. */
const char *node_library(void);

#endif
