#include "config.h"

#include "plan/expr.h"

#include "base/number.h"
#include "base/xtalloc.h"
#include "plan/expr_tree.h"

#include <string.h>

struct evaluation {
    const void *parent;
    name_lookup_fn *lookup;
    void *data;
    const char *why; /* the first thing that couldn't be judged */
};

static enum truth evaluate(struct evaluation *evaluation, const struct expr_node *node);

static enum truth unknown(struct evaluation *evaluation, const char *name, const char *reason) {
    if (evaluation->why == NULL)
        evaluation->why = xtalloc_asprintf(evaluation->parent, "%s %s", name, reason);
    return TRUTH_UNKNOWN;
}

static const char *value_of(struct evaluation *evaluation, const struct operand *operand) {
    if (operand->kind != OPERAND_NAME)
        return operand->text;
    const char *value = evaluation->lookup(evaluation->data, operand->text);
    if (value == NULL)
        unknown(evaluation, operand->text, "has no value yet");
    return value;
}

static bool number_of(struct evaluation *evaluation, const struct operand *operand,
                      const char *value, double *number) {
    if (number_parse_real(value, number))
        return true;
    char *reason = xtalloc_asprintf(NULL, "is \"%s\", not a number", value);
    unknown(evaluation, operand->kind == OPERAND_NAME ? operand->text : "a quoted text", reason);
    talloc_free(reason);
    return false;
}

static enum truth truth_of(bool value) {
    return value ? TRUTH_TRUE : TRUTH_FALSE;
}

static enum truth compare_numbers(enum comparison comparison, double a, double b) {
    const bool results[] = {
        [EQUAL] = !(a < b) && !(a > b),
        [NOT_EQUAL] = a < b || a > b,
        [LESS] = a<b, [LESS_EQUAL] = a <= b, [GREATER] = a> b,
        [GREATER_EQUAL] = a >= b,
    };
    return truth_of(results[comparison]);
}

static bool is_ordering(enum comparison comparison) {
    return comparison != EQUAL && comparison != NOT_EQUAL;
}

static enum truth compare(struct evaluation *evaluation, const struct expr_node *node) {
    const char *a = value_of(evaluation, &node->a);
    const char *b = value_of(evaluation, &node->b);
    if (a == NULL || b == NULL)
        return TRUTH_UNKNOWN;
    bool numeric = node->a.kind == OPERAND_NUMBER || node->b.kind == OPERAND_NUMBER;
    if (!numeric && !is_ordering(node->comparison))
        return truth_of((strcmp(a, b) == 0) == (node->comparison == EQUAL));
    double left, right;
    if (!number_of(evaluation, &node->a, a, &left) || !number_of(evaluation, &node->b, b, &right))
        return TRUTH_UNKNOWN;
    return compare_numbers(node->comparison, left, right);
}

/* A name that stands alone is a yes or a no itself. */
static enum truth judge_alone(struct evaluation *evaluation, const struct operand *operand) {
    const char *value = value_of(evaluation, operand);
    if (value == NULL)
        return TRUTH_UNKNOWN;
    if (strcmp(value, "true") == 0)
        return TRUTH_TRUE;
    if (strcmp(value, "false") == 0)
        return TRUTH_FALSE;
    return unknown(evaluation, operand->text, "is neither true nor false");
}

static enum truth negate(enum truth truth) {
    return truth == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : truth_of(truth == TRUTH_FALSE);
}

/* `decisive` decides alone, whatever the other side is: false for &&, true for ||. */
static enum truth join(struct evaluation *evaluation, const struct expr_node *node,
                       enum truth decisive) {
    enum truth left = evaluate(evaluation, node->left);
    enum truth right = evaluate(evaluation, node->right);
    if (left == decisive || right == decisive)
        return decisive;
    return left == TRUTH_UNKNOWN || right == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : negate(decisive);
}

static enum truth evaluate(struct evaluation *evaluation, const struct expr_node *node) {
    switch (node->kind) {
    case EXPR_OR:
        return join(evaluation, node, TRUTH_TRUE);
    case EXPR_AND:
        return join(evaluation, node, TRUTH_FALSE);
    case EXPR_NOT:
        return negate(evaluate(evaluation, node->left));
    case EXPR_COMPARE:
        return compare(evaluation, node);
    case EXPR_TRUTH:
        break;
    }
    return judge_alone(evaluation, &node->a);
}

enum truth expr_eval(const void *parent, const struct expr *expr, name_lookup_fn *lookup,
                     void *data, const char **why) {
    struct evaluation evaluation = {.parent = parent, .lookup = lookup, .data = data};
    enum truth truth = evaluate(&evaluation, expr->root);
    if (why != NULL)
        *why = truth == TRUTH_UNKNOWN ? evaluation.why : NULL;
    return truth;
}
