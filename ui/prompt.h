/* A question on the bottom line: it names its object, takes an answer, and then does what it was
 * asked for.
 * Owns its field and its choices. Takes only keys that came after its frame was shown, so nothing
 * typed ahead answers it. Never opens by itself. */
#ifndef BACKOUT_UI_PROMPT_H
#define BACKOUT_UI_PROMPT_H

#include "ui/canvas.h"
#include "ui/field.h"
#include "ui/input.h"

struct ui;
struct frame;

enum prompt_kind {
    PROMPT_TEXT,    /* a line of text; Enter submits */
    PROMPT_WORD,    /* the very word asked for must be typed */
    PROMPT_YES,     /* y or n; Enter is no */
    PROMPT_MENU,    /* one key chooses */
    PROMPT_PALETTE, /* any command, with completion */
};

struct choice {
    uint32_t key; /* '1'…'9' or a letter */
    const char *words;
    const char *value; /* what is chosen */
};

struct prompt;

/* Called with the answer: the text, the word "y", or the choice's value. The prompt is closed by
 * then. */
typedef void prompt_fn(struct ui *ui, void *data, const char *answer);

/* `label` names object and question: "done 3 undo-code, evidence". `data` is moved under the prompt
 * (talloc), freed with it unless the answer function takes it over. */
struct prompt *prompt_open(struct ui *ui, enum prompt_kind kind, const char *label, prompt_fn *fn,
                           void *data);
void prompt_choice(struct prompt *prompt, uint32_t key, const char *words, const char *value);
void prompt_optional(struct prompt *prompt); /* an empty text is an answer */
void prompt_word(struct prompt *prompt, const char *word);
void prompt_preset(struct prompt *prompt, const char *text);

/* Input while it is open. */
void prompt_key(struct ui *ui, const struct input *input);
void prompt_paste(struct ui *ui, const char *text);
void prompt_cancel(struct ui *ui);

/* Draws it on the last row of the screen, what it lists above that; something that is told
 * meanwhile keeps the row between. */
void prompt_draw(struct ui *ui, struct frame *frame, struct area screen, bool told);

/* palette.c */
void palette_open(struct ui *ui, const char *text);
void palette_complete(struct ui *ui, struct text_field *field);
void palette_recall(struct ui *ui, struct text_field *field, int by);
void palette_draw(struct ui *ui, struct frame *frame, struct area above, struct area row,
                  const struct text_field *field);

#endif
