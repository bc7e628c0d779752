/* HARDENING: "`head` goes to syslog … on every state change", and nobody waits for who doesn't
 * listen. */
#include "config.h"

#include "tests/hub/store.h"

#include "base/syslog.h"
#include "base/time.h"
#include "base/xtalloc.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listen_at(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true(strlen(path) < sizeof(address.sun_path));
    memcpy(address.sun_path, path, strlen(path) + 1);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static struct hub *open_told(struct fixture *fixture, const char *path) {
    struct hub_options options = {
        .store = fixture->path, .actor = "ana", .via = "line", .create = true, .syslog = path};
    struct hub *hub = NULL;
    fixture_ok(fixture, hub_open(fixture, &options, NOW_MS, &hub, fixture->err));
    return hub;
}

/* The next line, "" when there is none. */
static char *heard(struct fixture *fixture, int fd) {
    char *line = xtalloc_zero_array(fixture, char, 4096);
    ssize_t got = recv(fd, line, 4095, 0);
    assert_true(got > 0 || *line == '\0');
    return line;
}

static void assert_heard(struct fixture *fixture, int fd, struct hub *hub, const char *what) {
    struct log_head head, said;
    char *line = heard(fixture, fd);
    fixture_ok(fixture, hub_head(hub, &head, fixture->err));
    char *end = xtalloc_asprintf(fixture, "backout[%d]: %s; %s", (int)getpid(),
                                 log_head_words(fixture, &head), what);
    if (strncmp(line, "<85>", 4) != 0 || !strstr(line, end))
        fail_msg("%s, not %s", line, end);
    assert_true(log_head_parse(line, &said)); /* so a line can be given to verify --since */
    assert_string_equal(said.store, head.store);
    assert_int_equal(said.seq, head.seq);
    assert_true(digest_equal(&said.hash, &head.hash));
}

static void test_each_change_is_told(void **state) {
    struct fixture *fixture = *state;
    char *path = fixture_path(fixture, "log");
    int fd = listen_at(path);
    struct hub *hub = open_told(fixture, path);
    store_ok(fixture, hub, "declare p --accept t");
    assert_heard(fixture, fd, hub, "INC-1 declared");
    store_ok(fixture, hub, "ack 1");
    assert_heard(fixture, fd, hub, "INC-1 acknowledged");
    store_ok(fixture, hub, "note 1 x"); /* no change of the incident */
    assert_string_equal(heard(fixture, fd), "");
    store_ok(fixture, hub, "abandon 1 --reason x");
    assert_heard(fixture, fd, hub, "INC-1 abandoned");
    assert_string_equal(heard(fixture, fd), "");
    close(fd);
}

static void test_only_who_committed_tells(void **state) {
    struct fixture *fixture = *state;
    char *path = fixture_path(fixture, "log");
    int fd = listen_at(path);
    struct hub *hub = open_told(fixture, path), *other = open_told(fixture, path);
    store_ok(fixture, hub, "declare --title x");
    assert_heard(fixture, fd, hub, "INC-1 declared");
    assert_true(store_turn(other, NOW_MS + 300) > 0);
    store_do(fixture, hub, "ack 9"); /* refused */
    assert_string_equal(heard(fixture, fd), "");
    close(fd);
}

/* A daemon that is stopped, and one that isn't there. */
static void test_nobody_waits(void **state) {
    struct fixture *fixture = *state;
    char *path = fixture_path(fixture, "log");
    int fd = listen_at(path), taken = 0;
    alarm(20);
    for (int i = 0; i < 5000; i++)
        taken += syslog_say(path, NOW_MS, "many words");
    assert_true(taken > 0 && taken < 5000);
    struct hub *hub = open_told(fixture, path);
    store_ok(fixture, hub, "declare --title x");
    close(fd);
    store_ok(fixture, hub, "ack 1");
    unlink(path);
    store_ok(fixture, hub, "abandon 1 --reason x");
    alarm(0);
    assert_false(
        syslog_say(fixture_path(fixture, xtalloc_strndup(fixture, path, 20)), NOW_MS, "x"));
}

static void test_what_is_said_is_one_clean_line(void **state) {
    struct fixture *fixture = *state;
    char *path = fixture_path(fixture, "log");
    int fd = listen_at(path);
    assert_true(syslog_say(path, NOW_MS, "a\nb\033[31m"));
    assert_non_null(strstr(heard(fixture, fd), "]: a^Jb^[[31m"));
    close(fd);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        store_test(test_each_change_is_told),
        store_test(test_only_who_committed_tells),
        store_test(test_nobody_waits),
        store_test(test_what_is_said_is_one_clean_line),
    };
    return cmocka_run_group_tests_name("syslog", tests, NULL, NULL);
}
