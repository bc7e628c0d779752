/* The shapes by which tokens are known although nobody declared them, one row each. */
#ifndef BACKOUT_RUN_REDACT_SHAPES_H
#define BACKOUT_RUN_REDACT_SHAPES_H

#include <stdbool.h>
#include <stddef.h>

/* What is secret in a match: `keep` bytes of it stay, the rest up to `length` goes. */
struct secret_span {
    size_t keep, length;                 /* length 0: no match */
    bool (*goes_on)(unsigned char byte); /* what it is made of, should the piece end within it */
};

/* The longest match that starts exactly at `text`; `before` is the byte before it, 0 at the start
 * of a line. */
struct secret_span shape_match(const char *text, size_t length, char before);

/* Whether a shape can start with that byte: most bytes can't, and cost nothing. */
bool shape_may_start(unsigned char byte);

/* Lines of a PEM block. */
bool shape_key_begins(const char *line, size_t length);
bool shape_key_ends(const char *line, size_t length);
/* Whether a line could stand inside one: base64, or a header of the old format. */
bool shape_key_inside(const char *line, size_t length);

#endif
