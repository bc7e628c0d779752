/* What is wrong with a plan, rule by rule, with position and remedy.
 * Owns its findings. Never refuses by itself: the caller judges by severity. */
#ifndef BACKOUT_PLAN_LINT_H
#define BACKOUT_PLAN_LINT_H

#include "plan/plan.h"

enum finding_severity { FINDING_WARNING, FINDING_ERROR };

struct finding {
    const char *rule; /* "B010" */
    enum finding_severity severity;
    size_t line, column; /* from 1 */
    const char *message; /* one sentence, clean of control bytes or not: cli and ui clean it */
    const char *fix;
};

struct lint {
    struct finding *findings; /* by line, column, rule */
    size_t count;
    size_t errors, warnings;
    bool loadable;     /* no B001, B002, B003: an incident may be declared with it */
    struct plan *plan; /* NULL when it can't be loaded at all */
};

/* Lints the bytes of a plan file. `now_ms` judges `until=` of ignores. Never fails: what can't be
 * read is a B001 finding. The result is owned by `parent`. */
struct lint *plan_lint(const void *parent, const char *bytes, size_t length, int64_t now_ms);

/* "file:line:column: severity RULE message (fix)", owned by `parent`. */
char *finding_line(const void *parent, const char *file, const struct finding *finding);

/* What is written by `backout plan new`: a smallest useful plan, commented, that lints clean.
 * Static. */
extern const char plan_template[];

#endif
