#include "config.h"

#include "yaml/lint_rules.h"

#include "base/text.h"
#include "base/xtalloc.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define QUOTE_BYTES 60

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

const struct node *lint_place(const struct node *map, const char *key) {
    const struct node *value = node_get(map, key);
    return value != NULL ? value : map;
}

/* --- after the rules -------------------------------------------------------------------------- */

static bool is_essential(const struct linting *linting, const struct finding *finding) {
    for (const struct rule *rule = linting->kind->rules; rule->name != NULL; rule++)
        if (strcmp(rule->name, finding->rule) == 0)
            return rule->essential;
    return false;
}

/* Takes away what comments take away, and says why a comment doesn't. */
static void apply_ignores(const struct linting *linting, const char *bytes, size_t length,
                          int64_t now_ms) {
    struct lint *lint = linting->lint;
    size_t kept = 0;
    for (size_t i = 0; i < lint->count; i++) {
        struct finding finding = lint->findings[i];
        const char *note = NULL;
        if (!is_essential(linting, &finding) &&
            lint_ignored(lint, bytes, length, &finding, now_ms, &note))
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
    linting->rule = linting->kind->rules;
    lint_report(linting, &at, err->remedy == NULL ? linting->kind->begin : err->remedy, "%s",
                err->what);
}

static void run_rules(struct linting *linting) {
    for (const struct rule *rule = linting->kind->rules; rule->name != NULL; rule++) {
        linting->rule = rule;
        if (linting->file != NULL || rule->check == lint_keys)
            rule->check(linting);
    }
}

struct lint *lint_run(const void *parent, const struct file_kind *kind, const char *bytes,
                      size_t length, const void *facts, int64_t now_ms) {
    struct lint *lint = xtalloc_zero(parent, struct lint);
    struct linting linting = {
        .lint = lint, .kind = kind, .facts = facts, .scratch = xtalloc_size(lint, 0)};
    struct err *err = err_new(linting.scratch);
    struct node *document;
    size_t line, column;
    lint->loadable = true;
    if (node_read(lint, bytes, length, &document, &line, &column, err)) {
        lint->file = kind->load(lint, document, bytes, length);
        linting.document = document;
        linting.file = lint->file;
        run_rules(&linting);
        apply_ignores(&linting, bytes, length, now_ms);
    } else {
        report_unreadable(&linting, line, column, err);
    }
    count_findings(lint);
    talloc_free(linting.scratch);
    return lint;
}

/* The position belongs to what is wrong: whoever reads the error has no other. */
static bool refuse_at(const struct file_kind *kind, size_t line, size_t column, struct err *err) {
    const char *on = err_fmt(err, "line %zu, column %zu: %s", line, column, err->what);
    return err_set(err, ERR_DAMAGED, kind->cant_load, on,
                   err->remedy == NULL ? kind->begin : err->remedy);
}

bool file_load(const void *parent, const struct file_kind *kind, const char *bytes, size_t length,
               void **file, struct err *err) {
    struct node *document;
    size_t line, column;
    *file = NULL;
    if (!node_read(parent, bytes, length, &document, &line, &column, err))
        return refuse_at(kind, line, column, err);
    *file = kind->load(parent, document, bytes, length);
    if (*file != NULL)
        return true;
    talloc_free(document);
    return err_set(err, ERR_DAMAGED, kind->cant_load, "it is no map of keys", kind->begin);
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
