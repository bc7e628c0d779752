#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <utf8proc.h>
#include <wchar.h>

#define TEXT(text) text, sizeof(text) - 1

static int make_context(void **state) {
    *state = talloc_new(NULL);
    return text_init() ? 0 : -1;
}

static int free_context(void **state) {
    talloc_free(*state);
    return 0;
}

static void dangerous_text_is_made_visible(void **state) {
    static const struct {
        const char *text;
        size_t length;
        const char *clean;
    } cases[] = {
        {TEXT(""), ""},
        {TEXT("plain text"), "plain text"},
        {TEXT("a\tb"), "a b"},
        {TEXT("FAILED\b\b\b\b\b\bOK    "), "FAILED^H^H^H^H^H^HOK    "},
        {TEXT("one\ntwo\r\n"), "one^Jtwo^M^J"},
        {TEXT("nul\0\x7f\x1f"), "nul^@^?^_"},
        {TEXT("\x1b[2J\x1b]0;x\a"), "^[[2J^[]0;x^G"},
        {TEXT("\xC2\x80\xC2\x9B"
              "2J\xC2\x9F"),
         "<U+0080><U+009B>2J<U+009F>"},
        {TEXT("a\u202eb\u2066c\u200fd\u061ce"), "a<U+202E>b<U+2066>c<U+200F>d<U+061C>e"},
        {TEXT("a\u200bb\u200dc\ufeffd\u00ade"), "a<U+200B>b<U+200D>c<U+FEFF>d<U+00AD>e"},
        {TEXT("\u2764\ufe0f"), "\u2764<U+FE0F>"},
        {TEXT("\U000E0041\U000E0100"), "<U+E0041><U+E0100>"},
        {TEXT("\ue000\U0010FFFD"), "<U+E000><U+10FFFD>"},
        {TEXT("\u0378\uffff\U0010FFFF"), "<U+0378><U+FFFF><U+10FFFF>"},
        {TEXT("\u2028\u2029"), "<U+2028><U+2029>"},
        {TEXT("caf\u00e9 \u65e5\u672c \U0001F600"), "caf\u00e9 \u65e5\u672c \U0001F600"},
        {TEXT("\ufffd"), "\ufffd"},
        /* marks: two on a base, the others and those without a base are shown */
        {TEXT("e\u0301"), "e\u0301"},
        {TEXT("e\u0301\u0302\u0303\u0304x"), "e\u0301\u0302<U+0303><U+0304>x"},
        {TEXT("\u0301e"), "<U+0301>e"},
        {TEXT("\x01\u0301"), "^A<U+0301>"},
        {TEXT("\u202e\u0301\u0301"), "<U+202E><U+0301><U+0301>"},
        {TEXT("\xff\u0301"), "\ufffd\u0301"},
        /* maximal subparts: Unicode 15, tables 3-8 to 3-11 */
        {TEXT("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"),
         "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdA"},
        {TEXT("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"),
         "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdA"},
        {TEXT("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"),
         "\ufffd\ufffd\ufffd\ufffd\ufffdA\ufffd\ufffdB"},
        {TEXT("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), "\ufffd\ufffd\ufffd\ufffdA"},
        {TEXT("\xE2\x82"), "\ufffd"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_string_equal(text_clean(*state, cases[i].text, cases[i].length), cases[i].clean);
    }
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        if (strlen(cases[i].text) == cases[i].length && text_is_plain(cases[i].text)) {
            assert_string_equal(cases[i].clean, cases[i].text);
        }
    }
    assert_true(text_is_plain("") && text_is_plain("a b~"));
    assert_false(text_is_plain("a\tb") || text_is_plain("a\177") || text_is_plain("é"));
    assert_string_equal(text_clean_z(*state, "a\bb"), "a^Hb");
    assert_string_equal(text_clean_z(*state, NULL), "");
}

/* Every character there is: cleaned it is either itself, with one width that both libraries agree
 * on, or spelled in ASCII. */
static void every_character_is_judged(void **state) {
    size_t shown = 0, spelled = 0;

    (void)state;
    for (uint32_t point = 0x80; point <= 0x10FFFF; point++) {
        char bytes[UTF8_MAX + 2] = "a";
        if (point >= 0xD800 && point <= 0xDFFF) {
            continue;
        }
        size_t length = 1 + utf8_write(point, bytes + 1);
        char *clean = text_clean(NULL, bytes, length);
        int wide = wcwidth((wchar_t)point);
        if (strlen(clean) == length && memcmp(clean, bytes, length) == 0) {
            shown++;
            assert_int_equal(text_width(clean), 1 + wide);
            assert_true(wide >= 0);
            assert_true(point == 0xFFFD || wide == utf8proc_charwidth((utf8proc_int32_t)point));
        } else {
            spelled++;
            assert_int_equal(strspn(clean + 1, "<U+0123456789ABCDEF>"), strlen(clean) - 1);
        }
        talloc_free(clean);
    }
    assert_true(shown > 100000);
    assert_true(spelled > 800000);
}

/* --- hostile lines --------------------------------------------------------------------------- */

static const char *const hostile_parts[] = {
    "plain",
    " ",
    "\t",
    "\b\b\b\b\b\b",
    "\n",
    "\r",
    "\x1b[2J",
    "\x1b[31;1m",
    "\x1b]0;title\a",
    "\x1b]8;;http://x\x1b\\",
    "\x1bP1$r\x1b\\",
    "\x1b",
    "\x1b[",
    "\xC2\23331m",
    "\xC2\x85",
    "\u202e",
    "\u2066",
    "\u2069",
    "\u200b",
    "\u200d",
    "\ufe0f",
    "\u0301",
    "\u0301\u0302\u0303\u0304\u0305",
    "\u20dd",
    "\u65e5\u672c",
    "\uff21",
    "\U0001F600",
    "\U0001F468\u200d\U0001F469",
    "\u1100\u1161\u11a8",
    "\u0e01\u0e33",
    "\u05d0\u05d1",
    "\u0627\u0644",
    "\xff",
    "\xc0\xaf",
    "\xe2\x82",
    "\xed\xa0\x80",
    "\xf4\x90\x80\x80",
    "\x80",
    "\x7f",
    "\x01",
    "\ue000",
    "\u0378",
    "\U0010FFFF",
    "\U000E0001",
    "<U+202E>",
    "^H",
    "\ufffd",
};

/* A line of parts, some of them cut or followed by any byte at all. */
static char *hostile_line(const void *parent, struct random *random, size_t *length) {
    char *line = talloc_strdup(parent, "");
    size_t parts = random_below(random, 24);

    *length = 0;
    for (size_t i = 0; i < parts; i++) {
        const char *part = hostile_parts[random_below(random, ARRAY_SIZE(hostile_parts))];
        size_t take = strlen(part) - (random_below(random, 8) == 0);
        line = talloc_realloc(parent, line, char, (unsigned)(*length + take + 2));
        memcpy(line + *length, part, take);
        *length += take;
        if (random_below(random, 6) == 0) {
            line[(*length)++] = (char)random_next(random);
        }
    }
    return line;
}

static int wcwidth_sum(const char *text) {
    mbstate_t shift = {0};
    wchar_t wide;
    int sum = 0;

    for (size_t size; (size = mbrtowc(&wide, text, strlen(text) + 1, &shift)) > 0; text += size) {
        assert_true(size <= UTF8_MAX);
        int width = wcwidth(wide);
        assert_true(width >= 0);
        sum += width;
    }
    return sum;
}

static void check_fit(const char *clean, int width) {
    for (int cells = 0; cells <= width + 2; cells++) {
        int used = -1;
        size_t fit = text_fit(clean, cells, &used);
        char *head = talloc_strndup(NULL, clean, fit);
        assert_true(used <= cells);
        assert_int_equal(used, text_width(head));
        assert_true(text_is_utf8(clean + fit, strlen(clean + fit)));
        int next;
        assert_true(text_cluster(clean + fit, &next) == 0 || used + next > cells);
        talloc_free(head);
    }
}

static void check_clusters(const char *clean, int width) {
    size_t size;
    int cells;

    while ((size = text_cluster(clean, &cells)) > 0) {
        assert_true(cells == 1 || cells == 2);
        width -= cells;
        clean += size;
    }
    assert_true(*clean == '\0');
    assert_int_equal(width, 0);
}

static size_t count_non_spaces(const char *text) {
    size_t count = 0;

    for (; *text != '\0'; text++) {
        count += *text != ' ';
    }
    return count;
}

static void check_wrap(const char *clean, int cells) {
    char **lines = text_wrap(NULL, clean, cells);
    size_t kept = 0;

    assert_non_null(lines[0]);
    for (size_t i = 0; lines[i] != NULL; i++) {
        assert_true(text_width(lines[i]) <= cells);
        assert_true(text_is_utf8(lines[i], strlen(lines[i])));
        kept += count_non_spaces(lines[i]);
    }
    if (cells >= 2) {
        assert_int_equal(kept, count_non_spaces(clean));
    }
    talloc_free(lines);
}

static void check_clean(const char *clean) {
    assert_true(text_is_utf8(clean, strlen(clean)));
    for (const char *at = clean; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        assert_true(byte >= 0x20 && byte != 0x7F);
        assert_false(byte == 0xC2 && (unsigned char)at[1] < 0xA0);
    }
    char *again = text_clean_z(NULL, clean);
    assert_string_equal(again, clean);
    talloc_free(again);
}

static void hostile_lines_become_harmless(void **state) {
    struct random random = {20261112};

    (void)state;
    for (int i = 0; i < 2000; i++) {
        void *scratch = talloc_new(NULL);
        size_t length;
        char *line = hostile_line(scratch, &random, &length);
        char *exact = talloc_memdup(scratch, line, length + (length == 0));
        char *clean = text_clean(scratch, exact, length);
        int width = text_width(clean);
        check_clean(clean);
        assert_int_equal(width, wcwidth_sum(clean));
        check_fit(clean, width);
        check_clusters(clean, width);
        check_wrap(clean, 1 + (int)random_below(&random, 30));
        talloc_free(scratch);
    }
}

/* Nobody can make us hold much more than he sent. */
static void cleaning_grows_a_line_four_times_at_most(void **state) {
    static const char *const worst[] = {"\x01", "\xff", "\xC2\x80", "\u0301", "\U0010FFFD"};

    for (size_t i = 0; i < ARRAY_SIZE(worst); i++) {
        char *line = talloc_strdup(*state, "");
        for (int n = 0; n < 1000; n++) {
            line = talloc_strdup_append_buffer(line, worst[i]);
        }
        assert_true(strlen(text_clean_z(*state, line)) <= 4 * strlen(line));
    }
}

/* --- widths, one by one ---------------------------------------------------------------------- */

static void widths_are_cells(void **state) {
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("abc"), 3);
    assert_int_equal(text_width("\u65e5\u672c"), 4);
    assert_int_equal(text_width("e\u0301\u0302"), 1);
    assert_int_equal(text_width("\U0001F600!"), 3);
}

static void fitting_parts_no_character(void **state) {
    int used;

    (void)state;
    assert_int_equal(text_fit("abc", 2, &used), 2);
    assert_int_equal(used, 2);
    assert_int_equal(text_fit("abc", 9, NULL), 3);
    assert_int_equal(text_fit("abc", 0, &used), 0);
    assert_int_equal(text_fit("abc", -1, &used), 0);
    assert_int_equal(used, 0);
    assert_int_equal(text_fit("\u65e5\u672c", 3, &used), 3);
    assert_int_equal(used, 2);
    assert_int_equal(text_fit("e\u0301\u0302x", 1, &used), 5);
    assert_int_equal(used, 1);
}

static void more_marks_than_fit_are_shown(void **state) {
    char *text = talloc_strdup(*state, "e"), *shown;

    for (int i = 0; i < TEXT_MARKS_MAX; i++)
        text = talloc_strdup_append(text, "\u0301");
    shown = talloc_strdup(*state, text);
    assert_string_equal(text_clean_z(*state, text), shown);
    text = talloc_strdup_append(text, "\u0301");
    assert_string_equal(text_clean_z(*state, text), talloc_strdup_append(shown, "<U+0301>"));
    talloc_free(text);
}

static void a_cluster_keeps_its_marks(void **state) {
    int cells = -1;

    (void)state;
    assert_int_equal(text_cluster("", &cells), 0);
    assert_int_equal(cells, 0);
    assert_int_equal(text_cluster("e\u0301\u0302x", &cells), 5);
    assert_int_equal(cells, 1);
    assert_int_equal(text_cluster("\u65e5x", &cells), 3);
    assert_int_equal(cells, 2);
}

static void lines_break_at_spaces(void **state) {
    static const struct {
        const char *text;
        int cells;
        const char *lines[6];
    } cases[] = {
        {"", 5, {""}},
        {"abc", 5, {"abc"}},
        {"abc def ghi", 7, {"abc def", "ghi"}},
        {"abc def ghi", 6, {"abc", "def", "ghi"}},
        {"abc   def", 5, {"abc", "def"}},
        {"abc ", 3, {"abc"}},
        {"abcdefgh ij", 3, {"abc", "def", "gh", "ij"}},
        {"a bcdefgh", 3, {"a", "bcd", "efg", "h"}},
        {"\u65e5\u672c\u8a9e", 5, {"\u65e5\u672c", "\u8a9e"}},
        {"\u65e5x", 1, {" ", "x"}},
        {"  ab", 4, {"  ab"}},
        {"    ", 2, {""}},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        char **lines = text_wrap(*state, cases[i].text, cases[i].cells);
        size_t n = 0;
        for (; cases[i].lines[n] != NULL; n++) {
            assert_non_null(lines[n]);
            assert_string_equal(lines[n], cases[i].lines[n]);
        }
        assert_null(lines[n]);
    }
}

static void utf8_is_told_from_other_bytes(void **state) {
    (void)state;
    assert_true(text_is_utf8("", 0));
    assert_true(text_is_utf8(TEXT("a\0\u00e9\u20ac\U0010FFFF")));
    assert_false(text_is_utf8(TEXT("\xC1\x81")));
    assert_false(text_is_utf8(TEXT("\xED\xA0\x80")));
    assert_false(text_is_utf8(TEXT("ab\xE2\x82")));
}

/* Long runs of ASCII are passed in steps: what is no ASCII is found wherever it stands. */
static void utf8_is_told_at_every_place(void **state) {
    (void)state;
    for (size_t at = 0; at < 40; at++) {
        char text[43];
        memset(text, 'a', sizeof(text));
        memcpy(text + at, "\u20ac", 3);
        assert_true(text_is_utf8(text, sizeof(text)));
        assert_false(text_is_utf8(text, at + 2));
        text[at + 1] = 'a';
        assert_false(text_is_utf8(text, sizeof(text)));
    }
}

/* A locale that isn't UTF-8 gives way to C.UTF-8; one that is stays. */
static void the_locale_becomes_utf8(void **state) {
    static const char *const wanted[] = {"C", "C.UTF-8", "no_SUCH.locale"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
        setenv("LC_ALL", wanted[i], 1);
        assert_true(text_init());
        assert_int_equal(text_width("\u65e5"), 2);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(dangerous_text_is_made_visible),
        cmocka_unit_test(every_character_is_judged),
        cmocka_unit_test(hostile_lines_become_harmless),
        cmocka_unit_test(cleaning_grows_a_line_four_times_at_most),
        cmocka_unit_test(widths_are_cells),
        cmocka_unit_test(fitting_parts_no_character),
        cmocka_unit_test(more_marks_than_fit_are_shown),
        cmocka_unit_test(a_cluster_keeps_its_marks),
        cmocka_unit_test(lines_break_at_spaces),
        cmocka_unit_test(utf8_is_told_from_other_bytes),
        cmocka_unit_test(utf8_is_told_at_every_place),
        cmocka_unit_test(the_locale_becomes_utf8),
    };

    return cmocka_run_group_tests_name("text", tests, make_context, free_context);
}
