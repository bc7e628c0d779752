/* What the doctor finds: each trouble is made, found and named, and gone once it is repaired. */
#include "config.h"

#include "tests/log/fixture.h"

#include "base/array.h"
#include "base/host.h"
#include "base/text.h"
#include "base/time.h"
#include "doctor/doctor.h"
#include "hub/hub.h"
#include "log/init.h"
#include "log/lease.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

#define BOOT_MS INT64_C(5000000)

static const struct finding *look_as_of(struct fixture *fixture, int64_t now_ms, size_t *count) {
    const struct doctor_question question = {
        .store = fixture->path, .now_ms = now_ms, .boot_ms = BOOT_MS, .screen_library = "paper 1"};
    return doctor_look(fixture, &question, count);
}

/* The worst that the check says; fails when it says nothing. */
static const struct finding *worst_of(struct fixture *fixture, const char *check) {
    size_t count;
    const struct finding *findings = look_as_of(fixture, NOW_MS, &count), *worst = NULL;
    for (size_t i = 0; i < count; i++)
        if (strcmp(findings[i].check, check) == 0 &&
            (!worst || findings[i].severity > worst->severity))
            worst = &findings[i];
    if (!worst)
        fail_msg("%s says nothing", check);
    return worst;
}

/* Every trouble has three parts. */
static const struct finding *finds(struct fixture *fixture, const char *check,
                                   enum severity severity, const char *on) {
    const struct finding *finding = worst_of(fixture, check);
    if (finding->severity != severity)
        fail_msg("%s is %s: %s: %s", check, severity_name(finding->severity), finding->what,
                 finding->on);
    assert_non_null(finding->what);
    if (severity > DOCTOR_OK)
        assert_non_null(finding->remedy);
    if (on)
        assert_non_null(strstr(finding->on, on));
    return finding;
}

static void make_store(struct fixture *fixture) {
    TALLOC_FREE(fixture->log);
    talloc_free(fixture_open(fixture, LOG_CREATE));
}

/* ---- a store that is well, and none ---------------------------------------------------------- */

static void says_of_each_check_that_it_is_well(void **state) {
    struct fixture *fixture = *state;
    size_t count;
    make_store(fixture);
    const struct finding *findings = look_as_of(fixture, NOW_MS, &count);
    assert_true(count >= 20);
    for (size_t i = 0; i < count; i++) {
        bool outside = strcmp(findings[i].check, "clock") == 0 ||
                       strcmp(findings[i].check, "login") == 0 ||
                       strcmp(findings[i].check, "folders") == 0;
        if (findings[i].severity > DOCTOR_NOTE && !outside)
            fail_msg("%s: %s: %s", findings[i].check, findings[i].what, findings[i].on);
    }
    finds(fixture, "proof", DOCTOR_OK, "up to event 1");
    finds(fixture, "libraries", DOCTOR_OK, "paper 1, SQLite 3.");
}

static void runs_without_a_store(void **state) {
    struct fixture *fixture = *state;
    assert_string_equal(finds(fixture, "store", DOCTOR_NOTE, NULL)->remedy,
                        talloc_asprintf(fixture, "backout init %s", fixture->path));
    fixture->path = fixture_path(fixture, "none/store.db");
    finds(fixture, "store", DOCTOR_NOTE, "none/store.db");
}

static void writes_nothing(void **state) {
    struct fixture *fixture = *state;
    struct stat before[4], after;
    make_store(fixture);
    char *files[] = {fixture->path, talloc_asprintf(fixture, "%s-wal", fixture->path),
                     talloc_asprintf(fixture, "%s.lock", fixture->path),
                     fixture_path(fixture, "view/store.db.ndjson")};
    for (size_t i = 0; i < ARRAY_SIZE(files); i++)
        assert_int_equal(stat(files[i], &before[i]), 0);
    worst_of(fixture, "proof");
    for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
        assert_int_equal(stat(files[i], &after), 0);
        assert_int_equal(after.st_mtim.tv_nsec, before[i].st_mtim.tv_nsec);
        assert_int_equal(after.st_size, before[i].st_size);
    }
}

/* ---- where it lies --------------------------------------------------------------------------- */

static void finds_a_folder_that_others_may_write(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    chmod(fixture->folder, 0777);
    finds(fixture, "store", DOCTOR_BAD, fixture->folder);
    chmod(fixture->folder, 0700);
    finds(fixture, "store", DOCTOR_OK, NULL);
}

static void finds_a_parent_that_others_may_write(void **state) {
    struct fixture *fixture = *state;
    char *inner = fixture_path(fixture, "inner");
    assert_int_equal(mkdir(inner, 0700), 0);
    fixture->path = fixture_path(fixture, "inner/store.db");
    make_store(fixture);
    chmod(fixture->folder, 0707);
    finds(fixture, "folders", DOCTOR_BAD, fixture->folder);
    chmod(fixture->folder, 0700);
    assert_true(worst_of(fixture, "folders")->severity < DOCTOR_BAD);
}

static void finds_what_was_left_beside_it(void **state) {
    struct fixture *fixture = *state;
    char *left = talloc_asprintf(fixture, "%s.new-%d", fixture->path, INT32_MAX);
    char *working = talloc_asprintf(fixture, "%s.new-%d", fixture->path, (int)getpid());
    char *kept = talloc_asprintf(fixture, "%s.before-812-61838c62", fixture->path);
    make_store(fixture);
    close(open(working, O_WRONLY | O_CREAT, 0600));
    close(open(talloc_asprintf(fixture, "%s-wal", kept), O_WRONLY | O_CREAT, 0600));
    finds(fixture, "leftovers", DOCTOR_OK, NULL);
    close(open(left, O_WRONLY | O_CREAT, 0600));
    finds(fixture, "leftovers", DOCTOR_NOTE, left);
    unlink(left);
    close(open(kept, O_WRONLY | O_CREAT, 0600));
    finds(fixture, "leftovers", DOCTOR_NOTE, kept);
}

static void finds_an_empty_file_and_a_foreign_one(void **state) {
    struct fixture *fixture = *state;
    close(open(fixture->path, O_WRONLY | O_CREAT, 0600));
    finds(fixture, "store", DOCTOR_DAMAGED, fixture->path);
    unlink(fixture->path);
    make_store(fixture);
    run_sql(fixture->path, "PRAGMA application_id = 7");
    finds(fixture, "proof", DOCTOR_DAMAGED, "another program");
}

static void finds_a_full_disk(void **state) {
    struct fixture *fixture = *state;
    char *disk = fixture_path(fixture, "disk");
    assert_int_equal(mkdir(disk, 0700), 0);
    if (mount("tmpfs", disk, "tmpfs", 0, "size=8m,mode=700") != 0) {
        print_message("needs the right to mount a tmpfs\n");
        skip();
    }
    fixture->path = fixture_path(fixture, "disk/store.db");
    make_store(fixture);
    enum severity severity = worst_of(fixture, "space")->severity;
    assert_int_equal(umount2(disk, MNT_DETACH), 0);
    assert_int_equal(severity, DOCTOR_BAD);
}

/* ---- rights ---------------------------------------------------------------------------------- */

static void forget(void *data, const char *done) {
    (void)data, (void)done;
}

static void init(struct fixture *fixture, const char *group, const char *viewers) {
    struct init_asked asked = {.group = group, .viewers = viewers};
    struct audience audience;
    fixture_ok(fixture,
               log_init(fixture->path, &asked, NOW_MS, &audience, forget, NULL, fixture->err));
}

static void use_shared(struct fixture *fixture) {
    if (geteuid() != 0) {
        print_message("needs root, to give files away\n");
        skip();
    }
    chmod(fixture->folder, 0755);
    fixture->path = fixture_path(fixture, "store/incidents.db");
    init(fixture, "54321", "54322");
}

static void finds_each_wrong_right_and_its_repair(void **state) {
    struct fixture *fixture = *state;
    static const struct {
        const char *file;
        mode_t mode;
        const char *is;
    } cases[] = {
        {"store/incidents.db", 0640, "is 640, should be 660"},
        {"store/incidents.db-shm", 0666, "is 666, should be 660"},
        {"store/incidents.db.lock", 0600, "is 600, should be 660"},
        {"store/view/run", 02750, "should be 2770 (group 54322 r-x)"},
        {"store", 02770, "is 2770, should be 2771"},
    };
    use_shared(fixture);
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        finds(fixture, "rights", DOCTOR_OK, NULL);
        assert_int_equal(chmod(fixture_path(fixture, cases[i].file), cases[i].mode), 0);
        const struct finding *finding = finds(fixture, "rights", DOCTOR_BAD, cases[i].is);
        assert_string_equal(finding->remedy,
                            talloc_asprintf(fixture, "backout init %s", fixture->path));
        init(fixture, NULL, NULL);
    }
    finds(fixture, "rights", DOCTOR_OK, NULL);
}

static void names_those_it_is_for(void **state) {
    struct fixture *fixture = *state;
    use_shared(fixture);
    init(fixture, "root", "nogroup");
    size_t count, seen = 0;
    const struct finding *findings = look_as_of(fixture, NOW_MS, &count);
    for (size_t i = 0; i < count; i++)
        seen += strcmp(findings[i].check, "people") == 0 &&
                (strstr(findings[i].on, "group root: root") || strstr(findings[i].on, "nogroup"));
    assert_int_equal(seen, 2);
    init(fixture, NULL, "all");
    finds(fixture, "people", DOCTOR_NOTE, "everybody");
}

static void finds_an_owner_who_is_no_writer(void **state) {
    struct fixture *fixture = *state;
    use_shared(fixture);
    finds(fixture, "owners", DOCTOR_OK, NULL);
    assert_int_equal(chown(fixture->path, 54003, 54321), 0);
    finds(fixture, "owners", DOCTOR_WARN, "belongs to 54003");
}

static int look_as_viewer(struct fixture *fixture) {
    bool looks = worst_of(fixture, "you")->severity == DOCTOR_NOTE &&
                 worst_of(fixture, "proof")->severity == DOCTOR_NOTE;
    return looks ? 0 : 1;
}

static void runs_as_who_may_only_look(void **state) {
    struct fixture *fixture = *state;
    use_shared(fixture);
    init(fixture, NULL, "65534");
    assert_int_equal(run_as_nobody(look_as_viewer, fixture), 0);
}

/* ---- what it holds --------------------------------------------------------------------------- */

static void finds_what_was_changed(void **state) {
    struct fixture *fixture = *state;
    fixture->log = fixture_open(fixture, LOG_CREATE);
    fixture_append(fixture, fixture->log, 0, "note.added", "{}");
    TALLOC_FREE(fixture->log);
    run_sql(fixture->path,
            "DROP TRIGGER events_stay_as_written; UPDATE events SET actor = 'eve' WHERE seq = 2");
    finds(fixture, "proof", DOCTOR_DAMAGED, "event 2:");
}

static void finds_a_mirror_that_is_behind(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    finds(fixture, "mirror", DOCTOR_OK, NULL);
    assert_int_equal(truncate(fixture_path(fixture, "view/store.db.ndjson"), 20), 0);
    finds(fixture, "mirror", DOCTOR_WARN, "store.db.ndjson");
    init(fixture, NULL, NULL);
    finds(fixture, "mirror", DOCTOR_OK, NULL);
}

/* Its end is right, and what stands before isn't. */
static void finds_a_mirror_that_was_changed(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    static const char mirror[] = "view/store.db.ndjson";
    char line[1024] = "";
    int fd = open(fixture_path(fixture, mirror), O_RDWR | O_CLOEXEC);
    assert_true(pread(fd, line, sizeof line - 1, 0) > 0);
    const char *via = strstr(line, "store\",\"kind\"");
    assert_int_equal(pwrite(fd, "stone", 5, via - line), 5);
    close(fd);
    finds(fixture, "mirror", DOCTOR_OK, NULL);
    finds(fixture, "proof", DOCTOR_DAMAGED, "line 2: event 1:");
    init(fixture, NULL, NULL);
    finds(fixture, "proof", DOCTOR_OK, NULL);
}

static void finds_a_long_wal(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    assert_int_equal(truncate(talloc_asprintf(fixture, "%s-wal", fixture->path), 17 << 20), 0);
    finds(fixture, "wal", DOCTOR_WARN, "17 MiB");
}

static void finds_who_holds_the_lock(void **state) {
    struct fixture *fixture = *state;
    char *path = talloc_asprintf(fixture, "%s.lock", fixture->path);
    make_store(fixture);
    int fd = open(path, O_RDWR);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    struct timespec times[2] = {{.tv_sec = NOW_MS / 1000 - 42}, {.tv_sec = NOW_MS / 1000 - 42}};
    assert_int_equal(pwrite(fd, "bo pid 1      ", 14, 0), 14);
    assert_int_equal(futimens(fd, times), 0);
    const struct finding *finding = finds(fixture, "lock", DOCTOR_WARN, "for 0:42");
    assert_non_null(strstr(finding->remedy, talloc_asprintf(fixture, "kill %d;", (int)getpid())));
    close(fd);
    finds(fixture, "lock", DOCTOR_OK, NULL);
}

static void declare(struct fixture *fixture) {
    const struct hub_options options = {.store = fixture->path, .actor = "ana", .via = "line"};
    struct hub *hub;
    struct hub_item item;
    fixture_ok(fixture, hub_open(fixture, &options, NOW_MS, &hub, fixture->err));
    struct command *command = command_new(fixture, "declare", NOW_MS);
    command->title = "Shop is slow";
    hub_submit(hub, command, NULL);
    while (hub_next(hub, (struct moment){NOW_MS, BOOT_MS}, &item))
        assert_int_not_equal(item.verdict, HUB_REFUSED);
    talloc_free(hub);
}

static void says_who_keeps_the_clock(void **state) {
    struct fixture *fixture = *state;
    make_store(fixture);
    assert_string_equal(finds(fixture, "keeper", DOCTOR_NOTE, NULL)->remedy, "backout keeper");
    struct lease *lease =
        lease_new(fixture, fixture->path, LEASE_CLOCK, "ana pid 7", host_boot(fixture));
    fixture_ok(fixture, lease_hold(lease, BOOT_MS, fixture->err));
    finds(fixture, "keeper", DOCTOR_OK, "ana pid 7");
    talloc_free(lease);
    declare(fixture);
    finds(fixture, "keeper", DOCTOR_WARN, NULL);
}

static void finds_an_event_from_the_future(void **state) {
    struct fixture *fixture = *state;
    size_t count, seen = 0;
    make_store(fixture);
    const struct finding *findings = look_as_of(fixture, NOW_MS - HOUR_MS, &count);
    for (size_t i = 0; i < count; i++)
        seen +=
            strcmp(findings[i].check, "clock") == 0 && strstr(findings[i].what, "later than now");
    assert_int_equal(seen, 1);
}

/* ---- the machine ----------------------------------------------------------------------------- */

/* As a user of its own, whose instances nobody else counts on. */
static int use_up_inotify(struct fixture *fixture) {
    int count = 0;
    while (count < 100000 && inotify_init1(IN_CLOEXEC) >= 0)
        count++;
    return count > 0 && worst_of(fixture, "inotify")->severity == DOCTOR_WARN ? 0 : 1;
}

static void finds_that_inotify_is_used_up(void **state) {
    struct fixture *fixture = *state;
    finds(fixture, "inotify", DOCTOR_OK, NULL);
    chmod(fixture->folder, 0755);
    assert_int_equal(run_as_nobody(use_up_inotify, fixture), 0);
}

static int lower_limits(struct fixture *fixture) {
    struct rlimit files = {64, 64}, bytes = {1 << 20, 1 << 20};
    bool lowered = setrlimit(RLIMIT_NOFILE, &files) == 0;
    bool warned = worst_of(fixture, "limits")->severity == DOCTOR_WARN;
    lowered = setrlimit(RLIMIT_FSIZE, &bytes) == 0 && lowered;
    return lowered && warned && worst_of(fixture, "limits")->severity == DOCTOR_BAD ? 0 : 1;
}

static void finds_narrow_limits(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(wait_for_child(start_child(lower_limits, fixture)), 0);
}

static void finds_a_locale_without_utf8(void **state) {
    struct fixture *fixture = *state;
    setenv("LC_ALL", "C", 1);
    finds(fixture, "locale", DOCTOR_NOTE, NULL);
    setenv("LC_ALL", "C.UTF-8", 1);
    finds(fixture, "locale", DOCTOR_OK, NULL);
    unsetenv("LC_ALL");
}

/* Two people at one login: their sessions come from two places. */
static pid_t start_session(const char *peer) {
    pid_t child = fork();
    if (child == 0) {
        setenv("SSH_CONNECTION", peer, 1);
        execlp("sleep", "sleep", "60", (char *)NULL);
        _exit(127);
    }
    return child;
}

static bool names_both(struct fixture *fixture) {
    const struct finding *finding = worst_of(fixture, "login");
    return finding->severity == DOCTOR_WARN && strstr(finding->on, "192.0.2.1") &&
           strstr(finding->on, "192.0.2.2");
}

static void finds_a_login_that_people_share(void **state) {
    struct fixture *fixture = *state;
    pid_t one = start_session("192.0.2.1 50000 192.0.2.9 22");
    pid_t other = start_session("192.0.2.2 50000 192.0.2.9 22");
    bool named = false;
    for (int tries = 0; tries < 2000 && !named; tries++)
        named = names_both(fixture);
    kill(one, SIGKILL);
    kill(other, SIGKILL);
    waitpid(one, NULL, 0);
    waitpid(other, NULL, 0);
    assert_true(named);
}

static int prepare(void **state) {
    (void)state;
    return text_init() ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(says_of_each_check_that_it_is_well),
        fixture_test(runs_without_a_store),
        fixture_test(writes_nothing),
        fixture_test(finds_a_folder_that_others_may_write),
        fixture_test(finds_a_parent_that_others_may_write),
        fixture_test(finds_what_was_left_beside_it),
        fixture_test(finds_an_empty_file_and_a_foreign_one),
        fixture_test(finds_a_full_disk),
        fixture_test(finds_each_wrong_right_and_its_repair),
        fixture_test(names_those_it_is_for),
        fixture_test(finds_an_owner_who_is_no_writer),
        fixture_test(runs_as_who_may_only_look),
        fixture_test(finds_what_was_changed),
        fixture_test(finds_a_mirror_that_is_behind),
        fixture_test(finds_a_mirror_that_was_changed),
        fixture_test(finds_a_long_wal),
        fixture_test(finds_who_holds_the_lock),
        fixture_test(says_who_keeps_the_clock),
        fixture_test(finds_an_event_from_the_future),
        fixture_test(finds_that_inotify_is_used_up),
        fixture_test(finds_narrow_limits),
        fixture_test(finds_a_locale_without_utf8),
        fixture_test(finds_a_login_that_people_share),
    };
    return cmocka_run_group_tests_name("doctor", tests, prepare, NULL);
}
