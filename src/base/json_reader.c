#include "config.h"

#include "base/json.h"

#include "base/array.h"
#include "base/json_reader.h"
#include "base/number.h"
#include "base/xtalloc.h"

#include <string.h>

#define JSON_MAX_INTEGER (INT64_C(1) << 53)

typedef const char *scan_fn(struct json_reader *reader, struct json_token *token);

void json_reader_open(struct json_reader *reader, char *buffer, const char *bytes, size_t length) {
    reader->start = reader->at = bytes;
    reader->end = bytes + length;
    reader->out = buffer;
    reader->expect = JSON_EXPECT_VALUE;
    reader->depth = 0;
    reader->objects = 0;
    reader->tokens = 0;
    reader->complaint = length > JSON_MAX_BYTES ? "the document is too long" : NULL;
    reader->keys.list = reader->keys.few;
    reader->keys.room = ARRAY_SIZE(reader->keys.few);
    reader->keys.count = 0;
}

void json_reader_close(struct json_reader *reader) {
    if (reader->keys.list != reader->keys.few) {
        talloc_free(reader->keys.list);
    }
}

static int close_reader(struct json_reader *reader) {
    json_reader_close(reader);
    return 0;
}

struct json_reader *json_reader_new(const void *parent, const char *bytes, size_t length) {
    struct json_reader *reader = xtalloc(parent, struct json_reader);
    size_t room = length > JSON_MAX_BYTES ? 0 : length;

    json_reader_open(reader, xtalloc_size(reader, JSON_BUFFER(room)), bytes, length);
    talloc_set_destructor(reader, close_reader);
    return reader;
}

static bool in_object(const struct json_reader *reader) {
    return (reader->objects >> reader->depth & 1) != 0;
}

static void value_ended(struct json_reader *reader) {
    reader->expect = reader->depth > 0 ? JSON_EXPECT_SEPARATOR : JSON_EXPECT_NOTHING;
}

static const char *open_container(struct json_reader *reader, struct json_token *token) {
    bool object = *reader->at == '{';

    if (reader->depth == JSON_MAX_DEPTH) {
        return "nested too deeply";
    }
    reader->at++;
    reader->depth++;
    reader->objects &= ~(UINT64_C(1) << reader->depth);
    reader->objects |= (uint64_t)object << reader->depth;
    if (object) {
        json_keys_open(&reader->keys, reader->depth);
    }
    token->kind = object ? JSON_OBJECT : JSON_ARRAY;
    reader->expect = object ? JSON_EXPECT_MEMBER : JSON_EXPECT_ITEM;
    return NULL;
}

static const char *close_container(struct json_reader *reader, struct json_token *token) {
    bool object = in_object(reader);

    reader->at++;
    if (object) {
        json_keys_close(&reader->keys, reader->depth);
    }
    token->kind = object ? JSON_OBJECT_END : JSON_ARRAY_END;
    reader->depth--;
    value_ended(reader);
    return NULL;
}

static const char *scan_literal(struct json_reader *reader, struct json_token *token) {
    static const struct {
        const char *word;
        enum json_kind kind;
    } literals[] = {{"true", JSON_TRUE}, {"false", JSON_FALSE}, {"null", JSON_NULL}};

    for (size_t i = 0; i < ARRAY_SIZE(literals); i++) {
        size_t length = strlen(literals[i].word);
        if ((size_t)(reader->end - reader->at) >= length &&
            memcmp(reader->at, literals[i].word, length) == 0) {
            reader->at += length;
            token->kind = literals[i].kind;
            value_ended(reader);
            return NULL;
        }
    }
    return "a value was expected";
}

static const char *scan_value(struct json_reader *reader, struct json_token *token) {
    char first = *reader->at;

    if (first == '{' || first == '[') {
        return open_container(reader, token);
    }
    if (first == '"') {
        token->kind = JSON_STRING;
        value_ended(reader);
        return json_scan_string(reader, token);
    }
    if (first == '-' || (first >= '0' && first <= '9')) {
        token->kind = JSON_NUMBER;
        value_ended(reader);
        return json_scan_number(reader, token);
    }
    return scan_literal(reader, token);
}

static void pass_space(struct json_reader *reader) {
    const char *at = reader->at;

    while (at < reader->end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) {
        at++;
    }
    reader->at = at;
}

static const char *scan_key(struct json_reader *reader, struct json_token *token) {
    if (*reader->at != '"') {
        return "a key was expected";
    }
    const char *complaint = json_scan_string(reader, token);
    if (complaint != NULL) {
        return complaint;
    }
    if (!json_keys_add(&reader->keys, reader->depth, token)) {
        return "a key that its object has already";
    }
    pass_space(reader);
    if (reader->at == reader->end || *reader->at != ':') {
        return "':' was expected after a key";
    }
    reader->at++;
    token->kind = JSON_KEY;
    reader->expect = JSON_EXPECT_VALUE;
    return NULL;
}

static const char *scan_item(struct json_reader *reader, struct json_token *token) {
    return *reader->at == ']' ? close_container(reader, token) : scan_value(reader, token);
}

static const char *scan_member(struct json_reader *reader, struct json_token *token) {
    return *reader->at == '}' ? close_container(reader, token) : scan_key(reader, token);
}

static const char *scan_separator(struct json_reader *reader, struct json_token *token) {
    bool object = in_object(reader);

    if (*reader->at == (object ? '}' : ']')) {
        return close_container(reader, token);
    }
    if (*reader->at != ',') {
        return object ? "',' or '}' was expected" : "',' or ']' was expected";
    }
    reader->at++;
    pass_space(reader);
    if (reader->at == reader->end) {
        return "the document ends too early";
    }
    return object ? scan_key(reader, token) : scan_value(reader, token);
}

static const char *scan_trailer(struct json_reader *reader, struct json_token *token) {
    (void)reader;
    (void)token;
    return "more text after the document";
}

static scan_fn *const scanners[] = {
    [JSON_EXPECT_VALUE] = scan_value,     [JSON_EXPECT_ITEM] = scan_item,
    [JSON_EXPECT_MEMBER] = scan_member,   [JSON_EXPECT_SEPARATOR] = scan_separator,
    [JSON_EXPECT_NOTHING] = scan_trailer,
};

static const char *scan(struct json_reader *reader, struct json_token *token) {
    if (reader->complaint != NULL) {
        return reader->complaint;
    }
    pass_space(reader);
    token->text = NULL;
    token->length = 0;
    if (reader->at == reader->end) {
        token->kind = JSON_END;
        return reader->expect == JSON_EXPECT_NOTHING ? NULL : "the document ends too early";
    }
    if (++reader->tokens > JSON_MAX_TOKENS) {
        return "more tokens than are taken";
    }
    return scanners[reader->expect](reader, token);
}

bool json_next(struct json_reader *reader, struct json_token *token, struct err *err) {
    reader->complaint = scan(reader, token);
    if (reader->complaint == NULL) {
        return true;
    }
    const char *place =
        err_fmt(err, "%s, at byte %td", reader->complaint, reader->at - reader->start);
    return err_set(err, ERR_DAMAGED, "not valid JSON", place, NULL);
}

bool json_skip(struct json_reader *reader, struct err *err) {
    struct json_token token;
    unsigned depth = reader->depth;

    do {
        if (!json_next(reader, &token, err)) {
            return false;
        }
    } while (reader->depth > depth);
    return true;
}

bool json_skip_raw(struct json_reader *reader, const char **bytes, size_t *length,
                   struct err *err) {
    pass_space(reader);
    *bytes = reader->at;
    if (!json_skip(reader, err)) {
        return false;
    }
    *length = (size_t)(reader->at - *bytes);
    return true;
}

bool json_integer(const struct json_token *token, int64_t *value) {
    return token->kind == JSON_NUMBER &&
           number_parse(token->text, -JSON_MAX_INTEGER, JSON_MAX_INTEGER, value);
}

bool json_valid(const char *bytes, size_t length, struct err *err) {
    struct json_reader *reader = json_reader_new(NULL, bytes, length);
    struct json_token token = {.kind = JSON_NULL};
    bool valid = true;

    while (valid && token.kind != JSON_END) {
        valid = json_next(reader, &token, err);
    }
    talloc_free(reader);
    return valid;
}
