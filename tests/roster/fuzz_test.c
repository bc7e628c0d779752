/* Rosters that something went wrong with: lint ends with an answer, and what it lets through locks
 * nobody out. */
#include "config.h"

#include "fixture.h"

#include "tests/yaml/mutant.h"

#include "base/text.h"
#include "roster/show.h"

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
    "view",
    "respond",
    "command",
    "may: command",
    "others: ",
    "people:",
    "roles: []",
    "reach: {",
    "channels:",
    "c: {run: [x]}",
    "type: slack",
    "url: {env: A}",
    "escalation: [{if: undecided, after: 1m, to: [ana]}]",
    "9999999999999999999d",
    "-1",
    "\xC3\xA4",
    "\xFF",
    "\x01",
    "\t",
    "---\n",
    "...\n",
    "targets: {decide: 1m}",
    "limits: {snooze: 1h}",
    "ana",
    "\\u202e",
    "\\e[2J",
};

static void check_people(const struct roster *roster) {
    bool commands = false;
    for (size_t i = 0; i < roster->people_count; i++) {
        assert_in_range(roster->people[i].may, MAY_VIEW, MAY_COMMAND);
        commands = commands || roster->people[i].may == MAY_COMMAND;
    }
    assert_true(commands);
    assert_true(roster->others < MAY_COMMAND);
}

static void check_channels(const struct roster *roster) {
    for (size_t i = 0; i < roster->channels_count; i++)
        assert_true(roster->channels[i].type != CHANNEL_COMMAND ||
                    roster->channels[i].run[0] != NULL);
    for (size_t i = 0; i < roster->escalation.count; i++)
        assert_non_null(roster->escalation.levels[i].to[0]);
}

static void check_page(void *scratch, const struct roster *roster) {
    char *page = roster_show(scratch, roster, 80);
    for (char *line = strtok(page, "\n"); line != NULL; line = strtok(NULL, "\n"))
        assert_string_equal(text_clean_z(scratch, line), line);
}

static void check_mutant(void *scratch, const struct mutant *mutant, size_t *loadable) {
    const struct lint *lint = roster_lint(scratch, mutant->bytes, mutant->length, TODAY_MS);
    struct roster *roster;
    bool loads = roster_load(scratch, mutant->bytes, mutant->length, &roster, err_new(scratch));
    assert_int_equal(loads, lint->file != NULL);
    assert_true(loads || !lint->loadable);
    assert_true(lint->count > 0 || lint->loadable);
    for (size_t i = 0; i < lint->count; i++)
        assert_true(lint->findings[i].line > 0 && lint->findings[i].column > 0);
    if (loads)
        check_page(scratch, roster);
    if (!lint->loadable)
        return;
    check_people(roster);
    check_channels(roster);
    ++*loadable;
}

static void test_mutants(void **state) {
    const char *const seeds[] = {smallest_roster, roster_template,
                                 file_of(*state, "data/rosters/shop.yaml")};
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
