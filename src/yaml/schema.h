/* What may stand where in a kind of file: every key as a row of a const table, from which its
 * loader and its lint follow.
 * Owns nothing: the tables are of the rooms that know a kind of file. Never reads a file; a rule
 * that needs two places at once is lint's. */
#ifndef BACKOUT_YAML_SCHEMA_H
#define BACKOUT_YAML_SCHEMA_H

#include "yaml/node.h"

#include <stdint.h>

/* A kind of scalar. Its text is judged by its field, never by how it looks. */
struct scalar {
    const char *name;    /* "duration" */
    const char *expects; /* "a duration with its unit: 90s, 10m, 2h, 90d" */
    /* What is wrong with `text` beyond "expects", or NULL; owned by `parent`. NULL: any text. */
    const char *(*problem)(const void *parent, const struct scalar *type, const char *text);
    const char *const *words; /* an enumeration, ended by NULL */
    unsigned first_word;      /* the value of words[0] in the C enumeration */
    int64_t low, high;        /* of integers; high: of the length of a text, in characters */
    unsigned names;           /* what it is the name of, as bits that its kind of file has */
    unsigned scope;           /* which ${names} are replaced in it, likewise */
};

struct section;

/* What may stand as one value; a NULL part may not. */
struct shape {
    const struct scalar *scalar;
    const struct shape *list; /* each item */
    size_t at_least;          /* items */
    const struct shape *map;  /* each value of a map whose keys are free names */
    const struct scalar *map_key;
    const struct section *section; /* a map with fixed keys */
};

/* Puts a value into the C member at `member`; a value of the wrong form leaves it as it is. */
typedef void store_fn(const void *parent, const struct shape *shape, const struct node *value,
                      void *member);

struct key {
    const char *name; /* NULL ends a table */
    const struct shape *shape;
    bool required;
    bool choice;     /* one of the section's alternatives */
    bool after;      /* looks back on what its section does: the outcome is known there */
    store_fn *store; /* NULL: kept, reachable through the document */
    size_t offset;   /* of the member in the section's record */
};

enum choice_rule { CHOICE_FREE, CHOICE_AT_MOST_ONE, CHOICE_EXACTLY_ONE };

struct section {
    const char *name; /* "a step" */
    const struct key *keys;
    enum choice_rule choice;
};

const struct key *section_key(const struct section *section, const char *name);

/* Stores what `map` holds for the section's keys into `record`. */
void section_store(const void *parent, const struct section *section, const struct node *map,
                   void *record);

/* Whether `text` is a value of that type; NULL, or why not, owned by `parent`. */
const char *scalar_problem(const void *parent, const struct scalar *type, const char *text);

/* Calls back for every section and every scalar of a document of that section that stands where one
 * may; what doesn't fit is passed over. */
struct schema_visitor {
    void *data;
    void (*enter)(void *data, const struct section *section, const struct node *map);
    void (*leave)(void *data, const struct section *section, const struct node *map);
    void (*scalar)(void *data, const struct scalar *type, const struct node *node, bool after);
};
void schema_walk(const struct schema_visitor *visitor, const struct section *section,
                 const struct node *document);

#endif
