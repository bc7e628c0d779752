#include "config.h"

#include "base/digest.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <sodium.h>
#include <stdalign.h>
#include <string.h>

_Static_assert(DIGEST_BYTES == crypto_hash_sha256_BYTES, "SHA-256 fills a digest");
_Static_assert(DIGEST_BYTES == crypto_generichash_BYTES, "BLAKE2b-256 fills a digest");

/* libsodium wants its state on a cache line of its own; talloc promises 16 bytes. */
struct digest_state {
    crypto_generichash_state *hash; /* within room */
    unsigned char room[sizeof(crypto_generichash_state) + alignof(crypto_generichash_state)];
};

struct digest_sha {
    crypto_hash_sha256_state hash;
};

bool digest_init(void) {
    return sodium_init() >= 0;
}

struct digest digest_sha256(const void *bytes, size_t length) {
    struct digest digest;

    crypto_hash_sha256(digest.bytes, bytes, length);
    return digest;
}

struct digest digest_blake2b(const void *bytes, size_t length) {
    struct digest digest;

    crypto_generichash(digest.bytes, sizeof(digest.bytes), bytes, length, NULL, 0);
    return digest;
}

struct digest_state *digest_begin(const void *parent) {
    struct digest_state *state = xtalloc(parent, struct digest_state);
    uintptr_t alignment = alignof(crypto_generichash_state);
    uintptr_t room = (uintptr_t)state->room;
    uintptr_t skip = (alignment - room % alignment) % alignment;

    state->hash = (void *)(state->room + skip);
    crypto_generichash_init(state->hash, NULL, 0, DIGEST_BYTES);
    return state;
}

void digest_add(struct digest_state *state, const void *bytes, size_t length) {
    crypto_generichash_update(state->hash, bytes, length);
}

void digest_add_part(struct digest_state *state, uint8_t type, const void *bytes, size_t length) {
    uint8_t frame[1 + sizeof(uint64_t)] = {type};
    uint64_t rest = length;

    for (size_t i = sizeof(frame); --i > 0; rest >>= 8) {
        frame[i] = (uint8_t)rest;
    }
    digest_add(state, frame, sizeof(frame));
    digest_add(state, bytes, length);
}

struct digest digest_end(struct digest_state *state) {
    struct digest digest;

    crypto_generichash_final(state->hash, digest.bytes, sizeof(digest.bytes));
    talloc_free(state);
    return digest;
}

struct digest_sha *digest_sha_begin(const void *parent) {
    struct digest_sha *state = xtalloc(parent, struct digest_sha);

    crypto_hash_sha256_init(&state->hash);
    return state;
}

void digest_sha_add(struct digest_sha *state, const void *bytes, size_t length) {
    crypto_hash_sha256_update(&state->hash, bytes, length);
}

struct digest digest_sha_end(struct digest_sha *state) {
    struct digest digest;

    crypto_hash_sha256_final(&state->hash, digest.bytes);
    talloc_free(state);
    return digest;
}

void digest_hex(const struct digest *digest, char hex[DIGEST_HEX]) {
    sodium_bin2hex(hex, DIGEST_HEX, digest->bytes, sizeof(digest->bytes));
}

/* What a digit is worth, in the low bits; of what is none, all bits are zero. */
#define DIGIT 0x10
static const uint8_t worths[UINT8_MAX + 1] = {
    ['0'] = DIGIT | 0,  ['1'] = DIGIT | 1,  ['2'] = DIGIT | 2,  ['3'] = DIGIT | 3,
    ['4'] = DIGIT | 4,  ['5'] = DIGIT | 5,  ['6'] = DIGIT | 6,  ['7'] = DIGIT | 7,
    ['8'] = DIGIT | 8,  ['9'] = DIGIT | 9,  ['a'] = DIGIT | 10, ['b'] = DIGIT | 11,
    ['c'] = DIGIT | 12, ['d'] = DIGIT | 13, ['e'] = DIGIT | 14, ['f'] = DIGIT | 15,
    ['A'] = DIGIT | 10, ['B'] = DIGIT | 11, ['C'] = DIGIT | 12, ['D'] = DIGIT | 13,
    ['E'] = DIGIT | 14, ['F'] = DIGIT | 15,
};

/* Not libsodium's, which takes the same time for whatever it reads: a digest is no secret, and
 * every line of a log has two of them. */
bool digest_from_digits(const char digits[DIGEST_HEX - 1], struct digest *digest) {
    unsigned all = DIGIT;

    for (size_t i = 0; i < sizeof(digest->bytes); i++) {
        unsigned high = worths[(uint8_t)digits[2 * i]];
        unsigned low = worths[(uint8_t)digits[2 * i + 1]];
        digest->bytes[i] = (uint8_t)(high << 4 | (low & 0x0f));
        all &= high & low;
    }
    return (all & DIGIT) != 0;
}

bool digest_from_hex(const char *hex, struct digest *digest) {
    return strlen(hex) == DIGEST_HEX - 1 && digest_from_digits(hex, digest);
}

bool digest_equal(const struct digest *a, const struct digest *b) {
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

/* Writes `count` bytes as hex and a dash; returns the place after it. */
static char *put_group(char *text, const uint8_t *bytes, size_t count) {
    sodium_bin2hex(text, 2 * count + 1, bytes, count);
    text[2 * count] = '-';
    return text + 2 * count + 1;
}

void uuid7(int64_t now_ms, char text[UUID_TEXT]) {
    static const size_t groups[] = {4, 2, 2, 2, 6};
    uint8_t id[16];
    uint64_t instant = (uint64_t)now_ms;
    size_t at = 0;

    randombytes_buf(id, sizeof(id));
    for (size_t i = 6; i-- > 0; instant >>= 8) {
        id[i] = (uint8_t)instant;
    }
    id[6] = (uint8_t)(0x70 | (id[6] & 0x0f)); /* version 7 */
    id[8] = (uint8_t)(0x80 | (id[8] & 0x3f)); /* variant 10 */
    for (size_t i = 0; i < ARRAY_SIZE(groups); at += groups[i++]) {
        text = put_group(text, id + at, groups[i]);
    }
    text[-1] = '\0';
}

void random_hex(char hex[33]) {
    uint8_t bytes[16];

    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2hex(hex, 33, bytes, sizeof(bytes));
}

const char *digest_library(void) {
    return sodium_version_string();
}
