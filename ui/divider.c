#include "config.h"

#include "ui/divider.h"

#include "base/array.h"

/* A heading ends with a rule at its right, and begins behind one blank at its left. */
static bool is_rule(const struct canvas *canvas, int row, int col) {
    return canvas_cell(canvas, row, col).role == ROLE_RULE;
}

void divider_draw(struct canvas *canvas, struct area area, int col) {
    static const char *const tops[] = {"│", "┐", "┌", "┬"}, *const glyphs[] = {"│", "┤", "├", "┼"};
    for (int row = 0; row < area.rows; row++) {
        int left = is_rule(canvas, area.row + row, area.col + col - 2);
        int right = is_rule(canvas, area.row + row, area.col + col + 2);
        if (left)
            canvas_put(canvas, area, row, col - 1, ROLE_RULE, "─");
        canvas_put(canvas, area, row, col, ROLE_RULE, (row ? glyphs : tops)[left + 2 * right]);
    }
}
