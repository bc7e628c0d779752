#include "config.h"

#include "tests/log/fixture.h"

#include <ftw.h>
#include <grp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

static const char *temporary_folder(void) {
    const char *folder = getenv("TMPDIR");
    return folder ? folder : "/tmp";
}

int fixture_setup(void **state) {
    struct fixture *fixture = talloc_zero(NULL, struct fixture);
    fixture->err = err_new(fixture);
    fixture->folder = talloc_asprintf(fixture, "%s/backout-log-XXXXXX", temporary_folder());
    if (!digest_init() || mkdtemp(fixture->folder) == NULL)
        return -1;
    fixture->path = fixture_path(fixture, "store.db");
    *state = fixture;
    return 0;
}

static int remove_entry(const char *path, const struct stat *entry, int type, struct FTW *place) {
    (void)entry, (void)type, (void)place;
    return remove(path);
}

void remove_tree(const char *path) {
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* What is still open writes to the folder as it is closed: a hub what it saw. */
int fixture_teardown(void **state) {
    struct fixture *fixture = *state;
    char *folder = talloc_steal(NULL, fixture->folder);
    talloc_free(fixture);
    remove_tree(folder);
    talloc_free(folder);
    return 0;
}

char *fixture_path(const struct fixture *fixture, const char *name) {
    return talloc_asprintf(fixture, "%s/%s", fixture->folder, name);
}

void fixture_ok(struct fixture *fixture, bool ok) {
    if (!ok)
        fail_msg("%s", err_sentence(fixture, fixture->err));
}

void fixture_failed(struct fixture *fixture, bool ok, enum err_code code) {
    assert_false(ok);
    assert_int_equal(fixture->err->code, code);
    assert_non_null(fixture->err->what);
    assert_non_null(fixture->err->on);
    assert_non_null(fixture->err->remedy);
}

struct log *fixture_open(struct fixture *fixture, enum log_mode mode) {
    struct log *log = NULL;
    fixture_ok(fixture, log_open(fixture, fixture->path, mode, NOW_MS, &log, fixture->err));
    return log;
}

void fixture_begin(struct fixture *fixture, struct log *log) {
    enum log_begin begin = LOG_BUSY;
    while (begin == LOG_BUSY)
        begin = log_begin(log, "test", fixture->err);
    fixture_ok(fixture, begin == LOG_BEGUN);
}

struct event fixture_event(struct fixture *fixture, int64_t incident, const char *kind,
                           const char *body) {
    char *command = talloc_array(fixture, char, UUID_TEXT);
    uuid7(NOW_MS, command);
    return (struct event){
        .command = command,
        .request = digest_sha256(body, 1),
        .incident = incident,
        .at_ms = NOW_MS,
        .actor = "ana",
        .via = "line",
        .kind = kind,
        .body = body,
    };
}

int64_t fixture_append(struct fixture *fixture, struct log *log, int64_t incident, const char *kind,
                       const char *body) {
    bool doubt;
    struct event event = fixture_event(fixture, incident, kind, body);
    fixture_begin(fixture, log);
    fixture_ok(fixture, log_append(log, &event, fixture->err));
    fixture_ok(fixture, log_commit(log, &doubt, fixture->err));
    return event.seq;
}

bool count_event(void *data, const struct event *event) {
    (void)event;
    ++*(int64_t *)data;
    return true;
}

mode_t file_mode(const char *path) {
    struct stat file;
    assert_int_equal(stat(path, &file), 0);
    return file.st_mode & 07777;
}

void run_sql(const char *path, const char *sql) {
    sqlite3 *database = NULL;
    char *problem = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    sqlite3_busy_timeout(database, 1000);
    sqlite3_exec(database, sql, NULL, NULL, &problem);
    sqlite3_close(database);
    if (problem)
        fail_msg("%s: %s", sql, problem);
}

/* ---- other processes ------------------------------------------------------------------------- */

pid_t start_child(int (*fn)(struct fixture *fixture), struct fixture *fixture) {
    fflush(NULL);
    pid_t child = fork();
    if (child != 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    _exit(fn(fixture));
}

int wait_for_child(pid_t child) {
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int run_as_nobody(int (*fn)(struct fixture *fixture), struct fixture *fixture) {
    enum { NOBODY = 65534 };
    if (geteuid() != 0) {
        print_message("needs root, to become another user\n");
        skip();
    }
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        bool changed = setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
                       setresuid(NOBODY, NOBODY, NOBODY) == 0;
        _exit(changed ? fn(fixture) : 127);
    }
    return wait_for_child(child);
}
