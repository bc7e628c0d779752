/* What a command sees of the world it was started from: an allow-list, and what its plan gives it.
 * Pure but for getenv. */
#ifndef BACKOUT_RUN_ENVIRONMENT_H
#define BACKOUT_RUN_ENVIRONMENT_H

#include "base/record.h"

/* "NAME=value" strings ended by NULL, owned by `parent`: what is allowed of our own environment,
 * then each list of `lists` (ended by NULL); a later value of a name replaces an earlier one. */
char **environment_make(const void *parent, const struct pair *const *lists);

/* The value of `name` in such an array, or NULL. */
const char *environment_value(char *const *environment, const char *name);

/* Where the program is that argv[0] names: itself when it has a slash, else the first executable
 * file of the environment's PATH. NULL when there is none. Owned by `parent`. */
char *environment_find_program(const void *parent, char *const *environment, const char *name);

#endif
