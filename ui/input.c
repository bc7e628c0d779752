#include "config.h"

#include "ui/input.h"

#include "base/array.h"
#include "base/utf8.h"
#include "base/xtalloc.h"

#include <string.h>
#include <strings.h>

/* The first name of a key is the one shown. */
static const struct {
    const char *name;
    uint32_t key;
} names[] = {
    {"↑", KEY_NAME_UP},
    {"Up", KEY_NAME_UP},
    {"↓", KEY_NAME_DOWN},
    {"Down", KEY_NAME_DOWN},
    {"←", KEY_NAME_LEFT},
    {"Left", KEY_NAME_LEFT},
    {"→", KEY_NAME_RIGHT},
    {"Right", KEY_NAME_RIGHT},
    {"Home", KEY_NAME_HOME},
    {"End", KEY_NAME_END},
    {"PgUp", KEY_NAME_PAGE_UP},
    {"PageUp", KEY_NAME_PAGE_UP},
    {"PgDn", KEY_NAME_PAGE_DOWN},
    {"PageDown", KEY_NAME_PAGE_DOWN},
    {"Enter", KEY_NAME_ENTER},
    {"Return", KEY_NAME_ENTER},
    {"Esc", KEY_NAME_ESCAPE},
    {"Escape", KEY_NAME_ESCAPE},
    {"Tab", KEY_NAME_TAB},
    {"S-Tab", KEY_NAME_BACK_TAB},
    {"BackTab", KEY_NAME_BACK_TAB},
    {"Backspace", KEY_NAME_BACKSPACE},
    {"Del", KEY_NAME_DELETE},
    {"Delete", KEY_NAME_DELETE},
    {"F1", KEY_NAME_F1},
    {"Space", ' '},
    /* Terminals send the same byte for these as for keys with names. */
    {"ctrl-i", KEY_NAME_TAB},
    {"ctrl-m", KEY_NAME_ENTER},
    {"ctrl-h", KEY_NAME_BACKSPACE},
};

static const char control_prefix[] = "ctrl-";

static uint32_t parse_named(const char *name) {
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        if (strcasecmp(names[i].name, name) == 0) {
            return names[i].key;
        }
    }
    return 0;
}

/* "ctrl-a" … "ctrl-z" are 1 … 26. */
static uint32_t parse_control(const char *name) {
    if (strncasecmp(name, control_prefix, strlen(control_prefix)) != 0) {
        return 0;
    }
    const char *letter = name + strlen(control_prefix);
    char low = (char)(*letter | 0x20);
    return low >= 'a' && low <= 'z' && letter[1] == '\0' ? (uint32_t)(low - 'a' + 1) : 0;
}

static uint32_t parse_letter(const char *name) {
    uint32_t point;
    size_t length = strlen(name);

    if (length == 0 || utf8_read(name, length, &point) != length) {
        return 0;
    }
    return point > ' ' && point < 0x7F ? point : point > 0x9F && point != UTF8_BAD ? point : 0;
}

uint32_t key_parse(const char *name) {
    uint32_t key = parse_named(name);

    key = key != 0 ? key : parse_control(name);
    return key != 0 ? key : parse_letter(name);
}

char *key_label(const void *parent, uint32_t key) {
    char letter[UTF8_MAX];

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        if (names[i].key == key) {
            return xtalloc_strdup(parent, names[i].name);
        }
    }
    if (key > 0 && key <= 26) {
        return xtalloc_asprintf(parent, "%s%c", control_prefix, (char)('a' + key - 1));
    }
    size_t size = key >= ' ' && key < KEY_BASE ? utf8_write(key, letter) : 0;
    return xtalloc_strndup(parent, letter, size);
}
