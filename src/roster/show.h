/* A roster as people read it: the plain-text page of `backout roster show`.
 * Owns the page it returns. Never uses colour or control bytes: it goes to files and tickets too.
 */
#ifndef BACKOUT_ROSTER_SHOW_H
#define BACKOUT_ROSTER_SHOW_H

#include "roster/roster.h"

/* The page, clean text in lines of at most `width_cells` cells (at least 40), owned by `parent`. */
char *roster_show(const void *parent, const struct roster *roster, int width_cells);

#endif
