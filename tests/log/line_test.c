/* DESIGN §3: "export writes NDJSON, import reads it into an empty store to the identical chain":
 * what is read back from a line is what was written, byte for byte. */
#include "config.h"

#include "tests/log/fixture.h"

#include "base/array.h"
#include "base/json.h"
#include "log/chain.h"
#include "log/line.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

static struct event some_event(struct fixture *fixture) {
    struct event event = fixture_event(fixture, 41, "note.added", "{\"text\":\"a\"}");
    event.seq = 7;
    event.part = 2;
    event.hash = digest_sha256("x", 1);
    return event;
}

static struct line decode(struct fixture *fixture, const char *text) {
    struct line line;
    fixture_ok(fixture, line_decode(fixture, text, strlen(text), &line, fixture->err));
    return line;
}

static void assert_same(const struct event *a, const struct event *b) {
    assert_true(a->seq == b->seq && a->part == b->part && a->incident == b->incident);
    assert_true(a->at_ms == b->at_ms);
    assert_string_equal(a->command, b->command);
    assert_string_equal(a->actor, b->actor);
    assert_string_equal(a->via, b->via);
    assert_string_equal(a->kind, b->kind);
    assert_string_equal(a->body, b->body);
    assert_memory_equal(&a->request, &b->request, sizeof a->request);
    assert_memory_equal(&a->hash, &b->hash, sizeof a->hash);
}

/* ---- as it is written ------------------------------------------------------------------------ */

#define ZEROS       "0000000000000000000000000000000000000000000000000000000000000000"
#define BLAKE2B_ABC "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"
#define STORE       "019a7d3c-1e00-7000-8000-000000000002"
#define COLUMNS                                                                                    \
    "\"seq\":7,\"command\":\"c\",\"part\":0,\"request\":\"" ZEROS "\",\"incident\":41,"            \
    "\"at\":1794492543210,\"actor\":\"bo\",\"via\":\"line\",\"kind\":\"note.added\","              \
    "\"body\":{\"text\":\"größer\"},\"hash\":\"" ZEROS "\"}"

static const struct event written = {
    .seq = 7,
    .command = "c",
    .incident = 41,
    .at_ms = 1794492543210,
    .actor = "bo",
    .via = "line",
    .kind = "note.added",
    .body = "{\"text\":\"größer\"}",
};

static void writes_every_column_in_order(void **state) {
    struct fixture *fixture = *state;
    assert_string_equal(line_encode(fixture, &written), "{" COLUMNS);
}

static void marks_what_is_carried(void **state) {
    struct fixture *fixture = *state;
    static const struct digest before = {{1}};
    char *text = line_encode_carried(fixture, &written, &before);
    size_t columns = strlen(COLUMNS) - 1;
    assert_memory_equal(text, "{\"carried\":true," COLUMNS, 16 + columns);
    assert_memory_equal(text + 16 + columns, ",\"before\":\"0100", 14);
    struct line line = decode(fixture, text);
    assert_int_equal(line.kind, LINE_CARRIED);
    assert_same(&line.event, &written);
    assert_memory_equal(&line.before, &before, sizeof before);
    assert_false(line.older);
}

static void says_what_a_base_is(void **state) {
    struct fixture *fixture = *state;
    struct log_head head = {.store = STORE, .seq = 12};
    char *text = line_encode_base(fixture, &head, "abc", 3);
    assert_string_equal(text, "{\"store\":\"" STORE "\",\"seq\":12,\"hash\":\"" ZEROS
                              "\",\"carried_bytes\":3,\"carried_hash\":\"" BLAKE2B_ABC "\"}");
    struct line line = decode(fixture, text);
    assert_int_equal(line.kind, LINE_BASE);
    assert_memory_equal(&line.head, &head, sizeof head);
    assert_int_equal(line.carried_bytes, 3);
    assert_false(line.older);
    assert_string_equal(line_exact(fixture, &line), text);
    text = line_encode_base(fixture, &head, NULL, 0);
    assert_string_equal(text, "{\"store\":\"" STORE "\",\"seq\":12,\"hash\":\"" ZEROS
                              "\",\"carried_bytes\":0}");
    assert_false(decode(fixture, text).older);
}

/* What was written before carried lines were proved reads, and is told from what is. */
static void knows_the_older_form(void **state) {
    struct fixture *fixture = *state;
    static const char *const texts[] = {
        "{\"store\":\"" STORE "\",\"seq\":12,\"hash\":\"" ZEROS "\",\"carried_bytes\":345}",
        "{\"carried\":true," COLUMNS,
    };
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        struct line line = decode(fixture, texts[i]);
        assert_true(line.older);
        assert_string_equal(line_exact(fixture, &line), texts[i]);
    }
}

/* ---- and back -------------------------------------------------------------------------------- */

static char *nested(const void *parent, int depth) {
    char *text = talloc_strdup(parent, "1");
    while (depth-- > 0)
        text = talloc_asprintf(parent, "{\"a\":%s}", text);
    return text;
}

static char *many(const void *parent, int count) {
    char *text = talloc_strdup(parent, "{\"list\":[0");
    while (count-- > 1)
        text = talloc_strdup_append_buffer(text, ",0");
    return talloc_strdup_append_buffer(text, "]}");
}

static void comes_back(struct fixture *fixture, const char *body) {
    struct digest before = digest_sha256(body, 1);
    struct event event = some_event(fixture);
    event.body = body;
    event.hash = chain_hash(&before, &event);
    char *text = line_encode(fixture, &event);
    assert_null(strchr(text, '\n'));
    struct line line = decode(fixture, text);
    assert_int_equal(line.kind, LINE_EVENT);
    assert_same(&line.event, &event);
    struct digest hash = chain_hash(&before, &line.event);
    assert_memory_equal(&hash, &event.hash, sizeof hash);
}

static void brings_any_body_back(void **state) {
    struct fixture *fixture = *state;
    static const char *const bodies[] = {
        "{}",
        "{\"a\":1.50,\"b\":[1,{\"c\":null}],\"d\":\"\\u0041\\/\"}",
        "{ \"a\" : 1 }",
        " {\"a\":1}",
        "{\"a\":1} ",
        "{\n}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1",
        "{}{}",
        "[]",
        "1",
        "null",
        "",
        "\"quoted\"",
        "a\tb\nc\"d\\e\x7f",
        "\xc2\x9b"
        "31m",
        "{\"text\":\"\xe2\x80\xae"
        "live\"}",
    };
    for (size_t i = 0; i < ARRAY_SIZE(bodies); i++)
        comes_back(fixture, bodies[i]);
    for (int depth = JSON_MAX_DEPTH - 3; depth < JSON_MAX_DEPTH + 3; depth++)
        comes_back(fixture, nested(fixture, depth));
    for (int left = 0; left < 100; left++)
        comes_back(fixture, many(fixture, JSON_MAX_TOKENS - left));
}

/* Bytes that JSON, UTF-8 and lines are made of, in an order that chance makes. */
static char *random_body(const void *parent) {
    static const char *const pieces[] = {
        "{",  "}", "\"", ":", ",", "[",     "]",    "\\",      "\n",       " ",  "\t",
        "\r", "1", "a",  "ß", "✓", "\\u00", "\x01", "{\"a\":", "\"text\"", "{}", "true"};
    char *body = talloc_strdup(parent, random() % 2 ? "{" : "");
    for (long left = random() % 24; left > 0; left--)
        body = talloc_strdup_append(body, pieces[(size_t)random() % ARRAY_SIZE(pieces)]);
    return body;
}

static void brings_random_bodies_back(void **state) {
    struct fixture *fixture = *state;
    srandom(41);
    for (int i = 0; i < 20000; i++)
        comes_back(fixture, random_body(fixture));
}

static void brings_texts_and_numbers_back(void **state) {
    struct fixture *fixture = *state;
    struct event event = some_event(fixture);
    event.command = "fired/41/acknowledge/DUE/2";
    event.actor = "a\"b\\c\nd\xc2\x85";
    event.via = "";
    event.at_ms = -1;
    event.incident = INT64_C(1) << 53;
    struct line line = decode(fixture, line_encode(fixture, &event));
    assert_same(&line.event, &event);
}

/* ---- guessed --------------------------------------------------------------------------------- */

/* Whatever a guess takes for an event of ours is what is read there. */
static bool is_guessed(struct fixture *fixture, const char *text) {
    struct line line, guess;
    if (!line_guess(fixture, text, strlen(text), &guess))
        return false;
    fixture_ok(fixture, line_decode(fixture, text, strlen(text), &line, fixture->err));
    assert_int_equal(guess.kind, LINE_EVENT);
    assert_int_equal(line.kind, LINE_EVENT);
    assert_same(&guess.event, &line.event);
    return true;
}

static void guesses_what_it_writes(void **state) {
    struct fixture *fixture = *state;
    struct event event = some_event(fixture);
    assert_true(is_guessed(fixture, line_encode(fixture, &event)));
    assert_true(is_guessed(fixture, "{" COLUMNS));
    event.incident = 0;
    event.body = "{}";
    assert_true(is_guessed(fixture, line_encode(fixture, &event)));
    srandom(42);
    for (int i = 0; i < 20000; i++) {
        event.body = random_body(fixture);
        is_guessed(fixture, line_encode(fixture, &event));
    }
}

/* It doesn't guess at escapes, other letters, other numbers, other orders, other kinds. */
static void leaves_the_rest_to_reading(void **state) {
    struct fixture *fixture = *state;
    static const char *const texts[] = {"größer", "a\"b", "a\\b", "a\tb", "a\x7f"};
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        struct event event = some_event(fixture);
        event.actor = texts[i];
        assert_false(is_guessed(fixture, line_encode(fixture, &event)));
    }
    struct event event = some_event(fixture);
    struct log_head head = {.store = STORE, .seq = 12};
    assert_false(is_guessed(fixture, line_encode_carried(fixture, &event, &event.hash)));
    assert_false(is_guessed(fixture, line_encode_base(fixture, &head, NULL, 0)));
    event.at_ms = -1;
    assert_false(is_guessed(fixture, line_encode(fixture, &event)));
    event.at_ms = INT64_C(1) << 53;
    assert_false(is_guessed(fixture, line_encode(fixture, &event)));
    event.body = "no object";
    assert_false(is_guessed(fixture, line_encode(fixture, &event)));
    static const char *const lines[] = {
        "", "{", "{}", "{ " COLUMNS, "{" COLUMNS " ", "{" COLUMNS "}"};
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
        assert_false(is_guessed(fixture, lines[i]));
}

/* However a line is cut, no byte beyond it is looked at (under ASan). */
static void guesses_within_the_line(void **state) {
    struct fixture *fixture = *state;
    static const char text[] = "{" COLUMNS;
    for (size_t length = 0; length < sizeof text - 1; length++) {
        struct line line;
        char *cut = malloc(length + (length == 0));
        memcpy(cut, text, length);
        assert_false(line_guess(fixture, cut, length, &line));
        free(cut);
    }
}

static void passes_over_what_it_does_not_know(void **state) {
    struct fixture *fixture = *state;
    struct line line = decode(
        fixture, "{ \"later\" : {\"seq\":9}, \"hash\":\"" ZEROS "\", \"body\":\t\"x\","
                 "\"kind\":\"note.added\",\"via\":\"line\",\"actor\":\"bo\",\"at\":1794492543210,"
                 "\"incident\":41,\"request\":\"" ZEROS "\",\"part\":0,\"command\":\"c\","
                 "\"store\":\"y\",\"seq\":7,\"more\":[1,2]} ");
    struct event expected = written;
    expected.body = "x";
    assert_int_equal(line.kind, LINE_EVENT);
    assert_same(&line.event, &expected);
}

/* ---- what is refused ------------------------------------------------------------------------- */

/* The written line with one thing in the place of another. */
static const struct hostile {
    const char *instead_of, *stands, *says;
} hostile[] = {
    {"\"seq\":7", "\"seq\":\"7\"", "\"seq\" is not a whole number"},
    {"\"seq\":7", "\"seq\":7.0", "\"seq\" is not a whole number"},
    {"\"seq\":7", "\"seq\":-7", "\"seq\" is not a whole number"},
    {"\"seq\":7", "\"seq\":0", "\"seq\" is 0"},
    {"\"seq\":7", "\"seq\":07", "',' or '}' was expected"},
    {"\"seq\":7", "\"seq\":", "a value was expected"},
    {"\"seq\":7", "\"seq\":9007199254740993", "\"seq\" is not a whole number"},
    {"\"seq\":7", "\"seq\":7,\"seq\":8", "a key that its object has already, at byte"},
    {"\"seq\":7,", "", "it has no \"seq\""},
    {"\"seq\":7", "\"Seq\":7", "it has no \"seq\""},
    {"\"command\":\"c\"", "\"command\":null", "\"command\" is not a string"},
    {"\"part\":0", "\"part\":-1", "\"part\" is not"},
    {"\"part\":0", "\"part\":", "a value was expected"},
    {"\"request\":\"0", "\"request\":\"", "\"request\" is not 64 hex digits"},
    {"\"request\":\"0", "\"request\":\"g", "\"request\" is not 64 hex digits"},
    {"\"incident\":41", "\"incident\":true", "\"incident\" is not"},
    {"\"at\":1794492543210", "\"at\":1e3", "\"at\" is not"},
    {"\"actor\":\"bo\"", "\"actor\":[\"bo\"]", "\"actor\" is not a string"},
    {"\"bo\"", "\"b\\u0000o\"", "\\u0000 is not taken, at byte"},
    {"\"bo\"", "\"b\x01o\"", "a control byte in a string, at byte"},
    {"\"bo\"", "\"b\xffo\"", "bytes that are not UTF-8, at byte"},
    {"\"kind\":\"note.added\",", "", "it has no \"kind\""},
    {"{\"text\":\"größer\"}", "[]", "\"body\" is not an object or a string"},
    {"{\"text\":\"größer\"}", "7", "\"body\" is not an object or a string"},
    {"{\"text\":\"größer\"}", "{\"a\":1,\"a\":2}", "a key that its object has already"},
    {"{\"text\":\"größer\"}", "{\"a\":}", "a value was expected"},
    {"{\"text\":\"größer\"}", "", "a value was expected"},
    {"\"hash\":\"0", "\"hash\":\"", "\"hash\" is not 64 hex digits"},
    {"{\"seq\"", "{\"carried\":false,\"seq\"", "\"carried\" is not true"},
    {"{\"seq\"", "[\"seq\"", "it is no object"},
    {"{\"seq\"", "{\"seq\":7}{\"seq\"", "more text after the document"},
    {"0\"}", "0\"}x", "more text after the document"},
};

static char *replaced(struct fixture *fixture, const char *line, const struct hostile *row) {
    const char *at = strstr(line, row->instead_of);
    assert_non_null(at);
    return talloc_asprintf(fixture, "%.*s%s%s", (int)(at - line), line, row->stands,
                           at + strlen(row->instead_of));
}

static void is_refused(struct fixture *fixture, const char *text, const char *says) {
    struct line line;
    fixture_failed(fixture, line_decode(fixture, text, strlen(text), &line, fixture->err),
                   ERR_DAMAGED);
    if (!strstr(fixture->err->on, says))
        fail_msg("%s: says \"%s\", not \"%s\"", text, fixture->err->on, says);
    bool guessed = line_guess(fixture, text, strlen(text), &line);
    if (guessed && json_valid(line.event.body, strlen(line.event.body), fixture->err))
        fail_msg("%s: is guessed", text);
}

static void refuses_what_is_no_event(void **state) {
    struct fixture *fixture = *state;
    for (size_t i = 0; i < ARRAY_SIZE(hostile); i++)
        is_refused(fixture, replaced(fixture, "{" COLUMNS, &hostile[i]), hostile[i].says);
    is_refused(fixture, "", "ends too early");
    is_refused(fixture, "7", "it is no object");
    is_refused(fixture, "{}", "it has no \"seq\"");
    is_refused(fixture, "{\"store\":\"" STORE "\",\"seq\":1,\"hash\":\"" ZEROS "\"}",
               "it has no \"carried_bytes\"");
    is_refused(fixture,
               "{\"store\":\"short\",\"seq\":1,\"hash\":\"" ZEROS "\",\"carried_bytes\":0}",
               "\"store\" is not the id of a store");
}

static void refuses_every_cut(void **state) {
    struct fixture *fixture = *state;
    static const char text[] = "{" COLUMNS;
    for (size_t length = 0; length < sizeof text - 1; length++) {
        struct line line;
        char *cut = talloc_strndup(fixture, text, length); /* so that a byte too far is seen */
        fixture_failed(fixture, line_decode(fixture, cut, length, &line, fixture->err),
                       ERR_DAMAGED);
        talloc_free(cut);
    }
}

static void refuses_what_is_too_long(void **state) {
    struct fixture *fixture = *state;
    struct line line;
    fixture_failed(fixture, line_decode(fixture, "{", JSON_MAX_BYTES + 1, &line, fixture->err),
                   ERR_DAMAGED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(writes_every_column_in_order),
        fixture_test(marks_what_is_carried),
        fixture_test(says_what_a_base_is),
        fixture_test(knows_the_older_form),
        fixture_test(brings_any_body_back),
        fixture_test(brings_random_bodies_back),
        fixture_test(brings_texts_and_numbers_back),
        fixture_test(guesses_what_it_writes),
        fixture_test(leaves_the_rest_to_reading),
        fixture_test(guesses_within_the_line),
        fixture_test(passes_over_what_it_does_not_know),
        fixture_test(refuses_what_is_no_event),
        fixture_test(refuses_every_cut),
        fixture_test(refuses_what_is_too_long),
    };
    return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
