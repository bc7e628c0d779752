/* Runners that die, at every moment there is: what is known is taken, what isn't is said so, and
 * nothing runs twice. DESIGN §11.2: "A step that may not be repeated is never started twice by
 * software, whatever crashes." */
#include "config.h"

#include "tests/run/service.h"

#include "base/host.h"
#include "run/claim.h"
#include "run/facts.h"
#include "run/hold.h"
#include "run/processes.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static size_t sweep(struct service *service) {
    size_t reported = run_sweep(service->hub, time_now_ms());
    service_turn(service);
    return reported;
}

static bool is_gone(void *pid) {
    processes_reap(0);
    return kill((pid_t) * (int64_t *)pid, 0) < 0 && errno == ESRCH;
}

/* What `start` of a console that dies before it lets go leaves behind: the start on the log with
 * these facts, and whatever runner is held. */
static void commit_start(struct service *service, const char *step, const struct facts *facts) {
    struct bench *bench = service->bench;
    struct command *command = command_new(bench, "start", time_now_ms());
    struct hub_item answer;
    command->incident = 1;
    command->step = step;
    assert_true(hub_ask(service->hub, bench->loop, command, facts, LIMIT_MS, &answer, bench->err));
    if (answer.verdict != HUB_ACCEPTED)
        fail_msg("%s", err_sentence(bench, answer.err));
}

/* A start whose runner was held and died with its console. Returns the run's folder. */
static struct folder *start_and_die(struct service *service, const char *step) {
    struct bench *bench = service->bench;
    struct held_run *held;
    struct folder *folder;
    struct facts facts = {.host = host_name(bench), .boot = host_boot(bench), .free_bytes = -1};
    assert_true(run_hold(bench, "runner", service->store, &held, &facts.pid, bench->err));
    commit_start(service, step, &facts);
    assert_int_equal(sweep(service), 0); /* it may yet be let go */
    talloc_free(held);
    wait_until(is_gone, &facts.pid);
    assert_true(folder_open(bench, hub_run_folder(service->hub),
                            step_run(service_step(service, step))->id, true, &folder, bench->err));
    return folder;
}

static void test_never_let_go(void **state) {
    struct service *service = *state;
    start_and_die(service, "counted");
    assert_int_equal(sweep(service), 1);
    assert_int_equal(service_step(service, "counted")->record, STEP_WAITING); /* absent: ready */
    assert_int_equal(sweep(service), 0);
    assert_int_equal(service_ran(service, "counted.ran"), 0);
    DO(service, "start", "1", "counted");
    service_until(service, "counted", STEP_DONE);
    assert_int_equal(service_ran(service, "counted.ran"), 1);
}

static void test_lost_after_the_mark(void **state) {
    struct service *service = *state;
    struct folder *folder = start_and_die(service, "counted");
    struct claim *claim;
    assert_true(claim_take(folder, folder, &claim, service->bench->err));
    assert_true(claim_mark_exec(claim, service->bench->err));
    talloc_free(claim);
    assert_int_equal(sweep(service), 1);
    struct step *step = service_step(service, "counted");
    assert_int_equal(step->record, STEP_UNKNOWN);
    assert_non_null(strstr(step->reason, "lost contact "));
    assert_non_null(strstr(step->reason, ", host "));
    assert_non_null(strstr(step->reason, ", pid "));
}

/* The runner had written how it ended, and died before it could say so. */
static void test_exit_is_taken(void **state) {
    struct service *service = *state;
    struct folder *folder = start_and_die(service, "quick");
    const struct pair outputs[] = {{"revision", "13"}, {NULL, NULL}};
    const struct ending ending = {
        .run = "1.quick.1", .ended = "exited", .outputs = outputs, .output_bytes = 7};
    assert_true(ending_write(folder, ENDING_OF_WORK, &ending, service->bench->err));
    assert_int_equal(sweep(service), 1);
    struct step *step = service_step(service, "quick");
    assert_int_equal(step->record, STEP_DONE);
    assert_string_equal(pair_find(step->outputs, "revision"), "13");
    assert_int_equal(step_attempt(step)->output_bytes, 7);
}

static void test_living_runner_is_left_alone(void **state) {
    struct service *service = *state;
    DO(service, "start", "1", "slow");
    for (int i = 0; i < 50; i++)
        assert_int_equal(sweep(service), 0);
    file_write(service_path(service, "slow.go"), "");
    service_until(service, "slow", STEP_DONE);
}

static void test_lost_while_verifying(void **state) {
    struct service *service = *state;
    DO(service, "start", "1", "verified");
    service_until(service, "verified", STEP_VERIFYING);
    int64_t pid = step_run(service_step(service, "verified"))->pid;
    kill((pid_t)pid, SIGKILL);
    wait_until(is_gone, &pid);
    assert_int_equal(sweep(service), 1);
    assert_int_equal(service_step(service, "verified")->record, STEP_UNKNOWN);
    file_write(service_path(service, "well"), "");
    DO(service, "check", "1", "verified");
    service_until(service, "verified", STEP_DONE);
    assert_int_equal(service_ran(service, "verified.ran"), 1);
}

/* A host that was restarted keeps no process, whoever has that pid today. */
static void test_other_boot(void **state) {
    struct service *service = *state;
    const struct facts facts = {.host = host_name(service->bench),
                                .boot = "another life",
                                .pid = getpid(),
                                .free_bytes = -1};
    commit_start(service, "counted", &facts);
    assert_int_equal(sweep(service), 1);
    assert_int_equal(service_step(service, "counted")->record, STEP_WAITING);
}

static void test_other_program_with_its_pid(void **state) {
    struct service *service = *state;
    const struct facts facts = {.host = host_name(service->bench),
                                .boot = host_boot(service->bench),
                                .pid = getpid(),
                                .free_bytes = -1};
    commit_start(service, "counted", &facts);
    assert_int_equal(sweep(service), 1);
}

static void test_other_host(void **state) {
    struct service *service = *state;
    const struct facts facts = {.host = "elsewhere", .boot = "its own", .pid = 1, .free_bytes = -1};
    commit_start(service, "counted", &facts);
    assert_int_equal(sweep(service), 0);
    assert_int_equal(service_step(service, "counted")->record, STEP_RUNNING);
}

/* A runner that is let go after it was judged finds the judgement, and runs nothing. */
static void test_late_runner(void **state) {
    struct service *service = *state;
    struct bench *bench = service->bench;
    struct held_run *held;
    struct folder *folder;
    struct facts facts = {.host = host_name(bench), .boot = host_boot(bench), .free_bytes = -1};
    assert_true(run_hold(bench, "runner", service->store, &held, &facts.pid, bench->err));
    commit_start(service, "counted", &facts);
    assert_true(
        folder_open(bench, hub_run_folder(service->hub), "1.counted.1", true, &folder, bench->err));
    assert_true(ending_write(folder, ENDING_OF_WORK,
                             &(struct ending){.run = "1.counted.1", .ended = "absent"},
                             bench->err));
    assert_true(run_let_go(held, "1.counted.1", bench->err));
    wait_until(is_gone, &facts.pid);
    assert_int_equal(service_ran(service, "counted.ran"), 0);
    assert_int_equal(sweep(service), 1);
    assert_int_equal(service_step(service, "counted")->record, STEP_WAITING);
}

/* A runner runs its own run only: one that is told another's does nothing, even where the claim is
 * free. */
static void test_wrong_runner(void **state) {
    struct service *service = *state;
    struct bench *bench = service->bench;
    struct held_run *held;
    int64_t pid;
    start_and_die(service, "counted");
    assert_true(run_hold(bench, "runner", service->store, &held, &pid, bench->err));
    assert_true(run_let_go(held, "1.counted.1", bench->err));
    wait_until(is_gone, &pid);
    assert_int_equal(service_ran(service, "counted.ran"), 0);
}

/* Two consoles sweep at once: one report counts. */
static void test_two_sweepers(void **state) {
    struct service *service = *state;
    const struct hub_options options = {.store = service->store, .actor = "bo", .via = "console"};
    struct hub *other;
    struct hub_item item;
    start_and_die(service, "counted");
    assert_true(hub_open(service->bench, &options, time_now_ms(), &other, service->bench->err));
    assert_int_equal(run_sweep(service->hub, time_now_ms()), 1);
    assert_int_equal(run_sweep(other, time_now_ms()), 1);
    for (int i = 0; i < 20; i++) {
        service_turn(service);
        while (hub_next(other, time_moment(), &item))
            continue;
    }
    assert_int_equal(service_step(service, "counted")->record, STEP_WAITING);
    assert_int_equal(state_incident(hub_state(other), 1)->last_seq,
                     state_incident(hub_state(service->hub), 1)->last_seq);
}

#define ROUNDS 20

static void pause_us(long microseconds) {
    const struct timespec pause = {.tv_nsec = microseconds * 1000};
    nanosleep(&pause, NULL);
}

/* After a round, makes the step one that may be started again. */
static void open_again(struct service *service, enum step_state ended) {
    if (ended == STEP_DONE)
        DO(service, "reopen", "1", "counted", "--reason", "once more");
    else if (ended == STEP_UNKNOWN)
        DO(service, "settle", "1", "counted", "absent", "--evidence", "a test");
}

/* kill -9 at moments all over a runner's life: what is said to be absent never ran, what is said to
 * be done did, and no attempt ran twice. */
static void test_killed_at_any_moment(void **state) {
    struct service *service = *state;
    uint64_t random = (uint64_t)time_boot_ms();
    size_t ran = 0, seen[STEP_STATE_COUNT] = {0};
    print_message("# seed %llu\n", (unsigned long long)random);
    for (int round = 0; round < ROUNDS; round++) {
        DO(service, "start", "1", "counted");
        const struct run *run = step_run(service_step(service, "counted"));
        int64_t pid = run != NULL ? run->pid : 0;
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        pause_us((long)((random >> 33) % (round % 2 ? 15000 : 70000)));
        if (pid > 0)
            kill((pid_t)pid, SIGKILL);
        int64_t end_ms = time_boot_ms() + LIMIT_MS;
        while (step_run(service_step(service, "counted")) != NULL) {
            assert_true(time_boot_ms() < end_ms);
            sweep(service);
        }
        enum step_state ended = service_step(service, "counted")->record;
        size_t now = service_ran(service, "counted.ran");
        if (ended == STEP_DONE)
            assert_int_equal(now, ran + 1);
        else if (ended == STEP_UNKNOWN)
            assert_true(now <= ran + 1);
        else
            assert_int_equal(now, ran);
        ran = now;
        seen[ended]++;
        open_again(service, ended);
    }
    print_message("# absent %zu, unknown %zu, done %zu\n", seen[STEP_WAITING], seen[STEP_UNKNOWN],
                  seen[STEP_DONE]);
    char *attempts = file_text(service->bench, service_path(service, "counted.ran"));
    for (int attempt = 1; attempts != NULL && attempt <= ROUNDS; attempt++) {
        char *line = xtalloc_asprintf(service->bench, "\n%d\n", attempt);
        char *text = xtalloc_asprintf(service->bench, "\n%s", attempts);
        char *first = strstr(text, line);
        assert_true(first == NULL || strstr(first + 1, line) == NULL);
    }
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_never_let_go, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_lost_after_the_mark, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_exit_is_taken, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_living_runner_is_left_alone, service_setup,
                                        service_teardown),
        cmocka_unit_test_setup_teardown(test_lost_while_verifying, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_other_boot, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_other_program_with_its_pid, service_setup,
                                        service_teardown),
        cmocka_unit_test_setup_teardown(test_other_host, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_late_runner, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_wrong_runner, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_two_sweepers, service_setup, service_teardown),
        cmocka_unit_test_setup_teardown(test_killed_at_any_moment, service_setup, service_teardown),
    };
    int status = service_runner(argc, argv);
    return status >= 0 ? status : cmocka_run_group_tests(tests, NULL, NULL);
}
