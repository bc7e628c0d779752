/* The rules of a roster.
 * Owns nothing. Never touches disk or clock: bytes and an instant come in, findings come out. */
#ifndef BACKOUT_ROSTER_LINT_H
#define BACKOUT_ROSTER_LINT_H

#include "roster/roster.h"
#include "yaml/lint.h"

/* Lints the bytes of a roster file; lint->file is a struct roster. A roster with an error can't be
 * applied. `now_ms` judges `until=` of ignores. The result is owned by `parent`. */
struct lint *roster_lint(const void *parent, const char *bytes, size_t length, int64_t now_ms);

/* What is written by `backout roster new`: a newcomer's roster, commented, that lints clean.
 * Static. */
extern const char roster_template[];

#endif
