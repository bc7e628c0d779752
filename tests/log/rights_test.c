/* Who may do what with each file of a store, tried by processes that are those people: a writer of
 * the group, a viewer, a stranger. DESIGN §11.7: "A viewer can't write, nor stop a writer, by any
 * door." And that `init` makes it so, whatever was there before. */
#include "config.h"

#include "tests/log/fixture.h"

#include "base/array.h"
#include "log/init.h"
#include "log/lease.h"
#include "log/rights.h"
#include "run/folder.h"

#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

#define WRITERS "54321" /* groups of numbers that nobody has */
#define VIEWERS "54322"

enum { WRITER, VIEWER, STRANGER, PEOPLE };
static const struct {
    uid_t user;
    gid_t group;
} people[PEOPLE] = {
    [WRITER] = {54001, 54321}, [VIEWER] = {54002, 54322}, [STRANGER] = {54003, 54003}};

static void need_root(void) {
    if (geteuid() == 0)
        return;
    print_message("needs root, to become three people\n");
    skip();
}

/* ---- a store in use -------------------------------------------------------------------------- */

static void forget(void *data, const char *done) {
    (void)done;
    ++*(int *)data;
}

static int init(struct fixture *fixture, const char *group, const char *viewers) {
    struct init_asked asked = {.group = group, .viewers = viewers};
    struct audience audience;
    int done = 0;
    fixture_ok(fixture,
               log_init(fixture->path, &asked, NOW_MS, &audience, forget, &done, fixture->err));
    return done;
}

static bool init_fails(struct fixture *fixture, const char *group, const char *viewers) {
    struct init_asked asked = {.group = group, .viewers = viewers};
    struct audience audience;
    int done = 0;
    return !log_init(fixture->path, &asked, NOW_MS, &audience, forget, &done, fixture->err);
}

static void make_file(const struct folder *folder, const char *name) {
    int fd = folder_file(folder, name, O_WRONLY | O_CREAT);
    assert_true(fd >= 0);
    close(fd);
}

/* What a run leaves. */
static void make_run(struct fixture *fixture) {
    struct folder *folder;
    char *run = fixture_path(fixture, "store/view/run");
    fixture_ok(fixture, folder_open(fixture, run, "1.undo.1", true, &folder, fixture->err));
    int fd = folder_fence(folder, "claim");
    assert_true(fd >= 0);
    close(fd);
    make_file(folder, "out");
    fixture_ok(fixture, folder_replace(folder, "exit", "{}", true, fixture->err));
    talloc_free(folder);
}

static void use_store(struct fixture *fixture) {
    struct lease *lease = lease_new(fixture, fixture->path, LEASE_CLOCK, "ana pid 1", "boot-1");
    make_run(fixture);
    fixture_ok(fixture, lease_hold(lease, 1, fixture->err));
    talloc_free(lease);
}

static void use_folder(struct fixture *fixture) {
    assert_int_equal(chmod(fixture->folder, 0755), 0);
    fixture->path = fixture_path(fixture, "store/incidents.db");
}

/* ---- what each may do ------------------------------------------------------------------------ */

/* In capitals what is tried and goes: R to read, W to write, L to list or enter and look, M to make
 * a file in it; a point for each that does not. */
static void try_all(const char *path, char found[4]) {
    struct stat status = {0};
    char *inside = talloc_asprintf(NULL, "%s/made-by-%d", path, (int)getuid());
    lstat(path, &status);
    int list = open(path, O_RDONLY | O_DIRECTORY);
    int make = open(inside, O_WRONLY | O_CREAT | O_EXCL, 0600);
    bool folder = S_ISDIR(status.st_mode) || list >= 0;
    found[0] = !folder && open(path, O_RDONLY) >= 0 ? 'R' : list >= 0 ? 'L' : '.';
    found[1] = !folder && open(path, O_WRONLY) >= 0 ? 'W' : make >= 0 ? 'M' : '.';
    found[2] = '\0';
    unlink(inside);
}

static void tried_by(int who, const char *path, char found[4]) {
    int tell[2];
    assert_int_equal(pipe(tell), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (setgroups(0, NULL) != 0 ||
            setresgid(people[who].group, people[who].group, people[who].group) != 0 ||
            setresuid(people[who].user, people[who].user, people[who].user) != 0)
            _exit(1);
        char tried[4] = "";
        try_all(path, tried);
        _exit(write(tell[1], tried, 4) != 4);
    }
    close(tell[1]);
    assert_int_equal(read(tell[0], found, 4), 4);
    close(tell[0]);
    assert_int_equal(wait_for_child(child), 0);
}

/* By degree: no viewers, a group of them, everybody. */
enum { NOBODY, GROUP, EVERYBODY, DEGREES };
static const char *const viewers[DEGREES] = {"none", VIEWERS, "all"};

static const struct {
    const char *path;
    const char *writer;
    const char *viewer[DEGREES], *stranger[DEGREES];
} table[] = {
    {"store", "LM", {"..", "..", ".."}, {"..", "..", ".."}},
    {"store/incidents.db", "RW", {"..", "..", ".."}, {"..", "..", ".."}},
    {"store/incidents.db-wal", "RW", {"..", "..", ".."}, {"..", "..", ".."}},
    {"store/incidents.db-shm", "RW", {"..", "..", ".."}, {"..", "..", ".."}},
    {"store/incidents.db.lock", "RW", {"..", "..", ".."}, {"..", "..", ".."}},
    {"store/incidents.db.lease", "RW", {"..", "..", ".."}, {"..", "..", ".."}},
    {"store/view", "LM", {"..", "L.", "L."}, {"..", "..", "L."}},
    {"store/view/incidents.db.ndjson", "RW", {"..", "R.", "R."}, {"..", "..", "R."}},
    {"store/view/run", "LM", {"..", "L.", "L."}, {"..", "..", "L."}},
    {"store/view/run/1.undo.1", "LM", {"..", "L.", "L."}, {"..", "..", "L."}},
    {"store/view/run/1.undo.1/out", "RW", {"..", "R.", "R."}, {"..", "..", "R."}},
    {"store/view/run/1.undo.1/exit", "RW", {"..", "R.", "R."}, {"..", "..", "R."}},
    {"store/view/run/1.undo.1/claim", ".W", {"..", "..", ".."}, {"..", "..", ".."}},
};

static void assert_table(struct fixture *fixture, int degree, const char *when) {
    for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
        const char *wanted[PEOPLE] = {[WRITER] = table[i].writer,
                                      [VIEWER] = table[i].viewer[degree],
                                      [STRANGER] = table[i].stranger[degree]};
        char *path = fixture_path(fixture, table[i].path);
        for (int who = 0; who < PEOPLE; who++) {
            char found[4];
            tried_by(who, path, found);
            if (strcmp(found, wanted[who]) != 0)
                fail_msg("%s, viewers %s, person %d at %s: %s, not %s", when, viewers[degree], who,
                         table[i].path, found, wanted[who]);
        }
    }
}

static void each_may_do_what_the_table_says(void **state) {
    struct fixture *fixture = *state;
    static const mode_t umasks[] = {0000, 0022, 0077};
    need_root();
    use_folder(fixture);
    for (int degree = 0; degree < DEGREES; degree++)
        for (size_t i = 0; i < ARRAY_SIZE(umasks); i++) {
            mode_t before = umask(umasks[i]);
            init(fixture, WRITERS, viewers[degree]);
            use_store(fixture);
            umask(before);
            assert_table(fixture, degree, talloc_asprintf(fixture, "umask %03o", umasks[i]));
            remove_tree(fixture_path(fixture, "store"));
        }
}

/* ---- setting right --------------------------------------------------------------------------- */

static void changes_who_may_look(void **state) {
    struct fixture *fixture = *state;
    need_root();
    use_folder(fixture);
    init(fixture, WRITERS, "none");
    use_store(fixture);
    for (int from = 0; from < DEGREES; from++)
        for (int to = 0; to < DEGREES; to++) {
            init(fixture, NULL, viewers[from]);
            init(fixture, NULL, viewers[to]);
            assert_table(fixture, to, viewers[from]);
        }
}

static void changes_nothing_twice(void **state) {
    struct fixture *fixture = *state;
    need_root();
    use_folder(fixture);
    assert_true(init(fixture, WRITERS, VIEWERS) > 0);
    use_store(fixture);
    assert_int_equal(init(fixture, WRITERS, VIEWERS), 0);
    assert_int_equal(init(fixture, NULL, NULL), 0);
}

/* The degree that stays is what the folders say; each of these took something of it away. */
static void sets_right_what_was_spoilt(void **state) {
    struct fixture *fixture = *state;
    need_root();
    use_folder(fixture);
    init(fixture, WRITERS, VIEWERS);
    use_store(fixture);
    for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
        char *path = fixture_path(fixture, table[i].path);
        struct stat status;
        assert_int_equal(stat(path, &status), 0);
        bool decides =
            strcmp(table[i].path, "store") == 0 || strcmp(table[i].path, "store/view") == 0;
        assert_int_equal(chmod(path, decides ? 02770 : 0600), 0);
        assert_int_equal(decides ? 0 : chown(path, (uid_t)-1, 0), 0);
    }
    init(fixture, NULL, NULL);
    assert_table(fixture, GROUP, "spoilt");
}

static void is_one_users_own_by_itself(void **state) {
    struct fixture *fixture = *state;
    use_folder(fixture);
    init(fixture, NULL, NULL);
    assert_int_equal(file_mode(fixture_path(fixture, "store")), 0700);
    assert_int_equal(file_mode(fixture->path), 0600);
    assert_int_equal(file_mode(fixture_path(fixture, "store/view/run")), 0700);
    assert_int_equal(init(fixture, NULL, NULL), 0);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static void names_the_group_that_was_meant(void **state) {
    struct fixture *fixture = *state;
    use_folder(fixture);
    fixture_failed(fixture, !init_fails(fixture, "roof", NULL), ERR_NOT_FOUND);
    assert_string_equal(fixture->err->remedy, "did you mean root?");
    assert_int_not_equal(access(fixture_path(fixture, "store"), F_OK), 0);
}

static void refuses_a_folder_that_holds_other_things(void **state) {
    struct fixture *fixture = *state;
    need_root();
    use_folder(fixture);
    assert_int_equal(mkdir(fixture_path(fixture, "store"), 0755), 0);
    assert_int_equal(mkdir(fixture_path(fixture, "store/photos"), 0755), 0);
    fixture_failed(fixture, !init_fails(fixture, WRITERS, NULL), ERR_REFUSED);
    assert_non_null(strstr(fixture->err->on, "photos"));
    assert_int_equal(file_mode(fixture_path(fixture, "store")), 0755);
    assert_int_not_equal(access(fixture->path, F_OK), 0);
}

static void refuses_a_folder_below_one_for_everybody(void **state) {
    struct fixture *fixture = *state;
    use_folder(fixture);
    assert_int_equal(mkdir(fixture_path(fixture, "open"), 0700), 0);
    assert_int_equal(chmod(fixture_path(fixture, "open"), 0777), 0);
    fixture->path = fixture_path(fixture, "open/store/incidents.db");
    fixture_failed(fixture, !init_fails(fixture, NULL, NULL), ERR_REFUSED);
    assert_non_null(strstr(fixture->err->what, "in its place"));
    assert_int_not_equal(access(fixture_path(fixture, "open/store"), F_OK), 0);
    assert_int_equal(mkdir(fixture_path(fixture, "open/store"), 0700), 0);
    fixture_failed(fixture, !init_fails(fixture, NULL, NULL), ERR_REFUSED);
}

static void refuses_viewers_of_one_users_store(void **state) {
    struct fixture *fixture = *state;
    use_folder(fixture);
    fixture_failed(fixture, !init_fails(fixture, NULL, "all"), ERR_USAGE);
    fixture_failed(fixture, !init_fails(fixture, WRITERS, WRITERS), ERR_USAGE);
}

static void refuses_what_is_foreign(void **state) {
    struct fixture *fixture = *state;
    need_root();
    use_folder(fixture);
    init(fixture, WRITERS, "none");
    run_sql(fixture->path, "PRAGMA application_id = 7");
    fixture_failed(fixture, !init_fails(fixture, NULL, "all"), ERR_DAMAGED);
    assert_int_equal(file_mode(fixture_path(fixture, "store")), 02770);
}

/* Somebody of the group could put a link there and have root change what it leads to. */
static void follows_no_link(void **state) {
    struct fixture *fixture = *state;
    need_root();
    use_folder(fixture);
    init(fixture, WRITERS, "none");
    char *victim = fixture_path(fixture, "victim");
    assert_int_equal(mkdir(victim, 0700), 0);
    assert_int_equal(symlink(victim, fixture_path(fixture, "store/view/run/2.undo.1")), 0);
    fixture_failed(fixture, !init_fails(fixture, NULL, "all"), ERR_REFUSED);
    assert_non_null(strstr(fixture->err->on, "2.undo.1 is a symbolic link"));
    assert_int_equal(file_mode(victim), 0700);
}

static void takes_no_file_of_two_names(void **state) {
    struct fixture *fixture = *state;
    need_root();
    use_folder(fixture);
    init(fixture, WRITERS, "none");
    char *victim = fixture_path(fixture, "victim");
    close(open(victim, O_WRONLY | O_CREAT, 0600));
    assert_int_equal(link(victim, fixture_path(fixture, "store/view/run/out")), 0);
    fixture_failed(fixture, !init_fails(fixture, NULL, "all"), ERR_REFUSED);
    assert_int_equal(file_mode(victim), 0600);
}

static void says_when_there_are_no_acls(void **state) {
    struct fixture *fixture = *state;
    need_root();
    use_folder(fixture);
    char *disk = fixture_path(fixture, "ram");
    assert_int_equal(mkdir(disk, 0755), 0);
    if (mount("ramfs", disk, "ramfs", 0, "mode=755") != 0) {
        print_message("needs the right to mount a ramfs\n");
        skip();
    }
    fixture->path = fixture_path(fixture, "ram/store/incidents.db");
    bool failed = init_fails(fixture, WRITERS, VIEWERS);
    enum err_code code = fixture->err->code;
    bool all_may = !init_fails(fixture, WRITERS, "all");
    assert_int_equal(umount2(disk, MNT_DETACH), 0);
    assert_true(failed && all_may);
    assert_int_equal(code, ERR_UNAVAILABLE);
}

/* ---- as a user ------------------------------------------------------------------------------- */

static int init_as_nobody(struct fixture *fixture) {
    bool own = !init_fails(fixture, "65534", NULL);
    bool strange = init_fails(fixture, WRITERS, NULL) && fixture->err->code == ERR_ACCESS;
    return own && strange ? 0 : 1;
}

static void a_user_gives_it_to_a_group_of_theirs(void **state) {
    struct fixture *fixture = *state;
    use_folder(fixture);
    assert_int_equal(chmod(fixture->folder, 0700), 0);
    if (geteuid() == 0)
        assert_int_equal(chown(fixture->folder, 65534, 65534), 0);
    assert_int_equal(run_as_nobody(init_as_nobody, fixture), 0);
    assert_int_equal(file_mode(fixture_path(fixture, "store")), 02770);
}

static int init_of_others(struct fixture *fixture) {
    bool failed = init_fails(fixture, NULL, "all") && fixture->err->code == ERR_ACCESS &&
                  strstr(fixture->err->what, "only its owner");
    return failed ? 0 : 1;
}

static void only_its_owner_sets_it_right(void **state) {
    struct fixture *fixture = *state;
    need_root();
    use_folder(fixture);
    init(fixture, "65534", "none");
    assert_int_equal(run_as_nobody(init_of_others, fixture), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        fixture_test(each_may_do_what_the_table_says),
        fixture_test(changes_who_may_look),
        fixture_test(changes_nothing_twice),
        fixture_test(sets_right_what_was_spoilt),
        fixture_test(is_one_users_own_by_itself),
        fixture_test(names_the_group_that_was_meant),
        fixture_test(refuses_a_folder_that_holds_other_things),
        fixture_test(refuses_a_folder_below_one_for_everybody),
        fixture_test(refuses_viewers_of_one_users_store),
        fixture_test(refuses_what_is_foreign),
        fixture_test(follows_no_link),
        fixture_test(takes_no_file_of_two_names),
        fixture_test(says_when_there_are_no_acls),
        fixture_test(a_user_gives_it_to_a_group_of_theirs),
        fixture_test(only_its_owner_sets_it_right),
    };
    return cmocka_run_group_tests_name("rights", tests, NULL, NULL);
}
