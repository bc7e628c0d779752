#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

/* Documents with a NUL inside need their length counted, not measured. */
#define DOCUMENT(text) text, sizeof(text) - 1

struct document {
    const char *text;
    size_t length;
};

static int make_context(void **state) {
    *state = talloc_new(NULL);
    return 0;
}

static int free_context(void **state) {
    talloc_free(*state);
    return 0;
}

/* A copy with nothing after its last byte, so that reading past it is seen by the sanitizer. */
static bool is_valid(const char *text, size_t length, struct err *err) {
    char *exact = talloc_memdup(NULL, text, length + (length == 0));
    bool valid = json_valid(exact, length, err);

    talloc_free(exact);
    return valid;
}

static const struct document accepted[] = {
    {DOCUMENT("{}")},
    {DOCUMENT("[]")},
    {DOCUMENT("null")},
    {DOCUMENT(" \t\r\n true \n")},
    {DOCUMENT("\"\"")},
    {DOCUMENT("0")},
    {DOCUMENT("-0")},
    {DOCUMENT("-0.0e-0")},
    {DOCUMENT("1E+400")},
    {DOCUMENT("9007199254740993")},
    {DOCUMENT("[1,-2.5,3e8,\"x\",true,false,null,{},[]]")},
    {DOCUMENT("{\"a\":1,\"A\":2,\"\":3}")},
    {DOCUMENT("{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}")},
    {DOCUMENT("[{\"a\":1},{\"a\":1}]")},
    {DOCUMENT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\ud83d\\ude00\"")},
    {DOCUMENT("\"\x7f\"")},
    {DOCUMENT("\"\u00e9\u20ac\U0001F600\"")},
    {DOCUMENT("\"\\uFFFF\\u0001\"")},
};

static const struct document refused[] = {
    /* nothing, or not enough */
    {DOCUMENT("")},
    {DOCUMENT("   ")},
    {DOCUMENT("{")},
    {DOCUMENT("[")},
    {DOCUMENT("[1")},
    {DOCUMENT("[1,")},
    {DOCUMENT("{\"a\"")},
    {DOCUMENT("{\"a\":")},
    {DOCUMENT("{\"a\":1")},
    {DOCUMENT("{\"a\":1,")},
    {DOCUMENT("\"abc")},
    {DOCUMENT("\"abc\\")},
    {DOCUMENT("\"abc\\u12")},
    {DOCUMENT("tru")},
    /* too much */
    {DOCUMENT("{} {}")},
    {DOCUMENT("1 2")},
    {DOCUMENT("null,")},
    {DOCUMENT("[]]")},
    {DOCUMENT("{}\0")},
    {DOCUMENT("truex")},
    {DOCUMENT("nullnull")},
    /* other grammars */
    {DOCUMENT("[1,]")},
    {DOCUMENT("[,1]")},
    {DOCUMENT("[1 2]")},
    {DOCUMENT("{\"a\":1,}")},
    {DOCUMENT("{,}")},
    {DOCUMENT("{a:1}")},
    {DOCUMENT("{'a':1}")},
    {DOCUMENT("{1:1}")},
    {DOCUMENT("{\"a\" 1}")},
    {DOCUMENT("{\"a\":1 \"b\":2}")},
    {DOCUMENT("{\"a\"}")},
    {DOCUMENT("{\"a\":}")},
    {DOCUMENT("[1}")},
    {DOCUMENT("{\"a\":1]")},
    {DOCUMENT("[/**/]")},
    {DOCUMENT("//x\n1")},
    {DOCUMENT("True")},
    {DOCUMENT("NaN")},
    {DOCUMENT("Infinity")},
    {DOCUMENT("undefined")},
    {DOCUMENT("\xEF\xBB\xBF{}")}, /* a byte order mark */
    {DOCUMENT("\v1")},
    {DOCUMENT("\u00a0 1")},
    /* numbers */
    {DOCUMENT("01")},
    {DOCUMENT("-01")},
    {DOCUMENT("00")},
    {DOCUMENT("+1")},
    {DOCUMENT("-")},
    {DOCUMENT("--1")},
    {DOCUMENT("1.")},
    {DOCUMENT(".5")},
    {DOCUMENT("1.e3")},
    {DOCUMENT("1e")},
    {DOCUMENT("1e+")},
    {DOCUMENT("1e1.5")},
    {DOCUMENT("0x1")},
    {DOCUMENT("1_0")},
    {DOCUMENT("1\0")},
    {DOCUMENT("-\0")},
    /* strings */
    {DOCUMENT("\"a\nb\"")},
    {DOCUMENT("\"a\tb\"")},
    {DOCUMENT("\"a\0b\"")},
    {DOCUMENT("\"\x1f\"")},
    {DOCUMENT("\"\\x41\"")},
    {DOCUMENT("\"\\0\"")},
    {DOCUMENT("\"\\\0\"")},
    {DOCUMENT("\"\\U0041\"")},
    {DOCUMENT("\"\\u00g0\"")},
    {DOCUMENT("\"\\u\"")},
    {DOCUMENT("\"\\u0000\"")},
    {DOCUMENT("\"\\ud83d\"")},
    {DOCUMENT("\"\\ud83dx\"")},
    {DOCUMENT("\"\\ud83d\\n\"")},
    {DOCUMENT("\"\\ud83d\\u0041\"")},
    {DOCUMENT("\"\\ud83d\\ud83d\"")},
    {DOCUMENT("\"\\ude00\"")},
    {DOCUMENT("\"\\ude00\\ud83d\"")},
    /* bytes */
    {DOCUMENT("\"\x80\"")},
    {DOCUMENT("\"\xC0\xAF\"")},
    {DOCUMENT("\"\xE0\x80\xAF\"")},
    {DOCUMENT("\"\xED\xA0\x80\"")},
    {DOCUMENT("\"\xF4\x90\x80\x80\"")},
    {DOCUMENT("\"\xF0\x9F\x98\"")},
    {DOCUMENT("\"\xE2\x82")},
    {DOCUMENT("{\"\xFF\":1}")},
    /* keys that come twice, however they are written */
    {DOCUMENT("{\"a\":1,\"a\":1}")},
    {DOCUMENT("{\"a\":1,\"b\":2,\"a\":3}")},
    {DOCUMENT("{\"a\":1,\"\\u0061\":2}")},
    {DOCUMENT("{\"\":1,\"\":2}")},
    {DOCUMENT("{\"a\":{\"b\":1,\"c\":2},\"a\":3}")},
    {DOCUMENT("[{\"x\":{\"b\":1,\"b\":2}}]")},
    {DOCUMENT("{\"twelve bytes\":1,\"twelve bytes\":2}")},
};

static void documents_are_accepted(void **state) {
    struct err *err = err_new(*state);

    for (size_t i = 0; i < ARRAY_SIZE(accepted); i++) {
        if (!is_valid(accepted[i].text, accepted[i].length, err)) {
            fail_msg("refused %s: %s", accepted[i].text, err_sentence(err, err));
        }
    }
}

static void documents_are_refused(void **state) {
    struct err *err = err_new(*state);

    for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
        err_clear(err);
        if (is_valid(refused[i].text, refused[i].length, err)) {
            fail_msg("took %s", refused[i].text);
        }
        assert_int_equal(err->code, ERR_DAMAGED);
        assert_non_null(strstr(err->on, "at byte"));
    }
}

/* No document that is cut short is a document, but for numbers and white space at the end. */
static void a_cut_document_is_none(void **state) {
    static const char whole[] = "{\"name\":[1.5e3,\"\\u00e9\\ud83d\\ude00\u20ac\",true,null,{}]}";
    struct err *err = err_new(*state);

    assert_true(is_valid(whole, sizeof(whole) - 1, err));
    for (size_t length = 0; length < sizeof(whole) - 1; length++) {
        assert_false(is_valid(whole, length, err));
    }
}

static char *repeated(const void *parent, const char *start, const char *part, size_t count,
                      const char *end) {
    char *text = talloc_strdup(parent, start);

    for (size_t i = 0; i < count; i++) {
        text = talloc_strdup_append_buffer(text, part);
    }
    return talloc_strdup_append_buffer(text, end);
}

static bool nests(const void *parent, const char *open, const char *inside, const char *close,
                  size_t depth) {
    struct err *err = err_new(parent);
    char *ends = repeated(parent, "", close, depth, "");
    char *text = repeated(parent, "", open, depth, inside);

    text = talloc_strdup_append_buffer(text, ends);
    return json_valid(text, strlen(text), err);
}

static void depth_has_its_limit(void **state) {
    assert_true(nests(*state, "[", "", "]", JSON_MAX_DEPTH));
    assert_false(nests(*state, "[", "", "]", JSON_MAX_DEPTH + 1));
    assert_true(nests(*state, "{\"a\":", "1", "}", JSON_MAX_DEPTH));
    assert_false(nests(*state, "{\"a\":", "1", "}", JSON_MAX_DEPTH + 1));
    assert_true(nests(*state, "[{\"a\":", "1", "}]", JSON_MAX_DEPTH / 2));
    assert_false(nests(*state, "[{\"a\":", "1", "}]", 100000));
}

static void tokens_have_their_limit(void **state) {
    struct err *err = err_new(*state);
    /* The array's own two, and one for each item. */
    char *most = repeated(*state, "[0", ",0", JSON_MAX_TOKENS - 3, "]");
    char *more = repeated(*state, "[0", ",0", JSON_MAX_TOKENS - 2, "]");

    assert_true(json_valid(most, strlen(most), err));
    assert_false(json_valid(more, strlen(more), err));
}

static void bytes_have_their_limit(void **state) {
    struct err *err = err_new(*state);
    size_t length = JSON_MAX_BYTES;
    char *text = talloc_size(*state, length + 1);

    memset(text, ' ', length + 1);
    text[length - 1] = '1';
    assert_true(json_valid(text, length, err));
    assert_false(json_valid(text, length + 1, err));
    assert_int_equal(err->code, ERR_DAMAGED);
}

/* More keys than the reader's own room: it grows twice on the way. */
static char *many_keys(const void *parent, size_t count, size_t last) {
    char *text = talloc_strdup(parent, "{");

    for (size_t i = 0; i < count; i++) {
        text = talloc_asprintf_append_buffer(text, "\"key number %zu\":%zu,", i, i);
    }
    return talloc_asprintf_append_buffer(text, "\"key number %zu\":1}", last);
}

static void keys_are_told_apart_among_many(void **state) {
    struct err *err = err_new(*state);
    char *different = many_keys(*state, 1000, 1000);
    static const size_t twice[] = {0, 1, 23, 24, 25, 96, 500, 999};

    assert_true(json_valid(different, strlen(different), err));
    for (size_t i = 0; i < ARRAY_SIZE(twice); i++) {
        char *same = many_keys(*state, 1000, twice[i]);
        assert_false(json_valid(same, strlen(same), err));
    }
}

static void expect(struct json_reader *reader, enum json_kind kind, const char *text) {
    struct err *err = err_new(NULL);
    struct json_token token;

    if (!json_next(reader, &token, err)) {
        fail_msg("%s", err_sentence(err, err));
    }
    assert_int_equal(token.kind, kind);
    if (text != NULL) {
        assert_string_equal(token.text, text);
        assert_int_equal(token.length, strlen(text));
    }
    talloc_free(err);
}

static void tokens_come_in_order(void **state) {
    static const char text[] =
        " {\"a\" : [1, -2.5e+3 ,\"\"],\"b\\n\":{\"c\":true},\"d\":false,\"e\":null} ";
    struct json_reader *reader = json_reader_new(*state, text, sizeof(text) - 1);

    expect(reader, JSON_OBJECT, NULL);
    expect(reader, JSON_KEY, "a");
    expect(reader, JSON_ARRAY, NULL);
    expect(reader, JSON_NUMBER, "1");
    expect(reader, JSON_NUMBER, "-2.5e+3");
    expect(reader, JSON_STRING, "");
    expect(reader, JSON_ARRAY_END, NULL);
    expect(reader, JSON_KEY, "b\n");
    expect(reader, JSON_OBJECT, NULL);
    expect(reader, JSON_KEY, "c");
    expect(reader, JSON_TRUE, NULL);
    expect(reader, JSON_OBJECT_END, NULL);
    expect(reader, JSON_KEY, "d");
    expect(reader, JSON_FALSE, NULL);
    expect(reader, JSON_KEY, "e");
    expect(reader, JSON_NULL, NULL);
    expect(reader, JSON_OBJECT_END, NULL);
    expect(reader, JSON_END, NULL);
    expect(reader, JSON_END, NULL);
}

static void strings_are_decoded(void **state) {
    static const char text[] =
        "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u0041\\u00e9\\u20AC\\uD83D\\uDE00\","
        "\"plain text of more than eight bytes, then \\u00fc and \u00fc\"]";
    struct json_reader *reader = json_reader_new(*state, text, sizeof(text) - 1);

    expect(reader, JSON_ARRAY, NULL);
    expect(reader, JSON_STRING, "\"\\/\b\f\n\r\t");
    expect(reader, JSON_STRING, "A\u00e9\u20ac\U0001F600");
    expect(reader, JSON_STRING, "plain text of more than eight bytes, then \u00fc and \u00fc");
    expect(reader, JSON_ARRAY_END, NULL);
}

/* Eight bytes are looked at together: every unfit byte must be seen at every place among them. */
static void every_place_in_a_word_is_looked_at(void **state) {
    static const char unfit[] = {'\0', '\n', 0x1F, '\x80', '\xFF', '"', '\\'};
    struct err *err = err_new(*state);
    char text[] = "\"abcdefghijklmnopqrstuvw\"";

    assert_true(is_valid(text, sizeof(text) - 1, err));
    for (size_t at = 1; at < sizeof(text) - 3; at++) {
        char kept = text[at];
        for (size_t i = 0; i < sizeof(unfit); i++) {
            text[at] = unfit[i];
            if (text[at] == '\\' && strchr("bfnrt", text[at + 1]) != NULL) {
                continue;
            }
            assert_false(is_valid(text, sizeof(text) - 1, err));
        }
        text[at] = kept;
    }
}

static void a_failure_stays(void **state) {
    struct json_reader *reader = json_reader_new(*state, "[1,x,2]", 7);
    struct err *err = err_new(*state);
    struct json_token token;

    expect(reader, JSON_ARRAY, NULL);
    expect(reader, JSON_NUMBER, "1");
    for (int i = 0; i < 3; i++) {
        err_clear(err);
        assert_false(json_next(reader, &token, err));
        assert_string_equal(err_sentence(err, err),
                            "not valid JSON: a value was expected, at byte 3");
    }
}

static void what_follows_the_document_is_named(void **state) {
    struct err *err = err_new(*state);

    assert_false(json_valid("{} x", 4, err));
    assert_string_equal(err_sentence(err, err),
                        "not valid JSON: more text after the document, at byte 3");
}

static void values_are_passed_over(void **state) {
    static const char text[] = "{\"a\":[1,{\"b\":[]}],\"c\": {\"d\":[2]} ,\"e\":-3,\"f\":4}";
    struct json_reader *reader = json_reader_new(*state, text, sizeof(text) - 1);
    struct err *err = err_new(*state);
    const char *bytes;
    size_t length;

    expect(reader, JSON_OBJECT, NULL);
    expect(reader, JSON_KEY, "a");
    assert_true(json_skip(reader, err));
    expect(reader, JSON_KEY, "c");
    assert_true(json_skip_raw(reader, &bytes, &length, err));
    assert_int_equal(length, strlen("{\"d\":[2]}"));
    assert_memory_equal(bytes, "{\"d\":[2]}", length);
    expect(reader, JSON_KEY, "e");
    assert_true(json_skip_raw(reader, &bytes, &length, err));
    assert_int_equal(length, 2);
    assert_memory_equal(bytes, "-3", 2);
    expect(reader, JSON_KEY, "f");
    expect(reader, JSON_NUMBER, "4");
    expect(reader, JSON_OBJECT_END, NULL);
    expect(reader, JSON_END, NULL);
}

static void what_is_passed_over_must_be_valid(void **state) {
    static const char text[] = "{\"a\":[{\"b\":1,\"b\":2}]}";
    struct json_reader *reader = json_reader_new(*state, text, sizeof(text) - 1);
    struct err *err = err_new(*state);

    expect(reader, JSON_OBJECT, NULL);
    expect(reader, JSON_KEY, "a");
    assert_false(json_skip(reader, err));
    assert_int_equal(err->code, ERR_DAMAGED);
}

static void integers_are_whole_and_exact(void **state) {
    static const struct {
        const char *text;
        bool taken;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"-17", true, -17},
        {"9007199254740992", true, INT64_C(9007199254740992)},
        {"-9007199254740992", true, INT64_C(-9007199254740992)},
        {"9007199254740993", false, 0},
        {"-9007199254740993", false, 0},
        {"18446744073709551617", false, 0},
        {"1.0", false, 0},
        {"1e2", false, 0},
        {"\"1\"", false, 0},
        {"true", false, 0},
    };
    struct err *err = err_new(*state);

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct json_reader *reader = json_reader_new(*state, cases[i].text, strlen(cases[i].text));
        struct json_token token;
        int64_t value = 0;
        assert_true(json_next(reader, &token, err));
        assert_int_equal(json_integer(&token, &value), cases[i].taken);
        assert_true(value == cases[i].value);
    }
}

static void values_are_written(void **state) {
    struct json_writer *writer = json_writer_new(*state);

    assert_string_equal(json_text(writer), "");
    json_open_object(writer, NULL);
    json_string(writer, "a", "x");
    json_string(writer, "b", NULL);
    json_open_array(writer, "c");
    json_number(writer, NULL, INT64_MIN);
    json_number(writer, NULL, 0);
    json_open_object(writer, NULL);
    json_close_object(writer);
    json_open_array(writer, NULL);
    json_close_array(writer);
    json_flag(writer, NULL, true);
    json_close_array(writer);
    json_open_object(writer, "d");
    json_flag(writer, "e", false);
    json_close_object(writer);
    json_raw(writer, "f", "[1,2]");
    json_string(writer, "g{[:", "{");
    json_string(writer, "h", "[:");
    json_close_object(writer);
    assert_string_equal(json_text(writer),
                        "{\"a\":\"x\",\"b\":null,\"c\":[-9223372036854775808,0,{},[],true],"
                        "\"d\":{\"e\":false},\"f\":[1,2],\"g{[:\":\"{\",\"h\":\"[:\"}");
    assert_int_equal(json_length(writer), strlen(json_text(writer)));
}

static void strings_are_escaped(void **state) {
    struct json_writer *writer = json_writer_new(*state);

    json_string(writer, NULL,
                "\"\\/\b\f\n\r\t\x01\x1f\x7f\xC2\x85\xC2\x9F\u00a0\u202e\xff\xe2\x82z");
    assert_string_equal(json_text(writer),
                        "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\\u0085\\u009f\u00a0\u202e"
                        "\uFFFD\uFFFDz\"");
}

/* --- what is written is read back, whatever it is ------------------------------------------- */

#define LOG_MAX 4000

/* What was written, as the tokens that must come back. */
struct script {
    struct json_token expected[LOG_MAX];
    size_t count;
};

static void note(struct script *script, enum json_kind kind, const char *text) {
    assert_true(script->count < LOG_MAX);
    script->expected[script->count++] = (struct json_token){.kind = kind, .text = text};
}

static const char *some_string(const void *parent, struct random *random, const char *prefix) {
    static const char *const parts[] = {
        "a",      "eight by", "\"",     "\\", "\n",     "\x01",       "\x7f",     "\xC2\x85",
        "\u00e9", "\u20ac",   "\u202e", "/",  "\uFFFF", "\U0001F600", "</script>"};
    char *text = talloc_strdup(parent, prefix);

    for (size_t left = random_below(random, 12); left > 0; left--) {
        text = talloc_strdup_append_buffer(text, parts[random_below(random, ARRAY_SIZE(parts))]);
    }
    return text;
}

static void write_some(const void *parent, struct random *random, struct json_writer *writer,
                       struct script *script, const char *key, int depth);

static void write_container(const void *parent, struct random *random, struct json_writer *writer,
                            struct script *script, const char *key, int depth) {
    bool object = random_below(random, 2) == 0;

    note(script, object ? JSON_OBJECT : JSON_ARRAY, NULL);
    (object ? json_open_object : json_open_array)(writer, key);
    for (size_t left = random_below(random, 6); left > 0; left--) {
        const char *inner = NULL;
        if (object) {
            char number[24]; /* makes the key the only one of its name */
            snprintf(number, sizeof(number), "%zu", left);
            inner = some_string(parent, random, number);
            note(script, JSON_KEY, inner);
        }
        write_some(parent, random, writer, script, inner, depth + 1);
    }
    note(script, object ? JSON_OBJECT_END : JSON_ARRAY_END, NULL);
    (object ? json_close_object : json_close_array)(writer);
}

static void write_some(const void *parent, struct random *random, struct json_writer *writer,
                       struct script *script, const char *key, int depth) {
    size_t choice = random_below(random, depth < 6 ? 8 : 4);
    int64_t number = (int64_t)random_next(random) >> random_below(random, 64);

    if (choice == 0) {
        note(script, JSON_NUMBER, talloc_asprintf(parent, "%jd", (intmax_t)number));
        json_number(writer, key, number);
    } else if (choice == 1) {
        note(script, number > 0 ? JSON_TRUE : JSON_FALSE, NULL);
        json_flag(writer, key, number > 0);
    } else if (choice == 2) {
        note(script, JSON_NULL, NULL);
        json_string(writer, key, NULL);
    } else if (choice == 3) {
        const char *text = some_string(parent, random, "");
        note(script, JSON_STRING, text);
        json_string(writer, key, text);
    } else {
        write_container(parent, random, writer, script, key, depth);
    }
}

static void what_is_written_is_read_back(void **state) {
    struct script *script = talloc(*state, struct script);

    for (uint64_t seed = 1; seed <= 1000; seed++) {
        void *scratch = talloc_new(*state);
        struct random random = {seed};
        struct json_writer *writer = json_writer_new(scratch);
        script->count = 0;
        write_some(scratch, &random, writer, script, NULL, 0);
        struct json_reader *reader =
            json_reader_new(scratch, json_text(writer), json_length(writer));
        for (size_t i = 0; i < script->count; i++) {
            expect(reader, script->expected[i].kind, script->expected[i].text);
        }
        expect(reader, JSON_END, NULL);
        talloc_free(scratch);
    }
}

/* Nothing is known about the answer but that there is one, and that reading stays in bounds. */
static void damaged_documents_do_no_harm(void **state) {
    struct random random = {41};
    struct err *err = err_new(*state);
    int accepted_count = 0;

    for (int turn = 0; turn < 20000; turn++) {
        const struct document *from = &accepted[random_below(&random, ARRAY_SIZE(accepted))];
        char *text = talloc_memdup(NULL, from->text, from->length);
        for (size_t hits = random_below(&random, 3) + 1; hits > 0; hits--) {
            text[random_below(&random, from->length)] = (char)random_next(&random);
        }
        accepted_count += is_valid(text, from->length, err);
        talloc_free(text);
    }
    assert_true(accepted_count > 0 && accepted_count < 20000);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_accepted),
        cmocka_unit_test(documents_are_refused),
        cmocka_unit_test(a_cut_document_is_none),
        cmocka_unit_test(depth_has_its_limit),
        cmocka_unit_test(tokens_have_their_limit),
        cmocka_unit_test(bytes_have_their_limit),
        cmocka_unit_test(keys_are_told_apart_among_many),
        cmocka_unit_test(tokens_come_in_order),
        cmocka_unit_test(strings_are_decoded),
        cmocka_unit_test(every_place_in_a_word_is_looked_at),
        cmocka_unit_test(a_failure_stays),
        cmocka_unit_test(what_follows_the_document_is_named),
        cmocka_unit_test(values_are_passed_over),
        cmocka_unit_test(what_is_passed_over_must_be_valid),
        cmocka_unit_test(integers_are_whole_and_exact),
        cmocka_unit_test(values_are_written),
        cmocka_unit_test(strings_are_escaped),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(damaged_documents_do_no_harm),
    };

    return cmocka_run_group_tests_name("json", tests, make_context, free_context);
}
