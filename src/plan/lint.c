#include "config.h"

#include "plan/lint_rules.h"

#include "plan/load.h"

static const struct rule rules[] = {
    {.name = "B001", .severity = FINDING_ERROR, .essential = true, .check = lint_keys},
    {.name = "B002", .severity = FINDING_ERROR, .essential = true, .check = lint_links},
    {.name = "B003", .severity = FINDING_ERROR, .essential = true, .check = lint_texts},
    {.name = "B010", .severity = FINDING_ERROR, .check = lint_people},
    {.name = "B011", .severity = FINDING_WARNING, .check = lint_time},
    {.name = "B020", .severity = FINDING_WARNING, .check = lint_reasons},
    {.name = "B030", .severity = FINDING_WARNING, .check = lint_proof},
    {.name = "B039", .severity = FINDING_WARNING, .check = lint_undo},
    {.name = "B050", .severity = FINDING_ERROR, .check = lint_gates},
    {0},
};

const struct file_kind plan_file = {
    .section = &plan_section,
    .rules = rules,
    .load = plan_from_document,
    .cant_load = "can't load the plan",
    .begin = "start with what `backout plan new` prints",
};

struct lint *plan_lint(const void *parent, const char *bytes, size_t length,
                       const struct roles *elsewhere, int64_t now_ms) {
    return lint_run(parent, &plan_file, bytes, length, elsewhere, now_ms);
}

const struct plan *linting_plan(const struct linting *linting) {
    return linting->file;
}

const struct roles *linting_elsewhere(const struct linting *linting) {
    static const struct roles none = {0};
    return linting->facts != NULL ? linting->facts : &none;
}
