/* Plans that are wrong in one place, and how that must be told. */
#ifndef BACKOUT_TESTS_PLAN_WRONG_H
#define BACKOUT_TESTS_PLAN_WRONG_H

#include "fixture.h"

/* Where most cases put their line, and the last line of the smallest plan. */
#define STEPS "steps:\n"
#define LOOK  "manual: The first ten results are shoes.\n"

/* The smallest plan with one piece replaced, and where and in which words that is told. */
struct wrong {
    const char *find, *replace;
    const char *rule;
    size_t line, column;
    const char *message, *fix; /* pieces of them */
};

const struct lint *lint_of(const void *parent, const char *text);

/* One finding a line, for the words of a failure. */
char *all_findings(const void *parent, const struct lint *lint);

/* Each case must have its finding, of that severity, and no other one. */
void check_wrong(void **state, const struct wrong *wrong, size_t count,
                 enum finding_severity severity);

#endif
