/* How long what a plan's keys hold may be. */
#include "config.h"

#include "fixture.h"

#include "plan/scalar.h"

static char *of_length(const void *parent, char byte, size_t length) {
    char *text = xtalloc_zero_array(parent, char, length + 1);
    memset(text, byte, length);
    return text;
}

static void an_id_has_a_length(void **state) {
    static const struct scalar type = {.name = "id", .expects = "an id", .problem = id_problem};
    assert_null(scalar_problem(*state, &type, of_length(*state, 'a', ID_MAX)));
    assert_non_null(scalar_problem(*state, &type, of_length(*state, 'a', ID_MAX + 1)));
    assert_null(scalar_problem(*state, &type, "ab"));
    assert_non_null(scalar_problem(*state, &type, "a"));
}

static void a_pattern_has_a_length(void **state) {
    assert_true(regex_fits(of_length(*state, 'a', REGEX_MAX_BYTES)));
    assert_false(regex_fits(of_length(*state, 'a', REGEX_MAX_BYTES + 1)));
}

static void a_pattern_repeats_so_often(void **state) {
    static const struct {
        const char *pattern;
        int repeats;
        bool fits;
    } cases[] = {
        {"a{%d}", REGEX_MAX_REPEAT, true},
        {"a{%d}", REGEX_MAX_REPEAT + 1, false},
        {"(a{%d}){2}", REGEX_MAX_REPEAT / 2, true},
        {"(a{%d}){2}", REGEX_MAX_REPEAT, false},
    };
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *digits = strchr(cases[i].pattern, '%');
        char *pattern = xtalloc_asprintf(*state, "%.*s%d%s", (int)(digits - cases[i].pattern),
                                         cases[i].pattern, cases[i].repeats, digits + 2);
        assert_int_equal(regex_fits(pattern), cases[i].fits);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(an_id_has_a_length),
        MEMORY_TEST(a_pattern_has_a_length),
        MEMORY_TEST(a_pattern_repeats_so_often),
    };
    return cmocka_run_group_tests_name("scalar", tests, NULL, NULL);
}
