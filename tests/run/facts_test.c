/* What a door looks up before it submits, and how it says that it can't. */
#include "config.h"

#include "tests/run/fixture.h"

#include "base/host.h"
#include "run/facts.h"
#include "yaml/node.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct command *declare(struct bench *bench, const char *plan) {
    struct command *command = command_new(bench, "declare", time_now_ms());
    command->plan = plan;
    return command;
}

static bool gather(struct bench *bench, const struct command *command, struct facts *facts) {
    return facts_gather(bench, command, bench->path, facts, bench->err);
}

static void assert_refused(struct bench *bench, const char *plan, const char *words) {
    struct facts facts;
    assert_false(gather(bench, declare(bench, plan), &facts));
    assert_non_null(strstr(err_sentence(bench, bench->err), words));
}

static void test_plan(void **state) {
    struct bench *bench = *state;
    struct facts facts;
    char *path = xtalloc_asprintf(bench, "%s/plan.yaml", bench->path);
    char *real = realpath(bench->path, NULL);
    file_write(path, "backout: 1\n");
    assert_int_equal(chdir(bench->path), 0);
    assert_true(gather(bench, declare(bench, "plan.yaml"), &facts));
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(facts.plan_length, 11);
    assert_memory_equal(facts.plan_text, "backout: 1\n", 11);
    assert_string_equal(facts.plan_folder, real);
    free(real);
}

static void test_no_plan_is_no_error(void **state) {
    struct bench *bench = *state;
    struct facts facts;
    assert_true(gather(bench, declare(bench, NULL), &facts));
    assert_null(facts.plan_text);
}

static void test_what_is_no_plan(void **state) {
    struct bench *bench = *state;
    char *pipe = xtalloc_asprintf(bench, "%s/pipe", bench->path);
    char *big = xtalloc_asprintf(bench, "%s/big", bench->path);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    file_write(big, "");
    assert_int_equal(truncate(big, (off_t)YAML_MAX_BYTES + 1), 0);
    assert_refused(bench, xtalloc_asprintf(bench, "%s/none", bench->path),
                   "No such file or directory");
    assert_refused(bench, bench->path, "the plan is not a file");
    assert_refused(bench, pipe, "the plan is not a file"); /* and doesn't wait for a writer */
    assert_refused(bench, big, "longer than 1 MiB");
    assert_int_equal(truncate(big, (off_t)YAML_MAX_BYTES), 0);
    struct facts facts;
    assert_true(gather(bench, declare(bench, big), &facts));
    assert_int_equal(facts.plan_length, YAML_MAX_BYTES);
}

static void test_roster(void **state) {
    struct bench *bench = *state;
    struct facts facts;
    struct command *command = command_new(bench, "roster apply", time_now_ms());
    command->roster = xtalloc_asprintf(bench, "%s/roster.yaml", bench->path);
    assert_false(gather(bench, command, &facts));
    assert_non_null(strstr(err_sentence(bench, bench->err), "can't read the roster"));
    file_write(command->roster, "roster: 1\n");
    assert_true(gather(bench, command, &facts));
    assert_int_equal(facts.roster_length, 10);
    assert_memory_equal(facts.roster_text, "roster: 1\n", 10);
    assert_null(facts.plan_text);
}

static void test_host_and_space(void **state) {
    struct bench *bench = *state;
    struct facts facts;
    char host[256] = "";
    assert_int_equal(gethostname(host, sizeof(host) - 1), 0);
    assert_true(gather(bench, command_new(bench, "start", time_now_ms()), &facts));
    assert_string_equal(facts.host, host);
    assert_int_equal(strlen(facts.boot), 36);
    assert_true(facts.free_bytes > 0);
    assert_int_equal(facts.pid, 0);
    assert_true(facts_gather(bench, command_new(bench, "start", time_now_ms()), "/no/such/folder",
                             &facts, bench->err));
    assert_int_equal(facts.free_bytes, -1); /* not known, and no reason to refuse here */
}

static void test_person(void **state) {
    struct bench *bench = *state;
    struct facts facts;
    struct command *command = command_new(bench, "assign", time_now_ms());
    command->person = host_user(bench);
    assert_true(gather(bench, command, &facts));
    assert_true(facts.person_exists);
    command->person = "nobody-of-this-name";
    assert_true(gather(bench, command, &facts));
    assert_false(facts.person_exists);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_plan, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_no_plan_is_no_error, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_what_is_no_plan, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_roster, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_host_and_space, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_person, bench_setup, bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
