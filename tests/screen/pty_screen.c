#include "config.h"

#include "tests/screen/pty_inside.h"

#include "base/utf8.h"
#include "base/xtalloc.h"

#include <string.h>

/* ---- the terminal ---------------------------------------------------------------------------- */

static int set_property(VTermProp property, VTermValue *value, void *user) {
    struct pty *pty = user;

    if (property == VTERM_PROP_ALTSCREEN) {
        pty->alternate = value->boolean;
    }
    if (property == VTERM_PROP_CURSORVISIBLE) {
        pty->cursor_shown = value->boolean;
    }
    return 1;
}

static int move_cursor(VTermPos to, VTermPos from, int visible, void *user) {
    struct pty *pty = user;

    (void)from;
    (void)visible;
    pty->cursor = to;
    return 1;
}

void pty_screen_open(struct pty *pty) {
    static const VTermScreenCallbacks callbacks = {
        .settermprop = set_property,
        .movecursor = move_cursor,
    };

    pty->vterm = vterm_new(pty->rows, pty->cols);
    vterm_set_utf8(pty->vterm, 1);
    pty->screen = vterm_obtain_screen(pty->vterm);
    vterm_screen_set_callbacks(pty->screen, &callbacks, pty);
    vterm_screen_enable_altscreen(pty->screen, 1);
    vterm_screen_reset(pty->screen, 1);
}

/* libvterm's answers wait in a buffer of its own, which must never be full. */
static void answer(struct pty *pty) {
    char bytes[256];

    for (size_t length; (length = vterm_output_read(pty->vterm, bytes, sizeof(bytes))) > 0;) {
        if (!pty->mute) {
            pty_send(pty, bytes, length);
        }
    }
}

static void keep(struct pty *pty, const char *bytes, size_t length) {
    pty->sent = xtalloc_realloc(pty, pty->sent, char, pty->sent_length + length + 1);
    memcpy(pty->sent + pty->sent_length, bytes, length);
    pty->sent_length += length;
    pty->sent[pty->sent_length] = '\0';
}

void pty_screen_draw(struct pty *pty, const char *bytes, size_t length) {
    keep(pty, bytes, length);
    vterm_input_write(pty->vterm, bytes, length);
    answer(pty);
}

/* ---- what is seen ---------------------------------------------------------------------------- */

static VTermScreenCell cell_at(struct pty *pty, int row, int col) {
    VTermScreenCell cell;

    vterm_screen_get_cell(pty->screen, (VTermPos){.row = row, .col = col}, &cell);
    return cell;
}

/* -1 stands behind a wide character, 0 where nothing was drawn. */
static char *append_cell(char *text, const VTermScreenCell *cell) {
    char letter[UTF8_MAX];

    if (cell->chars[0] == (uint32_t)-1) {
        return text;
    }
    if (cell->chars[0] == 0) {
        return xtalloc_check(talloc_strdup_append_buffer(text, " "));
    }
    for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i] != 0; i++) {
        size_t size = utf8_write(cell->chars[i], letter);
        text = xtalloc_check(talloc_strndup_append_buffer(text, letter, size));
    }
    return text;
}

const char *pty_text(struct pty *pty) {
    talloc_free(pty->text);
    pty->text = xtalloc_strdup(pty, "");
    for (int row = 0; row < pty->rows; row++) {
        for (int col = 0; col < pty->cols; col++) {
            VTermScreenCell cell = cell_at(pty, row, col);
            pty->text = append_cell(pty->text, &cell);
        }
        pty->text = xtalloc_check(talloc_strdup_append_buffer(pty->text, "\n"));
    }
    return pty->text;
}

static bool shows(struct pty *pty, const void *about) {
    return strstr(pty_text(pty), about) != NULL;
}

static bool shows_not(struct pty *pty, const void *about) {
    return !shows(pty, about);
}

bool pty_shows(struct pty *pty, const char *text) {
    return shows(pty, text);
}

bool pty_wait_text(struct pty *pty, const char *text, int limit_ms) {
    return pty_wait_until(pty, shows, text, limit_ms);
}

bool pty_wait_no_text(struct pty *pty, const char *text, int limit_ms) {
    return pty_wait_until(pty, shows_not, text, limit_ms);
}

struct pty_cell pty_cell(struct pty *pty, int row, int col) {
    VTermScreenCell cell = cell_at(pty, row, col);

    return (struct pty_cell){
        .bold = cell.attrs.bold,
        .reverse = cell.attrs.reverse,
        .underline = cell.attrs.underline != 0,
        .colored = !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg),
    };
}

bool pty_is_alternate(const struct pty *pty) {
    return pty->alternate;
}

bool pty_is_cursor_shown(const struct pty *pty) {
    return pty->cursor_shown;
}

static bool has_cursor(struct pty *pty, const void *about) {
    const VTermPos *at = about;

    return pty->cursor.row == at->row && pty->cursor.col == at->col;
}

bool pty_wait_cursor(struct pty *pty, int row, int col, int limit_ms) {
    return pty_wait_until(pty, has_cursor, &(VTermPos){.row = row, .col = col}, limit_ms);
}

const char *pty_sent(const struct pty *pty) {
    return pty->sent;
}

size_t pty_sent_length(const struct pty *pty) {
    return pty->sent_length;
}

static bool was_sent(struct pty *pty, const void *about) {
    return memmem(pty->sent, pty->sent_length, about, strlen(about)) != NULL;
}

bool pty_wait_sent(struct pty *pty, const char *bytes, int limit_ms) {
    return pty_wait_until(pty, was_sent, bytes, limit_ms);
}
