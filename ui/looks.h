/* How each role looks on this terminal, and which bytes turn one look into another.
 * Owns the looks that differ there: what a terminal lacks makes no difference, and a role that
 * looks like another one is the same. Never sends anything. */
#ifndef BACKOUT_UI_LOOKS_H
#define BACKOUT_UI_LOOKS_H

#include "ui/theme.h"

struct looks;

/* Looks are numbers; this one is how a terminal draws by itself. */
#define LOOK_PLAIN 0

/* Reads what the terminal can from terminfo. */
struct looks *looks_new(const void *parent, enum theme_depth depth);

int looks_of(const struct looks *looks, enum role role, bool highlight);
/* The shortest bytes known to turn `from` into `to`; "" where there is nothing to turn. */
const char *looks_turn(struct looks *looks, int from, int to);
/* Whether a blank in that look is seen: one that is underlined or in reverse is. */
bool looks_shows_blank(const struct looks *looks, int look);

#endif
