/* The commands that are tried, one of whose calls fails: a table.
 * Owns nothing. */
#ifndef BACKOUT_TESTS_FAULT_SCENES_H
#define BACKOUT_TESTS_FAULT_SCENES_H

#include "tests/fault/found.h"

struct scene {
    const char *name, *words;
    bool (*happened)(const struct trial *trial);
    const char *removed; /* before it begins */
    bool only_looks;
    bool sanitized; /* under a sanitizer too */
    bool resumes;   /* it may be there in part, and the next try does what is missing */
    bool once;      /* its effect makes the same words a conflict */
};

#define SCENES 13
extern const struct scene scenes[SCENES];

#endif
