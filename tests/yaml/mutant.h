/* Files that something went wrong with: whatever is cut, doubled, swapped or typed into a good one.
 * The same files on every machine, so that a failure can be seen again. */
#ifndef BACKOUT_TESTS_YAML_MUTANT_H
#define BACKOUT_TESTS_YAML_MUTANT_H

#include "tests/yaml/fixture.h"

struct mutant {
    char *bytes;
    size_t length;
    uint64_t seed;
    const char *const *words; /* that are typed into it */
    size_t words_count;
};

struct mutant *mutant_new(const void *parent, const char *const *words, size_t words_count);

/* A new one of a good file. */
void mutant_make(struct mutant *mutant, const char *text);

#endif
