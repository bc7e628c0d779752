/* Names that a file gives to things, and the places that name them: whatever is named must be
 * there, once. Owns nothing past a run of lint. Never knows what a name means: its kind of file
 * says so in bits. */
#ifndef BACKOUT_YAML_NAMES_H
#define BACKOUT_YAML_NAMES_H

#include "yaml/lint_rules.h"

/* Where names are given: the keys of a map, or the ids in a list. */
struct definition {
    unsigned name;           /* its bit, as in struct scalar; 0 ends a table */
    const char *word;        /* "step" */
    const char *key, *below; /* below: a second level, or NULL; key NULL: by other definitions */
    unsigned family;         /* bits of the names among which it must be the only one; 0: its own */
};

struct names;

/* What the document gives names to. */
struct names *names_new(struct linting *linting, const struct definition *definitions);

/* One more, that is there without being written in this file. */
void names_add(struct names *names, unsigned name, const char *text);

/* Reports what has its name twice, and what names nothing; names of the bits `elsewhere` may all be
 * somewhere else. */
void names_check(struct names *names, unsigned elsewhere);

#endif
