#include "config.h"

#include "base/arena.h"

#include "base/xtalloc.h"

#include <stdint.h>
#include <string.h>

/* Small enough that the end of the last block, which stays empty, doesn't count. */
#define BLOCK_BYTES 2000
/* What is longer gets a block of its own, and leaves the rest of this one to the next. */
#define PIECE_BYTES (BLOCK_BYTES / 4)

struct arena {
    char *at; /* the first free byte of the block */
    size_t left;
};

struct arena *arena_new(const void *parent) {
    return xtalloc_zero(parent, struct arena);
}

static char *take(struct arena *arena, size_t size) {
    if (size > PIECE_BYTES && size > arena->left) {
        return xtalloc_size(arena, size);
    }
    if (arena->at == NULL || size > arena->left) {
        arena->at = xtalloc_size(arena, BLOCK_BYTES);
        arena->left = BLOCK_BYTES;
    }
    char *piece = arena->at;
    arena->at += size;
    arena->left -= size;
    return piece;
}

/* Passes the bytes behind a text, up to where any record may begin. */
static void align(struct arena *arena) {
    size_t over = (uintptr_t)arena->at % _Alignof(max_align_t);
    size_t skip = over == 0 ? 0 : _Alignof(max_align_t) - over;

    skip = skip < arena->left ? skip : arena->left;
    arena->at += skip;
    arena->left -= skip;
}

void *arena_zero(struct arena *arena, size_t size) {
    align(arena);
    return memset(take(arena, size), 0, size);
}

const char *arena_text_of(struct arena *arena, const char *bytes, size_t length) {
    char *text = take(arena, length + 1);

    memcpy(text, bytes, length);
    text[length] = '\0';
    return text;
}

const char *arena_text(struct arena *arena, const char *text) {
    return arena_text_of(arena, text, strlen(text));
}
