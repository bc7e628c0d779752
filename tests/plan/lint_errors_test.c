#include "config.h"

#include "wrong.h"

/* Every way a file can be wrong, so that no incident may be declared with it: B001 to B003. */

/* --- B001: keys and values -------------------------------------------------------------------- */

static const struct wrong bad_keys[] = {
    {"title: Roll", "tite: Roll\ntitle: Roll", "B001", 3, 1, "a plan has no key `tite`",
     "did you mean `title`?"},
    {STEPS, "zzzzzz: 1\n" STEPS, "B001", 7, 1, "a plan has no key `zzzzzz`", "starts with x-"},
    {"idempotent: true", "idempotant: true", "B001", 13, 5, "a step has no key `idempotant`",
     "did you mean `idempotent`?"},
    {"verify: {run:", "verify: {witin: 1m, run:", "B001", 14, 14, "a verify has no key `witin`",
     "did you mean `within`?"},
    {STEPS, "targets: {ack: 5m}\n" STEPS, "B001", 7, 11, "the targets has no key `ack`", ""},
    {STEPS, "links: {chanel: x}\n" STEPS, "B001", 7, 9, "no key `chanel`",
     "did you mean `channel`?"},
    {STEPS, "approvals: {gate: {from: [search], ned: 2}}\n" STEPS, "B001", 7, 36, "`ned`",
     "did you mean `need`?"},
    {STEPS, "notices: {a1: {to: [status], body: x, sbject: y}}\n" STEPS, "B001", 7, 39, "`sbject`",
     "did you mean `subject`?"},
    {STEPS, "goodwill: {rules: [{if: a, give: b, cpa: 1 EUR}]}\n" STEPS, "B001", 7, 37, "`cpa`",
     "did you mean `cap`?"},
    {STEPS, "reinstate: {hodl: 1h}\n" STEPS, "B001", 7, 13, "`hodl`", "did you mean `hold`?"},
};

static const struct wrong missing_keys[] = {
    {"backout: 1\n", "", "B001", 1, 1, "a plan must have the key `backout`", "add `backout`: 1"},
    {"plan: search-2026-11\n", "", "B001", 1, 1, "must have the key `plan`", "an id of 2 to 64"},
    {"title: Roll back search ranking 7.3\n", "", "B001", 1, 1, "must have the key `title`", ""},
    {"service: search\n", "", "B001", 1, 1, "must have the key `service`", ""},
    {"    manual: The first ten results are shoes.\n", "", "B001", 16, 5,
     "a step must say what it does", "run, http, manual, approval, check, notice, wait"},
    {STEPS, "point_of_no_return: {note: x}\n" STEPS, "B001", 7, 21, "must have the key `step`", ""},
    {STEPS, "escalation: [{if: undecided, to: [bo]}]\n" STEPS, "B001", 7, 14,
     "an escalation level must have the key `after`", "a duration"},
    {STEPS, "secrets: {a: {}}\n" STEPS, "B001", 7, 14, "a secret must say what it does",
     "env, file"},
    {STEPS, "inputs: {a: {help: x}}\n" STEPS, "B001", 7, 13, "an input must have the key `type`",
     "string, integer, number, boolean, choice or datetime"},
};

static const struct wrong bad_values[] = {
    {"backout: 1", "backout: 2", "B001", 1, 10, "`backout` can't be `2`", "write 1"},
    {"plan: search-2026-11", "plan: Search", "B001", 2, 7, "`plan` can't be `Search`", "a-z, 0-9"},
    {"plan: search-2026-11", "plan: s", "B001", 2, 7, "`plan` can't be `s`", "2 to 64"},
    {"plan: search-2026-11", "plan: -ab", "B001", 2, 7, "`plan` can't be `-ab`", "starting with"},
    {"title: Roll back search ranking 7.3", "title:", "B001", 3, 7, "`title` is empty", ""},
    {"title: Roll back search ranking 7.3", "title: [a]", "B001", 3, 8, "`title` can't be a list",
     "write a text"},
    {"title: Roll back search ranking 7.3", "title: {a: b}", "B001", 3, 8,
     "`title` can't be keys with values", "write a text"},
    {"box: 5m", "box: 5", "B001", 11, 10, "`box` can't be `5`", "did you mean `5s` or `5m`?"},
    {"box: 5m", "box: 5 min", "B001", 11, 10, "`box` can't be `5 min`", "90s, 10m, 2h, 90d"},
    {"box: 5m", "box: -5m", "B001", 11, 10, "`box` can't be `-5m`", "a duration"},
    {"idempotent: true", "idempotent: yes", "B001", 13, 17, "`idempotent` can't be `yes`",
     "true or false"},
    {"run: [./bin/flag, ranking-v7, \"off\"]", "run: []", "B001", 12, 10, "an empty list",
     "at least one"},
    {"run: [./bin/flag, ranking-v7, \"off\"]", "run: {a: b}", "B001", 12, 10,
     "`run` can't be keys with values", "a text, or a list"},
    {"run: [./bin/flag, ranking-v7, \"off\"]", "run: [a, [b]]", "B001", 12, 14,
     "`run` can't be a list", "write a text"},
    {"verify: {run: [./bin/flag-is, ranking-v7, \"off\"]}", "verify: yes", "B001", 14, 13,
     "`verify` can't be one value", "keys of a verify: run, http, expr, matches, within, every"},
    {"verify: {run:", "verify: {matches: x, run:", "B001", 14, 26,
     "can't have both `matches` and `run`", "keep one"},
    {"verify: {run: [./bin/flag-is, ranking-v7, \"off\"]}", "verify: {matches: '('}", "B001", 14,
     23, "`matches` can't be `(`", "regular expression: "},
    {"verify: {run: [./bin/flag-is, ranking-v7, \"off\"]}",
     "verify: {matches: '(a{1,200}){1,200}'}", "B001", 14, 23, "`matches` can't be", "repetitions"},
    {"verify: {run: [./bin/flag-is, ranking-v7, \"off\"]}", "verify: {expr: a ==}", "B001", 14, 20,
     "`expr` can't be", "it ends too early"},
    {LOOK, LOOK "    wait: 5m\n", "B001", 21, 5, "can't have both `manual` and `wait`",
     "make two steps"},
    {LOOK, LOOK "    phase: dta\n", "B001", 21, 12, "`phase` can't be `dta`",
     "did you mean `data`?"},
    {LOOK, LOOK "    confirm: kye\n", "B001", 21, 14, "`confirm` can't be `kye`",
     "did you mean `key`?"},
    {LOOK, LOOK "    on_failure: stop\n", "B001", 21, 17, "`on_failure` can't be `stop`",
     "pause or continue"},
    {LOOK, LOOK "    only: always\n", "B001", 21, 11, "`only` can't be `always`", "on_failure"},
    {LOOK, LOOK "    drill: tableto\n", "B001", 21, 12, "`drill` can't be", "`tabletop`?"},
    {LOOK, LOOK "    retry: {limit: -1}\n", "B001", 21, 20, "`limit` can't be `-1`", "from 0"},
    {LOOK, LOOK "    outputs: {a: '['}\n", "B001", 21, 18, "`a` can't be `[`", "regular"},
    {STEPS, "version: 1.2\n" STEPS, "B001", 7, 10, "`version` can't be `1.2`", "whole number"},
    {STEPS, "rto: soon\n" STEPS, "B001", 7, 6, "`rto` can't be `soon`", "a duration"},
    {STEPS, "cost: {per_minute: 2300}\n" STEPS, "B001", 7, 20, "can't be `2300`", "2300 EUR"},
    {STEPS, "cost: {per_minute: 1.5 EUR}\n" STEPS, "B001", 7, 20, "can't be `1.5 EUR`", "4.50 USD"},
    {STEPS, "inputs: {a: {type: strng}}\n" STEPS, "B001", 7, 20, "`type` can't be `strng`",
     "did you mean `string`?"},
    {STEPS, "inputs: {'a b': {type: string}}\n" STEPS, "B001", 7, 10, "can't be `a b`", "a name"},
    {STEPS, "secrets: {a: {env: A, file: /a}}\n" STEPS, "B001", 7, 23, "both `env` and `file`", ""},
    {STEPS, "options: {back: {all: true, steps: [look, flag-off]}}\n" STEPS, "B001", 7, 29,
     "both `all` and `steps`", ""},
    {STEPS, "escalation: [{if: unacked, after: 5m, to: [bo]}]\n" STEPS, "B001", 7, 19,
     "`if` can't be `unacked`", "unacknowledged"},
    {STEPS, "escalation: [{if: undecided, after: 5m, to: bo}]\n" STEPS, "B001", 7, 45,
     "`to` can't be one value", "a list"},
    {STEPS, "approvals: {gate: {from: [search], need: 0}}\n" STEPS, "B001", 7, 42,
     "`need` can't be `0`", "from 1"},
    {STEPS,
     "sources: {p: {type: prometheus}}\n"
     "criteria: [{id: c1, use: exit, source: p, query: q, ok_if: fine}]\n" STEPS,
     "B001", 8, 60, "`ok_if` can't be `fine`", "a comparison with a number"},
    {STEPS,
     "notices: {a1: {to: [status], body: x, short: "
     "'0123456789012345678901234567890123456789012345678901234567890123456789"
     "012345678901234567890'}}\n" STEPS,
     "B001", 7, 46, "`short` can't be", "at most 90 characters; this has 91"},
    {STEPS, "sites: {production: {a: [b]}}\n" STEPS, "B001", 7, 25, "`a` can't be a list", ""},
    {STEPS, "changes: [{id: c1, kind: code, undone_by: Never}]\n" STEPS, "B001", 7, 43,
     "`undone_by` can't be `Never`", "the id of a step, or never"},
};

static void test_bad_keys(void **state) {
    check_wrong(state, bad_keys, ARRAY_SIZE(bad_keys), FINDING_ERROR);
}

static void test_missing_keys(void **state) {
    check_wrong(state, missing_keys, ARRAY_SIZE(missing_keys), FINDING_ERROR);
}

static void test_bad_values(void **state) {
    check_wrong(state, bad_values, ARRAY_SIZE(bad_values), FINDING_ERROR);
}

static void test_every_wrong_key_in_one_run(void **state) {
    const struct lint *lint =
        lint_of(*state, plan_with(*state, STEPS,
                                  "aaa: 1\nbbb: 2\nrto: soon\nversion: x\nlinks: {ccc: 1}\n"
                                  "x-mine: {anything: [goes]}\n" STEPS));
    assert_int_equal(lint->count, 5);
    for (size_t i = 0; i < lint->count; i++)
        assert_int_equal(lint->findings[i].line, 7 + i);
}

static void test_no_plan_at_all(void **state) {
    static const char *const texts[] = {"", "text", "[1, 2]", "a: &b c", "{", "a: 1\na: 2"};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        const struct lint *lint = lint_of(*state, texts[i]);
        assert_int_equal(lint->count, 1);
        assert_string_equal(lint->findings[0].rule, "B001");
        assert_false(lint->loadable);
        assert_null(lint->file);
    }
}

/* --- B002: names and order -------------------------------------------------------------------- */

#define HELPER                                                                                     \
    LOOK "  - id: helper\n    owner: search\n    box: 5m\n    manual: Help.\n    only: "           \
         "on_failure\n"

static const struct wrong bad_links[] = {
    {LOOK, LOOK "    needs: [flag-of]\n", "B002", 21, 13, "no step is called `flag-of`",
     "did you mean `flag-off`?"},
    {LOOK, LOOK "    needs: [zzzzzzzz]\n", "B002", 21, 13, "no step is called `zzzzzzzz`",
     "define the step"},
    {"owner: search", "owner: serch", "B002", 10, 12, "no role is called `serch`",
     "did you mean `search`?"},
    {LOOK, LOOK "    on_failure: {run: helpr}\n", "B002", 21, 23, "no step is called `helpr`", ""},
    {LOOK, LOOK "    needs_approval: gate\n", "B002", 21, 21, "no gate in `approvals` is called",
     ""},
    {"manual: The first ten results are shoes.", "approval: gate", "B002", 20, 15, "no gate", ""},
    {"manual: The first ten results are shoes.", "notice: all-clear", "B002", 20, 13,
     "no notice is called `all-clear`", ""},
    {"manual: The first ten results are shoes.", "check: {criteria: [pay]}", "B002", 20, 24,
     "no criterion is called `pay`", ""},
    {LOOK, LOOK "    backup: {step: backup}\n", "B002", 21, 20, "no step is called `backup`", ""},
    {STEPS, "point_of_no_return: {step: lok}\n" STEPS, "B002", 7, 28, "no step is called `lok`",
     "did you mean `look`?"},
    {STEPS, "options: {back: {steps: [flag-off, look, loook]}}\n" STEPS, "B002", 7, 42,
     "no step is called `loook`", "did you mean `look`?"},
    {STEPS, "risks: [{feature: f, fallback: bakc}]\n" STEPS, "B002", 7, 32,
     "no step is called `bakc`", "did you mean `back`?"},
    {STEPS, "approvals: {gate: {from: [comander]}}\n" STEPS, "B002", 7, 27,
     "no role is called `comander`", "did you mean `commander`?"},
    {STEPS, "sign: {dba: 1}\n" STEPS, "B002", 7, 8, "no role is called `dba`", ""},
    {STEPS, "containment: {who: [search], steps: [flagoff]}\n" STEPS, "B002", 7, 38,
     "no step is called `flagoff`", "did you mean `flag-off`?"},
    {STEPS, "drill: {must_cover: [looks]}\n" STEPS, "B002", 7, 22, "no step is called `looks`", ""},
    {STEPS, "changes: [{id: c1, kind: code, works_with: {c2: [v1]}}]\n" STEPS, "B002", 7, 45,
     "no change is called `c2`", ""},
    {STEPS, "criteria: [{id: c1, use: exit, source: prom, query: q}]\n" STEPS, "B002", 7, 40,
     "no source is called `prom`", ""},
    {"id: look", "id: flag-off", "B002", 16, 9, "a second step is called `flag-off`", "another id"},
    {STEPS, "before_launch: [{id: look, manual: x}]\n" STEPS, "B002", 17, 9,
     "a second step is called `look`, as in line 7", ""},
};

static const struct wrong bad_order[] = {
    {"idempotent: true", "idempotent: true\n    needs: [look]", "B002", 14, 12,
     "in a circle: flag-off → look → flag-off", "take one of these needs out"},
    {LOOK, LOOK "    needs: [look]\n", "B002", 21, 12, "in a circle: look → look", ""},
};

static const struct wrong never_started[] = {
    {LOOK, HELPER, "B002", 25, 11, "no step's `on_failure` calls `helper`: it can never start",
     "on_failure: {run: helper}"},
    {STEPS, "options: {back: {steps: [flag-off]}}\n" STEPS, "B002", 17, 5,
     "no option and no containment has `look`", "add it to an option"},
    {STEPS,
     "before_launch: [{id: proof, manual: x}]\n" STEPS
     "  - {id: early, owner: search, box: 1m, manual: x, needs: [proof]}\n",
     "B002", 9, 60, "`early` waits for `proof`, which isn't run in an incident", ""},
};

static void test_bad_links(void **state) {
    check_wrong(state, bad_links, ARRAY_SIZE(bad_links), FINDING_ERROR);
}

static void test_bad_order(void **state) {
    check_wrong(state, bad_order, ARRAY_SIZE(bad_order), FINDING_ERROR);
}

static void test_never_started(void **state) {
    check_wrong(state, never_started, ARRAY_SIZE(never_started), FINDING_ERROR);
}

static void test_waits_for_a_handler(void **state) {
    const struct lint *lint =
        lint_of(*state, plan_with(*state, LOOK,
                                  "manual: x\n    on_failure: {run: helper}\n    needs: [helper]\n"
                                  "  - {id: helper, owner: search, box: 1m, manual: y, only: "
                                  "on_failure}\n"));
    assert_int_equal(lint->count, 1);
    assert_non_null(strstr(lint->findings[0].message, "starts only when another step fails"));
}

static void test_each_circle_is_told_once(void **state) {
    const char *text = "backout: 1\nplan: circles\ntitle: T\nservice: s\nwhy: w\n"
                       "roles: {commander: [a1, b1]}\n"
                       "defaults: {timeout: 1m}\nsteps:\n"
                       "  - {id: a1, owner: commander, box: 1m, manual: x, needs: [b1]}\n"
                       "  - {id: b1, owner: commander, box: 1m, manual: x, needs: [c1]}\n"
                       "  - {id: c1, owner: commander, box: 1m, manual: x, needs: [a1]}\n"
                       "  - {id: d1, owner: commander, box: 1m, manual: x, needs: [a1]}\n"
                       "  - {id: e1, owner: commander, box: 1m, manual: x, needs: [f1, c1]}\n"
                       "  - {id: f1, owner: commander, box: 1m, manual: x, needs: [e1]}\n";
    const struct lint *lint = lint_of(*state, text);
    assert_int_equal(lint->count, 2);
    assert_non_null(strstr(lint->findings[0].message, "a1 → b1 → c1 → a1"));
    assert_non_null(strstr(lint->findings[1].message, "e1 → f1 → e1"));
}

static void test_unmarked_handler_is_a_warning(void **state) {
    const struct lint *lint =
        lint_of(*state, plan_with(*state, "idempotent: true",
                                  "idempotent: true\n    on_failure: {run: look}"));
    assert_int_equal(lint->count, 1);
    assert_int_equal(lint->warnings, 1);
    assert_true(lint->loadable);
    assert_non_null(strstr(lint->findings[0].fix, "only: on_failure"));
}

/* --- B003: names in texts and expressions ----------------------------------------------------- */

#define INPUTS "inputs: {region: {type: string}}\nsecrets: {token: {env: T}}\n"

static const struct wrong bad_texts[] = {
    {"ranking-v7, \"off\"]\n", "\"${inputs.regoin}\"]\n", "B003", 12, 23,
     "nothing is called `inputs.regoin`", "write $${"},
    {"undo: ./bin/flag ranking-v7 on", "undo: kill ${PID}", "B003", 15, 11,
     "nothing is called `PID`", "write $${"},
    {"undo: ./bin/flag ranking-v7 on", "undo: kill ${PID", "B003", 15, 11, "is never closed", "}"},
    {"undo: ./bin/flag ranking-v7 on", "undo: '${site.host}'", "B003", 15, 11,
     "nothing is called `site.host`", ""},
    {"undo: ./bin/flag ranking-v7 on", "undo: '${incident.numbr}'", "B003", 15, 11, "numbr",
     "did you mean `incident.number`?"},
    {"undo: ./bin/flag ranking-v7 on", "undo: '${notice.next_update}'", "B003", 15, 11,
     "`notice.next_update` has no value in this place", ""},
    {"title: Roll back", "title: Roll ${inputs.x} back", "B003", 3, 8,
     "${inputs.x} isn't replaced in this place", "in words"},
    {"service: search", "service: '${incident.service}'", "B003", 4, 10, "isn't replaced", ""},
    {LOOK, LOOK "    when: inputs.region == 'eu'\n", "B003", 21, 11,
     "nothing is called `inputs.region`", "known are inputs.*"},
    {LOOK, LOOK "    when: steps.flag-off.sate == 'done'\n", "B003", 21, 11, "steps.flag-off.sate",
     "did you mean `steps.flag-off.state`?"},
    {LOOK, LOOK "    when: incident.number == 5\n", "B003", 21, 11,
     "`incident.number` has no value in this place", ""},
    {LOOK, LOOK "    when: steps.flag-off.outputs.rev == 5\n", "B003", 21, 11,
     "nothing is called `steps.flag-off.outputs.rev`", ""},
    {STEPS,
     INPUTS STEPS "  - {id: curl, owner: search, box: 1m, read_only: true, needs: [], "
                  "run: ['${secrets.token}']}\n",
     "B003", 10, 74, "every user of the host can read a command line", "`env`"},
    {STEPS, "notices: {a1: {to: [status], body: 'At ${incident.startd_at}.'}}\n" STEPS, "B003", 7,
     36, "incident.startd_at", "did you mean `incident.started_at`?"},
};

static void test_bad_texts(void **state) {
    check_wrong(state, bad_texts, ARRAY_SIZE(bad_texts), FINDING_ERROR);
}

/* "a step's output before its step": three steps, the reader's needs and place vary. */
static const struct {
    const char *needs, *use;
    const char *message; /* NULL: fine */
} readers[] = {
    {"needs: [source]", "manual: '${steps.source.outputs.rev}'", NULL},
    {"needs: [between]", "manual: '${steps.source.outputs.rev}'", NULL},
    {"needs: []", "manual: '${steps.source.outputs.rev}'",
     "step `source` doesn't have to end before `reader` starts"},
    {"needs: []", "manual: x, when: steps.source.outputs.rev == 'x'", "doesn't have to end before"},
    {"needs: []", "manual: x, when: steps.source.state == 'done'", NULL},
    {"needs: []", "manual: x, outputs: {own: x}, undo: '${steps.reader.outputs.own}'", NULL},
    {"needs: []", "manual: '${steps.reader.outputs.own}', outputs: {own: x}",
     "step `reader` doesn't have to end before `reader` starts"},
    {"needs: []", "manual: '${steps.later.outputs.rev}'",
     "step `later` doesn't have to end before `reader` starts"},
};

static void test_outputs_come_first(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
        const char *steps = xtalloc_asprintf(
            *state,
            "steps:\n"
            "  - {id: source, owner: search, box: 1m, manual: x, outputs: {rev: x}}\n"
            "  - {id: between, owner: search, box: 1m, manual: x}\n"
            "  - {id: reader, owner: search, box: 1m, %s, %s}\n"
            "  - {id: later, owner: search, box: 1m, manual: x, outputs: {rev: x}}\n",
            readers[i].needs, readers[i].use);
        const struct lint *lint = lint_of(*state, plan_with(*state, STEPS, steps));
        bool fine = readers[i].message == NULL;
        if (lint->count != !fine ||
            (!fine && strstr(lint->findings[0].message, readers[i].message) == NULL))
            fail_msg("%s, %s:%s", readers[i].needs, readers[i].use, all_findings(*state, lint));
    }
}

/* A handler knows what every step that may call it knows. */
static void test_outputs_in_handlers(void **state) {
    static const char steps[] =
        "steps:\n"
        "  - {id: source, owner: search, box: 1m, manual: x, outputs: {rev: x}}\n"
        "  - {id: caller, owner: search, box: 1m, manual: x, on_failure: {run: help}}\n"
        "  - {id: help, owner: search, box: 1m, only: on_failure, "
        "manual: '${steps.source.outputs.rev}'}\n";
    const struct lint *lint = lint_of(*state, plan_with(*state, STEPS, steps));
    assert_int_equal(lint->count, 0);
    lint = lint_of(*state, plan_with(*state, STEPS,
                                     xtalloc_asprintf(*state,
                                                      "%s  - {id: other, owner: search, box: 1m, "
                                                      "manual: x, needs: [], on_failure: {run: "
                                                      "help}}\n",
                                                      steps)));
    assert_int_equal(lint->count, 1);
    assert_string_equal(lint->findings[0].rule, "B003");
}

/* A notice may tell what any step found out: it is sent when somebody sends it. */
static void test_outputs_in_notices(void **state) {
    const char *text = plan_with(*state, LOOK,
                                 LOOK "    outputs: {hits: '([0-9]+) shoes'}\n"
                                      "notices: {a1: {to: [status], body: "
                                      "'${steps.look.outputs.hits} shoes'}}\n");
    assert_int_equal(lint_of(*state, text)->count, 0);
}

static void test_texts_that_are_fine(void **state) {
    static const char *const fine[] = {
        "env: {A: '${secrets.token}', B: '${inputs.region}'}",
        "evidence: {prompt: 'For ${incident.number} of ${incident.service}'}",
        "customers: 'Not ${inputs.region}'",
        "when: incident.drill || incident.severity == 'SEV1'",
        "runbook: 'echo $${HOME}'",
    };
    for (size_t i = 0; i < ARRAY_SIZE(fine); i++) {
        const char *step = xtalloc_asprintf(
            *state, INPUTS "steps:\n  - {id: first, owner: search, box: 1m, manual: x, %s}\n",
            fine[i]);
        const struct lint *lint = lint_of(*state, plan_with(*state, STEPS, step));
        if (lint->count != 0)
            fail_msg("%s:%s", fine[i], all_findings(*state, lint));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_bad_keys),
        MEMORY_TEST(test_missing_keys),
        MEMORY_TEST(test_bad_values),
        MEMORY_TEST(test_every_wrong_key_in_one_run),
        MEMORY_TEST(test_no_plan_at_all),
        MEMORY_TEST(test_bad_links),
        MEMORY_TEST(test_bad_order),
        MEMORY_TEST(test_never_started),
        MEMORY_TEST(test_waits_for_a_handler),
        MEMORY_TEST(test_each_circle_is_told_once),
        MEMORY_TEST(test_unmarked_handler_is_a_warning),
        MEMORY_TEST(test_bad_texts),
        MEMORY_TEST(test_outputs_come_first),
        MEMORY_TEST(test_outputs_in_handlers),
        MEMORY_TEST(test_outputs_in_notices),
        MEMORY_TEST(test_texts_that_are_fine),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
