/* A roster in force: how it gets there, and what it says of incidents. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "incident/events.h"

#include <string.h>

static const char steps[] = "  - {id: flag, owner: dev, box: 5m, run: [./flag], undo: x}\n"
                            "  - {id: mail, owner: comms, box: 5m, manual: Write}\n"
                            "  - {id: look, owner: scribe, box: 5m, manual: Look}\n";

static struct story *story_of(const void *parent, const char *roster) {
    struct story *story = story_new(parent, story_plan(parent, "", steps));
    story->roster_text = roster;
    return story;
}

/* --- how it gets there ------------------------------------------------------------------------ */

static void test_applied(void **state) {
    struct story *story = story_of(*state, story_roster(*state, ""));
    assert_null(hub_state(story->hub)->roster);
    story_ok(story, "ana", "roster apply roster.yaml");
    assert_string_equal(story->answer, "applied: 6 people, 3 roles, 0 channels");
    assert_string_equal(story_kinds(story), "roster.applied");
    assert_int_equal(story->events[0].incident, 0);
    const struct state *now = hub_state(story->hub);
    assert_int_equal(now->roster->people_count, 6);
    assert_string_equal(now->applied.by, "ana");
    assert_int_equal(now->applied.at_ms, story->now_ms);
    assert_string_equal(state_dump(*state, story_refold(story)), story_dump(story));
}

/* "frozen like a plan: the bytes themselves" */
static void test_the_bytes_are_kept(void **state) {
    const char *text = story_roster(*state, "# \xC3\xA4 comment\nx-team: \"a\\tb\"\n");
    struct story *story = story_of(*state, text);
    story_ok(story, "ana", "roster apply roster.yaml");
    const struct body_roster_applied *body =
        event_decode(*state, &event_types[EVENT_ROSTER_APPLIED], &story->events[0], story->err);
    assert_string_equal(body->text, text);
    assert_string_equal(body->sha256, hub_state(story->hub)->roster->sha256);
}

/* "refuses with findings", and nothing of it is kept. */
static void test_a_wrong_one_is_refused_whole(void **state) {
    struct story *story = story_of(*state, "roster: 1\npeople: {ana: {may: comand}}\nrols: {}\n");
    story_refused(story, "ana", "roster apply r.yaml", ERR_REFUSED, "the roster has 3 errors");
    assert_non_null(strstr(err_sentence(*state, story->err), "r.yaml:2:9: error R004"));
    story->roster_text = "";
    story_refused(story, "ana", "roster apply r.yaml", ERR_REFUSED, "the file is empty");
    story->roster_text = NULL;
    story_refused(story, "ana", "roster apply r.yaml", ERR_REFUSED, "the file is empty");
    assert_null(hub_state(story->hub)->roster);
    assert_int_equal(hub_state(story->hub)->last_seq, 1);
}

/* "it can't be removed silently: `roster apply` of another one replaces it and the record says who"
 */
static void test_another_takes_its_place(void **state) {
    struct story *story = story_of(*state, story_roster(*state, ""));
    story_ok(story, "ana", "roster apply r.yaml");
    story_refused(story, "bo", "roster apply r.yaml", ERR_CONFLICT, "in force already");
    story->roster_text = story_roster(*state, "others: respond\n");
    story_passes(story, MINUTE_MS);
    story_ok(story, "bo", "roster apply r.yaml");
    assert_string_equal(hub_state(story->hub)->applied.by, "bo");
    assert_int_equal(hub_state(story->hub)->roster->others, MAY_RESPOND);
    story->roster_text = story_roster(*state, "");
    story_ok(story, "ana", "roster apply r.yaml");
    assert_int_equal(hub_state(story->hub)->roster->others, MAY_VIEW);
}

/* "the person who applies must keep command themselves" */
static void test_nobody_locks_the_door_with_the_key_inside(void **state) {
    struct story *story = story_of(*state, story_roster(*state, ""));
    story_refused(story, "eve", "roster apply r.yaml", ERR_REFUSED,
                  "it would leave you, eve, without command");
    story_refused(story, "cy", "roster apply r.yaml", ERR_REFUSED, "leave you, cy, without");
    assert_null(hub_state(story->hub)->roster);
}

static void test_a_retry_applies_once(void **state) {
    struct story *story = story_of(*state, story_roster(*state, ""));
    struct command *apply = command_new(story, "roster apply", story->now_ms);
    apply->roster = "r.yaml";
    assert_true(story_submit(story, "ana", apply));
    assert_true(story_submit(story, "ana", apply));
    assert_non_null(strstr(story->answer, "it was done already: APPLIED roster"));
    assert_string_equal(story_kinds(story), "");
}

/* --- what it says of incidents ---------------------------------------------------------------- */

static void test_roles_where_the_plan_names_nobody(void **state) {
    struct story *story = story_of(*state, story_roster(*state, ""));
    story_ok(story, "ana", "roster apply r.yaml");
    story_ok(story, "ana", "declare plan.yaml --accept t");
    const struct incident *incident = story_incident(story);
    assert_string_equal(step_person(incident, story_step(story, "flag")), "cy");
    assert_string_equal(step_person(incident, story_step(story, "mail")), "kim");
    assert_null(step_person(incident, story_step(story, "look")));
    assert_null(incident_role_people(incident, "scribe"));
    /* The plan of story_plan names cy and dot for dev: it wins over another roster. */
    story->roster_text = story_roster(*state, "x-n: 1\n");
    char *other = xtalloc_strdup(*state, story->roster_text);
    memcpy(strstr(other, "dev: [cy, dot]"), "dev: [dot, cy]", strlen("dev: [dot, cy]"));
    story->roster_text = other;
    story_ok(story, "ana", "roster apply r.yaml");
    assert_string_equal(step_person(incident, story_step(story, "flag")), "cy");
}

static void test_an_empty_role_of_the_plan_is_the_rosters(void **state) {
    struct story *story = story_of(*state, story_roster(*state, ""));
    char *text = xtalloc_strdup(*state, story->plan_text);
    memcpy(strstr(text, "dev: [cy, dot]"), "dev: [       ]", strlen("dev: [cy, dot]"));
    story->plan_text = text;
    story_ok(story, "ana", "roster apply r.yaml");
    story_ok(story, "ana", "declare plan.yaml --accept t");
    assert_string_equal(step_person(story_incident(story), story_step(story, "flag")), "cy");
}

/* A plan may leave its people to the roster in force; without one it names nobody. */
static void test_a_plan_without_people(void **state) {
    struct story *story = story_of(*state, story_roster(*state, ""));
    story->plan_text = "backout: 1\nplan: bare\ntitle: T\nservice: s\nwhy: w\nsteps:\n"
                       "  - {id: flag, owner: dev, box: 5m, manual: x}\n";
    story_refused(story, "ana", "declare p.yaml", ERR_REFUSED, "names no people at all");
    story_ok(story, "ana", "roster apply r.yaml");
    story_ok(story, "ana", "declare p.yaml");
    assert_string_equal(step_person(story_incident(story), story_step(story, "flag")), "cy");
}

static void test_targets(void **state) {
    const char *targets = "targets: {acknowledge: 2m, decide: 7m}\n";
    struct story *story = story_of(*state, story_roster(*state, targets));
    story->plan_text = story_plan(*state, "targets: {decide: 9m}\n", steps);
    story_ok(story, "ana", "declare plan.yaml --accept t");
    assert_int_equal(incident_targets(story_incident(story)).acknowledge_ms, 5 * MINUTE_MS);
    story_ok(story, "ana", "roster apply r.yaml");
    assert_int_equal(incident_targets(story_incident(story)).acknowledge_ms, 2 * MINUTE_MS);
    assert_int_equal(incident_targets(story_incident(story)).decide_ms, 9 * MINUTE_MS);
    assert_int_equal(incident_targets(story_incident(story)).call_out_ms, 10 * MINUTE_MS);
    story_ok(story, "ana", "declare --title x");
    assert_int_equal(incident_targets(story_incident(story)).decide_ms, 7 * MINUTE_MS);
}

static bool has_word(const char *const *words, const char *word) {
    for (; *words; words++)
        if (strcmp(*words, word) == 0)
            return true;
    return false;
}

static void test_its_people_and_roles_are_known(void **state) {
    struct story *story = story_of(*state, story_roster(*state, ""));
    story_ok(story, "ana", "roster apply r.yaml");
    story_ok(story, "ana", "declare --title x");
    const struct incident *incident = story_incident(story);
    const struct state *now = hub_state(story->hub);
    assert_true(has_word(arg_candidates(*state, ARG_PERSON, now, incident), "sue"));
    assert_true(has_word(arg_candidates(*state, ARG_ROLE, now, incident), "dev"));
    story->facts.person_exists = false;
    story_ok(story, "ana", "offer comms kim");
    story_refused(story, "ana", "offer comms kym", ERR_NOT_FOUND, "did you mean kim?");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_applied),
        story_test(test_the_bytes_are_kept),
        story_test(test_a_wrong_one_is_refused_whole),
        story_test(test_another_takes_its_place),
        story_test(test_nobody_locks_the_door_with_the_key_inside),
        story_test(test_a_retry_applies_once),
        story_test(test_roles_where_the_plan_names_nobody),
        story_test(test_an_empty_role_of_the_plan_is_the_rosters),
        story_test(test_a_plan_without_people),
        story_test(test_targets),
        story_test(test_its_people_and_roles_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
