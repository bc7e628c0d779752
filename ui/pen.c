#include "config.h"

#include "ui/pen.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "ui/terminfo.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Most frames have no more bytes; one of more makes room for itself. */
#define FRAME_BYTES 4096

/* Two numbers of any size, and what stands around them. */
#define PLACE_BYTES 32

struct pen {
    struct looks *looks;
    bool seven_bits;
    const char *reset, *clear, *wipe, *hide, *show;
    bool places;    /* CSI row ; col H */
    char *letters;  /* of the other ways that it knows */
    bool fills_all; /* its last cell can be written without scrolling */
    int rows, cols;

    int row, col;
    bool placed; /* they are where its cursor is */
    int look;
    bool shown; /* the cursor */
    char *bytes;
    size_t length;
};

/* ---- what the terminal knows ----------------------------------------------------------------- */

/* Where an entry of terminfo says what ECMA-48 says too, the bytes can be counted before they are
 * written. A terminal with other words of its own gets only those that place the cursor. */
static const char ecma_place[] = "\033[%i%p1%d;%p2%dH";
static const struct {
    const char *capability, *bytes;
    char letter;
} ways[] = {
    {"cuu", "\033[%p1%dA", 'A'}, {"cud", "\033[%p1%dB", 'B'},   {"cuf", "\033[%p1%dC", 'C'},
    {"cub", "\033[%p1%dD", 'D'}, {"hpa", "\033[%i%p1%dG", 'G'}, {"vpa", "\033[%i%p1%dd", 'd'},
    {"cub1", "\b", '\b'},        {"cud1", "\n", '\n'},          {"cr", "\r", '\r'},
};

static bool says(const char *capability, const char *bytes) {
    char *said = terminfo_bytes(NULL, capability);
    bool same = strcmp(said, bytes) == 0;

    talloc_free(said);
    return same;
}

static void find_ways(struct pen *pen) {
    pen->letters = xtalloc_strdup(pen, "");
    pen->places = says("cup", ecma_place);
    for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
        if (says(ways[i].capability, ways[i].bytes)) {
            pen->letters = xtalloc_strndup_append(pen->letters, &ways[i].letter, 1);
        }
    }
}

struct pen *pen_new(const void *parent, struct looks *looks, bool seven_bits) {
    struct pen *pen = xtalloc_zero(parent, struct pen);

    pen->looks = looks;
    pen->seven_bits = seven_bits;
    pen->bytes = xtalloc_array(pen, char, FRAME_BYTES);
    pen->reset = terminfo_bytes(pen, "sgr0");
    pen->clear = terminfo_bytes(pen, "clear");
    pen->wipe = terminfo_bytes(pen, "el");
    pen->hide = terminfo_bytes(pen, "civis");
    pen->show = terminfo_bytes(pen, "cnorm");
    pen->fills_all = terminfo_flag("xenl") || !terminfo_flag("am");
    find_ways(pen);
    return pen;
}

void pen_resize(struct pen *pen, int rows, int cols) {
    pen->rows = rows;
    pen->cols = cols;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static void write_bytes(struct pen *pen, const char *bytes, size_t length) {
    size_t room = talloc_array_length(pen->bytes);

    if (pen->length + length > room) {
        pen->bytes = xtalloc_realloc(pen, pen->bytes, char, 2 * room + length);
    }
    memcpy(pen->bytes + pen->length, bytes, length);
    pen->length += length;
}

static void write_string(struct pen *pen, const char *bytes) {
    write_bytes(pen, bytes, strlen(bytes));
}

const char *pen_take(struct pen *pen, size_t *length) {
    *length = pen->length;
    pen->length = 0;
    return pen->bytes;
}

/* ---- moves ----------------------------------------------------------------------------------- */

static size_t digits(int number) {
    size_t count = 1;

    while ((number /= 10) > 0) {
        count++;
    }
    return count;
}

/* One of the ways: "CSI number letter", where 1 goes without saying, or a control character said
 * `number` times. */
struct step {
    char letter;
    int number; /* 0: none is needed */
    size_t cost;
};

static bool is_control(char letter) {
    return letter < ' ';
}

static void try(const struct pen *pen, struct step *best, char letter, int number) {
    size_t cost = is_control(letter) ? (size_t)number : 3 + (number > 1 ? digits(number) : 0);

    if (cost < best->cost && strchr(pen->letters, letter) != NULL) {
        *best = (struct step){letter, number, cost};
    }
}

static const struct step no_step = {.cost = 0}, no_way = {.cost = SIZE_MAX / 2};

static struct step step_to_row(const struct pen *pen, int row) {
    struct step best = row == pen->row ? no_step : no_way;

    if (row > pen->row) {
        try(pen, &best, '\n', row - pen->row);
        try(pen, &best, 'B', row - pen->row);
    } else {
        try(pen, &best, 'A', pen->row - row);
    }
    try(pen, &best, 'd', row + 1);
    return best;
}

static struct step step_to_col(const struct pen *pen, int col) {
    struct step best = col == pen->col ? no_step : no_way;

    if (col == 0) {
        try(pen, &best, '\r', 1);
    }
    if (col > pen->col) {
        try(pen, &best, 'C', col - pen->col);
    } else {
        try(pen, &best, '\b', pen->col - col);
        try(pen, &best, 'D', pen->col - col);
    }
    try(pen, &best, 'G', col + 1);
    return best;
}

static size_t place_cost(int row, int col) {
    return 4 + digits(row + 1) + digits(col + 1);
}

/* The cheapest steps from where it is, where they are cheaper than naming the place. */
static bool find_steps(const struct pen *pen, int row, int col, struct step steps[2]) {
    if (!pen->placed) {
        return false;
    }
    steps[0] = step_to_row(pen, row);
    steps[1] = step_to_col(pen, col);
    return steps[0].cost + steps[1].cost < place_cost(row, col);
}

static void write_step(struct pen *pen, struct step step) {
    char bytes[PLACE_BYTES];

    if (is_control(step.letter)) {
        for (int i = 0; i < step.number; i++) {
            write_bytes(pen, &step.letter, 1);
        }
        return;
    }
    if (step.number == 1) {
        snprintf(bytes, sizeof(bytes), "\033[%c", step.letter);
    } else {
        snprintf(bytes, sizeof(bytes), "\033[%d%c", step.number, step.letter);
    }
    write_string(pen, bytes);
}

static void write_place(struct pen *pen, int row, int col) {
    char bytes[PLACE_BYTES];

    if (pen->places) {
        snprintf(bytes, sizeof(bytes), "\033[%d;%dH", row + 1, col + 1);
        write_string(pen, bytes);
        return;
    }
    char *place = terminfo_place(pen, row, col);
    write_string(pen, place);
    talloc_free(place);
}

void pen_move(struct pen *pen, int row, int col) {
    struct step steps[2];

    if (find_steps(pen, row, col, steps)) {
        write_step(pen, steps[0]);
        write_step(pen, steps[1]);
    } else {
        write_place(pen, row, col);
    }
    pen->row = row;
    pen->col = col;
    pen->placed = true;
}

size_t pen_cost(const struct pen *pen, int row, int col, int look) {
    struct step steps[2];
    bool stepped = find_steps(pen, row, col, steps);

    return (stepped ? steps[0].cost + steps[1].cost : place_cost(row, col)) +
           strlen(looks_turn(pen->looks, pen->look, look));
}

/* ---- text ------------------------------------------------------------------------------------ */

static void turn(struct pen *pen, int look) {
    write_string(pen, looks_turn(pen->looks, pen->look, look));
    pen->look = look;
}

static bool is_ascii(const char *text) {
    return text[0] > 0 && text[1] == '\0';
}

/* A blank that isn't seen is drawn in whatever look is on. */
static bool needs_turn(const struct pen *pen, int look, const char *text) {
    return strcmp(text, " ") != 0 || looks_shows_blank(pen->looks, look) ||
           looks_shows_blank(pen->looks, pen->look);
}

void pen_put(struct pen *pen, int look, const char *text, int cells) {
    bool last = pen->col + cells >= pen->cols;

    if (last && pen->row == pen->rows - 1 && !pen->fills_all) {
        text = " ";
        cells--;
    }
    if (cells == 0) {
        return;
    }
    if (needs_turn(pen, look, text)) {
        turn(pen, look);
    }
    if (is_ascii(text) || !pen->seven_bits) {
        write_string(pen, text);
    } else {
        write_string(pen, cells > 1 ? "? " : "?");
    }
    /* In the last column terminals differ in where they are, and they differ in how wide they draw
     * what isn't ASCII: the next move is to a place that is named. */
    pen->placed = pen->placed && !last && is_ascii(text);
    pen->col += cells;
}

bool pen_can_wipe(const struct pen *pen) {
    return *pen->wipe != '\0';
}

/* In the plain look, as some terminals fill with what is on. */
void pen_wipe(struct pen *pen) {
    turn(pen, LOOK_PLAIN);
    write_string(pen, pen->wipe);
}

/* ---- frames ---------------------------------------------------------------------------------- */

void pen_clear(struct pen *pen) {
    write_string(pen, pen->reset);
    write_string(pen, pen->hide);
    write_string(pen, pen->clear);
    pen->look = LOOK_PLAIN;
    pen->shown = false;
    pen->placed = false;
}

void pen_begin(struct pen *pen) {
    pen->placed = false;
}

void pen_end(struct pen *pen, bool cursor_shown) {
    turn(pen, LOOK_PLAIN);
    if (cursor_shown != pen->shown) {
        write_string(pen, cursor_shown ? pen->show : pen->hide);
    }
    pen->shown = cursor_shown;
}
