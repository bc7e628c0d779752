#include "config.h"

#include "fixture.h"

#include "plan/expr.h"

static const struct pair values[] = {
    {"inputs.region", "eu"},          {"inputs.count", "9"},       {"inputs.other", "10"},
    {"inputs.yes", "true"},           {"inputs.no", "false"},      {"inputs.version", "4.10"},
    {"steps.flag-off.state", "done"}, {"incident.drill", "false"}, {0},
};

static const char *look_up(void *data, const char *name) {
    (void)data;
    return pair_find(values, name);
}

/* --- what it comes to ------------------------------------------------------------------------- */

static const struct {
    const char *text;
    enum truth truth;
    const char *why; /* a piece of it */
} judged[] = {
    {"inputs.region == \"eu\"", TRUTH_TRUE, NULL},
    {"inputs.region == 'us'", TRUTH_FALSE, NULL},
    {"inputs.region != 'us'", TRUTH_TRUE, NULL},
    {"'eu' == inputs.region", TRUTH_TRUE, NULL},
    {"steps.flag-off.state == 'done'", TRUTH_TRUE, NULL},
    /* "Against a number literal both sides are numbers, else strings; order only on numbers." */
    {"inputs.version == 4.1", TRUTH_TRUE, NULL},
    {"inputs.version == '4.1'", TRUTH_FALSE, NULL},
    {"inputs.count < 10", TRUTH_TRUE, NULL},
    {"inputs.count < inputs.other", TRUTH_TRUE, NULL},
    {"inputs.count <= 9", TRUTH_TRUE, NULL},
    {"inputs.count > 9", TRUTH_FALSE, NULL},
    {"inputs.count >= 9.0", TRUTH_TRUE, NULL},
    {"inputs.count >= -1e3", TRUTH_TRUE, NULL},
    {"inputs.count != 9", TRUTH_FALSE, NULL},
    {"inputs.region == 5", TRUTH_UNKNOWN, "inputs.region is \"eu\", not a number"},
    {"inputs.region < 'fr'", TRUTH_UNKNOWN, "not a number"},
    {"inputs.gone == 'x'", TRUTH_UNKNOWN, "inputs.gone has no value yet"},
    {"inputs.yes", TRUTH_TRUE, NULL},
    {"!inputs.yes", TRUTH_FALSE, NULL},
    {"!!inputs.yes", TRUTH_TRUE, NULL},
    {"inputs.no == false", TRUTH_TRUE, NULL},
    {"true", TRUTH_TRUE, NULL},
    {"inputs.region", TRUTH_UNKNOWN, "inputs.region is neither true nor false"},
    {"!(inputs.region == 'eu')", TRUTH_FALSE, NULL},
    {"!inputs.gone", TRUTH_UNKNOWN, "inputs.gone"},
    /* && binds tighter than || */
    {"inputs.yes || inputs.no && inputs.no", TRUTH_TRUE, NULL},
    {"(inputs.yes || inputs.no) && inputs.no", TRUTH_FALSE, NULL},
    /* the side that is known decides where that suffices */
    {"inputs.no && inputs.gone", TRUTH_FALSE, NULL},
    {"inputs.gone && inputs.no", TRUTH_FALSE, NULL},
    {"inputs.yes || inputs.gone", TRUTH_TRUE, NULL},
    {"inputs.gone || inputs.yes", TRUTH_TRUE, NULL},
    {"inputs.yes && inputs.gone", TRUTH_UNKNOWN, "inputs.gone"},
    {"inputs.gone || inputs.no", TRUTH_UNKNOWN, "inputs.gone"},
    {" ( inputs.yes ) \n && \t inputs.yes ", TRUTH_TRUE, NULL},
    {"inputs.region=='eu'&&inputs.count<10", TRUTH_TRUE, NULL},
};

static void test_judged(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(judged); i++) {
        struct err *err = err_new(*state);
        struct expr *expr;
        const char *why = NULL;
        if (!expr_parse(*state, judged[i].text, &expr, err))
            fail_msg("%s: %s", judged[i].text, err_sentence(*state, err));
        enum truth truth = expr_eval(*state, expr, look_up, NULL, &why);
        if (truth != judged[i].truth)
            fail_msg("%s came to %d (%s)", judged[i].text, (int)truth, why == NULL ? "" : why);
        assert_true((why == NULL) == (judged[i].why == NULL));
        if (why != NULL && strstr(why, judged[i].why) == NULL)
            fail_msg("%s: %s", judged[i].text, why);
        assert_int_equal(expr_eval(*state, expr, look_up, NULL, NULL), judged[i].truth);
    }
}

/* --- what is no expression -------------------------------------------------------------------- */

static const struct {
    const char *text;
    const char *byte;
    const char *words;
} refused[] = {
    {"", "byte 1", "ends too early"},
    {"a ==", "byte 5", "ends too early"},
    {"a && ", "byte 6", "ends too early"},
    {"a = b", "byte 3", "behind the end"},
    {"a b", "byte 3", "behind the end"},
    {"a)", "byte 2", "behind the end"},
    {"(a", "byte 3", "not closed"},
    {"'a == b", "byte 1", "a quote is not closed"},
    {"a == 7.3.1", "byte 6", "not a number"},
    {"5", "byte 2", "neither yes nor no"},
    {"'x'", "byte 4", "neither yes nor no"},
    {"a == b == c", "byte 8", "can't be compared"},
    {"(a == b) == c", "byte 10", "can't be compared"},
    {"!a == b", "byte 4", "can't be compared"},
    {"a & b", "byte 3", "behind the end"},
    {"+ a", "byte 1", "must stand here"},
    {"a == \xC3\xA4", "byte 6", "must stand here"},
};

static void test_refused(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        struct err *err = err_new(*state);
        struct expr *expr;
        if (expr_parse(*state, refused[i].text, &expr, err))
            fail_msg("%s was taken", refused[i].text);
        assert_null(expr);
        assert_int_equal(err->code, ERR_USAGE);
        if (strcmp(err->on, refused[i].byte) != 0 || strstr(err->what, refused[i].words) == NULL)
            fail_msg("%s: %s", refused[i].text, err_sentence(*state, err));
    }
}

static char *many(void **state, const char *piece, int times, const char *end) {
    char *text = xtalloc_strdup(*state, "");
    for (int i = 0; i < times; i++)
        text = talloc_strdup_append_buffer(text, piece);
    return talloc_strdup_append_buffer(text, end);
}

static bool nests(void **state, int levels) {
    struct expr *expr;
    char *text = many(state, "(", levels, many(state, "a", 1, many(state, ")", levels, "")));
    return expr_parse(*state, text, &expr, err_new(*state));
}

static void test_bounds(void **state) {
    struct err *err = err_new(*state);
    struct expr *expr;
    int both = EXPR_MAX_TERMS - 1; /* a name and an && are a term each */
    assert_true(nests(state, EXPR_MAX_DEPTH));
    assert_false(nests(state, EXPR_MAX_DEPTH + 1));
    assert_false(expr_parse(*state, many(state, "(", 100000, "a"), &expr, err));
    assert_false(expr_parse(*state, many(state, "!", 100000, "a"), &expr, err));
    assert_true(expr_parse(*state, many(state, "a && ", both / 2, "a"), &expr, err));
    assert_false(expr_parse(*state, many(state, "a && ", both / 2 + 1, "a"), &expr, err));
    assert_false(expr_parse(*state, many(state, "a && ", 100000, "a"), &expr, err));
    assert_non_null(strstr(err->what, "too long"));
}

static void test_names(void **state) {
    struct err *err = err_new(*state);
    struct expr *expr;
    assert_true(expr_parse(*state, "a.b == 1 || !(c-d == 'e' && true) || f == g", &expr, err));
    const char *const *names = expr_names(expr);
    assert_string_equal(names[0], "a.b");
    assert_string_equal(names[1], "c-d");
    assert_string_equal(names[2], "f");
    assert_string_equal(names[3], "g");
    assert_null(names[4]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_judged),
        MEMORY_TEST(test_refused),
        MEMORY_TEST(test_bounds),
        MEMORY_TEST(test_names),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
