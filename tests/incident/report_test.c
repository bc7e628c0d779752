/* What people say about how it goes: when a step will be done, the reports asked for, concerns. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "incident/waits.h"

#include <string.h>

static const char steps[] = "  - {id: code, owner: dev, box: 5m, run: [./x], undo: x}\n"
                            "  - {id: look, owner: commander, box: 3m, manual: Look}\n";

/* ana commands, bo is her deputy; cy has the step. */
static struct story *begin(const void *parent) {
    struct story *story = story_decided(parent, "", steps);
    story_ok(story, "bo", "take deputy");
    return story;
}

/* Minutes from the beginning until the report on the step is due; -1 where none is. */
static int64_t report_due(const struct story *story, const char **who) {
    struct clocks clocks = incident_clocks(story, story_incident(story));
    *who = NULL;
    for (size_t i = 0; i < clocks.count; i++) {
        if (strcmp(clocks.list[i].what, "report") != 0)
            continue;
        *who = clocks.list[i].who;
        return (clocks.list[i].due_ms - STORY_BEGAN_MS) / MINUTE_MS;
    }
    return -1;
}

static void check_report(const struct story *story, int64_t due, const char *who) {
    const char *asked;
    assert_int_equal(report_due(story, &asked), due);
    if (who)
        assert_string_equal(asked, who);
}

static const char *first_duty(const struct story *story, const char *person) {
    struct duties duties = incident_duties(story, story_incident(story), person);
    return duties.count ? duties.list[0].words : "";
}

/* --- eta -------------------------------------------------------------------------------------- */

static void check_says(const struct story *story, const char *says) {
    assert_string_equal(step_says(story, story_step(story, "code"), false), says);
}

static void test_a_word_stands_until_the_attempt_ends(void **state) {
    struct story *story = begin(*state);
    check_says(story, "");
    story_ok(story, "cy", "eta code 2m");
    assert_string_equal(story->answer, "1 code will be done 14:10");
    check_says(story, "says 14:10");
    story_ok(story, "cy", "start code");
    check_says(story, "says 14:10");
    story_ok(story, "cy", "eta code 12m 'adding two nodes'");
    check_says(story, "says 14:20 \"adding two nodes\"");
    assert_true(story_ran(story, "code", "exited", 1));
    check_says(story, "");
}

/* It silences nothing: the box runs out all the same. */
static void test_a_word_moves_no_clock(void **state) {
    struct story *story = begin(*state);
    story_ok(story, "cy", "start code");
    struct clocks before = incident_clocks(story, story_incident(story));
    story_ok(story, "cy", "eta code 30m");
    struct clocks after = incident_clocks(story, story_incident(story));
    assert_int_equal(before.count, after.count);
    for (size_t i = 0; i < before.count; i++)
        assert_int_equal(before.list[i].due_ms, after.list[i].due_ms);
}

/* It isn't a change of the step: who was about to do something with it goes on. */
static void test_a_word_leaves_the_revision(void **state) {
    struct story *story = begin(*state);
    int64_t seq = story_step(story, "code")->last_seq;
    story_ok(story, "cy", "eta code 2m");
    story_ok(story, "ana", "ask code");
    assert_int_equal(story_step(story, "code")->last_seq, seq);
}

/* --- ask -------------------------------------------------------------------------------------- */

static void test_one_report_is_enough(void **state) {
    struct story *story = begin(*state);
    story_ok(story, "ana", "ask code");
    assert_string_equal(story->answer, "asked cy");
    check_report(story, 3, "cy");
    assert_string_equal(first_duty(story, "cy"), "report to ana: 1 code");
    story_ok(story, "cy", "note 'half of it is done' --step code");
    check_report(story, -1, NULL);
    assert_string_equal(first_duty(story, "cy"), "start 1 code");
}

static void test_one_after_the_other(void **state) {
    struct story *story = begin(*state);
    story_ok(story, "ana", "ask code --every 4m");
    check_report(story, 4, "cy");
    story_passes(story, MINUTE_MS);
    story_ok(story, "cy", "eta code 10m");
    check_report(story, 5, "cy");
    story_ok(story, "cy", "start code");
    story_passes(story, MINUTE_MS);
    story_ok(story, "cy", "note slow --step code");
    check_report(story, 6, "cy");
    assert_true(story_ran(story, "code", "exited", 0));
    check_report(story, -1, NULL);
}

static void test_what_is_no_report(void **state) {
    struct story *story = begin(*state);
    story_ok(story, "ana", "ask code");
    story_ok(story, "cy", "note 'something else'");
    story_ok(story, "ana", "note 'cy was asked' --step code");
    story_ok(story, "cy", "note x --step look");
    check_report(story, 3, "cy");
}

/* Whoever gets the step gets the question with it. */
static void test_a_question_follows_the_step(void **state) {
    struct story *story = begin(*state);
    story_ok(story, "ana", "ask code");
    story_ok(story, "dot", "take dev");
    check_report(story, 3, "dot");
    story_ok(story, "ana", "assign code bo");
    check_report(story, 3, "bo");
    story_ok(story, "cy", "take dev --relieve --reason tired");
    check_report(story, 3, "bo");
}

static void test_whom_nobody_asks(void **state) {
    struct story *story = begin(*state);
    story_refused(story, "cy", "ask code", ERR_REFUSED, "it is yours");
    story_refused(story, "ana", "ask code --every 0s", ERR_USAGE, "give it some time");
    story = story_declared(*state, story_plan(*state, "", "  - {id: bare, box: 3m, manual: x}\n"));
    story_refused(story, "ana", "ask bare", ERR_REFUSED, "nobody has it");
    story_ok(story, "ana", "eta bare 5m 'whoever does it'");
}

/* --- concerns --------------------------------------------------------------------------------- */

static void test_a_concern_stands_until_it_is_answered(void **state) {
    struct story *story = begin(*state);
    story_ok(story, "raj", "concern 'refunds queue grows'");
    assert_string_equal(story->answer, "concern 1 stands until it is answered");
    story_ok(story, "cy", "concern heat");
    assert_int_equal(incident_open_concerns(story_incident(story)), 2);
    assert_string_equal(first_duty(story, "ana"), "answer raj's concern");
    assert_string_equal(first_duty(story, "bo"), "answer raj's concern");
    assert_string_equal(first_duty(story, "raj"), "");
    story_ok(story, "bo", "answer 1 'it drains since 14:00'");
    story_refused(story, "ana", "answer 1 seen", ERR_CONFLICT,
                  "bo answered it at 14:08:02: it drains since 14:00");
    story_refused(story, "ana", "answer 3 seen", ERR_NOT_FOUND, "there is no concern 3");
    assert_string_equal(first_duty(story, "ana"), "answer cy's concern");
}

static void test_nothing_closes_over_a_concern_in_silence(void **state) {
    struct story *story = begin(*state);
    story_ok(story, "ana", "recover --reason 'by itself'");
    story_ok(story, "raj", "concern 'refunds queue grows'");
    story_ok(story, "ana", "resolve");
    story_refused(story, "ana", "close", ERR_REFUSED,
                  "nobody has answered concern 1 of raj: refunds queue grows");
    story_ok(story, "ana", "close --reason 'followed up in CHG-1'");
    story_refused(story, "raj", "concern again", ERR_REFUSED, "it is closed");
}

static void test_an_answer_closes_too(void **state) {
    struct story *story = begin(*state);
    story_ok(story, "ana", "recover --reason 'by itself'");
    story_ok(story, "raj", "concern heat");
    story_ok(story, "ana", "answer 1 fans");
    story_ok(story, "ana", "resolve");
    story_ok(story, "ana", "close");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_a_word_stands_until_the_attempt_ends),
        story_test(test_a_word_moves_no_clock),
        story_test(test_a_word_leaves_the_revision),
        story_test(test_one_report_is_enough),
        story_test(test_one_after_the_other),
        story_test(test_what_is_no_report),
        story_test(test_a_question_follows_the_step),
        story_test(test_whom_nobody_asks),
        story_test(test_a_concern_stands_until_it_is_answered),
        story_test(test_nothing_closes_over_a_concern_in_silence),
        story_test(test_an_answer_closes_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
