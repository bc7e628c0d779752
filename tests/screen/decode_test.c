/* ui/decode.c and ui/typing.c: which inputs come of which bytes, at which times. */
#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/text.h"
#include "base/xtalloc.h"
#include "ui/decode.h"

#include <string.h>

#define FINGERS_MS 50 /* between two keys that somebody types */

struct bench {
    struct typing *typing;
    struct decoder *decoder;
    int64_t now_ms;
};

static int make_bench(void **state) {
    struct bench *bench = xtalloc_zero(NULL, struct bench);

    bench->typing = typing_new(bench);
    bench->decoder = decoder_new(bench, bench->typing);
    bench->now_ms = 1000;
    *state = bench;
    return 0;
}

static int free_bench(void **state) {
    talloc_free(*state);
    return 0;
}

static void feed(struct bench *bench, int64_t after_ms, const char *bytes, size_t length) {
    bench->now_ms += after_ms;
    decoder_feed(bench->decoder, bytes, length, bench->now_ms);
}

static void feed_text(struct bench *bench, int64_t after_ms, const char *text) {
    feed(bench, after_ms, text, strlen(text));
}

/* What waits, in words: keys by name, pastes in brackets. */
static char *take_all(struct bench *bench) {
    char *words = xtalloc_strdup(bench, "");
    struct input input;

    while (typing_next(bench->typing, &input)) {
        char *name = input.kind == INPUT_PASTE ? xtalloc_asprintf(words, "[%s]", input.text)
                                               : key_label(words, input.key);
        words =
            xtalloc_check(talloc_asprintf_append(words, "%s%s", *words == '\0' ? "" : " ", name));
    }
    return words;
}

static void assert_inputs(struct bench *bench, const char *expected) {
    char *words = take_all(bench);

    assert_string_equal(words, expected);
    talloc_free(words);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void bytes_are_keys(void **state) {
    static const struct {
        const char *bytes, *inputs;
    } cases[] = {
        {"a", "a"},
        {"é", "é"},
        {"日", "日"},
        {"\r", "Enter"},
        {"\n", "ctrl-j"},
        {"\t", "Tab"},
        {"\x7f", "Backspace"},
        {"\b", "Backspace"},
        {"\x03", "ctrl-c"},
        {"\x1a", "ctrl-z"},
        {"\033[A", "↑"},
        {"\033OA", "↑"},
        {"\033[B", "↓"},
        {"\033[C", "→"},
        {"\033[D", "←"},
        {"\033[H", "Home"},
        {"\033[1~", "Home"},
        {"\033[7~", "Home"},
        {"\033OF", "End"},
        {"\033[4~", "End"},
        {"\033[5~", "PgUp"},
        {"\033[6~", "PgDn"},
        {"\033[3~", "Del"},
        {"\033[Z", "S-Tab"},
        {"\033OP", "F1"},
        {"\033[11~", "F1"},
        {"\033[[A", "F1"},
        {"\033OM", "Enter"},
        {"\x9b"
         "A",
         "↑"},
        {"\x8f"
         "P",
         "F1"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        feed_text(*state, FINGERS_MS, cases[i].bytes);
        assert_inputs(*state, cases[i].inputs);
        assert_int_equal(decoder_wait_ms(((struct bench *)*state)->decoder), -1);
    }
}

static const char *const unknown[] = {
    "\033[1;5A",
    "\033[24~",
    "\033[?1;2c",
    "\033[>0;276;0c",
    "\033[I",
    "\033[O",
    "\033x",
    "\033\r",
    "\033(B",
    "\033#8",
    "\033Oq",
    "\033O5P",
    "\033[27;5;9~",
    "\033[<0;10;5M",
    "\033[<0;10;5m",
    "\033[M qs",
    "\033[[E",
    "\033]11;rgb:0/0/0\a",
    "\033]52;c;cXE=\033\\",
    "\033P1$r0m\033\\",
    "\033_q\033\\",
    "\033^q\033\\",
    "\033Xq\033\\",
    "\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15q",
    "\033[12\x18",
    "\033]q\x1a",
    "\033\033[24~",
    "\033[\x7f",
    "\033[200",
    "\x9b"
    "24~",
    "\x90"
    "q\033\\",
    "\x9d"
    "q\a",
    "\033N",
    "\033c",
};

static void what_is_unknown_presses_nothing(void **state) {
    struct bench *bench = *state;

    for (size_t i = 0; i < ARRAY_SIZE(unknown); i++) {
        feed_text(bench, FINGERS_MS, unknown[i]);
        if (decoder_wait_ms(bench->decoder) >= 0) {
            decoder_expire(bench->decoder, bench->now_ms += DECODE_SEQUENCE_MS);
        }
        assert_inputs(bench, "");
        feed_text(bench, FINGERS_MS, "k");
        assert_inputs(bench, "k");
    }
}

/* Cut at any place, it still does: the pieces come as fast as a line brings them. */
static void unknown_pieces_press_nothing(void **state) {
    struct bench *bench = *state;

    for (size_t i = 0; i < ARRAY_SIZE(unknown); i++) {
        for (size_t cut = 1; cut < strlen(unknown[i]); cut++) {
            feed(bench, FINGERS_MS, unknown[i], cut);
            feed_text(bench, 10, unknown[i] + cut);
            if (decoder_wait_ms(bench->decoder) >= 0) {
                decoder_expire(bench->decoder, bench->now_ms += DECODE_SEQUENCE_MS);
            }
            assert_inputs(bench, "");
        }
    }
}

static void bad_bytes_are_ignored(void **state) {
    static const char *const bad[] = {
        "\xff",     "\xc0\xaf",     "\xe2\x82",         "\xed\xa0\x80",
        "\xa0\xbf", "\xf5\x80\xbf", "\xf0\x80\x80\x80", "\xc3"};

    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        feed_text(*state, FINGERS_MS, bad[i]);
        feed_text(*state, FINGERS_MS, "k");
        assert_inputs(*state, "k");
    }
    feed(*state, FINGERS_MS, "\0", 1);
    assert_inputs(*state, "");
}

static void a_letter_may_come_in_pieces(void **state) {
    feed_text(*state, FINGERS_MS, "\xe6\x97");
    assert_inputs(*state, "");
    feed_text(*state, FINGERS_MS, "\xa5");
    assert_inputs(*state, "日");
}

/* ---- the Esc key ----------------------------------------------------------------------------- */

/* SCREEN.md: "Esc is felt within 25 ms." */
static void escape_is_felt_soon(void **state) {
    struct bench *bench = *state;

    feed_text(bench, FINGERS_MS, "\033");
    assert_inputs(bench, "");
    assert_in_range(decoder_wait_ms(bench->decoder), 1, 25);
    decoder_expire(bench->decoder, bench->now_ms + 25);
    assert_inputs(bench, "Esc");
    assert_int_equal(decoder_wait_ms(bench->decoder), -1);
}

/* A line may be so slow that the Esc key was felt before the rest came. */
static void a_late_rest_of_a_sequence_presses_nothing(void **state) {
    struct bench *bench = *state;

    feed_text(bench, FINGERS_MS, "\033");
    decoder_expire(bench->decoder, bench->now_ms += 25);
    assert_inputs(bench, "Esc");
    feed_text(bench, 60, "[24~");
    assert_inputs(bench, "");

    feed_text(bench, FINGERS_MS, "\033");
    decoder_expire(bench->decoder, bench->now_ms += 25);
    feed_text(bench, 60, "[");
    feed_text(bench, 60, "p");
    assert_inputs(bench, "Esc [ p");
}

static void a_sequence_cut_off_ends(void **state) {
    struct bench *bench = *state;

    feed_text(bench, FINGERS_MS, "\033[1;");
    assert_int_equal(decoder_wait_ms(bench->decoder), DECODE_SEQUENCE_MS);
    decoder_expire(bench->decoder, bench->now_ms += DECODE_SEQUENCE_MS);
    assert_inputs(bench, "");
    feed_text(bench, FINGERS_MS, "k");
    assert_inputs(bench, "k");
}

/* ---- pastes ---------------------------------------------------------------------------------- */

static void a_bracketed_paste_is_one_input(void **state) {
    static const struct {
        const char *bytes, *inputs;
    } cases[] = {
        {"\033[200~q\033[201~", "[q]"},
        {"\033[200~two\rlines\tand\033[201~k", "[two\nlines\tand] k"},
        {"\033[200~a\033[31mb\033]0;t\ac\x03\x1a"
         "d\033[201~",
         "[abcd]"},
        {"\033[200~\033[201~", ""},
        {"\033[200~\033[A\033OP\033[201~", ""},
        {"\033[200~日\xff本\033[201~", "[日本]"},
        {"\033[200~a\033[200~b\033[201~", "[a] [b]"},
        {"\033[201~k", "k"},
        {"j\033[200~q\033[201~k", "j [q] k"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        feed_text(*state, FINGERS_MS, cases[i].bytes);
        assert_inputs(*state, cases[i].inputs);
    }
}

static void a_paste_in_pieces_waits_for_its_end(void **state) {
    struct bench *bench = *state;

    feed_text(bench, FINGERS_MS, "\033[200~one ");
    feed_text(bench, FINGERS_MS, "two");
    assert_inputs(bench, "");
    feed_text(bench, FINGERS_MS, "\033[20");
    feed_text(bench, FINGERS_MS, "1~");
    assert_inputs(bench, "[one two]");
}

/* Else ctrl-c would be pasted for ever. */
static void a_paste_without_end_ends(void **state) {
    struct bench *bench = *state;

    feed_text(bench, FINGERS_MS, "\033[200~one");
    assert_int_equal(decoder_wait_ms(bench->decoder), DECODE_PASTE_MS);
    decoder_expire(bench->decoder, bench->now_ms += DECODE_PASTE_MS);
    assert_inputs(bench, "[one]");
    feed_text(bench, FINGERS_MS, "\x03");
    assert_inputs(bench, "ctrl-c");
}

static void a_paste_has_a_limit(void **state) {
    struct bench *bench = *state;
    struct input input;

    feed_text(bench, FINGERS_MS, "\033[200~");
    for (int i = 0; i < 2 * TYPING_PASTE_MAX / 10; i++) {
        feed_text(bench, 0, "0123456789");
    }
    feed_text(bench, 0, "\033[201~");
    assert_true(typing_next(bench->typing, &input));
    assert_in_range(strlen(input.text), TYPING_PASTE_MAX - 8, TYPING_PASTE_MAX);
    assert_false(typing_next(bench->typing, &input));
}

/* ---- bursts ---------------------------------------------------------------------------------- */

static void a_burst_presses_nothing(void **state) {
    static const struct {
        const char *bytes, *inputs;
    } cases[] = {
        {"kubectl -n checkout\r", "[kubectl -n checkout\n]"},
        {"abcdefgh", "[abcdefgh]"},
        {"abcdefg", "a b c d e f g"},
        {"jjjjjjjjjjjj", "j j j j j j j j j j j j"},
        {"p\rp\rp\rp\r", "[p\np\np\np\n]"},
        {"abcdefgh\x03\033[Aijk", "[abcdefghijk]"},
        {"\033[A\033[A\033[A\033[A\033[A\033[A\033[A\033[A", "↑ ↑ ↑ ↑ ↑ ↑ ↑ ↑"},
        {"日本語日本語日本", "[日本語日本語日本]"},
        /* Whatever stands between the letters. */
        {"\033[Ap\033[Ap\033[Ap\033[Ap", "[pppp]"},
        {"\001p\001p\001p\001p", "[pppp]"},
        {"\377p\377p\377p\377p", "[pppp]"},
        {"\342\202p\342\202p\342\202p\342\202p", "[pppp]"},
        {"\200p\200p\200p\200p", "[pppp]"},
        {"\033xp\033xp\033xp\033xp", "[pppp]"},
        {"\033[99zp\033[99zp\033[99zp\033[99zp", "[pppp]"},
        {"\033]0;x\ap\033]0;x\ap\033]0;x\ap\033]0;x\ap", "[pppp]"},
        {"\033[1\030p\033[1\030p\033[1\030p\033[1\030p", "[pppp]"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        feed_text(*state, 1000, cases[i].bytes);
        assert_inputs(*state, cases[i].inputs);
    }
}

/* Reads that follow at once are one; the keys that are taken already can't be called back. */
static void a_burst_may_come_in_pieces(void **state) {
    struct bench *bench = *state;

    feed_text(bench, 1000, "abcd");
    feed_text(bench, 2, "efgh");
    assert_inputs(bench, "[abcdefgh]");

    feed_text(bench, 1000, "abcd");
    assert_inputs(bench, "a b c d");
    feed_text(bench, 1, "efgh");
    assert_inputs(bench, "[efgh]");

    feed_text(bench, 1000, "abcd");
    feed_text(bench, 10, "efgh");
    assert_inputs(bench, "a b c d e f g h");
}

static void the_tail_of_a_burst_presses_nothing(void **state) {
    struct bench *bench = *state;

    feed_text(bench, 1000, "some words pasted");
    feed_text(bench, TYPING_BURST_TAIL_MS, "p\r");
    assert_inputs(bench, "[some words pasted] [p\n]");
    feed_text(bench, TYPING_BURST_TAIL_MS + 1, "p");
    assert_inputs(bench, "p");
}

static void untaken_inputs_have_a_limit(void **state) {
    struct bench *bench = *state;
    size_t count = 0;
    struct input input;

    for (int i = 0; i < 3 * TYPING_QUEUE_MAX; i++) {
        feed_text(bench, FINGERS_MS, "j");
    }
    while (typing_next(bench->typing, &input)) {
        count++;
    }
    assert_int_equal(count, TYPING_QUEUE_MAX);
}

/* ---- the rest -------------------------------------------------------------------------------- */

static void keys_carry_the_time_they_were_read(void **state) {
    struct bench *bench = *state;
    struct input input;

    feed_text(bench, FINGERS_MS, "a");
    feed_text(bench, FINGERS_MS, "b");
    assert_true(typing_next(bench->typing, &input));
    assert_int_equal(input.at_ms, 1000 + FINGERS_MS);
    assert_true(typing_next(bench->typing, &input));
    assert_int_equal(input.at_ms, 1000 + 2 * FINGERS_MS);
}

static void the_cursor_report_is_no_key(void **state) {
    struct bench *bench = *state;
    int row, col;

    assert_false(decoder_report(bench->decoder, &row, &col));
    feed_text(bench, FINGERS_MS, "\033[1;16R\033[24;5q");
    assert_inputs(bench, "");
    assert_true(decoder_report(bench->decoder, &row, &col));
    assert_int_equal(row, 1);
    assert_int_equal(col, 16);
    assert_false(decoder_report(bench->decoder, &row, &col));
    feed_text(bench, FINGERS_MS, "\033[1R\033[1;99999R\033[1;2;3R");
    assert_false(decoder_report(bench->decoder, &row, &col));
}

/* Whatever comes, it ends: no state lasts for ever, and texts are valid UTF-8. */
static void random_bytes_leave_it_sane(void **state) {
    static const char specials[] = "\033[]OPM~\x9b;20";
    struct bench *bench = *state;
    struct random random = {.state = 11};
    struct input input;
    char bytes[64];

    for (int i = 0; i < 20000; i++) {
        size_t length = random_below(&random, sizeof(bytes));
        for (size_t j = 0; j < length; j++) {
            bool special = random_below(&random, 4) == 0;
            size_t pick = random_below(&random, 256);
            bytes[j] = special ? specials[pick % strlen(specials)] : (char)pick;
        }
        feed(bench, (int64_t)random_below(&random, 200), bytes, length);
        while (typing_next(bench->typing, &input)) {
            assert_true(input.kind == INPUT_KEY || text_is_utf8(input.text, strlen(input.text)));
        }
    }
    decoder_expire(bench->decoder, bench->now_ms += DECODE_PASTE_MS);
    assert_int_equal(decoder_wait_ms(bench->decoder), -1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_bench, free_bench)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(bytes_are_keys),
        TEST(what_is_unknown_presses_nothing),
        TEST(unknown_pieces_press_nothing),
        TEST(bad_bytes_are_ignored),
        TEST(a_letter_may_come_in_pieces),
        TEST(escape_is_felt_soon),
        TEST(a_late_rest_of_a_sequence_presses_nothing),
        TEST(a_sequence_cut_off_ends),
        TEST(a_bracketed_paste_is_one_input),
        TEST(a_paste_in_pieces_waits_for_its_end),
        TEST(a_paste_without_end_ends),
        TEST(a_paste_has_a_limit),
        TEST(a_burst_presses_nothing),
        TEST(a_burst_may_come_in_pieces),
        TEST(the_tail_of_a_burst_presses_nothing),
        TEST(untaken_inputs_have_a_limit),
        TEST(keys_carry_the_time_they_were_read),
        TEST(the_cursor_report_is_no_key),
        TEST(random_bytes_leave_it_sane),
    };

    text_init();
    return cmocka_run_group_tests_name("decode", tests, NULL, NULL);
}
