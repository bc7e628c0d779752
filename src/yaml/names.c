#include "config.h"

#include "yaml/names.h"

#include "base/xtalloc.h"
#include "yaml/scalar.h"

#include <stdlib.h>
#include <string.h>

struct named {
    const char *text;
    unsigned name;
    const struct node *at; /* NULL: not written in this file */
};

struct names {
    struct linting *linting;
    const struct definition *definitions;
    struct named *list; /* sorted by text once all are there */
    size_t count;
    unsigned elsewhere;
};

static void add_name(struct names *names, unsigned name, const char *text, const struct node *at) {
    size_t room = talloc_array_length(names->list);
    if (names->count == room)
        names->list = xtalloc_realloc(names, names->list, struct named, 2 * room + 16);
    names->list[names->count++] = (struct named){.text = text, .name = name, .at = at};
}

void names_add(struct names *names, unsigned name, const char *text) {
    add_name(names, name, text, NULL);
}

static void collect(struct names *names, const struct definition *definition) {
    const struct node *place =
        definition->key ? node_get(names->linting->document, definition->key) : NULL;
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

struct names *names_new(struct linting *linting, const struct definition *definitions) {
    struct names *names = xtalloc_zero(linting->scratch, struct names);
    names->linting = linting;
    names->definitions = definitions;
    names->list = xtalloc_array(names, struct named, 16);
    for (const struct definition *definition = definitions; definition->name; definition++)
        collect(names, definition);
    return names;
}

static int compare_named(const void *left, const void *right) {
    const struct named *a = left;
    const struct named *b = right;
    int order = strcmp(a->text, b->text);
    if (order != 0 || a->at == NULL || b->at == NULL)
        return order;
    return (a->at->line > b->at->line) - (a->at->line < b->at->line);
}

/* --- twice ------------------------------------------------------------------------------------ */

/* The definition of the first of the bits; every bit that a table of keys uses has one. */
static const struct definition *definition_of(const struct names *names, unsigned name) {
    const struct definition *definition = names->definitions;
    while (definition[1].name && (definition->name & name) == 0)
        definition++;
    return definition;
}

static unsigned family_of(const struct names *names, unsigned name) {
    unsigned family = definition_of(names, name)->family;
    return family != 0 ? family : name;
}

static void check_twice(const struct names *names) {
    for (size_t i = 1; i < names->count; i++) {
        const struct named *again = &names->list[i];
        for (size_t j = i; j-- > 0 && strcmp(names->list[j].text, again->text) == 0;) {
            const struct named *first = &names->list[j];
            if (first->at == NULL || again->at == NULL ||
                family_of(names, first->name) != family_of(names, again->name))
                continue;
            lint_report(names->linting, again->at, "give one of them another id",
                        "a second %s is called `%s`, as in line %zu: a call for it at night would "
                        "reach the wrong one",
                        definition_of(names, again->name)->word, again->text, first->at->line);
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

static void check_link(void *data, const struct scalar *type, const struct node *node, bool after) {
    (void)after;
    const struct names *names = data;
    struct linting *linting = names->linting;
    if (type->names == 0 || (type->names & names->elsewhere) != 0 ||
        scalar_has_word(type, node->text) || is_known(names, type->names, node->text) ||
        scalar_problem(linting->scratch, type, node->text) != NULL)
        return;
    const char *word = definition_of(names, type->names)->word;
    const char *otherwise = lint_fmt(linting, "define the %s, or name one that is there", word);
    lint_report(linting, node,
                lint_did_you_mean(linting, node->text, names_of(names, type->names), otherwise),
                "no %s is called %s: it would be looked for in vain just when it is needed", word,
                lint_quote(linting, node->text));
}

void names_check(struct names *names, unsigned elsewhere) {
    struct schema_visitor visitor = {.data = names, .scalar = check_link};
    names->elsewhere = elsewhere;
    qsort(names->list, names->count, sizeof(struct named), compare_named);
    check_twice(names);
    schema_walk(&visitor, names->linting->kind->section, names->linting->document);
}
