/* What is wrong with a file that people write, rule by rule, with position and remedy.
 * Owns its findings. Never refuses by itself: the caller judges by severity. */
#ifndef BACKOUT_YAML_LINT_H
#define BACKOUT_YAML_LINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
    bool loadable; /* no error of an essential rule: the file may be used */
    void *file; /* what was made of it, a struct plan or a struct roster; NULL when nothing can */
};

/* "file:line:column: severity RULE message (fix)", owned by `parent`. */
char *finding_line(const void *parent, const char *file, const struct finding *finding);

#endif
