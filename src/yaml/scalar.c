#include "config.h"

#include "yaml/scalar.h"

#include "base/limits.h"
#include "base/number.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"

#include <ctype.h>
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

const char *scalar_problem(const void *parent, const struct scalar *type, const char *text) {
    return type->problem == NULL ? NULL : type->problem(parent, type, text);
}

/* --- names ------------------------------------------------------------------------------------ */

static bool made_of(const char *text, const char *bytes, size_t shortest, size_t longest) {
    size_t length = strlen(text);
    return length >= shortest && length <= longest && strspn(text, bytes) == length;
}

const char *id_problem(const void *parent, const struct scalar *type, const char *text) {
    (void)parent;
    bool fine = made_of(text, "abcdefghijklmnopqrstuvwxyz0123456789.-", 2, ID_MAX) &&
                isalnum((unsigned char)text[0]);
    return fine ? NULL : type->expects;
}

const char *name_problem(const void *parent, const struct scalar *type, const char *text) {
    (void)parent;
    bool fine = made_of(text, LETTERS "._-", 1, ID_MAX) && isalnum((unsigned char)text[0]);
    return fine ? NULL : type->expects;
}

/* What directories put into user names goes too: ana@corp.example. */
const char *person_problem(const void *parent, const struct scalar *type, const char *text) {
    (void)parent;
    bool fine = made_of(text, LETTERS "._-@", 1, ID_MAX) &&
                (isalnum((unsigned char)text[0]) || text[0] == '_');
    return fine ? NULL : type->expects;
}

bool scalar_has_word(const struct scalar *type, const char *text) {
    for (const char *const *word = type->words; word != NULL && *word != NULL; word++)
        if (strcmp(*word, text) == 0)
            return true;
    return false;
}

const char *word_problem(const void *parent, const struct scalar *type, const char *text) {
    char *all = xtalloc_strdup(parent, "");
    for (const char *const *word = type->words; *word != NULL; word++) {
        if (strcmp(*word, text) == 0) {
            talloc_free(all);
            return NULL;
        }
        const char *joint = *all == '\0' ? "" : word[1] == NULL ? " or " : ", ";
        all = xtalloc_check(talloc_asprintf_append(all, "%s%s", joint, *word));
    }
    const char *near = text_nearest(text, type->words);
    return near == NULL ? all : xtalloc_asprintf(parent, "%s; did you mean `%s`?", all, near);
}

/* --- numbers ---------------------------------------------------------------------------------- */

const char *integer_problem(const void *parent, const struct scalar *type, const char *text) {
    (void)parent;
    int64_t value;
    return number_parse(text, type->low, type->high, &value) ? NULL : type->expects;
}

const char *real_problem(const void *parent, const struct scalar *type, const char *text) {
    (void)parent;
    double value;
    return number_parse_real(text, &value) ? NULL : type->expects;
}

static const char *duration_problem(const void *parent, const struct scalar *type,
                                    const char *text) {
    int64_t ms, plain;
    struct err *err = err_new(parent);
    bool fine = duration_parse(text, &ms, err);
    talloc_free(err);
    if (fine)
        return NULL;
    if (number_parse(text, 0, INT64_MAX, &plain))
        return xtalloc_asprintf(parent, "%s; did you mean `%ss` or `%sm`?", type->expects, text,
                                text);
    return type->expects;
}

/* --- the kinds -------------------------------------------------------------------------------- */

static const char *const flag_words[] = {"true", "false", NULL};
static const char *const format_words[] = {"1", NULL};

const struct scalar text_scalar = {.name = "text", .expects = "a text"};
const struct scalar id_scalar = {
    .name = "id",
    .expects = "an id of 2 to 64 of a-z, 0-9, dot and dash, starting with a letter or digit",
    .problem = id_problem};
const struct scalar name_scalar = {
    .name = "name",
    .expects =
        "a name of letters, digits, dot, dash and underscore, starting with a letter or digit",
    .problem = name_problem};
const struct scalar format_scalar = {.name = "format",
                                     .expects = "1, the format of this file",
                                     .problem = word_problem,
                                     .words = format_words};
const struct scalar flag_scalar = {
    .name = "flag", .expects = "true or false", .problem = word_problem, .words = flag_words};
const struct scalar count_scalar = {.name = "integer",
                                    .expects = "a whole number from 0 to 1000000",
                                    .problem = integer_problem,
                                    .high = 1000000};
const struct scalar from_one_scalar = {.name = "integer",
                                       .expects = "a whole number from 1 to 1000000",
                                       .problem = integer_problem,
                                       .low = 1,
                                       .high = 1000000};
const struct scalar number_scalar = {
    .name = "number", .expects = "a number", .problem = real_problem};
const struct scalar duration_scalar = {.name = "duration",
                                       .expects = "a duration with its unit: 90s, 10m, 2h, 90d",
                                       .problem = duration_problem};

const struct shape text_shape = {.scalar = &text_scalar};
const struct shape texts_shape = {.list = &text_shape};
const struct shape id_shape = {.scalar = &id_scalar};
const struct shape format_shape = {.scalar = &format_scalar};
const struct shape flag_shape = {.scalar = &flag_scalar};
const struct shape count_shape = {.scalar = &count_scalar};
const struct shape from_one_shape = {.scalar = &from_one_scalar};
const struct shape number_shape = {.scalar = &number_scalar};
const struct shape duration_shape = {.scalar = &duration_scalar};
