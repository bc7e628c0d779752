#include "config.h"

#include "fixture.h"

static const char inputs[] =
    "inputs:\n"
    "  target: {type: string, required: true, pattern: '[0-9]+[.][0-9]+'}\n"
    "  count: {type: integer}\n"
    "  ratio: {type: number}\n"
    "  force: {type: boolean, default: \"false\"}\n"
    "  region: {type: choice, choices: [eu, us, both], default: both}\n"
    "  since: {type: datetime}\n"
    "  token: {type: string, sensitive: true}\n"
    "steps:\n";

static const struct plan *asking_plan(void **state) {
    return plan_of(*state, plan_with(*state, "steps:\n", inputs));
}

static bool resolve(void **state, const struct pair *given, const struct pair **resolved,
                    struct err *err) {
    return plan_inputs_resolve(*state, asking_plan(state), given, resolved, err);
}

/* --- what is taken ---------------------------------------------------------------------------- */

static void test_in_the_order_of_the_plan(void **state) {
    static const struct pair given[] = {{"token", "x"}, {"target", "4.11"}, {0}};
    const struct pair *resolved;
    assert_true(resolve(state, given, &resolved, err_new(*state)));
    assert_string_equal(resolved[0].key, "target");
    assert_string_equal(resolved[0].value, "4.11");
    assert_string_equal(resolved[1].key, "force");
    assert_string_equal(resolved[1].value, "false");
    assert_string_equal(resolved[2].key, "region");
    assert_string_equal(resolved[2].value, "both");
    assert_string_equal(resolved[3].key, "token");
    assert_null(resolved[4].key);
}

/* "a sensitive one leaves only its digest" */
static void test_sensitive_leaves_its_digest(void **state) {
    static const struct pair given[] = {{"token", "abc"}, {"target", "4.11"}, {0}};
    const struct pair *resolved;
    assert_true(resolve(state, given, &resolved, err_new(*state)));
    assert_string_equal(pair_find(resolved, "token"),
                        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_none_asked_none_given(void **state) {
    const struct pair *resolved;
    const struct plan *plan = plan_of(*state, smallest_plan);
    assert_true(plan_inputs_resolve(*state, plan, NULL, &resolved, err_new(*state)));
    assert_null(resolved[0].key);
}

static const struct pair taken[] = {
    {"count", "-3"},
    {"ratio", "1e3"},
    {"force", "true"},
    {"region", "us"},
    {"since", "2026-11-12T14:08:00Z"},
    {"token", ""},
};

static void test_taken(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
        const struct pair given[] = {{"target", "1.0"}, taken[i], {0}};
        const struct pair *resolved;
        struct err *err = err_new(*state);
        if (!resolve(state, given, &resolved, err))
            fail_msg("%s=%s: %s", taken[i].key, taken[i].value, err_sentence(*state, err));
    }
}

/* --- what is not ------------------------------------------------------------------------------ */

static const struct {
    struct pair given;
    const char *words;
} refused[] = {
    {{"count", "3.5"}, "must be a whole number, not 3.5"},
    {{"count", ""}, "must be a whole number"},
    {{"ratio", "many"}, "must be a number, not many"},
    {{"ratio", "nan"}, "must be a number"},
    {{"force", "yes"}, "must be true or false, not yes"},
    {{"region", "su"}, "must be one of its choices, not su"},
    {{"region", "boht"}, "did you mean both?"},
    {{"since", "14:08"}, "must be a time such as"},
    {{"since", "2026-13-12T14:08:00Z"}, "must be a time such as"},
    {{"target", "4.11-rc1"}, "must match [0-9]+[.][0-9]+"},
    {{"target", "v4.11"}, "must match"},
    {{"regoin", "eu"}, "did you mean region?"},
    {{"zzzzzzzzz", "eu"}, "the plan asks for no such input"},
};

static void test_refused(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        const struct pair given[] = {refused[i].given, {"target", "1.0"}, {0}};
        const struct pair *resolved;
        struct err *err = err_new(*state);
        if (resolve(state, given, &resolved, err))
            fail_msg("%s=%s was taken", given[0].key, given[0].value);
        assert_null(resolved);
        assert_int_equal(err->code, ERR_USAGE);
        assert_string_equal(err->on, given[0].key);
        if (strstr(err->remedy, refused[i].words) == NULL)
            fail_msg("%s=%s: %s", given[0].key, given[0].value, err_sentence(*state, err));
    }
}

static void test_missing(void **state) {
    const struct pair *resolved;
    struct err *err = err_new(*state);
    assert_false(resolve(state, NULL, &resolved, err));
    assert_string_equal(err->on, "target");
}

static void test_sensitive_is_not_echoed(void **state) {
    const char *text =
        plan_with(*state, "steps:\n", "inputs: {pin: {type: integer, sensitive: true}}\nsteps:\n");
    static const struct pair given[] = {{"pin", "hunter2"}, {0}};
    const struct pair *resolved;
    struct err *err = err_new(*state);
    assert_false(plan_inputs_resolve(*state, plan_of(*state, text), given, &resolved, err));
    assert_null(strstr(err_sentence(*state, err), "hunter2"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_in_the_order_of_the_plan),
        MEMORY_TEST(test_sensitive_leaves_its_digest),
        MEMORY_TEST(test_none_asked_none_given),
        MEMORY_TEST(test_taken),
        MEMORY_TEST(test_refused),
        MEMORY_TEST(test_missing),
        MEMORY_TEST(test_sensitive_is_not_echoed),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
