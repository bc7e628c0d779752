/* Scenes about who does what: roles, drills, locks, and what must be seen or fit before a start. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <string.h>

static const char three_steps[] =
    "  - {id: flag, owner: dev, box: 5m, run: [./flag, 'off'], idempotent: true, undo: x}\n"
    "  - {id: code, owner: dev, box: 5m, run: [./undo], verify: {run: [./is]}, undo: x}\n"
    "  - {id: look, owner: commander, box: 5m, manual: Look}\n";

static const char two_sides[] =
    "  - {id: left, owner: dev, box: 5m, run: [./l], needs: [], undo: x}\n"
    "  - {id: right, owner: dev, box: 5m, run: [./r], needs: [], undo: x}\n"
    "  - {id: late, owner: dev, box: 5m, run: [./x], needs: [], undo: x}\n";

/* --- people ----------------------------------------------------------------------------------- */

static void test_roles_change_hands_by_offer_and_acceptance(void **state) {
    struct story *story = story_decided(*state, "", three_steps);
    story_refused(story, "bo", "take commander", ERR_CONFLICT, "ana is commander");
    story_refused(story, "bo", "take commander --relieve", ERR_USAGE, "takes a reason");
    story_refused(story, "bo", "accept commander", ERR_REFUSED, "not offered to you");
    story_refused(story, "bo", "offer commander bo", ERR_REFUSED, "only they can offer it");
    story_ok(story, "ana", "offer ic bo");
    assert_string_equal(incident_commander(story_incident(story)), "ana");
    story_ok(story, "bo", "accept commander");
    assert_string_equal(incident_commander(story_incident(story)), "bo");
    story_refused(story, "bo", "accept commander", ERR_REFUSED, "not offered to you");
    story_ok(story, "ana", "take ic --relieve --reason 'no answer for ten minutes'");
    assert_string_equal(incident_commander(story_incident(story)), "ana");
    story_ok(story, "ana", "take commander");
    assert_string_equal(story_kinds(story), "");
    story_refused(story, "ana", "take comander", ERR_NOT_FOUND, "did you mean commander?");
    story_refused(story, "ana", "take fla", ERR_NOT_FOUND, "did you mean flag?");
}

/* Where a step is called like a role, the role is meant. */
static void test_a_role_wins_over_a_step_of_its_name(void **state) {
    struct story *story =
        story_decided(*state, "", "  - {id: dev, owner: dev, box: 5m, run: [./x], undo: x}\n");
    story_ok(story, "eve", "take dev");
    assert_string_equal(story_kinds(story), "role.taken");
    story_ok(story, "eve", "take 1");
    assert_string_equal(story_kinds(story), "step.assigned");
}

static void test_whose_step_it_is(void **state) {
    struct story *story = story_decided(*state, "", three_steps);
    const struct incident *incident = story_incident(story);
    assert_string_equal(step_person(incident, story_step(story, "flag")), "cy");
    assert_string_equal(step_person(incident, story_step(story, "look")), "ana");
    story_ok(story, "dot", "take dev");
    assert_string_equal(step_person(incident, story_step(story, "flag")), "dot");
    story_ok(story, "bo", "take flag");
    assert_string_equal(step_person(incident, story_step(story, "flag")), "bo");
    story_ok(story, "ana", "assign flag cy");
    assert_string_equal(step_person(incident, story_step(story, "flag")), "cy");
    story->facts.person_exists = false;
    story_refused(story, "ana", "assign flag doot", ERR_NOT_FOUND, "did you mean dot?");
    story_ok(story, "ana", "assign flag dot");
}

/* --- a drill ---------------------------------------------------------------------------------- */

static const char drilled[] =
    "  - {id: real, owner: dev, box: 5m, run: ['./${site.name}'], drill: run, undo: x}\n"
    "  - {id: paper, owner: dev, box: 5m, run: [./p], verify: {run: [./is]}, undo: x}\n"
    "  - {id: look, owner: dev, box: 5m, manual: Look, verify: {run: [./is]}}\n"
    "  - {id: call, owner: dev, box: 5m, manual: Call, verify: {http: {url: u}}}\n";
static const char sites[] =
    "sites: {production: {name: prod}, drill: {name: stage, differs: [small]}}\n";

/* "Drill: no live argv runs." */
static void test_a_drill_runs_nothing_live(void **state) {
    struct story *story = story_new(*state, story_plan(*state, sites, drilled));
    story_ok(story, "ana", "declare p.yaml --drill --accept t");
    story_ok(story, "ana", "decide back --reason exercise");
    assert_false(step_is_by_hand(story_incident(story), story_step(story, "real")));
    story_ok(story, "cy", "start real");
    assert_non_null(step_run(story_step(story, "real")));
    assert_true(story_ran(story, "real", "exited", 0));
    static const char *const on_paper[] = {"paper", "look", "call"};
    for (size_t i = 0; i < ARRAY_SIZE(on_paper); i++) {
        const char *step = on_paper[i];
        struct command *command = story_command(story, "start", step);
        assert_false(command_starts_run(hub_state(story->hub), command));
        story_ok(story, "cy", xtalloc_asprintf(*state, "start %s", step));
        assert_int_equal(story_step(story, step)->runs_count, 0);
        command = story_command(story, "done", step);
        assert_false(command_starts_run(hub_state(story->hub), command));
        story_ok(story, "cy", xtalloc_asprintf(*state, "done %s", step));
        assert_string_equal(story_state(story, step), "done");
    }
}

/* --- what must be fit, seen, and alone -------------------------------------------------------- */

static void test_steps_that_share_a_lock_never_run_together(void **state) {
    struct story *story = story_decided(
        *state, "",
        "  - {id: l1, owner: dev, box: 5m, run: [./l], needs: [], lock: db, undo: x}\n"
        "  - {id: l2, owner: dev, box: 5m, run: [./r], needs: [], lock: db, undo: x}\n");
    story_ok(story, "cy", "start l1");
    story_refused(story, "cy", "start l2", ERR_REFUSED, "1 l1 holds the lock db, and is running");
    assert_true(story_ran(story, "l1", "lost", 0));
    story_refused(story, "cy", "start l2", ERR_REFUSED, "and is unknown");
    story_ok(story, "bo", "settle l1 partial --evidence half");
    story_ok(story, "bo", "resume");
    story_ok(story, "cy", "start l2");
    story_refused(story, "cy", "retry l1 --reason x", ERR_REFUSED, "2 l2 holds the lock db");
}

/* "start refuses a step when free space < 64 MiB" */
static void test_a_runner_must_be_fit(void **state) {
    struct story *story = story_decided(*state, "", three_steps);
    story->facts.free_bytes = FREE_BYTES_TO_START - 1;
    story_refused(story, "cy", "start flag", ERR_UNAVAILABLE, "only 63 MiB");
    story->facts.free_bytes = -1;
    story->facts.pid = 0;
    story_refused(story, "cy", "start flag", ERR_UNAVAILABLE, "no runner");
    story->facts.pid = 7;
    story->facts.free_bytes = FREE_BYTES_TO_START;
    story_ok(story, "cy", "start flag");
}

static void test_what_changed_since_it_was_seen_is_refused(void **state) {
    struct story *story = story_decided(*state, "", two_sides);
    struct command *start = story_command(story, "start", "left");
    start->if_seq = story_incident(story)->last_seq;
    story_ok(story, "cy", "start left");
    assert_true(story_ran(story, "left", "exited", 3));
    assert_false(story_submit(story, "dot", start));
    assert_int_equal(story->err->code, ERR_CONFLICT);
    assert_string_equal(story->err->what, "ana was first, at 14:08:02: it is failed now");
    start = story_command(story, "start", "right");
    start->if_seq = story_incident(story)->last_seq;
    story_ok(story, "ana", "resume");
    story_ok(story, "dot", "note nothing of it changes");
    assert_true(story_submit(story, "dot", start));
}

/* The same step in another plan may run another command than the one that was looked at. */
static void test_another_plan_changes_every_step(void **state) {
    struct story *story = story_decided(*state, "", two_sides);
    struct command *skip = story_command(story, "skip", "left");
    skip->if_seq = story_incident(story)->last_seq;
    skip->reason = "x";
    story->plan_text = story_plan(*state, "version: 2\n", two_sides);
    story_ok(story, "ana", "adopt p --accept t");
    story_ok(story, "ana", "decide back --reason again");
    assert_false(story_submit(story, "dot", skip));
    assert_int_equal(story->err->code, ERR_CONFLICT);
}

static void test_evidence_that_the_plan_asks_for(void **state) {
    struct story *story =
        story_decided(*state, "",
                      "  - {id: look, owner: dev, box: 5m, manual: Look, evidence: "
                      "{prompt: 'How many orders?', required: true}}\n");
    story_ok(story, "cy", "start look");
    story_refused(story, "cy", "done look", ERR_USAGE, "How many orders?");
    story_ok(story, "cy", "done look --evidence 312");
    assert_string_equal(step_attempt(story_step(story, "look"))->evidence, "312");
}

/* A role that changes hands later takes nothing away from who did its steps. */
static void test_whoever_did_it_stays_beside_it(void **state) {
    struct story *story = story_decided(*state, "", three_steps);
    const struct incident *incident = story_incident(story);
    story_ok(story, "cy", "start flag");
    assert_true(story_ran(story, "flag", "exited", 0));
    story_ok(story, "bo", "skip code --reason 'not needed'");
    story_ok(story, "dot", "take dev");
    assert_string_equal(step_person(incident, story_step(story, "flag")), "cy");
    assert_string_equal(step_person(incident, story_step(story, "code")), "bo");
    story_ok(story, "ana", "reopen code --reason 'it is needed'");
    assert_string_equal(step_person(incident, story_step(story, "code")), "dot");
}

static void test_kinds_this_version_cant_perform_are_refused(void **state) {
    struct story *story = story_decided(
        *state, "", "  - {id: post, owner: dev, box: 5m, http: {url: 'https://x'}, undo: x}\n");
    story_refused(story, "cy", "start post", ERR_REFUSED, "a step of kind `http`");
    story_ok(story, "cy", "skip post --reason 'done with curl'");
}

/* Without its votes a gated step doesn't start; on paper, in a drill, nothing is at stake. */
static void test_a_gate_that_takes_no_votes_stays_shut(void **state) {
    const char *gated = "approvals: {dba: {need: 1, from: [dev]}}\n";
    const char *steps =
        "  - {id: drop, owner: dev, box: 5m, run: [./x], undo: x, needs_approval: dba}\n";
    struct story *story = story_decided(*state, gated, steps);
    story_refused(story, "cy", "start drop", ERR_REFUSED, "its gate `dba` asks for votes");
    story_ok(story, "cy", "skip drop --reason 'by hand, ana and bo agreed'");
}

static void test_a_dependent_keeps_its_need_from_being_reopened(void **state) {
    struct story *story = story_decided(*state, "", three_steps);
    story_ok(story, "cy", "start flag");
    assert_true(story_ran(story, "flag", "exited", 0));
    story_ok(story, "cy", "start code");
    story_refused(story, "cy", "reopen flag --reason x", ERR_REFUSED, "2 code builds on it");
    assert_true(story_ran(story, "code", "exited", 1));
    story_ok(story, "cy", "reopen flag --reason x");
    assert_string_equal(story_state(story, "flag"), "ready");
}

static void test_ids_win_over_numbers(void **state) {
    struct story *story =
        story_decided(*state, "",
                      "  - {id: first, owner: dev, box: 5m, run: [./x], needs: [], undo: x}\n"
                      "  - {id: '01', owner: dev, box: 5m, run: [./y], needs: [], undo: x}\n");
    story_ok(story, "cy", "start 01");
    assert_string_equal(story_state(story, "01"), "running");
    assert_string_equal(story_state(story, "first"), "ready");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_roles_change_hands_by_offer_and_acceptance),
        story_test(test_a_role_wins_over_a_step_of_its_name),
        story_test(test_whose_step_it_is),
        story_test(test_a_drill_runs_nothing_live),
        story_test(test_steps_that_share_a_lock_never_run_together),
        story_test(test_a_runner_must_be_fit),
        story_test(test_what_changed_since_it_was_seen_is_refused),
        story_test(test_another_plan_changes_every_step),
        story_test(test_evidence_that_the_plan_asks_for),
        story_test(test_whoever_did_it_stays_beside_it),
        story_test(test_kinds_this_version_cant_perform_are_refused),
        story_test(test_a_gate_that_takes_no_votes_stays_shut),
        story_test(test_a_dependent_keeps_its_need_from_being_reopened),
        story_test(test_ids_win_over_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
