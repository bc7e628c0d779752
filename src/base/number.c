#include "config.h"

#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Digits are gathered below zero, where there is room for one more than above. */
static bool add_digit(int64_t *negative, char digit) {
    int64_t tenfold;

    return !__builtin_mul_overflow(*negative, 10, &tenfold) &&
           !__builtin_sub_overflow(tenfold, digit - '0', negative);
}

bool number_parse(const char *text, int64_t low, int64_t high, int64_t *value) {
    bool minus = *text == '-';
    int64_t result = 0;

    if (*text == '-' || *text == '+') {
        text++;
    }
    if (*text == '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (!is_digit(*text) || !add_digit(&result, *text)) {
            return false;
        }
    }
    if (!minus && __builtin_sub_overflow(0, result, &result)) {
        return false;
    }
    if (result < low || result > high) {
        return false;
    }
    *value = result;
    return true;
}

/* Past at least one digit; NULL when there is none. */
static const char *pass_digits(const char *text) {
    if (text == NULL || !is_digit(*text)) {
        return NULL;
    }
    while (is_digit(*text)) {
        text++;
    }
    return text;
}

static const char *pass_sign(const char *text) {
    return *text == '-' || *text == '+' ? text + 1 : text;
}

/* strtod takes more than we do: white space, "inf", "nan", hexadecimal. */
static bool is_decimal(const char *text) {
    text = pass_digits(pass_sign(text));
    if (text != NULL && *text == '.') {
        text = pass_digits(text + 1);
    }
    if (text != NULL && (*text == 'e' || *text == 'E')) {
        text = pass_digits(pass_sign(text + 1));
    }
    return text != NULL && *text == '\0';
}

bool number_parse_real(const char *text, double *value) {
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", NULL);

    if (c_locale == NULL) {
        return false;
    }
    double result = is_decimal(text) ? strtod_l(text, NULL, c_locale) : HUGE_VAL;
    freelocale(c_locale);
    if (!isfinite(result)) {
        return false;
    }
    *value = result;
    return true;
}
