#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/record.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

struct sample {
    const char *title;
    int64_t number;
    bool drill;
    const char *const *tags;
    const struct pair *inputs;
    const char *service;
};

static const struct field fields[] = {
    {"title", FIELD_TEXT, offsetof(struct sample, title)},
    {"number", FIELD_INTEGER, offsetof(struct sample, number)},
    {"drill", FIELD_FLAG, offsetof(struct sample, drill)},
    {"tags", FIELD_TEXTS, offsetof(struct sample, tags)},
    {"inputs", FIELD_PAIRS, offsetof(struct sample, inputs)},
    {"service", FIELD_TEXT, offsetof(struct sample, service)},
    {NULL, FIELD_TEXT, 0},
};

static int make_context(void **state) {
    *state = talloc_new(NULL);
    return 0;
}

static int free_context(void **state) {
    talloc_free(*state);
    return 0;
}

static const char *written(const void *parent, const struct sample *sample) {
    struct json_writer *writer = json_writer_new(parent);

    record_write(writer, NULL, fields, sample);
    return json_text(writer);
}

static bool reads(const void *parent, const char *json, struct sample *sample, struct err *err) {
    *sample = (struct sample){0};
    return record_read(parent, fields, sample, json, strlen(json), err);
}

static void absent_members_are_not_written(void **state) {
    assert_string_equal(written(*state, &(struct sample){0}), "{}");
}

static void members_are_written_in_order(void **state) {
    static const char *const tags[] = {"a", "", NULL};
    static const char *const none[] = {NULL};
    static const struct pair inputs[] = {{"from", "1.4"}, {"to", "1.3"}, {NULL, NULL}};
    struct sample sample = {
        .title = "",
        .number = -7,
        .drill = true,
        .tags = tags,
        .inputs = inputs,
        .service = "pay \"x\"",
    };

    assert_string_equal(written(*state, &sample),
                        "{\"title\":\"\",\"number\":-7,\"drill\":true,\"tags\":[\"a\",\"\"],"
                        "\"inputs\":{\"from\":\"1.4\",\"to\":\"1.3\"},"
                        "\"service\":\"pay \\\"x\\\"\"}");
    sample = (struct sample){.tags = none};
    assert_string_equal(written(*state, &sample), "{\"tags\":[]}");
}

static void a_record_may_be_a_member(void **state) {
    struct json_writer *writer = json_writer_new(*state);

    json_open_object(writer, NULL);
    json_number(writer, "seq", 1);
    record_write(writer, "body", fields, &(struct sample){.number = 3});
    json_close_object(writer);
    assert_string_equal(json_text(writer), "{\"seq\":1,\"body\":{\"number\":3}}");
}

static void members_are_read(void **state) {
    struct err *err = err_new(*state);
    struct sample sample;

    assert_true(
        reads(*state,
              "{ \"service\":\"pay\", \"number\": 12, \"title\":\"caf\\u00e9\",\"drill\":true,"
              "\"tags\":[\"a\",\"b\",\"c\"],\"inputs\":{\"x\":\"1\",\"y\":\"2\"}}",
              &sample, err));
    assert_string_equal(sample.title, "caf\u00e9");
    assert_string_equal(sample.service, "pay");
    assert_true(sample.number == 12);
    assert_true(sample.drill);
    assert_string_equal(sample.tags[0], "a");
    assert_string_equal(sample.tags[1], "b");
    assert_string_equal(sample.tags[2], "c");
    assert_null(sample.tags[3]);
    assert_string_equal(pair_find(sample.inputs, "x"), "1");
    assert_string_equal(pair_find(sample.inputs, "y"), "2");
    assert_null(pair_find(sample.inputs, "z"));
    assert_null(pair_find(NULL, "x"));
}

static void what_is_absent_stays_zero(void **state) {
    struct err *err = err_new(*state);
    struct sample sample;

    assert_true(reads(*state, "{}", &sample, err));
    assert_null(sample.title);
    assert_true(sample.number == 0);
    assert_false(sample.drill);
    assert_null(sample.tags);
    assert_null(sample.inputs);
}

static void empty_lists_are_lists(void **state) {
    struct err *err = err_new(*state);
    struct sample sample;

    assert_true(reads(*state, "{\"tags\":[],\"inputs\":{},\"drill\":false}", &sample, err));
    assert_non_null(sample.tags);
    assert_null(sample.tags[0]);
    assert_non_null(sample.inputs);
    assert_null(sample.inputs[0].key);
}

static void unknown_keys_are_passed_over(void **state) {
    struct err *err = err_new(*state);
    struct sample sample;

    assert_true(reads(
        *state, "{\"new\":[{\"title\":\"inner\"}],\"title\":\"t\",\"Title\":null,\"newer\":1}",
        &sample, err));
    assert_string_equal(sample.title, "t");
}

static void other_types_and_shapes_are_damage(void **state) {
    static const char *const cases[] = {
        "",
        "[]",
        "null",
        "\"title\"",
        "{\"title\":1}",
        "{\"title\":null}",
        "{\"title\":[\"x\"]}",
        "{\"number\":\"1\"}",
        "{\"number\":1.5}",
        "{\"number\":1e3}",
        "{\"number\":9007199254740993}",
        "{\"number\":true}",
        "{\"drill\":1}",
        "{\"drill\":\"true\"}",
        "{\"drill\":null}",
        "{\"tags\":\"a\"}",
        "{\"tags\":{}}",
        "{\"tags\":[1]}",
        "{\"tags\":[[\"a\"]]}",
        "{\"tags\":[\"a\",null]}",
        "{\"tags\":[\"a\"",
        "{\"tags\":[\"a\",]}",
        "{\"inputs\":[]}",
        "{\"inputs\":{\"a\":1}}",
        "{\"inputs\":{\"a\":{}}}",
        "{\"inputs\":{\"a\":\"1\",\"a\":\"2\"}}",
        "{\"inputs\":{\"a\":\"1\"",
        "{\"title\":\"a\",\"title\":\"b\"}",
        "{\"other\":1,\"other\":2}",
        "{\"title\":\"a\"} x",
        "{\"title\":\"a\"}{}",
        "{\"title\":\"a\"",
        "{\"other\":[}",
        "{\"title\":\"\\u0000\"}",
    };
    struct err *err = err_new(*state);
    struct sample sample;

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        size_t blocks = talloc_total_blocks(*state);
        void *parent = talloc_new(*state);
        err_clear(err);
        if (reads(parent, cases[i], &sample, err)) {
            fail_msg("took %s", cases[i]);
        }
        assert_int_equal(err->code, ERR_DAMAGED);
        assert_int_equal(talloc_total_blocks(parent), 1);
        err_clear(err);
        talloc_free(parent);
        assert_int_equal(talloc_total_blocks(*state), blocks);
    }
}

static void a_damaged_field_is_named(void **state) {
    struct err *err = err_new(*state);
    struct sample sample;

    assert_false(reads(*state, "{\"number\":1.5}", &sample, err));
    assert_string_equal(err_sentence(err, err),
                        "not what this field takes: \"number\" is a whole number within 2^53");
    assert_false(reads(*state, "{\"tags\":[\"a\"", &sample, err));
    assert_string_equal(err_sentence(err, err),
                        "not valid JSON: the document ends too early, at byte 12");
}

static void a_flat_record_costs_one_allocation(void **state) {
    struct err *err = err_new(*state);
    struct sample sample;
    size_t blocks = talloc_total_blocks(*state);

    assert_true(reads(*state, "{\"title\":\"a\",\"number\":1,\"service\":\"b\"}", &sample, err));
    assert_int_equal(talloc_total_blocks(*state), blocks + 1);
}

/* Lists of every length around the places where their room grows. */
static void lists_of_any_length_come_back(void **state) {
    for (unsigned length = 0; length <= 40; length++) {
        void *scratch = talloc_new(*state);
        const char **tags = talloc_zero_array(scratch, const char *, length + 1);
        struct pair *inputs = talloc_zero_array(scratch, struct pair, length + 1);
        struct sample sample;
        for (size_t i = 0; i < length; i++) {
            tags[i] = talloc_asprintf(scratch, "tag %zu", i);
            inputs[i] = (struct pair){tags[i], "v"};
        }
        const char *json = written(scratch, &(struct sample){.tags = tags, .inputs = inputs});
        assert_true(reads(scratch, json, &sample, err_new(scratch)));
        assert_string_equal(written(scratch, &sample), json);
        talloc_free(scratch);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_members_are_not_written),
        cmocka_unit_test(members_are_written_in_order),
        cmocka_unit_test(a_record_may_be_a_member),
        cmocka_unit_test(members_are_read),
        cmocka_unit_test(what_is_absent_stays_zero),
        cmocka_unit_test(empty_lists_are_lists),
        cmocka_unit_test(unknown_keys_are_passed_over),
        cmocka_unit_test(other_types_and_shapes_are_damage),
        cmocka_unit_test(a_damaged_field_is_named),
        cmocka_unit_test(a_flat_record_costs_one_allocation),
        cmocka_unit_test(lists_of_any_length_come_back),
    };

    return cmocka_run_group_tests_name("record", tests, make_context, free_context);
}
