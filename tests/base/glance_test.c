#include "config.h"

#include "tests/base/unit.h"

#include "base/glance.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int folder(void **state) {
    static char path[] = "/tmp/backout-glance-XXXXXX";
    *state = mkdtemp(path);
    return *state == NULL || chdir(path) != 0 || symlink("file", "link") != 0;
}

static int no_folder(void **state) {
    unlink("file");
    unlink("link");
    return chdir("/") != 0 || rmdir(*state) != 0;
}

static int make_file(const char *bytes) {
    int fd = open("file", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, strlen(bytes)), strlen(bytes));
    return fd;
}

static void a_file_is_itself_by_name_and_open(void **state) {
    struct glance open, named, itself;
    int fd = make_file("five!");
    (void)state;
    assert_true(glance_open(fd, &open));
    assert_true(glance_followed("file", &named));
    assert_true(glance_itself("file", &itself));
    assert_true(glance_same(&open, &named));
    assert_true(glance_same(&open, &itself));
    assert_true(open.plain);
    assert_true(open.size == 5);
    assert_true(open.links == 1);
    close(fd);
}

static void a_link_is_followed_or_seen(void **state) {
    struct glance file, followed, itself;
    int fd = make_file("");
    (void)state;
    assert_true(glance_open(fd, &file));
    assert_true(glance_followed("link", &followed));
    assert_true(glance_itself("link", &itself));
    assert_true(glance_same(&file, &followed));
    assert_false(glance_same(&file, &itself));
    assert_false(itself.plain);
    close(fd);
}

static void what_was_taken_away_has_no_name(void **state) {
    struct glance old, new;
    int fd = make_file("");
    (void)state;
    unlink("file");
    assert_true(glance_open(fd, &old));
    assert_true(old.links == 0);
    assert_false(glance_followed("file", &new));
    assert_int_equal(errno, ENOENT);
    int other = make_file("");
    assert_true(glance_followed("file", &new));
    assert_false(glance_same(&old, &new));
    close(other);
    close(fd);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_itself_by_name_and_open),
        cmocka_unit_test(a_link_is_followed_or_seen),
        cmocka_unit_test(what_was_taken_away_has_no_name),
    };
    return cmocka_run_group_tests_name("glance", tests, folder, no_folder);
}
