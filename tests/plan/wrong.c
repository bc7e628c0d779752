#include "config.h"

#include "wrong.h"

const struct lint *lint_of(const void *parent, const char *text) {
    return plan_lint(parent, text, strlen(text), TODAY_MS);
}

void check_wrong(void **state, const struct wrong *wrong, size_t count,
                 enum finding_severity severity) {
    static const struct right right = {smallest_plan, plan_lint};
    check_wrong_in(state, &right, wrong, count, severity);
}
