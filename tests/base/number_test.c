#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/number.h"

static void whole_numbers_are_read(void **state) {
    static const struct {
        const char *text;
        int64_t value;
    } cases[] = {
        {"0", 0},
        {"-0", 0},
        {"+7", 7},
        {"007", 7},
        {"-42", -42},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
    };
    int64_t value;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        value = 99;
        assert_true(number_parse(cases[i].text, INT64_MIN, INT64_MAX, &value));
        assert_true(value == cases[i].value);
    }
}

static void everything_else_is_refused(void **state) {
    static const char *const cases[] = {
        "",
        "-",
        "+",
        "--1",
        " 1",
        "1 ",
        "1.0",
        "0x1",
        "1e3",
        "1,000",
        "\u0661",
        "9223372036854775808",
        "1_0",
        "+-1",
        "1\n",
        "nan",
        "-9223372036854775809",
        "99999999999999999999999",
    };
    int64_t value = 99;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        if (number_parse(cases[i], INT64_MIN, INT64_MAX, &value)) {
            fail_msg("took \"%s\"", cases[i]);
        }
        assert_true(value == 99);
    }
}

static void bounds_are_within(void **state) {
    int64_t value;

    (void)state;
    assert_true(number_parse("1", 1, 5, &value));
    assert_true(number_parse("5", 1, 5, &value));
    assert_false(number_parse("0", 1, 5, &value));
    assert_false(number_parse("6", 1, 5, &value));
}

static void decimals_are_read(void **state) {
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"94.1", 94.1}, {"-3", -3}, {"1e3", 1000}, {"+2.5E-1", 0.25}, {"0.0", 0}, {"007.50", 7.5},
    };
    double value;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_true(number_parse_real(cases[i].text, &value));
        assert_true(value == cases[i].value);
    }
}

static void no_other_decimals(void **state) {
    static const char *const cases[] = {
        "",   "-",   ".5",    "5.", "1e",    "1e+", "inf",    "nan",      "0x1p3", " 1",
        "1 ", "1,5", "1.2.3", "e5", "1e999", "--1", "-1e999", "Infinity", "1.5f",
    };
    double value = 99;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        if (number_parse_real(cases[i], &value)) {
            fail_msg("took \"%s\"", cases[i]);
        }
        assert_true(value == 99);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_read), cmocka_unit_test(everything_else_is_refused),
        cmocka_unit_test(bounds_are_within),      cmocka_unit_test(decimals_are_read),
        cmocka_unit_test(no_other_decimals),
    };

    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
