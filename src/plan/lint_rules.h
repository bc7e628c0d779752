/* What the rules of lint share: the plan under judgement and how a finding is made.
 * Owns nothing: findings belong to the struct lint. Never included outside the lint_*.c files. */
#ifndef BACKOUT_PLAN_LINT_RULES_H
#define BACKOUT_PLAN_LINT_RULES_H

#include "plan/lint.h"
#include "plan/node.h"

struct linting;

typedef void lint_check_fn(struct linting *linting);

struct rule {
    const char *name;
    enum finding_severity severity;
    bool essential; /* no incident may be declared against it, and no comment hides it */
    lint_check_fn *check;
};

struct linting {
    struct lint *lint;
    const struct rule *rule; /* whose check runs */
    const struct node *document;
    const struct plan *plan; /* as far as it makes sense; NULL when the document is no map */
    void *scratch;           /* until the end of the run */
};

lint_check_fn lint_keys;    /* B001 */
lint_check_fn lint_links;   /* B002 */
lint_check_fn lint_texts;   /* B003 */
lint_check_fn lint_people;  /* B010 */
lint_check_fn lint_time;    /* B011 */
lint_check_fn lint_reasons; /* B020 */
lint_check_fn lint_proof;   /* B030 */
lint_check_fn lint_undo;    /* B039 */

/* The part of B002 that is about order: cycles, and steps that can never start. */
void lint_order(struct linting *linting);

/* A finding of the running rule at a node, with the rule's severity, or as a warning. */
void lint_report(struct linting *linting, const struct node *at, const char *fix,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
void lint_warn(struct linting *linting, const struct node *at, const char *fix, const char *format,
               ...) __attribute__((format(printf, 4, 5)));

/* Words for a finding, owned by the run. */
const char *lint_fmt(struct linting *linting, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A text from the plan, short enough for a message. */
const char *lint_quote(struct linting *linting, const char *text);

/* The fix for a wrong word: the near one if there is one, else `otherwise`. */
const char *lint_did_you_mean(struct linting *linting, const char *word, const char *const *names,
                              const char *otherwise);

/* The value of the step's key, or the step itself: where a finding about that key stands. */
const struct node *lint_place(const struct plan_step *step, const char *key);

/* Steps in an order in which every one comes after its needs; those in or behind a cycle are left
 * out. Returns how many there are; the array is owned by the run. */
size_t lint_sort_steps(struct linting *linting, size_t **order);

/* Whether the step does something to production by software, or destructively by hand. */
bool step_changes(const struct plan_step *step);

/* lint_ignore.c: whether a comment on the finding's line takes it away. When a comment was meant to
 * and doesn't count, `*note` says why not, owned by `parent`. */
bool lint_ignored(const void *parent, const char *bytes, size_t length,
                  const struct finding *finding, int64_t now_ms, const char **note);

#endif
