/* The rules of a rollback plan.
 * Owns nothing. Never touches disk or clock: bytes and an instant come in, findings come out. */
#ifndef BACKOUT_PLAN_LINT_H
#define BACKOUT_PLAN_LINT_H

#include "plan/plan.h"
#include "yaml/lint.h"

/* Lints the bytes of a plan file; lint->file is a struct plan. `elsewhere` (may be NULL) are roles
 * that people are named for outside of it, by the roster. `now_ms` judges `until=` of ignores.
 * Never fails: what can't be read is a B001 finding. The result is owned by `parent`. */
struct lint *plan_lint(const void *parent, const char *bytes, size_t length,
                       const struct roles *elsewhere, int64_t now_ms);

/* What is written by `backout plan new`: a smallest useful plan, commented, that lints clean.
 * Static. */
extern const char plan_template[];

#endif
