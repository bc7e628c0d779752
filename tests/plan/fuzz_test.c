#include "config.h"

#include "fixture.h"

#include "tests/yaml/mutant.h"

#include "plan/expr.h"
#include "plan/show.h"

/* Plans that something went wrong with: lint ends with an answer, and what it calls loadable can be
 * loaded. */

#define ROUNDS 3000

static const char *const words[] = {
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "&a ",
    "*a",
    "!!int ",
    "<<: ",
    "#",
    "'",
    "\"",
    "|",
    ">-",
    "${",
    "${inputs.target}",
    "}",
    "$${",
    "steps",
    "needs: [a]",
    "when: ",
    " && (",
    "!",
    "== 5",
    "run: [x]",
    "id: look",
    "true",
    "9999999999999999999d",
    "-1",
    "\xC3\xA4",
    "\xFF",
    "\x01",
    "\t",
    "---\n",
    "...\n",
    "%TAG ! x\n",
    "only: on_failure",
    "on_failure: {run: look}",
    "options: {}",
    "roles: []",
    "steps:\n",
    "verify: {expr: '((('}",
    "outputs: {a: '((((a{9}){9}){9}'}",
};

/* --- what must hold for every one of them ----------------------------------------------------- */

static void check_indexes(const struct plan *plan) {
    for (size_t i = 0; i < plan->steps_count; i++)
        for (size_t j = 0; j < plan->steps[i].needs_count; j++)
            assert_true(plan->steps[i].needs[j] < plan->steps_count);
    for (size_t i = 0; i < plan->options_count; i++)
        for (size_t j = 0; j < plan->options[i].steps_count; j++)
            assert_true(plan->options[i].steps[j] < plan->steps_count);
}

/* What the run of an incident relies on when lint let the plan through. */
static void check_loadable(void *scratch, const struct plan *plan) {
    for (size_t i = 0; i < plan->steps_count; i++) {
        const struct plan_step *step = &plan->steps[i];
        assert_true(step->kind != STEP_RUN || step->run.argv[0] != NULL);
        assert_true(step->verify.kind != VERIFY_RUN || step->verify.run.argv[0] != NULL);
        struct expr *expr;
        assert_true(step->when == NULL || expr_parse(scratch, step->when, &expr, err_new(scratch)));
    }
    assert_non_null(plan_show(scratch, plan, 80));
}

static void check_mutant(void *scratch, const struct mutant *mutant, size_t *loadable) {
    const struct lint *lint = plan_lint(scratch, mutant->bytes, mutant->length, NULL, TODAY_MS);
    struct plan *plan;
    bool loads = plan_load(scratch, mutant->bytes, mutant->length, &plan, err_new(scratch));
    assert_int_equal(loads, lint->file != NULL);
    assert_true(loads || !lint->loadable);
    assert_true(lint->count > 0 || lint->loadable);
    for (size_t i = 0; i < lint->count; i++)
        assert_true(lint->findings[i].line > 0 && lint->findings[i].column > 0);
    if (loads)
        check_indexes(plan);
    if (lint->loadable) {
        check_loadable(scratch, plan);
        ++*loadable;
    }
}

static void test_mutants(void **state) {
    const char *const seeds[] = {smallest_plan, file_of(*state, "data/plans/search-flag.yaml"),
                                 file_of(*state, "data/plans/web-release.yaml"),
                                 file_of(*state, "data/plans/checkout.yaml")};
    struct mutant *mutant = mutant_new(*state, words, ARRAY_SIZE(words));
    size_t loadable = 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        mutant_make(mutant, seeds[round % ARRAY_SIZE(seeds)]);
        void *scratch = xtalloc_size(*state, 0);
        check_mutant(scratch, mutant, &loadable);
        talloc_free(scratch);
    }
    /* Neither all spoilt nor all spared: both sides of the promise were tried. */
    assert_in_range(loadable, ROUNDS / 50, ROUNDS / 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_mutants),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
