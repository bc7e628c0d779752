/* How much is taken of what others wrote: a secret's file, how a run ended, what its output names.
 */
#include "config.h"

#include "tests/run/fixture.h"

#include "run/claim.h"
#include "run/match.h"
#include "run/secrets.h"

#include <string.h>

static char *of_length(const void *parent, char byte, size_t length) {
    char *text = xtalloc_zero_array(parent, char, length + 1);
    memset(text, byte, length);
    return text;
}

static bool read_secret(struct bench *bench, size_t length) {
    struct plan_secret secret = {.name = "key", .place.file = "key"};
    const struct plan plan = {.secrets = &secret, .secrets_count = 1};
    const struct pair wanted[] = {{"KEY", "key"}, {NULL, NULL}}, *values;
    file_write(xtalloc_asprintf(bench, "%s/key", bench->path), of_length(bench, 's', length));
    return secrets_read(bench, &plan, bench->path, wanted, &values, bench->err) &&
           strlen(pair_find(values, "KEY")) == length;
}

static void test_a_secret(void **state) {
    struct bench *bench = *state;
    assert_true(read_secret(bench, SECRET_MAX_BYTES));
    assert_false(read_secret(bench, SECRET_MAX_BYTES + 1));
    assert_int_equal(bench->err->code, ERR_DAMAGED);
}

static bool read_ending(struct bench *bench, size_t length) {
    static const char start[] = "{\"ended\":\"exited\",\"reason\":\"", end[] = "\"}";
    char *reason = of_length(bench, 'r', length - strlen(start) - strlen(end));
    file_write(xtalloc_asprintf(bench, "%s/%s/exit", bench->path, BENCH_RUN),
               xtalloc_asprintf(bench, "%s%s%s", start, reason, end));
    return ending_read(bench, bench->folder, ENDING_OF_WORK, bench->err) != NULL;
}

static void test_an_ending(void **state) {
    struct bench *bench = *state;
    assert_true(read_ending(bench, ENDING_MAX_BYTES));
    assert_false(read_ending(bench, ENDING_MAX_BYTES + 1));
    assert_int_equal(bench->err->code, ERR_DAMAGED);
}

static size_t found_length(struct bench *bench, size_t length) {
    const struct pair wanted[] = {{"v", "^v(.*)$"}, {NULL, NULL}};
    file_write(xtalloc_asprintf(bench, "%s/%s/out", bench->path, BENCH_RUN),
               xtalloc_asprintf(bench, "1 o v%s\n", of_length(bench, 'x', length)));
    return strlen(pair_find(match_outputs(bench, bench->folder, wanted), "v"));
}

static void test_an_output(void **state) {
    struct bench *bench = *state;
    assert_int_equal(found_length(bench, OUTPUT_MAX_BYTES), OUTPUT_MAX_BYTES);
    assert_int_equal(found_length(bench, OUTPUT_MAX_BYTES + 1), OUTPUT_MAX_BYTES);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_secret, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_an_ending, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_an_output, bench_setup, bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
