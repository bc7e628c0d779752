#include "config.h"

#include "plan/lint_rules.h"

#include "base/array.h"
#include "base/record.h"
#include "base/xtalloc.h"
#include "plan/expr.h"
#include "plan/load.h"
#include "plan/keys.h"
#include "plan/scalar.h"
#include "plan/substitute.h"

#include <stdlib.h>
#include <string.h>

/* B003: every ${name} and every name in an expression must have a value when it is needed. */

#define SCOPE_EXPR (1u << 8) /* beside enum plan_scope: names of expressions */
#define NO_STEP    SIZE_MAX

/* A name that can be written, where, and which step's output it is. */
struct known {
    const char *name;
    unsigned scopes;
    size_t step;
};

struct texts {
    struct linting *linting;
    struct known *list; /* sorted by name */
    size_t count;
    size_t step;   /* whose text is looked at, or NO_STEP */
    bool *reached; /* scratch of comes_before */
    const struct node *at;
    unsigned scope; /* of the text at `at` */
    bool after;     /* the step's own outputs are known */
};

/* --- the names there are ---------------------------------------------------------------------- */

static const struct known standing_names[] = {
    {"incident.number", SCOPE_STEP, NO_STEP},
    {"incident.service", SCOPE_STEP, NO_STEP},
    {"incident.severity", SCOPE_EXPR, NO_STEP},
    {"incident.drill", SCOPE_EXPR, NO_STEP},
    {"incident.started_at", SCOPE_NOTICE, NO_STEP},
    {"incident.recovered_at", SCOPE_NOTICE, NO_STEP},
    {"notice.next_update", SCOPE_NOTICE, NO_STEP},
};

static void add(struct texts *texts, const char *name, unsigned scopes, size_t step) {
    size_t room = talloc_array_length(texts->list);
    if (texts->count == room)
        texts->list = xtalloc_realloc(texts->linting->scratch, texts->list, struct known, 2 * room);
    texts->list[texts->count++] = (struct known){.name = name, .scopes = scopes, .step = step};
}

static void add_outputs(struct texts *texts, const struct node *step, size_t index) {
    const char *id = node_text(node_get(step, "id"));
    const struct node *outputs = node_get(step, "outputs");
    if (id == NULL || outputs == NULL || outputs->kind != NODE_MAP)
        return;
    for (size_t i = 0; i < outputs->count; i++)
        add(texts, lint_fmt(texts->linting, "steps.%s.outputs.%s", id, outputs->keys[i]->text),
            SCOPE_STEP | SCOPE_EXPR, index);
}

static void add_steps(struct texts *texts) {
    const struct plan *plan = linting_plan(texts->linting);
    const struct node *document = texts->linting->document;
    const struct node *others[] = {node_get(document, "before_launch"),
                                   node_get(node_get(document, "reinstate"), "steps")};
    for (size_t i = 0; i < plan->steps_count; i++) {
        add(texts, lint_fmt(texts->linting, "steps.%s.state", plan->steps[i].id), SCOPE_EXPR,
            NO_STEP);
        add_outputs(texts, plan->steps[i].node, i);
    }
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        for (size_t j = 0; others[i] != NULL && j < others[i]->count; j++)
            add_outputs(texts, others[i]->items[j], NO_STEP);
}

static void add_pairs(struct texts *texts, const struct pair *pairs) {
    for (; pairs != NULL && pairs->key != NULL; pairs++)
        add(texts, lint_fmt(texts->linting, "site.%s", pairs->key), SCOPE_STEP, NO_STEP);
}

static int compare_known(const void *left, const void *right) {
    return strcmp(((const struct known *)left)->name, ((const struct known *)right)->name);
}

static void collect_known(struct texts *texts) {
    const struct plan *plan = linting_plan(texts->linting);
    texts->list = xtalloc_array(texts->linting->scratch, struct known, 32);
    for (size_t i = 0; i < ARRAY_SIZE(standing_names); i++)
        add(texts, standing_names[i].name, standing_names[i].scopes, NO_STEP);
    for (size_t i = 0; i < plan->inputs_count; i++)
        add(texts, lint_fmt(texts->linting, "inputs.%s", plan->inputs[i].name),
            SCOPE_STEP | SCOPE_EXPR, NO_STEP);
    for (size_t i = 0; i < plan->secrets_count; i++)
        add(texts, lint_fmt(texts->linting, "secrets.%s", plan->secrets[i].name), SCOPE_SECRETS,
            NO_STEP);
    add_pairs(texts, plan->site);
    add_steps(texts);
    qsort(texts->list, texts->count, sizeof(struct known), compare_known);
}

static const char *const *names_in_scope(const struct texts *texts) {
    const char **names =
        xtalloc_zero_array(texts->linting->scratch, const char *, texts->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < texts->count; i++)
        if ((texts->list[i].scopes & texts->scope) != 0)
            names[count++] = texts->list[i].name;
    return names;
}

/* --- outputs come from earlier steps ---------------------------------------------------------- */

/* Marks what must have ended before the step at `index` starts, needs of needs too. */
static void reach(struct texts *texts, size_t index) {
    const struct plan *plan = linting_plan(texts->linting);
    size_t *stack = xtalloc_array(texts->linting->scratch, size_t, plan->steps_count + 1);
    size_t depth = 0;
    stack[depth++] = index;
    memset(texts->reached, false, plan->steps_count * sizeof(bool));
    while (depth > 0) {
        const struct plan_step *step = &plan->steps[stack[--depth]];
        for (size_t i = 0; i < step->needs_count; i++)
            if (!texts->reached[step->needs[i]]) {
                texts->reached[step->needs[i]] = true;
                stack[depth++] = step->needs[i];
            }
    }
    talloc_free(stack);
}

static bool comes_before(struct texts *texts, size_t earlier, size_t later) {
    const struct plan *plan = linting_plan(texts->linting);
    reach(texts, later);
    if (texts->reached[earlier])
        return true;
    /* What was there for every step that may call a handler is there for the handler. */
    bool called = false;
    for (size_t i = 0; plan->steps[later].handler && i < plan->steps_count; i++) {
        const char *handler = plan->steps[i].failure_step;
        if (handler == NULL || strcmp(handler, plan->steps[later].id) != 0)
            continue;
        called = true;
        reach(texts, i);
        if (!texts->reached[earlier])
            return false;
    }
    return called;
}

static void check_order(struct texts *texts, const struct known *known) {
    const struct plan *plan = linting_plan(texts->linting);
    if (known->step == NO_STEP || texts->step == NO_STEP)
        return;
    bool own = known->step == texts->step;
    if (own ? texts->after : comes_before(texts, known->step, texts->step))
        return;
    const char *source = plan->steps[known->step].id;
    lint_report(texts->linting, texts->at,
                own ? "use it in `verify`, `undo` or `evidence`, or in a later step"
                    : lint_fmt(texts->linting, "add `%s` to the step's `needs`", source),
                "`%s` isn't known here: step `%s` doesn't have to end before `%s` starts",
                known->name, source, plan->steps[texts->step].id);
}

/* --- the texts -------------------------------------------------------------------------------- */

static const struct known *find_known(const struct texts *texts, const char *name) {
    struct known wanted = {.name = name};
    return bsearch(&wanted, texts->list, texts->count, sizeof(struct known), compare_known);
}

static void report_unknown(struct texts *texts, const char *name) {
    struct linting *linting = texts->linting;
    const char *otherwise =
        texts->scope == SCOPE_EXPR
            ? "known are inputs.*, steps.ID.state, steps.ID.outputs.*, incident.severity and "
              "incident.drill"
            : "write $${ where ${ itself is meant, for a variable of the shell";
    lint_report(linting, texts->at,
                lint_did_you_mean(linting, name, names_in_scope(texts), otherwise),
                "nothing is called %s: the step would stop here at night, waiting for a value",
                lint_quote(linting, name));
}

static void report_misplaced(struct texts *texts, const struct known *known) {
    bool secret = (known->scopes & SCOPE_SECRETS) != 0;
    lint_report(texts->linting, texts->at,
                secret ? "hand it over in `env`, `headers` or `body`"
                       : "take it out, or say it in words",
                secret ? "`%s` can't stand here: every user of the host can read a command line"
                       : "`%s` has no value in this place",
                known->name);
}

static void check_name(struct texts *texts, const char *name) {
    const struct known *known = find_known(texts, name);
    if (known == NULL)
        report_unknown(texts, name);
    else if ((known->scopes & texts->scope) == 0)
        report_misplaced(texts, known);
    else
        check_order(texts, known);
}

static void check_placeholder(void *data, const char *name) {
    struct texts *texts = data;
    if (name == NULL)
        lint_report(texts->linting, texts->at, "close it with }, or write $${ for the text ${",
                    "a ${ is never closed: the step would stop here at night");
    else if (texts->scope == 0)
        lint_report(texts->linting, texts->at, "say it in words, or write $${ for the text ${",
                    "${%s} isn't replaced in this place: people would read it as it stands", name);
    else
        check_name(texts, name);
}

static void check_expr(struct texts *texts) {
    void *scratch = xtalloc_size(texts->linting->scratch, 0);
    struct expr *expr;
    texts->scope = SCOPE_EXPR;
    if (expr_parse(scratch, texts->at->text, &expr, err_new(scratch)))
        for (const char *const *name = expr_names(expr); *name != NULL; name++)
            check_name(texts, *name);
    talloc_free(scratch);
}

static void check_text(void *data, const struct scalar *type, const struct node *node, bool after) {
    struct texts *texts = data;
    texts->at = node;
    texts->after = after;
    texts->scope = type->scope;
    if (type == &expr_scalar)
        check_expr(texts);
    else if ((type->scope & SCOPE_RAW) == 0)
        substitute_names(node->text, check_placeholder, texts);
}

static void enter_section(void *data, const struct section *section, const struct node *map) {
    struct texts *texts = data;
    const struct plan *plan = linting_plan(texts->linting);
    if (section != &step_section)
        return;
    for (size_t i = 0; i < plan->steps_count; i++)
        if (plan->steps[i].node == map)
            texts->step = i;
}

static void leave_section(void *data, const struct section *section, const struct node *map) {
    struct texts *texts = data;
    (void)map;
    if (section == &step_section)
        texts->step = NO_STEP;
}

void lint_texts(struct linting *linting) {
    struct texts texts = {.linting = linting, .step = NO_STEP};
    struct schema_visitor visitor = {
        .data = &texts, .enter = enter_section, .leave = leave_section, .scalar = check_text};
    texts.reached =
        xtalloc_zero_array(linting->scratch, bool, linting_plan(linting)->steps_count + 1);
    collect_known(&texts);
    schema_walk(&visitor, &plan_section, linting->document);
}
