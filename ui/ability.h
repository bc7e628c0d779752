/* What a terminal can draw, judged by its name, by the locale, and by where its cursor ends.
 * Owns the tables of families and of glyphs asked about. Never talks to the terminal: term.c does.
 */
#ifndef BACKOUT_UI_ABILITY_H
#define BACKOUT_UI_ABILITY_H

#include <stdbool.h>

/* A console whose font lacks our glyphs (each is drawn as the same blob, one cell wide, so that
 * asking tells nothing) or that is older than Unicode; none of them has a clipboard. */
bool ability_is_console(const char *term_name);

/* Whether the person's terminal speaks UTF-8: the first of LC_ALL, LC_CTYPE and LANG that is set
 * says so by its name. What is installed on this host doesn't matter. */
bool ability_is_utf8(void);

/* The question to a terminal how far our glyphs move its cursor: drawn in the top line, asked (DSR
 * 6), wiped away. And whether the answered column (from 1) is where one cell each ends. */
extern const char ability_question[];
bool ability_is_one_cell_each(int col);

#endif
