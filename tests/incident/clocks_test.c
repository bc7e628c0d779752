/* Countdowns and duties: what is due, and on whom it waits. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "incident/waits.h"

#include <string.h>

static const char steps[] = "  - {id: code, owner: dev, box: 5m, by: 20m, run: [./x], undo: x}\n"
                            "  - {id: look, owner: commander, box: 3m, by: 70m, manual: Look}\n";

static struct story *begin(const void *parent) {
    return story_declared(parent, story_plan(parent,
                                             "rto: 1h\ncost: {per_minute: 60.00 EUR}\n"
                                             "targets: {acknowledge: 2m, decide: 7m}\n",
                                             steps));
}

/* "acknowledge 2m; decide 7m ana": in minutes from the declaration. */
static char *clocks(const struct story *story) {
    struct clocks clocks = incident_clocks(story, story_incident(story));
    char *words = xtalloc_strdup(story, "");
    for (size_t i = 0; i < clocks.count; i++) {
        const struct clock *clock = &clocks.list[i];
        words = xtalloc_asprintf_append(words, "%s%s%s%s %lldm%s%s", i ? "; " : "", clock->what,
                                        clock->step ? " " : "",
                                        clock->step ? clock->step->spec->id : "",
                                        (long long)((clock->due_ms - STORY_BEGAN_MS) / MINUTE_MS),
                                        clock->who ? " " : "", clock->who ? clock->who : "");
    }
    return words;
}

/* Minutes from the declaration; -1 where there is no such clock. */
static int64_t due(const struct story *story, const char *what) {
    struct clocks clocks = incident_clocks(story, story_incident(story));
    for (size_t i = 0; i < clocks.count; i++)
        if (strcmp(clocks.list[i].what, what) == 0)
            return (clocks.list[i].due_ms - STORY_BEGAN_MS) / MINUTE_MS;
    return -1;
}

static void test_clocks_follow_the_path(void **state) {
    struct story *story = begin(*state);
    assert_string_equal(clocks(story), "acknowledge 2m; decide 7m; recover target 60m");
    story_ok(story, "ana", "take commander");
    story_ok(story, "bo", "ack");
    assert_string_equal(clocks(story), "decide 7m ana; call-out 10m ana; recover target 60m ana");
    story_passes(story, 3 * MINUTE_MS);
    story_ok(story, "ana", "decide back --reason x");
    assert_string_equal(clocks(story),
                        "call-out 13m ana; step end code 23m cy; recover target 60m ana; "
                        "step end look 73m ana");
    story_passes(story, MINUTE_MS);
    story_ok(story, "cy", "start code");
    assert_string_equal(clocks(story),
                        "step box code 9m cy; call-out 13m ana; step end code 23m cy; "
                        "recover target 60m ana; "
                        "step end look 73m ana");
    assert_true(story_ran(story, "code", "exited", 0));
    assert_string_equal(clocks(story),
                        "call-out 13m ana; recover target 60m ana; step end look 73m ana");
    story_ok(story, "ana", "recover --reason y");
    assert_string_equal(clocks(story), "");
}

static void test_an_incident_without_plan_has_clocks_too(void **state) {
    struct story *story = story_new(*state, NULL);
    story_ok(story, "ana", "declare --title x");
    assert_string_equal(clocks(story), "acknowledge 5m; decide 10m");
    story_ok(story, "ana", "abandon --reason x");
    assert_string_equal(clocks(story), "");
}

/* Whatever the commander puts on the record is a word; what a runner reports in their name isn't.
 */
static void test_the_commander_is_heard(void **state) {
    struct story *story = begin(*state);
    story_ok(story, "ana", "take commander");
    story_ok(story, "ana", "decide back --reason x");
    story_ok(story, "ana", "start code");
    story_passes(story, 2 * MINUTE_MS);
    story_ok(story, "cy", "note x");
    assert_int_equal(due(story, "call-out"), 10);
    story_ok(story, "ana", "note 'still with us'");
    assert_int_equal(due(story, "call-out"), 12);
    story_passes(story, MINUTE_MS);
    assert_true(story_ran(story, "code", "exited", 0));
    assert_int_equal(due(story, "call-out"), 12);
    story_ok(story, "bo", "take commander --relieve --reason silence");
    assert_int_equal(due(story, "call-out"), 13);
    story_ok(story, "cy", "take deputy");
    assert_string_equal(clocks(story),
                        "call-out 13m cy; recover target 60m bo; step end look 70m bo");
}

static void test_containment_has_a_clock_where_the_plan_contains(void **state) {
    struct story *story = story_declared(
        *state, story_plan(*state, "targets: {contain: 8m}\n",
                           "  - {id: flag, phase: contain, owner: dev, box: 5m, run: [./x]}\n"));
    assert_int_equal(due(story, "contain"), 8);
    story_ok(story, "ana", "decide back --reason x");
    story_ok(story, "cy", "start flag");
    assert_int_equal(due(story, "contain"), 8);
    assert_true(story_ran(story, "flag", "exited", 0));
    assert_int_equal(due(story, "contain"), -1);
    story_ok(story, "ana", "reopen flag --reason again");
    assert_int_equal(due(story, "contain"), 8);
    story_ok(story, "ana", "decide hold --reason x");
    assert_int_equal(due(story, "contain"), -1);
}

static void test_the_worst_is_longest_past_due(void **state) {
    struct story *story = begin(*state);
    struct clocks list = incident_clocks(*state, story_incident(story));
    assert_null(clocks_worst(&list, STORY_BEGAN_MS + 2 * MINUTE_MS));
    assert_string_equal(clocks_worst(&list, STORY_BEGAN_MS + 9 * MINUTE_MS)->what, "acknowledge");
    list.count = 0;
    assert_null(clocks_worst(&list, INT64_MAX));
}

static void test_cost(void **state) {
    struct story *story = begin(*state);
    const struct incident *incident = story_incident(story);
    assert_int_equal(incident_cost(incident, STORY_BEGAN_MS), 0);
    assert_int_equal(incident_cost(incident, STORY_BEGAN_MS - HOUR_MS), 0);
    assert_int_equal(incident_cost(incident, STORY_BEGAN_MS + 90 * SECOND_MS), 9000);
    story_passes(story, 2 * MINUTE_MS);
    story_ok(story, "ana", "decide hold --reason x");
    story_ok(story, "ana", "recover");
    assert_int_equal(incident_cost(incident, STORY_BEGAN_MS + DAY_MS), 12000);
    story_ok(story, "ana", "declare p --accept t --detected-at 13:58:02");
    assert_int_equal(incident_cost(story_incident(story), story->now_ms), 12 * 6000);
    struct story *bare = story_new(*state, NULL);
    story_ok(bare, "ana", "declare --title x");
    assert_int_equal(incident_cost(story_incident(bare), INT64_MAX), 0);
}

/* A cost beyond counting is as much as can be said, not less than nothing. */
static void test_cost_never_overflows(void **state) {
    struct story *story = story_declared(
        *state, story_plan(*state, "cost: {per_minute: 90000000000000000.00 EUR}\n", steps));
    assert_true(incident_cost(story_incident(story), story->now_ms + 36500 * DAY_MS) >
                INT64_MAX / 100);
}

/* --- duties ----------------------------------------------------------------------------------- */

static char *duties(const struct story *story, const char *person) {
    struct duties duties = incident_duties(story, story_incident(story), person);
    char *words = xtalloc_strdup(story, "");
    for (size_t i = 0; i < duties.count; i++) {
        assert_non_null(command_find(duties.list[i].command));
        words = xtalloc_asprintf_append(words, "%s%s", i ? "; " : "", duties.list[i].words);
    }
    return words;
}

static void test_duties_follow_the_path(void **state) {
    struct story *story = begin(*state);
    assert_string_equal(duties(story, "cy"), "acknowledge; take command");
    story_ok(story, "bo", "ack");
    assert_string_equal(duties(story, "cy"), "take command; decide");
    story_ok(story, "ana", "take commander");
    assert_string_equal(duties(story, "cy"), "");
    assert_string_equal(duties(story, "ana"), "decide");
    story_ok(story, "ana", "decide back --reason x");
    assert_string_equal(duties(story, "cy"), "start 1 code");
    assert_string_equal(duties(story, "ana"), "");
    story_ok(story, "ana", "assign code bo");
    assert_string_equal(duties(story, "bo"), "start 1 code");
    story_ok(story, "bo", "start code");
    assert_string_equal(duties(story, "bo"), "");
    assert_true(story_ran(story, "code", "exited", 1));
    assert_string_equal(duties(story, "bo"), "retry or skip 1 code");
    assert_string_equal(duties(story, "ana"), "retry or skip 1 code");
    assert_string_equal(duties(story, "cy"), "");
    story_ok(story, "bo", "retry code --reason y");
    assert_true(story_ran(story, "code", "lost", 0));
    assert_string_equal(duties(story, "ana"), "settle 1 code");
    story_ok(story, "ana", "settle code happened --evidence e");
    assert_string_equal(duties(story, "ana"), "start 2 look");
    story_ok(story, "ana", "start look");
    assert_string_equal(duties(story, "ana"), "done? 2 look");
    assert_string_equal(duties(story, "bo"), "");
    story_ok(story, "ana", "done look");
    assert_string_equal(duties(story, "ana"), "recover: is it well?");
    story_ok(story, "ana", "recover");
    assert_string_equal(duties(story, "ana"), "resolve");
    story_ok(story, "ana", "resolve");
    assert_string_equal(duties(story, "ana"), "close");
    story_ok(story, "ana", "close");
    assert_string_equal(duties(story, "ana"), "");
}

static void test_an_offer_is_the_first_duty(void **state) {
    struct story *story = begin(*state);
    story_ok(story, "ana", "take commander");
    story_ok(story, "ana", "offer commander bo");
    assert_string_equal(duties(story, "bo"), "accept commander from ana; acknowledge");
}

static void test_what_is_being_checked_waits_on_nobody(void **state) {
    struct story *story = story_decided(*state, "",
                                        "  - {id: code, owner: dev, box: 5m, run: [./c], undo: x,"
                                        " verify: {run: [./is]}}\n");
    story_ok(story, "cy", "start code");
    assert_true(story_ran(story, "code", "lost", 0));
    assert_string_equal(duties(story, "cy"), "settle 1 code");
    story_ok(story, "cy", "check code");
    assert_string_equal(duties(story, "cy"), "");
    assert_true(story_verified(story, "code", "not_yet"));
    assert_string_equal(duties(story, "cy"), "settle 1 code");
}

static void test_a_pause_leaves_only_what_ends_it(void **state) {
    struct story *story = begin(*state);
    story_ok(story, "ana", "take commander");
    story_ok(story, "ana", "decide back --reason x");
    story_ok(story, "ana", "pause");
    assert_string_equal(duties(story, "ana"), "resume");
    assert_string_equal(duties(story, "cy"), "");
}

static void test_a_handler_waits_on_its_owner_during_the_pause(void **state) {
    struct story *story =
        story_declared(*state, story_plan(*state, "",
                                          "  - {id: code, owner: dev, box: 5m, run: [./c], undo: x,"
                                          " on_failure: {run: mend}}\n"
                                          "  - {id: mend, owner: commander, box: 5m, run: [./m],"
                                          " only: on_failure, undo: x}\n"));
    story_ok(story, "ana", "take commander");
    story_ok(story, "ana", "decide back --reason x");
    story_ok(story, "cy", "start code");
    assert_true(story_ran(story, "code", "exited", 1));
    assert_string_equal(duties(story, "ana"), "retry or skip 1 code; start 2 mend");
}

/* A failure that the plan goes on after keeps nobody from saying that it is well. */
static void test_the_end_is_asked_for_after_a_failure_that_doesnt_matter(void **state) {
    struct story *story =
        story_declared(*state, story_plan(*state, "",
                                          "  - {id: code, owner: dev, box: 5m, run: [./c], undo: x,"
                                          " on_failure: continue}\n"));
    story_ok(story, "ana", "take commander");
    story_ok(story, "ana", "decide back --reason x");
    story_ok(story, "cy", "start code");
    assert_true(story_ran(story, "code", "exited", 1));
    assert_string_equal(duties(story, "ana"), "recover: is it well?");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_clocks_follow_the_path),
        story_test(test_an_incident_without_plan_has_clocks_too),
        story_test(test_the_commander_is_heard),
        story_test(test_containment_has_a_clock_where_the_plan_contains),
        story_test(test_the_worst_is_longest_past_due),
        story_test(test_cost),
        story_test(test_cost_never_overflows),
        story_test(test_duties_follow_the_path),
        story_test(test_an_offer_is_the_first_duty),
        story_test(test_what_is_being_checked_waits_on_nobody),
        story_test(test_a_pause_leaves_only_what_ends_it),
        story_test(test_a_handler_waits_on_its_owner_during_the_pause),
        story_test(test_the_end_is_asked_for_after_a_failure_that_doesnt_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
