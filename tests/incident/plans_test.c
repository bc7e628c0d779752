/* Scenes about the plan: conditions, the decision, another plan, declaring. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/time.h"

/* --- when ------------------------------------------------------------------------------------- */

static const char conditional[] =
    "  - {id: first, owner: dev, box: 5m, run: [./f], undo: x, outputs: {n: 'n=(.*)'}}\n"
    "  - {id: only-eu, owner: dev, box: 5m, run: [./e], undo: x, when: \"inputs.region == 'eu'\"}\n"
    "  - {id: many, owner: dev, box: 5m, run: [./m], undo: x, when: steps.first.outputs.n > 3}\n";
static const char region[] = "inputs: {region: {type: string, default: us}}\n";

static void test_a_false_when_skips_visibly_with_its_cause(void **state) {
    struct story *story = story_decided(*state, region, conditional);
    story_ok(story, "cy", "start first");
    assert_true(story_ran(story, "first", "exited", 0));
    assert_string_equal(story_kinds(story), "step.ran step.done step.skipped step.judged");
    assert_string_equal(story_state(story, "only-eu"), "skipped");
    assert_string_equal(story_step(story, "only-eu")->reason, "when inputs.region == 'eu': false");
    assert_true(story_step(story, "only-eu")->by_rule);
    story_refused(story, "cy", "start only-eu", ERR_CONFLICT, "the plan skipped it");
    story_ok(story, "cy", "reopen only-eu --reason 'it is live there too'");
    assert_string_equal(story_state(story, "only-eu"), "ready");
}

/* "What can't be judged never skips: the step says so, and a person starts or skips it." */
static void test_what_cant_be_judged_never_skips(void **state) {
    struct story *story = story_decided(*state, region, conditional);
    story_ok(story, "cy", "start first");
    assert_true(story_ran(story, "first", "exited", 0));
    assert_string_equal(story_state(story, "many"), "ready");
    assert_non_null(story_step(story, "many")->when_why);
    story_ok(story, "cy", "start many");
}

/* --- the decision and its plan ---------------------------------------------------------------- */

static const char options[] = "options:\n"
                              "  some: {title: Some, takes: 1m, loses: little, steps: [a1, c3]}\n"
                              "  back: {title: All, takes: 5m, loses: much, all: true}\n"
                              "  hold: {title: Hold, takes: 0s, loses: time, steps: []}\n";
static const char chain[] = "  - {id: a1, owner: dev, box: 5m, run: [./a], undo: x}\n"
                            "  - {id: b2, owner: dev, box: 5m, run: [./b], undo: x}\n"
                            "  - {id: c3, owner: dev, box: 5m, run: [./c], undo: x}\n";

static struct story *some_decided(const void *parent) {
    struct story *story = story_declared(parent, story_plan(parent, options, chain));
    story_ok(story, "ana", "decide some --reason 'enough'");
    return story;
}

static void test_a_step_left_out_lets_nobody_overtake(void **state) {
    struct story *story = some_decided(*state);
    assert_string_equal(story_state(story, "b2"), "not_chosen");
    assert_string_equal(story_state(story, "c3"), "waiting");
    story_refused(story, "cy", "start c3", ERR_REFUSED, "it waits for 1");
    story_refused(story, "cy", "start b2", ERR_REFUSED, "the decision (some) leaves it out");
    story_ok(story, "cy", "start a1");
    assert_true(story_ran(story, "a1", "exited", 0));
    assert_string_equal(story_state(story, "c3"), "ready");
}

static void test_a_decision_is_replaced_only_while_nothing_is_open(void **state) {
    struct story *story = some_decided(*state);
    story_ok(story, "cy", "start a1");
    story_refused(story, "ana", "decide back --reason more", ERR_REFUSED,
                  "the decision stands while 1 a1 is running");
    assert_true(story_ran(story, "a1", "exited", 0));
    story_ok(story, "ana", "decide back --reason more");
    assert_string_equal(story_state(story, "a1"), "done");
    assert_string_equal(story_state(story, "b2"), "ready");
    story_refused(story, "ana", "decide sideways --reason x", ERR_NOT_FOUND, "some back hold");
}

static void test_holding_is_not_rolling_back(void **state) {
    struct story *story = some_decided(*state);
    story_ok(story, "cy", "start a1");
    assert_true(story_ran(story, "a1", "exited", 0));
    assert_int_equal(incident_phase(story_incident(story)), PHASE_ROLLING_BACK);
    story_ok(story, "ana", "decide hold --reason 'look first'");
    assert_int_equal(incident_phase(story_incident(story)), PHASE_DECIDED);
}

static void test_another_plan_keeps_what_was_done_and_voids_the_decision(void **state) {
    struct story *story = some_decided(*state);
    story_ok(story, "cy", "start a1");
    story_refused(story, "ana", "adopt new.yaml", ERR_REFUSED, "1 a1 is running");
    assert_true(story_ran(story, "a1", "exited", 0));
    story_refused(story, "ana", "adopt same.yaml --accept t", ERR_CONFLICT, "already");
    story->plan_text = story_plan(*state, "version: 2\n",
                                  "  - {id: new, owner: dev, box: 5m, run: [./n], undo: x}\n"
                                  "  - {id: a1, owner: dev, box: 5m, run: [./a2], undo: x}\n");
    story_ok(story, "ana", "adopt new.yaml --accept t");
    assert_string_equal(story_kinds(story), "plan.frozen plan.adopted");
    assert_int_equal(story_step(story, "a1")->number, 2);
    assert_string_equal(story_state(story, "a1"), "done");
    assert_string_equal(story_state(story, "new"), "waiting");
    story_refused(story, "cy", "start new", ERR_REFUSED, "no decision has been made");
    story_ok(story, "ana", "decide back --reason again");
    assert_string_equal(story_state(story, "new"), "ready");
}

/* A run's id names its files and is its fence: no later run may have it again. */
static void test_a_step_that_comes_back_counts_its_runs_on(void **state) {
    const char *with = story_plan(*state, options, chain);
    const char *without = story_plan(*state, "", "  - {id: zz, manual: z, owner: dev, box: 5m}\n");
    struct story *story = some_decided(*state);
    story_ok(story, "cy", "start a1");
    assert_true(story_ran(story, "a1", "exited", 1));
    story->plan_text = without;
    story_ok(story, "ana", "adopt w --accept t");
    assert_null(story_incident(story)->paused_for);
    assert_non_null(story_incident(story)->paused.by);
    story->plan_text = with;
    story_ok(story, "ana", "adopt w --accept t");
    assert_string_equal(story_kinds(story), "plan.adopted");
    story_ok(story, "ana", "decide back --reason x");
    story_ok(story, "ana", "resume");
    story_ok(story, "cy", "retry a1 --reason x");
    assert_string_equal(step_run(story_step(story, "a1"))->id, "1.a1.2");
    assert_int_equal(step_attempt(story_step(story, "a1"))->number, 2);
}

static void test_a_wrong_input_is_mended_by_adopting_again(void **state) {
    struct story *story = story_declared(*state, story_plan(*state, region, conditional));
    story_ok(story, "ana", "adopt plan.yaml --accept t --input region=eu");
    assert_string_equal(pair_find(story_incident(story)->inputs, "region"), "eu");
    story_refused(story, "ana", "adopt plan.yaml --accept t --input region=eu", ERR_CONFLICT,
                  "already");
}

/* What the rule skipped by the wrong input it skips no more; nor does it stay judged. */
static void test_another_adoption_judges_anew(void **state) {
    struct story *story = story_decided(*state, region, conditional);
    story_ok(story, "cy", "start first");
    assert_true(story_ran(story, "first", "exited", 0));
    assert_string_equal(story_state(story, "only-eu"), "skipped");
    story_ok(story, "ana", "skip many --reason 'not today'");
    story_ok(story, "ana", "adopt plan.yaml --accept t --input region=eu");
    assert_false(story_step(story, "only-eu")->by_rule);
    story_ok(story, "ana", "decide back --reason x");
    assert_string_equal(story_kinds(story), "incident.decided step.judged");
    assert_string_equal(story_state(story, "only-eu"), "ready");
    assert_string_equal(story_state(story, "many"), "skipped");
    story_ok(story, "ana", "adopt plan.yaml --accept t --input region=us");
    story_ok(story, "ana", "decide back --reason x");
    assert_string_equal(story_state(story, "only-eu"), "skipped");
}

static void test_without_a_plan(void **state) {
    struct story *story = story_new(*state, NULL);
    story_refused(story, "ana", "declare", ERR_USAGE, "needs a title");
    story_ok(story, "ana", "declare --title 'search is empty' --service search --severity 1");
    story_refused(story, "ana", "start x", ERR_REFUSED, "no plan yet");
    story_refused(story, "ana", "decide sideways --reason x", ERR_NOT_FOUND, "back forward hold");
    story_ok(story, "ana", "decide forward --reason 'a fix is built'");
    assert_int_equal(incident_phase(story_incident(story)), PHASE_ROLLING_FORWARD);
    story_ok(story, "ana", "recover");
}

static void test_declaring(void **state) {
    struct story *story = story_new(*state, "backout: 1\nplan: x\n");
    story_refused(story, "ana", "declare bad.yaml", ERR_REFUSED, "the plan has");
    story->plan_text = story_plan(*state, "", "  - {id: s1, run: [./x]}\n");
    story_refused(story, "ana", "declare bad.yaml", ERR_REFUSED, "--accept REASON");
    story_ok(story, "ana", "declare bad.yaml --accept 'no time'");
    assert_string_equal(story_incident(story)->accepted, "no time");
    assert_string_equal(story_incident(story)->title, "Shop is slow");
    assert_string_equal(story_incident(story)->service, "shop");
    assert_int_equal(story_incident(story)->severity, 2);
    story_refused(story, "ana", "declare --title x --detected-at 2027-01-01T00:00:00Z", ERR_USAGE,
                  "in the future");
    story_ok(story, "ana", "declare bad.yaml --accept t --detected-at 14:01 --detected-by staff");
    assert_int_equal(story->incident, 2);
    assert_string_equal(story_kinds(story), "incident.declared plan.adopted");
    assert_int_equal(story_incident(story)->detected_ms, STORY_BEGAN_MS - 7 * MINUTE_MS - 2000);
}

/* A NUL would cut the frozen text short of what its digest says. */
static void test_a_plan_with_a_nul_is_refused(void **state) {
    static const char text[] = "backout: 1\nplan: ab\n\0# more";
    struct story *story = story_new(*state, NULL);
    struct command *command = story_command(story, "declare", NULL);
    command->plan = "nul.yaml";
    command->accept = "why not";
    story->facts.plan_text = text;
    story->facts.plan_length = sizeof(text) - 1;
    int64_t ticket = hub_submit(story->hub, command, &story->facts);
    struct hub_item item;
    while (hub_next(story->hub, AT(story->now_ms), &item) && item.ticket != ticket)
        ;
    assert_int_equal(item.verdict, HUB_REFUSED);
    assert_int_equal(item.err->code, ERR_REFUSED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_a_false_when_skips_visibly_with_its_cause),
        story_test(test_what_cant_be_judged_never_skips),
        story_test(test_a_step_left_out_lets_nobody_overtake),
        story_test(test_a_decision_is_replaced_only_while_nothing_is_open),
        story_test(test_holding_is_not_rolling_back),
        story_test(test_another_plan_keeps_what_was_done_and_voids_the_decision),
        story_test(test_a_step_that_comes_back_counts_its_runs_on),
        story_test(test_a_wrong_input_is_mended_by_adopting_again),
        story_test(test_another_adoption_judges_anew),
        story_test(test_without_a_plan),
        story_test(test_declaring),
        story_test(test_a_plan_with_a_nul_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
