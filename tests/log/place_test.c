/* Where a store may lie, and the modes of what is made there. */
#include "config.h"

#include "tests/log/fixture.h"

#include "base/array.h"
#include "log/place.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

/* ---- the file system ------------------------------------------------------------------------- */

static void knows_network_filesystems(void **state) {
    (void)state;
    assert_string_equal(filesystem_network(0x6969), "NFS");
    assert_string_equal(filesystem_network(0xff534d42), "CIFS");
    assert_string_equal(filesystem_network((int32_t)0xff534d42), "CIFS"); /* a 32-bit f_type */
    assert_string_equal(filesystem_network(0xfe534d42), "SMB2");
    assert_string_equal(filesystem_network(0x01021997), "9p");
    assert_non_null(strstr(filesystem_network(0x65735546), "sshfs"));
}

static void knows_local_filesystems(void **state) {
    (void)state;
    static const int64_t local[] = {
        0xef53 /* ext4 */,      0x58465342 /* XFS */,     0x9123683e /* btrfs */,
        0x01021994 /* tmpfs */, 0x794c7630 /* overlay */, 0x2fc12fc1 /* ZFS */,
    };
    for (size_t i = 0; i < ARRAY_SIZE(local); i++)
        assert_null(filesystem_network(local[i]));
}

/* ---- modes ----------------------------------------------------------------------------------- */

static void assert_modes(struct fixture *fixture, mode_t expected) {
    static const char *const suffixes[] = {"", ".lock", "-wal", "-shm"};
    for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
        assert_int_equal(file_mode(talloc_asprintf(fixture, "%s%s", fixture->path, suffixes[i])),
                         expected);
}

/* What a store gets in a folder of that mode, whatever the umask. */
static void make_under_umasks(struct fixture *fixture, mode_t folder, mode_t expected) {
    static const mode_t umasks[] = {0000, 0022, 0077, 0777};
    assert_int_equal(chmod(fixture->folder, folder), 0);
    for (size_t i = 0; i < ARRAY_SIZE(umasks); i++) {
        char *name = talloc_asprintf(fixture, "store-%zu.db", i);
        fixture->path = fixture_path(fixture, name);
        mode_t before = umask(umasks[i]);
        struct log *log = fixture_open(fixture, LOG_CREATE);
        umask(before);
        assert_modes(fixture, expected);
        talloc_free(log);
        assert_modes(fixture, expected); /* the WAL stays, so that nobody has to make a new one */
    }
}

/* The mode that a file is first seen with, by one who does nothing but look for it; in another
 * process, as somebody who opens the store at that moment is. */
static mode_t first_mode(const char *path) {
    struct stat file;
    while (stat(path, &file) != 0)
        ;
    return file.st_mode & 0777;
}

#define LOOKERS 100

static void has_its_mode_from_the_first_moment(void **state) {
    static const char *const suffixes[] = {"", ".lock", "-wal", "-shm"};
    struct fixture *fixture = *state;
    assert_int_equal(chmod(fixture->folder, 02770), 0);
    for (size_t i = 0; i < LOOKERS; i++) {
        fixture->path = fixture_path(fixture, talloc_asprintf(fixture, "store-%zu.db", i));
        const char *watched =
            talloc_asprintf(fixture, "%s%s", fixture->path, suffixes[i % ARRAY_SIZE(suffixes)]);
        pid_t looker = fork();
        if (looker == 0) {
            alarm(30);
            _exit(first_mode(watched) == 0660 ? 0 : 1);
        }
        talloc_free(fixture_open(fixture, LOG_CREATE));
        int ended = -1;
        assert_int_equal(waitpid(looker, &ended, 0), looker);
        assert_int_equal(ended, 0);
    }
}

static void is_private_in_a_private_folder(void **state) {
    make_under_umasks(*state, 0700, 0600);
}

static void is_private_where_others_only_look(void **state) {
    make_under_umasks(*state, 0755, 0600);
}

static void is_shared_in_a_setgid_folder(void **state) {
    make_under_umasks(*state, 02771, 0660);
}

static void is_shared_in_a_group_folder(void **state) {
    make_under_umasks(*state, 0770, 0660);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static bool create(struct fixture *fixture, const char *path) {
    return log_open(fixture, path, LOG_CREATE, NOW_MS, &fixture->log, fixture->err);
}

static void refuses_a_world_writable_folder(void **state) {
    struct fixture *fixture = *state;
    static const mode_t modes[] = {01777, 0777, 0702};
    for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
        chmod(fixture->folder, modes[i]);
        fixture_failed(fixture, create(fixture, fixture->path), ERR_REFUSED);
    }
    assert_int_not_equal(access(fixture->path, F_OK), 0);
}

static void refuses_a_link_to_a_store(void **state) {
    struct fixture *fixture = *state;
    talloc_free(fixture_open(fixture, LOG_CREATE));
    char *link = fixture_path(fixture, "link.db");
    assert_int_equal(symlink(fixture->path, link), 0);
    fixture_failed(fixture, create(fixture, link), ERR_REFUSED);
    assert_non_null(strstr(fixture->err->what, "symbolic link"));
}

static void refuses_a_link_to_nothing(void **state) {
    struct fixture *fixture = *state;
    char *link = fixture_path(fixture, "link.db");
    assert_int_equal(symlink(fixture->path, link), 0);
    fixture_failed(fixture, create(fixture, link), ERR_REFUSED);
    assert_int_not_equal(access(fixture->path, F_OK), 0);
}

static void refuses_what_is_no_file(void **state) {
    struct fixture *fixture = *state;
    char *pipe = fixture_path(fixture, "pipe.db");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    fixture_failed(fixture, create(fixture, pipe), ERR_REFUSED);
    fixture_failed(fixture, create(fixture, fixture->folder), ERR_REFUSED);
    fixture_failed(fixture, create(fixture, fixture_path(fixture, "")), ERR_USAGE);
}

static void misses_the_folder(void **state) {
    struct fixture *fixture = *state;
    fixture_failed(fixture, create(fixture, fixture_path(fixture, "none/store.db")), ERR_NOT_FOUND);
}

/* An operator may have moved the folder elsewhere: only a link in place of the file is refused. */
static void follows_a_link_to_the_folder(void **state) {
    struct fixture *fixture = *state;
    char *real = fixture_path(fixture, "real"), *link = fixture_path(fixture, "link");
    assert_int_equal(mkdir(real, 0700), 0);
    assert_int_equal(symlink(real, link), 0);
    char *path = fixture_path(fixture, "link/store.db");
    fixture_ok(fixture, create(fixture, path));
    assert_string_equal(log_path(fixture->log), path);
    assert_int_equal(access(fixture_path(fixture, "real/store.db"), F_OK), 0);
}

/* ---- the folder for step output -------------------------------------------------------------- */

static void make_run_folder(struct fixture *fixture, mode_t folder, mode_t expected) {
    chmod(fixture->folder, folder);
    mode_t before = umask(0077);
    struct log *log = fixture_open(fixture, LOG_CREATE);
    const char *run = log_run_folder(log);
    umask(before);
    assert_string_equal(run + strlen(run) - strlen("/view/run"), "/view/run");
    assert_ptr_equal(run, log_run_folder(log));
    assert_int_equal(file_mode(run), expected);
    assert_int_equal(file_mode(fixture_path(fixture, "view")), expected);
}

static void run_folder_is_private(void **state) {
    make_run_folder(*state, 0700, 0700);
}

static void run_folder_is_shared(void **state) {
    make_run_folder(*state, 02770, 02770);
}

static void run_folder_is_not_made_to_read(void **state) {
    struct fixture *fixture = *state;
    talloc_free(fixture_open(fixture, LOG_CREATE));
    assert_int_equal(rmdir(fixture_path(fixture, "view/run")), 0);
    const char *run = log_run_folder(fixture_open(fixture, LOG_READ));
    assert_int_not_equal(access(run, F_OK), 0);
}

static void run_folder_is_not_in_memory(void **state) {
    struct fixture *fixture = *state;
    assert_null(log_run_folder(log_open_memory(fixture, NOW_MS)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_network_filesystems),
        cmocka_unit_test(knows_local_filesystems),
        fixture_test(has_its_mode_from_the_first_moment),
        fixture_test(is_private_in_a_private_folder),
        fixture_test(is_private_where_others_only_look),
        fixture_test(is_shared_in_a_setgid_folder),
        fixture_test(is_shared_in_a_group_folder),
        fixture_test(refuses_a_world_writable_folder),
        fixture_test(refuses_a_link_to_a_store),
        fixture_test(refuses_a_link_to_nothing),
        fixture_test(refuses_what_is_no_file),
        fixture_test(misses_the_folder),
        fixture_test(follows_a_link_to_the_folder),
        fixture_test(run_folder_is_private),
        fixture_test(run_folder_is_shared),
        fixture_test(run_folder_is_not_made_to_read),
        fixture_test(run_folder_is_not_in_memory),
    };
    return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
