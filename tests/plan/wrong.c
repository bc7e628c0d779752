#include "config.h"

#include "wrong.h"

static struct lint *lint_alone(const void *parent, const char *bytes, size_t length,
                               int64_t now_ms) {
    return plan_lint(parent, bytes, length, NULL, now_ms);
}

const struct lint *lint_of(const void *parent, const char *text) {
    return lint_alone(parent, text, strlen(text), TODAY_MS);
}

void check_wrong(void **state, const struct wrong *wrong, size_t count,
                 enum finding_severity severity) {
    static const struct right right = {smallest_plan, lint_alone};
    check_wrong_in(state, &right, wrong, count, severity);
}
