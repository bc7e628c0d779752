#include "config.h"

#include "ui/paint.h"

#include "base/xtalloc.h"

#include <stdint.h>
#include <string.h>

/* Cells between two changes of a row that are sooner said again than passed over. */
#define GAP_MOST 3
/* More blanks than that are sooner wiped than written. */
#define BLANKS_MOST 3
/* Of more changes the order is that of their rows: to look for the cheapest next one takes the
 * square of their number. */
#define ORDERED_MOST 64

/* Cells [col, end) of a row. */
struct change {
    int row, col, end;
    int look; /* with which it begins */
    bool wipe;
};

struct painting {
    struct pen *pen;
    const struct looks *looks;
    const struct canvas *to, *from;
    int cols;
    struct change *changes;
    size_t count, room;
};

/* ---- what differs ---------------------------------------------------------------------------- */

static int look_at(const struct painting *painting, const struct canvas *canvas, int row, int col) {
    struct cell cell = canvas_cell(canvas, row, col);

    return looks_of(painting->looks, cell.role, cell.highlight);
}

/* The cells of the grapheme that begins here. */
static int grapheme_cells(const struct painting *painting, int row, int col) {
    int cells = 1;

    while (col + cells < painting->cols &&
           *canvas_cell(painting->to, row, col + cells).text == '\0') {
        cells++;
    }
    return cells;
}

static bool is_blank(const struct painting *painting, const struct canvas *canvas, int row,
                     int col) {
    return strcmp(canvas_cell(canvas, row, col).text, " ") == 0 &&
           !looks_shows_blank(painting->looks, look_at(painting, canvas, row, col));
}

static bool cell_differs(const struct painting *painting, int row, int col) {
    const struct canvas *to = painting->to, *from = painting->from;

    if (strcmp(canvas_cell(to, row, col).text, canvas_cell(from, row, col).text) != 0) {
        return true;
    }
    return look_at(painting, to, row, col) != look_at(painting, from, row, col) &&
           !(is_blank(painting, to, row, col) && is_blank(painting, from, row, col));
}

static bool grapheme_differs(const struct painting *painting, int row, int col, int cells) {
    for (int i = 0; i < cells; i++) {
        if (cell_differs(painting, row, col + i)) {
            return true;
        }
    }
    return false;
}

/* Whether what stands between a change and `col` is short, in the look of `col`, and a byte a cell.
 */
static bool reaches(const struct painting *painting, const struct change *change, int row,
                    int col) {
    int look = look_at(painting, painting->to, row, col);

    if (change->row != row || change->wipe || col - change->end > GAP_MOST) {
        return false;
    }
    for (int i = change->end; i < col; i++) {
        if (look_at(painting, painting->to, row, i) != look ||
            strlen(canvas_cell(painting->to, row, i).text) != 1) {
            return false;
        }
    }
    return true;
}

static void add_change(struct painting *painting, struct change change) {
    struct change *before = painting->count > 0 ? &painting->changes[painting->count - 1] : NULL;

    if (before != NULL && !change.wipe && reaches(painting, before, change.row, change.col)) {
        before->end = change.end;
        return;
    }
    if (painting->count == painting->room) {
        painting->room *= 2;
        painting->changes =
            xtalloc_realloc(painting->pen, painting->changes, struct change, painting->room);
    }
    painting->changes[painting->count++] = change;
}

/* Where the blanks at the end of the row begin. */
static int blanks_from(const struct painting *painting, int row) {
    int col = painting->cols;

    while (col > 0 && is_blank(painting, painting->to, row, col - 1)) {
        col--;
    }
    return col;
}

static void compare_row(struct painting *painting, int row) {
    int col, end;

    if (!canvas_row_changes(painting->to, painting->from, row, &col, &end)) {
        return;
    }
    int blanks = blanks_from(painting, row);
    blanks = blanks > col ? blanks : col;
    bool wipe = end - blanks > BLANKS_MOST && pen_can_wipe(painting->pen);
    end = wipe ? blanks : end;
    for (int cells; col < end; col += cells) {
        cells = grapheme_cells(painting, row, col);
        if (grapheme_differs(painting, row, col, cells)) {
            int look = look_at(painting, painting->to, row, col);
            add_change(painting, (struct change){row, col, col + cells, look, false});
        }
    }
    if (wipe) {
        add_change(painting, (struct change){row, blanks, painting->cols, LOOK_PLAIN, true});
    }
}

/* ---- saying it ------------------------------------------------------------------------------- */

static void say(struct painting *painting, const struct change *change) {
    pen_move(painting->pen, change->row, change->col);
    if (change->wipe) {
        pen_wipe(painting->pen);
        return;
    }
    for (int col = change->col, cells; col < change->end; col += cells) {
        cells = grapheme_cells(painting, change->row, col);
        pen_put(painting->pen, look_at(painting, painting->to, change->row, col),
                canvas_cell(painting->to, change->row, col).text, cells);
    }
}

static size_t cheapest(const struct painting *painting) {
    size_t best = 0, best_cost = SIZE_MAX;

    for (size_t i = 0; i < painting->count && i < ORDERED_MOST; i++) {
        const struct change *change = &painting->changes[i];
        size_t cost = pen_cost(painting->pen, change->row, change->col, change->look);
        if (cost < best_cost) {
            best = i;
            best_cost = cost;
        }
    }
    return best;
}

static void say_cheapest_first(struct painting *painting) {
    while (painting->count > 0) {
        size_t next = cheapest(painting);
        struct change *change = &painting->changes[next];
        say(painting, change);
        painting->count--;
        memmove(change, change + 1, (painting->count - next) * sizeof(*change));
    }
}

static void say_all(struct painting *painting) {
    if (painting->count <= ORDERED_MOST) {
        say_cheapest_first(painting);
        return;
    }
    for (size_t i = 0; i < painting->count; i++) {
        say(painting, &painting->changes[i]);
    }
}

void paint(struct pen *pen, const struct looks *looks, const struct canvas *to,
           const struct canvas *from) {
    struct area area = canvas_area(to);
    struct painting painting = {
        .pen = pen,
        .looks = looks,
        .to = to,
        .from = from,
        .cols = area.cols,
        .changes = xtalloc_array(pen, struct change, ORDERED_MOST),
        .room = ORDERED_MOST,
    };
    int row, col;

    pen_begin(pen);
    for (int i = 0; i < area.rows; i++) {
        compare_row(&painting, i);
    }
    say_all(&painting);
    bool shown = canvas_cursor_at(to, &row, &col);
    if (shown) {
        pen_move(pen, row, col);
    }
    pen_end(pen, shown);
    talloc_free(painting.changes);
}
