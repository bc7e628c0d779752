#include "config.h"

#include "plan/lint_rules.h"

#include "plan/keys.h"
#include "yaml/names.h"
#include "yaml/policy_keys.h"

/* B002: whatever is named must be there, once; and every step must be able to start. */

#define ALL_STEPS (NAME_STEP | NAME_LAUNCH_STEP | NAME_RETURN_STEP)

static const struct definition definitions[] = {
    {NAME_STEP, "step", "steps", NULL, ALL_STEPS},
    {NAME_LAUNCH_STEP, "step before launch", "before_launch", NULL, ALL_STEPS},
    {NAME_RETURN_STEP, "step of the reinstatement", "reinstate", "steps", ALL_STEPS},
    {NAME_OPTION, "option", "options", NULL, 0},
    {NAME_ROLE, "role", "roles", NULL, 0},
    {NAME_GATE, "gate in `approvals`", "approvals", NULL, 0},
    {NAME_CRITERION, "criterion", "criteria", NULL, 0},
    {NAME_SOURCE, "source", "sources", NULL, 0},
    {NAME_NOTICE, "notice", "notices", NULL, 0},
    {NAME_CHANGE, "change", "changes", NULL, 0},
    {0},
};

void lint_links(struct linting *linting) {
    const struct plan *plan = linting_plan(linting);
    struct names *names = names_new(linting, definitions);
    const struct roles *elsewhere = linting_elsewhere(linting);
    bool has_roles = node_get(linting->document, "roles") != NULL || elsewhere->count > 0;
    for (const char *const *role = standing_roles; *role != NULL; role++)
        names_add(names, NAME_ROLE, *role);
    for (size_t i = 0; i < elsewhere->count; i++)
        names_add(names, NAME_ROLE, elsewhere->list[i].name);
    if (node_get(linting->document, "options") == NULL)
        for (size_t i = 0; i < plan->options_count; i++)
            names_add(names, NAME_OPTION, plan->options[i].id);
    /* People and channels are the roster's; and roles may all be, where none are known. */
    names_check(names, NAME_PERSON | NAME_CALLED | (has_roles ? 0 : NAME_ROLE));
    lint_order(linting);
}
