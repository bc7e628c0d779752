/* What the bytes of a terminal mean: keys, pastes, answers.
 * Owns the bytes of a sequence begun. Never reads, nor asks the clock: the caller brings the bytes
 * and the time they were read. What it doesn't know is swallowed whole, so that no letter of a
 * sequence is ever felt as a key. */
#ifndef BACKOUT_UI_DECODE_H
#define BACKOUT_UI_DECODE_H

#include "ui/typing.h"

/* An escape with nothing behind it for this long is the Esc key. */
#define DECODE_ESCAPE_MS 25
/* A sequence, or a paste, that goes on no more for this long was cut off. */
#define DECODE_SEQUENCE_MS 500
#define DECODE_PASTE_MS    2000

struct decoder;

/* Keys and pastes go to `typing`, which must outlive the decoder. */
struct decoder *decoder_new(const void *parent, struct typing *typing);

/* Takes bytes as they were read at `at_ms` (BOOTTIME). */
void decoder_feed(struct decoder *decoder, const char *bytes, size_t length, int64_t at_ms);

/* How long after the last byte decoder_expire must be called, ms; -1: nothing is open. */
int64_t decoder_wait_ms(const struct decoder *decoder);
void decoder_expire(struct decoder *decoder, int64_t at_ms);

/* The terminal's answer to "where is the cursor?" (ECMA-48 8.3.14, CPR), counted from 1: true once
 * for each. */
bool decoder_report(struct decoder *decoder, int *row, int *col);

#endif
