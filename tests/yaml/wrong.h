/* Files that are wrong in one place, and how that must be told. */
#ifndef BACKOUT_TESTS_YAML_WRONG_H
#define BACKOUT_TESTS_YAML_WRONG_H

#include "tests/yaml/fixture.h"

#include "yaml/lint.h"

/* A file that nothing is wrong with, and its linter. */
struct right {
    const char *text;
    struct lint *(*lint)(const void *parent, const char *bytes, size_t length, int64_t now_ms);
};

/* The right file with one piece replaced, and where and in which words that is told. */
struct wrong {
    const char *find, *replace;
    const char *rule;
    size_t line, column;
    const char *message, *fix; /* pieces of them */
};

/* The text with the first `find` replaced; fails when it isn't there. */
char *text_with(const void *parent, const char *text, const char *find, const char *replace);

/* One finding a line, for the words of a failure. */
char *all_findings(const void *parent, const struct lint *lint);

/* Each case must have its finding, of that severity, and no other one. */
void check_wrong_in(void **state, const struct right *right, const struct wrong *wrong,
                    size_t count, enum finding_severity severity);

#endif
