#include "config.h"

#include "plan/lint_rules.h"

#include "base/number.h"
#include "base/xtalloc.h"

#include <string.h>

/* B050: a gate that can open: there are as many people who may vote as it needs votes. Who will be
 * left out because they started or do the step can't be known before. */

/* What a gate asks of the roles that it names. */
struct gate {
    size_t roles_count;
    const char *const **people; /* of each role, ended by NULL */
    const char **votes;         /* of each role, with `distinct_roles`: who votes for it, or NULL */
};

/* ---- who may vote ---------------------------------------------------------------------------- */

/* A standing role that nobody is named for has a holder all the same: one. NULL where no role is
 * called so, of which B002 tells. */
static const char *const *people_of(struct linting *linting, const char *name) {
    const struct role_people *here = role_find(&linting_plan(linting)->roles, name);
    const struct role_people *there = role_find(linting_elsewhere(linting), name);
    const struct role_people *role = !there || (here && here->people[0]) ? here : there;
    bool named = role && role->people[0];
    if (named || !role_is_standing(name))
        return role ? role->people : NULL;
    const char **holder = xtalloc_zero_array(linting->scratch, const char *, 2);
    holder[0] = name;
    return holder;
}

static bool is_listed_before(const struct node *from, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (strcmp(node_text(from->items[i]), node_text(from->items[at])) == 0)
            return true;
    return false;
}

/* False: it names a role that there isn't. */
static bool read_gate(struct linting *linting, const struct node *from, struct gate *gate) {
    gate->roles_count = 0;
    gate->people = xtalloc_zero_array(linting->scratch, const char *const *, from->count + 1);
    gate->votes = xtalloc_zero_array(linting->scratch, const char *, from->count + 1);
    for (size_t i = 0; i < from->count; i++) {
        const char *name = node_text(from->items[i]);
        const char *const *people = name ? people_of(linting, name) : NULL;
        if (!people)
            return false;
        if (!is_listed_before(from, i))
            gate->people[gate->roles_count++] = people;
    }
    return true;
}

/* ---- how many votes there can be ------------------------------------------------------------- */

static bool stands_before(const struct gate *gate, size_t role, const char *person) {
    for (size_t i = 0; i < role; i++)
        for (const char *const *other = gate->people[i]; *other; other++)
            if (strcmp(*other, person) == 0)
                return true;
    return false;
}

static size_t count_people(const struct gate *gate) {
    size_t count = 0;
    for (size_t i = 0; i < gate->roles_count; i++)
        for (const char *const *person = gate->people[i]; *person; person++)
            count += !stands_before(gate, i, *person);
    return count;
}

static size_t voted_for(const struct gate *gate, const char *person) {
    size_t role = 0;
    while (role < gate->roles_count &&
           (!gate->votes[role] || strcmp(gate->votes[role], person) != 0))
        role++;
    return role;
}

/* Whether somebody can vote for the role, if need be because who did so can for another one. */
static bool find_vote(struct gate *gate, size_t role, bool *tried) {
    if (tried[role])
        return false;
    tried[role] = true;
    for (const char *const *person = gate->people[role]; *person; person++) {
        size_t taken = voted_for(gate, *person);
        if (taken == gate->roles_count || find_vote(gate, taken, tried)) {
            gate->votes[role] = *person;
            return true;
        }
    }
    return false;
}

/* Each role votes once, and so does each person. */
static size_t count_roles(struct linting *linting, struct gate *gate) {
    size_t count = 0;
    for (size_t i = 0; i < gate->roles_count; i++)
        count += find_vote(gate, i, xtalloc_zero_array(linting->scratch, bool, gate->roles_count));
    return count;
}

/* ---- the rule -------------------------------------------------------------------------------- */

static int64_t votes_needed(const struct node *gate) {
    const char *text = node_text(node_get(gate, "need"));
    int64_t need = 1;
    return text && number_parse(text, 1, INT64_MAX, &need) ? need : 1;
}

static void check_gate(struct linting *linting, const char *name, const struct node *node) {
    const struct node *from = node_get(node, "from");
    const char *distinct = node_text(node_get(node, "distinct_roles"));
    bool by_role = distinct && strcmp(distinct, "true") == 0;
    struct gate gate;
    if (!from || from->kind != NODE_LIST || !read_gate(linting, from, &gate))
        return;
    size_t votes = by_role ? count_roles(linting, &gate) : count_people(&gate);
    int64_t need = votes_needed(node);
    if ((int64_t)votes < need)
        lint_report(linting, lint_place(node, node_get(node, "need") ? "need" : "from"),
                    "name more people in its roles, or more roles in `from`",
                    "`%s` needs %lld of %zu who can vote%s: it would never open", name,
                    (long long)need, votes, by_role ? ", each for another role" : "");
}

/* B010 tells where nobody is named at all. */
void lint_gates(struct linting *linting) {
    const struct node *gates = node_get(linting->document, "approvals");
    bool nowhere =
        node_get(linting->document, "roles") == NULL && linting_elsewhere(linting)->count == 0;
    if (nowhere || !gates || gates->kind != NODE_MAP)
        return;
    for (size_t i = 0; i < gates->count; i++)
        check_gate(linting, node_text(gates->keys[i]), gates->items[i]);
}
