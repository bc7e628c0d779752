/* The kinds of scalar that format 1 knows, each with the words that say what it expects.
 * Owns const tables. Never stores a value: store.h does. */
#ifndef BACKOUT_PLAN_SCALAR_H
#define BACKOUT_PLAN_SCALAR_H

#include "plan/schema.h"

/* Texts, by the ${names} that are replaced in them. */
extern const struct scalar text_scalar; /* none */
extern const struct scalar raw_scalar;  /* not looked at */
extern const struct scalar step_text_scalar;
extern const struct scalar secret_text_scalar;
extern const struct scalar notice_text_scalar;
extern const struct scalar notice_short_scalar;

extern const struct scalar id_scalar;   /* [a-z0-9][a-z0-9.-]{1,63} */
extern const struct scalar name_scalar; /* a key that the plan's writer makes up */
extern const struct scalar format_scalar;
extern const struct scalar flag_scalar;
extern const struct scalar all_scalar; /* `all: true`, nothing else */
extern const struct scalar count_scalar;
extern const struct scalar from_one_scalar;
extern const struct scalar status_scalar;
extern const struct scalar number_scalar;
extern const struct scalar duration_scalar;
extern const struct scalar money_scalar;
extern const struct scalar regex_scalar;
extern const struct scalar expr_scalar;
extern const struct scalar condition_scalar;

/* The problem function of a type that has words. */
const char *word_problem(const void *parent, const struct scalar *type, const char *text);
/* Of a type that names something. */
const char *id_problem(const void *parent, const struct scalar *type, const char *text);
const char *name_problem(const void *parent, const struct scalar *type, const char *text);

/* "2300 EUR" → 230000 and "EUR" (within `text`). */
bool money_parse(const char *text, int64_t *minor, const char **currency);

/* Whether `pattern` is a POSIX extended regex of a size that can't take the machine down. */
bool regex_fits(const char *pattern);

#endif
