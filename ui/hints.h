/* The bottom line while nothing is asked: the keys that matter most here.
 * Derived from the table of actions and from the keys that are bound now. */
#ifndef BACKOUT_UI_HINTS_H
#define BACKOUT_UI_HINTS_H

#include "ui/frame.h"

/* No view has more. */
#define HINTS_MAX 32

void hints_draw(struct frame *frame, struct area row);

#endif
