/* The bytes of one stream, made lines that may be kept: escape sequences dropped, secrets taken
 * out, control bytes made visible, long lines cut. In that order, so that nothing hides a secret.
 * Owns at most LINE_ROOM bytes that are not a line yet. Never keeps a line. */
#ifndef BACKOUT_RUN_LINES_H
#define BACKOUT_RUN_LINES_H

#include "run/redact.h"

/* A longer line is cut into pieces of about that many bytes. */
#define LINE_PIECE ((size_t)4 << 10)
#define LINE_ROOM  (2 * LINE_PIECE)

struct line {
    const char *text; /* UTF-8 without newline; its only control byte is the tab */
    size_t length;
    size_t source; /* bytes the command wrote for it */
    bool goes_on;  /* it is the next piece of the line before */
};

typedef void line_fn(void *data, const struct line *line);

struct lines;

/* `redact` must outlive it. `fn` gets each line as soon as it is whole. */
struct lines *lines_new(const void *parent, const struct redact *redact, line_fn *fn, void *data);
void lines_add(struct lines *lines, const char *bytes, size_t length);

/* Gives out what came without a newline at its end. */
void lines_end(struct lines *lines);

#endif
