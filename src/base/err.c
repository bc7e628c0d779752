#include "config.h"

#include "base/err.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

static const char *const code_names[] = {
    [ERR_NONE] = "none",
    [ERR_REFUSED] = "refused",
    [ERR_USAGE] = "usage",
    [ERR_NOT_FOUND] = "not_found",
    [ERR_CONFLICT] = "conflict",
    [ERR_ACCESS] = "access",
    [ERR_UNAVAILABLE] = "unavailable",
    [ERR_DAMAGED] = "damaged",
};

/* What every errno means that is not below: something can't answer now. */
#define OTHERWISE_CODE   ERR_UNAVAILABLE
#define OTHERWISE_REMEDY "see what the kernel says (dmesg, df), and try again"

static const struct meaning {
    int number;
    enum err_code code;
    const char *remedy; /* where whoever met it knows no better one */
} meanings[] = {
    {EACCES, ERR_ACCESS, "see who has the right to it"},
    {EPERM, ERR_ACCESS, "see who has the right to it"},
    {EROFS, ERR_ACCESS, "see how that file system is mounted"},
    {ENOENT, ERR_NOT_FOUND, "see whether its name is right"},
};

struct err *err_new(const void *parent) {
    return xtalloc_zero(parent, struct err);
}

static const char *copy(const void *parent, const char *part) {
    return part == NULL ? NULL : xtalloc_strdup(parent, part);
}

bool err_set(struct err *err, enum err_code code, const char *what, const char *on,
             const char *remedy) {
    char *words = xtalloc_size(NULL, 1);
    struct err fresh = {
        .code = code,
        .what = copy(words, what),
        .on = copy(words, on),
        .remedy = copy(words, remedy),
    };

    /* Only now, since the parts may be words that err owns. */
    talloc_free_children(err);
    *err = fresh;
    talloc_steal(err, words);
    return false;
}

const char *err_fmt(struct err *err, const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    char *text = xtalloc_vasprintf(err, format, arguments);
    va_end(arguments);
    return text;
}

static struct meaning meaning_of(int number) {
    for (size_t i = 0; i < ARRAY_SIZE(meanings); i++) {
        if (meanings[i].number == number) {
            return meanings[i];
        }
    }
    return (struct meaning){number, OTHERWISE_CODE, OTHERWISE_REMEDY};
}

bool err_errno(struct err *err, int number, const char *what, const char *on, const char *remedy) {
    const struct meaning meaning = meaning_of(number);
    const char *reason = strerror(number);

    if (on != NULL) {
        reason = err_fmt(err, "%s: %s", on, reason);
    }
    return err_set(err, meaning.code, what, reason, remedy == NULL ? meaning.remedy : remedy);
}

char *err_sentence(const void *parent, const struct err *err) {
    const char *what = err->what == NULL ? "" : err->what;
    const char *on = err->on == NULL ? "" : err->on;
    const char *remedy = err->remedy == NULL ? "" : err->remedy;
    const char *colon = *what != '\0' && *on != '\0' ? ": " : "";
    const char *semicolon = (*what != '\0' || *on != '\0') && *remedy != '\0' ? "; " : "";

    return xtalloc_asprintf(parent, "%s%s%s%s%s", what, colon, on, semicolon, remedy);
}

const char *err_code_name(enum err_code code) {
    return code_names[code];
}

void err_clear(struct err *err) {
    talloc_free_children(err);
    *err = (struct err){.code = ERR_NONE};
}
