/* What the rules of plans and of rosters judge alike. */
#include "config.h"

#include "yaml/lint_rules.h"

void lint_stand_in(struct linting *linting, const struct role_people *role, const struct node *at) {
    if (role->people[0] == NULL)
        lint_report(linting, at, "name the people, the first one first",
                    "the role `%s` has no people: nobody would be called", role->name);
    else if (role->people[1] == NULL)
        lint_warn(linting, at, "name a second person",
                  "`%s` has no stand-in: when %s sleeps through the call, nobody answers",
                  role->name, role->people[0]);
}
