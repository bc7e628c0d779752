#include "config.h"

#include "plan/scalar.h"

#include "base/array.h"
#include "base/limits.h"
#include "base/number.h"
#include "base/xtalloc.h"
#include "plan/expr.h"
#include "plan/keys.h"

#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* --- money ------------------------------------------------------------------------------------ */

static bool is_currency(const char *text) {
    return strlen(text) == 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
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
                is_currency(rest + 1);
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

static const char *const all_words[] = {"true", NULL};

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
const struct scalar all_scalar = {
    .name = "flag", .expects = "true", .problem = word_problem, .words = all_words};
const struct scalar status_scalar = {.name = "integer",
                                     .expects = "an HTTP status from 100 to 599",
                                     .problem = integer_problem,
                                     .low = 100,
                                     .high = 599};
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
