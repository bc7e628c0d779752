/* What the plan's regexes find in a run's kept output: `outputs`, and `verify: matches`.
 * POSIX extended, line by line, so `^` and `$` are a line's; bounded by what capture keeps. */
#ifndef BACKOUT_RUN_MATCH_H
#define BACKOUT_RUN_MATCH_H

#include "base/record.h"
#include "run/folder.h"

/* For each of `wanted` (name → regex) the first group of its first match, else the whole match; at
 * most 4 KiB. What isn't found is left out. Ended by a NULL key, owned by `parent`; NULL when there
 * is none at all. */
const struct pair *match_outputs(const void *parent, const struct folder *folder,
                                 const struct pair *wanted);

/* Whether any line matches. */
bool match_any(const struct folder *folder, const char *pattern);

#endif
