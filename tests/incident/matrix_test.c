/* The table of DESIGN §4: every command in every state of a step and of an incident is either
 * allowed or refused by a whole sentence. A state names what is allowed; all else is refused. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <stdio.h>
#include <string.h>

static const char plan_options[] =
    "escalation: [{if: not_recovered, after: 1h, to: [bo]}]\n"
    "options:\n"
    "  back: {title: All, takes: 5m, loses: much, steps: [one, two, hand]}\n"
    "  rest: {title: Rest, takes: 5m, loses: much, steps: [out]}\n"
    "  hold: {title: Hold, takes: 0s, loses: time, steps: []}\n";
static const char plan_steps[] =
    "  - {id: one, owner: dev, box: 5m, run: [./one], needs: [], verify: {run: [./is]}, undo: x}\n"
    "  - {id: two, owner: dev, box: 5m, run: [./two], needs: [one], undo: x,\n"
    "     on_failure: {run: mend}}\n"
    "  - {id: hand, owner: dev, box: 5m, manual: H, needs: [], verify: {run: [./is]}}\n"
    "  - {id: out, owner: dev, box: 5m, run: [./out], needs: [], undo: x}\n"
    "  - {id: mend, owner: dev, box: 5m, run: [./mend], only: on_failure, undo: x}\n";

struct row {
    const char *name;
    const char *reached_by; /* commands, one after the other, as a person or a runner gives them */
    const char *allowed;    /* names of commands */
};

/* "ran STEP ENDED STATUS" and "verified STEP VERDICT" are the runner's; "then" separates. */
static void reach(struct story *story, const char *commands) {
    while (*commands) {
        size_t length = strcspn(commands, ";");
        char *words = xtalloc_strndup(story, commands, length);
        char step[16], word[16];
        long long status = 0;
        if (sscanf(words, "ran %15s %15s %lld", step, word, &status) >= 2)
            assert_true(story_ran(story, step, word, status));
        else if (sscanf(words, "verified %15s %15s", step, word) == 2)
            assert_true(story_verified(story, step, word));
        else
            story_ok(story, "ana", words);
        commands += length;
        commands += strspn(commands, "; ");
    }
}

static bool lists(const char *list, const char *name) {
    size_t length = strlen(name);
    for (const char *at = list; (at = strstr(at, name)); at += length)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
            return true;
    return false;
}

static void check_refusal(const struct story *story, const char *state, const char *words) {
    const struct err *err = story->err;
    if (!err->code || !err->what || !*err->what || !err->on || !*err->on)
        fail_msg("%s: %s: half a refusal: %s", state, words, err_sentence(story->err, err));
    if (err->code == ERR_DAMAGED || err->code == ERR_UNAVAILABLE)
        fail_msg("%s: %s: %s", state, words, err_sentence(story->err, err));
}

static void check_row(const void *parent, const struct row *row, const char *const *words,
                      struct story *(*begin)(const void *parent)) {
    for (; *words; words++) {
        void *scratch = talloc_new(parent);
        struct story *story = begin(scratch);
        char *name = xtalloc_strndup(scratch, *words, strcspn(*words, " "));
        reach(story, row->reached_by);
        bool expected = lists(row->allowed, name);
        bool accepted = story_do(story, "bo", *words);
        if (accepted != expected)
            fail_msg("%s: %s: %s", row->name, *words,
                     accepted ? story->answer : err_sentence(story->err, story->err));
        if (!accepted)
            check_refusal(story, row->name, *words);
        talloc_free(scratch);
    }
}

/* --- steps ------------------------------------------------------------------------------------ */

static struct story *begin_undecided(const void *parent) {
    return story_declared(parent, story_plan(parent, plan_options, plan_steps));
}

static struct story *begin_decided(const void *parent) {
    struct story *story = begin_undecided(parent);
    story_ok(story, "ana", "decide back --reason x");
    return story;
}

#define STEP_WORDS(id)                                                                             \
    (const char *const[]) {                                                                        \
        "start " id, "done " id " --evidence e", "fail " id " --reason x",                         \
            "skip " id " --reason x", "retry " id " --reason x", "reopen " id " --reason x",       \
            "abort " id, "check " id, "settle " id " happened --evidence e", "take " id,           \
            "assign " id " cy", "note seen --step " id, "ask " id, "eta " id " 5m", NULL           \
    }

#define ALWAYS "take assign note"
#define SOON   "ask eta " ALWAYS /* while something of it is to come */

static const struct row undecided_rows[] = {{"waiting, undecided", "", SOON}};

static const struct row one_rows[] = {
    {"ready", "", "start skip " SOON},
    {"running", "start one", "abort " SOON},
    {"verifying", "start one; ran one exited 0", "abort " SOON},
    {"unknown", "start one; ran one lost", "check settle " ALWAYS},
    {"unknown, being checked", "start one; ran one lost; check one", "abort " ALWAYS},
    {"failed", "start one; ran one exited 1", "retry skip " ALWAYS},
    {"failed by verify", "start one; ran one exited 0; verified one not_yet", "retry skip " ALWAYS},
    {"failed, paused by a person", "start one; ran one exited 1; pause", "skip " ALWAYS},
    {"done", "start one; ran one exited 0; verified one passed", "reopen " ALWAYS},
    {"skipped", "skip one --reason x", "reopen " ALWAYS},
    {"reopened", "skip one --reason x; reopen one --reason y", "start skip " SOON},
    {"settled absent", "start one; ran one lost; settle one absent --evidence e",
     "start skip " SOON},
    {"ready, paused", "pause", "skip " SOON},
};

static const struct row two_rows[] = {
    {"waiting", "", "skip " SOON},
    {"ready", "skip one --reason x", "start skip " SOON},
    {"unknown without verify", "skip one --reason x; start two; ran two lost", "settle " ALWAYS},
};

static const struct row hand_rows[] = {
    {"ready by hand", "", "start skip " SOON},
    {"running by hand", "start hand", "done fail " SOON},
    {"verifying by hand", "start hand; done hand", "abort " SOON},
    {"failed by hand", "start hand; fail hand --reason x", "retry skip " ALWAYS},
    {"unknown by hand", "start hand; done hand; verified hand broken", "check settle " ALWAYS},
    {"done by hand", "start hand; done hand; verified hand passed", "reopen " ALWAYS},
};

static const struct row out_rows[] = {{"not chosen", "", ALWAYS}};
static const struct row mend_rows[] = {
    {"handler of nothing that failed", "", ALWAYS},
    {"handler", "skip one --reason x; start two; ran two exited 1", "start skip " SOON},
    {"handler of what was skipped",
     "skip one --reason x; start two; ran two exited 1; skip two --reason x", ALWAYS},
};

/* Every state of the enumeration is met in some row; gated ones come with approvals. */
static void test_every_state_is_in_the_table(void **state) {
    bool met[STEP_STATE_COUNT] = {[STEP_GATED] = true};
    static const struct {
        const char *step;
        const struct row *rows;
        size_t count;
    } tables[] = {{"one", one_rows, ARRAY_SIZE(one_rows)},
                  {"two", two_rows, ARRAY_SIZE(two_rows)},
                  {"hand", hand_rows, ARRAY_SIZE(hand_rows)},
                  {"out", out_rows, ARRAY_SIZE(out_rows)}};
    for (size_t t = 0; t < ARRAY_SIZE(tables); t++) {
        for (size_t i = 0; i < tables[t].count; i++) {
            struct story *story = begin_decided(*state);
            reach(story, tables[t].rows[i].reached_by);
            met[step_state(story_incident(story), story_step(story, tables[t].step))] = true;
        }
    }
    for (size_t i = 0; i < ARRAY_SIZE(met); i++)
        assert_true(met[i]);
}

static void test_steps(void **state) {
    check_row(*state, &undecided_rows[0], STEP_WORDS("one"), begin_undecided);
    for (size_t i = 0; i < ARRAY_SIZE(one_rows); i++)
        check_row(*state, &one_rows[i], STEP_WORDS("one"), begin_decided);
    for (size_t i = 0; i < ARRAY_SIZE(two_rows); i++)
        check_row(*state, &two_rows[i], STEP_WORDS("two"), begin_decided);
    for (size_t i = 0; i < ARRAY_SIZE(hand_rows); i++)
        check_row(*state, &hand_rows[i], STEP_WORDS("hand"), begin_decided);
    check_row(*state, &out_rows[0], STEP_WORDS("out"), begin_decided);
    for (size_t i = 0; i < ARRAY_SIZE(mend_rows); i++)
        check_row(*state, &mend_rows[i], STEP_WORDS("mend"), begin_decided);
}

/* --- incidents -------------------------------------------------------------------------------- */

static const char *const incident_words[] = {"ack",
                                             "unack",
                                             "take commander",
                                             "offer comms cy",
                                             "accept deputy",
                                             "decide back --reason x",
                                             "pause",
                                             "resume",
                                             "note seen",
                                             "concern 'too hot'",
                                             "answer 1 'it is seen'",
                                             "escalate",
                                             "snooze 5m --reason x",
                                             "recover",
                                             "resolve",
                                             "close",
                                             "abandon --reason x",
                                             "adopt p.yaml --accept t --input to=2",
                                             "start one",
                                             NULL};

static struct story *begin_with_input(const void *parent) {
    const char *more =
        xtalloc_asprintf(parent, "inputs: {to: {type: integer, default: '1'}}\n%s", plan_options);
    return story_declared(parent, story_plan(parent, more, plan_steps));
}

#define WORDS  "take offer note concern"
#define CALL   "escalate snooze " /* until it has recovered */
#define PEOPLE CALL WORDS

static const struct row incident_rows[] = {
    {"declared", "", "ack decide pause abandon adopt " PEOPLE},
    {"acknowledged", "ack", "unack decide pause abandon adopt " PEOPLE},
    {"offered to another", "offer deputy cy", "ack decide pause abandon adopt " PEOPLE},
    {"offered", "offer deputy bo", "ack accept decide pause abandon adopt " PEOPLE},
    {"commanded", "take commander; ack",
     "unack decide pause abandon adopt offer note concern escalate snooze"},
    {"held", "ack; decide hold --reason x", "decide pause recover abandon adopt " PEOPLE},
    {"rolling back", "ack; decide back --reason x", "decide pause abandon adopt start " PEOPLE},
    {"of concern", "ack; concern heat", "unack answer decide pause abandon adopt " PEOPLE},
    {"of answered concern", "ack; concern heat; answer 1 seen",
     "unack decide pause abandon adopt " PEOPLE},
    {"told, of concern", "decide hold --reason x; recover; resolve; concern heat",
     "ack answer pause abandon adopt " WORDS},
    {"paused", "decide back --reason x; pause", "ack decide pause resume abandon adopt " PEOPLE},
    {"paused by a failure", "decide back --reason x; start one; ran one exited 1",
     "ack decide pause resume abandon adopt " PEOPLE},
    {"running", "ack; decide back --reason x; start one", "pause " PEOPLE},
    {"verifying", "ack; decide back --reason x; start one; ran one exited 0", "pause " PEOPLE},
    {"unknown", "ack; decide back --reason x; start one; ran one lost", "pause " PEOPLE},
    {"well", "ack; decide hold --reason x; recover", "pause resolve abandon adopt " WORDS},
    {"well, with steps left", "ack; decide back --reason x; recover --reason y",
     "pause resolve abandon adopt start " WORDS},
    {"told", "ack; decide hold --reason x; recover; resolve", "pause close abandon adopt " WORDS},
    {"closed", "ack; decide hold --reason x; recover; resolve; close", "note"},
    {"abandoned", "abandon --reason x", "note"},
};

static void test_incidents(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(incident_rows); i++)
        check_row(*state, &incident_rows[i], incident_words, begin_with_input);
}

/* --- runners ---------------------------------------------------------------------------------- */

static const struct row run_rows[] = {
    {"ready", "", ""},
    {"running", "start one", "ran"},
    {"verifying", "start one; ran one exited 0", "verified"},
    {"unknown", "start one; ran one lost", ""},
    {"being checked", "start one; ran one lost; check one", "verified"},
    {"done", "start one; ran one exited 0; verified one passed", ""},
    {"failed", "start one; ran one exited 1", ""},
};

static void test_runners(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(run_rows); i++) {
        struct story *ran = begin_decided(*state), *verified = begin_decided(*state);
        reach(ran, run_rows[i].reached_by);
        reach(verified, run_rows[i].reached_by);
        assert_int_equal(story_ran(ran, "one", "exited", 0), lists(run_rows[i].allowed, "ran"));
        assert_int_equal(story_verified(verified, "one", "passed"),
                         lists(run_rows[i].allowed, "verified"));
    }
}

static void test_unheard_of_reports_are_refused(void **state) {
    struct story *story = begin_decided(*state);
    story_ok(story, "ana", "start one");
    assert_false(story_ran(story, "one", "vanished", 0));
    assert_int_equal(story->err->code, ERR_USAGE);
    assert_false(story_ran(story, "one", NULL, 0));
    assert_true(story_ran(story, "one", "exited", 0));
    assert_false(story_verified(story, "one", "perhaps"));
    assert_int_equal(story->err->code, ERR_USAGE);
    assert_false(story_verified(story, "one", NULL));
}

/* --- what names nothing ----------------------------------------------------------------------- */

/* Code and API may leave out what a parser insists on: no command may stumble over it. */
static void test_empty_commands_are_refused_in_words(void **state) {
    static const char *const may_be_empty[] = {"ack", "pause", "escalate", "clock"};
    for (size_t i = 0; i < command_types_count; i++) {
        struct story *story = begin_undecided(*state);
        const char *name = command_types[i].name;
        bool expected = false;
        for (size_t n = 0; n < ARRAY_SIZE(may_be_empty); n++)
            expected = expected || strcmp(may_be_empty[n], name) == 0;
        struct command *command = story_command(story, name, NULL);
        if (story_submit(story, "bo", command) != expected)
            fail_msg("%s without words", name);
        if (!expected)
            check_refusal(story, "without words", name);
        command = story_command(story, name, "one");
        command->incident = 99;
        if (command_types[i].guards & NEEDS_INCIDENT) {
            assert_false(story_submit(story, "bo", command));
            assert_int_equal(story->err->code, ERR_NOT_FOUND);
        }
        command = story_command(story, name, "nothing");
        if (command_types[i].guards & NEEDS_STEP) {
            assert_false(story_submit(story, "bo", command));
            assert_int_equal(story->err->code, ERR_NOT_FOUND);
        }
    }
}

static void test_an_outcome_that_is_none_is_refused(void **state) {
    struct story *story = begin_decided(*state);
    reach(story, "start one; ran one lost");
    struct command *settle = story_command(story, "settle", "one");
    settle->outcome = "perhaps";
    settle->evidence = "e";
    assert_false(story_submit(story, "bo", settle));
    assert_int_equal(story->err->code, ERR_USAGE);
    struct command *declare = story_command(story, "declare", NULL);
    declare->title = "x";
    declare->severity = 6;
    assert_false(story_submit(story, "bo", declare));
    assert_int_equal(story->err->code, ERR_USAGE);
}

static void test_did_you_mean_that_step(void **state) {
    struct story *story = begin_decided(*state);
    story_refused(story, "bo", "start hnad", ERR_NOT_FOUND, "did you mean hand?");
    story_refused(story, "bo", "note x --step hnad", ERR_NOT_FOUND, "no step hnad");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_every_state_is_in_the_table),
        story_test(test_steps),
        story_test(test_incidents),
        story_test(test_runners),
        story_test(test_unheard_of_reports_are_refused),
        story_test(test_empty_commands_are_refused_in_words),
        story_test(test_an_outcome_that_is_none_is_refused),
        story_test(test_did_you_mean_that_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
