/* What happens to whom: scenes of an incident, each the proof of a sentence of the design. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "incident/events.h"

#include <string.h>

static const char three_steps[] =
    "  - {id: flag, owner: dev, box: 5m, run: [./flag, 'off'], idempotent: true, undo: x}\n"
    "  - {id: code, owner: dev, box: 5m, run: [./undo], verify: {run: [./is]}, undo: x}\n"
    "  - {id: look, owner: commander, box: 5m, manual: Look}\n";

static void test_a_rollback(void **state) {
    struct story *story = story_declared(*state, story_plan(*state, "", three_steps));
    assert_string_equal(story->answer, "INC-1");
    assert_string_equal(story_state(story, "flag"), "waiting");
    story_refused(story, "bo", "start flag", ERR_REFUSED, "no decision has been made");
    story_ok(story, "bo", "ack");
    story_ok(story, "ana", "take ic");
    story_ok(story, "ana", "decide back --reason 'errors at 9%'");
    story_ok(story, "cy", "start 1");
    assert_string_equal(story_state(story, "flag"), "running");
    story_refused(story, "dot", "start flag", ERR_CONFLICT, "cy started it at 14:08:02");
    assert_true(story_ran(story, "flag", "exited", 0));
    assert_string_equal(story_kinds(story), "step.ran step.done");
    story_ok(story, "cy", "start code");
    assert_true(story_ran(story, "code", "exited", 0));
    assert_string_equal(story_state(story, "code"), "verifying");
    assert_true(story_verified(story, "code", "passed"));
    story_refused(story, "ana", "recover", ERR_REFUSED, "3 look is not done");
    story_ok(story, "ana", "start look");
    story_ok(story, "ana", "done look --evidence 'all green'");
    story_ok(story, "ana", "recover");
    story_ok(story, "ana", "resolve");
    story_ok(story, "ana", "close");
    story_refused(story, "ana", "start look", ERR_REFUSED, "it is closed");
    story_ok(story, "bo", "note the pager was quiet");
    assert_int_equal(incident_phase(story_incident(story)), PHASE_CLOSED);
}

/* --- failures and pauses ---------------------------------------------------------------------- */

static const char two_sides[] =
    "  - {id: left, owner: dev, box: 5m, run: [./l], needs: [], undo: x}\n"
    "  - {id: right, owner: dev, box: 5m, run: [./r], needs: [], undo: x}\n"
    "  - {id: late, owner: dev, box: 5m, run: [./x], needs: [], undo: x}\n";

static void test_a_failure_pauses_in_the_same_breath(void **state) {
    struct story *story = story_decided(*state, "", two_sides);
    story_ok(story, "cy", "start left");
    assert_true(story_ran(story, "left", "exited", 3));
    assert_string_equal(story_kinds(story), "step.ran step.failed incident.paused");
    story_refused(story, "cy", "start late", ERR_REFUSED, "it is paused: 1 left failed");
    assert_string_equal(story->err->remedy, "`retry` or `skip` that step, or `resume`");
}

static void test_retry_lifts_the_pause(void **state) {
    struct story *story = story_decided(*state, "", two_sides);
    story_ok(story, "cy", "start left");
    assert_true(story_ran(story, "left", "exited", 3));
    story_ok(story, "cy", "retry left --reason again");
    assert_string_equal(story_kinds(story), "incident.resumed step.started");
    story_ok(story, "cy", "start late");
}

static void test_skip_lifts_the_pause(void **state) {
    struct story *story = story_decided(*state, "", two_sides);
    story_ok(story, "cy", "start left");
    assert_true(story_ran(story, "left", "exited", 3));
    story_ok(story, "ana", "skip left --reason 'by hand'");
    assert_string_equal(story_kinds(story), "incident.resumed step.skipped");
}

/* The pause stands as long as a failure that asked for one does. */
static void test_a_second_failure_keeps_the_pause(void **state) {
    struct story *story = story_decided(*state, "", two_sides);
    story_ok(story, "cy", "start left");
    story_ok(story, "cy", "start right");
    assert_true(story_ran(story, "left", "exited", 3));
    assert_true(story_ran(story, "right", "exited", 3));
    assert_string_equal(story_kinds(story), "step.ran step.failed");
    story_ok(story, "cy", "retry left --reason again");
    assert_string_equal(story_kinds(story), "incident.paused step.started");
    story_refused(story, "cy", "start late", ERR_REFUSED, "2 right failed");
    story_ok(story, "cy", "retry right --reason again");
    assert_null(story_incident(story)->paused.by);
}

static void test_a_failed_step_may_be_retried_whichever_failure_paused(void **state) {
    struct story *story = story_decided(*state, "", two_sides);
    story_ok(story, "cy", "start left");
    story_ok(story, "cy", "start right");
    assert_true(story_ran(story, "left", "exited", 3));
    assert_true(story_ran(story, "right", "exited", 3));
    story_ok(story, "cy", "retry right --reason again");
    assert_string_equal(story_incident(story)->paused_for, "left");
}

static void test_a_persons_pause_is_lifted_by_resume_alone(void **state) {
    struct story *story = story_decided(*state, "", two_sides);
    story_ok(story, "cy", "start left");
    story_ok(story, "bo", "pause --reason 'wait for the database'");
    assert_true(story_ran(story, "left", "exited", 3));
    story_refused(story, "cy", "retry left --reason again", ERR_REFUSED,
                  "bo paused it: wait for the database");
    story_ok(story, "bo", "resume");
    story_ok(story, "cy", "retry left --reason again");
    story_refused(story, "bo", "resume", ERR_REFUSED, "it isn't paused");
}

static void test_a_persons_pause_takes_over_from_a_failures(void **state) {
    struct story *story = story_decided(*state, "", two_sides);
    story_ok(story, "cy", "start left");
    assert_true(story_ran(story, "left", "exited", 3));
    story_ok(story, "bo", "pause");
    story_ok(story, "bo", "pause");
    assert_string_equal(story_kinds(story), "");
    assert_string_equal(story->answer, "bo paused it already");
    story_refused(story, "cy", "retry left --reason again", ERR_REFUSED, "bo paused it");
}

static const char with_handler[] =
    "  - {id: code, owner: dev, box: 5m, run: [./c], on_failure: {run: mend}, undo: x}\n"
    "  - {id: mend, owner: dev, box: 5m, run: [./m], only: on_failure, undo: x}\n"
    "  - {id: next, owner: dev, box: 5m, run: [./n], undo: x}\n";

/* "`on_failure` handler (never turns it green)" */
static void test_a_handler_runs_during_the_pause_and_mends_nothing_by_itself(void **state) {
    struct story *story = story_decided(*state, "", with_handler);
    assert_string_equal(story_state(story, "mend"), "not_chosen");
    story_refused(story, "cy", "start mend", ERR_REFUSED, "only when the step it handles");
    story_ok(story, "cy", "start code");
    assert_true(story_ran(story, "code", "exited", 1));
    assert_string_equal(story_incident(story)->paused.reason, "1 code failed; its handler is mend");
    story_ok(story, "cy", "start mend");
    assert_true(story_ran(story, "mend", "exited", 0));
    assert_string_equal(story_state(story, "code"), "failed");
    assert_string_equal(story_state(story, "next"), "waiting");
    assert_non_null(story_incident(story)->paused.by);
}

static void test_on_failure_continue_goes_on(void **state) {
    struct story *story = story_decided(
        *state, "",
        "  - {id: code, owner: dev, box: 5m, run: [./c], on_failure: continue, undo: x}\n"
        "  - {id: next, owner: dev, box: 5m, run: [./n], undo: x}\n");
    story_ok(story, "cy", "start code");
    assert_true(story_ran(story, "code", "exited", 1));
    assert_string_equal(story_kinds(story), "step.ran step.failed");
    story_ok(story, "cy", "start next");
    assert_true(story_ran(story, "next", "exited", 0));
    assert_string_equal(story_state(story, "code"), "failed");
}

/* --- how work ends ---------------------------------------------------------------------------- */

static const struct {
    const char *spec, *ended;
    int64_t status;
    const char *state, *reason;
} endings[] = {
    {"run: [./x]", "exited", 0, "done", NULL},
    {"run: [./x]", "exited", 7, "failed", "exit status 7"},
    {"run: [./x]", "signalled", 9, "unknown", "killed by signal 9"},
    {"run: [./x]", "timed_out", 0, "unknown", "timed out and was killed"},
    {"run: [./x]", "aborted", 0, "unknown", "aborted on its host"},
    {"run: [./x]", "lost", 0, "unknown", "lost contact"},
    {"run: [./x]", "not_run", 0, "failed", "its command could not be run"},
    {"run: [./x]", "absent", 0, "ready", "nothing was run"},
    {"run: [./x], read_only: true", "signalled", 9, "failed", "killed by signal 9"},
    {"run: [./x], read_only: true", "timed_out", 0, "failed", "timed out and was killed"},
    {"run: [./x], read_only: true", "lost", 0, "failed", "lost contact"},
    {"wait: 5m", "exited", 0, "done", NULL},
    {"wait: 5m", "aborted", 0, "failed", "aborted on its host"},
    {"run: [./x], verify: {run: [./is]}", "exited", 0, "verifying", NULL},
    {"run: [./x], verify: {matches: ok}", "exited", 0, "failed", "its output doesn't match ok"},
    {"run: [./x], verify: {expr: \"inputs.v == 'a'\"}", "exited", 0, "done", NULL},
    {"run: [./x], verify: {expr: \"inputs.v == 'b'\"}", "exited", 0, "failed",
     "verify: inputs.v == 'b' is false"},
    {"run: [./x], verify: {expr: steps.s1.outputs.a > 1}", "exited", 0, "unknown",
     "verify: steps.s1.outputs.a > 1 can't be judged"},
};

static void test_how_work_ends(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
        const char *steps = xtalloc_asprintf(
            *state, "  - {id: s1, owner: dev, box: 5m, undo: x, outputs: {a: 'a=(.*)'}, %s}\n",
            endings[i].spec);
        struct story *story =
            story_decided(*state, "inputs: {v: {type: string, default: a}}\n", steps);
        story_ok(story, "cy", "start s1");
        if (!story_ran(story, "s1", endings[i].ended, endings[i].status))
            fail_msg("%zu: %s", i, err_sentence(story, story->err));
        assert_string_equal(story_state(story, "s1"), endings[i].state);
        const char *reason = story_step(story, "s1")->reason;
        if (endings[i].reason && (!reason || !strstr(reason, endings[i].reason)))
            fail_msg("%zu: %s", i, reason ? reason : "no reason");
        assert_int_equal(step_run(story_step(story, "s1")) != NULL,
                         strcmp(endings[i].state, "verifying") == 0);
    }
}

static void test_output_that_matches(void **state) {
    struct story *story = story_decided(
        *state, "",
        "  - {id: s1, owner: dev, box: 5m, undo: x, run: [./x], verify: {matches: ok}}\n");
    story_ok(story, "cy", "start s1");
    struct command *ran = story_command(story, "ran", "s1");
    ran->run = "1.s1.1";
    ran->ended = "exited";
    ran->verdict = "passed";
    ran->output_sha256 = "ab12";
    ran->output_bytes = 12;
    ran->outputs = (const struct pair[]){{"rev", "r7"}, {0}};
    assert_true(story_submit(story, "cy", ran));
    assert_string_equal(story_state(story, "s1"), "done");
    assert_string_equal(step_attempt(story_step(story, "s1"))->output_sha256, "ab12");
    assert_string_equal(pair_find(story_step(story, "s1")->outputs, "rev"), "r7");
}

/* A runner's remark stands with how it ran; where it is the reason of what follows, it stands there
 * alone. */
static const struct {
    const char *ended, *told;
} remarks[] = {
    {"exited", "1 s1 exited; output could not be kept"},
    {"timed_out", "1 s1 timed out; output could not be kept"},
    {"lost", "1 s1 lost"},
};

static void test_what_a_runner_remarks_is_told_once(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(remarks); i++) {
        struct story *story =
            story_decided(*state, "", "  - {id: s1, owner: dev, box: 5m, undo: x, run: [./x]}\n");
        story_ok(story, "cy", "start s1");
        struct command *ran = story_command(story, "ran", "s1");
        ran->run = "1.s1.1";
        ran->ended = remarks[i].ended;
        ran->reason = "output could not be kept";
        assert_true(story_submit(story, "cy", ran));
        const struct incident *incident = story_incident(story);
        bool told = false;
        for (size_t e = 0; e < incident->events_count; e++)
            told = told || strcmp(event_sentence(*state, incident, &incident->events[e]),
                                  remarks[i].told) == 0;
        assert_true(told);
    }
}

static const struct {
    const char *verdict, *while_verifying, *while_unknown;
} verdicts[] = {
    {"passed", "done", "done"},
    {"not_yet", "failed", "unknown"},
    {"broken", "unknown", "unknown"},
    {"lost", "unknown", "unknown"},
};

static void test_what_verify_finds(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
        struct story *story = story_decided(
            *state, "",
            "  - {id: s1, owner: dev, box: 5m, undo: x, run: [./x], verify: {run: [./is]}}\n");
        story_ok(story, "cy", "start s1");
        assert_true(story_ran(story, "s1", "exited", 0));
        assert_true(story_verified(story, "s1", verdicts[i].verdict));
        assert_string_equal(story_state(story, "s1"), verdicts[i].while_verifying);
        story = story_decided(
            *state, "",
            "  - {id: s1, owner: dev, box: 5m, undo: x, run: [./x], verify: {run: [./is]}}\n");
        story_ok(story, "cy", "start s1");
        assert_true(story_ran(story, "s1", "lost", 0));
        story_ok(story, "bo", "check s1");
        assert_string_equal(story_state(story, "s1"), "unknown");
        assert_true(story_verified(story, "s1", verdicts[i].verdict));
        assert_string_equal(story_state(story, "s1"), verdicts[i].while_unknown);
        assert_null(step_run(story_step(story, "s1")));
    }
}

static void test_a_stale_report_is_refused(void **state) {
    struct story *story = story_decided(*state, "", three_steps);
    story_ok(story, "cy", "start flag");
    assert_true(story_ran(story, "flag", "exited", 1));
    story_ok(story, "cy", "retry flag --reason again");
    struct command *late = story_command(story, "ran", "flag");
    late->run = "1.flag.1";
    late->ended = "exited";
    assert_false(story_submit(story, "cy", late));
    assert_int_equal(story->err->code, ERR_CONFLICT);
    assert_string_equal(story_state(story, "flag"), "running");
}

/* --- nobody knows ----------------------------------------------------------------------------- */

static const char destructive[] =
    "  - {id: drop, owner: dev, box: 5m, run: [./drop], destructive: true, undo: x}\n";

static void test_nothing_closes_while_something_is_unknown(void **state) {
    struct story *story = story_decided(*state, "", destructive);
    story_ok(story, "cy", "start drop");
    story_refused(story, "ana", "abandon --reason error", ERR_REFUSED, "1 drop is running");
    story_refused(story, "ana", "recover --reason x", ERR_REFUSED, "1 drop is running");
    assert_true(story_ran(story, "drop", "lost", 0));
    story_refused(story, "ana", "abandon --reason error", ERR_REFUSED, "1 drop is unknown");
    story_refused(story, "ana", "decide hold --reason x", ERR_REFUSED, "1 drop is unknown");
}

/* "with evidence; a second person if destructive" */
static void test_a_second_person_settles_what_is_destructive(void **state) {
    struct story *story = story_decided(*state, "", destructive);
    story_ok(story, "cy", "start drop");
    assert_true(story_ran(story, "drop", "lost", 0));
    story_refused(story, "cy", "settle drop happened --evidence 'I saw'", ERR_REFUSED,
                  "a second person");
    story_refused(story, "dot", "settle drop happened", ERR_USAGE, "--evidence is missing");
    story_ok(story, "dot", "settle drop happened --evidence 'rows are gone'");
    assert_string_equal(story_state(story, "drop"), "done");
    assert_string_equal(step_attempt(story_step(story, "drop"))->evidence, "rows are gone");
}

static void test_settled_absent_is_ready_again_and_partial_failed(void **state) {
    struct story *story = story_decided(*state, "", three_steps);
    story_ok(story, "cy", "start flag");
    assert_true(story_ran(story, "flag", "lost", 0));
    story_ok(story, "cy", "settle flag absent --evidence 'not in its log'");
    assert_string_equal(story_state(story, "flag"), "ready");
    story_ok(story, "cy", "start flag");
    assert_int_equal(step_attempt(story_step(story, "flag"))->number, 2);
    assert_true(story_ran(story, "flag", "lost", 0));
    story_ok(story, "cy", "settle flag partial --evidence 'one of two'");
    assert_string_equal(story_state(story, "flag"), "failed");
    assert_string_equal(story_kinds(story), "step.settled incident.paused");
}

static void test_abort_is_asked_once(void **state) {
    struct story *story = story_decided(*state, "", three_steps);
    story_refused(story, "cy", "abort flag", ERR_REFUSED, "no command of it is running");
    story_ok(story, "cy", "start flag");
    story_ok(story, "bo", "abort flag --reason 'wrong host'");
    story_ok(story, "cy", "abort flag");
    assert_string_equal(story_kinds(story), "");
    assert_string_equal(story->answer, "bo asked for it already");
    assert_true(story_ran(story, "flag", "aborted", 0));
    assert_string_equal(story_step(story, "flag")->reason, "aborted by bo");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_a_rollback),
        story_test(test_a_failure_pauses_in_the_same_breath),
        story_test(test_retry_lifts_the_pause),
        story_test(test_skip_lifts_the_pause),
        story_test(test_a_second_failure_keeps_the_pause),
        story_test(test_a_failed_step_may_be_retried_whichever_failure_paused),
        story_test(test_a_persons_pause_is_lifted_by_resume_alone),
        story_test(test_a_persons_pause_takes_over_from_a_failures),
        story_test(test_a_handler_runs_during_the_pause_and_mends_nothing_by_itself),
        story_test(test_on_failure_continue_goes_on),
        story_test(test_how_work_ends),
        story_test(test_what_a_runner_remarks_is_told_once),
        story_test(test_output_that_matches),
        story_test(test_what_verify_finds),
        story_test(test_a_stale_report_is_refused),
        story_test(test_nothing_closes_while_something_is_unknown),
        story_test(test_a_second_person_settles_what_is_destructive),
        story_test(test_settled_absent_is_ready_again_and_partial_failed),
        story_test(test_abort_is_asked_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
