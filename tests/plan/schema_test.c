#include "config.h"

#include "fixture.h"

#include "plan/schema.h"

/* --- the tables have every key of the format -------------------------------------------------- */

/* As the description of the format lists them. A path names a key of the section before. */
static const struct {
    const char *path;
    const char *keys;
} described[] = {
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
    {"before_launch", "id run verify"},
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

/* The section that stands as a value, as each item or as each value of a map. */
static const struct section *section_in(const struct shape *shape) {
    if (shape->section != NULL)
        return shape->section;
    const struct shape *inner = shape->list != NULL ? shape->list : shape->map;
    return inner == NULL ? NULL : inner->section;
}

static const struct section *find_section(void **state, const char *path) {
    const struct section *section = &plan_section;
    char *rest = xtalloc_strdup(*state, path);
    for (char *name = strtok(rest, "."); name != NULL; name = strtok(NULL, ".")) {
        const struct key *key = section_key(section, name);
        section = key == NULL ? NULL : section_in(key->shape);
        if (section == NULL)
            fail_msg("no section at %s", path);
    }
    return section;
}

static void test_every_key_is_there(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(described); i++) {
        const struct section *section = find_section(state, described[i].path);
        char *rest = xtalloc_strdup(*state, described[i].keys);
        for (char *name = strtok(rest, " "); name != NULL; name = strtok(NULL, " "))
            if (section_key(section, name) == NULL)
                fail_msg("%s has no key %s", section->name, name);
    }
}

static void test_no_key_is_made_up(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(described); i++) {
        if (strcmp(described[i].path, "before_launch") == 0)
            continue; /* the same steps again, only touched above */
        const struct section *section = find_section(state, described[i].path);
        const char *all = xtalloc_asprintf(*state, " %s ", described[i].keys);
        for (const struct key *key = section->keys; key->name != NULL; key++)
            if (strstr(all, xtalloc_asprintf(*state, " %s ", key->name)) == NULL)
                fail_msg("%s has a key %s that nobody described", section->name, key->name);
    }
}

/* --- the tables hold together ----------------------------------------------------------------- */

static void check_shape(const char *label, const struct shape *shape, size_t depth);

static void check_keys(const struct section *section, size_t depth) {
    assert_non_null(section->name);
    size_t choices = 0;
    for (const struct key *key = section->keys; key->name != NULL; key++) {
        if (section_key(section, key->name) != key)
            fail_msg("%s has the key %s twice", section->name, key->name);
        choices += key->choice;
        if (key->choice && key->required)
            fail_msg("%s: %s can't be a choice and required", section->name, key->name);
        if (key->shape == NULL)
            fail_msg("%s: %s has no shape", section->name, key->name);
        check_shape(key->name, key->shape, depth);
    }
    assert_int_equal(choices > 1, section->choice != CHOICE_FREE);
}

static void check_shape(const char *label, const struct shape *shape, size_t depth) {
    if (depth > 12) /* a shape may contain itself: sites */
        return;
    if (shape->scalar == NULL && shape->list == NULL && shape->map == NULL &&
        shape->section == NULL)
        fail_msg("nothing may stand at %s", label);
    if (shape->section != NULL && shape->map != NULL)
        fail_msg("%s has fixed keys and free ones", label);
    if (shape->scalar != NULL)
        assert_non_null(shape->scalar->expects);
    if (shape->list != NULL)
        check_shape(label, shape->list, depth + 1);
    if (shape->map != NULL) {
        assert_non_null(shape->map_key);
        check_shape(label, shape->map, depth + 1);
    }
    if (shape->section != NULL)
        check_keys(shape->section, depth + 1);
}

static void test_tables_hold_together(void **state) {
    (void)state;
    check_keys(&plan_section, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_every_key_is_there),
        MEMORY_TEST(test_no_key_is_made_up),
        MEMORY_TEST(test_tables_hold_together),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
