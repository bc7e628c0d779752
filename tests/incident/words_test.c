/* The words of line mode and palette, read. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/array.h"
#include "base/time.h"

#include <string.h>

#define MAX_WORDS 8

static bool parse(const void *parent, const char *const *words, int64_t incident,
                  struct command **command, struct err *err) {
    const struct command_type *type = command_find(words[0]);
    return command_parse(parent, type, words + 1, incident, STORY_BEGAN_MS, command, err);
}

static struct command *parsed(const void *parent, const char *const *words, int64_t incident) {
    struct command *command = NULL;
    struct err *err = err_new(parent);
    if (!parse(parent, words, incident, &command, err))
        fail_msg("%s", err_sentence(parent, err));
    return command;
}

#define WORDS(...)                                                                                 \
    (const char *const[]) {                                                                        \
        __VA_ARGS__, NULL                                                                          \
    }

/* --- each type of argument -------------------------------------------------------------------- */

static void test_every_type_is_read(void **state) {
    const struct command *command = parsed(
        *state,
        WORDS("declare", "plans/a b.yaml", "--service", "shop", "--title=Search \t is\nempty",
              "--severity", "1", "--input", "v=1", "--input=w=x=y", "--detected-at", "13:38",
              "--detected-by", "monitor", "--accept", "no time", "--drill"),
        0);
    assert_string_equal(command->plan, "plans/a b.yaml");
    assert_string_equal(command->service, "shop");
    assert_string_equal(command->title, "Search   is^Jempty");
    assert_int_equal(command->severity, 1);
    assert_string_equal(pair_find(command->inputs, "v"), "1");
    assert_string_equal(pair_find(command->inputs, "w"), "x=y");
    assert_int_equal(command->detected_at, STORY_BEGAN_MS - 30 * MINUTE_MS - 2000);
    assert_string_equal(command->detected_by, "monitor");
    assert_string_equal(command->accept, "no time");
    assert_true(command->drill);
    assert_int_equal(strlen(command->id), UUID_TEXT - 1);
    command = parsed(*state, WORDS("settle", "INC-41", "code", "absent", "--evidence", "e"), 0);
    assert_int_equal(command->incident, 41);
    assert_string_equal(command->step, "code");
    assert_string_equal(command->outcome, "absent");
    command = parsed(*state, WORDS("assign", "inc-7", "code", "bo"), 0);
    assert_string_equal(command->person, "bo");
    command = parsed(*state, WORDS("take", "7", "ic", "--relieve", "--reason", "gone"), 0);
    assert_true(command->relieve);
    assert_string_equal(command->role, "ic");
    command = parsed(*state, WORDS("start", "7", "code", "--wait"), 0);
    assert_true(command->wait);
}

static const struct {
    const char *words[MAX_WORDS];
    const char *what, *remedy;
} wrong[] = {
    {{"declare", "--severity", "6"}, "--severity can't be \"6\"", "1 (worst) to 5"},
    {{"declare", "--severity", "two"}, "--severity can't be \"two\"", "1 (worst) to 5"},
    {{"declare", "--detected-by", "moniter"}, "can't be \"moniter\"", "did you mean monitor?"},
    {{"declare", "--detected-by", "x"}, "can't be \"x\"", "monitor, staff or customer"},
    {{"declare", "--detected-at", "yesterday"}, "", ""},
    {{"declare", "--input", "v"}, "can't be \"v\"", "NAME=VALUE"},
    {{"declare", "--input", "=v"}, "can't be \"=v\"", "NAME=VALUE"},
    {{"declare", "--title", ""}, "--title can't be \"\"", "some words"},
    {{"declare", ""}, "plan can't be \"\"", "path"},
    {{"declare", "--titel", "x"}, "there is no such option", "did you mean --title?"},
    {{"declare", "--xyzzy"}, "there is no such option", "declare [PLAN]"},
    {{"declare", "--title"}, "--title needs a value", "declare [PLAN]"},
    {{"declare", "--drill=yes"}, "--drill can't be \"yes\"", "no value"},
    {{"ack", "forty"}, "incident can't be \"forty\"", "41 or INC-41"},
    {{"ack", "0"}, "incident can't be \"0\"", "41 or INC-41"},
    {{"ack", "-3"}, "incident can't be \"-3\"", "41 or INC-41"},
    {{"ack", "99999999999999999999"}, "incident can't be", "41 or INC-41"},
    {{"ack"}, "N is missing", "ack N"},
    {{"ack", "1", "2"}, "\"2\" is one word too many", "ack N"},
    {{"start", "1"}, "STEP is missing", "start N STEP"},
    {{"skip", "1", "code"}, "--reason is missing: why", "skip N STEP"},
    {{"settle", "1", "code", "hapened", "--evidence", "e"}, "can't be", "did you mean happened?"},
    {{"note", "1"}, "TEXT is missing", "note N TEXT"},
};

static void test_wrong_words_are_told(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
        struct command *command = NULL;
        struct err *err = err_new(*state);
        assert_false(parse(*state, wrong[i].words, 0, &command, err));
        if (err->code != ERR_USAGE || !strstr(err->what, wrong[i].what) ||
            !strstr(err->remedy ? err->remedy : "", wrong[i].remedy))
            fail_msg("%zu: %s", i, err_sentence(*state, err));
    }
}

/* --- texts ------------------------------------------------------------------------------------ */

static void test_the_rest_is_one_text(void **state) {
    const struct command *command =
        parsed(*state, WORDS("note", "41", "pager", "is", "--step", "code", "quiet"), 0);
    assert_string_equal(command->text, "pager is quiet");
    assert_string_equal(command->step, "code");
    command = parsed(*state, WORDS("note", "41", "--", "--force", "was", "used"), 0);
    assert_string_equal(command->text, "--force was used");
    command = parsed(*state, WORDS("note", "41", "a - b"), 0);
    assert_string_equal(command->text, "a - b");
}

/* --- the incident that is meant --------------------------------------------------------------- */

static const struct {
    const char *words[MAX_WORDS];
    int64_t incident;
    const char *step, *text;
} meant[] = {
    {{"start", "code"}, 41, "code", NULL},
    {{"start", "3"}, 41, "3", NULL},
    {{"start", "7", "3"}, 7, "3", NULL},
    {{"start", "INC-7", "code"}, 7, "code", NULL},
    {{"ack"}, 41, NULL, NULL},
    {{"ack", "7"}, 7, NULL, NULL},
    {{"note", "3", "pages", "died"}, 41, NULL, "3 pages died"},
    {{"note", "INC-7", "pages", "died"}, 7, NULL, "pages died"},
    {{"note", "INC-x", "is", "odd"}, 41, NULL, "INC-x is odd"},
};

static void test_the_incident_may_be_left_out_where_it_is_understood(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(meant); i++) {
        const struct command *command = parsed(*state, meant[i].words, 41);
        assert_int_equal(command->incident, meant[i].incident);
        if (meant[i].step)
            assert_string_equal(command->step, meant[i].step);
        if (meant[i].text)
            assert_string_equal(command->text, meant[i].text);
    }
    struct command *command;
    struct err *err = err_new(*state);
    assert_false(parse(*state, WORDS("start", "INC-7"), 41, &command, err));
    assert_non_null(strstr(err->what, "STEP is missing"));
    assert_false(parse(*state, WORDS("start", "a", "b"), 41, &command, err));
    assert_non_null(strstr(err->what, "one word too many"));
}

/* --- what could stand there ------------------------------------------------------------------- */

static bool offers(const void *parent, const struct story *story, enum arg_type type,
                   const char *word) {
    const char *const *list =
        arg_candidates(parent, type, hub_state(story->hub), story_incident(story));
    for (; *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

static void test_candidates(void **state) {
    struct story *story = story_declared(
        *state,
        story_plan(*state, "", "  - {id: flag, owner: dev, box: 5m, run: [./x], undo: x}\n"));
    assert_true(offers(*state, story, ARG_INCIDENT, "1"));
    assert_true(offers(*state, story, ARG_STEP, "flag"));
    assert_true(offers(*state, story, ARG_ROLE, "commander"));
    assert_true(offers(*state, story, ARG_ROLE, "dev"));
    assert_false(offers(*state, story, ARG_ROLE, "flag"));
    assert_true(offers(*state, story, ARG_ROLE_OR_STEP, "flag"));
    assert_true(offers(*state, story, ARG_PERSON, "dot"));
    assert_true(offers(*state, story, ARG_OPTION, "hold"));
    assert_true(offers(*state, story, ARG_OUTCOME, "absent"));
    assert_true(offers(*state, story, ARG_SEVERITY, "5"));
    assert_false(offers(*state, story, ARG_TEXT, "flag"));
    for (int type = 0; type < ARG_TYPE_COUNT; type++)
        assert_non_null(arg_candidates(*state, (enum arg_type)type, NULL, NULL));
    struct story *bare = story_new(*state, NULL);
    story_ok(bare, "ana", "declare --title x");
    assert_true(offers(*state, bare, ARG_OPTION, "forward"));
    assert_true(offers(*state, bare, ARG_PERSON, "ana"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_every_type_is_read),
        story_test(test_wrong_words_are_told),
        story_test(test_the_rest_is_one_text),
        story_test(test_the_incident_may_be_left_out_where_it_is_understood),
        story_test(test_candidates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
