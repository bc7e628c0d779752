#include "config.h"

#include "base/json_reader.h"

#include "base/xtalloc.h"

#include <string.h>

/* Eight bytes a step; the last step reads into the buffer's slack and masks what is not the key's.
 * Only spreads: whether two keys are the same is decided by their bytes. */
static uint64_t key_hash(const char *text, size_t length) {
    uint64_t hash = length;
    uint64_t word;

    while (length > 0) {
        size_t step = length < sizeof(word) ? length : sizeof(word);
        memcpy(&word, text, sizeof(word));
        /* The mask takes the first bytes in memory, which are the low ones here. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        word &= UINT64_MAX >> (64 - 8 * step);
        hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
        text += step;
        length -= step;
    }
    return hash;
}

static bool same(const struct json_key *a, const struct json_key *b) {
    return a->hash == b->hash && a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static void grow(struct json_keys *keys) {
    size_t room = 4 * keys->room;

    if (keys->list == keys->few) {
        keys->list = xtalloc_array(NULL, struct json_key, room);
        memcpy(keys->list, keys->few, sizeof(keys->few));
    } else {
        keys->list = xtalloc_realloc(NULL, keys->list, struct json_key, room);
    }
    keys->room = room;
}

void json_keys_open(struct json_keys *keys, unsigned depth) {
    keys->first[depth] = keys->count;
}

bool json_keys_add(struct json_keys *keys, unsigned depth, const struct json_token *key) {
    struct json_key added = {key->text, key->length, key_hash(key->text, key->length)};

    for (size_t i = keys->first[depth]; i < keys->count; i++) {
        if (same(&keys->list[i], &added)) {
            return false;
        }
    }
    if (keys->count == keys->room) {
        grow(keys);
    }
    keys->list[keys->count++] = added;
    return true;
}

void json_keys_close(struct json_keys *keys, unsigned depth) {
    keys->count = keys->first[depth];
}
