#include "config.h"

#include "yaml/lint_rules.h"

#include "base/xtalloc.h"

#include <string.h>

/* Every key and every value must be what the tables of the kind of file say. */

static void check_value(struct linting *linting, const char *label, const struct shape *shape,
                        const struct node *node);

/* --- words for what is expected --------------------------------------------------------------- */

static const char *const *key_names(struct linting *linting, const struct section *section,
                                    bool choices) {
    size_t count = 0;
    for (const struct key *key = section->keys; key->name != NULL; key++)
        count++;
    const char **names = xtalloc_zero_array(linting->scratch, const char *, count + 1);
    count = 0;
    for (const struct key *key = section->keys; key->name != NULL; key++)
        if (key->choice || !choices)
            names[count++] = key->name;
    return names;
}

static const char *list_names(struct linting *linting, const char *const *names) {
    const char *words = "";
    for (size_t i = 0; names[i] != NULL; i++)
        words = lint_fmt(linting, "%s%s%s", words, i == 0 ? "" : ", ", names[i]);
    return words;
}

/* "a text, or a list": what the shape lets stand here. */
static const char *describe(struct linting *linting, const struct shape *shape) {
    const char *parts[3] = {""};
    size_t count = 0;
    if (shape->scalar != NULL)
        parts[count++] = shape->scalar->words == NULL
                             ? shape->scalar->expects
                             : scalar_problem(linting->scratch, shape->scalar, "");
    if (shape->list != NULL)
        parts[count++] = "a list";
    if (shape->section != NULL)
        parts[count++] = lint_fmt(linting, "keys of %s: %s", shape->section->name,
                                  list_names(linting, key_names(linting, shape->section, false)));
    else if (shape->map != NULL)
        parts[count++] = "names with values";
    const char *words = parts[0];
    for (size_t i = 1; i < count; i++)
        words = lint_fmt(linting, "%s%s%s", words, i + 1 == count ? ", or " : ", ", parts[i]);
    return words;
}

static void report_form(struct linting *linting, const char *label, const struct shape *shape,
                        const struct node *node) {
    static const char *const forms[] = {
        [NODE_SCALAR] = "one value", [NODE_LIST] = "a list", [NODE_MAP] = "keys with values"};
    lint_report(linting, node, lint_fmt(linting, "write %s", describe(linting, shape)),
                "`%s` can't be %s: nobody could tell what it means when it is needed", label,
                forms[node->kind]);
}

/* --- values ----------------------------------------------------------------------------------- */

static void check_scalar(struct linting *linting, const char *label, const struct scalar *type,
                         const struct node *node) {
    if (*node->text == '\0' && !node->quoted) {
        lint_report(linting, node, "give it a value or take the key out",
                    "`%s` is empty: whoever reads it at night finds nothing", label);
        return;
    }
    const char *problem = scalar_problem(linting->scratch, type, node->text);
    if (problem != NULL)
        lint_report(linting, node, lint_fmt(linting, "write %s", problem),
                    "`%s` can't be %s: it would be misread just when it is needed", label,
                    lint_quote(linting, node->text));
}

static void check_list(struct linting *linting, const char *label, const struct shape *shape,
                       const struct node *node) {
    if (node->count < shape->at_least)
        lint_report(linting, node, "name at least one", "`%s` is an empty list: nothing would run",
                    label);
    for (size_t i = 0; i < node->count; i++)
        check_value(linting, label, shape->list, node->items[i]);
}

static void check_map(struct linting *linting, const struct shape *shape, const struct node *node) {
    for (size_t i = 0; i < node->count; i++) {
        if (shape->map_key != NULL)
            check_scalar(linting, node->keys[i]->text, shape->map_key, node->keys[i]);
        check_value(linting, node->keys[i]->text, shape->map, node->items[i]);
    }
}

/* --- sections --------------------------------------------------------------------------------- */

static void report_unknown(struct linting *linting, const struct section *section,
                           const struct node *key) {
    const char *const *names = key_names(linting, section, false);
    const char *known = lint_fmt(linting, "the keys of %s are %s; a key of your own starts with x-",
                                 section->name, list_names(linting, names));
    lint_report(linting, key, lint_did_you_mean(linting, key->text, names, known),
                "%s has no key %s: what it says would be ignored just when it is needed",
                section->name, lint_quote(linting, key->text));
}

static void check_required(struct linting *linting, const struct section *section,
                           const struct node *map) {
    for (const struct key *key = section->keys; key->name != NULL; key++)
        if (key->required && node_get(map, key->name) == NULL)
            lint_report(linting, map,
                        lint_fmt(linting, "add `%s`: %s", key->name, describe(linting, key->shape)),
                        "%s must have the key `%s`", section->name, key->name);
}

/* Keys marked as choices exclude one another; one of them may have to be there. */
static void check_choice(struct linting *linting, const struct section *section,
                         const struct node *map) {
    if (section->choice == CHOICE_FREE)
        return;
    const char *chosen = NULL;
    for (size_t i = 0; i < map->count; i++) {
        const struct key *key = section_key(section, map->keys[i]->text);
        if (key == NULL || !key->choice)
            continue;
        if (chosen != NULL)
            lint_report(linting, map->keys[i], "keep one of them; make two steps of two actions",
                        "%s can't have both `%s` and `%s`: nobody could tell which counts",
                        section->name, chosen, key->name);
        chosen = key->name;
    }
    if (chosen == NULL && section->choice == CHOICE_EXACTLY_ONE)
        lint_report(linting, map,
                    lint_fmt(linting, "add one of %s",
                             list_names(linting, key_names(linting, section, true))),
                    "%s must say what it does", section->name);
}

static void check_section(struct linting *linting, const struct section *section,
                          const struct node *map) {
    for (size_t i = 0; i < map->count; i++) {
        const struct node *name = map->keys[i];
        const struct key *key = section_key(section, name->text);
        if (key != NULL)
            check_value(linting, name->text, key->shape, map->items[i]);
        else if (strncmp(name->text, "x-", 2) != 0)
            report_unknown(linting, section, name);
    }
    check_required(linting, section, map);
    check_choice(linting, section, map);
}

static void check_value(struct linting *linting, const char *label, const struct shape *shape,
                        const struct node *node) {
    if (node->kind == NODE_SCALAR && shape->scalar != NULL)
        check_scalar(linting, label, shape->scalar, node);
    else if (node->kind == NODE_LIST && shape->list != NULL)
        check_list(linting, label, shape, node);
    else if (node->kind == NODE_MAP && shape->section != NULL)
        check_section(linting, shape->section, node);
    else if (node->kind == NODE_MAP && shape->map != NULL)
        check_map(linting, shape, node);
    else
        report_form(linting, label, shape, node);
}

void lint_keys(struct linting *linting) {
    const struct section *section = linting->kind->section;
    if (linting->document->kind == NODE_MAP)
        check_section(linting, section, linting->document);
    else
        lint_report(linting, linting->document, linting->kind->begin,
                    "%s is a list of keys with values, and this is none", section->name);
}
