/* What must hold for the tables of keys of any kind of file. */
#ifndef BACKOUT_TESTS_YAML_TABLES_H
#define BACKOUT_TESTS_YAML_TABLES_H

#include "tests/yaml/fixture.h"

#include "yaml/schema.h"

/* The keys of a section, as a document lists them. A path names keys of the sections before it:
 * "steps.http". */
struct described {
    const char *path;
    const char *keys; /* NULL: only that it is there */
};

/* Each described section has these keys and no others. */
void check_described(const void *parent, const struct section *section,
                     const struct described *described, size_t count);

/* Every key has a shape and stands once; what may stand somewhere has words for what is expected.
 */
void check_tables(const struct section *section);

#endif
