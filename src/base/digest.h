/* Digests and ids, from libsodium.
 * Owns nothing. Never keeps a key. digest_init once at the start of the program. */
#ifndef BACKOUT_BASE_DIGEST_H
#define BACKOUT_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGEST_BYTES 32
#define DIGEST_HEX   (2 * DIGEST_BYTES + 1)
#define UUID_TEXT    37

struct digest {
    uint8_t bytes[DIGEST_BYTES];
};

/* False when there is no source of randomness. */
bool digest_init(void);

/* SHA-256, for what people compare with sha256sum: plans, output. */
struct digest digest_sha256(const void *bytes, size_t length);

/* BLAKE2b-256. */
struct digest digest_blake2b(const void *bytes, size_t length);

/* The same in pieces. Every piece added with digest_add_part is framed by a type byte and its
 * length (8 bytes, big endian), so no two sequences of parts hash alike. */
struct digest_state;
struct digest_state *digest_begin(const void *parent);
void digest_add(struct digest_state *state, const void *bytes, size_t length);
void digest_add_part(struct digest_state *state, uint8_t type, const void *bytes, size_t length);
struct digest digest_end(struct digest_state *state); /* frees the state */

/* SHA-256 in pieces, for output that is read as it comes. */
struct digest_sha;
struct digest_sha *digest_sha_begin(const void *parent);
void digest_sha_add(struct digest_sha *state, const void *bytes, size_t length);
struct digest digest_sha_end(struct digest_sha *state); /* frees the state */

void digest_hex(const struct digest *digest, char hex[DIGEST_HEX]);
/* 64 hex digits of either case and nothing else. */
bool digest_from_hex(const char *hex, struct digest *digest);
/* Of 64 bytes that stand within others. */
bool digest_from_digits(const char digits[DIGEST_HEX - 1], struct digest *digest);
/* Of digests that are no secret: how long it takes tells where they differ. */
bool digest_equal(const struct digest *a, const struct digest *b);

/* A UUID version 7 (RFC 9562 §5.7) of that instant, with 74 random bits. */
void uuid7(int64_t now_ms, char text[UUID_TEXT]);
/* 16 random bytes as 32 hex digits. */
void random_hex(char hex[33]);

/* The version of libsodium it runs with. */
const char *digest_library(void);

#endif
