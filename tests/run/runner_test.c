/* From `start` to the end on the log, with real runners: this program is its own runner. */
#include "config.h"

#include "tests/run/service.h"

#include "base/host.h"
#include "hub/local.h"
#include "incident/events.h"
#include "run/hold.h"
#include "run/processes.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct attempt *attempt_of(const struct service *service, const char *id) {
    return step_attempt(service_step(service, id));
}

static void test_done(void **state) {
    struct service *service = *state;
    DO(service, "start", "1", "quick");
    service_until(service, "quick", STEP_DONE);
    assert_int_equal(service_ran(service, "quick.ran"), 1);
    assert_string_equal(pair_find(service_step(service, "quick")->outputs, "revision"), "12");
    struct run_output *output = run_output_open(service, hub_run_folder(service->hub), "1.quick.1");
    assert_true(run_output_poll(output));
    assert_int_equal(run_output_count(output), 2);
    for (size_t i = 0; i < 2; i++) {
        struct run_line line = run_output_line(output, i);
        assert_string_equal(line.text,
                            line.stream == 'o' ? "revision 12 of 1.quick.1" : "secret [redacted]");
    }
    assert_int_equal(run_output_bytes(output), 25 + 19);
    assert_int_equal(attempt_of(service, "quick")->output_bytes, 25 + 19);
    assert_int_equal(strlen(attempt_of(service, "quick")->output_sha256), 64);
}

static void test_failed(void **state) {
    struct service *service = *state;
    DO(service, "start", "1", "fails");
    service_until(service, "fails", STEP_FAILED);
    assert_non_null(strstr(service_step(service, "fails")->reason, "9"));
}

/* What could not be executed is told to the word. */
static void test_not_run(void **state) {
    struct service *service = *state;
    DO(service, "start", "1", "missing");
    service_until(service, "missing", STEP_FAILED);
    assert_non_null(strstr(service_step(service, "missing")->reason, "No such file or directory"));
    DO(service, "start", "1", "keyless");
    service_until(service, "keyless", STEP_FAILED);
    assert_non_null(strstr(service_step(service, "keyless")->reason, "TEST_NO_SECRET"));
    assert_int_equal(service_ran(service, "keyless.ran"), 0);
}

static void test_verified(void **state) {
    struct service *service = *state;
    int64_t last_ms = 0;
    DO(service, "start", "1", "verified");
    service_until(service, "verified", STEP_VERIFYING);
    struct run_output *output =
        run_output_open(service, hub_run_folder(service->hub), "1.verified.1");
    int64_t end_ms = time_boot_ms() + LIMIT_MS;
    while (run_output_tries(output, &last_ms) < 2) {
        assert_true(time_boot_ms() < end_ms);
        run_output_poll(output);
        service_turn(service);
    }
    assert_true(last_ms > time_now_ms() - LIMIT_MS);
    file_write(service_path(service, "well"), "");
    service_until(service, "verified", STEP_DONE);
    assert_int_equal(service_ran(service, "verified.ran"), 1);
}

static void test_not_yet(void **state) {
    struct service *service = *state;
    DO(service, "start", "1", "unverified");
    service_until(service, "unverified", STEP_FAILED);
    assert_non_null(strstr(service_step(service, "unverified")->reason, "still v4"));
}

static void test_broken_check(void **state) {
    struct service *service = *state;
    DO(service, "start", "1", "broken");
    service_until(service, "broken", STEP_UNKNOWN);
    assert_non_null(strstr(service_step(service, "broken")->reason, "No such file"));
    DO(service, "check", "1", "broken"); /* again, as a run of its own */
    service_until_ended(service, "broken");
    assert_int_equal(service_step(service, "broken")->record, STEP_UNKNOWN);
    assert_int_equal(service_step(service, "broken")->runs_count, 2);
}

static void test_matches(void **state) {
    struct service *service = *state;
    DO(service, "start", "1", "matched");
    DO(service, "start", "1", "mismatched");
    service_until(service, "matched", STEP_DONE);
    service_until(service, "mismatched", STEP_FAILED);
}

static void test_times_out(void **state) {
    struct service *service = *state;
    DO(service, "start", "1", "times-out");
    service_until(service, "times-out", STEP_UNKNOWN);
    assert_int_equal(service_ran(service, "times-out.ran"), 1);
}

static void test_waits(void **state) {
    struct service *service = *state;
    int64_t start_ms = time_boot_ms();
    DO(service, "start", "1", "waits");
    service_until(service, "waits", STEP_DONE);
    assert_true(time_boot_ms() - start_ms >= 1000);
}

static void test_manual_is_verified(void **state) {
    struct service *service = *state;
    DO(service, "start", "1", "looks");
    DO(service, "done", "1", "looks");
    service_until(service, "looks", STEP_VERIFYING);
    file_write(service_path(service, "well"), "");
    service_until(service, "looks", STEP_DONE);
}

static bool slow_runs(void *data) {
    return service_ran(data, "slow.ran") > 0;
}

static void test_aborted(void **state) {
    struct service *service = *state;
    DO(service, "start", "1", "slow");
    wait_until(slow_runs, service);
    DO(service, "abort", "1", "slow", "--reason", "wrong one");
    service_until(service, "slow", STEP_UNKNOWN);
    assert_non_null(strstr(service_step(service, "slow")->reason, "aborted by"));
}

/* SIGTERM to the runner is an abort; a hang-up is nothing. */
static void test_signals_to_the_runner(void **state) {
    struct service *service = *state;
    DO(service, "start", "1", "slow");
    wait_until(slow_runs, service);
    pid_t runner = (pid_t)step_run(service_step(service, "slow"))->pid;
    kill(runner, SIGHUP);
    kill(runner, SIGTERM);
    service_until(service, "slow", STEP_UNKNOWN);
    assert_string_equal(service_step(service, "slow")->reason, "aborted on its host");
}

/* DESIGN §6.2: "a killed console change nothing". */
static void test_console_gone(void **state) {
    struct service *service = *state;
    DO(service, "start", "1", "slow");
    talloc_free(service->hub);
    service->hub = NULL;
    wait_until(slow_runs, service);
    file_write(service_path(service, "slow.go"), "");
    service_reopen(service);
    service_until(service, "slow", STEP_DONE);
    assert_int_equal(service_ran(service, "slow.ran"), 1);
}

/* A start as nobody could decide it: its digest is of something else. */
static void forge_start(struct service *service, int64_t pid) {
    struct bench *bench = service->bench;
    struct log *log = hub_log(service->hub);
    const struct body_step_started body = {.step = "quick",
                                           .attempt = 1,
                                           .run = "1.quick.1",
                                           .host = host_name(bench),
                                           .boot = host_boot(bench),
                                           .pid = pid,
                                           .digest = "of something else"};
    struct event event = {.command = "forged",
                          .incident = 1,
                          .at_ms = time_now_ms(),
                          .actor = "root",
                          .via = "console",
                          .kind = "step.started",
                          .body = event_encode(bench, EVENT_STEP_STARTED, &body)};
    bool doubt = false;
    assert_int_equal(log_begin(log, "test", bench->err), LOG_BEGUN);
    assert_true(log_append(log, &event, bench->err));
    assert_true(log_commit(log, &doubt, bench->err));
    service_reopen(service);
}

/* DESIGN §6.2: "It compares the digest again". */
static void test_other_digest(void **state) {
    struct service *service = *state;
    struct bench *bench = service->bench;
    struct held_run *held;
    int64_t pid;
    assert_true(run_hold(bench, "runner", service->store, &held, &pid, bench->err));
    forge_start(service, pid);
    assert_true(run_let_go(held, "1.quick.1", bench->err));
    service_until(service, "quick", STEP_FAILED);
    assert_non_null(strstr(service_step(service, "quick")->reason, "is not what was started"));
    assert_int_equal(service_ran(service, "quick.ran"), 0);
}

/* A refused start leaves no runner behind. */
static void test_refused(void **state) {
    struct service *service = *state;
    DO(service, "start", "1", "slow");
    wait_until(slow_runs, service);
    assert_int_equal(TRY(service, "start", "1", "slow").verdict, HUB_REFUSED);
    file_write(service_path(service, "slow.go"), "");
    service_until(service, "slow", STEP_DONE);
    assert_int_equal(service_ran(service, "slow.ran"), 1);
    for (int i = 0; i < 1000 && waitpid(-1, NULL, WNOHANG) >= 0; i++)
        service_turn(service); /* every runner is our orphan, and ends */
    assert_int_equal(processes_kill_descendants(), 0);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_done, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_failed, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_not_run, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_verified, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_not_yet, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_broken_check, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_matches, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_times_out, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_waits, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_manual_is_verified, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_aborted, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_signals_to_the_runner, service_setup,
                                        service_teardown),
        cmocka_unit_test_setup_teardown(test_console_gone, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_other_digest, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_refused, service_setup, service_teardown),
    };
    int status = service_runner(argc, argv);
    return status >= 0 ? status : cmocka_run_group_tests(tests, NULL, NULL);
}
