/* A C struct described by a table of its fields, so that one table serves JSON, command lines,
 * completion and docs.
 * Owns no data: records live where their caller put them. Absent means zero: NULL text, 0, false,
 * NULL lists are not written, and what is not in the JSON stays zero.
 * Never knows what a field means. */
#ifndef BACKOUT_BASE_RECORD_H
#define BACKOUT_BASE_RECORD_H

#include "base/err.h"
#include "base/json.h"

#include <stdint.h>

enum field_type {
    FIELD_TEXT,    /* const char * */
    FIELD_INTEGER, /* int64_t */
    FIELD_FLAG,    /* bool */
    FIELD_TEXTS,   /* const char *const *, ended by NULL; JSON: array of strings */
    FIELD_PAIRS,   /* const struct pair *, ended by a NULL key; JSON: object of strings */
};

struct pair {
    const char *key;
    const char *value;
};

struct field {
    const char *name; /* the JSON key; NULL ends a table */
    enum field_type type;
    size_t offset; /* of the member in the record */
};

/* The value of `key` in a list of pairs (which may be NULL), or NULL. */
const char *pair_find(const struct pair *pairs, const char *key);

/* Writes the record's fields, in the table's order, as one JSON object (key NULL) or as the value
 * of `key` inside the open object. */
void record_write(struct json_writer *writer, const char *key, const struct field *fields,
                  const void *record);

/* Reads one JSON object into `record` (zeroed by the caller); texts are owned by `parent`. Keys
 * that the table lacks are passed over; a known key with a value of another type (null too) is
 * ERR_DAMAGED. On failure nothing stays allocated, and what `record` holds means nothing. */
bool record_read(const void *parent, const struct field *fields, void *record, const char *json,
                 size_t length, struct err *err);

#endif
