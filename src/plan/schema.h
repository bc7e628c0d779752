/* What may stand where in a plan of format 1: every key as a row of a const table, from which the
 * loader, lint and the JSON Schema for editors all follow.
 * Owns the tables. Never reads a file; a rule that needs two places at once is lint's. */
#ifndef BACKOUT_PLAN_SCHEMA_H
#define BACKOUT_PLAN_SCHEMA_H

#include "plan/node.h"

#include <stdint.h>

/* What a text can be the name of, as bits: some keys name a step or an option. */
enum schema_name {
    NAME_STEP = 1 << 0,
    NAME_LAUNCH_STEP = 1 << 1, /* before_launch */
    NAME_RETURN_STEP = 1 << 2, /* reinstate.steps */
    NAME_OPTION = 1 << 3,
    NAME_ROLE = 1 << 4,
    NAME_GATE = 1 << 5,
    NAME_CRITERION = 1 << 6,
    NAME_SOURCE = 1 << 7,
    NAME_NOTICE = 1 << 8,
    NAME_CHANGE = 1 << 9,
};

/* Which ${names} are replaced in a text, as bits. In a text without any, "${" is a mistake. */
enum schema_scope {
    SCOPE_STEP = 1 << 0,    /* inputs, site, outputs of earlier steps, incident.number|service */
    SCOPE_SECRETS = 1 << 1, /* secrets */
    SCOPE_NOTICE = 1 << 2,  /* incident.started_at|recovered_at, notice.next_update */
    SCOPE_RAW = 1 << 3,     /* not looked at: a regex, a query, an expression */
};

/* A kind of scalar. Its text is judged by its field, never by how it looks. */
struct scalar {
    const char *name;    /* "duration" */
    const char *expects; /* "a duration with its unit: 90s, 10m, 2h, 90d" */
    /* What is wrong with `text` beyond "expects", or NULL; owned by `parent`. NULL: any text. */
    const char *(*problem)(const void *parent, const struct scalar *type, const char *text);
    const char *const *words; /* an enumeration, ended by NULL */
    unsigned first_word;      /* the value of words[0] in the C enumeration */
    int64_t low, high;        /* of integers; high: of the length of a text, in characters */
    unsigned names;           /* enum schema_name */
    unsigned scope;           /* enum schema_scope */
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
    bool after;      /* looks back on the step's own run: its outputs are known there */
    store_fn *store; /* NULL: kept, reachable through plan.document */
    size_t offset;   /* of the member in the section's record */
};

enum choice_rule { CHOICE_FREE, CHOICE_AT_MOST_ONE, CHOICE_EXACTLY_ONE };

struct section {
    const char *name; /* "a step" */
    const struct key *keys;
    enum choice_rule choice;
};

extern const struct section plan_section; /* the whole file → struct plan */
extern const struct section step_section; /* → struct plan_step */

const struct key *section_key(const struct section *section, const char *name);

/* Stores what `map` holds for the section's keys into `record`. */
void section_store(const void *parent, const struct section *section, const struct node *map,
                   void *record);

/* Whether `text` is a value of that type; NULL, or why not, owned by `parent`. */
const char *scalar_problem(const void *parent, const struct scalar *type, const char *text);

/* Calls back for every section and every scalar that stands where one may; what doesn't fit is
 * passed over. */
struct schema_visitor {
    void *data;
    void (*enter)(void *data, const struct section *section, const struct node *map);
    void (*leave)(void *data, const struct section *section, const struct node *map);
    void (*scalar)(void *data, const struct scalar *type, const struct node *node, bool after);
};
void schema_walk(const struct schema_visitor *visitor, const struct node *document);

#endif
