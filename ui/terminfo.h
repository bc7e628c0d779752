/* What kind of terminal it is, by its entry in terminfo: the only file that knows that library.
 * Owns the entry that was read last, as there is one terminal. Never sends anything: what it
 * returns are bytes to send, without the delays of printing terminals ("$<5>"). */
#ifndef BACKOUT_UI_TERMINFO_H
#define BACKOUT_UI_TERMINFO_H

#include <stdbool.h>

/* False where TERM's name is unknown here, or what it names can't place its cursor. */
bool terminfo_read(const char *term_name);
void terminfo_forget(void);

/* A capability by its name in terminfo(5), owned by `parent`; "" where the terminal lacks it. */
char *terminfo_bytes(const void *parent, const char *name);
/* -1 where the terminal doesn't say. */
int terminfo_number(const char *name);
bool terminfo_flag(const char *name);

/* Puts the cursor at row and col, both from 0; owned by `parent`. */
char *terminfo_place(const void *parent, int row, int col);
/* Letters in a colour, by its number there; "" where it has none. Owned by `parent`. */
char *terminfo_color(const void *parent, int color);

/* "ncurses 6.4.20221231" */
const char *terminfo_library(void);

#endif
