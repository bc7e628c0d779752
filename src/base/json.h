/* Strict JSON (RFC 8259), read and written in one pass.
 * Reading never builds a tree: a caller pulls tokens; writing appends to a talloc string.
 * Never accepts what two readers could take in two ways: duplicate keys, bad UTF-8, \u0000, raw
 * control bytes, trailing text, depth over JSON_MAX_DEPTH, more than JSON_MAX_TOKENS tokens (keys
 * and ends count), more than JSON_MAX_BYTES. */
#ifndef BACKOUT_BASE_JSON_H
#define BACKOUT_BASE_JSON_H

#include "base/err.h"
#include "base/limits.h"

#include <stdint.h>

enum json_kind {
    JSON_END, /* the whole document was read */
    JSON_OBJECT,
    JSON_OBJECT_END,
    JSON_ARRAY,
    JSON_ARRAY_END,
    JSON_KEY,
    JSON_STRING,
    JSON_NUMBER, /* text holds the number as written */
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
};

struct json_token {
    enum json_kind kind;
    const char *text; /* of a key, string or number: decoded, NUL-terminated, the reader's */
    size_t length;    /* bytes of text */
};

struct json_reader;

/* Reads `length` bytes at `bytes`, which must outlive the reader. */
struct json_reader *json_reader_new(const void *parent, const char *bytes, size_t length);

/* The next token. False: err says what and at which byte (ERR_DAMAGED), and so it stays. After
 * JSON_END, JSON_END. */
bool json_next(struct json_reader *reader, struct json_token *token, struct err *err);

/* Passes over the value that comes next (or that the last JSON_KEY announced). */
bool json_skip(struct json_reader *reader, struct err *err);

/* The same for the value of the last JSON_KEY, and where it stands in the document: the bytes as
 * they were written, for what is hashed or read by somebody else. */
bool json_skip_raw(struct json_reader *reader, const char **bytes, size_t *length, struct err *err);

/* A number token as an integer: false when it has a fraction or exponent, or leaves ±2^53. */
bool json_integer(const struct json_token *token, int64_t *value);

/* Whether the bytes are one valid document. */
bool json_valid(const char *bytes, size_t length, struct err *err);

struct json_writer;

struct json_writer *json_writer_new(const void *parent);
/* Inside an object every value takes its key; inside an array and at the top, key is NULL. Strings
 * must be UTF-8; bad bytes are written as U+FFFD. Output has no white space and no control bytes:
 * DEL and C1 are escaped too, since people read such files with tail. */
void json_open_object(struct json_writer *writer, const char *key);
void json_close_object(struct json_writer *writer);
void json_open_array(struct json_writer *writer, const char *key);
void json_close_array(struct json_writer *writer);
void json_string(struct json_writer *writer, const char *key, const char *value); /* NULL → null */
void json_number(struct json_writer *writer, const char *key, int64_t value);
void json_flag(struct json_writer *writer, const char *key, bool value);
/* `value` is JSON already, trusted as such, and not empty. */
void json_raw(struct json_writer *writer, const char *key, const char *value);
/* The text so far; owned by the writer. */
const char *json_text(const struct json_writer *writer);
size_t json_length(const struct json_writer *writer);

#endif
