#include "config.h"

#include "base/record.h"

#include "base/json_reader.h"
#include "base/xtalloc.h"

#include <string.h>

/* One reading: what every field's reader is given. Lists are children of `texts`, so that one
 * talloc_free takes back all that was read. */
struct reading {
    struct json_reader json;
    char *texts;
    struct err *err;
};

typedef void write_fn(struct json_writer *writer, const char *name, const void *member);
/* `token` is the first of the value. */
typedef bool read_fn(struct reading *reading, const struct json_token *token, void *member);

const char *pair_find(const struct pair *pairs, const char *key) {
    for (; pairs != NULL && pairs->key != NULL; pairs++) {
        if (strcmp(pairs->key, key) == 0) {
            return pairs->value;
        }
    }
    return NULL;
}

static void write_text(struct json_writer *writer, const char *name, const void *member) {
    const char *const *text = member;

    if (*text != NULL) {
        json_string(writer, name, *text);
    }
}

static void write_integer(struct json_writer *writer, const char *name, const void *member) {
    const int64_t *value = member;

    if (*value != 0) {
        json_number(writer, name, *value);
    }
}

static void write_flag(struct json_writer *writer, const char *name, const void *member) {
    const bool *value = member;

    if (*value) {
        json_flag(writer, name, true);
    }
}

static void write_texts(struct json_writer *writer, const char *name, const void *member) {
    const char *const *const *texts = member;

    if (*texts == NULL) {
        return;
    }
    json_open_array(writer, name);
    for (const char *const *text = *texts; *text != NULL; text++) {
        json_string(writer, NULL, *text);
    }
    json_close_array(writer);
}

static void write_pairs(struct json_writer *writer, const char *name, const void *member) {
    const struct pair *const *pairs = member;

    if (*pairs == NULL) {
        return;
    }
    json_open_object(writer, name);
    for (const struct pair *pair = *pairs; pair->key != NULL; pair++) {
        json_string(writer, pair->key, pair->value);
    }
    json_close_object(writer);
}

static bool read_text(struct reading *reading, const struct json_token *token, void *member) {
    const char **text = member;

    (void)reading;
    *text = token->text;
    return token->kind == JSON_STRING;
}

static bool read_integer(struct reading *reading, const struct json_token *token, void *member) {
    (void)reading;
    return json_integer(token, member);
}

static bool read_flag(struct reading *reading, const struct json_token *token, void *member) {
    bool *value = member;

    (void)reading;
    *value = token->kind == JSON_TRUE;
    return token->kind == JSON_TRUE || token->kind == JSON_FALSE;
}

/* An array of `count` elements has room for another one when that is no power of two. */
static bool is_full(size_t count) {
    return (count & (count - 1)) == 0;
}

static bool read_texts(struct reading *reading, const struct json_token *token, void *member) {
    const char *const **result = member;
    struct json_token item = *token;
    const char **texts = NULL;
    size_t count = 0;

    if (token->kind != JSON_ARRAY) {
        return false;
    }
    while (item.kind != JSON_ARRAY_END) {
        if (!json_next(&reading->json, &item, reading->err) ||
            (item.kind != JSON_STRING && item.kind != JSON_ARRAY_END)) {
            return false;
        }
        if (is_full(count)) {
            texts = xtalloc_realloc(reading->texts, texts, const char *, 2 * count + 1);
        }
        texts[count++] = item.text; /* NULL with the end */
    }
    *result = texts;
    return true;
}

static bool read_pairs(struct reading *reading, const struct json_token *token, void *member) {
    const struct pair **result = member;
    struct json_token key = *token, value = *token;
    struct pair *pairs = NULL;
    size_t count = 0;

    if (token->kind != JSON_OBJECT) {
        return false;
    }
    while (key.kind != JSON_OBJECT_END) {
        if (!json_next(&reading->json, &key, reading->err) ||
            (key.kind == JSON_KEY &&
             (!json_next(&reading->json, &value, reading->err) || value.kind != JSON_STRING))) {
            return false;
        }
        if (is_full(count)) {
            pairs = xtalloc_realloc(reading->texts, pairs, struct pair, 2 * count + 1);
        }
        pairs[count++] = (struct pair){key.text, value.text}; /* a NULL key with the end */
    }
    *result = pairs;
    return true;
}

static const struct {
    const char *wanted;
    write_fn *write;
    read_fn *read;
} types[] = {
    [FIELD_TEXT] = {"a string", write_text, read_text},
    [FIELD_INTEGER] = {"a whole number within 2^53", write_integer, read_integer},
    [FIELD_FLAG] = {"true or false", write_flag, read_flag},
    [FIELD_TEXTS] = {"an array of strings", write_texts, read_texts},
    [FIELD_PAIRS] = {"an object of strings", write_pairs, read_pairs},
};

void record_write(struct json_writer *writer, const char *key, const struct field *fields,
                  const void *record) {
    json_open_object(writer, key);
    for (const struct field *field = fields; field->name != NULL; field++) {
        types[field->type].write(writer, field->name, (const char *)record + field->offset);
    }
    json_close_object(writer);
}

static const struct field *find_between(const struct field *from, const struct field *end,
                                        const char *name) {
    for (; from != end && from->name != NULL; from++) {
        if (strcmp(from->name, name) == 0) {
            return from;
        }
    }
    return NULL;
}

/* Keys mostly come in the table's order, so the search begins at the field after the last one. */
static const struct field *find_field(const struct field *fields, const struct field *next,
                                      const char *name) {
    const struct field *found = find_between(next, NULL, name);

    return found != NULL ? found : find_between(fields, next, name);
}

static bool read_field(struct reading *reading, const struct field *field, void *record) {
    struct json_token token;
    char *member = (char *)record + field->offset;

    if (!json_next(&reading->json, &token, reading->err)) {
        return false;
    }
    if (types[field->type].read(reading, &token, member)) {
        return true;
    }
    if (reading->json.complaint != NULL) {
        return false; /* a list broke off; err has the words */
    }
    return err_set(reading->err, ERR_DAMAGED, "not what this field takes",
                   err_fmt(reading->err, "\"%s\" is %s", field->name, types[field->type].wanted),
                   NULL);
}

static bool read_members(struct reading *reading, const struct field *fields, void *record) {
    const struct field *next = fields;
    struct json_token token;

    for (;;) {
        if (!json_next(&reading->json, &token, reading->err)) {
            return false;
        }
        if (token.kind == JSON_OBJECT_END) {
            return json_next(&reading->json, &token, reading->err);
        }
        const struct field *field = find_field(fields, next, token.text);
        if (field == NULL) {
            if (!json_skip(&reading->json, reading->err)) {
                return false;
            }
            continue;
        }
        if (!read_field(reading, field, record)) {
            return false;
        }
        next = field + 1;
    }
}

static bool read_object(struct reading *reading, const struct field *fields, void *record) {
    struct json_token token;

    if (!json_next(&reading->json, &token, reading->err)) {
        return false;
    }
    if (token.kind != JSON_OBJECT) {
        return err_set(reading->err, ERR_DAMAGED, "not a record", "an object was expected", NULL);
    }
    return read_members(reading, fields, record);
}

bool record_read(const void *parent, const struct field *fields, void *record, const char *json,
                 size_t length, struct err *err) {
    struct reading reading;

    if (length > JSON_MAX_BYTES) {
        return json_valid(json, length, err); /* which refuses it in its words */
    }
    reading.texts = xtalloc_size(parent, JSON_BUFFER(length));
    reading.err = err;
    json_reader_open(&reading.json, reading.texts, json, length);
    bool read = read_object(&reading, fields, record);
    json_reader_close(&reading.json);
    if (!read) {
        talloc_free(reading.texts);
    }
    return read;
}
