#include "config.h"

#include "cli/out.h"

#include "base/array.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/xtalloc.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The streams belong to the process, and so does what happened to them. */
static bool ascii_only;
static int write_error; /* errno of the first write that failed; 0 while all is well */

void out_begin(bool ascii) {
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, NULL);
    ascii_only = ascii;
}

/* ---- twins ---- */

static const struct {
    uint32_t point;
    const char *twin;
} twins[] = {
    {0x00A0, " "}, {0x00B7, "."},  {0x2013, "-"},  {0x2014, "-"},   {0x2018, "'"},
    {0x2019, "'"}, {0x201C, "\""}, {0x201D, "\""}, {0x2026, "..."}, {0x2192, "->"},
};

static const char *twin_of(const void *parent, uint32_t point) {
    for (size_t i = 0; i < ARRAY_SIZE(twins); i++)
        if (twins[i].point == point)
            return twins[i].twin;
    return xtalloc_asprintf(parent, "<U+%04" PRIX32 ">", point);
}

static char *to_ascii(const void *parent, const char *clean) {
    char *text = xtalloc_strdup(parent, "");
    const char *end = clean + strlen(clean);
    while (clean < end) {
        uint32_t point;
        size_t size = utf8_read(clean, (size_t)(end - clean), &point);
        text = size == 1 ? xtalloc_strndup_append(text, clean, 1)
                         : xtalloc_strdup_append(text, twin_of(parent, point));
        clean += size;
    }
    return text;
}

static char *shown(const void *parent, const char *text, size_t length) {
    char *clean = text_clean(parent, text, length);
    return ascii_only ? to_ascii(parent, clean) : clean;
}

char *out_shown(const void *parent, const char *text) {
    return shown(parent, text, strlen(text));
}

/* ---- the streams ---- */

static void put(FILE *stream, const char *text, size_t length) {
    bool kept = fwrite(text, 1, length, stream) == length && fputc('\n', stream) != EOF;
    if (!kept && stream == stdout && !write_error)
        write_error = errno;
}

static void put_clean(FILE *stream, const char *text, size_t length) {
    void *scratch = talloc_new(NULL);
    const char *line = shown(scratch, text, length);
    put(stream, line, strlen(line));
    talloc_free(scratch);
}

void out_line(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = xtalloc_vasprintf(NULL, format, arguments);
    va_end(arguments);
    put_clean(stdout, text, strlen(text));
    talloc_free(text);
}

void out_page(const char *text) {
    while (*text) {
        size_t length = strcspn(text, "\n");
        put_clean(stdout, text, length);
        text += length + (text[length] == '\n');
    }
}

void out_note(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *words = xtalloc_vasprintf(NULL, format, arguments);
    va_end(arguments);
    char *text = xtalloc_asprintf(words, "backout: %s", words);
    out_flush();
    put_clean(stderr, text, strlen(text));
    talloc_free(words);
}

void out_problem(const struct err *err) {
    char *sentence = err_sentence(NULL, err);
    out_note("%s", sentence);
    talloc_free(sentence);
}

/* ---- JSON ---- */

/* Whether the character may stand as it is: text_clean is the judge, one rule for all doors. */
static bool is_plain(const char *bytes, size_t size, uint32_t point) {
    if (size == 1)
        return point >= 0x20 && point < 0x7F;
    char *clean = text_clean(NULL, bytes, size);
    bool same = strlen(clean) == size && memcmp(clean, bytes, size) == 0;
    talloc_free(clean);
    return same && !ascii_only;
}

static char *append_escape(char *json, uint32_t point) {
    if (point == UTF8_BAD)
        point = UTF8_REPLACEMENT;
    if (point < 0x10000)
        return xtalloc_asprintf_append(json, "\\u%04" PRIx32, point);
    point -= 0x10000;
    return xtalloc_asprintf_append(json, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xD800 + (point >> 10),
                                   0xDC00 + (point & 0x3FF));
}

void out_json(const char *json) {
    char *shown = xtalloc_strdup(NULL, "");
    const char *plain = json, *end = json + strlen(json);
    for (const char *at = json; at < end;) {
        uint32_t point;
        size_t size = utf8_read(at, (size_t)(end - at), &point);
        if (!is_plain(at, size, point)) {
            shown = xtalloc_strndup_append(shown, plain, (size_t)(at - plain));
            shown = append_escape(shown, point);
            plain = at + size;
        }
        at += size;
    }
    shown = xtalloc_strdup_append(shown, plain);
    put(stdout, shown, strlen(shown));
    talloc_free(shown);
}

void out_exactly(const char *line) {
    put(stdout, line, strlen(line));
}

/* ---- the end ---- */

bool out_flush(void) {
    if (fflush(stdout) != 0 && !write_error)
        write_error = errno;
    return !write_error;
}

int out_end(int status) {
    if (out_flush() || write_error == EPIPE)
        return status;
    struct err *err = err_new(NULL);
    err_errno(err, write_error, "can't write the output", "standard output",
              "make room or write elsewhere; what a command did is in `backout tail`");
    out_problem(err);
    talloc_free(err);
    return ERR_UNAVAILABLE;
}

int out_width(int otherwise) {
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return otherwise;
    return size.ws_col;
}
