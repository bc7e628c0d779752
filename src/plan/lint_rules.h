/* The rules of plans, and what they share beyond those of every kind of file.
 * Owns nothing. Never included outside the lint_*.c files of plans. */
#ifndef BACKOUT_PLAN_LINT_RULES_H
#define BACKOUT_PLAN_LINT_RULES_H

#include "plan/lint.h"
#include "yaml/lint_rules.h"

lint_check_fn lint_links;   /* B002; B001 is lint_keys */
lint_check_fn lint_texts;   /* B003 */
lint_check_fn lint_people;  /* B010 */
lint_check_fn lint_time;    /* B011 */
lint_check_fn lint_reasons; /* B020 */
lint_check_fn lint_proof;   /* B030 */
lint_check_fn lint_undo;    /* B039 */
lint_check_fn lint_gates;   /* B050 */

/* The plan under judgement, as far as it makes sense. */
const struct plan *linting_plan(const struct linting *linting);

/* The roles that people are named for outside of the plan; there may be none. */
const struct roles *linting_elsewhere(const struct linting *linting);

/* The part of B002 that is about order: cycles, and steps that can never start. */
void lint_order(struct linting *linting);

/* Steps in an order in which every one comes after its needs; those in or behind a cycle are left
 * out. Returns how many there are; the array is owned by the run. */
size_t lint_sort_steps(struct linting *linting, size_t **order);

/* Whether the step does something to production by software, or destructively by hand. */
bool step_changes(const struct plan_step *step);

#endif
