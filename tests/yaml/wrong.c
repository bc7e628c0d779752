#include "config.h"

#include "tests/yaml/wrong.h"

char *text_with(const void *parent, const char *text, const char *find, const char *replace) {
    const char *at = strstr(text, find);
    if (at == NULL)
        fail_msg("the file has no \"%s\"", find);
    return xtalloc_asprintf(parent, "%.*s%s%s", (int)(at - text), text, replace, at + strlen(find));
}

char *all_findings(const void *parent, const struct lint *lint) {
    char *all = xtalloc_strdup(parent, "");
    for (size_t i = 0; i < lint->count; i++)
        all = talloc_asprintf_append(all, "\n%s", finding_line(parent, "file", &lint->findings[i]));
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

/* Rules below 010 are essential, of whatever kind of file: B003, R002. */
static bool is_essential(const struct wrong *wrong) {
    return strcmp(wrong->rule + 1, "010") < 0;
}

void check_wrong_in(void **state, const struct right *right, const struct wrong *wrong,
                    size_t count, enum finding_severity severity) {
    for (size_t i = 0; i < count; i++) {
        const char *text = text_with(*state, right->text, wrong[i].find, wrong[i].replace);
        const struct lint *lint = right->lint(*state, text, strlen(text), TODAY_MS);
        if (lint->count != 1 || !is_told(lint, &wrong[i]))
            fail_msg("%s → %s:%s", wrong[i].find, wrong[i].replace, all_findings(*state, lint));
        assert_int_equal(lint->findings[0].severity, severity);
        assert_int_equal(lint->loadable, !(is_essential(&wrong[i]) && severity == FINDING_ERROR));
    }
}
