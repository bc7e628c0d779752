#include "config.h"

#include "plan/lint.h"

#include "base/text.h"
#include "base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>

#include <cmocka.h>

/* As printed in the description of the format. */
static const char smallest[] =
    "backout: 1\n"
    "plan: search-2026-11\n"
    "title: Roll back search ranking 7.3\n"
    "service: search\n"
    "why: Search feeds a third of all orders; a wrong ranking is lost revenue every minute.\n"
    "roles: {commander: [ic1, ic2], search: [dev1, dev2]}\n"
    "steps:\n"
    "  - id: flag-off\n"
    "    title: Turn the new ranking off\n"
    "    owner: search\n"
    "    box: 5m\n"
    "    run: [./bin/flag, ranking-v7, \"off\"]\n"
    "    idempotent: true\n"
    "    verify: {run: [./bin/flag-is, ranking-v7, \"off\"]}\n"
    "    undo: ./bin/flag ranking-v7 on\n"
    "  - id: look\n"
    "    title: Search for shoes on the page\n"
    "    owner: commander\n"
    "    box: 5m\n"
    "    manual: The first ten results are shoes.\n";

static struct plan *load(void **state, const char *text) {
    struct err *err = err_new(*state);
    struct plan *plan = NULL;
    if (!plan_load(*state, text, strlen(text), &plan, err))
        fail_msg("%s", err_sentence(*state, err));
    return plan;
}

static void test_smallest(void **state) {
    const struct plan *plan = load(state, smallest);
    assert_string_equal(plan->id, "search-2026-11");
    assert_string_equal(plan->environment, "production");
    assert_int_equal(plan->version, 1);
    assert_int_equal(plan->steps_count, 2);
    const struct plan_step *flag = &plan->steps[0];
    assert_string_equal(flag->run.argv[2], "off");
    assert_false(flag->run.shell);
    assert_int_equal(flag->box_ms, 5 * MINUTE_MS);
}

static int set_up(void **state) {
    *state = talloc_new(NULL);
    return 0;
}

static int tear_down(void **state) {
    talloc_free(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_smallest, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
