/* One command from start to end: what it is given, how it ends, and that nothing of it stays. */
#include "config.h"

#include "tests/run/fixture.h"

#include "run/environment.h"
#include "run/processes.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct exec_limits no_limits = {.timeout_ms = 0, .grace_ms = 1000};

static void assert_end(struct exec_end end, const char *ended, int64_t status) {
    assert_string_equal(end.ended, ended);
    assert_int_equal(end.status, status);
    assert_false(end.survivors);
}

static void test_exit_status(void **state) {
    assert_end(bench_shell(*state, "exit 0", &no_limits), "exited", 0);
    assert_end(bench_shell(*state, "exit 7", &no_limits), "exited", 7);
    assert_end(bench_shell(*state, "exit 255", &no_limits), "exited", 255);
}

static void test_signals(void **state) {
    assert_end(bench_shell(*state, "kill -SEGV $$", &no_limits), "signalled", SIGSEGV);
    assert_end(bench_shell(*state, "kill -KILL $$", &no_limits), "signalled", SIGKILL);
}

static void test_both_streams(void **state) {
    bench_shell(*state, "echo one; echo two >&2; printf three", &no_limits);
    char *text = output_text(*state, *state);
    assert_non_null(strstr(text, "o one\n"));
    assert_non_null(strstr(text, "e two\n"));
    assert_non_null(strstr(text, "o three\n"));
}

/* Nothing to read, no descriptor of ours, no terminal, plain signals, no core, a known umask. */
static void test_clean_room(void **state) {
    struct bench *bench = *state;
    int leak = open("/dev/null", O_RDONLY); /* without CLOEXEC */
    assert_true(leak > 2 && dup2(leak, 77) == 77);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    bench_shell(bench,
                "readlink /proc/self/fd/0; ls -m /proc/self/fd; ulimit -c; umask;"
                "grep -E 'Sig(Blk|Ign)' /proc/self/status; read line || echo at end;"
                "( : </dev/tty ) 2>/dev/null || echo no terminal;"
                "read pid comm state ppid pgrp session tty rest </proc/self/stat; echo tty $tty;"
                "test $pgrp = $$ && echo own group",
                &no_limits);
    sigprocmask(SIG_UNBLOCK, &blocked, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    close(77);
    close(leak);
    const char *text = output_text(bench, bench);
    assert_non_null(strstr(text, "o /dev/null\no 0, 1, 2, 3\no 0\no 0022\n"));
    assert_non_null(strstr(text, "SigBlk: 0000000000000000\n"));
    assert_non_null(strstr(text, "SigIgn: 0000000000000000\n"));
    assert_non_null(strstr(text, "at end\n"));
    assert_non_null(strstr(text, "no terminal\n"));
    assert_non_null(strstr(text, "own group\n"));
}

static void test_environment(void **state) {
    struct bench *bench = *state;
    setenv("LEAKED", "1", 1);
    setenv("LC_TIME", "C", 1);
    setenv("LD_PRELOAD_NOT", "1", 1);
    const struct pair own[] = {{"TZ", "Mars"}, {"DEPTH", "3"}, {NULL, NULL}};
    const struct pair identity[] = {{"BACKOUT_STEP", "undo"}, {NULL, NULL}};
    const struct pair *const lists[] = {own, identity, NULL};
    char **environment = environment_make(bench, lists);
    assert_null(environment_value(environment, "LEAKED"));
    assert_null(environment_value(environment, "LD_PRELOAD_NOT"));
    assert_string_equal(environment_value(environment, "LC_TIME"), "C");
    assert_string_equal(environment_value(environment, "TZ"), "Mars");
    assert_string_equal(environment_value(environment, "DEPTH"), "3");
    assert_string_equal(environment_value(environment, "TERM"), "dumb");
    assert_string_equal(environment_value(environment, "BACKOUT_STEP"), "undo");
    assert_non_null(strstr(environment_value(environment, "PATH"), "/usr/bin:"));
    assert_string_equal(environment_find_program(bench, environment, "sh"),
                        access("/usr/bin/sh", X_OK) == 0 ? "/usr/bin/sh" : "/bin/sh");
    assert_null(environment_find_program(bench, environment, "no-such-program"));
}

/* More than a pipe holds, and it need not be read. */
static void test_input(void **state) {
    struct bench *bench = *state;
    size_t length = (size_t)256 << 10;
    char *text = xtalloc_array(bench, char, length + 1);
    memset(text, 'x', length);
    text[length] = '\0';
    bench->input = text;
    struct exec_end end = bench_shell(bench, "wc -c | tr -d ' '", &no_limits);
    assert_int_equal(end.status, 0);
    assert_string_equal(output_text(bench, bench), "o 262144\n");
    end = bench_shell(bench, "exit 3", &no_limits);
    assert_int_equal(end.status, 3);
}

static bool start(struct bench *bench, struct launch *launch, struct exec **exec) {
    struct capture *capture;
    assert_true(
        capture_open(bench, bench->folder, CAPTURE_OUTPUT, bench->redact, &capture, bench->err));
    return exec_start(bench, bench->loop, launch, &no_limits, capture_sink(capture), exec,
                      bench->err);
}

/* An exec that fails is told to the word, and nothing ran. */
static void test_what_cannot_run(void **state) {
    struct bench *bench = *state;
    struct launch launch = shell_launch(bench, "exit 0");
    struct exec *exec;
    const char *const missing[] = {"/no/such/program", NULL}, *const unknown[] = {"nope", NULL},
                      *const folder[] = {"/tmp", NULL};
    launch.argv = missing;
    assert_false(start(bench, &launch, &exec));
    assert_string_equal(err_sentence(bench, bench->err),
                        "can't run: /no/such/program: No such file or directory; "
                        "see whether its name is right");
    launch.argv = unknown;
    assert_false(start(bench, &launch, &exec));
    assert_non_null(strstr(err_sentence(bench, bench->err), "nope: not found in /usr/local/sbin"));
    launch.argv = folder;
    assert_false(start(bench, &launch, &exec));
    assert_non_null(strstr(err_sentence(bench, bench->err), "/tmp: Permission denied"));
    launch = shell_launch(bench, "exit 0");
    launch.cwd = "/no/such/folder";
    assert_false(start(bench, &launch, &exec));
    assert_string_equal(err_sentence(bench, bench->err),
                        "can't enter the command's folder: /no/such/folder: "
                        "No such file or directory; see whether its name is right");
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no child is left */
}

static void run_to_end(struct bench *bench, struct exec *exec) {
    int64_t end_ms = time_boot_ms() + LIMIT_MS;
    while (!exec_over(exec)) {
        assert_true(time_boot_ms() < end_ms);
        loop_turn(bench->loop, SECOND_MS);
    }
}

static void test_folder(void **state) {
    struct bench *bench = *state;
    struct launch launch = shell_launch(bench, "pwd");
    struct exec *exec;
    launch.cwd = "/usr";
    assert_true(start(bench, &launch, &exec));
    run_to_end(bench, exec);
    talloc_free(exec);
    assert_string_equal(output_text(bench, bench), "o /usr\n");
}

/* HARDENING: "End of step = leader reaped + at most 2 s of draining, never pipe EOF." */
static void test_grandchild_that_keeps_the_pipe(void **state) {
    int64_t start_ms = time_boot_ms();
    assert_end(bench_shell(*state, "setsid sleep 60 & echo started", &no_limits), "exited", 0);
    int64_t took_ms = time_boot_ms() - start_ms;
    assert_true(took_ms >= 1900 && took_ms < 4000);
    assert_int_equal(processes_kill_descendants(), 1); /* it was let be */
    waitpid(-1, NULL, 0);
}

static void test_no_drain_without_need(void **state) {
    int64_t start_ms = time_boot_ms();
    bench_shell(*state, "setsid sleep 60 >/dev/null 2>&1 & exit 3", &no_limits);
    assert_true(time_boot_ms() - start_ms < 1500);
    processes_kill_descendants();
    waitpid(-1, NULL, 0);
}

/* TERM first, and time to end well. */
static void test_timeout_ends_well(void **state) {
    struct bench *bench = *state;
    const struct exec_limits limits = {.timeout_ms = 200, .grace_ms = 10000};
    int64_t start_ms = time_boot_ms();
    struct exec_end end = bench_shell(
        bench, "trap 'echo cleaned up; exit 4' TERM; echo ready; while :; do sleep 0.05; done",
        &limits);
    assert_end(end, "timed_out", 4);
    assert_true(time_boot_ms() - start_ms < 5000);
    assert_non_null(strstr(output_text(bench, bench), "cleaned up"));
}

/* And KILL for what doesn't listen, its children, and those that left its session. */
static void test_timeout_kills(void **state) {
    const struct exec_limits limits = {.timeout_ms = 300, .grace_ms = 300};
    int64_t start_ms = time_boot_ms();
    struct exec_end end = bench_shell(*state,
                                      "trap '' TERM; sleep 60 & setsid sleep 61 &"
                                      "setsid sh -c 'trap \"\" TERM; sleep 62; sleep 63' & wait;"
                                      "sleep 64",
                                      &limits);
    assert_end(end, "timed_out", SIGKILL);
    int64_t took_ms = time_boot_ms() - start_ms;
    assert_true(took_ms >= 600 && took_ms < 5000);
    assert_int_equal(processes_kill_descendants(), 0);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void test_abort_of_a_crowd(void **state) {
    struct bench *bench = *state;
    struct launch launch = shell_launch(
        bench, "i=0; while [ $i -lt 150 ]; do setsid sleep 60 & i=$((i+1)); done; echo all; wait");
    struct exec *exec;
    struct run_output *output = run_output_open(bench, bench->path, BENCH_RUN);
    assert_true(start(bench, &launch, &exec));
    int64_t end_ms = time_boot_ms() + LIMIT_MS;
    while (!run_output_poll(output)) {
        assert_true(time_boot_ms() < end_ms);
        loop_turn(bench->loop, 50);
    }
    int64_t start_ms = time_boot_ms();
    exec_stop(exec, "aborted");
    run_to_end(bench, exec);
    assert_end(exec_end(exec), "aborted", SIGTERM);
    assert_true(time_boot_ms() - start_ms < 5000);
    assert_int_equal(processes_kill_descendants(), 0);
    talloc_free(exec);
}

/* A command that forks faster than it is killed ends too. */
static void test_abort_of_a_forker(void **state) {
    struct bench *bench = *state;
    const struct exec_limits limits = {.timeout_ms = 300, .grace_ms = 100};
    int64_t start_ms = time_boot_ms();
    struct exec_end end = bench_shell(
        bench, "trap '' TERM; while :; do setsid sleep 0.3 & sleep 0.01; done", &limits);
    assert_string_equal(end.ended, "timed_out");
    assert_true(time_boot_ms() - start_ms < 5000);
    assert_false(end.survivors);
}

static void test_five_mebibytes(void **state) {
    struct bench *bench = *state;
    bench_shell(bench, "yes 0123456789012345678901234567890123456789 | head -c 5242880",
                &no_limits);
    struct run_output *output = run_output_open(bench, bench->path, BENCH_RUN);
    run_output_poll(output);
    assert_true(run_output_dropped(output) > 3 << 20);
}

/* A runner that is killed takes its command with it: nothing goes on unobserved. */
static void test_dies_with_its_runner(void **state) {
    struct bench *bench = *state;
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t runner = fork();
    if (runner == 0) {
        struct launch launch = shell_launch(bench, "exec sleep 60");
        struct exec *exec;
        bool ok = start(bench, &launch, &exec);
        pid_t pid = ok ? exec_group(exec) : 0;
        if (write(ends[1], &pid, sizeof(pid)) != (ssize_t)sizeof(pid))
            _exit(1);
        pause();
        _exit(0);
    }
    pid_t command = 0;
    assert_int_equal(read(ends[0], &command, sizeof(command)), sizeof(command));
    assert_true(command > 0 && kill(command, 0) == 0);
    kill(runner, SIGKILL);
    waitpid(runner, NULL, 0);
    int status = 0;
    assert_int_equal(waitpid(command, &status, 0), command); /* ours now: we adopt orphans */
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    close(ends[0]);
    close(ends[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_exit_status, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_signals, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_both_streams, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_clean_room, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_environment, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_input, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_what_cannot_run, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_folder, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_grandchild_that_keeps_the_pipe, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(test_no_drain_without_need, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_timeout_ends_well, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_timeout_kills, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_abort_of_a_crowd, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_abort_of_a_forker, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_five_mebibytes, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_dies_with_its_runner, bench_setup, bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
