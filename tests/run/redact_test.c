/* Secrets never reach the disk, however the output is cut into reads, lines and pieces. */
#include "config.h"

#include "tests/run/fixture.h"

#include "base/array.h"
#include "run/lines.h"

#include <stdio.h>
#include <string.h>

#define SECRET "correct-horse-battery"

struct gathered {
    char *text; /* lines, each with a newline; a piece that goes on has none before it */
};

static void gather(void *data, const struct line *line) {
    struct gathered *gathered = data;
    size_t length = strlen(gathered->text);
    if (line->goes_on && length > 0)
        gathered->text[length - 1] = '\0';
    gathered->text = xtalloc_check(talloc_asprintf_append(gathered->text, "%s\n", line->text));
}

/* What is kept of `text` when it comes in two reads, the first of `cut` bytes. */
static char *pass(const struct bench *bench, const char *text, size_t length, size_t cut) {
    struct gathered gathered = {.text = xtalloc_strdup(bench, "")};
    struct lines *lines = lines_new(bench, bench->redact, gather, &gathered);
    lines_add(lines, text, cut);
    lines_add(lines, text + cut, length - cut);
    lines_end(lines);
    talloc_free(lines);
    return gathered.text;
}

/* The same in reads of `step` bytes each. */
static char *pass_steps(const struct bench *bench, const char *text, size_t length, size_t step) {
    struct gathered gathered = {.text = xtalloc_strdup(bench, "")};
    struct lines *lines = lines_new(bench, bench->redact, gather, &gathered);
    for (size_t at = 0; at < length; at += step)
        lines_add(lines, text + at, length - at < step ? length - at : step);
    lines_end(lines);
    talloc_free(lines);
    return gathered.text;
}

static char *pass_z(const struct bench *bench, const char *text) {
    return pass(bench, text, strlen(text), 0);
}

/* clang-format off */
static const struct { const char *said, *kept; } shapes[] = {
    {"id AKIAIOSFODNN7EXAMPLE.", "id [redacted].\n"},
    {"AKIA is a prefix", "AKIA is a prefix\n"},
    {"TAKIAIOSFODNN7EXAMPLE", "TAKIAIOSFODNN7EXAMPLE\n"},
    {"ghp_0123456789abcdefghijABCDEFGHIJ012345 ok", "[redacted] ok\n"},
    {"gho_0123456789abcdefghijABCDEFGHIJ012345", "[redacted]\n"},
    {"github_pat_11ABCDEFG0123456789_abcdef", "[redacted]\n"},
    {"xoxb-123456789012-abcdef", "[redacted]\n"},
    {"jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP", "jwt [redacted]\n"},
    {"Authorization: Bearer abc.def/ghi+jkl==", "Authorization: Bearer [redacted]\n"},
    {"authorization: basic dXNlcjpwYXNz", "authorization: basic [redacted]\n"},
    {"https://bob:hunter2@example.org/x", "https://bob:[redacted]@example.org/x\n"},
    {"https://example.org:8080/a@b", "https://example.org:8080/a@b\n"},
    {"password=hunter2&next=1", "password=[redacted]&next=1\n"},
    {"DB_PASSWORD='hunter 2' x", "DB_PASSWORD='[redacted]' x\n"},
    {"{\"token\": \"abc def\", \"n\": 1}", "{\"token\": \"[redacted]\", \"n\": 1}\n"},
    {"token: none left", "token: none left\n"},
    {"the password is wrong", "the password is wrong\n"},
    {"-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----\nafter",
     "[redacted]\n[redacted]\n[redacted]\n[redacted]\nafter\n"},
    /* A block that nobody ends must not hide what follows. */
    {"-----BEGIN PRIVATE KEY-----\nMIIEow\nstep 3 failed!\nmore", 
     "[redacted]\n[redacted]\nstep 3 failed!\nmore\n"},
};
/* clang-format on */

static void test_shapes(void **state) {
    const struct bench *bench = *state;
    for (size_t i = 0; i < ARRAY_SIZE(shapes); i++)
        assert_string_equal(pass_z(bench, shapes[i].said), shapes[i].kept);
}

static void test_split_at_every_byte(void **state) {
    struct bench *bench = *state;
    const char *text = "one " SECRET " two\nghp_0123456789abcdefghijABCDEFGHIJ012345 three\n"
                       "\033[1mhttps://u:" SECRET "@h\033[0m four\n";
    redact_add(bench->redact, SECRET);
    for (size_t cut = 0; cut <= strlen(text); cut++)
        assert_string_equal(pass(bench, text, strlen(text), cut),
                            "one [redacted] two\n[redacted] three\n"
                            "https://u:[redacted]@h four\n");
}

/* Colours in the middle of a secret don't hide it: they are gone before it is looked for. */
static void test_split_by_escapes(void **state) {
    struct bench *bench = *state;
    redact_add(bench->redact, SECRET);
    assert_string_equal(pass_z(bench, "correct-\033[31mhorse-\033]0;x\007battery"), "[redacted]\n");
}

/* Wherever a long line is cut into pieces, no byte of the secret comes out. */
static void test_secret_across_pieces(void **state) {
    struct bench *bench = *state;
    char line[4 * LINE_PIECE];
    redact_add(bench->redact, SECRET);
    for (size_t at = LINE_PIECE - 32; at < sizeof(line) - LINE_PIECE + 32; at++) {
        if ((at + 32) % LINE_PIECE > 64)
            continue; /* far from every cut */
        memset(line, '.', sizeof(line));
        memcpy(line + at, SECRET, strlen(SECRET));
        char *kept = pass_steps(bench, line, sizeof(line), 1 + at % 5);
        assert_null(strpbrk(kept, "hobsy")); /* letters that "[redacted]" hasn't */
        assert_int_equal(strlen(kept), sizeof(line) + 1 - (strlen(SECRET) - strlen("[redacted]")));
        talloc_free(kept);
    }
}

/* A token without end is longer than any piece: all of it goes, and what follows it stays. */
static void test_endless_token(void **state) {
    struct bench *bench = *state;
    char line[7 * LINE_PIECE];
    memset(line, 'A', sizeof(line));
    memcpy(line, "Bearer ", 7);
    memcpy(line + sizeof(line) - 6, " after", 6);
    for (size_t cut = 1; cut < sizeof(line); cut += 997)
        assert_string_equal(pass(bench, line, sizeof(line), cut), "Bearer [redacted] after\n");
}

static void test_secret_of_several_lines(void **state) {
    struct bench *bench = *state;
    redact_add(bench->redact, "{\n  \"first-part\": 1,\n  \"second-part\": 2\n}\n");
    assert_string_equal(pass_z(bench, "{\n  \"first-part\": 1,\nx  \"second-part\": 2 }"),
                        "{\n[redacted]\nx[redacted] }\n");
}

static void test_overlapping_secrets(void **state) {
    struct bench *bench = *state;
    redact_add(bench->redact, "abcdef");
    redact_add(bench->redact, "defghi");
    redact_add(bench->redact, "abc"); /* too short to be taken out */
    assert_string_equal(pass_z(bench, "1 abcdefghi 2 abc 3 abcdefabcdef"),
                        "1 [redacted] 2 abc 3 [redacted][redacted]\n");
}

/* A secret longer than a part of it is known by its parts, and goes as a whole. */
static void test_very_long_secret(void **state) {
    struct bench *bench = *state;
    char secret[2500] = "", text[2600] = "";
    for (size_t i = 0; i + 1 < sizeof(secret); i++)
        secret[i] = (char)('a' + (i * i + i / 7) % 26);
    redact_add(bench->redact, secret);
    snprintf(text, sizeof(text), "<%s>", secret);
    char *kept = pass_z(bench, text);
    char four[5] = "";
    for (size_t i = 0; i + 4 < sizeof(secret); i++) {
        memcpy(four, secret + i, 4);
        assert_null(strstr(kept, four) && strstr("[redacted]", four) == NULL ? kept : NULL);
    }
    assert_int_equal(kept[0], '<');
}

static void test_nul_bytes_hide_nothing(void **state) {
    struct bench *bench = *state;
    redact_add(bench->redact, SECRET);
    const char text[] = "a\0b " SECRET "\0z\n";
    assert_string_equal(pass(bench, text, sizeof(text) - 1, 3), "a^@b [redacted]^@z\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_shapes, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_split_at_every_byte, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_split_by_escapes, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_secret_across_pieces, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_endless_token, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_secret_of_several_lines, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_overlapping_secrets, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_very_long_secret, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_nul_bytes_hide_nothing, bench_setup, bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
