/* What is kept of a command's output: bounded, first and last, followed while it grows, harmless.
 */
#include "config.h"

#include "tests/run/fixture.h"

#include "run/kept.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIB ((size_t)1 << 20)

static struct capture *open_capture(struct bench *bench) {
    struct capture *capture;
    assert_true(
        capture_open(bench, bench->folder, CAPTURE_OUTPUT, bench->redact, &capture, bench->err));
    return capture;
}

static size_t folder_bytes(const struct bench *bench) {
    size_t count, bytes = 0;
    int64_t *numbers = kept_list(bench, bench->folder, CAPTURE_OUTPUT, &count);
    for (size_t i = 0; i < count; i++) {
        struct stat status;
        char *file = capture_file(bench, CAPTURE_OUTPUT, numbers[i]);
        assert_int_equal(fstatat(bench->folder->fd, file, &status, 0), 0);
        bytes += (size_t)status.st_size;
        assert_int_equal(status.st_mode & 0777, 0600);
    }
    return bytes;
}

/* Writes numbered lines of 80 bytes until `bytes` have come; returns how many lines. */
static int64_t write_lines(struct capture *capture, size_t bytes) {
    char line[81];
    int64_t count = 0;
    for (; (size_t)count * 80 < bytes; count++) {
        snprintf(line, sizeof(line), "line %-74lld\n", (long long)count);
        capture_add(capture, SINK_STDOUT, line, 80, 1000 + count);
    }
    return count;
}

static void test_everything_of_one_mebibyte(void **state) {
    struct bench *bench = *state;
    struct capture *capture = open_capture(bench);
    int64_t lines = write_lines(capture, MIB - 80);
    struct capture_sum sum = capture_close(capture, 1);
    assert_int_equal(sum.bytes, lines * 80);
    assert_int_equal(sum.dropped_bytes, 0);
    struct run_output *output = run_output_open(bench, bench->path, BENCH_RUN);
    run_output_poll(output);
    assert_int_equal(run_output_count(output), lines);
}

static int64_t line_number(struct run_line line) {
    long long number = -1;
    assert_int_equal(sscanf(line.text, "line %lld", &number), 1);
    return number;
}

/* DESIGN §6: "keeps the first 256 KiB and the last 768 KiB". */
static void test_first_and_last_of_five(void **state) {
    struct bench *bench = *state;
    struct capture *capture = open_capture(bench);
    size_t before = talloc_total_size(capture);
    int64_t lines = write_lines(capture, 5 * MIB);
    assert_true(talloc_total_size(capture) < before + (64 << 10));
    struct capture_sum sum = capture_close(capture, 1);
    assert_true(folder_bytes(bench) < MIB * 3 / 2);
    assert_true(folder_bytes(bench) >= CAPTURE_HEAD + (CAPTURE_SEGMENTS - 1) * CAPTURE_SEGMENT);
    assert_int_equal(sum.bytes, lines * 80);

    struct run_output *output = run_output_open(bench, bench->path, BENCH_RUN);
    run_output_poll(output);
    size_t count = run_output_count(output), gap = 0;
    while (gap < count && run_output_line(output, gap).stream != '-')
        assert_int_equal(line_number(run_output_line(output, gap)), gap), gap++;
    assert_true(gap * 80 >= CAPTURE_HEAD - 80);
    assert_non_null(strstr(run_output_line(output, gap).text, "dropped"));
    for (size_t i = gap + 1; i < count; i++)
        assert_int_equal(line_number(run_output_line(output, i)), lines - (int64_t)(count - i));
    assert_true((count - gap - 1) * 80 >= 768 << 10);
    assert_int_equal(sum.dropped_bytes, (lines - (int64_t)count + 1) * 80);
    assert_int_equal(run_output_dropped(output), sum.dropped_bytes);
    assert_int_equal(run_output_line(output, 7).at_ms, 1007);
}

/* Empty lines cost more than they say: the bound holds all the same. */
static void test_flood_of_empty_lines(void **state) {
    struct bench *bench = *state;
    struct capture *capture = open_capture(bench);
    char newlines[4096];
    memset(newlines, '\n', sizeof(newlines));
    for (size_t i = 0; i < 64; i++)
        capture_add(capture, SINK_STDERR, newlines, sizeof(newlines), 1731420000000);
    struct capture_sum sum = capture_close(capture, 1731420000000);
    assert_int_equal(sum.bytes, 64 * 4096);
    assert_true(sum.dropped_bytes > 0);
    assert_true(folder_bytes(bench) < MIB);
}

static void test_one_line_without_end(void **state) {
    struct bench *bench = *state;
    struct capture *capture = open_capture(bench);
    size_t before = talloc_total_size(capture);
    char bytes[4096];
    memset(bytes, 'x', sizeof(bytes));
    for (size_t i = 0; i < 5 * MIB / sizeof(bytes); i++)
        capture_add(capture, SINK_STDOUT, bytes, sizeof(bytes), 1);
    assert_true(talloc_total_size(capture) < before + (128 << 10));
    struct capture_sum sum = capture_close(capture, 1);
    assert_int_equal(sum.bytes, 5 * MIB);
    assert_true(folder_bytes(bench) < MIB * 3 / 2);
}

/* The digest is of the files as they stand: cat out* | sha256sum. */
static void test_digest_is_of_the_files(void **state) {
    struct bench *bench = *state;
    struct capture *capture = open_capture(bench);
    write_lines(capture, 3 * MIB);
    struct capture_sum sum = capture_close(capture, 1);
    char hex[DIGEST_HEX], expected[DIGEST_HEX + 8] = "";
    digest_hex(&sum.sha256, hex);
    char *script = xtalloc_asprintf(bench, "cat %s/%s/out* | sha256sum", bench->path, BENCH_RUN);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], 1);
        execl("/bin/sh", "sh", "-c", script, NULL);
        _exit(127);
    }
    assert_int_equal(read(ends[0], expected, 64), 64);
    close(ends[0]);
    close(ends[1]);
    assert_memory_equal(hex, expected, 64);
}

/* A follower that looks now and then sees each kept line once and in order, and what was dropped
 * under it goes from its memory. */
static void test_followed_while_it_grows(void **state) {
    struct bench *bench = *state;
    struct capture *capture = open_capture(bench);
    struct run_output *output = run_output_open(bench, bench->path, BENCH_RUN);
    char line[81];
    for (int64_t i = 0; i < 60000; i++) {
        snprintf(line, sizeof(line), "line %-74lld\n", (long long)i);
        capture_add(capture, SINK_STDOUT, line, 80, i);
        if (i % 1777 != 0)
            continue;
        assert_true(run_output_poll(output));
        struct run_line last = run_output_line(output, run_output_count(output) - 1);
        assert_int_equal(line_number(last), i);
        assert_true(talloc_total_size(output) < 6 * MIB);
        assert_true(run_output_bytes(output) >= (i + 1) * 80 - 8192);
    }
    assert_true(run_output_poll(output));
    assert_false(run_output_poll(output)); /* nothing new */
}

/* DESIGN §11.5: nothing that arrives from outside can move the cursor, hide text … or take
 * unbounded memory. */
static void test_hostile_lines(void **state) {
    struct bench *bench = *state;
    struct capture *capture = open_capture(bench);
    static const char bytes[] = "\033\033[]0;mHJ\007\b\r\x9b\x90\xc2\x9b\xe2\x80\xae\xff\0xyz%n\t";
    uint64_t random = 41;
    for (int i = 0; i < 2000; i++) {
        char line[200];
        size_t length = 0;
        for (; length < sizeof(line) - 1; length++) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            line[length] = bytes[(random >> 33) % (sizeof(bytes) - 1)];
        }
        line[length++] = '\n';
        capture_add(capture, i % 2 ? SINK_STDOUT : SINK_STDERR, line, length, i);
    }
    capture_close(capture, 2000);
    char *path = xtalloc_asprintf(bench, "%s/%s/out", bench->path, BENCH_RUN);
    char *text = file_text(bench, path);
    size_t length = strlen(text);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal((size_t)status.st_size, length); /* no NUL */
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        assert_true(byte == '\n' || byte == '\t' || (byte >= ' ' && byte != 0x7f));
        assert_false(byte == 0xc2 && (unsigned char)text[i + 1] < 0xa0); /* no C1 */
    }
    assert_null(strstr(text, "\xe2\x80\xae")); /* no right-to-left override */
    struct run_output *output = run_output_open(bench, bench->path, BENCH_RUN);
    run_output_poll(output);
    for (size_t i = 0; i < run_output_count(output); i++)
        for (const char *at = run_output_line(output, i).text; *at != '\0'; at++)
            assert_true((unsigned char)*at >= ' ' && *at != 0x7f);
}

/* What an earlier progress line said can't be hidden by a carriage return. */
static void test_carriage_returns_hide_nothing(void **state) {
    struct bench *bench = *state;
    struct capture *capture = open_capture(bench);
    const char *text = "10%\r50%\r\nrm -rf /srv\rall is well";
    capture_add(capture, SINK_STDOUT, text, strlen(text), 1);
    capture_close(capture, 2);
    assert_string_equal(output_text(bench, bench), "o 10%\no 50%\no rm -rf /srv\no all is well\n");
}

/* The files are somebody else's for whoever follows: a line nobody of us wrote is shown clean. */
static void test_forged_file_is_cleaned(void **state) {
    struct bench *bench = *state;
    char *path = xtalloc_asprintf(bench, "%s/%s/out", bench->path, BENCH_RUN);
    file_write(path, "garbage\n1 o red \033[31m\b\xe2\x80\xae\n1o x\n2 e fine\n");
    assert_string_equal(output_text(bench, bench), "o red ^[[31m^H<U+202E>\ne fine\n");
}

static void test_tabs_stay_for_regexes(void **state) {
    struct bench *bench = *state;
    struct capture *capture = open_capture(bench);
    capture_add(capture, SINK_STDOUT, "revision:\t12\n", 13, 5);
    capture_close(capture, 5);
    char *path = xtalloc_asprintf(bench, "%s/%s/out", bench->path, BENCH_RUN);
    assert_string_equal(file_text(bench, path), "5 o revision:\t12\n");
}

/* A disk that takes no more ends the keeping, not the step. */
static void test_full_disk(void **state) {
    struct bench *bench = *state;
    struct capture *capture = open_capture(bench);
    write_lines(capture, 200 << 10);
    char *folder = xtalloc_asprintf(bench, "%s/%s", bench->path, BENCH_RUN);
    char *blocker = xtalloc_asprintf(bench, "%s/out.000001", folder);
    assert_int_equal(mkdir(blocker, 0700), 0); /* the next file can't be made */
    write_lines(capture, 400 << 10);
    struct capture_sum sum = capture_close(capture, 1);
    assert_non_null(sum.trouble);
    assert_int_equal(sum.bytes, (200 << 10) + (400 << 10));
    assert_true(sum.dropped_bytes > 340 << 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_everything_of_one_mebibyte, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(test_first_and_last_of_five, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_flood_of_empty_lines, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_one_line_without_end, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_digest_is_of_the_files, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_followed_while_it_grows, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_hostile_lines, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_carriage_returns_hide_nothing, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(test_forged_file_is_cleaned, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_tabs_stay_for_regexes, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_full_disk, bench_setup, bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
