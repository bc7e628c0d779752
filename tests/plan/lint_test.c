#include "config.h"

#include "wrong.h"

#include "yaml/node.h"

/* What an incident may be declared with, and what lint still says about it; and what comes out. */

/* --- B010 to B039 ----------------------------------------------------------------------------- */

static const struct wrong bad_people[] = {
    {"    owner: search\n", "", "B010", 8, 5, "`flag-off` has no owner", "add `owner:`"},
    {"commander: [ic1, ic2], ", "", "B010", 18, 12, "nobody is named for `commander`",
     "roles: {commander"},
    {"search: [dev1, dev2]", "search: []", "B010", 6, 40, "the role `search` has no people", ""},
    {"roles: {commander: [ic1, ic2], search: [dev1, dev2]}\n", "", "B010", 1, 1,
     "the plan names no people at all", "add `roles:`"},
};

#define GATE(words) STEPS, "approvals: {gate: {" words "}}\n" STEPS

static const struct wrong bad_gates[] = {
    {GATE("from: [search], need: 3"), "B050", 7, 42,
     "`gate` needs 3 of 2 who can vote: it would never open", "more people"},
    {GATE("from: [search, search], need: 3"), "B050", 7, 50, "needs 3 of 2 who can vote", ""},
    {GATE("from: [search, deputy], need: 4"), "B050", 7, 50, "needs 4 of 3 who can vote", ""},
    {GATE("from: [search], need: 2, distinct_roles: true"), "B050", 7, 42,
     "needs 2 of 1 who can vote, each for another role", "more roles"},
    {GATE("from: [search, search], need: 2, distinct_roles: true"), "B050", 7, 50, "needs 2 of 1",
     ""},
};

static void test_bad_gates(void **state) {
    check_wrong(state, bad_gates, ARRAY_SIZE(bad_gates), FINDING_ERROR);
}

static const struct wrong warned[] = {
    {"search: [dev1, dev2]", "search: [dev1]", "B010", 6, 40,
     "`search` has no stand-in: when dev1 sleeps", "a second person"},
    {"    box: 5m\n    run", "    run", "B011", 8, 5, "`flag-off` has no time-box",
     "add `box: 5m`"},
    {"idempotent: true", "idempotent: true\n    timeout: 6m", "B011", 14, 14,
     "`timeout` may take 6m, longer than the box of 5m", ""},
    {"\"off\"]}", "\"off\"], within: 7m}", "B011", 14, 63, "`verify` may take 7m", ""},
    {STEPS, "rto: 9m\n" STEPS, "B011", 7, 6,
     "the boxes of option `back` add up to 10m on the longest path, and 9m", "side by side"},
    {"why: Search feeds a third of all orders; a wrong ranking is lost revenue every minute.\n", "",
     "B020", 1, 1, "the plan has no `why`", "add `why:`"},
    {"idempotent: true", "idempotent: true\n    phase: data", "B020", 14, 12,
     "`flag-off` touches data and the plan has no `point_of_no_return`", "point_of_no_return"},
    {"idempotent: true", "destructive: true", "B020", 13, 18, "`flag-off` touches data", ""},
    {"    verify: {run: [./bin/flag-is, ranking-v7, \"off\"]}\n", "", "B030", 8, 5,
     "`flag-off` changes production and has no `verify`", "only reads"},
    {"    undo: ./bin/flag ranking-v7 on\n", "", "B039", 8, 5,
     "`flag-off` changes production and has no `undo`", "no way back"},
};

static void test_bad_people(void **state) {
    check_wrong(state, bad_people, ARRAY_SIZE(bad_people), FINDING_ERROR);
}

static void test_warned(void **state) {
    check_wrong(state, warned, ARRAY_SIZE(warned), FINDING_WARNING);
}

static const char *const unwarned[][2] = {
    {GATE("from: [search]")},
    {GATE("from: [search], need: 2, distinct_roles: false")},
    {GATE("from: [search, deputy], need: 3")},
    {GATE("from: [commander, search], need: 2, distinct_roles: true")},
    {"    verify: {run: [./bin/flag-is, ranking-v7, \"off\"]}\n    undo: ./bin/flag ranking-v7 "
     "on\n",
     "    read_only: true\n"},
    {"    box: 5m\n    manual: The first ten results are shoes.", "    wait: 5m"},
    {STEPS, "rto: 10m\n" STEPS},
    {STEPS, "rto: 5m\noptions: {flag: {steps: [flag-off]}, look: {steps: [look]}}\n" STEPS},
    {"idempotent: true", "idempotent: true\n    timeout: 5m"},
    {"steps:\n  - id: flag-off\n",
     "point_of_no_return: {step: flag-off}\nsteps:\n  - id: flag-off\n    phase: data\n"},
};

static void test_unwarned(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(unwarned); i++) {
        const struct lint *lint =
            lint_of(*state, plan_with(*state, unwarned[i][0], unwarned[i][1]));
        if (lint->count != 0)
            fail_msg("%s:%s", unwarned[i][1], all_findings(*state, lint));
    }
}

/* --- comments that ignore --------------------------------------------------------------------- */

static const struct {
    const char *comment;
    const char *told; /* NULL: the finding is gone */
} ignores[] = {
    {"# backout:ignore B039 until=2026-12-31 the flag has no way on", NULL},
    {"# backout:ignore B039 until=2026-11-12 the day itself counts", NULL},
    {"# see below # backout:ignore B039 until=2026-12-31 reason", NULL},
    {"# backout:ignore B030 until=2026-12-31 r  # backout:ignore B039 until=2026-12-31 r", NULL},
    {"# backout:ignore B039 until=2026-11-11 yesterday", "it was ignored until=2026-11-11"},
    {"# backout:ignore B039 until=2026-12-31", "gives no reason"},
    {"# backout:ignore B039 until=2026-12-31  ", "gives no reason"},
    {"# backout:ignore B039 a reason without a date", "has no until=YYYY-MM-DD"},
    {"# backout:ignore B039 until=soon because", "has no until=YYYY-MM-DD"},
    {"# backout:ignore B030 until=2026-12-31 another rule", "changes production and has no `undo`"},
    {"# backout:ignored B039 until=2026-12-31 no such word", "has no `undo`"},
};

static void test_ignores(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(ignores); i++) {
        char *text = plan_with(*state, "    undo: ./bin/flag ranking-v7 on\n", "");
        char *at = strstr(text, "- id: flag-off");
        text = xtalloc_asprintf(*state, "%.*s- id: flag-off  %s%s", (int)(at - text), text,
                                ignores[i].comment, at + strlen("- id: flag-off"));
        const struct lint *lint = lint_of(*state, text);
        bool gone = ignores[i].told == NULL;
        if (lint->count != !gone ||
            (!gone && strstr(lint->findings[0].message, ignores[i].told) == NULL))
            fail_msg("%s:%s", ignores[i].comment, all_findings(*state, lint));
    }
}

/* "Only B001–B003 can't be declared", so no comment takes them away. */
static void test_essential_rules_are_not_ignored(void **state) {
    const struct lint *lint = lint_of(
        *state, plan_with(*state, "owner: search",
                          "owner: serch  # backout:ignore B002 until=2026-12-31 I know better"));
    assert_int_equal(lint->count, 1);
    assert_false(lint->loadable);
}

/* --- what comes out --------------------------------------------------------------------------- */

static void test_sorted_and_counted(void **state) {
    const struct lint *lint =
        lint_of(*state, "backout: 1\nplan: p1\ntitle: T\nservice: s\nrto: x\nsteps:\n"
                        "  - {id: a1, run: [x], timeout: 5}\n");
    for (size_t i = 1; i < lint->count; i++) {
        const struct finding *a = &lint->findings[i - 1];
        const struct finding *b = &lint->findings[i];
        assert_true(a->line < b->line || (a->line == b->line && a->column <= b->column));
    }
    assert_int_equal(lint->errors + lint->warnings, lint->count);
    assert_int_equal(lint->errors, 4);   /* rto, timeout; no people, no owner */
    assert_int_equal(lint->warnings, 4); /* no why, box, verify, undo */
    assert_false(lint->loadable);
    assert_non_null(lint->file);
}

static void test_line(void **state) {
    const struct finding finding = {.rule = "B010",
                                    .severity = FINDING_ERROR,
                                    .line = 8,
                                    .column = 5,
                                    .message = "m",
                                    .fix = "f"};
    assert_string_equal(finding_line(*state, "a.yaml", &finding), "a.yaml:8:5: error B010 m (f)");
    const struct finding bare = {.rule = "B011",
                                 .severity = FINDING_WARNING,
                                 .line = 1,
                                 .column = 1,
                                 .message = "m",
                                 .fix = ""};
    assert_string_equal(finding_line(*state, "a.yaml", &bare), "a.yaml:1:1: warning B011 m");
}

static void test_smallest_is_clean(void **state) {
    const struct lint *lint = lint_of(*state, smallest_plan);
    if (lint->count != 0)
        fail_msg("%s", all_findings(*state, lint));
    assert_true(lint->loadable);
    assert_string_equal(((const struct plan *)lint->file)->id, "search-2026-11");
}

static void test_plan_outlives_its_lint(void **state) {
    struct lint *lint = plan_lint(*state, smallest_plan, strlen(smallest_plan), NULL, TODAY_MS);
    const struct plan *plan = talloc_steal(*state, lint->file);
    talloc_free(lint);
    assert_string_equal(plan->steps[1].id, "look");
    assert_string_equal(node_text(node_get(plan->document, "service")), "search");
}

/* --- roles that the roster has ---------------------------------------------------------------- */

static const char *const cy_and_dot[] = {"cy", "dot", NULL}, *const nobody[] = {NULL};
static struct role_people roster_roles[] = {
    {"search", cy_and_dot}, {"commander", cy_and_dot}, {"dba", nobody}};
static const struct roles roster = {roster_roles, ARRAY_SIZE(roster_roles)};

static const struct lint *lint_with_roster(void **state, const char *find, const char *replace) {
    const char *text = plan_with(*state, find, replace);
    return plan_lint(*state, text, strlen(text), &roster, TODAY_MS);
}

#define ROLES "roles: {commander: [ic1, ic2], search: [dev1, dev2]}\n"

static void test_roles_may_be_the_rosters(void **state) {
    static const char *const fine[][2] = {
        {ROLES, ""},
        {"search: [dev1, dev2]", "search: []"},
        {", search: [dev1, dev2]", ""},
        {"commander: [ic1, ic2], ", ""},
    };
    for (size_t i = 0; i < ARRAY_SIZE(fine); i++) {
        const struct lint *lint = lint_with_roster(state, fine[i][0], fine[i][1]);
        if (lint->count != 0)
            fail_msg("%s:%s", fine[i][1], all_findings(*state, lint));
    }
}

/* ana is both of the first two, and dot and ana share the third: found only where a vote moves. */
static void test_a_gate_opens_by_the_rosters_people(void **state) {
    static const char *const ana[] = {"ana", NULL}, *const both[] = {"ana", "dot", NULL};
    static struct role_people shared[] = {{"one", both}, {"two", ana}, {"three", ana}};
    static const struct roles people = {shared, ARRAY_SIZE(shared)};
    static const struct {
        const char *gate;
        bool opens;
    } gates[] = {
        {"from: [one, two], need: 2, distinct_roles: true", true},
        {"from: [two, one], need: 2, distinct_roles: true", true},
        {"from: [two, three], need: 2, distinct_roles: true", false},
        {"from: [two, three], need: 2", false},
        {"from: [one, two, three], need: 2", true},
        {"from: [one, two, three], need: 3, distinct_roles: true", false},
    };
    for (size_t i = 0; i < ARRAY_SIZE(gates); i++) {
        const char *text =
            plan_with(*state, STEPS,
                      xtalloc_asprintf(*state, "approvals: {gate: {%s}}\n" STEPS, gates[i].gate));
        const struct lint *lint = plan_lint(*state, text, strlen(text), &people, TODAY_MS);
        bool found = lint->count == 1 && strcmp(lint->findings[0].rule, "B050") == 0;
        if (lint->count > 1 || found == gates[i].opens)
            fail_msg("%s:%s", gates[i].gate, all_findings(*state, lint));
    }
}

static void test_what_the_roster_has_not_is_missed(void **state) {
    static const struct {
        const char *find, *replace, *rule, *message;
    } missed[] = {
        {ROLES "steps:\n  - id: flag-off\n    title: Turn the new ranking off\n    owner: search",
         "steps:\n  - id: flag-off\n    title: Turn the new ranking off\n    owner: comms", "B010",
         "nobody is named for `comms`"},
        {ROLES "steps:\n  - id: flag-off\n    title: Turn the new ranking off\n    owner: search",
         "steps:\n  - id: flag-off\n    title: Turn the new ranking off\n    owner: serch", "B002",
         "no role is called `serch`"},
        {"search: [dev1, dev2]", "search: [a, b], dba: []", "B010", "the role `dba` has no people"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(missed); i++) {
        const struct lint *lint = lint_with_roster(state, missed[i].find, missed[i].replace);
        if (lint->count != 1 || strcmp(lint->findings[0].rule, missed[i].rule) != 0 ||
            !strstr(lint->findings[0].message, missed[i].message))
            fail_msg("%zu:%s", i, all_findings(*state, lint));
    }
}

/* What `backout plan new` writes is a plan that nothing is wrong with. */
static void test_template_is_clean(void **state) {
    const struct lint *lint = lint_of(*state, plan_template);
    if (lint->count != 0)
        fail_msg("%s", all_findings(*state, lint));
    assert_string_equal(plan_template, file_of(*state, "data/plans/template.yaml"));
}

static void test_examples_are_clean(void **state) {
    static const char *const examples[] = {
        "data/plans/search-flag.yaml", "data/plans/web-release.yaml", "data/plans/checkout.yaml"};
    for (size_t i = 0; i < ARRAY_SIZE(examples); i++) {
        const struct lint *lint = lint_of(*state, file_of(*state, examples[i]));
        if (lint->count != 0)
            fail_msg("%s:%s", examples[i], all_findings(*state, lint));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_bad_people),
        MEMORY_TEST(test_bad_gates),
        MEMORY_TEST(test_roles_may_be_the_rosters),
        MEMORY_TEST(test_a_gate_opens_by_the_rosters_people),
        MEMORY_TEST(test_what_the_roster_has_not_is_missed),
        MEMORY_TEST(test_warned),
        MEMORY_TEST(test_unwarned),
        MEMORY_TEST(test_ignores),
        MEMORY_TEST(test_essential_rules_are_not_ignored),
        MEMORY_TEST(test_sorted_and_counted),
        MEMORY_TEST(test_line),
        MEMORY_TEST(test_plan_outlives_its_lint),
        MEMORY_TEST(test_smallest_is_clean),
        MEMORY_TEST(test_template_is_clean),
        MEMORY_TEST(test_examples_are_clean),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
