#include "config.h"

#include "plan/scalar.h"

#include "base/array.h"
#include "base/limits.h"
#include "base/number.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "plan/expr.h"

#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

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
    bool fine = made_of(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-",
                        1, ID_MAX) &&
                isalnum((unsigned char)text[0]);
    return fine ? NULL : type->expects;
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

static const char *integer_problem(const void *parent, const struct scalar *type,
                                   const char *text) {
    (void)parent;
    int64_t value;
    return number_parse(text, type->low, type->high, &value) ? NULL : type->expects;
}

static const char *real_problem(const void *parent, const struct scalar *type, const char *text) {
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

bool money_parse(const char *text, int64_t *minor, const char **currency) {
    size_t whole = strspn(text, "0123456789");
    const char *rest = text + whole;
    int64_t cents = 0;
    if (rest[0] == '.' && isdigit((unsigned char)rest[1]) && isdigit((unsigned char)rest[2])) {
        cents = (rest[1] - '0') * 10 + (rest[2] - '0');
        rest += 3;
    }
    char *digits = xtalloc_strndup(NULL, text, whole);
    int64_t units;
    bool fine = number_parse(digits, 0, INT64_MAX / 100 - 1, &units) && rest[0] == ' ' &&
                made_of(rest + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 3, 3);
    talloc_free(digits);
    if (!fine)
        return false;
    *minor = units * 100 + cents;
    *currency = rest + 1;
    return true;
}

static const char *money_problem(const void *parent, const struct scalar *type, const char *text) {
    (void)parent;
    int64_t minor;
    const char *currency;
    return money_parse(text, &minor, &currency) ? NULL : type->expects;
}

/* --- little languages ------------------------------------------------------------------------- */

bool regex_fits(const char *pattern) {
    if (strlen(pattern) > REGEX_MAX_BYTES)
        return false;
    uint64_t repeats = 1;
    for (const char *brace = strchr(pattern, '{'); brace != NULL; brace = strchr(brace + 1, '{')) {
        const char *comma = brace + 1 + strspn(brace + 1, "0123456789");
        unsigned long low = strtoul(brace + 1, NULL, 10);
        unsigned long high = *comma == ',' ? strtoul(comma + 1, NULL, 10) : 0;
        unsigned long most = low > high ? low : high;
        if (most > REGEX_MAX_REPEAT || (repeats *= most == 0 ? 1 : most) > REGEX_MAX_REPEAT)
            return false;
    }
    return true;
}

static const char *regex_problem(const void *parent, const struct scalar *type, const char *text) {
    if (!regex_fits(text))
        return xtalloc_asprintf(parent, "%s of at most %d bytes and %d repetitions", type->expects,
                                REGEX_MAX_BYTES, REGEX_MAX_REPEAT);
    regex_t regex;
    int status = regcomp(&regex, text, REG_EXTENDED);
    if (status == 0) {
        regfree(&regex);
        return NULL;
    }
    char reason[128];
    regerror(status, &regex, reason, sizeof(reason));
    return xtalloc_asprintf(parent, "%s: %s", type->expects, reason);
}

static const char *expr_problem(const void *parent, const struct scalar *type, const char *text) {
    void *scratch = xtalloc_size(parent, 0);
    struct err *err = err_new(scratch);
    struct expr *expr;
    const char *problem = NULL;
    if (!expr_parse(scratch, text, &expr, err))
        problem = xtalloc_asprintf(parent, "%s: %s", type->expects, err_sentence(scratch, err));
    talloc_free(scratch);
    return problem;
}

/* ">= 98.5": what a sample is held against. */
static const char *condition_problem(const void *parent, const struct scalar *type,
                                     const char *text) {
    (void)parent;
    static const char *const operators[] = {">=", "<=", "==", "!=", ">", "<"};
    for (size_t i = 0; i < ARRAY_SIZE(operators); i++) {
        size_t length = strlen(operators[i]);
        if (strncmp(text, operators[i], length) != 0)
            continue;
        const char *number = text + length + strspn(text + length, " ");
        return real_problem(parent, type, number);
    }
    return type->expects;
}

static const char *short_problem(const void *parent, const struct scalar *type, const char *text) {
    int64_t length = 0;
    for (const char *at = text; *at != '\0'; at++)
        length += ((unsigned char)*at & 0xC0) != 0x80;
    if (length <= type->high)
        return NULL;
    return xtalloc_asprintf(parent, "%s; this has %lld", type->expects, (long long)length);
}

/* --- the kinds -------------------------------------------------------------------------------- */

static const char *const flag_words[] = {"true", "false", NULL};
static const char *const all_words[] = {"true", NULL};
static const char *const format_words[] = {"1", NULL};

const struct scalar text_scalar = {.name = "text", .expects = "a text"};
const struct scalar raw_scalar = {.name = "text", .expects = "a text", .scope = SCOPE_RAW};
const struct scalar step_text_scalar = {.name = "text", .expects = "a text", .scope = SCOPE_STEP};
const struct scalar secret_text_scalar = {
    .name = "text", .expects = "a text", .scope = SCOPE_STEP | SCOPE_SECRETS};
const struct scalar notice_text_scalar = {
    .name = "text", .expects = "a text", .scope = SCOPE_STEP | SCOPE_NOTICE};
const struct scalar notice_short_scalar = {.name = "text",
                                           .expects = "a text of at most 90 characters",
                                           .problem = short_problem,
                                           .high = 90,
                                           .scope = SCOPE_STEP | SCOPE_NOTICE};
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
const struct scalar all_scalar = {
    .name = "flag", .expects = "true", .problem = word_problem, .words = all_words};
const struct scalar count_scalar = {.name = "integer",
                                    .expects = "a whole number from 0 to 1000000",
                                    .problem = integer_problem,
                                    .high = 1000000};
const struct scalar from_one_scalar = {.name = "integer",
                                       .expects = "a whole number from 1 to 1000000",
                                       .problem = integer_problem,
                                       .low = 1,
                                       .high = 1000000};
const struct scalar status_scalar = {.name = "integer",
                                     .expects = "an HTTP status from 100 to 599",
                                     .problem = integer_problem,
                                     .low = 100,
                                     .high = 599};
const struct scalar number_scalar = {
    .name = "number", .expects = "a number", .problem = real_problem};
const struct scalar duration_scalar = {.name = "duration",
                                       .expects = "a duration with its unit: 90s, 10m, 2h, 90d",
                                       .problem = duration_problem};
const struct scalar money_scalar = {.name = "money",
                                    .expects = "an amount and its currency: 2300 EUR or 4.50 USD",
                                    .problem = money_problem};
const struct scalar regex_scalar = {.name = "regex",
                                    .expects = "a POSIX extended regular expression",
                                    .problem = regex_problem,
                                    .scope = SCOPE_RAW};
const struct scalar expr_scalar = {
    .name = "expression", .expects = "an expression", .problem = expr_problem, .scope = SCOPE_RAW};
const struct scalar condition_scalar = {.name = "condition",
                                        .expects = "a comparison with a number: >= 98.5 or == 0",
                                        .problem = condition_problem,
                                        .scope = SCOPE_RAW};
