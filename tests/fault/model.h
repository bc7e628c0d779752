/* The folder that each trial works in: a store with a history, a plan, a roster, an export and a
 * backup, made once and copied.
 * Owns what it makes. Never starts anything that fails. */
#ifndef BACKOUT_TESTS_FAULT_MODEL_H
#define BACKOUT_TESTS_FAULT_MODEL_H

#include "tests/fault/strace.h"

#define STORE "store/incidents.db"
#define ON    "--store " STORE " "

/* Makes it with the program itself; returns its path, owned by the fixture. */
char *model_make(struct fixture *fixture);

/* A copy in a folder's place, whatever was there. */
void model_copy(const char *model, const char *to);

/* The program's words in such a folder, without harm. */
struct traced model_run(struct fixture *fixture, const char *folder, const char *words);

#endif
