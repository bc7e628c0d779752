#include "config.h"

#include "fixture.h"

#include "tests/yaml/tables.h"

#include "base/time.h"
#include "roster/load.h"

static const struct described described[] = {
    {"", "roster people others roles channels targets escalation approvals containment limits"},
    {"people", "name may reach"},
    {"channels", "type run url key server from to timeout private"},
    {"channels.url", "env file"},
    {"targets", "detect acknowledge decide contain first_notice update_every executive_every "
                "call_out"},
    {"escalation", "if after to repeat"},
    {"approvals", "need distinct_roles expires on_expire break_glass"},
    {"containment", "who limits"},
    {"containment.limits", "runs_per_step total"},
    {"limits", "snooze"},
};

static void test_tables(void **state) {
    check_described(*state, &roster_section, described, ARRAY_SIZE(described));
    check_tables(&roster_section);
}

static void test_smallest(void **state) {
    const struct roster *roster = roster_of(*state, smallest_roster);
    assert_int_equal(roster->people_count, 4);
    assert_string_equal(roster_person(roster, "ana")->name, "Ana Costa");
    assert_null(roster_person(roster, "sue")->name);
    assert_null(roster_person(roster, "eve"));
    assert_int_equal(roster_may(roster, "ana"), MAY_COMMAND);
    assert_int_equal(roster_may(roster, "cy"), MAY_RESPOND);
    assert_int_equal(roster_may(roster, "sue"), MAY_VIEW);
    assert_int_equal(roster_may(roster, "eve"), MAY_VIEW);
    assert_string_equal(role_find(&roster->roles, "developer")->people[0], "cy");
    assert_int_equal(roster->channels_count, 0);
    assert_int_equal(roster->snooze_ms, 30 * MINUTE_MS);
    assert_int_equal(roster->targets.decide_ms, 0);
    assert_int_equal(strlen(roster->sha256), 64);
}

/* "what a writer who isn't listed may do; default view" */
static void test_others(void **state) {
    const char *text = text_with(*state, smallest_roster, "others: view\n", "others: respond\n");
    assert_int_equal(roster_may(roster_of(*state, text), "eve"), MAY_RESPOND);
    assert_int_equal(roster_may(roster_of(*state, text), "sue"), MAY_VIEW);
    text = text_with(*state, smallest_roster, "others: view\n", "");
    assert_int_equal(roster_may(roster_of(*state, text), "eve"), MAY_VIEW);
}

static void test_everything(void **state) {
    const struct roster *roster = roster_of(*state, file_of(*state, "data/rosters/shop.yaml"));
    assert_string_equal(pair_find(roster_person(roster, "ana")->reach, "mail"), "ana@shop.example");
    assert_int_equal(roster->channels_count, 3);
    const struct channel *page = &roster->channels[0], *mail = &roster->channels[1],
                         *room = &roster->channels[2];
    assert_string_equal(page->name, "page");
    assert_int_equal(page->type, CHANNEL_COMMAND);
    assert_string_equal(page->run[0], "/usr/local/bin/page");
    assert_string_equal(page->run[1], "--urgent");
    assert_null(page->run[2]);
    assert_int_equal(page->timeout_ms, 20 * SECOND_MS);
    assert_int_equal(mail->type, CHANNEL_EMAIL);
    assert_int_equal(mail->timeout_ms, 30 * SECOND_MS);
    assert_string_equal(mail->server, "mail.shop.example:587");
    assert_string_equal(mail->key.file, "/etc/backout/mail-password");
    assert_null(mail->key.env);
    assert_int_equal(room->type, CHANNEL_SLACK);
    assert_string_equal(room->url.env, "BACKOUT_SLACK_URL");
    assert_false(room->private);
    assert_int_equal(roster->targets.update_every_ms, 20 * MINUTE_MS);
    assert_int_equal(roster->escalation.count, 4);
    assert_int_equal(roster->escalation.levels[1].repeat, 3);
    assert_string_equal(roster->escalation.levels[1].to[1], "deputy");
}

/* "loading a roster of a newer format ignores what it doesn't know", and never takes it for more
 * than it says. */
static void test_a_newer_format_loads(void **state) {
    const char *text = "roster: 7\n"
                       "people:\n"
                       "  ana: {may: command, pronouns: she}\n"
                       "  bo: {may: oversee}\n"
                       "  cy: [respond]\n"
                       "others: everything\n"
                       "shifts: [{from: monday}]\n"
                       "roles: {commander: [ana, {when: night, who: bo}], dba: {first: cy}}\n"
                       "channels: {c: {type: pigeon, url: {env: A}}, d: {type: slack, url: x}}\n"
                       "targets: {decide: 3m, dream: 1h}\n"
                       "escalation: [{if: bored, after: 1m, to: [ana]}]\n";
    const struct roster *roster = roster_of(*state, text);
    assert_int_equal(roster_may(roster, "ana"), MAY_COMMAND);
    assert_int_equal(roster_may(roster, "bo"), MAY_VIEW);
    assert_int_equal(roster_may(roster, "cy"), MAY_VIEW);
    assert_int_equal(roster_may(roster, "eve"), MAY_VIEW);
    assert_null(role_find(&roster->roles, "commander")->people[1]);
    assert_null(role_find(&roster->roles, "dba")->people[0]);
    assert_int_equal(roster->channels_count, 1);
    assert_string_equal(roster->channels[0].name, "d");
    assert_null(roster->channels[0].url.env);
    assert_int_equal(roster->targets.decide_ms, 3 * MINUTE_MS);
    assert_int_equal(roster->escalation.count, 0);
}

static void test_what_is_none(void **state) {
    static const char *const texts[] = {"", "text", "[]", "a: [", "\xFF"};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        struct err *err = err_new(*state);
        struct roster *roster;
        assert_false(roster_load(*state, texts[i], strlen(texts[i]), &roster, err));
        assert_null(roster);
        assert_int_equal(err->code, ERR_DAMAGED);
        assert_string_equal(err->what, "can't load the roster");
        assert_non_null(err->on);
    }
}

static void test_memory_has_one_owner(void **state) {
    size_t before = talloc_total_blocks(*state);
    struct roster *roster;
    struct err *err = err_new(*state);
    const char *text = file_of(err, "data/rosters/shop.yaml");
    assert_true(roster_load(*state, text, strlen(text), &roster, err));
    talloc_free(roster);
    assert_false(roster_load(*state, "[]", 2, &roster, err));
    talloc_free(err);
    assert_int_equal(talloc_total_blocks(*state), before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_tables),
        MEMORY_TEST(test_smallest),
        MEMORY_TEST(test_others),
        MEMORY_TEST(test_everything),
        MEMORY_TEST(test_a_newer_format_loads),
        MEMORY_TEST(test_what_is_none),
        MEMORY_TEST(test_memory_has_one_owner),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
