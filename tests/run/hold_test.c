/* A held runner: there with its pid, and nothing runs until it is let go. This program is its own
 * runner, as backout is: what is started is always /proc/self/exe. */
#include "config.h"

#include "tests/run/fixture.h"

#include "run/hold.h"
#include "run/processes.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEAK_FD 77

/* The runner of this test writes what it was told, and how it stands in the world, to STORE. */
static int play_runner(const char *store) {
    char *run = run_wait(NULL, HOLD_FD);
    bool leak = fcntl(HOLD_FD + 1, F_GETFD) >= 0 || fcntl(LEAK_FD, F_GETFD) >= 0;
    int terminal = open("/dev/tty", O_RDWR);
    char *text = talloc_asprintf(NULL, "%s session=%d leader=%d terminal=%d leak=%d\n",
                                 run != NULL ? run : "EOF", (int)getsid(0), getsid(0) == getpid(),
                                 terminal >= 0, leak);
    char *fresh = talloc_asprintf(NULL, "%s.new", store);
    file_write(fresh, text);
    return rename(fresh, store) != 0;
}

static bool is_there(void *path) {
    return access(path, F_OK) == 0;
}

static bool is_gone(void *pid) {
    return kill((pid_t) * (int64_t *)pid, 0) < 0 && errno == ESRCH;
}

/* We adopt orphans here; init would have the runner otherwise. */
static bool is_reaped(void *pid) {
    processes_reap(0);
    return is_gone(pid);
}

struct holding {
    char *store;
    struct held_run *held;
    int64_t pid;
};

static struct holding hold(struct bench *bench) {
    struct holding holding = {.store = xtalloc_asprintf(bench, "%s/told", bench->path)};
    setenv("BACKOUT_PROGRAM", "/bin/false", 1); /* must not matter */
    assert_true(run_hold(bench, "runner", holding.store, &holding.held, &holding.pid, bench->err));
    assert_true(holding.pid > 0 && holding.pid != getpid());
    assert_int_equal(processes_runner((pid_t)holding.pid), LIFE_THERE);
    return holding;
}

static void test_let_go(void **state) {
    struct bench *bench = *state;
    assert_true(dup2(0, LEAK_FD) == LEAK_FD); /* without CLOEXEC */
    struct holding holding = hold(bench);
    close(LEAK_FD);
    assert_false(is_there(holding.store));
    assert_true(run_let_go(holding.held, "41.undo.1", bench->err));
    wait_until(is_there, holding.store);
    int session = 0;
    assert_int_equal(sscanf(file_text(bench, holding.store),
                            "41.undo.1 session=%d leader=0 terminal=0 leak=0\n", &session),
                     1);
    assert_non_null(strstr(file_text(bench, holding.store), "terminal=0 leak=0"));
    assert_true(session > 0 && session != getsid(0));
    wait_until(is_reaped, &holding.pid);
    assert_int_equal(processes_runner((pid_t)holding.pid), LIFE_GONE);
}

static void test_dropped(void **state) {
    struct bench *bench = *state;
    struct holding holding = hold(bench);
    talloc_free(holding.held);
    wait_until(is_reaped, &holding.pid);
    assert_non_null(strstr(file_text(bench, holding.store), "EOF"));
}

/* DESIGN §6.1: "EOF on the pipe: it exits without running." */
static void test_killed_holder(void **state) {
    struct bench *bench = *state;
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t console = fork();
    if (console == 0) {
        struct holding holding = hold(bench);
        ssize_t told = write(ends[1], &holding.pid, sizeof(holding.pid));
        (void)told;
        pause();
        _exit(0);
    }
    int64_t pid = 0;
    assert_int_equal(read(ends[0], &pid, sizeof(pid)), sizeof(pid));
    assert_int_equal(processes_runner((pid_t)pid), LIFE_THERE);
    kill(console, SIGKILL);
    waitpid(console, NULL, 0);
    wait_until(is_reaped, &pid);
    char *store = xtalloc_asprintf(bench, "%s/told", bench->path);
    assert_non_null(strstr(file_text(bench, store), "EOF"));
    close(ends[0]);
    close(ends[1]);
}

/* A runner that died while it was held is told to nobody, and kills nobody by SIGPIPE. */
static void test_killed_runner(void **state) {
    struct bench *bench = *state;
    struct holding holding = hold(bench);
    kill((pid_t)holding.pid, SIGKILL);
    wait_until(is_reaped, &holding.pid);
    assert_false(run_let_go(holding.held, "41.undo.1", bench->err));
    assert_false(is_there(holding.store));
}

/* Two are held at once: the end of one pipe is not kept open by the other runner. */
static void test_two_at_once(void **state) {
    struct bench *bench = *state;
    struct holding first = hold(bench), second = hold(bench);
    talloc_free(first.held);
    wait_until(is_reaped, &first.pid);
    assert_int_equal(processes_runner((pid_t)second.pid), LIFE_THERE);
    talloc_free(second.held);
    wait_until(is_reaped, &second.pid);
}

/* Only a whole line lets anything go. */
static void test_partial_line(void **state) {
    struct bench *bench = *state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "41.undo.", 8), 8);
    close(ends[1]);
    assert_null(run_wait(bench, ends[0]));
    close(ends[0]);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_let_go, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_dropped, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_killed_holder, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_killed_runner, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_two_at_once, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_partial_line, bench_setup, bench_teardown),
    };
    if (argc == 4 && strcmp(argv[1], "runner") == 0)
        return play_runner(argv[3]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
