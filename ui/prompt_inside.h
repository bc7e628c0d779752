/* What a prompt is, for the files that make it up: prompt.c takes its keys, prompt_draw.c draws it.
 */
#ifndef BACKOUT_UI_PROMPT_INSIDE_H
#define BACKOUT_UI_PROMPT_INSIDE_H

#include "ui/prompt.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct prompt {
    enum prompt_kind kind;
    const char *label;
    prompt_fn *fn;
    void *data;
    struct text_field *field;
    struct choice *choices;
    size_t choices_count;
    const char *word;
    bool optional;
    bool drawn; /* from then on the terminal knows when it was seen */
};

#endif
