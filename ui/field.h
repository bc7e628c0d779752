/* One line of text being typed: in a prompt, the palette, a search.
 * Owns the text and the place in it. Never acts: Enter, Esc and Tab are the caller's.
 * The text is always clean (text_clean), so what is typed or pasted can be drawn as it is. */
#ifndef BACKOUT_UI_FIELD_H
#define BACKOUT_UI_FIELD_H

#include "base/limits.h"
#include "ui/canvas.h"

#include <stdint.h>

struct text_field;

struct text_field *field_new(const void *parent);

/* Replaces the text (cleaned to one line); the place is behind it. */
void field_set(struct text_field *field, const char *text);
/* Owned by the field, valid until it changes. */
const char *field_text(const struct text_field *field);
/* Bytes of the text before the place where the next letter goes. */
size_t field_place(const struct text_field *field);

/* True when the field took the key: letters, Backspace, Del, ← → Home End, ctrl-u clears, ctrl-w
 * deletes the word before the place. */
bool field_key(struct text_field *field, uint32_t key);
/* Puts text in at the place; line breaks and tabs become single spaces. */
void field_paste(struct text_field *field, const char *text);

/* Draws the text into `cells` cells, scrolled so that the place is seen, with the cursor on it. "…"
 * stands where text is left off before the first cell. */
void field_draw(const struct text_field *field, struct canvas *canvas, struct area area, int row,
                int col, int cells, enum role role);

#endif
