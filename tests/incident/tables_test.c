/* The tables of commands and of events are whole, and what derives from them is right: encoding,
 * sentences, reading words. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/events.h"

#include <ctype.h>
#include <string.h>

/* --- events ----------------------------------------------------------------------------------- */

static bool has_field(const struct event_type *type, const char *name, size_t length) {
    for (const struct field *field = type->fields; field->name; field++)
        if (strlen(field->name) == length && strncmp(field->name, name, length) == 0)
            return true;
    return false;
}

/* Every {field} is one, brackets are paired and never nested. */
static void check_sentence(const struct event_type *type) {
    bool open = false;
    for (const char *at = type->sentence; *at; at++) {
        if (*at == '[' || *at == ']') {
            assert_true((*at == '[') != open);
            open = !open;
        }
        if (*at != '{')
            continue;
        const char *close = strchr(at, '}');
        assert_non_null(close);
        if (!has_field(type, at + 1, (size_t)(close - at - 1)))
            fail_msg("%s: %s", type->name, at);
        at = close;
    }
    assert_false(open);
}

static void test_every_kind_is_whole(void **state) {
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(event_types); i++) {
        const struct event_type *type = &event_types[i];
        assert_non_null(type->name);
        assert_ptr_equal(event_type_find(type->name), type);
        assert_non_null(type->fields);
        assert_non_null(type->fold);
        assert_true(type->size > 0 && type->size < 512);
        assert_int_equal(type->of_step,
                         type->fields[0].offset == 0 && strcmp(type->fields[0].name, "step") == 0);
        for (const struct field *field = type->fields; field->name; field++)
            assert_true(field->offset < type->size);
        check_sentence(type);
    }
    assert_null(event_type_find("step.imagined"));
}

static char *random_text(const void *parent, struct random *random) {
    static const char *const parts[] = {"a", "\"", "\\", "\n", "ü", "\x1b[2J", "{step}", "[", " "};
    char *text = xtalloc_strdup(parent, "x");
    for (size_t i = random_below(random, 6); i > 0; i--)
        text = xtalloc_strdup_append(text, parts[random_below(random, ARRAY_SIZE(parts))]);
    return text;
}

static void fill_member(const void *parent, struct random *random, const struct field *field,
                        void *member) {
    struct pair *pairs = xtalloc_zero_array(parent, struct pair, 3);
    const char **texts = xtalloc_zero_array(parent, const char *, 3);
    pairs[0] = (struct pair){"k1", random_text(parent, random)};
    pairs[1] = (struct pair){"k2", random_text(parent, random)};
    texts[0] = random_text(parent, random);
    if (field->type == FIELD_TEXT)
        *(const char **)member = random_text(parent, random);
    else if (field->type == FIELD_INTEGER)
        *(int64_t *)member = (int64_t)random_below(random, 1u << 30);
    else if (field->type == FIELD_FLAG)
        *(bool *)member = true;
    else if (field->type == FIELD_TEXTS)
        *(const char *const **)member = texts;
    else
        *(const struct pair **)member = pairs;
}

/* Any body is the same after it was written and read; so is its sentence made, whatever is in it.
 */
static void test_bodies_survive_the_log(void **state) {
    struct random random = {7};
    struct err *err = err_new(*state);
    for (size_t round = 0; round < 40 * ARRAY_SIZE(event_types); round++) {
        enum event_kind kind = (enum event_kind)(round % ARRAY_SIZE(event_types));
        const struct event_type *type = &event_types[kind];
        char *body = talloc_zero_size(*state, type->size);
        for (const struct field *field = type->fields; field->name; field++)
            if (random_below(&random, 3))
                fill_member(*state, &random, field, body + field->offset);
        const char *json = event_encode(*state, kind, body);
        struct event event = {.seq = 1, .kind = type->name, .body = json, .actor = "ana"};
        const void *read = event_decode(*state, type, &event, err);
        assert_non_null(read);
        assert_string_equal(event_encode(*state, kind, read), json);
        assert_non_null(event_sentence(*state, NULL, &event));
    }
}

static const struct {
    const char *kind, *body, *sentence;
} sentences[] = {
    {"step.started", "{\"step\":\"code\",\"attempt\":2,\"host\":\"ops2\",\"reason\":\"again\"}",
     "started 2 code, attempt 2, on ops2: \"again\""},
    {"step.started", "{\"step\":\"gone\",\"attempt\":1}", "started gone, attempt 1"},
    {"step.ran", "{\"step\":\"code\",\"ended\":\"timed_out\"}", "2 code timed out"},
    {"step.ran", "{\"step\":\"code\",\"ended\":\"exited\",\"status\":3,\"output_bytes\":9}",
     "2 code exited 3, 9 bytes of output"},
    {"check.ended", "{\"step\":\"code\",\"verdict\":\"not_yet\"}", "check of 2 code: not yet"},
    {"note.written", "{\"text\":\"quiet {step} [now]\"}", "quiet {step} [now]"},
    {"note.written", "{\"text\":\"odd\",\"step\":\"code\"}", "2 code: odd"},
    {"step.eta", "{\"step\":\"code\",\"due\":1794492600000,\"text\":\"adding two nodes\"}",
     "2 code will be done 14:10: \"adding two nodes\""},
    {"step.asked", "{\"step\":\"code\",\"person\":\"lee\",\"due\":1794492600000}",
     "ASKED lee: CAN report on 2 code"},
    {"step.asked", "{\"step\":\"code\",\"person\":\"lee\",\"due\":1,\"every\":180000}",
     "ASKED lee: CAN report on 2 code every 3m"},
    {"escalation.fired",
     "{\"late\":\"step_late\",\"step\":\"code\",\"level\":2,\"missed\":1,\"to\":\"vp-eng\"}",
     "PAGED vp-eng: 2 code is late, level 2, 1 missed before it"},
    {"escalation.fired",
     "{\"late\":\"moon_full\",\"level\":1,\"to\":\"bo\",\"by_hand\":true,\"reason\":\"x\"}",
     "PAGED bo by hand: moon full, level 1: \"x\""},
    {"escalation.snoozed", "{\"until\":1794492600000,\"reason\":\"on my way\"}",
     "SNOOZED until 14:10: \"on my way\""},
    {"page.begun", "{\"fired\":9,\"channel\":\"pager\",\"person\":\"bo\",\"try\":2,\"again\":true}",
     "pages bo by pager, try 2, for nobody knows whether the one before arrived"},
    {"page.sent", "{\"fired\":9,\"channel\":\"room\",\"try\":1}", "page sent by room"},
    {"page.failed",
     "{\"fired\":9,\"channel\":\"pager\",\"person\":\"bo\",\"try\":5,\"last\":true,"
     "\"why\":\"exit status 1\"}",
     "page to bo by pager FAILED for good: exit status 1"},
    {"clock.stepped", "{\"by_ms\":3600000}",
     "the clock was set forward 1h00: what is counted goes on as before"},
    {"clock.stepped", "{\"by_ms\":-61000}",
     "the clock was set back 1:01: what is counted goes on as before"},
    {"concern.raised", "{\"number\":2,\"text\":\"heat\"}", "! CONCERN 2: heat"},
    {"concern.answered", "{\"concern\":2,\"text\":\"fans\"}", "answered concern 2: fans"},
    {"incident.declared", "{\"title\":\"T\",\"severity\":1,\"drill\":true}",
     "DECLARED a drill: T, SEV1"},
    {"incident.declared", "{\"title\":\"T\",\"service\":\"s\",\"severity\":1}",
     "DECLARED T, s, SEV1"},
    {"plan.adopted", "{\"plan\":\"p\",\"errors\":2}", "adopted plan p"},
    {"plan.adopted", "{\"plan\":\"p\",\"errors\":2,\"accepted\":\"why\"}",
     "adopted plan p, taking its lint errors (2): \"why\""},
    {"incident.decided", "{\"option\":\"back\",\"reason\":\"r\"}", "DECIDED back, \"r\""},
    {"role.taken", "{\"role\":\"comms\",\"from\":\"bo\"}", "is comms, after bo"},
    {"step.approved", "{\"by\":3}", "step.approved {\"by\":3}"},
    {"step.done", "{\"step\":7}", "step.done {\"step\":7}"},
    {"step.done", "not json", "step.done not json"},
};

static void test_sentences(void **state) {
    struct story *story = story_declared(
        *state, story_plan(*state, "",
                           "  - {id: flag, owner: dev, box: 5m, run: [./x], undo: x}\n"
                           "  - {id: code, owner: dev, box: 5m, run: [./x], undo: x}\n"));
    for (size_t i = 0; i < ARRAY_SIZE(sentences); i++) {
        struct event event = {.kind = sentences[i].kind, .body = sentences[i].body};
        assert_string_equal(event_sentence(*state, story_incident(story), &event),
                            sentences[i].sentence);
    }
}

/* --- commands --------------------------------------------------------------------------------- */

static void check_args(const struct command_type *type) {
    bool optional = false, rest = false;
    for (const struct command_arg *arg = type->args; arg->name; arg++) {
        assert_true(arg->type < ARG_TYPE_COUNT);
        assert_non_null(arg_word(arg->type));
        assert_true(arg->help && *arg->help);
        assert_true(arg->offset < sizeof(struct command));
        assert_false(rest && arg->place != PLACE_OPTION);
        rest = rest || arg->place == PLACE_REST;
        if (arg->place == PLACE_OPTION)
            continue;
        assert_false(optional && arg->required);
        optional = optional || !arg->required;
    }
}

static void test_every_command_is_whole(void **state) {
    for (size_t i = 0; i < command_types_count; i++) {
        const struct command_type *type = &command_types[i];
        assert_ptr_equal(command_find(type->name), type);
        assert_true(isupper((unsigned char)type->help[0]));
        assert_true(type->help[strlen(type->help) - 1] != '.');
        assert_non_null(type->decide);
        check_args(type);
        if (type->internal)
            continue;
        bool about_one = type->guards & NEEDS_INCIDENT;
        assert_int_equal(about_one, type->args[0].type == ARG_INCIDENT);
        bool about_step = type->guards & NEEDS_STEP;
        assert_int_equal(about_step, about_one && type->args[1].type == ARG_STEP);
        assert_true(strncmp(command_usage(*state, type), type->name, strlen(type->name)) == 0);
    }
}

static void test_nearest_command(void **state) {
    (void)state;
    assert_string_equal(command_nearest("strat"), "start");
    assert_string_equal(command_nearest("resovle"), "resolve");
    assert_null(command_nearest("xyzzy"));
    assert_null(command_find("strat"));
    assert_true(!command_nearest("verified") ||
                strcmp(command_nearest("verified"), "verified") != 0);
}

static void test_usage(void **state) {
    assert_string_equal(command_usage(*state, command_find("start")),
                        "start N STEP [--reason TEXT] [--wait]");
    assert_string_equal(command_usage(*state, command_find("settle")),
                        "settle N STEP happened|absent|partial --evidence TEXT");
    assert_string_equal(command_usage(*state, command_find("adopt")),
                        "adopt N PLAN [--input K=V]… [--accept TEXT]");
}

/* A request is what is asked, by whom; not its id, nor how the asker waits. */
static void test_requests(void **state) {
    struct command *one = command_new(*state, "start", STORY_BEGAN_MS);
    one->incident = 1;
    one->step = "code";
    struct digest request = command_request(one, "ana"), other;
    struct command *two = command_copy(*state, one);
    memcpy(two->id, "other", sizeof("other"));
    two->wait = true;
    two->if_seq = 7;
    other = command_request(two, "ana");
    assert_true(digest_equal(&request, &other));
    other = command_request(two, "bo");
    assert_false(digest_equal(&request, &other));
    two->reason = "x";
    other = command_request(two, "ana");
    assert_false(digest_equal(&request, &other));
    two = command_copy(*state, one);
    two->type = command_find("retry");
    other = command_request(two, "ana");
    assert_false(digest_equal(&request, &other));
}

static void test_a_copy_owns_its_words(void **state) {
    struct command *command = command_new(*state, "declare", STORY_BEGAN_MS);
    char *title = xtalloc_strdup(command, "empty");
    struct pair *inputs = xtalloc_zero_array(command, struct pair, 2);
    inputs[0] = (struct pair){"k", xtalloc_strdup(inputs, "v")};
    command->title = title;
    command->inputs = inputs;
    struct command *copy = command_copy(*state, command);
    assert_ptr_not_equal(copy->title, title);
    assert_ptr_not_equal(copy->inputs, inputs);
    talloc_free(command);
    assert_string_equal(copy->title, "empty");
    assert_string_equal(pair_find(copy->inputs, "k"), "v");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_every_kind_is_whole),
        story_test(test_bodies_survive_the_log),
        story_test(test_sentences),
        story_test(test_every_command_is_whole),
        story_test(test_nearest_command),
        story_test(test_usage),
        story_test(test_requests),
        story_test(test_a_copy_owns_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
