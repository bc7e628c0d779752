#include "config.h"

#include "base/buffer.h"

#include "base/xtalloc.h"

#include <string.h>

#define FIRST_ROOM 256

void buffer_add(struct buffer *buffer, const char *bytes, size_t length) {
    if (length > buffer->room - buffer->length) {
        size_t room = buffer->room == 0 ? FIRST_ROOM : buffer->room;
        while (room - buffer->length < length)
            room *= 2;
        buffer->bytes = xtalloc_realloc(buffer->parent, buffer->bytes, char, room);
        buffer->room = room;
    }
    if (length > 0)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

void buffer_add_z(struct buffer *buffer, const char *text) {
    buffer_add(buffer, text, strlen(text));
}

void buffer_drop(struct buffer *buffer, size_t length) {
    buffer->length -= length;
    if (buffer->length > 0)
        memmove(buffer->bytes, buffer->bytes + length, buffer->length);
}
