#include "config.h"

#include "fixture.h"

#include "base/time.h"
#include "yaml/node.h"

/* --- the smallest plan ------------------------------------------------------------------------ */

static void test_smallest(void **state) {
    const struct plan *plan = plan_of(*state, smallest_plan);
    assert_string_equal(plan->id, "search-2026-11");
    assert_string_equal(plan->title, "Roll back search ranking 7.3");
    assert_string_equal(plan->service, "search");
    assert_string_equal(plan->environment, "production");
    assert_int_equal(plan->version, 1);
    assert_int_equal(plan->steps_count, 2);
    assert_int_equal(plan->roles.count, 2);
    const struct role_people *search = role_find(&plan->roles, "search");
    assert_string_equal(search->people[0], "dev1");
    assert_string_equal(search->people[1], "dev2");
    assert_null(search->people[2]);
    assert_null(role_find(&plan->roles, "dba"));
}

static void test_smallest_steps(void **state) {
    const struct plan *plan = plan_of(*state, smallest_plan);
    const struct plan_step *flag = plan_step_find(plan, "flag-off");
    const struct plan_step *look = plan_step_find(plan, "look");
    assert_int_equal(flag->kind, STEP_RUN);
    assert_string_equal(flag->run.argv[0], "./bin/flag");
    assert_string_equal(flag->run.argv[2], "off");
    assert_null(flag->run.argv[3]);
    assert_false(flag->run.shell);
    assert_int_equal(flag->box_ms, 5 * MINUTE_MS);
    assert_true(flag->idempotent);
    assert_false(flag->read_only);
    assert_int_equal(flag->verify.kind, VERIFY_RUN);
    assert_string_equal(flag->verify.run.argv[0], "./bin/flag-is");
    assert_string_equal(flag->undo, "./bin/flag ranking-v7 on");
    assert_int_equal(look->kind, STEP_MANUAL);
    assert_string_equal(look->manual, "The first ten results are shoes.");
    assert_null(plan_step_find(plan, "nothing"));
}

/* sha256sum of the smallest plan. */
static void test_digest_is_of_the_bytes(void **state) {
    const struct plan *plan = plan_of(*state, smallest_plan);
    struct digest digest = digest_sha256(smallest_plan, strlen(smallest_plan));
    char hex[DIGEST_HEX];
    digest_hex(&digest, hex);
    assert_string_equal(plan->sha256, hex);
    const struct plan *other = plan_of(*state, plan_with(*state, "shoes.", "boots."));
    assert_string_not_equal(plan->sha256, other->sha256);
}

/* --- defaults --------------------------------------------------------------------------------- */

static void test_defaults(void **state) {
    const struct plan *plan = plan_of(*state, smallest_plan);
    const struct plan_step *step = &plan->steps[0];
    assert_int_equal(step->timeout_ms, 5 * MINUTE_MS);
    assert_int_equal(step->grace_ms, 10 * SECOND_MS);
    assert_int_equal(step->retry_limit, 0);
    assert_int_equal(step->retry_delay_ms, 5 * SECOND_MS);
    assert_int_equal(step->verify.within_ms, 0);
    assert_int_equal(step->verify.every_ms, 5 * SECOND_MS);
    assert_int_equal(step->confirm, CONFIRM_KEY);
    assert_int_equal(step->on_failure, FAILURE_PAUSE);
    assert_int_equal(step->phase, PHASE_NONE);
    assert_string_equal(step->drill, "tabletop");
    assert_false(step->handler);
    assert_null(step->when);
    assert_null(step->cwd);
    assert_int_equal(plan->targets.acknowledge_ms, 0);
    assert_int_equal(plan->rto_ms, 0);
}

static void test_title_is_the_id_where_there_is_none(void **state) {
    const char *text = plan_with(*state, "    title: Turn the new ranking off\n", "");
    assert_string_equal(plan_of(*state, text)->steps[0].title, "flag-off");
}

static void test_destructive_is_confirmed_by_a_word(void **state) {
    const char *text = plan_with(*state, "idempotent: true", "destructive: true");
    const struct plan_step *step = &plan_of(*state, text)->steps[0];
    assert_int_equal(step->confirm, CONFIRM_WORD);
    assert_string_equal(step->confirm_word, "flag-off");
    text = plan_with(*state, "idempotent: true", "destructive: true\n    confirm: {type: DOWN}");
    assert_string_equal(plan_of(*state, text)->steps[0].confirm_word, "DOWN");
    text = plan_with(*state, "idempotent: true", "destructive: true\n    confirm: none");
    assert_int_equal(plan_of(*state, text)->steps[0].confirm, CONFIRM_NONE);
}

/* --- needs ------------------------------------------------------------------------------------ */

static const char sequence[] = "backout: 1\nplan: seq\ntitle: T\nservice: s\n"
                               "steps:\n"
                               "  - {id: a1, manual: x}\n"
                               "  - {id: h1, manual: x, only: on_failure}\n"
                               "  - {id: b1, manual: x}\n"
                               "  - {id: c1, manual: x, needs: []}\n"
                               "  - {id: d1, manual: x, needs: [a1, b1, a1]}\n"
                               "  - {id: e1, manual: x, on_failure: {run: h1}}\n";

/* "default: the nearest earlier step that is no handler; `[]` = at once" */
static void test_needs(void **state) {
    const struct plan *plan = plan_of(*state, sequence);
    const struct plan_step *steps = plan->steps;
    assert_int_equal(steps[0].needs_count, 0);
    assert_int_equal(steps[1].needs_count, 0); /* a handler waits only for the failure */
    assert_int_equal(steps[2].needs_count, 1);
    assert_int_equal(steps[2].needs[0], 0);
    assert_int_equal(steps[3].needs_count, 0);
    assert_int_equal(steps[4].needs_count, 2);
    assert_int_equal(steps[4].needs[0], 0);
    assert_int_equal(steps[4].needs[1], 2);
    assert_int_equal(steps[5].needs[0], 4);
    assert_true(steps[1].handler);
    assert_int_equal(steps[5].on_failure, FAILURE_RUN);
    assert_string_equal(steps[5].failure_step, "h1");
}

/* --- options ---------------------------------------------------------------------------------- */

static void test_options_implied(void **state) {
    const struct plan *plan = plan_of(*state, sequence);
    assert_int_equal(plan->options_count, 3);
    const struct plan_option *back = plan_option_find(plan, "back");
    assert_string_equal(back->title, "Take it all back");
    assert_int_equal(back->steps_count, 5); /* all but the handler */
    assert_int_equal(back->steps[1], 2);
    assert_int_equal(plan_option_find(plan, "forward")->steps_count, 0);
    assert_int_equal(plan_option_find(plan, "hold")->steps_count, 0);
    assert_null(plan_option_find(plan, "sideways"));
}

static void test_options_given(void **state) {
    const struct plan *plan = plan_of(
        *state, plan_with(*state, "steps:\n",
                          "options:\n"
                          "  flag-only: {title: Flag, takes: 2m, loses: little, steps: [look]}\n"
                          "  back: {all: true}\n"
                          "steps:\n"));
    assert_int_equal(plan->options_count, 2);
    assert_string_equal(plan->options[0].takes, "2m");
    assert_string_equal(plan->options[0].loses, "little");
    assert_int_equal(plan->options[0].steps_count, 1);
    assert_int_equal(plan->options[0].steps[0], 1);
    assert_int_equal(plan->options[1].steps_count, 2);
}

/* --- what is merged and flattened ------------------------------------------------------------- */

static void test_defaults_are_merged(void **state) {
    const struct plan *plan =
        plan_of(*state, plan_with(*state, "steps:\n  - id: flag-off\n",
                                  "defaults: {timeout: 90s, cwd: /srv, env: {A: plan, B: plan}}\n"
                                  "steps:\n  - id: flag-off\n    env: {B: step, C: step}\n"));
    const struct plan_step *step = &plan->steps[0];
    assert_int_equal(step->timeout_ms, 90 * SECOND_MS);
    assert_string_equal(step->cwd, "/srv");
    assert_string_equal(pair_find(step->env, "A"), "plan");
    assert_string_equal(pair_find(step->env, "B"), "step");
    assert_string_equal(pair_find(step->env, "C"), "step");
    assert_string_equal(pair_find(plan->steps[1].env, "B"), "plan");
    const struct plan *own =
        plan_of(*state, plan_with(*state, "steps:\n  - id: flag-off\n",
                                  "defaults: {timeout: 90s}\n"
                                  "steps:\n  - id: flag-off\n    timeout: 3m\n"));
    assert_int_equal(own->steps[0].timeout_ms, 3 * MINUTE_MS);
    assert_int_equal(own->steps[1].timeout_ms, 90 * SECOND_MS);
}

static void test_shell(void **state) {
    const char *text = plan_with(*state, "run: [./bin/flag, ranking-v7, \"off\"]",
                                 "run: ./bin/flag ranking-v7 off");
    const struct plan_command *run = &plan_of(*state, text)->steps[0].run;
    assert_true(run->shell);
    assert_string_equal(run->argv[0], "/bin/sh");
    assert_string_equal(run->argv[1], "-eu");
    assert_string_equal(run->argv[2], "-c");
    assert_string_equal(run->argv[3], "./bin/flag ranking-v7 off");
    assert_null(run->argv[4]);
}

static const char *const kinds[][2] = {
    {"run", "[x]"},           {"http", "{url: u}"},   {"manual", "x"}, {"approval", "gate"},
    {"check", "{use: exit}"}, {"notice", "resolved"}, {"wait", "90s"},
};

static void test_kinds(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        const char *line = xtalloc_asprintf(*state, "%s: %s", kinds[i][0], kinds[i][1]);
        const struct plan *plan =
            plan_of(*state, plan_with(*state, "manual: The first ten results are shoes.", line));
        assert_int_equal(plan->steps[1].kind, i);
        assert_string_equal(step_kind_name(plan->steps[1].kind), kinds[i][0]);
    }
    const struct plan *wait =
        plan_of(*state, plan_with(*state, "manual: The first ten results are shoes.", "wait: 90s"));
    assert_int_equal(wait->steps[1].wait_ms, 90 * SECOND_MS);
}

static const char many_keys[] =
    "version: 3\nenvironment: staging\nticket: CHG-1\n"
    "links: {channel: '#inc'}\n"
    "cost: {per_minute: 2300.50 EUR}\n"
    "rto: 1h\nrpo: 5m\n"
    "point_of_no_return: {step: look, note: gone}\n"
    "targets: {decide: 3m}\n"
    "secrets: {token: {env: TOKEN}, key: {file: /etc/key}}\n"
    "sites: {production: {db: {host: h1, port: 5432}, url: u}, drill: {url: d, differs: [x]}}\n"
    "inputs: {n: {type: integer, required: true, default: \"3\", help: H, sensitive: true}}\n"
    "x-ours: [anything]\n"
    "steps:\n";

static void test_top_level(void **state) {
    const struct plan *plan = plan_of(*state, plan_with(*state, "steps:\n", many_keys));
    assert_int_equal(plan->version, 3);
    assert_string_equal(plan->environment, "staging");
    assert_string_equal(plan->ticket, "CHG-1");
    assert_string_equal(plan->channel, "#inc");
    assert_int_equal(plan->cost_minor_per_minute, 230050);
    assert_string_equal(plan->cost_currency, "EUR");
    assert_int_equal(plan->rto_ms, HOUR_MS);
    assert_int_equal(plan->rpo_ms, 5 * MINUTE_MS);
    assert_string_equal(plan->no_return_step, "look");
    assert_string_equal(plan->no_return_note, "gone");
    assert_int_equal(plan->targets.decide_ms, 3 * MINUTE_MS);
    assert_int_equal(plan->targets.contain_ms, 0);
    assert_string_equal(plan->secrets[0].place.env, "TOKEN");
    assert_string_equal(plan->secrets[1].place.file, "/etc/key");
    assert_string_equal(pair_find(plan->site, "db.host"), "h1");
    assert_string_equal(pair_find(plan->site, "db.port"), "5432");
    assert_string_equal(pair_find(plan->drill_site, "url"), "d");
    assert_non_null(node_get(plan->document, "x-ours"));
}

static void test_inputs(void **state) {
    const struct plan *plan = plan_of(*state, plan_with(*state, "steps:\n", many_keys));
    const struct plan_input *input = plan_input_find(plan, "n");
    assert_int_equal(input->type, INPUT_INTEGER);
    assert_true(input->required);
    assert_true(input->sensitive);
    assert_string_equal(input->fallback, "3");
    assert_string_equal(input->help, "H");
    assert_null(plan_input_find(plan, "m"));
}

static const char step_keys[] =
    "idempotent: true\n"
    "    phase: data\n    by: 20m\n    why: W\n    customers: C\n    runbook: R\n"
    "    when: inputs.x == 'y'\n    grace: 3s\n    lock: deploy\n    drill: run\n"
    "    retry: {limit: 2, delay: 7s}\n"
    "    needs_approval: gate\n"
    "    evidence: {prompt: P, required: true}\n"
    "    outputs: {rev: 'r([0-9]+)'}\n"
    "    on_failure: continue\n    confirm: none";

static void test_step_keys(void **state) {
    const char *text = plan_with(*state, "idempotent: true", step_keys);
    const struct plan_step *step = &plan_of(*state, text)->steps[0];
    assert_int_equal(step->phase, PHASE_DATA);
    assert_string_equal(step_phase_name(step->phase), "data");
    assert_int_equal(step->by_ms, 20 * MINUTE_MS);
    assert_string_equal(step->why, "W");
    assert_string_equal(step->customers, "C");
    assert_string_equal(step->runbook, "R");
    assert_string_equal(step->when, "inputs.x == 'y'");
    assert_int_equal(step->grace_ms, 3 * SECOND_MS);
    assert_string_equal(step->lock, "deploy");
    assert_string_equal(step->drill, "run");
    assert_int_equal(step->retry_limit, 2);
    assert_int_equal(step->retry_delay_ms, 7 * SECOND_MS);
    assert_string_equal(step->needs_approval, "gate");
    assert_string_equal(step->evidence_prompt, "P");
    assert_true(step->evidence_required);
    assert_string_equal(pair_find(step->outputs, "rev"), "r([0-9]+)");
    assert_int_equal(step->on_failure, FAILURE_CONTINUE);
    assert_int_equal(step->confirm, CONFIRM_NONE);
}

/* --- forgiving -------------------------------------------------------------------------------- */

/* "Loading a frozen plan ignores what it doesn't know; only lint refuses." */
static void test_unknown_is_passed_over(void **state) {
    const char *text = plan_with(*state, "idempotent: true",
                                 "idempotent: true\n    newer: {a: b}\n    timeout: {odd: 5}\n"
                                 "    phase: dreaming\n    needs: [gone]\n    lock: [1]");
    const struct plan_step *step = &plan_of(*state, text)->steps[0];
    assert_true(step->idempotent);
    assert_int_equal(step->timeout_ms, 5 * MINUTE_MS);
    assert_int_equal(step->phase, PHASE_NONE);
    assert_int_equal(step->needs_count, 0);
    assert_null(step->lock);
}

static void test_identity_is_never_null(void **state) {
    const struct plan *plan = plan_of(*state, "steps: [{id: a1}, {title: no id}, text]\n");
    assert_non_null(plan->id);
    assert_non_null(plan->title);
    assert_non_null(plan->service);
    assert_int_equal(plan->steps_count, 1);
    assert_int_equal(plan->steps[0].kind, STEP_MANUAL);
}

static void test_damaged(void **state) {
    struct err *err = err_new(*state);
    struct plan *plan;
    assert_false(plan_load(*state, "a: 1\na: 2\n", 10, &plan, err));
    assert_null(plan);
    assert_int_equal(err->code, ERR_DAMAGED);
    assert_string_equal(err->on, "line 2, column 1: `a` stands here a second time");
    assert_false(plan_load(*state, "[a]", 3, &plan, err));
    assert_int_equal(err->code, ERR_DAMAGED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_smallest),
        MEMORY_TEST(test_smallest_steps),
        MEMORY_TEST(test_digest_is_of_the_bytes),
        MEMORY_TEST(test_defaults),
        MEMORY_TEST(test_title_is_the_id_where_there_is_none),
        MEMORY_TEST(test_destructive_is_confirmed_by_a_word),
        MEMORY_TEST(test_needs),
        MEMORY_TEST(test_options_implied),
        MEMORY_TEST(test_options_given),
        MEMORY_TEST(test_defaults_are_merged),
        MEMORY_TEST(test_shell),
        MEMORY_TEST(test_kinds),
        MEMORY_TEST(test_top_level),
        MEMORY_TEST(test_inputs),
        MEMORY_TEST(test_step_keys),
        MEMORY_TEST(test_unknown_is_passed_over),
        MEMORY_TEST(test_identity_is_never_null),
        MEMORY_TEST(test_damaged),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
