/* Small pieces that live exactly as long as their owner, side by side in a few blocks of memory: a
 * text of ten bytes takes ten, where an object of talloc would put a hundred before it.
 * Owns its blocks. Never gives back a single piece: all go when the arena is freed. */
#ifndef BACKOUT_BASE_ARENA_H
#define BACKOUT_BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(const void *parent);

/* Room for a record or an array of them, zeroed. */
void *arena_zero(struct arena *arena, size_t size);

/* Copies, ended by a NUL; the text holds none itself. */
const char *arena_text(struct arena *arena, const char *text);
const char *arena_text_of(struct arena *arena, const char *bytes, size_t length);

#endif
