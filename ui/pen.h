/* The bytes of a frame: where the cursor goes, how what it draws looks, and the text.
 * Owns them, and what is known of the terminal behind them: where its cursor stands and which look
 * is on. Never knows what is drawn, nor sends it. */
#ifndef BACKOUT_UI_PEN_H
#define BACKOUT_UI_PEN_H

#include "ui/looks.h"

#include <stddef.h>

struct pen;

/* Reads from terminfo how the cursor is moved. `seven_bits`: bytes over 127 could mean anything
 * there, so "?" stands for what has any. */
struct pen *pen_new(const void *parent, struct looks *looks, bool seven_bits);
void pen_resize(struct pen *pen, int rows, int cols);

/* Wipes the whole screen; the cursor is hidden afterwards. */
void pen_clear(struct pen *pen);
/* Every frame begins with it: whatever else wrote on the terminal meanwhile (a broadcast, the
 * kernel) moved the cursor, so the first move is to a place that is named. */
void pen_begin(struct pen *pen);
/* …and ends so: the plain look, the cursor shown where it stands, or hidden. */
void pen_end(struct pen *pen, bool cursor_shown);

/* By the fewest bytes known. */
void pen_move(struct pen *pen, int row, int col);
/* How many they would be, with those that turn the look. */
size_t pen_cost(const struct pen *pen, int row, int col, int look);
/* A grapheme of so many cells, all of them inside the row. */
void pen_put(struct pen *pen, int look, const char *text, int cells);
/* Wipes the rest of the row. */
bool pen_can_wipe(const struct pen *pen);
void pen_wipe(struct pen *pen);

/* What was written since it was last taken, the pen's own. */
const char *pen_take(struct pen *pen, size_t *length);

#endif
