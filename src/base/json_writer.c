#include "config.h"

#include "base/json.h"

#include "base/utf8.h"
#include "base/xtalloc.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FIRST_ROOM 256

struct json_writer {
    char *text; /* always ends in NUL */
    size_t length, room;
};

struct json_writer *json_writer_new(const void *parent) {
    struct json_writer *writer = xtalloc_zero(parent, struct json_writer);

    writer->room = FIRST_ROOM;
    writer->text = xtalloc_array(writer, char, writer->room);
    writer->text[0] = '\0';
    return writer;
}

static void append(struct json_writer *writer, const char *bytes, size_t length) {
    if (length >= writer->room - writer->length) {
        writer->room = 2 * (writer->length + length + 1);
        writer->text = xtalloc_realloc(writer, writer->text, char, writer->room);
    }
    memcpy(writer->text + writer->length, bytes, length);
    writer->length += length;
    writer->text[writer->length] = '\0';
}

static void append_z(struct json_writer *writer, const char *string) {
    append(writer, string, strlen(string));
}

/* Characters that JSON or a terminal would take for more than text. */
static bool needs_escape(uint32_t point) {
    return point < 0x20 || point == '"' || point == '\\' || (point >= 0x7F && point < 0xA0);
}

static bool is_plain(char c) {
    return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

static void append_escape(struct json_writer *writer, uint32_t point) {
    static const char *const names[0x80] = {
        ['"'] = "\\\"", ['\\'] = "\\\\", ['\b'] = "\\b", ['\f'] = "\\f",
        ['\n'] = "\\n", ['\r'] = "\\r",  ['\t'] = "\\t",
    };
    char code[sizeof("\\u0000")];

    if (point < 0x80 && names[point] != NULL) {
        append_z(writer, names[point]);
        return;
    }
    snprintf(code, sizeof(code), "\\u%04" PRIx32, point & 0xFFFF);
    append_z(writer, code);
}

static void append_quoted(struct json_writer *writer, const char *string) {
    const char *at = string;
    const char *end = string + strlen(string);
    const char *plain = string; /* from here to `at`, text goes as it is */
    uint32_t point;

    append(writer, "\"", 1);
    while (at < end) {
        if (is_plain(*at)) { /* nearly all of them */
            at++;
            continue;
        }
        size_t size = utf8_read(at, (size_t)(end - at), &point);
        if (point == UTF8_BAD || needs_escape(point)) {
            append(writer, plain, (size_t)(at - plain));
            plain = at + size;
            if (point == UTF8_BAD) {
                append_z(writer, "\uFFFD");
            } else {
                append_escape(writer, point);
            }
        }
        at += size;
    }
    append(writer, plain, (size_t)(end - plain));
    append(writer, "\"", 1);
}

/* A value never ends in '{' or '[', so the last byte tells whether one stands before. */
static bool follows_a_value(const struct json_writer *writer) {
    return writer->length > 0 && strchr("{[", writer->text[writer->length - 1]) == NULL;
}

static void begin_value(struct json_writer *writer, const char *key) {
    if (follows_a_value(writer)) {
        append(writer, ",", 1);
    }
    if (key != NULL) {
        append_quoted(writer, key);
        append(writer, ":", 1);
    }
}

void json_raw(struct json_writer *writer, const char *key, const char *value) {
    begin_value(writer, key);
    append_z(writer, value);
}

void json_open_object(struct json_writer *writer, const char *key) {
    json_raw(writer, key, "{");
}

void json_close_object(struct json_writer *writer) {
    append(writer, "}", 1);
}

void json_open_array(struct json_writer *writer, const char *key) {
    json_raw(writer, key, "[");
}

void json_close_array(struct json_writer *writer) {
    append(writer, "]", 1);
}

void json_string(struct json_writer *writer, const char *key, const char *value) {
    if (value == NULL) {
        json_raw(writer, key, "null");
        return;
    }
    begin_value(writer, key);
    append_quoted(writer, value);
}

void json_number(struct json_writer *writer, const char *key, int64_t value) {
    char digits[sizeof("-9223372036854775808")];
    char *first = digits + sizeof(digits) - 1;
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

    *first = '\0';
    do {
        *--first = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) {
        *--first = '-';
    }
    json_raw(writer, key, first);
}

void json_flag(struct json_writer *writer, const char *key, bool value) {
    json_raw(writer, key, value ? "true" : "false");
}

const char *json_text(const struct json_writer *writer) {
    return writer->text;
}

size_t json_length(const struct json_writer *writer) {
    return writer->length;
}
