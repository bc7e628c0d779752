/* Whose a run is: one taker, freed by death, and marks that survive it. */
#include "config.h"

#include "tests/run/fixture.h"

#include "run/claim.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_one_of_two_wins(void **state) {
    struct bench *bench = *state;
    struct claim *first, *second;
    assert_true(claim_take(bench, bench->folder, &first, bench->err));
    assert_true(claim_sign(first, "ops2", "boot-1", 4122, 0, bench->err));
    assert_false(claim_take(bench, bench->folder, &second, bench->err));
    assert_int_equal(bench->err->code, ERR_CONFLICT);
    char *path = xtalloc_asprintf(bench, "%s/%s/claim", bench->path, BENCH_RUN);
    assert_string_equal(file_text(bench, path),
                        "pid 4122\nhost ops2\nboot boot-1\nstarted 1970-01-01T00:00:00.000Z\n");
    talloc_free(first);
    assert_true(claim_take(bench, bench->folder, &second, bench->err));
}

#define TAKERS 16

/* Everybody at once, each a process of its own: exactly one wins. */
static void test_crowd(void **state) {
    struct bench *bench = *state;
    int ready[2], go[2];
    pid_t takers[TAKERS];
    char byte;
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(go), 0);
    for (int i = 0; i < TAKERS; i++) {
        takers[i] = fork();
        if (takers[i] > 0)
            continue;
        struct claim *claim;
        close(go[1]);
        bool told = write(ready[1], "r", 1) == 1 && read(go[0], &byte, 1) == 0;
        bool won = claim_take(bench, bench->folder, &claim, bench->err);
        told = write(ready[1], won ? "w" : "l", 1) == 1 && told;
        if (won)
            pause();
        _exit(!told);
    }
    for (int i = 0; i < TAKERS; i++)
        assert_int_equal(read(ready[0], &byte, 1), 1);
    close(go[1]);
    int won = 0;
    for (int i = 0; i < TAKERS; i++) {
        assert_int_equal(read(ready[0], &byte, 1), 1);
        won += byte == 'w';
    }
    assert_int_equal(won, 1);
    for (int i = 0; i < TAKERS; i++) {
        kill(takers[i], SIGKILL);
        waitpid(takers[i], NULL, 0);
    }
    /* And its death frees the claim. */
    struct claim *claim;
    assert_true(claim_take(bench, bench->folder, &claim, bench->err));
}

static void test_exec_mark_once(void **state) {
    struct bench *bench = *state;
    struct claim *claim;
    assert_true(claim_take(bench, bench->folder, &claim, bench->err));
    assert_false(claim_has_exec(bench->folder));
    assert_true(claim_mark_exec(claim, bench->err));
    assert_true(claim_has_exec(bench->folder));
    assert_false(claim_mark_exec(claim, bench->err));
    assert_int_equal(bench->err->code, ERR_CONFLICT);
    assert_int_equal(claim_group(bench->folder), 0);
    claim_note_group(claim, 4123);
    assert_int_equal(claim_group(bench->folder), 4123);
}

static void test_ending_round_trip(void **state) {
    struct bench *bench = *state;
    const struct pair outputs[] = {{"revision", "12"}, {NULL, NULL}};
    const struct ending wrote = {.run = BENCH_RUN,
                                 .ended = "exited",
                                 .status = 3,
                                 .output_bytes = 99,
                                 .outputs = outputs,
                                 .reason = "\"quoted\"\n"};
    assert_null(ending_read(bench, bench->folder, ENDING_OF_WORK, bench->err));
    assert_int_equal(bench->err->code, ERR_NONE);
    assert_true(ending_write(bench->folder, ENDING_OF_WORK, &wrote, bench->err));
    const struct ending *read = ending_read(bench, bench->folder, ENDING_OF_WORK, bench->err);
    assert_non_null(read);
    assert_string_equal(read->ended, "exited");
    assert_int_equal(read->status, 3);
    assert_int_equal(read->output_bytes, 99);
    assert_string_equal(pair_find(read->outputs, "revision"), "12");
    assert_string_equal(read->reason, "\"quoted\"\n");
    assert_null(read->verdict);
    assert_false(folder_has(bench->folder, "exit.new"));
}

static void test_damaged_ending(void **state) {
    struct bench *bench = *state;
    file_write(xtalloc_asprintf(bench, "%s/%s/exit", bench->path, BENCH_RUN), "{\"ended\":");
    assert_null(ending_read(bench, bench->folder, ENDING_OF_WORK, bench->err));
    assert_int_equal(bench->err->code, ERR_DAMAGED);
}

/* What can't be seen now isn't absent: that would have it run again. */
static void test_in_doubt_it_is_there(void **state) {
    struct bench *bench = *state;
    const struct folder lost = {.fd = -1};
    assert_false(claim_has_exec(bench->folder));
    assert_true(claim_has_exec(&lost));
    assert_null(ending_read(bench, &lost, ENDING_OF_WORK, bench->err));
    assert_int_equal(bench->err->code, ERR_UNAVAILABLE);
}

/* Whoever can write to the folder of runs can't make us write elsewhere. */
static void test_no_symlinks(void **state) {
    struct bench *bench = *state;
    struct folder *folder;
    struct claim *claim;
    char *victim = xtalloc_asprintf(bench, "%s/victim", bench->path);
    file_write(victim, "precious");
    assert_int_equal(symlinkat(victim, bench->folder->fd, "claim"), 0);
    assert_int_equal(symlinkat(victim, bench->folder->fd, "exit.new"), 0);
    assert_false(claim_take(bench, bench->folder, &claim, bench->err));
    assert_false(ending_write(bench->folder, ENDING_OF_WORK, &(struct ending){.ended = "exited"},
                              bench->err));
    assert_string_equal(file_text(bench, victim), "precious");
    assert_int_equal(symlink("/tmp", xtalloc_asprintf(bench, "%s/42.x.1", bench->path)), 0);
    assert_false(folder_open(bench, bench->path, "42.x.1", true, &folder, bench->err));
    assert_false(folder_open(bench, bench->path, "../x", true, &folder, bench->err));
    assert_false(folder_open(bench, bench->path, "..", true, &folder, bench->err));
    assert_int_equal(mkfifoat(bench->folder->fd, "exec", 0600), 0);
    assert_null(folder_read(bench, bench->folder, "exec", 10)); /* and doesn't hang */
}

static unsigned mode_of(const char *path) {
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 07777;
}

/* HARDENING: setgid folder for several writers, whatever the umask of one of them. */
static void test_rights(void **state) {
    struct bench *bench = *state;
    static const struct {
        mode_t parent, folder, file, claim;
    } cases[] = {{0700, 0700, 0600, 0600},
                 {02770, 02770, 0660, 0620},
                 {02775, 02775, 0664, 0620}}; /* who only reads can't open the lock */
    mode_t before = umask(0777);
    for (size_t i = 0; i < 3; i++) {
        struct folder *folder;
        struct claim *claim;
        char *name = xtalloc_asprintf(bench, "4%zu.x.1", i);
        assert_int_equal(chmod(bench->path, cases[i].parent), 0);
        assert_true(folder_open(bench, bench->path, name, true, &folder, bench->err));
        assert_true(claim_take(bench, folder, &claim, bench->err));
        assert_true(claim_mark_exec(claim, bench->err));
        assert_true(
            ending_write(folder, ENDING_OF_WORK, &(struct ending){.ended = "lost"}, bench->err));
        char *path = xtalloc_asprintf(bench, "%s/%s", bench->path, name);
        assert_int_equal(mode_of(path), cases[i].folder);
        assert_int_equal(mode_of(xtalloc_asprintf(bench, "%s/claim", path)), cases[i].claim);
        assert_int_equal(mode_of(xtalloc_asprintf(bench, "%s/exec", path)), cases[i].file);
        assert_int_equal(mode_of(xtalloc_asprintf(bench, "%s/exit", path)), cases[i].file);
    }
    umask(before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_of_two_wins, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_crowd, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_exec_mark_once, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_ending_round_trip, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_in_doubt_it_is_there, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_damaged_ending, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_no_symlinks, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(test_rights, bench_setup, bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
