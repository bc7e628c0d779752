/* The inside of a JSON reader, for callers that read a million documents and can't afford an
 * allocation for each: record.c puts one on the stack. Everyone else uses json.h.
 * Owns only the list of keys once it outgrows the reader. Never keeps what it decoded: that is in
 * the caller's buffer. */
#ifndef BACKOUT_BASE_JSON_READER_H
#define BACKOUT_BASE_JSON_READER_H

#include "base/json.h"

#include <stddef.h>
#include <stdint.h>

/* Texts are decoded into one buffer. A text with its NUL is never longer than what it was in the
 * document with its quotes or the separator after it, so the document's length is enough; the
 * slack lets keys be hashed and plain text copied eight bytes at a time. */
#define JSON_SLACK          16
#define JSON_BUFFER(length) ((length) + JSON_SLACK)

#define JSON_FEW_KEYS 24

struct json_key {
    const char *text;
    size_t length;
    uint64_t hash;
};

/* The keys of the objects that are open, innermost last. */
struct json_keys {
    struct json_key *list; /* `few`, or an array of talloc */
    size_t count, room;
    size_t first[JSON_MAX_DEPTH + 1]; /* by depth: where the keys of that object begin */
    struct json_key few[JSON_FEW_KEYS];
};

enum json_expect {
    JSON_EXPECT_VALUE,
    JSON_EXPECT_ITEM,      /* after '[': a value or the end */
    JSON_EXPECT_MEMBER,    /* after '{': a key or the end */
    JSON_EXPECT_SEPARATOR, /* after a value inside a container: ',' or the end */
    JSON_EXPECT_NOTHING,   /* after the value at the top */
};

struct json_reader {
    const char *start, *at, *end;
    char *out; /* where the next text is decoded to */
    enum json_expect expect;
    unsigned depth;
    uint64_t objects; /* bit n: the container at depth n is an object */
    size_t tokens;
    const char *complaint; /* once set, every call repeats it */
    struct json_keys keys;
};

/* Starts reading; `buffer` has JSON_BUFFER(length) bytes and holds the texts of all tokens. */
void json_reader_open(struct json_reader *reader, char *buffer, const char *bytes, size_t length);
void json_reader_close(struct json_reader *reader);

/* What json_reader.c asks of json_scan.c. Each returns NULL or a complaint, and moves `at`. */
const char *json_scan_string(struct json_reader *reader, struct json_token *token);
const char *json_scan_number(struct json_reader *reader, struct json_token *token);

/* And of json_keys.c: false when the object at `depth` has this key already. */
void json_keys_open(struct json_keys *keys, unsigned depth);
bool json_keys_add(struct json_keys *keys, unsigned depth, const struct json_token *key);
void json_keys_close(struct json_keys *keys, unsigned depth);

#endif
