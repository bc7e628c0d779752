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
    int64_t shown_before_ms; /* the frame on the line when it was opened */
    bool seen;               /* a frame with it on was taken by the line */
};

#endif
