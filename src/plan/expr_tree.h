/* The parsed form of an expression, shared by its parser and its evaluator only. */
#ifndef BACKOUT_PLAN_EXPR_TREE_H
#define BACKOUT_PLAN_EXPR_TREE_H

#include "base/limits.h"
#include "plan/expr.h"

enum expr_kind { EXPR_OR, EXPR_AND, EXPR_NOT, EXPR_COMPARE, EXPR_TRUTH };

enum operand_kind { OPERAND_NAME, OPERAND_NUMBER, OPERAND_STRING };

enum comparison { EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL };

struct operand {
    enum operand_kind kind;
    const char *text;
};

struct expr_node {
    enum expr_kind kind;
    const struct expr_node *left, *right; /* EXPR_OR, EXPR_AND; EXPR_NOT: left */
    enum comparison comparison;           /* EXPR_COMPARE */
    struct operand a, b;                  /* EXPR_COMPARE; EXPR_TRUTH: a */
};

struct expr {
    const struct expr_node *root;
    const char **names; /* ended by NULL */
    size_t names_count;
};

#endif
