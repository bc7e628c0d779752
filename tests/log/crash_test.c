/* DESIGN §11.1: "A command that was acknowledged is never lost: kill -9 at any moment." */
#include "config.h"

#include "tests/log/reflection.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

enum { CRASHES = 50, PARTS = 3 };

static int acknowledge_end;
static int crash;

static const char *command_name(const void *parent, int round, int number) {
    return talloc_asprintf(parent, "crash/%d/%d", round, number);
}

/* One command of several events: all of them or none. */
static bool append_command(struct fixture *fixture, struct log *log, const char *command) {
    bool doubt;
    struct event event = fixture_event(fixture, 1, "note.added", "{\"text\":\"on the record\"}");
    event.command = command;
    fixture_begin(fixture, log);
    for (event.part = 0; event.part < PARTS; event.part++)
        if (!log_append(log, &event, fixture->err))
            return false;
    return log_commit(log, &doubt, fixture->err);
}

static int append_until_killed(struct fixture *fixture) {
    struct log *log = fixture_open(fixture, LOG_CREATE);
    for (int number = 0;; number++) {
        if (!append_command(fixture, log, command_name(fixture, crash, number)))
            return 1;
        if (write(acknowledge_end, &number, sizeof number) != sizeof number)
            return 1;
    }
}

/* Reads acknowledgements until `enough` came or the pipe ends; returns how many did. */
static int read_acknowledged(int pipe, int enough) {
    int count = 0, number;
    while (count < enough && read(pipe, &number, sizeof number) == sizeof number)
        assert_int_equal(number, count++);
    return count;
}

static void wait_less_than_a_commit(void) {
    struct timespec moment = {.tv_nsec = random() % 400000};
    nanosleep(&moment, NULL); /* the random moment of the crash, not a wait for anything */
}

/* Returns how many commands the child had acknowledged when it died. */
static int run_and_kill(struct fixture *fixture) {
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    acknowledge_end = ends[1];
    pid_t child = start_child(append_until_killed, fixture);
    close(ends[1]);
    int early = (int)(random() % 30);
    int count = read_acknowledged(ends[0], early);
    wait_less_than_a_commit();
    kill(child, SIGKILL);
    assert_int_equal(wait_for_child(child), -1);
    int number;
    while (read(ends[0], &number, sizeof number) == sizeof number)
        count++;
    close(ends[0]);
    return count;
}

static size_t parts_found(struct fixture *fixture, struct log *log, int number) {
    int64_t count = 0;
    size_t found = 0;
    fixture_ok(fixture, log_find(log, command_name(fixture, crash, number), count_event, &count,
                                 &found, fixture->err));
    return found;
}

/* Whatever the dead one left of its last line, the next commit completes. */
static void look_at_mirror(struct fixture *fixture, struct log *log) {
    if (crash % 2)
        fixture_append(fixture, log, 1, "note.added", "{\"text\":\"after the crash\"}");
    else
        assert_int_equal(log_mirror_mend(log, "test", fixture->err), LOG_BEGUN);
    assert_mirrored(fixture, log);
}

static void look_after_crash(struct fixture *fixture, int acknowledged) {
    int64_t verified = 0;
    struct log *log = fixture_open(fixture, LOG_CREATE);
    fixture_ok(fixture, log_verify(log, &verified, fixture->err));
    for (int number = 0; number < acknowledged; number++)
        assert_int_equal(parts_found(fixture, log, number), PARTS);
    size_t after = parts_found(fixture, log, acknowledged); /* committed, perhaps, and not said */
    assert_true(after == 0 || after == PARTS);
    assert_int_equal(parts_found(fixture, log, acknowledged + 1), 0);
    look_at_mirror(fixture, log);
    talloc_free(log);
}

static void loses_nothing_that_was_acknowledged(void **state) {
    struct fixture *fixture = *state;
    int total = 0;
    srandom((unsigned)getpid());
    for (crash = 0; crash < CRASHES; crash++) {
        int acknowledged = run_and_kill(fixture);
        look_after_crash(fixture, acknowledged);
        total += acknowledged;
    }
    assert_true(total > CRASHES);
}

int main(void) {
    const struct CMUnitTest tests[] = {fixture_test(loses_nothing_that_was_acknowledged)};
    return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
