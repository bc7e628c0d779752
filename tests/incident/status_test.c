/* What follows from state without being recorded. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"

#include <string.h>

static struct story *decided(const void *parent, const char *more, const char *steps,
                             const char *option) {
    struct story *story = story_declared(parent, story_plan(parent, more, steps));
    story_ok(story, "ana", xtalloc_asprintf(parent, "decide %s --reason x", option));
    return story;
}

static char *waits_for(const struct story *story, const char *id) {
    return step_waits_for(story, story_incident(story), story_step(story, id));
}

/* --- needs ------------------------------------------------------------------------------------ */

static const char options[] = "options:\n"
                              "  back: {title: B, takes: 1m, loses: l, all: true}\n"
                              "  ends: {title: E, takes: 1m, loses: l, steps: [a1, b1, e1]}\n";
static const char steps[] =
    "  - {id: a1, owner: dev, box: 5m, run: [./x], needs: [], undo: x}\n"
    "  - {id: b1, owner: dev, box: 5m, run: [./x], needs: [], undo: x}\n"
    "  - {id: c1, owner: dev, box: 5m, run: [./x], needs: [a1], undo: x}\n"
    "  - {id: d1, owner: dev, box: 5m, run: [./x], needs: [c1, b1], undo: x}\n"
    "  - {id: e1, owner: dev, box: 5m, run: [./x], undo: x}\n";

static void test_what_a_step_waits_for(void **state) {
    struct story *story = story_declared(*state, story_plan(*state, options, steps));
    assert_string_equal(waits_for(story, "a1"), "no decision yet");
    story_ok(story, "ana", "decide back --reason x");
    assert_string_equal(waits_for(story, "a1"), "");
    assert_string_equal(waits_for(story, "d1"), "waits for 2 3");
    story_ok(story, "ana", "skip b1 --reason x");
    assert_string_equal(waits_for(story, "d1"), "waits for 3");
}

/* Through steps that the decision leaves out, to what really stands in the way; each once. */
static void test_waiting_goes_through_what_is_left_out(void **state) {
    struct story *story = decided(*state, options, steps, "ends");
    assert_string_equal(waits_for(story, "e1"), "waits for 1 2");
    story_ok(story, "ana", "skip a1 --reason x");
    assert_string_equal(waits_for(story, "e1"), "waits for 2");
    story_ok(story, "ana", "skip b1 --reason x");
    assert_string_equal(story_state(story, "e1"), "ready");
}

static void test_what_was_done_before_counts_though_left_out_now(void **state) {
    struct story *story = decided(*state, options, steps, "back");
    story_ok(story, "ana", "skip a1 --reason x");
    story_ok(story, "ana", "start c1");
    assert_true(story_ran(story, "c1", "exited", 1));
    story_ok(story, "ana", "decide ends --reason x");
    assert_string_equal(story_state(story, "c1"), "failed");
    assert_string_equal(waits_for(story, "e1"), "waits for 2 3");
}

/* Sixty steps, each needing the two before it: as many paths as there are Fibonacci rabbits. */
static void test_many_paths_are_walked_once(void **state) {
    char *many = xtalloc_strdup(*state, "");
    for (int i = 0; i < 90; i++)
        many = xtalloc_asprintf_append(many,
                                       i < 2 ? "  - {id: s%d, manual: x, needs: []}\n"
                                             : "  - {id: s%d, manual: x, needs: [s%d, s%d]}\n",
                                       i, i - 1, i - 2);
    struct story *story =
        decided(*state,
                "options:\n  back: {title: B, takes: 1m, loses: l, steps: [s0, s89]}\n"
                "  rest: {title: R, takes: 1m, loses: l, all: true}\n",
                many, "back");
    assert_string_equal(waits_for(story, "s89"), "waits for 1");
    story_ok(story, "ana", "skip s0 --reason x");
    assert_string_equal(story_state(story, "s89"), "ready");
}

static bool fold_now(struct state *state, const char *kind, const char *body, int64_t incident,
                     struct err *err) {
    struct event event = {.seq = state->last_seq + 1,
                          .incident = incident,
                          .at_ms = 1,
                          .actor = "ana",
                          .via = "line",
                          .command = "c",
                          .kind = kind,
                          .body = body};
    return fold(state, &event, err);
}

/* No plan of ours has a circle, but a store may come from elsewhere. */
static void test_a_circle_in_a_foreign_plan_ends(void **context) {
    struct state *state = state_new(*context);
    struct err *err = err_new(*context);
    const char text[] = "plan: p1\nsteps:\n  - {id: a1, manual: x, needs: [b1]}\n"
                        "  - {id: b1, manual: x, needs: [a1]}\n"
                        "  - {id: c1, manual: x, needs: [b1]}\n";
    struct digest digest = digest_sha256(text, strlen(text));
    char hex[DIGEST_HEX];
    digest_hex(&digest, hex);
    struct body_plan_frozen frozen = {hex, text};
    struct body_plan_adopted adopted = {.sha256 = hex, .plan = "p1"};
    const char *const chosen[] = {"c1", NULL};
    struct body_decided decision = {.option = "back", .steps = chosen};
    assert_true(
        fold_now(state, "plan.frozen", event_encode(*context, EVENT_PLAN_FROZEN, &frozen), 0, err));
    assert_true(fold_now(state, "incident.declared", "{\"title\":\"t\"}", 1, err));
    assert_true(fold_now(state, "plan.adopted",
                         event_encode(*context, EVENT_PLAN_ADOPTED, &adopted), 1, err));
    assert_true(fold_now(state, "incident.decided",
                         event_encode(*context, EVENT_DECIDED, &decision), 1, err));
    const struct incident *incident = state_incident(state, 1);
    assert_int_equal(step_state(incident, incident_step(incident, "c1")), STEP_READY);
}

/* --- phases, counts, the way back ------------------------------------------------------------- */

static void test_phases(void **state) {
    (void)state;
    for (size_t i = 0; i < PHASE_COUNT; i++) {
        enum phase phase;
        assert_true(phase_parse(phase_name((enum phase)i), &phase));
        assert_int_equal(phase, i);
        assert_non_null(phase_words(phase));
        assert_non_null(phase_customer_word(phase));
    }
    enum phase phase;
    assert_false(phase_parse("bored", &phase));
    assert_string_equal(phase_customer_word(PHASE_ROLLING_BACK), "identified");
    assert_string_equal(phase_customer_word(PHASE_WELL), "monitoring");
}

static void test_counts(void **state) {
    struct story *story = decided(*state, options, steps, "back");
    story_ok(story, "ana", "skip a1 --reason x");
    story_ok(story, "ana", "start b1");
    story_ok(story, "ana", "start c1");
    assert_true(story_ran(story, "c1", "lost", 0));
    struct step_counts counts = incident_counts(story_incident(story));
    assert_int_equal(counts.chosen, 5);
    assert_int_equal(counts.over, 1);
    assert_int_equal(counts.running, 1);
    assert_int_equal(counts.unknown, 1);
    assert_int_equal(counts.ready, 0);
    story_ok(story, "ana", "settle c1 absent --evidence e");
    assert_true(story_ran(story, "b1", "exited", 1));
    counts = incident_counts(story_incident(story));
    assert_int_equal(counts.failed, 1);
    assert_int_equal(counts.ready, 1);
}

static char *go_back(const struct story *story) {
    return incident_go_back(story, story_incident(story));
}

static void test_the_point_of_no_return(void **state) {
    const char *more =
        xtalloc_asprintf(*state, "point_of_no_return: {step: b1, note: n}\n%s", options);
    struct story *story = decided(*state, more, steps, "ends");
    assert_string_equal(go_back(story), "yes, until 2");
    story_ok(story, "ana", "start b1");
    assert_string_equal(go_back(story), "NO since 14:08");
    assert_true(story_ran(story, "b1", "absent", 0));
    assert_string_equal(go_back(story), "yes, until 2");
    story_passes(story, MINUTE_MS);
    story_ok(story, "ana", "start b1");
    assert_true(story_ran(story, "b1", "exited", 1));
    assert_string_equal(go_back(story), "NO since 14:09");
    story = decided(*state, more, steps, "ends");
    story_ok(story, "ana", "skip b1 --reason x");
    assert_string_equal(go_back(story), "yes");
    story = decided(*state, options, steps, "ends");
    assert_string_equal(go_back(story), "");
}

static void test_run_ids(void **state) {
    int64_t incident;
    const char *step;
    assert_true(run_id_parse(*state, "41.undo.code.2", &incident, &step));
    assert_int_equal(incident, 41);
    assert_string_equal(step, "undo.code");
    static const char *const no_ids[] = {
        "", "41", "41.2", "x.code.1", "41.code.x", "0.code.1", "41.code.0", "41.code.", ".code.1"};
    for (size_t i = 0; i < ARRAY_SIZE(no_ids); i++)
        assert_false(run_id_parse(*state, no_ids[i], &incident, &step));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_what_a_step_waits_for),
        story_test(test_waiting_goes_through_what_is_left_out),
        story_test(test_what_was_done_before_counts_though_left_out_now),
        story_test(test_many_paths_are_walked_once),
        story_test(test_a_circle_in_a_foreign_plan_ends),
        story_test(test_phases),
        story_test(test_counts),
        story_test(test_the_point_of_no_return),
        story_test(test_run_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
