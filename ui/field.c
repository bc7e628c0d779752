#include "config.h"

#include "ui/field.h"

#include "base/array.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/xtalloc.h"
#include "ui/input.h"

#include <string.h>

struct text_field {
    char *text;
    size_t place; /* bytes before it; never inside a character or between a base and its marks */
};

struct text_field *field_new(const void *parent) {
    struct text_field *field = xtalloc_zero(parent, struct text_field);

    field->text = xtalloc_strdup(field, "");
    return field;
}

const char *field_text(const struct text_field *field) {
    return field->text;
}

size_t field_place(const struct text_field *field) {
    return field->place;
}

/* ---- changing the text ----------------------------------------------------------------------- */

/* Replaces the bytes in [start, end) by `clean`, behind which the place then is. */
static void replace(struct text_field *field, size_t start, size_t end, const char *clean) {
    char *old = field->text;

    if (start + strlen(clean) + strlen(old + end) > FIELD_MAX) {
        return;
    }
    field->text = xtalloc_asprintf(field, "%.*s%s%s", (int)start, old, clean, old + end);
    field->place = start + strlen(clean);
    talloc_free(old);
}

/* A mark belongs to the letter before it, so the two are cleaned together. */
static void insert(struct text_field *field, const char *bytes) {
    char *head = xtalloc_asprintf(field, "%.*s%s", (int)field->place, field->text, bytes);
    char *clean = text_clean_z(head, head);

    replace(field, 0, field->place, clean);
    talloc_free(head);
}

void field_paste(struct text_field *field, const char *text) {
    char *line = xtalloc_strdup(field, "");
    size_t length;

    for (; *text != '\0'; text += length) {
        text += strspn(text, "\r\n\t");
        length = strcspn(text, "\r\n\t");
        const char *space = *line == '\0' || length == 0 ? "" : " ";
        line =
            xtalloc_check(talloc_asprintf_append_buffer(line, "%s%.*s", space, (int)length, text));
    }
    insert(field, line);
    talloc_free(line);
}

void field_set(struct text_field *field, const char *text) {
    replace(field, 0, strlen(field->text), "");
    field_paste(field, text);
}

/* ---- places ---------------------------------------------------------------------------------- */

static size_t place_after(const struct text_field *field, size_t place) {
    int cells;

    return place + text_cluster(field->text + place, &cells);
}

static size_t place_before(const struct text_field *field, size_t place) {
    size_t before = 0;

    for (size_t next = 0; (next = place_after(field, before)) < place;) {
        before = next;
    }
    return before;
}

static size_t word_before(const struct text_field *field, size_t place) {
    while (place > 0 && field->text[place - 1] == ' ') {
        place--;
    }
    while (place > 0 && field->text[place - 1] != ' ') {
        place--;
    }
    return place;
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void go_left(struct text_field *field) {
    field->place = place_before(field, field->place);
}

static void go_right(struct text_field *field) {
    field->place = place_after(field, field->place);
}

static void go_home(struct text_field *field) {
    field->place = 0;
}

static void go_end(struct text_field *field) {
    field->place = strlen(field->text);
}

static void delete_before(struct text_field *field) {
    replace(field, place_before(field, field->place), field->place, "");
}

static void delete_after(struct text_field *field) {
    replace(field, field->place, place_after(field, field->place), "");
}

static void delete_word(struct text_field *field) {
    replace(field, word_before(field, field->place), field->place, "");
}

static void delete_all(struct text_field *field) {
    replace(field, 0, strlen(field->text), "");
}

#define CONTROL(letter) ((letter) - 'a' + 1)

static const struct {
    uint32_t key;
    void (*act)(struct text_field *field);
} acts[] = {
    {KEY_NAME_LEFT, go_left},
    {KEY_NAME_RIGHT, go_right},
    {KEY_NAME_HOME, go_home},
    {KEY_NAME_END, go_end},
    {KEY_NAME_BACKSPACE, delete_before},
    {KEY_NAME_DELETE, delete_after},
    {CONTROL('w'), delete_word},
    {CONTROL('u'), delete_all},
};

bool field_key(struct text_field *field, uint32_t key) {
    char letter[UTF8_MAX + 1] = "";

    for (size_t i = 0; i < ARRAY_SIZE(acts); i++) {
        if (acts[i].key == key) {
            acts[i].act(field);
            return true;
        }
    }
    if (key < ' ' || key == 0x7F || key >= KEY_BASE) {
        return false;
    }
    utf8_write(key, letter);
    insert(field, letter);
    return true;
}

/* ---- drawing --------------------------------------------------------------------------------- */

static int width_of(const struct text_field *field, size_t start, size_t end) {
    int width = 0;

    for (int cells; start < end; width += cells) {
        start += text_cluster(field->text + start, &cells);
    }
    return width;
}

/* Where to begin so that the place, with a cell for the cursor, is within `cells`; one more cell
 * goes to the dots. */
static size_t first_shown(const struct text_field *field, int cells) {
    size_t start = 0;
    int width = width_of(field, 0, field->place);

    if (width < cells) {
        return 0;
    }
    while (width > cells - 2 && start < field->place) {
        size_t next = place_after(field, start);
        width -= width_of(field, start, next);
        start = next;
    }
    return start;
}

void field_draw(const struct text_field *field, struct canvas *canvas, struct area area, int row,
                int col, int cells, enum role role) {
    size_t start = first_shown(field, cells);
    int dots = start > 0 ? 1 : 0;
    struct area window = area_left(area_right_of(area, col), cells);

    canvas_put_cell(canvas, window, row, 0, cells, role, "");
    canvas_put(canvas, window, row, 0, role, dots > 0 ? "…" : "");
    canvas_put(canvas, window, row, dots, role, field->text + start);
    canvas_cursor(canvas, window, row, dots + width_of(field, start, field->place));
}
