/* Plans that are wrong in one place, and how that must be told. */
#ifndef BACKOUT_TESTS_PLAN_WRONG_H
#define BACKOUT_TESTS_PLAN_WRONG_H

#include "fixture.h"

#include "tests/yaml/wrong.h"

/* Where most cases put their line, and the last line of the smallest plan. */
#define STEPS "steps:\n"
#define LOOK  "manual: The first ten results are shoes.\n"

const struct lint *lint_of(const void *parent, const char *text);

/* check_wrong_in of the smallest plan. */
void check_wrong(void **state, const struct wrong *wrong, size_t count,
                 enum finding_severity severity);

#endif
