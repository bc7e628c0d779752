/* Inputs in the order they came, and which of them no finger typed.
 * Owns the inputs not yet taken and the text of pastes. Never reads bytes: decode.c brings keys.
 * A run of different keys in one read, or in reads too close together, is a burst: it becomes one
 * INPUT_PASTE, so that a paste without brackets presses nothing, whatever stands in it. */
#ifndef BACKOUT_UI_TYPING_H
#define BACKOUT_UI_TYPING_H

#include "base/limits.h"
#include "ui/input.h"

/* So many keys in one read, or in reads at most so few ms apart, are a burst; and what follows a
 * burst this soon still belongs to it. One key held down is no burst. */
#define TYPING_BURST_KEYS    8
#define TYPING_BURST_GAP_MS  2
#define TYPING_BURST_TAIL_MS 100

struct typing;

struct typing *typing_new(const void *parent);

/* A read that began at `at_ms`, and its end: what is known then can be taken. */
void typing_begin(struct typing *typing, int64_t at_ms);
void typing_end(struct typing *typing);

void typing_key(struct typing *typing, uint32_t key);
/* Bytes came that are no key: a broken letter, an unknown sequence. They press nothing and count in
 * a run, for no finger makes them. */
void typing_noise(struct typing *typing);
void typing_add(struct typing *typing, enum input_kind kind);

/* Between these two, keys are the letters of one bracketed paste. */
void typing_paste_begin(struct typing *typing);
void typing_paste_end(struct typing *typing);
bool typing_is_pasting(const struct typing *typing);

bool typing_is_empty(const struct typing *typing);
/* The text of a paste is valid until the next call. */
bool typing_next(struct typing *typing, struct input *input);

#endif
