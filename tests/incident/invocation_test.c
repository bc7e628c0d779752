/* Exactly what a step runs, and the digest that says so. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "incident/invocation.h"

#include <string.h>

static const char inputs[] =
    "inputs: {v: {type: string, default: '4.11'}, pin: {type: string, sensitive: true,"
    " default: hunter2}}\n"
    "secrets: {token: {env: TOKEN}}\n"
    "sites: {production: {db: {host: prod-db}}, drill: {db: {host: stage-db}}}\n";

static struct invocation *made(struct story *story, const char *step, enum run_purpose purpose) {
    struct invocation *invocation;
    if (!invocation_make(story, story_incident(story), story_step(story, step), purpose,
                         &invocation, story->err))
        fail_msg("%s", err_sentence(story, story->err));
    return invocation;
}

static struct story *with_step(const void *parent, const char *step) {
    const char *steps = xtalloc_asprintf(parent,
                                         "  - {id: pre, owner: dev, box: 5m, run: [./p], needs: [],"
                                         " undo: x, outputs: {rev: 'r(.*)'}}\n"
                                         "  - {id: s1, owner: dev, box: 5m, undo: x, %s}\n",
                                         step);
    struct story *story = story_declared(parent, story_plan(parent, inputs, steps));
    story_ok(story, "ana", "decide back --reason x");
    story_ok(story, "ana", "start pre");
    struct command *ran = story_command(story, "ran", "pre");
    ran->run = "1.pre.1";
    ran->ended = "exited";
    ran->outputs = (const struct pair[]){{"rev", "r7"}, {0}};
    assert_true(story_submit(story, "ana", ran));
    return story;
}

static void test_names_are_replaced_once(void **state) {
    struct story *story = with_step(
        *state, "run: ['./bin/${inputs.v}', '${site.db.host}', '${steps.pre.outputs.rev}',"
                " 'INC-${incident.number} ${incident.service}', 'a\"b'], cwd: 'w/${inputs.v}',"
                " env: {A: 'x${inputs.v}', T: '${secrets.token}'}");
    const struct invocation *invocation = made(story, "s1", RUN_WORK);
    assert_string_equal(argv_quoted(*state, invocation->argv),
                        "[\"/srv/plans/bin/4.11\", \"prod-db\", \"r7\", \"INC-1 shop\", "
                        "\"a\\\"b\"]");
    assert_string_equal(invocation->cwd, "/srv/plans/w/4.11");
    assert_string_equal(pair_find(invocation->env, "A"), "x4.11");
}

/* "Secrets stay names here" */
static void test_secrets_stay_names(void **state) {
    struct story *story = with_step(*state, "run: [./x], env: {T: '${secrets.token}', A: a}");
    const struct invocation *invocation = made(story, "s1", RUN_WORK);
    assert_string_equal(pair_find(invocation->secret_env, "T"), "token");
    assert_null(pair_find(invocation->env, "T"));
    assert_null(pair_find(invocation->secret_env, "A"));
}

/* A value around a secret would have to be put together before it is used: it is refused. */
static void test_a_secret_stands_alone(void **state) {
    static const char *const values[] = {"Bearer ${secrets.token}",
                                         "${secrets.token}-${secrets.token}"};
    for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
        struct story *story =
            with_step(*state, xtalloc_asprintf(*state, "run: [./x], env: {T: '%s'}", values[i]));
        struct invocation *invocation;
        assert_false(invocation_make(story, story_incident(story), story_step(story, "s1"),
                                     RUN_WORK, &invocation, story->err));
        assert_non_null(strstr(err_sentence(*state, story->err), "secrets.token"));
    }
}

static void test_places(void **state) {
    static const struct {
        const char *step, *program, *cwd;
    } places[] = {
        {"run: [kubectl]", "kubectl", "/srv/plans"},
        {"run: [./x]", "/srv/plans/x", "/srv/plans"},
        {"run: [/usr/bin/x], cwd: /tmp", "/usr/bin/x", "/tmp"},
        {"run: [bin/x], cwd: sub", "/srv/plans/bin/x", "/srv/plans/sub"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        const struct invocation *invocation =
            made(with_step(*state, places[i].step), "s1", RUN_WORK);
        assert_string_equal(invocation->argv[0], places[i].program);
        assert_string_equal(invocation->cwd, places[i].cwd);
    }
}

static void test_a_check_runs_the_verify(void **state) {
    struct story *story = with_step(*state, "run: [./x], verify: {run: [./is, '${inputs.v}']}");
    assert_string_equal(made(story, "s1", RUN_CHECK)->argv[1], "4.11");
    assert_null(made(with_step(*state, "wait: 5m"), "s1", RUN_WORK)->argv);
}

static void test_what_has_no_value_is_named(void **state) {
    struct story *story = with_step(*state, "run: ['${steps.pre.outputs.rev}'], lock: l");
    story_ok(story, "ana", "reopen pre --reason x");
    struct incident *incident = state_incident(hub_state(story->hub), 1);
    incident_step(incident, "pre")->outputs = NULL;
    struct invocation *invocation;
    assert_false(invocation_make(story, incident, story_step(story, "s1"), RUN_WORK, &invocation,
                                 story->err));
    assert_non_null(strstr(err_sentence(*state, story->err), "steps.pre.outputs.rev"));
}

/* --- the digest ------------------------------------------------------------------------------- */

/* Each differs from the first in one part; none may have its digest, nor another's. */
static const char *const parts[] = {
    "run: [./x, a, b], env: {A: '1'}",
    "run: [./x, a, c], env: {A: '1'}",
    "run: [./x, 'a b'], env: {A: '1'}",
    "run: [./x, a, b, ''], env: {A: '1'}",
    "run: [./x, a, b], env: {A: '2'}",
    "run: [./x, a, b], env: {B: '1'}",
    "run: [./x, a, b], env: {A: '${secrets.token}'}",
    "run: [./x, a, b], env: {A: token}",
    "run: [./x, a, b], env: {A: '1'}, cwd: /tmp",
    "run: [./x, a, b]",
    "run: [./x, a, b, A, '1']",
    "run: [./y, a, b], env: {A: '1'}",
    "wait: 5m",
};

static void test_the_digest_changes_with_every_part(void **state) {
    const char *digests[ARRAY_SIZE(parts)];
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        digests[i] = made(with_step(*state, parts[i]), "s1", RUN_WORK)->digest;
        assert_int_equal(strlen(digests[i]), DIGEST_HEX - 1);
        for (size_t j = 0; j < i; j++)
            if (strcmp(digests[i], digests[j]) == 0)
                fail_msg("%s\n%s", parts[i], parts[j]);
    }
    assert_string_equal(made(with_step(*state, parts[0]), "s1", RUN_WORK)->digest, digests[0]);
}

/* "`${site.*}` … a drill runs on `drill`" */
static void test_a_drill_is_on_its_own_site(void **state) {
    struct story *story =
        story_new(*state, story_plan(*state, inputs,
                                     "  - {id: s1, owner: dev, box: 5m, drill: run, undo: x,"
                                     " run: [./x, '${site.db.host}']}\n"));
    story_ok(story, "ana", "declare p --drill --accept t");
    assert_string_equal(made(story, "s1", RUN_WORK)->argv[1], "stage-db");
}

/* --- names ------------------------------------------------------------------------------------ */

static void test_names(void **state) {
    struct story *story = with_step(*state, "run: [./x]");
    struct names names = {*state, story_incident(story)};
    static const char *const pairs[][2] = {
        {"inputs.v", "4.11"},
        {"inputs.w", NULL},
        {"site.db.host", "prod-db"},
        {"site.db", NULL},
        {"steps.pre.state", "done"},
        {"steps.s1.state", "ready"},
        {"steps.pre.outputs.rev", "r7"},
        {"steps.pre.outputs.x", NULL},
        {"steps.none.state", NULL},
        {"steps.pre", NULL},
        {"incident.number", "1"},
        {"incident.numbers", NULL},
        {"incident.service", "shop"},
        {"incident.severity", "2"},
        {"incident.drill", "false"},
        {"secrets.token", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
        const char *value = names_lookup(&names, pairs[i][0]);
        if (!pairs[i][1])
            assert_null(value);
        else
            assert_string_equal(value, pairs[i][1]);
    }
}

/* A step's id may begin with another's, dots and all. */
static void test_ids_with_dots(void **state) {
    struct story *story = story_declared(
        *state, story_plan(*state, "",
                           "  - {id: aa, owner: dev, box: 5m, run: [./x], undo: x}\n"
                           "  - {id: aa.outputs.b, owner: dev, box: 5m, run: [./x], undo: x}\n"));
    struct names names = {*state, story_incident(story)};
    assert_string_equal(names_lookup(&names, "steps.aa.outputs.b.state"), "waiting");
}

/* What people are shown is what will run; until that is known, what the plan says. */
static void test_words_for_people(void **state) {
    struct story *story = story_declared(
        *state,
        story_plan(*state, "inputs: {to: {type: string, default: r7}}\n",
                   "  - {id: one, owner: dev, box: 5m, undo: x, run: [./back, '${inputs.to}'],\n"
                   "     outputs: {rev: '(.*)'}, verify: {run: [./is, '${inputs.to}']}}\n"
                   "  - {id: two, owner: dev, box: 5m, undo: x,\n"
                   "     run: [./drop, '${steps.one.outputs.rev}']}\n"));
    const struct incident *incident = story_incident(story);
    const struct step *one = story_step(story, "one"), *two = story_step(story, "two");
    assert_string_equal(plan_words(*state, incident, "Back to ${inputs.to}"), "Back to r7");
    assert_string_equal(plan_words(*state, incident, "${steps.one.outputs.rev}"),
                        "${steps.one.outputs.rev}");
    assert_string_equal(step_command_words(*state, incident, one, RUN_WORK),
                        "[\"./back\", \"r7\"]");
    assert_string_equal(step_command_words(*state, incident, one, RUN_CHECK), "[\"./is\", \"r7\"]");
    assert_string_equal(step_command_words(*state, incident, two, RUN_WORK),
                        "[\"./drop\", \"${steps.one.outputs.rev}\"]");
}

/* "a sensitive one leaves only its digest": nothing runs with the digest in its place */
static void test_a_sensitive_input_has_no_value(void **state) {
    struct story *story = story_declared(
        *state,
        story_plan(*state, "inputs: {pin: {type: string, sensitive: true, default: x}}\n",
                   "  - {id: one, owner: dev, box: 5m, undo: x, run: [./x, '${inputs.pin}']}\n"));
    const struct incident *incident = story_incident(story);
    struct names names = {*state, incident};
    struct invocation *invocation;
    assert_non_null(strstr(pair_find(incident->inputs, "pin"), "sha256:"));
    assert_null(names_lookup(&names, "inputs.pin"));
    assert_false(invocation_make(*state, incident, story_step(story, "one"), RUN_WORK, &invocation,
                                 story->err));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_names_are_replaced_once),
        story_test(test_secrets_stay_names),
        story_test(test_a_secret_stands_alone),
        story_test(test_places),
        story_test(test_a_check_runs_the_verify),
        story_test(test_what_has_no_value_is_named),
        story_test(test_the_digest_changes_with_every_part),
        story_test(test_a_drill_is_on_its_own_site),
        story_test(test_names),
        story_test(test_ids_with_dots),
        story_test(test_words_for_people),
        story_test(test_a_sensitive_input_has_no_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
