/* What the tests of the roster room share: the smallest roster, and rosters made of it. */
#ifndef BACKOUT_TESTS_ROSTER_FIXTURE_H
#define BACKOUT_TESTS_ROSTER_FIXTURE_H

#include "tests/yaml/wrong.h"

#include "roster/lint.h"

/* A newcomer's roster, ten lines. */
extern const char smallest_roster[];

/* Fails with the reason when it can't be loaded. */
const struct roster *roster_of(const void *parent, const char *text);

#endif
