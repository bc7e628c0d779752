/* HARDENING "Mirror": "Watch the folder: inotify on the file goes silent at the rename", and "the
 * poll is … all there is when fs.inotify.max_user_instances … is used up". */
#include "config.h"

#include "tests/log/fixture.h"

#include "log/bell.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <talloc.h>
#include <unistd.h>

#define LONG_MS 10000 /* for what must come */

static struct bell *listening(struct fixture *fixture, const char *name) {
    struct bell *bell = bell_new(fixture, fixture_path(fixture, name));
    assert_int_equal(bell_fd(bell), -1);
    assert_true(bell_listen(bell));
    assert_true(bell_fd(bell) >= 0);
    return bell;
}

static void touch(struct fixture *fixture, const char *name) {
    int fd = open(fixture_path(fixture, name), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, "x", 1), 1);
    close(fd);
}

/* That the descriptor says so, and then the bell. */
static void hears(struct bell *bell) {
    struct pollfd polled = {.fd = bell_fd(bell), .events = POLLIN};
    assert_int_equal(poll(&polled, 1, LONG_MS), 1);
    assert_true(bell_heard(bell));
    assert_int_equal(poll(&polled, 1, 0), 0);
    assert_false(bell_heard(bell));
}

static void hears_its_file(void **state) {
    struct fixture *fixture = *state;
    struct bell *bell = listening(fixture, "a.ndjson");
    assert_false(bell_heard(bell));
    touch(fixture, "a.ndjson");
    hears(bell);
    touch(fixture, "a.ndjson");
    hears(bell);
    touch(fixture, "b");
    assert_int_equal(rename(fixture_path(fixture, "b"), fixture_path(fixture, "a.ndjson")), 0);
    hears(bell);
    touch(fixture, "a.ndjson");
    hears(bell);
    unlink(fixture_path(fixture, "a.ndjson"));
    hears(bell);
}

static void hears_no_other(void **state) {
    struct fixture *fixture = *state;
    struct bell *bell = listening(fixture, "a.ndjson");
    touch(fixture, "a.ndjson.new");
    touch(fixture, "b.ndjson");
    mkdir(fixture_path(fixture, "run"), 0700);
    assert_false(bell_heard(bell));
}

static void hears_many_as_one(void **state) {
    struct fixture *fixture = *state;
    struct bell *bell = listening(fixture, "a.ndjson");
    for (int i = 0; i < 2000; i++)
        touch(fixture, i % 2 ? "a.ndjson" : "b.ndjson");
    hears(bell);
}

static void comes_back_with_its_folder(void **state) {
    struct fixture *fixture = *state;
    struct bell *bell = bell_new(fixture, fixture_path(fixture, "view/a.ndjson"));
    char *view = fixture_path(fixture, "view"), *gone = fixture_path(fixture, "gone");
    assert_false(bell_listen(bell));
    assert_int_equal(mkdir(view, 0700), 0);
    assert_true(bell_listen(bell));
    int fd = bell_fd(bell);
    assert_int_equal(rename(view, gone), 0);
    hears(bell);
    touch(fixture, "gone/a.ndjson");
    assert_false(bell_heard(bell));
    assert_false(bell_listen(bell));
    assert_int_equal(mkdir(view, 0700), 0);
    assert_true(bell_listen(bell));
    assert_int_equal(bell_fd(bell), fd);
    touch(fixture, "view/a.ndjson");
    hears(bell);
    unlink(fixture_path(fixture, "view/a.ndjson"));
    hears(bell);
    assert_int_equal(rmdir(view), 0);
    hears(bell);
    assert_false(bell_listen(bell));
}

/* In the folder where it stands, as `tail` and `watch` name files. */
static void hears_a_file_without_a_folder(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(chdir(fixture->folder), 0);
    struct bell *bell = bell_new(fixture, "a.ndjson");
    assert_true(bell_listen(bell));
    touch(fixture, "a.ndjson");
    hears(bell);
    assert_int_equal(chdir("/"), 0);
}

static int use_all_instances(struct fixture *fixture) {
    struct bell *bell = bell_new(fixture, "/tmp/a.ndjson");
    int last = -1, fd;
    while ((fd = inotify_init1(IN_CLOEXEC)) >= 0)
        last = fd;
    bool refused = !bell_listen(bell) && bell_fd(bell) < 0 && !bell_heard(bell);
    close(last);
    return refused && bell_listen(bell);
}

static void waits_for_an_instance(void **state) {
    assert_int_equal(run_as_nobody(use_all_instances, *state), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(hears_its_file),
        fixture_test(hears_no_other),
        fixture_test(hears_many_as_one),
        fixture_test(comes_back_with_its_folder),
        fixture_test(hears_a_file_without_a_folder),
        fixture_test(waits_for_an_instance),
    };
    return cmocka_run_group_tests_name("bell", tests, NULL, NULL);
}
