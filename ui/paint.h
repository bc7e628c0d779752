/* What turns the picture on a terminal into the next one.
 * Owns nothing. Never sends anything: its bytes are the pen's. */
#ifndef BACKOUT_UI_PAINT_H
#define BACKOUT_UI_PAINT_H

#include "ui/canvas.h"
#include "ui/pen.h"

/* Writes what differs between `from`, which the terminal shows, and `to`, of the same size, and
 * where the cursor is then. In an order that takes few bytes: a column of digits that tick is gone
 * down, which takes a line feed and a backspace each, before the next one is. */
void paint(struct pen *pen, const struct looks *looks, const struct canvas *to,
           const struct canvas *from);

#endif
