/* Bytes that grow, NULs and all. Zero at first but for its talloc parent; emptied, it keeps its
 * room. */
#ifndef BACKOUT_BASE_BUFFER_H
#define BACKOUT_BASE_BUFFER_H

#include <stddef.h>

struct buffer {
    const void *parent;
    char *bytes;
    size_t length, room;
};

void buffer_add(struct buffer *buffer, const char *bytes, size_t length);
void buffer_add_z(struct buffer *buffer, const char *text);

/* Takes the first `length` bytes away. */
void buffer_drop(struct buffer *buffer, size_t length);

#endif
