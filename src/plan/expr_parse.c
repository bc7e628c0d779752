#include "config.h"

#include "plan/expr.h"

#include "base/array.h"
#include "base/number.h"
#include "base/xtalloc.h"
#include "plan/expr_tree.h"

#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define DIGITS  "0123456789"

struct parser {
    const char *text, *at;
    struct expr *expr;
    size_t depth, terms;
    struct err *err;
};

/* Two bytes before one: `<=` must not be read as `<`. */
static const struct {
    const char *sign;
    enum comparison comparison;
} comparisons[] = {
    {"==", EQUAL},         {"!=", NOT_EQUAL}, {"<=", LESS_EQUAL},
    {">=", GREATER_EQUAL}, {"<", LESS},       {">", GREATER},
};

static const struct expr_node *parse_or(struct parser *parser);

/* Always NULL, so that a parser of a node can return it. */
static const void *refuse(struct parser *parser, const char *what, const char *remedy) {
    size_t byte = (size_t)(parser->at - parser->text) + 1;
    err_set(parser->err, ERR_USAGE, what, err_fmt(parser->err, "byte %zu", byte), remedy);
    return NULL;
}

static void skip_space(struct parser *parser) {
    parser->at += strspn(parser->at, " \t\n");
}

static bool accept(struct parser *parser, const char *sign) {
    skip_space(parser);
    size_t length = strlen(sign);
    if (strncmp(parser->at, sign, length) != 0)
        return false;
    parser->at += length;
    return true;
}

static struct expr_node *make_node(struct parser *parser, enum expr_kind kind) {
    if (++parser->terms > EXPR_MAX_TERMS) {
        refuse(parser, "too long", "split it over several steps");
        return NULL;
    }
    struct expr_node *node = xtalloc_zero(parser->expr, struct expr_node);
    node->kind = kind;
    return node;
}

/* --- operands --------------------------------------------------------------------------------- */

static const char *take(struct parser *parser, size_t length) {
    const char *text = xtalloc_strndup(parser->expr, parser->at, length);
    parser->at += length;
    return text;
}

static bool parse_string(struct parser *parser, struct operand *operand) {
    const char *end = strchr(parser->at + 1, *parser->at);
    if (end == NULL)
        return refuse(parser, "a quote is not closed", "close it") != NULL;
    parser->at++;
    *operand = (struct operand){OPERAND_STRING, take(parser, (size_t)(end - parser->at))};
    parser->at++;
    return true;
}

static bool parse_number(struct parser *parser, struct operand *operand) {
    size_t length = strspn(parser->at, DIGITS LETTERS ".+-");
    char *text = xtalloc_strndup(parser->expr, parser->at, length);
    double value;
    if (!number_parse_real(text, &value))
        return refuse(parser, "not a number", "put a text into quotes") != NULL;
    *operand = (struct operand){OPERAND_NUMBER, take(parser, length)};
    return true;
}

static void add_name(struct expr *expr, const char *name) {
    expr->names = xtalloc_realloc(expr, expr->names, const char *, expr->names_count + 2);
    expr->names[expr->names_count++] = name;
    expr->names[expr->names_count] = NULL;
}

static void parse_name(struct parser *parser, struct operand *operand) {
    const char *name = take(parser, strspn(parser->at, LETTERS DIGITS ".-"));
    bool literal = strcmp(name, "true") == 0 || strcmp(name, "false") == 0;
    *operand = (struct operand){literal ? OPERAND_STRING : OPERAND_NAME, name};
    if (!literal)
        add_name(parser->expr, name);
}

static bool parse_operand(struct parser *parser, struct operand *operand) {
    skip_space(parser);
    char first = *parser->at;
    if (first == '\0')
        return refuse(parser, "it ends too early",
                      "a name, a number or a quoted text is missing") != NULL;
    if (first == '"' || first == '\'')
        return parse_string(parser, operand);
    if (strchr(DIGITS "-.", first) != NULL)
        return parse_number(parser, operand);
    if (strchr(LETTERS, first) == NULL)
        return refuse(parser, "a name, a number or a quoted text must stand here",
                      "known signs are == != < <= > >= && || ! ( )") != NULL;
    parse_name(parser, operand);
    return true;
}

/* --- terms ------------------------------------------------------------------------------------ */

static bool accept_comparison(struct parser *parser, enum comparison *comparison) {
    for (size_t i = 0; i < ARRAY_SIZE(comparisons); i++)
        if (accept(parser, comparisons[i].sign)) {
            *comparison = comparisons[i].comparison;
            return true;
        }
    return false;
}

/* `!a == b` and `(a && b) == c` would mean one thing to a C programmer and another to the rest. */
static const struct expr_node *forbid_comparison(struct parser *parser,
                                                 const struct expr_node *node) {
    skip_space(parser);
    const char *before = parser->at;
    enum comparison comparison;
    if (node == NULL || !accept_comparison(parser, &comparison))
        return node;
    parser->at = before;
    return refuse(parser, "a truth can't be compared", "write the brackets as in !(a == b)");
}

static bool says_yes_or_no(const struct operand *operand) {
    return operand->kind == OPERAND_NAME || strcmp(operand->text, "true") == 0 ||
           strcmp(operand->text, "false") == 0;
}

/* A name by itself; behind it a comparison may follow only where `comparable`. */
static const struct expr_node *parse_value(struct parser *parser, bool comparable) {
    struct expr_node *node = make_node(parser, EXPR_TRUTH);
    if (node == NULL || !parse_operand(parser, &node->a))
        return NULL;
    if (comparable && accept_comparison(parser, &node->comparison)) {
        node->kind = EXPR_COMPARE;
        return parse_operand(parser, &node->b) ? forbid_comparison(parser, node) : NULL;
    }
    if (!says_yes_or_no(&node->a))
        return refuse(parser, "a value alone says neither yes nor no", "compare it");
    return forbid_comparison(parser, node);
}

static const struct expr_node *parse_brackets(struct parser *parser) {
    if (++parser->depth > EXPR_MAX_DEPTH)
        return refuse(parser, "too many brackets", "split it over several steps");
    const struct expr_node *inner = parse_or(parser);
    parser->depth--;
    if (inner == NULL)
        return NULL;
    if (!accept(parser, ")"))
        return refuse(parser, "a bracket is not closed", "close it with )");
    return forbid_comparison(parser, inner);
}

/* A term behind "!" is a name, a bracket or another "!". */
static const struct expr_node *parse_term(struct parser *parser, bool comparable) {
    if (accept(parser, "("))
        return parse_brackets(parser);
    skip_space(parser);
    if (*parser->at != '!')
        return parse_value(parser, comparable);
    parser->at++;
    if (++parser->depth > EXPR_MAX_DEPTH)
        return refuse(parser, "too many !", "say it without");
    struct expr_node *node = make_node(parser, EXPR_NOT);
    if (node == NULL)
        return NULL;
    node->left = parse_term(parser, false);
    parser->depth--;
    return node->left == NULL ? NULL : node;
}

static const struct expr_node *parse_plain_term(struct parser *parser) {
    return parse_term(parser, true);
}

static const struct expr_node *parse_chain(struct parser *parser, enum expr_kind kind,
                                           const char *sign,
                                           const struct expr_node *(*part)(struct parser *)) {
    const struct expr_node *left = part(parser);
    while (left != NULL && accept(parser, sign)) {
        struct expr_node *node = make_node(parser, kind);
        if (node == NULL)
            return NULL;
        node->left = left;
        node->right = part(parser);
        left = node->right == NULL ? NULL : node;
    }
    return left;
}

static const struct expr_node *parse_and(struct parser *parser) {
    return parse_chain(parser, EXPR_AND, "&&", parse_plain_term);
}

static const struct expr_node *parse_or(struct parser *parser) {
    return parse_chain(parser, EXPR_OR, "||", parse_and);
}

bool expr_parse(const void *parent, const char *text, struct expr **expr, struct err *err) {
    struct parser parser = {
        .text = text, .at = text, .expr = xtalloc_zero(parent, struct expr), .err = err};
    parser.expr->names = xtalloc_zero_array(parser.expr, const char *, 1);
    *expr = parser.expr;
    parser.expr->root = parse_or(&parser);
    skip_space(&parser);
    if (parser.expr->root != NULL && *parser.at == '\0')
        return true;
    if (parser.expr->root != NULL)
        refuse(&parser, "something stands behind the end", "join the parts with && or ||");
    *expr = NULL;
    talloc_free(parser.expr);
    return false;
}

const char *const *expr_names(const struct expr *expr) {
    return expr->names;
}
