#include "config.h"

#include "ui/typing.h"

#include "base/utf8.h"
#include "base/xtalloc.h"

#include <string.h>

struct typing {
    struct input *inputs; /* those from `first` on are not yet taken */
    size_t first, count;
    int64_t read_ms;

    /* The keys since the last pause, at inputs[run…] unless they are a burst already. */
    size_t run, run_keys;
    uint32_t run_key; /* the first of them */
    bool run_mixed;   /* not all of them are the first */
    bool bursting;

    bool pasting;
    char *paste; /* what a burst or a bracketed paste brought so far */
    size_t paste_length;
    const char *taken;
};

struct typing *typing_new(const void *parent) {
    struct typing *typing = xtalloc_zero(parent, struct typing);

    typing->inputs = xtalloc_array(typing, struct input, 0);
    typing->paste = xtalloc_array(typing, char, 0);
    return typing;
}

/* ---- the queue ------------------------------------------------------------------------------- */

static void push(struct typing *typing, struct input input) {
    if (typing->count - typing->first >= TYPING_QUEUE_MAX) {
        talloc_free((void *)(uintptr_t)input.text);
        return;
    }
    if (typing->count == talloc_array_length(typing->inputs)) {
        typing->inputs = xtalloc_realloc(typing, typing->inputs, struct input,
                                         2 * typing->count + TYPING_BURST_KEYS);
    }
    input.at_ms = typing->read_ms;
    typing->inputs[typing->count++] = input;
}

bool typing_is_empty(const struct typing *typing) {
    return typing->first == typing->count;
}

bool typing_next(struct typing *typing, struct input *input) {
    talloc_free((void *)(uintptr_t)typing->taken);
    typing->taken = NULL;
    if (typing_is_empty(typing)) {
        typing->first = typing->count = typing->run = 0;
        return false;
    }
    *input = typing->inputs[typing->first++];
    typing->taken = input->text;
    return true;
}

void typing_add(struct typing *typing, enum input_kind kind) {
    push(typing, (struct input){.kind = kind});
}

/* ---- text of a paste ------------------------------------------------------------------------- */

/* What a key means as a letter of a text; UTF8_BAD: nothing. */
static uint32_t letter_of(uint32_t key) {
    if (key == KEY_NAME_ENTER) {
        return '\n';
    }
    if (key == KEY_NAME_TAB) {
        return '\t';
    }
    bool is_text = key >= ' ' && key < KEY_BASE && key != 0x7F;
    return is_text || key == '\n' ? key : UTF8_BAD;
}

static void paste_key(struct typing *typing, uint32_t key) {
    uint32_t letter = letter_of(key);

    if (letter == UTF8_BAD || typing->paste_length + UTF8_MAX > TYPING_PASTE_MAX) {
        return;
    }
    if (typing->paste_length + UTF8_MAX > talloc_array_length(typing->paste)) {
        typing->paste =
            xtalloc_realloc(typing, typing->paste, char, 2 * typing->paste_length + 16 * UTF8_MAX);
    }
    typing->paste_length += utf8_write(letter, typing->paste + typing->paste_length);
}

static void push_paste(struct typing *typing) {
    if (typing->paste_length > 0) {
        push(typing, (struct input){
                         .kind = INPUT_PASTE,
                         .text = xtalloc_strndup(typing, typing->paste, typing->paste_length),
                     });
    }
    typing->paste_length = 0;
}

/* ---- bursts ---------------------------------------------------------------------------------- */

static void start_run(struct typing *typing) {
    typing->run = typing->count;
    typing->run_keys = 0;
    typing->run_mixed = false;
    typing->bursting = false;
}

void typing_begin(struct typing *typing, int64_t at_ms) {
    int64_t gap_ms = typing->bursting ? TYPING_BURST_TAIL_MS : TYPING_BURST_GAP_MS;

    if (at_ms - typing->read_ms > gap_ms) {
        start_run(typing);
    }
    typing->read_ms = at_ms;
}

void typing_end(struct typing *typing) {
    if (typing->bursting) {
        push_paste(typing);
        typing->run = typing->count;
    }
}

/* Keys that are taken already can't be called back; the others of the run become text. */
static void become_burst(struct typing *typing) {
    size_t start = typing->run > typing->first ? typing->run : typing->first;

    for (size_t i = start; i < typing->count; i++) {
        paste_key(typing, typing->inputs[i].key);
    }
    typing->count = start;
    typing->bursting = true;
}

static void count_key(struct typing *typing, uint32_t key) {
    if (typing->run_keys++ == 0) {
        typing->run_key = key;
    }
    typing->run_mixed |= key != typing->run_key;
    if (typing->run_mixed && typing->run_keys >= TYPING_BURST_KEYS) {
        become_burst(typing);
    }
}

void typing_key(struct typing *typing, uint32_t key) {
    if (typing->pasting || typing->bursting) {
        paste_key(typing, key);
        return;
    }
    push(typing, (struct input){.kind = INPUT_KEY, .key = key});
    count_key(typing, key);
}

void typing_noise(struct typing *typing) {
    if (!typing->pasting && !typing->bursting) {
        count_key(typing, UTF8_BAD);
    }
}

/* ---- brackets -------------------------------------------------------------------------------- */

void typing_paste_begin(struct typing *typing) {
    push_paste(typing);
    start_run(typing);
    typing->pasting = true;
}

void typing_paste_end(struct typing *typing) {
    if (typing->pasting) {
        typing->pasting = false;
        push_paste(typing);
        start_run(typing);
    }
}

bool typing_is_pasting(const struct typing *typing) {
    return typing->pasting;
}
