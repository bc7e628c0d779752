#include "config.h"

#include "plan/lint_rules.h"

/* B010: every step has an owner, every role has people, here or by the roster, and more than one.
 */

/* Whether somebody outside of the plan is named for it. */
static bool is_named_elsewhere(const struct linting *linting, const char *role) {
    const struct role_people *people = role_find(linting_elsewhere(linting), role);
    return people != NULL && people->people[0] != NULL;
}

/* Told once where there are no roles at all; B002 tells of a role that nobody knows. */
static bool is_told(const struct linting *linting, const char *role) {
    bool nowhere =
        node_get(linting->document, "roles") == NULL && linting_elsewhere(linting)->count == 0;
    return nowhere || !role_is_standing(role);
}

static void check_owner(struct linting *linting, const struct plan_step *step) {
    if (node_get(step->node, "owner") == NULL)
        lint_report(linting, step->node, "add `owner:` with a role",
                    "`%s` has no owner: everybody would wait for somebody", step->id);
    if (step->owner == NULL || is_told(linting, step->owner) ||
        is_named_elsewhere(linting, step->owner))
        return;
    if (role_find(&linting_plan(linting)->roles, step->owner) == NULL)
        lint_report(linting, lint_place(step->node, "owner"),
                    lint_fmt(linting, "name the people in `roles: {%s: […]}`", step->owner),
                    "nobody is named for `%s`: nobody would be called", step->owner);
}

static void check_people(struct linting *linting, const struct role_people *role,
                         const struct node *at) {
    if (role->people[0] == NULL && is_named_elsewhere(linting, role->name))
        return;
    lint_stand_in(linting, role, at);
}

void lint_people(struct linting *linting) {
    const struct plan *plan = linting_plan(linting);
    const struct node *roles = node_get(linting->document, "roles");
    if (roles == NULL && linting_elsewhere(linting)->count == 0)
        lint_report(linting, linting->document, "add `roles:` with people for each owner",
                    "the plan names no people at all: nobody would be called");
    for (size_t i = 0; i < plan->steps_count; i++)
        check_owner(linting, &plan->steps[i]);
    for (size_t i = 0; roles != NULL && i < plan->roles.count; i++)
        check_people(linting, &plan->roles.list[i], roles->items[i]);
}
