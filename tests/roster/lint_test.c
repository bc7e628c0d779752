/* Every way in which a roster can be wrong, with its place, and what doesn't count as wrong. */
#include "config.h"

#include "fixture.h"

static const struct right right = {smallest_roster, roster_lint};

#define OTHERS "others: view\n"

/* --- R001: form ------------------------------------------------------------------------------- */

static const struct wrong bad_form[] = {
    {"roster: 1", "roster: 2", "R001", 1, 9, "`roster` can't be `2`", "write 1"},
    {"roster: 1\n", "", "R001", 1, 1, "a roster must have the key `roster`", "add `roster`"},
    {"others", "other", "R001", 7, 1, "a roster has no key `other`", "did you mean `others`?"},
    {OTHERS, "frobnicate: 1\n" OTHERS, "R001", 7, 1, "a roster has no key `frobnicate`",
     "the keys of a roster are roster, people, others, roles"},
    {"view\n", "command\n", "R001", 7, 9, "`others` can't be `command`", "view or respond"},
    {"may: respond", "may: comand", "R001", 5, 30, "`may` can't be `comand`",
     "did you mean `command`?"},
    {"{may: view}", "{}", "R001", 6, 8, "a person must have the key `may`", "add `may`"},
    {"{may: view}", "view", "R001", 6, 8, "`sue` can't be one value", "keys of a person"},
    {"{may: view}", "{may: view, phone: '1'}", "R001", 6, 20, "a person has no key `phone`", ""},
    {"  sue:", "  'su e':", "R001", 6, 3, "`su e` can't be `su e`", "a user of the operating"},
    {"{may: view}", "{may: view, name: }", "R001", 6, 26, "`name` is empty", ""},
    {"[cy, bo]", "cy", "R001", 10, 14, "`developer` can't be one value", "write a list"},
    {"[cy, bo]", "[cy, bo, [ana]]", "R001", 10, 23, "`developer` can't be a list", ""},
    {"  developer:", "  'de v':", "R001", 10, 3, "`de v` can't be `de v`", "a name of letters"},
    {OTHERS, "targets: {decide: 10}\n" OTHERS, "R001", 7, 19, "`decide` can't be `10`",
     "did you mean `10s` or `10m`?"},
    {OTHERS, "targets: {decides: 10m}\n" OTHERS, "R001", 7, 11, "the targets has no key `decides`",
     "did you mean `decide`?"},
    {OTHERS, "limits: {snooze: soon}\n" OTHERS, "R001", 7, 18, "`snooze` can't be `soon`", ""},
    {OTHERS, "approvals: {need: 0}\n" OTHERS, "R001", 7, 19, "`need` can't be `0`", ""},
    {OTHERS, "approvals: {on_expire: approve}\n" OTHERS, "R001", 7, 24,
     "`on_expire` can't be `approve`", "deny or escalate"},
    {OTHERS, "containment: {limits: {runs: 2}}\n" OTHERS, "R001", 7, 24,
     "the limits of containment has no key `runs`", ""},
    {OTHERS, "escalation: [{if: undecided, to: [ana]}]\n" OTHERS, "R001", 7, 14,
     "an escalation level must have the key `after`", ""},
    {OTHERS, "escalation: [{if: undecided, after: 3m, to: []}]\n" OTHERS, "R001", 7, 45,
     "`to` is an empty list", ""},
    {OTHERS, "escalation: [{if: unakcnowledged, after: 3m, to: [ana]}]\n" OTHERS, "R001", 7, 19,
     "`if` can't be `unakcnowledged`", "did you mean `unacknowledged`?"},
    {OTHERS, "channels: {c: {type: pigeon}}\n" OTHERS, "R001", 7, 22, "`type` can't be `pigeon`",
     "command, webhook, slack"},
    {OTHERS, "channels: {c: {run: [x]}}\n" OTHERS, "R001", 7, 15,
     "a channel must have the key `type`", ""},
    {OTHERS, "channels: {c: {type: command, run: page ana}}\n" OTHERS, "R001", 7, 36,
     "`run` can't be one value", "write a list"},
    {OTHERS, "channels: {c: {type: command, run: []}}\n" OTHERS, "R001", 7, 36,
     "`run` is an empty list", ""},
    {OTHERS, "channels: {c: {type: slack, url: {env: A, file: B}}}\n" OTHERS, "R001", 7, 43,
     "a secret can't have both `env` and `file`", ""},
    {OTHERS, "channels: {c: {type: slack, url: {}}}\n" OTHERS, "R001", 7, 34,
     "a secret must say what it does", "add one of env, file"},
};

/* A roster is kept in the log for ever, and in every export of it. */
static const struct wrong literal_secrets[] = {
    {OTHERS, "channels: {c: {type: slack, url: 'https://hooks.example/T0/B0'}}\n" OTHERS, "R001", 7,
     34, "`url` can't be one value", "keys of a secret: env, file"},
    {OTHERS, "channels: {c: {type: pagerduty, key: abc123}}\n" OTHERS, "R001", 7, 38,
     "`key` can't be one value", "keys of a secret: env, file"},
};

static void test_bad_form(void **state) {
    check_wrong_in(state, &right, bad_form, ARRAY_SIZE(bad_form), FINDING_ERROR);
}

static void test_literal_secrets(void **state) {
    check_wrong_in(state, &right, literal_secrets, ARRAY_SIZE(literal_secrets), FINDING_ERROR);
}

/* "No anchors, aliases, tags, merge keys", and a key once: as in plans, by the same reader. */
static void test_no_roster_at_all(void **state) {
    static const char *const texts[] = {"",
                                        "text",
                                        "[1, 2]",
                                        "roster: &a 1",
                                        "roster: *a",
                                        "roster: !!int 1",
                                        "<<: {a: 1}",
                                        "a: 1\na: 2",
                                        "people: {ana: {may: view, may: view}}",
                                        "{",
                                        "\xFF",
                                        "a: \"\\0\"",
                                        "roster: 1\n---\nroster: 1\n"};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        const struct lint *lint = roster_lint(*state, texts[i], strlen(texts[i]), TODAY_MS);
        if (lint->count != 1 || strcmp(lint->findings[0].rule, "R001") != 0 || lint->loadable)
            fail_msg("%s:%s", texts[i], all_findings(*state, lint));
        assert_null(lint->file);
    }
    const struct lint *empty = roster_lint(*state, "", 0, TODAY_MS);
    assert_string_equal(empty->findings[0].fix, "start with what `backout roster new` prints");
}

static void test_every_finding_in_one_run(void **state) {
    const char *text = text_with(*state, smallest_roster, OTHERS,
                                 "aaa: 1\nothers: x\nlimits: {ccc: 1}\nx-mine: {any: [thing]}\n");
    const struct lint *lint = roster_lint(*state, text, strlen(text), TODAY_MS);
    assert_int_equal(lint->errors, 3);
    for (size_t i = 0; i < lint->count; i++)
        assert_int_equal(lint->findings[i].line, 7 + i);
}

/* --- R002: names ------------------------------------------------------------------------------ */

static const struct wrong bad_names[] = {
    {"[cy, bo]", "[cy, boo]", "R002", 10, 19, "no person is called `boo`", "did you mean `bo`?"},
    {"[cy, bo]", "[cy, bo, zzzzz]", "R002", 10, 23, "no person is called `zzzzz`",
     "define the person"},
    {"{may: view}", "{may: view, reach: {pager: '1'}}", "R002", 6, 28,
     "no channel is called `pager`", "define the channel"},
    {OTHERS, "escalation: [{if: undecided, after: 3m, to: [comander]}]\n" OTHERS, "R002", 7, 46,
     "no role, person or channel is called `comander`", "did you mean `commander`?"},
    {OTHERS, "approvals: {break_glass: [ana]}\n" OTHERS, "R002", 7, 27, "no role is called `ana`",
     ""},
    {OTHERS, "containment: {who: [developers]}\n" OTHERS, "R002", 7, 21,
     "no role is called `developers`", "did you mean `developer`?"},
};

static void test_bad_names(void **state) {
    check_wrong_in(state, &right, bad_names, ARRAY_SIZE(bad_names), FINDING_ERROR);
}

/* --- R003: channels --------------------------------------------------------------------------- */

static const struct wrong bad_channels[] = {
    {OTHERS, "channels: {c: {type: command}}\n" OTHERS, "R003", 7, 15,
     "a channel of type command must have the key `run`", "add `run: [program"},
    {OTHERS, "channels: {c: {type: command, run: [x], url: {env: A}}}\n" OTHERS, "R003", 7, 46,
     "a channel of type command has no use for the key `url`", "another type"},
    {OTHERS, "channels: {c: {type: webhook, key: {env: A}}}\n" OTHERS, "R003", 7, 15,
     "a channel of type webhook must have the key `url`", "{env: VARIABLE}"},
    {OTHERS, "channels: {c: {type: slack}}\n" OTHERS, "R003", 7, 15, "must have the key `url`", ""},
    {OTHERS, "channels: {c: {type: email, server: s}}\n" OTHERS, "R003", 7, 15,
     "a channel of type email must have the key `from`", ""},
    {OTHERS, "channels: {c: {type: pagerduty, url: {env: A}, key: {env: B}}}\n" OTHERS, "R003", 7,
     38, "a channel of type pagerduty has no use for the key `url`", ""},
    {OTHERS, "channels: {c: {type: status, url: {env: A}}}\n" OTHERS, "R003", 7, 15,
     "a channel of type status must have the key `key`", ""},
    {OTHERS, "channels: {c: {type: banner}}\n" OTHERS, "R003", 7, 15,
     "a channel of type banner must have the key `url`", ""},
    {OTHERS, "channels: {c: {type: command, run: [x], private: true}}\n" OTHERS, "R003", 7, 50,
     "has no use for the key `private`", ""},
    {OTHERS, "channels: {c: {type: command, run: [./page, x]}}\n" OTHERS, "R003", 7, 36,
     "`./page` is relative to nothing", "whole path"},
};

static void test_bad_channels(void **state) {
    check_wrong_in(state, &right, bad_channels, ARRAY_SIZE(bad_channels), FINDING_ERROR);
}

/* --- R004, R010: people ----------------------------------------------------------------------- */

/* "nobody locks the door with the key inside" */
static void test_somebody_may_command(void **state) {
    const char *text = "roster: 1\npeople: {cy: {may: respond}, dot: {may: respond}}\n"
                       "roles: {commander: [cy, dot]}\n";
    const struct lint *lint = roster_lint(*state, text, strlen(text), TODAY_MS);
    assert_int_equal(lint->count, 1);
    assert_string_equal(lint->findings[0].rule, "R004");
    assert_int_equal(lint->findings[0].line, 2);
    assert_int_equal(lint->findings[0].column, 9);
    assert_false(lint->loadable);
}

static const struct wrong bad_people[] = {
    {"[cy, bo]", "[]", "R010", 10, 14, "the role `developer` has no people", "the first one first"},
    {"[cy, bo]", "[cy, sue]", "R010", 10, 19, "`sue` is called as developer and may only view",
     "let them `respond`"},
};

static const struct wrong warned[] = {
    {"[cy, bo]", "[cy]", "R010", 10, 14, "`developer` has no stand-in: when cy sleeps", ""},
    {"  commander: [ana, bo]\n", "", "R010", 9, 3, "nobody is named as commander",
     "add `roles: {commander"},
    {OTHERS,
     "escalation: [{if: undecided, after: 3m, to: [ana, c]}]\n"
     "channels: {c: {type: slack, url: {env: A}}}\n" OTHERS,
     "R011", 7, 51, "nothing is sent to a channel of type slack yet: `c` would hear nothing",
     "type command"},
};

static void test_bad_people(void **state) {
    check_wrong_in(state, &right, bad_people, ARRAY_SIZE(bad_people), FINDING_ERROR);
}

static void test_warned(void **state) {
    check_wrong_in(state, &right, warned, ARRAY_SIZE(warned), FINDING_WARNING);
}

/* --- what is right ---------------------------------------------------------------------------- */

static const char *const unwarned[][2] = {
    {OTHERS, ""},
    {OTHERS, "others: respond\n"},
    {OTHERS, OTHERS "x-team: {any: [thing]}\n"},
    {"ana: {name: Ana Costa, may: command}",
     "_apt@corp.example: {may: command}\n  ana: {may: respond}"},
    {OTHERS, OTHERS "escalation: [{if: undecided, after: 3m, to: [comms, cy, c], repeat: 0}]\n"
                    "channels: {c: {type: command, run: [/bin/page, --now], timeout: 5s}}\n"},
    {OTHERS,
     OTHERS "channels: {c: {type: webhook, url: {file: /etc/u}, key: {env: K}, private: true}}\n"},
    {"[cy, bo]", "[cy] # backout:ignore R010 until=2026-12-01 dot comes back from leave"},
};

static void test_unwarned(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(unwarned); i++) {
        const char *text = text_with(*state, smallest_roster, unwarned[i][0], unwarned[i][1]);
        const struct lint *lint = roster_lint(*state, text, strlen(text), TODAY_MS);
        if (lint->count != 0)
            fail_msg("%s:%s", unwarned[i][1], all_findings(*state, lint));
    }
}

static void test_the_files_that_come_with_it_are_clean(void **state) {
    const char *const texts[] = {smallest_roster, roster_template,
                                 file_of(*state, "data/rosters/shop.yaml")};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        const struct lint *lint = roster_lint(*state, texts[i], strlen(texts[i]), TODAY_MS);
        if (lint->count != 0)
            fail_msg("%s", all_findings(*state, lint));
        assert_true(lint->loadable);
        assert_non_null(lint->file);
    }
    assert_string_equal(roster_template, file_of(*state, "data/rosters/template.yaml"));
}

/* A message must not carry what a hostile file wrote to where it is printed, at any length. */
static void test_hostile_words_are_quoted_short(void **state) {
    char *word = xtalloc_strdup(*state, "");
    for (int i = 0; i < 500; i++)
        word = talloc_strdup_append(word, "\xC3\xA4");
    const char *text = text_with(*state, smallest_roster, "[cy, bo]",
                                 xtalloc_asprintf(*state, "[cy, \"%s\"]", word));
    const struct lint *lint = roster_lint(*state, text, strlen(text), TODAY_MS);
    assert_int_equal(lint->count, 1);
    assert_in_range(strlen(lint->findings[0].message), 1, 300);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_bad_form),
        MEMORY_TEST(test_literal_secrets),
        MEMORY_TEST(test_no_roster_at_all),
        MEMORY_TEST(test_every_finding_in_one_run),
        MEMORY_TEST(test_bad_names),
        MEMORY_TEST(test_bad_channels),
        MEMORY_TEST(test_somebody_may_command),
        MEMORY_TEST(test_bad_people),
        MEMORY_TEST(test_warned),
        MEMORY_TEST(test_unwarned),
        MEMORY_TEST(test_the_files_that_come_with_it_are_clean),
        MEMORY_TEST(test_hostile_words_are_quoted_short),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
