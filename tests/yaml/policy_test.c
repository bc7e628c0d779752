#include "config.h"

#include "tests/yaml/fixture.h"

#include "base/err.h"
#include "base/time.h"
#include "yaml/policy_keys.h"
#include "yaml/scalar.h"

static const struct node *read_text(void **state, const char *text) {
    struct err *err = err_new(*state);
    struct node *root;
    size_t line, column;
    if (!node_read(*state, text, strlen(text), &root, &line, &column, err))
        fail_msg("%zu:%zu: %s", line, column, err_sentence(*state, err));
    return root;
}

static void test_roles(void **state) {
    struct roles roles = {0};
    store_roles(*state, &roles_shape, read_text(state, "{dev: [cy, dot], dba: [], odd: cy}"),
                &roles);
    assert_int_equal(roles.count, 3);
    const struct role_people *dev = role_find(&roles, "dev");
    assert_string_equal(dev->people[0], "cy");
    assert_true(role_has(dev, "dot"));
    assert_false(role_has(dev, "ana"));
    assert_null(role_find(&roles, "dba")->people[0]);
    assert_null(role_find(&roles, "odd")->people[0]);
    assert_null(role_find(&roles, "ops"));
    assert_false(role_has(NULL, "cy"));
    store_roles(*state, &roles_shape, read_text(state, "[dev]"), &roles);
    assert_int_equal(roles.count, 3);
}

/* DESIGN §5: "Incident commander (IC), deputy, scribe, communications lead" */
static void test_standing_roles(void **state) {
    (void)state;
    static const char *const all[] = {"commander", "deputy", "scribe", "comms"};
    for (size_t i = 0; i < ARRAY_SIZE(all); i++)
        assert_true(role_is_standing(all[i]));
    assert_false(role_is_standing("dba"));
}

static void test_who_can_be_a_person(void **state) {
    static const char *const people[] = {"ana", "uid-54321", "_apt", "ana@corp.example", "A.B_c"};
    static const char *const others[] = {"",        "ana b",      "-ana", "@ana",
                                         "ana\x1b", "\xC3\xA4na", ".a"};
    for (size_t i = 0; i < ARRAY_SIZE(people); i++)
        assert_null(scalar_problem(*state, &person_scalar, people[i]));
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        assert_non_null(scalar_problem(*state, &person_scalar, others[i]));
}

static void test_targets_are_taken_one_by_one(void **state) {
    struct targets mine = {0};
    store_section(*state, &targets_shape, read_text(state, "{decide: 3m, call_out: 1m}"), &mine);
    struct targets merged = targets_merge(&mine, &default_targets);
    assert_int_equal(merged.decide_ms, 3 * MINUTE_MS);
    assert_int_equal(merged.call_out_ms, MINUTE_MS);
    assert_int_equal(merged.acknowledge_ms, 5 * MINUTE_MS);
    assert_int_equal(merged.executive_every_ms, 30 * MINUTE_MS);
    assert_int_equal(mine.acknowledge_ms, 0);
}

static void test_escalation(void **state) {
    struct escalation escalation = {0};
    const char *text = "- {if: unacknowledged, after: 3m, to: [commander, pager], repeat: 2}\n"
                       "- {if: not_recovered, after: 1h, to: [vp]}\n";
    store_escalation(*state, &escalation_shape, read_text(state, text), &escalation);
    assert_int_equal(escalation.count, 2);
    const struct escalation_level *first = &escalation.levels[0], *last = &escalation.levels[1];
    assert_int_equal(first->event, LATE_UNACKNOWLEDGED);
    assert_int_equal(first->after_ms, 3 * MINUTE_MS);
    assert_string_equal(first->to[1], "pager");
    assert_null(first->to[2]);
    assert_int_equal(first->repeat, 2);
    assert_int_equal(last->event, LATE_RECOVERY);
    assert_int_equal(last->repeat, 0);
    assert_string_equal(lateness_name(LATE_APPROVAL), "approval_waiting");
}

/* "Loading a frozen plan ignores what it doesn't know": a level about something else must not
 * become one about an acknowledgement. */
static void test_levels_of_a_newer_program_are_passed_over(void **state) {
    struct escalation escalation = {0};
    const char *text = "- {if: disk_full, after: 3m, to: [commander]}\n"
                       "- {after: 3m, to: [commander]}\n"
                       "- {if: undecided, after: 3m, to: everybody}\n"
                       "- text\n"
                       "- {if: undecided, after: 4m, to: [bo]}\n";
    store_escalation(*state, &escalation_shape, read_text(state, text), &escalation);
    assert_int_equal(escalation.count, 1);
    assert_int_equal(escalation.levels[0].after_ms, 4 * MINUTE_MS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_roles),
        MEMORY_TEST(test_standing_roles),
        MEMORY_TEST(test_who_can_be_a_person),
        MEMORY_TEST(test_targets_are_taken_one_by_one),
        MEMORY_TEST(test_escalation),
        MEMORY_TEST(test_levels_of_a_newer_program_are_passed_over),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
