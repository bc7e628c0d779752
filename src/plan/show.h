/* A plan as people read it: the plain-text page of `backout plan show`.
 * Owns the page it returns. Never uses colour or control bytes: it goes to files and tickets too.
 */
#ifndef BACKOUT_PLAN_SHOW_H
#define BACKOUT_PLAN_SHOW_H

#include "plan/plan.h"

/* The page, clean text in lines of at most `width_cells` cells (at least 40), owned by `parent`. */
char *plan_show(const void *parent, const struct plan *plan, int width_cells);

#endif
