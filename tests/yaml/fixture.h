/* What the tests of files that people write share: cmocka with what it needs, memory that is
 * checked, and the files of the source tree. */
#ifndef BACKOUT_TESTS_YAML_FIXTURE_H
#define BACKOUT_TESTS_YAML_FIXTURE_H

#include "base/array.h"
#include "base/xtalloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A day on which the tests take place: 2026-11-12T14:00:00Z. */
#define TODAY_MS INT64_C(1794492000000)

/* A scratch context in *state, for cmocka_unit_test_setup_teardown. */
int memory_begin(void **state);
int memory_end(void **state);
int locale_begin(void **state);

/* A file below the source tree, NUL-terminated. */
char *file_of(const void *parent, const char *path);
/* Writes one, for tests whose expected files can be written anew. */
void file_write(const void *parent, const char *path, const char *text);

#define MEMORY_TEST(function) cmocka_unit_test_setup_teardown(function, memory_begin, memory_end)

#endif
