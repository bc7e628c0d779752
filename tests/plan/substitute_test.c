#include "config.h"

#include "fixture.h"

#include "plan/substitute.h"

static const struct pair values[] = {
    {"inputs.a", "one"}, {"inputs.again", "${inputs.a}"}, {"inputs.empty", ""}, {0}};

static const char *look_up(void *data, const char *name) {
    (void)data;
    return pair_find(values, name);
}

static const struct {
    const char *text, *result;
} replaced[] = {
    {"", ""},
    {"plain", "plain"},
    {"${inputs.a}", "one"},
    {"x${inputs.a}y${inputs.a}z", "xoneyonez"},
    {"${inputs.a}${inputs.a}", "oneone"},
    {"[${inputs.empty}]", "[]"},
    /* "replaced once, inside strings, never re-scanned" */
    {"${inputs.again}", "${inputs.a}"},
    {"$${inputs.a}", "${inputs.a}"},
    {"a $${HOME} b ${inputs.a}", "a ${HOME} b one"},
    {"$", "$"},
    {"$$", "$$"},
    {"5$ {x} }", "5$ {x} }"},
    {"$inputs.a", "$inputs.a"},
};

static void test_replaced(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(replaced); i++) {
        struct err *err = err_new(*state);
        const char *result = substitute(*state, replaced[i].text, look_up, NULL, err);
        assert_non_null(result);
        assert_string_equal(result, replaced[i].result);
    }
}

static void test_unknown(void **state) {
    struct err *err = err_new(*state);
    assert_null(substitute(*state, "a ${inputs.b} c", look_up, NULL, err));
    assert_int_equal(err->code, ERR_NOT_FOUND);
    assert_string_equal(err->on, "${inputs.b} has no value");
    assert_null(substitute(*state, "a ${inputs.a", look_up, NULL, err));
    assert_string_equal(err->on, "a ${ is never closed");
}

static void collect(void *data, const char *name) {
    char **names = data;
    *names = talloc_asprintf_append(*names, "<%s>", name == NULL ? "open" : name);
}

static void test_names(void **state) {
    char *names = xtalloc_strdup(*state, "");
    substitute_names("${a} $${b} ${c.d}${e} ${f", collect, &names);
    assert_string_equal(names, "<a><c.d><e><open>");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_replaced),
        MEMORY_TEST(test_unknown),
        MEMORY_TEST(test_names),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
