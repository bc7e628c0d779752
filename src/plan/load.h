/* The parts of loading a plan, one file each: lists of named things, and steps.
 * Owns nothing beyond the plan being built. Never refuses: what a frozen plan holds beyond what
 * this program knows is passed over. */
#ifndef BACKOUT_PLAN_LOAD_H
#define BACKOUT_PLAN_LOAD_H

#include "plan/plan.h"
#include "yaml/lint_rules.h"
#include "yaml/store.h"

extern const struct section plan_section; /* the whole file → struct plan */
extern const struct section step_section; /* → struct plan_step */
extern const struct file_kind plan_file;

/* Rows of the top-level table whose member is the whole struct plan. */
store_fn store_inputs, store_secrets;
store_fn store_steps;
store_fn store_money;

/* What a step runs: into a struct plan_command. */
store_fn store_command;

/* Options name steps, and steps take defaults: both after every key was stored. */
void load_options(struct plan *plan);
void load_step_defaults(struct plan *plan);

/* The index of a step, or plan->steps_count. */
size_t plan_step_index(const struct plan *plan, const char *id);

/* A struct plan of what the document says, as far as it makes sense; it takes the document over.
 * NULL when that is no map. */
void *plan_from_document(const void *parent, struct node *document, const char *bytes,
                         size_t length);

#endif
