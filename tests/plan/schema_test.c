#include "config.h"

#include "fixture.h"

#include "tests/yaml/tables.h"

#include "plan/load.h"

/* --- the tables have every key of the format -------------------------------------------------- */

/* As the description of the format lists them. */
static const struct described described[] = {
    {"",
     "backout plan title service environment version ticket links changes sign why cost rto rpo "
     "point_of_no_return options risks artifacts roles targets escalation inputs secrets sites "
     "defaults sources criteria approvals containment before_launch steps reinstate notices "
     "goodwill drill close"},
    {"links", "channel bridge dashboard runbook"},
    {"changes", "id kind from to undone_by held_by works_with"},
    {"cost", "per_minute"},
    {"point_of_no_return", "step note"},
    {"options", "title takes steps all loses"},
    {"risks", "feature depends_on failure impact fallback"},
    {"targets", "detect acknowledge decide contain first_notice update_every executive_every "
                "call_out"},
    {"escalation", "if after to repeat"},
    {"inputs", "type required default pattern choices sensitive help"},
    {"secrets", "env file"},
    {"sites", "production drill"},
    {"defaults", "env timeout cwd"},
    {"sources", "type url timeout headers"},
    {"criteria", "id use feature owner source query ok_if fail_if every consecutive_failures "
                 "consecutive_successes blind_after on_blind no_data min_traffic freshness"},
    {"criteria.min_traffic", "query at_least"},
    {"criteria.freshness", "query at_most"},
    {"approvals", "need from distinct_roles expires on_expire break_glass"},
    {"containment", "who steps limits"},
    {"containment.limits", "runs_per_step total"},
    {"steps", "id title why customers runbook phase owner box by run http manual approval check "
              "notice wait needs when read_only idempotent destructive backup needs_approval "
              "timeout grace retry confirm verify on_failure only undo evidence outputs env cwd "
              "lock drill"},
    {"before_launch", NULL}, /* the same steps again */
    {"steps.http", "method url headers body expect"},
    {"steps.check", "criteria use compare covers"},
    {"steps.check.compare", "live expected tolerance"},
    {"steps.backup", "step proved_by max_age"},
    {"steps.retry", "limit delay"},
    {"steps.confirm", "type"},
    {"steps.verify", "run http expr matches within every"},
    {"steps.on_failure", "run"},
    {"steps.evidence", "prompt required"},
    {"reinstate", "needs hold stages steps guards"},
    {"notices", "to audience state approve by subject short body details reply_to signed_by"},
    {"goodwill", "after owner budget rules"},
    {"goodwill.rules", "if give cap approve"},
    {"drill", "every must_cover load inject"},
    {"close", "require tasks"},
};

static void test_every_key_is_there(void **state) {
    check_described(*state, &plan_section, described, ARRAY_SIZE(described));
}

/* --- the tables hold together ----------------------------------------------------------------- */

static void test_tables_hold_together(void **state) {
    (void)state;
    check_tables(&plan_section);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_every_key_is_there),
        MEMORY_TEST(test_tables_hold_together),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
