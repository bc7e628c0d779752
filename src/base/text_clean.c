#include "config.h"

#include "base/text.h"

#include "base/array.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/xtalloc.h"

#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

/* The longest a byte can become: one bad byte, three of U+FFFD; C1, two bytes, eight of <U+0085>;
 * a character of three or four bytes, at most ten of <U+10FFFD>. */
#define GROWTH 4

/* What becomes of a character. */
enum fate {
    FATE_PLAIN,   /* shown as it is; marks may follow */
    FATE_MARK,    /* shown on its base */
    FATE_CONTROL, /* shown as ^X */
    FATE_CODE,    /* shown as <U+XXXX> */
    FATE_SPACE,   /* a tab */
    FATE_BAD,     /* not UTF-8 */
};

struct cleaning {
    char *out;
    int marks; /* how many more the last character may carry */
};

bool text_init(void) {
    static const char *const locales[] = {"", "C.UTF-8"};

    for (size_t i = 0; i < ARRAY_SIZE(locales); i++) {
        if (setlocale(LC_CTYPE, locales[i]) != NULL && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) {
            return true;
        }
    }
    return false;
}

/* Characters that steer, can't be seen or mean nothing to a reader. */
static bool is_unfit(const utf8proc_property_t *property) {
    static const bool unfit[UTF8PROC_CATEGORY_CO + 1] = {
        [UTF8PROC_CATEGORY_CN] = true, [UTF8PROC_CATEGORY_CC] = true, [UTF8PROC_CATEGORY_CF] = true,
        [UTF8PROC_CATEGORY_CS] = true, [UTF8PROC_CATEGORY_CO] = true, [UTF8PROC_CATEGORY_ZL] = true,
        [UTF8PROC_CATEGORY_ZP] = true,
    };

    return property->ignorable || unfit[property->category];
}

/* A width that the C library and utf8proc agree on; -1 when there is none. A terminal may side
 * with either, so what they differ on can't be drawn without the rest of the line at risk. */
static int agreed_width(uint32_t point) {
    int width = wcwidth((wchar_t)point);

    return width == utf8proc_charwidth((utf8proc_int32_t)point) ? width : -1;
}

static enum fate judge(uint32_t point) {
    if (point == UTF8_BAD) {
        return FATE_BAD;
    }
    if (point == '\t') {
        return FATE_SPACE;
    }
    if (point < 0x20 || point == 0x7F) {
        return FATE_CONTROL;
    }
    if (point < 0x7F || point == UTF8_REPLACEMENT) {
        return FATE_PLAIN;
    }
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)point);
    int width = agreed_width(point);
    if (width < 0 || is_unfit(property)) {
        return FATE_CODE;
    }
    return width == 0 ? FATE_MARK : FATE_PLAIN;
}

static void put(struct cleaning *cleaning, const char *bytes, size_t length) {
    memcpy(cleaning->out, bytes, length);
    cleaning->out += length;
}

static void put_base(struct cleaning *cleaning, const char *bytes, size_t length) {
    put(cleaning, bytes, length);
    cleaning->marks = TEXT_MARKS_MAX;
}

/* What stands for a character that can't be shown takes no marks: they would sit on our own
 * letters and look like part of them. */
static void put_control(struct cleaning *cleaning, uint32_t point) {
    const char name[] = {'^', (char)(point ^ 0x40)};

    put(cleaning, name, sizeof(name));
    cleaning->marks = 0;
}

static void put_code(struct cleaning *cleaning, uint32_t point) {
    char code[sizeof("<U+10FFFF>")];
    int length = snprintf(code, sizeof(code), "<U+%04" PRIX32 ">", point);

    put(cleaning, code, (size_t)length);
    cleaning->marks = 0;
}

static void put_mark(struct cleaning *cleaning, uint32_t point, const char *bytes, size_t size) {
    if (cleaning->marks == 0) {
        put_code(cleaning, point);
        return;
    }
    cleaning->marks--;
    put(cleaning, bytes, size);
}

static void put_character(struct cleaning *cleaning, uint32_t point, const char *bytes,
                          size_t size) {
    switch (judge(point)) {
    case FATE_PLAIN:
        put_base(cleaning, bytes, size);
        break;
    case FATE_MARK:
        put_mark(cleaning, point, bytes, size);
        break;
    case FATE_CONTROL:
        put_control(cleaning, point);
        break;
    case FATE_CODE:
        put_code(cleaning, point);
        break;
    case FATE_SPACE:
        put_base(cleaning, " ", 1);
        break;
    case FATE_BAD:
        put_base(cleaning, "\uFFFD", strlen("\uFFFD"));
        break;
    }
}

/* Bytes at the front that are clean whatever follows. */
static size_t plain_prefix(const char *bytes, size_t length) {
    size_t i = 0;

    while (i < length && bytes[i] >= 0x20 && bytes[i] < 0x7F) {
        i++;
    }
    return i;
}

char *text_clean(const void *parent, const char *bytes, size_t length) {
    size_t plain = plain_prefix(bytes, length);

    if (plain == length) {
        return xtalloc_strndup(parent, bytes, length);
    }
    size_t room = plain + GROWTH * (length - plain) + 1;
    char *text = xtalloc_array(parent, char, room);
    struct cleaning cleaning = {.out = text};
    if (plain > 0) {
        put_base(&cleaning, bytes, plain);
    }
    for (size_t at = plain; at < length;) {
        uint32_t point;
        size_t size = utf8_read(bytes + at, length - at, &point);
        put_character(&cleaning, point, bytes + at, size);
        at += size;
    }
    *cleaning.out++ = '\0';
    return xtalloc_realloc(parent, text, char, (size_t)(cleaning.out - text));
}

char *text_clean_z(const void *parent, const char *string) {
    return string == NULL ? xtalloc_strdup(parent, "") : text_clean(parent, string, strlen(string));
}

bool text_is_plain(const char *string) {
    while (*string >= 0x20 && *string < 0x7F) {
        string++;
    }
    return *string == '\0';
}

/* How many bytes at the front are ASCII, in steps of eight: nearly all of any file. */
static size_t ascii_run(const char *bytes, size_t length) {
    uint64_t word;
    size_t at = 0;

    for (; length - at >= sizeof(word); at += sizeof(word)) {
        memcpy(&word, bytes + at, sizeof(word));
        if ((word & UINT64_C(0x8080808080808080)) != 0) {
            break;
        }
    }
    return at;
}

bool text_is_utf8(const char *bytes, size_t length) {
    uint32_t point;
    size_t at = 0;

    while ((at += ascii_run(bytes + at, length - at)) < length) {
        at += utf8_read(bytes + at, length - at, &point);
        if (point == UTF8_BAD) {
            return false;
        }
    }
    return true;
}

const char *text_library(void) {
    return utf8proc_version();
}
