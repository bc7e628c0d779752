/* What must not be kept, taken out of output before it reaches the disk: the values of declared
 * secrets, and words that have the shape of a token.
 * Owns a copy of the secrets' values, wiped when freed. Never sees more than one line at a time,
 * but for the little that struct redact_state carries over. */
#ifndef BACKOUT_RUN_REDACT_H
#define BACKOUT_RUN_REDACT_H

#include "base/buffer.h"

#include <stdbool.h>

struct redact;

/* What goes on from one piece to the next of the same stream; zero at first. */
struct redact_state {
    bool (*goes_on)(unsigned char byte); /* a secret was cut: its bytes are still to come */
    size_t key_lines;                    /* lines of a private key's block that may still come */
};

/* No secret part is longer than this, so a reader who keeps as much beyond a cut loses none. */
#define REDACT_PART 1024

struct redact *redact_new(const void *parent);

/* Adds a secret. A value of several lines is known by each of its longer lines; one shorter than
 * four bytes is passed over: taking it out would only garble the output. */
void redact_add(struct redact *redact, const char *value);

/* Adds to `out` the line's bytes up to `limit`, or to the end of the secret that lies across it,
 * with [redacted] for what is secret. `whole` says that the line ends with `length`. Returns how
 * many bytes were taken. */
size_t redact_line(const struct redact *redact, struct redact_state *state, const char *line,
                   size_t length, size_t limit, bool whole, struct buffer *out);

#endif
