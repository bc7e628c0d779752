/* The line between two columns of zones, joined to their headings. */
#ifndef BACKOUT_UI_DIVIDER_H
#define BACKOUT_UI_DIVIDER_H

#include "ui/canvas.h"

/* Draws it at column `col` of the area, after what stands at both of its sides: where headings
 * reach it ├ ┤ ┼ (on the first row ┌ ┐ ┬), else │. At least three columns are at either side. */
void divider_draw(struct canvas *canvas, struct area area, int col);

#endif
