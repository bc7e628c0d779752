#include "config.h"

#include "base/json_reader.h"

#include "base/utf8.h"

#include <string.h>

#define EVERY_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* Non-zero when one of the eight bytes is zero. */
static uint64_t has_zero(uint64_t word) {
    return (word - EVERY_BYTE(0x01)) & ~word & EVERY_BYTE(0x80);
}

static bool is_plain(char c) {
    uint8_t byte = (uint8_t)c;

    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/* How many of eight bytes, from the first on, are neither control bytes, quotes, backslashes nor
 * beyond ASCII. A borrow can mark a byte only behind one that is marked by itself, so the first
 * mark is right. */
static size_t count_plain(const char *bytes) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t word;

    memcpy(&word, bytes, sizeof(word));
    uint64_t controls = (word - EVERY_BYTE(0x20)) & ~word;
    uint64_t quotes = has_zero(word ^ EVERY_BYTE('"'));
    uint64_t backslashes = has_zero(word ^ EVERY_BYTE('\\'));
    uint64_t marks = ((controls | word) & EVERY_BYTE(0x80)) | quotes | backslashes;

    return marks == 0 ? sizeof(word) : (size_t)__builtin_ctzll(marks) / 8;
#else
    size_t count = 0;

    while (count < sizeof(uint64_t) && is_plain(bytes[count])) {
        count++;
    }
    return count;
#endif
}

/* Eight bytes a step: those that are not plain are copied too, and overwritten by what follows. */
static void copy_plain(struct json_reader *reader) {
    const char *at = reader->at;
    char *out = reader->out;
    size_t count = sizeof(uint64_t);

    while (count == sizeof(uint64_t) && (size_t)(reader->end - at) >= sizeof(uint64_t)) {
        memcpy(out, at, sizeof(uint64_t));
        count = count_plain(at);
        at += count;
        out += count;
    }
    while (count == sizeof(uint64_t) && at < reader->end && is_plain(*at)) {
        *out++ = *at++;
    }
    reader->at = at;
    reader->out = out;
}

static bool hex4(const char *at, const char *end, uint32_t *value) {
    *value = 0;
    if (end - at < 4) {
        return false;
    }
    for (size_t i = 0; i < 4; i++) {
        char c = at[i];
        char lower = (char)(c | 0x20);
        if (c >= '0' && c <= '9') {
            *value = *value << 4 | (uint32_t)(c - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            *value = *value << 4 | (uint32_t)(lower - 'a' + 10);
        } else {
            return false;
        }
    }
    return true;
}

static bool is_high_surrogate(uint32_t unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low_surrogate(uint32_t unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* `at` stands on the u of \uXXXX. */
static const char *scan_unicode(struct json_reader *reader) {
    uint32_t point, low;

    if (!hex4(reader->at + 1, reader->end, &point)) {
        return "\\u takes four hex digits";
    }
    if (point == 0) {
        return "\\u0000 is not taken";
    }
    if (is_high_surrogate(point)) {
        const char *next = reader->at + 5;
        if (reader->end - next < 2 || next[0] != '\\' || next[1] != 'u' ||
            !hex4(next + 2, reader->end, &low) || !is_low_surrogate(low)) {
            return "half of a surrogate pair";
        }
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
        reader->at += 6;
    } else if (is_low_surrogate(point)) {
        return "half of a surrogate pair";
    }
    reader->at += 5;
    reader->out += utf8_write(point, reader->out);
    return NULL;
}

/* `at` stands on the backslash. */
static const char *scan_escape(struct json_reader *reader) {
    static const char escapes[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";

    reader->at++;
    if (reader->at == reader->end) {
        return "a string without its end";
    }
    if (*reader->at == 'u') {
        return scan_unicode(reader);
    }
    const char *found = memchr(escapes, *reader->at, sizeof(escapes) - 1);
    if (found == NULL) {
        return "an escape that JSON doesn't have";
    }
    reader->at++;
    *reader->out++ = meanings[found - escapes];
    return NULL;
}

static const char *scan_character(struct json_reader *reader) {
    uint32_t point;

    if ((uint8_t)*reader->at < 0x20) {
        return "a control byte in a string";
    }
    size_t size = utf8_read(reader->at, (size_t)(reader->end - reader->at), &point);
    if (point == UTF8_BAD) {
        return "bytes that are not UTF-8";
    }
    memcpy(reader->out, reader->at, size);
    reader->at += size;
    reader->out += size;
    return NULL;
}

/* Ends the text that began at `start` in the buffer. */
static void finish(struct json_reader *reader, struct json_token *token, const char *start) {
    token->text = start;
    token->length = (size_t)(reader->out - start);
    *reader->out++ = '\0';
}

const char *json_scan_string(struct json_reader *reader, struct json_token *token) {
    const char *start = reader->out;
    const char *complaint = NULL;

    reader->at++;
    for (;;) {
        copy_plain(reader);
        if (reader->at == reader->end) {
            return "a string without its end";
        }
        if (*reader->at == '"') {
            break;
        }
        complaint = *reader->at == '\\' ? scan_escape(reader) : scan_character(reader);
        if (complaint != NULL) {
            return complaint;
        }
    }
    reader->at++;
    finish(reader, token, start);
    return NULL;
}

static size_t pass_digits(struct json_reader *reader) {
    const char *start = reader->at;

    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9') {
        reader->at++;
    }
    return (size_t)(reader->at - start);
}

static bool pass_one_of(struct json_reader *reader, const char *choices) {
    if (reader->at == reader->end || *reader->at == '\0' || strchr(choices, *reader->at) == NULL) {
        return false;
    }
    reader->at++;
    return true;
}

/* A leading zero stands alone: what follows it is then found not to be a separator. */
static const char *pass_number(struct json_reader *reader) {
    pass_one_of(reader, "-");
    if (!pass_one_of(reader, "0") && pass_digits(reader) == 0) {
        return "a number without digits";
    }
    if (pass_one_of(reader, ".") && pass_digits(reader) == 0) {
        return "a fraction without digits";
    }
    if (pass_one_of(reader, "eE")) {
        pass_one_of(reader, "+-");
        if (pass_digits(reader) == 0) {
            return "an exponent without digits";
        }
    }
    return NULL;
}

const char *json_scan_number(struct json_reader *reader, struct json_token *token) {
    const char *start = reader->out;
    const char *from = reader->at;
    const char *complaint = pass_number(reader);

    if (complaint != NULL) {
        return complaint;
    }
    size_t length = (size_t)(reader->at - from);
    memcpy(reader->out, from, length);
    reader->out += length;
    finish(reader, token, start);
    return NULL;
}
