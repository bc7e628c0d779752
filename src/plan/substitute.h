/* ${a.b} in a plan's strings: replaced once, never scanned again. */
#ifndef BACKOUT_PLAN_SUBSTITUTE_H
#define BACKOUT_PLAN_SUBSTITUTE_H

#include "plan/expr.h"

/* `text` with every ${name} replaced, owned by `parent`; NULL when a name has no value, and err
 * names it (ERR_NOT_FOUND). "$${" writes "${". */
char *substitute(const void *parent, const char *text, name_lookup_fn *lookup, void *data,
                 struct err *err);

/* Calls `each` for every name in `text`; a "${" without "}" is given as NULL. */
void substitute_names(const char *text, void (*each)(void *data, const char *name), void *data);

#endif
