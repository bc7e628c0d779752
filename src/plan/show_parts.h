/* What the parts of a plan's page share. Never included outside show*.c. */
#ifndef BACKOUT_PLAN_SHOW_PARTS_H
#define BACKOUT_PLAN_SHOW_PARTS_H

#include "base/page.h"
#include "plan/plan.h"

#define SHOW_LABEL    10 /* cells of a label */
#define SHOW_ID_CELLS 14

struct show {
    const struct plan *plan;
    struct page page;
    void *scratch; /* until the page is done */
};

/* "list, word", owned by the run; `word` alone where the list is empty. */
const char *show_join(struct show *show, const char *list, const char *joint, const char *word);

/* Steps by their numbers on the page: "1 2 5". */
const char *show_numbers(struct show *show, const size_t *steps, size_t count);

void show_steps(struct show *show);

#endif
