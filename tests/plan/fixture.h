/* What the tests of the plan room share: the smallest plan, and plans made of it. */
#ifndef BACKOUT_TESTS_PLAN_FIXTURE_H
#define BACKOUT_TESTS_PLAN_FIXTURE_H

#include "tests/yaml/fixture.h"

#include "plan/lint.h"

/* The smallest useful plan, as the description of the format prints it. */
extern const char smallest_plan[];

/* The smallest plan with the first `find` replaced; fails when it isn't there. */
char *plan_with(const void *parent, const char *find, const char *replace);

/* Fails with the reason when it can't be loaded. */
const struct plan *plan_of(const void *parent, const char *text);

#endif
