/* The program under test as processes that a test begins, with nothing to read and nobody to tell.
 * Owns nothing: who begins one waits for it. */
#ifndef BACKOUT_TESTS_FAULT_PROGRAM_H
#define BACKOUT_TESTS_FAULT_PROGRAM_H

#include "tests/log/fixture.h"

/* A line of words at the fixture's store, with more "NAME=VALUE" in its environment (NULL: none).
 */
pid_t program_begin(const struct fixture *fixture, const char *const *words,
                    const char *const *environment);

/* The same, waited for; returns its exit status. */
int program_run(const struct fixture *fixture, const char *const *words);

/* For that environment: its wall clock is off by what stands in the file ("+1h"), read anew each
 * time. NULL: there is no libfaketime. Owned by the fixture. */
const char *const *program_clock(const struct fixture *fixture, const char *file);

#endif
