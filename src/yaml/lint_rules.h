/* How a kind of file is loaded and linted: what its rules share.
 * Owns nothing: findings belong to the struct lint. Included by the rooms that know a kind of file,
 * never above them. */
#ifndef BACKOUT_YAML_LINT_RULES_H
#define BACKOUT_YAML_LINT_RULES_H

#include "yaml/lint.h"
#include "yaml/policy.h"
#include "yaml/schema.h"

struct linting;

typedef void lint_check_fn(struct linting *linting);

struct rule {
    const char
        *name; /* NULL ends a table; the first one is of form, and tells what can't be read */
    enum finding_severity severity;
    bool essential; /* the file can't be used against it, and no comment hides it */
    lint_check_fn *check;
};

struct file_kind {
    const struct section *section; /* the whole file */
    const struct rule *rules;
    /* What the document says, as far as it makes sense; it takes the document over. NULL when that
     * is no map. */
    void *(*load)(const void *parent, struct node *document, const char *bytes, size_t length);
    const char *cant_load; /* "can't load the plan" */
    const char *begin;     /* how such a file begins, as a remedy */
};

struct linting {
    struct lint *lint;
    const struct file_kind *kind;
    const struct rule *rule; /* whose check runs */
    const struct node *document;
    const void *file;  /* what was made of it; NULL when the document is no map */
    const void *facts; /* what its rules are told from elsewhere, as lint_run was given it */
    void *scratch;     /* until the end of the run */
};

/* Lints the bytes of a file. `facts` (may be NULL) are for the kind's own rules; `now_ms` judges
 * `until=` of ignores. Never fails: what can't be read is a finding of the first rule. The result
 * is owned by `parent`. */
struct lint *lint_run(const void *parent, const struct file_kind *kind, const char *bytes,
                      size_t length, const void *facts, int64_t now_ms);

/* Loads a file that was frozen before, forgiving what this program doesn't know (a newer one may
 * have frozen it). False only where nothing can be made of it (ERR_DAMAGED). */
bool file_load(const void *parent, const struct file_kind *kind, const char *bytes, size_t length,
               void **file, struct err *err);

/* The first rule of every kind: every key and every value must be what the tables say. */
lint_check_fn lint_keys;

/* A finding of the running rule at a node, with the rule's severity, or as a warning. */
void lint_report(struct linting *linting, const struct node *at, const char *fix,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
void lint_warn(struct linting *linting, const struct node *at, const char *fix, const char *format,
               ...) __attribute__((format(printf, 4, 5)));

/* Words for a finding, owned by the run. */
const char *lint_fmt(struct linting *linting, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A text from the file, short enough for a message. */
const char *lint_quote(struct linting *linting, const char *text);

/* The fix for a wrong word: the near one if there is one, else `otherwise`. */
const char *lint_did_you_mean(struct linting *linting, const char *word, const char *const *names,
                              const char *otherwise);

/* The value of the map's key, or the map itself: where a finding about that key stands. */
const struct node *lint_place(const struct node *map, const char *key);

/* lint_policy.c: a role has people, and more than one. `at` is its list. */
void lint_stand_in(struct linting *linting, const struct role_people *role, const struct node *at);

/* lint_ignore.c: whether a comment on the finding's line takes it away. When a comment was meant to
 * and doesn't count, `*note` says why not, owned by `parent`. */
bool lint_ignored(const void *parent, const char *bytes, size_t length,
                  const struct finding *finding, int64_t now_ms, const char **note);

#endif
