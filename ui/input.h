/* What a person did at the terminal: a key, a paste, a resize.
 * Owns nothing. Never acts: keys.h says what a key means, console.c does it. */
#ifndef BACKOUT_UI_INPUT_H
#define BACKOUT_UI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum input_kind {
    INPUT_KEY,
    INPUT_PASTE, /* text between the brackets of a bracketed paste, or a burst too fast for fingers
                  */
    INPUT_RESIZE,
    INPUT_HANGUP, /* the terminal is gone */
};

/* Named keys live above Unicode. */
enum key {
    KEY_BASE = 0x110000,
    KEY_NAME_UP,
    KEY_NAME_DOWN,
    KEY_NAME_LEFT,
    KEY_NAME_RIGHT,
    KEY_NAME_HOME,
    KEY_NAME_END,
    KEY_NAME_PAGE_UP,
    KEY_NAME_PAGE_DOWN,
    KEY_NAME_ENTER,
    KEY_NAME_ESCAPE,
    KEY_NAME_TAB,
    KEY_NAME_BACK_TAB,
    KEY_NAME_BACKSPACE,
    KEY_NAME_DELETE,
    KEY_NAME_F1,
};

struct input {
    enum input_kind kind;
    uint32_t key;     /* INPUT_KEY: a code point (controls as 1…31), or an enum key */
    const char *text; /* INPUT_PASTE: clean of escape sequences; valid until the next term_input */
    int64_t
        at_ms; /* BOOTTIME at which it was read: a prompt takes only keys newer than its frame */
};

/* "s", "ctrl-l", "Enter", "PgDn" ⇄ the key's code; 0 for a name that is none. The name is owned by
 * `parent`. */
uint32_t key_parse(const char *name);
char *key_label(const void *parent, uint32_t key);

#endif
