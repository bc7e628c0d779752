#include "config.h"

#include "plan/lint_rules.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "plan/schema.h"

#include <stdlib.h>
#include <string.h>

/* B002: whatever is named must be there, once; and every step must be able to start. */

#define ALL_STEPS (NAME_STEP | NAME_LAUNCH_STEP | NAME_RETURN_STEP)

/* Where names are given: the keys of a map, or the ids in a list. */
static const struct definition {
    enum schema_name name;
    const char *word;
    const char *key, *below; /* below: a second level, or NULL */
} definitions[] = {
    {NAME_STEP, "step", "steps", NULL},
    {NAME_LAUNCH_STEP, "step before launch", "before_launch", NULL},
    {NAME_RETURN_STEP, "step of the reinstatement", "reinstate", "steps"},
    {NAME_OPTION, "option", "options", NULL},
    {NAME_ROLE, "role", "roles", NULL},
    {NAME_GATE, "gate in `approvals`", "approvals", NULL},
    {NAME_CRITERION, "criterion", "criteria", NULL},
    {NAME_SOURCE, "source", "sources", NULL},
    {NAME_NOTICE, "notice", "notices", NULL},
    {NAME_CHANGE, "change", "changes", NULL},
};

struct named {
    const char *text;
    enum schema_name name;
    const struct node *at; /* NULL: not written in this plan */
};

struct names {
    struct linting *linting;
    struct named *list; /* sorted by text */
    size_t count;
    bool has_roles;
};

static void add_name(struct names *names, enum schema_name name, const char *text,
                     const struct node *at) {
    size_t room = talloc_array_length(names->list);
    if (names->count == room)
        names->list =
            xtalloc_realloc(names->linting->scratch, names->list, struct named, 2 * room + 16);
    names->list[names->count++] = (struct named){.text = text, .name = name, .at = at};
}

static void collect(struct names *names, const struct definition *definition) {
    const struct node *place = node_get(names->linting->document, definition->key);
    if (definition->below != NULL)
        place = node_get(place, definition->below);
    if (place == NULL)
        return;
    for (size_t i = 0; i < place->count; i++) {
        const struct node *at =
            place->kind == NODE_MAP ? place->keys[i] : node_get(place->items[i], "id");
        if (node_text(at) != NULL)
            add_name(names, definition->name, at->text, at);
    }
}

static int compare_named(const void *left, const void *right) {
    const struct named *a = left;
    const struct named *b = right;
    int order = strcmp(a->text, b->text);
    if (order != 0 || a->at == NULL || b->at == NULL)
        return order;
    return (a->at->line > b->at->line) - (a->at->line < b->at->line);
}

static struct names collect_names(struct linting *linting) {
    struct names names = {.linting = linting};
    names.list = xtalloc_array(linting->scratch, struct named, 16);
    for (size_t i = 0; i < ARRAY_SIZE(definitions); i++)
        collect(&names, &definitions[i]);
    for (size_t i = 0; plan_standing_roles[i] != NULL; i++)
        add_name(&names, NAME_ROLE, plan_standing_roles[i], NULL);
    if (node_get(linting->document, "options") == NULL)
        for (size_t i = 0; i < linting->plan->options_count; i++)
            add_name(&names, NAME_OPTION, linting->plan->options[i].id, NULL);
    names.has_roles = node_get(linting->document, "roles") != NULL;
    qsort(names.list, names.count, sizeof(struct named), compare_named);
    return names;
}

/* --- twice ------------------------------------------------------------------------------------ */

static const char *word_of(unsigned name) {
    for (size_t i = 0; i < ARRAY_SIZE(definitions); i++)
        if ((definitions[i].name & name) != 0)
            return definitions[i].word;
    return "thing";
}

static unsigned family_of(enum schema_name name) {
    return (name & ALL_STEPS) != 0 ? ALL_STEPS : name;
}

static void check_twice(const struct names *names) {
    for (size_t i = 1; i < names->count; i++) {
        const struct named *again = &names->list[i];
        for (size_t j = i; j-- > 0 && strcmp(names->list[j].text, again->text) == 0;) {
            const struct named *first = &names->list[j];
            if (first->at == NULL || again->at == NULL ||
                family_of(first->name) != family_of(again->name))
                continue;
            lint_report(names->linting, again->at, "give one of them another id",
                        "a second %s is called `%s`, as in line %zu: a call for it at night would "
                        "reach the wrong one",
                        word_of(again->name), again->text, first->at->line);
            break;
        }
    }
}

/* --- unknown ---------------------------------------------------------------------------------- */

static int compare_text(const void *text, const void *named) {
    return strcmp(text, ((const struct named *)named)->text);
}

static bool is_known(const struct names *names, unsigned wanted, const char *text) {
    const struct named *found =
        bsearch(text, names->list, names->count, sizeof(struct named), compare_text);
    if (found == NULL)
        return false;
    while (found > names->list && strcmp(found[-1].text, text) == 0)
        found--;
    const struct named *end = names->list + names->count;
    for (; found < end && strcmp(found->text, text) == 0; found++)
        if ((found->name & wanted) != 0)
            return true;
    return false;
}

static const char *const *names_of(const struct names *names, unsigned wanted) {
    const char **list = xtalloc_zero_array(names->linting->scratch, const char *, names->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < names->count; i++)
        if ((names->list[i].name & wanted) != 0)
            list[count++] = names->list[i].text;
    return list;
}

static bool is_word(const struct scalar *type, const char *text) {
    for (const char *const *word = type->words; word != NULL && *word != NULL; word++)
        if (strcmp(*word, text) == 0)
            return true;
    return false;
}

static void check_link(void *data, const struct scalar *type, const struct node *node, bool after) {
    (void)after;
    const struct names *names = data;
    struct linting *linting = names->linting;
    bool by_roster = type->names == NAME_ROLE && !names->has_roles; /* roles may all stand there */
    if (type->names == 0 || by_roster || is_word(type, node->text) ||
        is_known(names, type->names, node->text) ||
        scalar_problem(linting->scratch, type, node->text) != NULL)
        return;
    const char *word = word_of(type->names);
    const char *otherwise = lint_fmt(linting, "define the %s, or name one that is there", word);
    lint_report(linting, node,
                lint_did_you_mean(linting, node->text, names_of(names, type->names), otherwise),
                "no %s is called %s: whoever follows the plan would look for it in vain", word,
                lint_quote(linting, node->text));
}

void lint_links(struct linting *linting) {
    struct names names = collect_names(linting);
    struct schema_visitor visitor = {.data = &names, .scalar = check_link};
    check_twice(&names);
    schema_walk(&visitor, linting->document);
    lint_order(linting);
}
