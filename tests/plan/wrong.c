#include "config.h"

#include "wrong.h"

const struct lint *lint_of(const void *parent, const char *text) {
    return plan_lint(parent, text, strlen(text), TODAY_MS);
}

char *all_findings(const void *parent, const struct lint *lint) {
    char *all = xtalloc_strdup(parent, "");
    for (size_t i = 0; i < lint->count; i++)
        all = talloc_asprintf_append(all, "\n%s", finding_line(parent, "plan", &lint->findings[i]));
    return all;
}

static bool is_told(const struct lint *lint, const struct wrong *wrong) {
    for (size_t i = 0; i < lint->count; i++) {
        const struct finding *finding = &lint->findings[i];
        if (strcmp(finding->rule, wrong->rule) == 0 && finding->line == wrong->line &&
            finding->column == wrong->column && strstr(finding->message, wrong->message) != NULL &&
            strstr(finding->fix, wrong->fix) != NULL)
            return true;
    }
    return false;
}

void check_wrong(void **state, const struct wrong *wrong, size_t count,
                 enum finding_severity severity) {
    for (size_t i = 0; i < count; i++) {
        const struct lint *lint =
            lint_of(*state, plan_with(*state, wrong[i].find, wrong[i].replace));
        if (lint->count != 1 || !is_told(lint, &wrong[i]))
            fail_msg("%s → %s:%s", wrong[i].find, wrong[i].replace, all_findings(*state, lint));
        assert_int_equal(lint->findings[0].severity, severity);
        bool essential = strcmp(wrong[i].rule, "B010") < 0 && severity == FINDING_ERROR;
        assert_int_equal(lint->loadable, !essential);
    }
}
