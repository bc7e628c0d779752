#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/limits.h"
#include "base/text.h"

#include <string.h>
#include <talloc.h>

#define TEXT(text) text, sizeof(text) - 1

static const struct {
    const char *text;
    size_t length;
    const char *passed;
} cases[] = {
    {TEXT("plain \u00e9\xff\t\b text\n"), "plain \u00e9\xff\t\b text\n"},
    /* CSI */
    {TEXT("\x1b[31;1mred\x1b[0m"), "red"},
    {TEXT("a\x1b[2Jb\x1b[?25lc\x1b[1 qd"), "abcd"},
    {TEXT("a\x1b[12;\nb"), "a\nb"},
    {TEXT("a\x1b[1\u00e9"
          "b"),
     "a\u00e9"
     "b"},
    {TEXT("a\x1b[1\x1b[2mb"), "ab"},
    {TEXT("a\x1b[1\x18"
          "b"),
     "ab"},
    /* strings */
    {TEXT("a\x1b]0;title\ab"), "ab"},
    {TEXT("a\x1b]8;;http://x\x1b\\b"), "ab"},
    {TEXT("a\x1bP1$r\x1b\\b\x1bXsos\x1b\\c\x1b^pm\x1b\\d\x1b_apc\x1b\\e"), "abcde"},
    {TEXT("a\x1b]0;never ended\nb"), "a\nb"},
    {TEXT("a\x1b]0;never ended\r\nb"), "a\nb"},
    {TEXT("a\x1b]0;x\x18"
          "b\x1b]0;x\x1a"
          "c"),
     "abc"},
    {TEXT("a\x1b]0;x\x1b[1mb"), "ab"},
    {TEXT("a\x1b]0;x\x1b\x1b\\b"), "ab"},
    /* escapes of one and more bytes, and lone ones */
    {TEXT("a\x1b"
          "7b\x1b"
          "c\x1b=d"),
     "abd"},
    {TEXT("a\x1b(Bb\x1b#8c"), "abc"},
    {TEXT("a\x1b\x1b[1mb"), "ab"},
    {TEXT("a\x1b\nb"), "a\nb"},
    {TEXT("a\x1b(\nb"), "a\nb"},
    {TEXT("a\x1b\u00e9"), "a\u00e9"},
    {TEXT("a\x1b"), "a"},
    /* carriage returns */
    {TEXT("a\r\nb"), "a\nb"},
    {TEXT("10%\r50%\r100%\n"), "10%\n50%\n100%\n"},
    {TEXT("a\r\r\nb\r"), "a\nb\n"},
    {TEXT("a\n\nb\r\n\r\nc"), "a\n\nb\n\nc"},
};

static char *pass_in_two(const void *parent, const char *bytes, size_t length, size_t split) {
    struct text_filter filter = {0};
    char *out = talloc_size(parent, length + 1);

    size_t first = text_filter_pass(&filter, bytes, split, out);
    assert_true(first <= split);
    size_t second = text_filter_pass(&filter, bytes + split, length - split, out + first);
    assert_true(second <= length - split);
    out[first + second] = '\0';
    return out;
}

static void sequences_are_dropped_wherever_they_are_split(void **state) {
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        for (size_t split = 0; split <= cases[i].length; split++) {
            char *passed = pass_in_two(NULL, cases[i].text, cases[i].length, split);
            assert_string_equal(passed, cases[i].passed);
            talloc_free(passed);
        }
    }
}

static void bytes_may_be_filtered_where_they_stand(void **state) {
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct text_filter filter = {0};
        char *bytes = talloc_memdup(NULL, cases[i].text, cases[i].length + 1);
        size_t left = text_filter_pass(&filter, bytes, cases[i].length, bytes);
        assert_int_equal(left, strlen(cases[i].passed));
        assert_memory_equal(bytes, cases[i].passed, left);
        talloc_free(bytes);
    }
}

/* An unfinished sequence on one endless line hides no more of it than one that ends. */
static void nothing_is_hidden_for_long(void **state) {
    static const char *const starts[] = {"\x1b]0;", "\x1bP", "\x1b[", "\x1b("};

    for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
        struct text_filter filter = {0};
        size_t start = strlen(starts[i]), length = start + 10000;
        char *bytes = talloc_size(*state, length);
        memcpy(bytes, starts[i], start);
        memset(bytes + start, starts[i][1] == '[' ? '1' : ' ', length - start);
        size_t passed = text_filter_pass(&filter, bytes, length, bytes);
        assert_true(passed >= 10000 - TEXT_SEQUENCE_MAX);
        assert_true(passed < 10000);
        assert_int_equal(text_filter_pass(&filter, "x\x1b[1my", 6, bytes), 2);
    }
}

/* Whatever comes, no escape passes, no more comes out than went in, and pieces change nothing. */
static void any_bytes_in_any_pieces(void **state) {
    static const char alphabet[] = "\x1b\x1b\x1b[]PX^_\\0;1m (B\a\r\n\x18\x80\xC2\x9Bxy";
    struct random random = {7};

    (void)state;
    for (int turn = 0; turn < 2000; turn++) {
        struct text_filter whole = {0}, pieces = {0};
        char bytes[200], expected[200], out[200];
        size_t filled = 0;
        for (size_t i = 0; i < sizeof(bytes); i++) {
            bytes[i] = alphabet[random_below(&random, sizeof(alphabet) - 1)];
        }
        size_t length = text_filter_pass(&whole, bytes, sizeof(bytes), expected);
        for (size_t at = 0, piece; at < sizeof(bytes); at += piece) {
            piece = 1 + random_below(&random, sizeof(bytes) - at);
            size_t passed = text_filter_pass(&pieces, bytes + at, piece, out + filled);
            assert_true(passed <= piece);
            filled += passed;
        }
        assert_int_equal(filled, length);
        assert_memory_equal(out, expected, length);
        assert_null(memchr(out, 0x1B, length));
        assert_null(memchr(out, '\r', length));
    }
}

static int make_context(void **state) {
    *state = talloc_new(NULL);
    return 0;
}

static int free_context(void **state) {
    talloc_free(*state);
    return 0;
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_are_dropped_wherever_they_are_split),
        cmocka_unit_test(bytes_may_be_filtered_where_they_stand),
        cmocka_unit_test(nothing_is_hidden_for_long),
        cmocka_unit_test(any_bytes_in_any_pieces),
    };

    return cmocka_run_group_tests_name("text_filter", tests, make_context, free_context);
}
