/* The expressions of `when` and `verify.expr`: == != < <= > >= && || ! ( ), numbers, quoted
 * strings, dotted names.
 * Owns the parsed tree. Never looks anything up by itself: names are asked of the caller. */
#ifndef BACKOUT_PLAN_EXPR_H
#define BACKOUT_PLAN_EXPR_H

#include "base/err.h"

enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN };

struct expr;

/* The value of a dotted name, or NULL when there is none (yet). */
typedef const char *name_lookup_fn(void *data, const char *name);

/* ERR_USAGE with the byte where it went wrong. */
bool expr_parse(const void *parent, const char *text, struct expr **expr, struct err *err);

/* Against a number literal both sides are numbers, else strings; order only on numbers. A name
 * without value, a string where a number is needed: TRUTH_UNKNOWN, and `*why` (may be NULL) says
 * so, owned by `parent`. && and || are decided by the side that is known where that suffices. */
enum truth expr_eval(const void *parent, const struct expr *expr, name_lookup_fn *lookup,
                     void *data, const char **why);

/* Every name in it, ended by NULL, owned by the expression. */
const char *const *expr_names(const struct expr *expr);

#endif
