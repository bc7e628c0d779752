/* The kinds of scalar that only plans have: texts by the ${names} that are replaced in them, money,
 * and the little languages.
 * Owns const tables. Never stores a value. */
#ifndef BACKOUT_PLAN_SCALAR_H
#define BACKOUT_PLAN_SCALAR_H

#include "yaml/scalar.h"

extern const struct scalar raw_scalar; /* not looked at */
extern const struct scalar step_text_scalar;
extern const struct scalar secret_text_scalar;
extern const struct scalar notice_text_scalar;
extern const struct scalar notice_short_scalar;

extern const struct scalar all_scalar; /* `all: true`, nothing else */
extern const struct scalar status_scalar;
extern const struct scalar money_scalar;
extern const struct scalar regex_scalar;
extern const struct scalar expr_scalar;
extern const struct scalar condition_scalar;

/* "2300 EUR" → 230000 and "EUR" (within `text`). */
bool money_parse(const char *text, int64_t *minor, const char **currency);

/* Whether `pattern` is a POSIX extended regex of a size that can't take the machine down. */
bool regex_fits(const char *pattern);

#endif
