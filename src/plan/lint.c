#include "config.h"

#include "plan/lint.h"

#include "base/array.h"
#include "base/text.h"
#include "base/xtalloc.h"
#include "plan/lint_rules.h"
#include "plan/load.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define QUOTE_BYTES 60

static const struct rule rules[] = {
    {.name = "B001", .severity = FINDING_ERROR, .essential = true, .check = lint_keys},
    {.name = "B002", .severity = FINDING_ERROR, .essential = true, .check = lint_links},
    {.name = "B003", .severity = FINDING_ERROR, .essential = true, .check = lint_texts},
    {.name = "B010", .severity = FINDING_ERROR, .check = lint_people},
    {.name = "B011", .severity = FINDING_WARNING, .check = lint_time},
    {.name = "B020", .severity = FINDING_WARNING, .check = lint_reasons},
    {.name = "B030", .severity = FINDING_WARNING, .check = lint_proof},
    {.name = "B039", .severity = FINDING_WARNING, .check = lint_undo},
};

/* --- findings --------------------------------------------------------------------------------- */

static struct finding *add_finding(struct lint *lint) {
    size_t room = talloc_array_length(lint->findings);
    if (lint->count == room)
        lint->findings = xtalloc_realloc(lint, lint->findings, struct finding, 2 * room + 8);
    return &lint->findings[lint->count++];
}

static void report(struct linting *linting, enum finding_severity severity, const struct node *at,
                   const char *fix, const char *message) {
    struct finding *finding = add_finding(linting->lint);
    *finding = (struct finding){
        .rule = linting->rule->name,
        .severity = severity,
        .line = at->line,
        .column = at->column,
        .message = message,
        .fix = xtalloc_strdup(linting->lint, fix),
    };
    if (linting->rule->essential && severity == FINDING_ERROR)
        linting->lint->loadable = false;
}

void lint_report(struct linting *linting, const struct node *at, const char *fix,
                 const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *message = xtalloc_vasprintf(linting->lint, format, arguments);
    va_end(arguments);
    report(linting, linting->rule->severity, at, fix, message);
}

void lint_warn(struct linting *linting, const struct node *at, const char *fix, const char *format,
               ...) {
    va_list arguments;
    va_start(arguments, format);
    char *message = xtalloc_vasprintf(linting->lint, format, arguments);
    va_end(arguments);
    report(linting, FINDING_WARNING, at, fix, message);
}

const char *lint_fmt(struct linting *linting, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *words = xtalloc_vasprintf(linting->scratch, format, arguments);
    va_end(arguments);
    return words;
}

const char *lint_quote(struct linting *linting, const char *text) {
    size_t length = strlen(text);
    if (length <= QUOTE_BYTES)
        return lint_fmt(linting, "`%s`", text);
    length = QUOTE_BYTES;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
        length--; /* no half of a character */
    return lint_fmt(linting, "`%.*s…`", (int)length, text);
}

const char *lint_did_you_mean(struct linting *linting, const char *word, const char *const *names,
                              const char *otherwise) {
    const char *near = text_nearest(word, names);
    return near == NULL ? otherwise : lint_fmt(linting, "did you mean `%s`?", near);
}

const struct node *lint_place(const struct plan_step *step, const char *key) {
    const struct node *value = node_get(step->node, key);
    return value != NULL ? value : step->node;
}

/* --- after the rules -------------------------------------------------------------------------- */

static bool is_essential(const struct finding *finding) {
    for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
        if (strcmp(rules[i].name, finding->rule) == 0)
            return rules[i].essential;
    return false;
}

/* Takes away what comments take away, and says why a comment doesn't. */
static void apply_ignores(struct lint *lint, const char *bytes, size_t length, int64_t now_ms) {
    size_t kept = 0;
    for (size_t i = 0; i < lint->count; i++) {
        struct finding finding = lint->findings[i];
        const char *note = NULL;
        if (!is_essential(&finding) && lint_ignored(lint, bytes, length, &finding, now_ms, &note))
            continue;
        if (note != NULL)
            finding.message = xtalloc_asprintf(lint, "%s; %s", finding.message, note);
        lint->findings[kept++] = finding;
    }
    lint->count = kept;
}

static int by_number(size_t a, size_t b) {
    return (a > b) - (a < b);
}

static int compare_findings(const void *left, const void *right) {
    const struct finding *a = left;
    const struct finding *b = right;
    int order = by_number(a->line, b->line);
    if (order == 0)
        order = by_number(a->column, b->column);
    if (order == 0)
        order = strcmp(a->rule, b->rule);
    return order != 0 ? order : strcmp(a->message, b->message);
}

static void count_findings(struct lint *lint) {
    if (lint->count > 1)
        qsort(lint->findings, lint->count, sizeof(struct finding), compare_findings);
    for (size_t i = 0; i < lint->count; i++) {
        lint->errors += lint->findings[i].severity == FINDING_ERROR;
        lint->warnings += lint->findings[i].severity == FINDING_WARNING;
    }
}

/* --- the run ---------------------------------------------------------------------------------- */

/* A file that is no tree of values has one finding: where reading stopped. */
static void report_unreadable(struct linting *linting, size_t line, size_t column,
                              const struct err *err) {
    struct node at = {.line = line, .column = column};
    linting->rule = &rules[0];
    lint_report(linting, &at, err->remedy == NULL ? "" : err->remedy, "%s", err->what);
}

static void run_rules(struct linting *linting) {
    for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
        linting->rule = &rules[i];
        if (linting->plan != NULL || rules[i].check == lint_keys)
            rules[i].check(linting);
    }
}

struct lint *plan_lint(const void *parent, const char *bytes, size_t length, int64_t now_ms) {
    struct lint *lint = xtalloc_zero(parent, struct lint);
    struct linting linting = {.lint = lint, .scratch = xtalloc_size(lint, 0)};
    struct err *err = err_new(linting.scratch);
    struct node *document;
    size_t line, column;
    lint->loadable = true;
    if (node_read(lint, bytes, length, PLAN_MAX_DEPTH, &document, &line, &column, err)) {
        lint->plan = plan_from_document(lint, document, bytes, length);
        linting.document = document;
        linting.plan = lint->plan;
        run_rules(&linting);
        apply_ignores(lint, bytes, length, now_ms);
    } else {
        report_unreadable(&linting, line, column, err);
    }
    count_findings(lint);
    talloc_free(linting.scratch);
    return lint;
}

static const char *const severity_names[] = {
    [FINDING_WARNING] = "warning",
    [FINDING_ERROR] = "error",
};

char *finding_line(const void *parent, const char *file, const struct finding *finding) {
    return xtalloc_asprintf(parent, "%s:%zu:%zu: %s %s %s%s%s%s", file, finding->line,
                            finding->column, severity_names[finding->severity], finding->rule,
                            finding->message, *finding->fix == '\0' ? "" : " (", finding->fix,
                            *finding->fix == '\0' ? "" : ")");
}
