/* One line of a view: words from the left, words from the right, each with its role.
 * Owns nothing past its scratch parent. The right side never gives way; the left is cut with "…".
 */
#ifndef BACKOUT_UI_LINE_H
#define BACKOUT_UI_LINE_H

#include "ui/canvas.h"

struct line;

struct line *line_new(const void *scratch);
/* Appends words to a side; an empty text appends nothing. What is given for "%s" has to last until
 * the line is drawn. */
void line_left(struct line *line, enum role role, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void line_right(struct line *line, enum role role, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Fills the left side up to `col` cells with spaces, so that columns stand under each other. */
void line_tab(struct line *line, int col);
/* Cells still free between the sides when drawn `cols` wide; negative: the left would be cut. */
int line_room(const struct line *line, int cols);
/* How far the left side is, and back to there: to take back words that don't fit whole. */
size_t line_place(const struct line *line);
void line_back(struct line *line, size_t place);
/* Draws it over the whole width of the area's row, one blank cell kept at both edges. */
void line_draw(const struct line *line, struct canvas *canvas, struct area area, int row);

#endif
