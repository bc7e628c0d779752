/* How each role of a canvas looks on this terminal.
 * Owns the one table of looks. Never draws: looks.c turns a look into the terminal's bytes.
 * No look sets a background, so light and dark terminals keep their own; and no meaning hangs on a
 * colour alone, since a word or glyph stands beside each. */
#ifndef BACKOUT_UI_THEME_H
#define BACKOUT_UI_THEME_H

#include "ui/canvas.h"

/* How many colours the terminal has. */
enum theme_depth {
    THEME_MONO,    /* none, or NO_COLOR */
    THEME_ANSI,    /* 8 or 16, whose shades the person chose */
    THEME_INDEXED, /* 256, as xterm numbers them */
    THEME_DIRECT,  /* 24 bits, 0xRRGGBB */
    THEME_DEPTHS,
};

enum look_attribute {
    LOOK_BOLD = 1 << 0,
    LOOK_DIM = 1 << 1,
    LOOK_UNDERLINE = 1 << 2,
    LOOK_REVERSE = 1 << 3,
};

#define LOOK_DEFAULT_COLOR (-1)

struct look {
    unsigned attributes; /* enum look_attribute */
    int color;           /* of the letters, in the numbers of that depth */
};

/* A highlighted cell is plain reverse, whatever it means: the selected row is one bar whose words
 * stay readable. */
struct look theme_look(enum role role, enum theme_depth depth, bool highlight);

/* The depth for a terminal of `colors` colours (terminfo's number, ≤ 0: none); `direct`: its colour
 * numbers are red, green and blue (terminfo's extended RGB flag). */
enum theme_depth theme_depth_of(int colors, bool direct);

#endif
