/* Expected screens: files of two planes, the letters and what each cell means (the letters of
 * canvas.c's table, upper-cased where highlighted). UPDATE=1 rewrites them; review that as a diff.
 */
#ifndef BACKOUT_TESTS_SCREEN_GOLDEN_H
#define BACKOUT_TESTS_SCREEN_GOLDEN_H

#include "ui/canvas.h"

/* Fails unless the canvas is what tests/screen/views/NAME.screen says. */
void golden_check(const struct canvas *canvas, const char *name);

#endif
