/* What must hold after a trial, whichever call failed: how the command ended, what it said, what is
 * there; and that the next try, without harm, does what is missing.
 * Owns the count of what was wrong. */
#ifndef BACKOUT_TESTS_FAULT_JUDGE_H
#define BACKOUT_TESTS_FAULT_JUDGE_H

#include "tests/fault/found.h"

/* Judges a trial that has ended, then tries again in its folder. What is wrong is printed, the
 * first of it. */
void judge_trial(struct trial *trial);

/* How much was wrong since it was asked last. */
size_t judge_wrong(void);

#endif
