#include "config.h"

#include "plan/lint_rules.h"

/* B010: every step has an owner, every role has people, and more than one. */

static void check_owner(struct linting *linting, const struct plan_step *step) {
    if (node_get(step->node, "owner") == NULL)
        lint_report(linting, step->node, "add `owner:` with a role",
                    "`%s` has no owner: everybody would wait for somebody", step->id);
    if (step->owner == NULL)
        return;
    /* Told once where there are no roles at all; B002 tells of a role that nobody knows. */
    bool told = node_get(linting->document, "roles") == NULL || !role_is_standing(step->owner);
    if (!told && role_find(&linting_plan(linting)->roles, step->owner) == NULL)
        lint_report(linting, lint_place(step->node, "owner"),
                    lint_fmt(linting, "name the people in `roles: {%s: […]}`", step->owner),
                    "the plan names nobody for `%s`: nobody would be called", step->owner);
}

static void check_people(struct linting *linting, const struct role_people *role,
                         const struct node *at) {
    if (role->people[0] == NULL)
        lint_report(linting, at, "name the people, the first one first",
                    "the role `%s` has no people: nobody would be called", role->name);
    else if (role->people[1] == NULL)
        lint_warn(linting, at, "name a second person",
                  "`%s` has no stand-in: when %s sleeps through the call, nobody answers",
                  role->name, role->people[0]);
}

void lint_people(struct linting *linting) {
    const struct plan *plan = linting_plan(linting);
    const struct node *roles = node_get(linting->document, "roles");
    if (roles == NULL)
        lint_report(linting, linting->document, "add `roles:` with people for each owner",
                    "the plan names no people at all: nobody would be called");
    for (size_t i = 0; i < plan->steps_count; i++)
        check_owner(linting, &plan->steps[i]);
    for (size_t i = 0; roles != NULL && i < plan->roles.count; i++)
        check_people(linting, &plan->roles.list[i], roles->items[i]);
}
