/* "The Nth failing pwrite, fdatasync, openat, flock, mmap, rename for every N until none fires: no
 * crash, no false acknowledgement, the log verifies afterwards." Each scene is a command of the
 * real program; for each kind of call, each N, a copy of the same folder. What was answered with 0
 * is there; what was not isn't, or it was said that nobody knows; and what comes next goes well,
 * the mirror too.
 *
 * By itself this tries the calls that the promise names. BACKOUT_FAULTS=all tries all that stand in
 * the table below, each failing once and each failing from there on. */
#include "config.h"

#include "tests/fault/strace.h"
#include "tests/hub/store.h"
#include "tests/log/reflection.h"

#include "base/array.h"
#include "base/host.h"
#include "base/xtalloc.h"
#include "hub/local.h"
#include "log/mirror_file.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define STORE "store/incidents.db"
#define ON    "--store " STORE " "

enum { JOBS = 3, MOST_SAID = 12 };

/* ---- a folder, made once and copied for each run --------------------------------------------- */

struct copying {
    const char *from, *to;
} copying; /* nftw hands nothing on */

static void copy_bytes(const char *from, const char *to, mode_t mode) {
    char bytes[65536];
    ssize_t got;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(in >= 0 && out >= 0);
    while ((got = read(in, bytes, sizeof bytes)) > 0)
        assert_int_equal(write(out, bytes, (size_t)got), got);
    assert_int_equal(fchmod(out, mode & 07777), 0);
    close(in);
    close(out);
}

static int copy_entry(const char *path, const struct stat *entry, int type, struct FTW *place) {
    char *to = talloc_asprintf(NULL, "%s%s", copying.to, path + strlen(copying.from));
    (void)place;
    if (type == FTW_D)
        assert_int_equal(mkdir(to, entry->st_mode & 07777), 0);
    else
        copy_bytes(path, to, entry->st_mode);
    talloc_free(to);
    return 0;
}

static void copy_tree(const char *from, const char *to) {
    remove_tree(to);
    copying = (struct copying){from, to};
    assert_int_equal(nftw(from, copy_entry, 16, FTW_PHYS), 0);
}

/* Where a plan's commands run is on the record; what they do shows in the home of who runs them. */
static const char plan[] = "backout: 1\nplan: shop-1\ntitle: Shop is slow\nservice: shop\n"
                           "why: Orders\nroles: {commander: [ana], dev: [ana]}\nsteps:\n"
                           "  - {id: flag, title: Flag, owner: dev, box: 5m, undo: x,\n"
                           "     run: [/bin/sh, -c, 'echo ran >>$HOME/../effects']}\n";

static const char *roster_of(struct fixture *fixture) {
    const char *me = host_user(fixture);
    return talloc_asprintf(fixture,
                           "roster: 1\npeople: {%s: {may: command}}\nothers: respond\n"
                           "roles: {commander: [%s]}\n",
                           me, me);
}

static void write_file(struct fixture *fixture, const char *name, const char *text) {
    char *path = xtalloc_asprintf(fixture, "%s/model/%s", fixture->folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static struct traced run(struct fixture *fixture, const char *folder, const char *words) {
    const struct injection none = {0};
    struct traced traced = strace_start(fixture, folder, words, &none);
    strace_wait(fixture, &traced);
    return traced;
}

static void run_ok(struct fixture *fixture, const char *folder, const char *words) {
    struct traced traced = run(fixture, folder, words);
    if (traced.status != 0)
        fail_msg("%s: %s", words, traced.err);
}

static const char *const history[] = {
    ON "declare plan.yaml --accept t",
    ON "decide 1 back --reason errors",
    ON "note 1 before",
    ON "export log.ndjson",
    ON "backup copy.db",
    ON "note 1 behind",
};

static char *make_model(struct fixture *fixture) {
    static const char *const folders[] = {"", "/home", "/store", "/other", "/new"};
    char *model = fixture_path(fixture, "model");
    for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
        assert_int_equal(mkdir(talloc_asprintf(fixture, "%s%s", model, folders[i]), 0700), 0);
    write_file(fixture, "plan.yaml", plan);
    write_file(fixture, "roster.yaml", roster_of(fixture));
    for (size_t i = 0; i < ARRAY_SIZE(history); i++)
        run_ok(fixture, model, history[i]);
    /* As another machine would have it: there the runs of this log aren't lost, they are elsewhere.
     */
    return model;
}

/* ---- what is there afterwards ---------------------------------------------------------------- */

struct trial {
    struct fixture *fixture;
    const struct scene *scene;
    struct injection injection;
    struct traced traced;
    const char *folder;
    bool again; /* the same words once more, without harm */
};

static char *in(const struct trial *trial, const char *name) {
    return talloc_asprintf(trial->fixture, "%s/%s", trial->folder, name);
}

static struct hub *open_hub(const struct trial *trial, const char *store, bool read_only) {
    struct hub_options options = {
        .store = in(trial, store), .actor = "judge", .via = "line", .read_only = read_only};
    struct hub *hub = NULL;
    err_clear(trial->fixture->err);
    return hub_open(trial->fixture, &options, NOW_MS, &hub, trial->fixture->err) ? hub : NULL;
}

static bool verifies(const struct trial *trial, const char *store) {
    int64_t verified;
    struct hub *hub = open_hub(trial, store, true);
    bool right = hub && hub_verify(hub, &verified, trial->fixture->err);
    talloc_free(hub);
    return right;
}

static size_t count_text(const struct trial *trial, const char *text) {
    size_t count = 0;
    struct hub *hub = open_hub(trial, STORE, true);
    const struct incident *incident = hub ? state_incident(hub_state(hub), 1) : NULL;
    for (size_t i = 0; incident && i < incident->events_count; i++)
        count += strstr(incident->events[i].body, text) != NULL;
    talloc_free(hub);
    return count;
}

static bool noted(const struct trial *trial) {
    return count_text(trial, "acknowledged") > 0;
}

static bool declared(const struct trial *trial) {
    struct hub *hub = open_hub(trial, STORE, true);
    bool there = hub && state_incident(hub_state(hub), 2);
    talloc_free(hub);
    return there;
}

static bool applied(const struct trial *trial) {
    struct hub *hub = open_hub(trial, STORE, true);
    bool there = hub && hub_state(hub)->roster;
    talloc_free(hub);
    return there;
}

static size_t effects(const struct trial *trial) {
    char *path = in(trial, "effects");
    return access(path, F_OK) == 0 ? count_in_file(trial->fixture, path, "ran") : 0;
}

static enum step_state state_of_step(const struct trial *trial) {
    struct hub *hub = open_hub(trial, STORE, true);
    const struct incident *incident = hub ? state_incident(hub_state(hub), 1) : NULL;
    const struct step *step = incident ? incident_step(incident, "flag") : NULL;
    enum step_state state = step ? step->record : STEP_UNKNOWN;
    talloc_free(hub);
    return state;
}

static bool performed(const struct trial *trial) {
    return state_of_step(trial) == STEP_DONE && effects(trial) == 1;
}

/* Where the command had its effect nobody says that it had none. */
static bool tells_the_effect(const struct trial *trial) {
    static const enum step_state had[] = {STEP_RUNNING, STEP_VERIFYING, STEP_UNKNOWN, STEP_DONE};
    enum step_state state = state_of_step(trial);
    bool may = effects(trial) == 0;
    for (size_t i = 0; i < ARRAY_SIZE(had); i++)
        may |= had[i] == state;
    return may && (effects(trial) == 1 || state != STEP_DONE);
}

static bool made(const struct trial *trial) {
    return verifies(trial, "new/store.db");
}

static bool imported(const struct trial *trial) {
    return verifies(trial, "other/store.db");
}

static bool backed_up(const struct trial *trial) {
    return verifies(trial, "kept.db");
}

static bool is_restored(void *data, const struct event *event) {
    *(bool *)data |= strcmp(event->kind, "store.restored") == 0;
    return true;
}

static bool restored(const struct trial *trial) {
    bool there = false;
    struct hub *hub = open_hub(trial, STORE, true);
    if (hub)
        hub_events(hub, 0, LOG_ANY_INCIDENT, is_restored, &there, trial->fixture->err);
    talloc_free(hub);
    return there;
}

static bool any_line(void *data, const struct line *line, off_t at) {
    (void)data, (void)line, (void)at;
    return true;
}

static bool exported(const struct trial *trial) {
    struct mirror_file *file = NULL;
    struct err *err = trial->fixture->err;
    bool whole = mirror_file_open(trial->fixture, in(trial, "kept.ndjson"), &file, err) &&
                 mirror_file_prove(file, true, any_line, NULL, err);
    talloc_free(file);
    return whole;
}

static bool looked(const struct trial *trial) {
    return *trial->traced.out != '\0';
}

/* ---- scenes ---------------------------------------------------------------------------------- */

struct scene {
    const char *name, *words;
    bool (*happened)(const struct trial *trial);
    const char *removed; /* before it begins */
    bool only_looks;
    bool sanitized; /* under a sanitizer too */
    bool resumes;   /* it may be there in part, and the next try does what is missing */
    bool once;      /* its effect makes the same words a conflict */
};

static const struct scene scenes[] = {
    {.name = "note", .words = ON "note 1 acknowledged", .happened = noted, .sanitized = true},
    {.name = "declare", .words = ON "declare plan.yaml --accept t", .happened = declared},
    {.name = "start --wait",
     .words = ON "start 1 flag --wait",
     .happened = performed,
     .once = true,
     .sanitized = true},
    {.name = "init", .words = "--store new/store.db init", .happened = made, .resumes = true},
    {.name = "backup", .words = ON "backup kept.db", .happened = backed_up, .once = true},
    {.name = "restore", .words = ON "restore copy.db --reason lost", .happened = restored},
    {.name = "import",
     .words = "--store other/store.db import log.ndjson",
     .happened = imported,
     .once = true},
    {.name = "import --continue",
     .words = "--store other/store.db import log.ndjson --continue --reason gone",
     .happened = imported,
     .once = true},
    {.name = "export", .words = ON "export kept.ndjson", .happened = exported, .once = true},
    {.name = "roster apply",
     .words = ON "roster apply roster.yaml",
     .happened = applied,
     .once = true},
    {.name = "mirror made anew",
     .words = ON "note 1 acknowledged",
     .happened = noted,
     .removed = "store/view/incidents.db.ndjson"},
    {.name = "verify", .words = ON "verify", .happened = looked, .only_looks = true},
    {.name = "status", .words = ON "status --json", .happened = looked, .only_looks = true},
};

/* ---- judging --------------------------------------------------------------------------------- */

static size_t wrong;

static void complain(const struct trial *trial, const char *how) {
    if (wrong++ < MOST_SAID)
        print_message("%s, %s %zu%s %s: %s (status %x): %s\n", trial->scene->name,
                      trial->injection.call, trial->injection.nth,
                      trial->injection.from_there_on ? "+" : "", trial->injection.error, how,
                      (unsigned)trial->traced.status, trial->traced.err);
}

/* "backout: what failed: on what; what to do", of the last line. */
static bool has_three_parts(const char *text) {
    const char *line = strstr(text, "backout: ");
    for (const char *next; line && (next = strstr(line + 1, "\nbackout: "));)
        line = next + 1;
    const char *on = line ? strstr(line + strlen("backout: "), ": ") : NULL;
    return on && strstr(on, "; ");
}

/* Of those that stand in the table of exit codes, those that a failing machine may lead to. */
static bool ended_in_order(const struct trial *trial) {
    static const int codes[] = {0, 1, 5, 6, 7};
    int status = trial->traced.status;
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
        if (status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == codes[i])
            return true;
    return false;
}

/* What is in doubt was said to be; an answer that couldn't be given too. */
static bool says_doubt(const struct trial *trial) {
    return strstr(trial->traced.err, "nobody knows") || trial->traced.to_user ||
           strstr(trial->traced.err, "can't write the output") ||
           strstr(trial->traced.err, "the new store is there");
}

static bool is_whole(const struct trial *trial) {
    return access(in(trial, STORE), F_OK) != 0 || verifies(trial, STORE);
}

/* Libraries that couldn't be loaded leave no program to judge. */
static bool is_the_loaders(const struct trial *trial) {
    return WIFEXITED(trial->traced.status) && WEXITSTATUS(trial->traced.status) == 127;
}

static void judge(const struct trial *trial) {
    bool ok = trial->traced.status == 0, happened = trial->scene->happened(trial);
    if (!ended_in_order(trial) && !is_the_loaders(trial))
        complain(trial, "that is no way to end");
    else if (!ok && !is_the_loaders(trial) && !trial->traced.to_user &&
             !has_three_parts(trial->traced.err))
        complain(trial, "its message lacks a part");
    if (ok && !happened)
        complain(trial, "acknowledged, and not there");
    if (!ok && happened && !trial->scene->only_looks && !trial->scene->resumes &&
        !says_doubt(trial))
        complain(trial, "there, and not acknowledged");
    if (effects(trial) > 1)
        complain(trial, "it ran twice");
    if (trial->scene->happened == performed && !tells_the_effect(trial))
        complain(trial, "what is said of its effect is wrong");
    if (!is_whole(trial))
        complain(trial, err_sentence(trial->fixture, trial->fixture->err));
}

static void check_mirror(struct trial *trial) {
    struct hub *hub = open_hub(trial, STORE, false);
    if (!hub) {
        complain(trial, err_sentence(trial->fixture, trial->fixture->err));
        return;
    }
    store_ok(trial->fixture, hub, "note 1 next");
    assert_mirrored(trial->fixture, hub_log(hub));
    talloc_free(hub);
}

/* What a person does about a step that nobody knows of: looks, and says so; and about one that
 * couldn't be run. */
static void settle(struct trial *trial) {
    run(trial->fixture, trial->folder, ON "note 1 looking");
    if (state_of_step(trial) == STEP_FAILED)
        run(trial->fixture, trial->folder, ON "retry 1 flag --reason again --wait");
    else if (effects(trial) > 0)
        run(trial->fixture, trial->folder, ON "settle 1 flag happened --evidence seen");
    else
        run(trial->fixture, trial->folder, ON "settle 1 flag absent --evidence seen");
}

/* Without harm the same words do what they say, where they didn't yet. */
static void try_again(struct trial *trial) {
    bool there = trial->scene->happened(trial);
    if (trial->scene->happened == performed && !there)
        settle(trial);
    there = trial->scene->happened(trial);
    if (!there || !trial->scene->once)
        trial->traced = run(trial->fixture, trial->folder, trial->scene->words);
    if (trial->traced.status != 0 && (!there || !trial->scene->once))
        complain(trial, "the next try fails");
    if (!trial->scene->happened(trial))
        complain(trial, "the next try does nothing");
    check_mirror(trial);
    if (!is_whole(trial))
        complain(trial, err_sentence(trial->fixture, trial->fixture->err));
}

/* ---- every N --------------------------------------------------------------------------------- */

static const struct kind {
    const char *call;
    const char *error;
    bool promised; /* else only where all are asked for */
} kinds[] = {
    {"pwrite64", "EIO", true},   {"pwrite64", "ENOSPC", false}, {"fdatasync", "EIO", true},
    {"openat", "EIO", true},     {"openat", "EMFILE", false},   {"openat", "ENOSPC", false},
    {"flock", "ENOLCK", true},   {"flock", "EINTR", true},      {"mmap", "ENOMEM", true},
    {"rename", "EIO", true},     {"renameat", "EIO", true},     {"rename", "ENOSPC", false},
    {"write", "ENOSPC", false},  {"write", "EIO", false},       {"fsync", "EIO", false},
    {"ftruncate", "EIO", false}, {"unlink", "EIO", false},      {"unlinkat", "EIO", false},
    {"mkdir", "ENOSPC", false},  {"mkdirat", "ENOSPC", false},  {"fchmod", "EPERM", false},
    {"pread64", "EIO", false},   {"read", "EIO", false},        {"fcntl", "ENOLCK", false},
};

/* A sanitizer maps memory of its own and dies where it can't; and it takes ten times as long to
 * start: there two scenes must do, unless all are asked for. */
#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = true };
#else
enum { SANITIZED = false };
#endif

struct every {
    struct fixture *fixture;
    const struct scene *scene;
    const char *model;
    size_t tried, injected;
};

static bool all_asked(void) {
    const char *asked = getenv("BACKOUT_FAULTS");
    return asked && strcmp(asked, "all") == 0;
}

static struct trial begin(struct every *every, const struct kind *kind, size_t nth, bool on,
                          size_t job) {
    struct fixture *fixture = every->fixture;
    struct trial trial = {.fixture = fixture,
                          .scene = every->scene,
                          .injection = {kind->call, kind->error, nth, on},
                          .folder = talloc_asprintf(fixture, "%s/job-%zu", fixture->folder, job)};
    copy_tree(every->model, trial.folder);
    if (every->scene->removed)
        unlink(in(&trial, every->scene->removed));
    trial.traced = strace_start(fixture, trial.folder, every->scene->words, &trial.injection);
    return trial;
}

/* Several run at once; false: there is no Nth any more. */
static bool try_some(struct every *every, const struct kind *kind, size_t nth, bool on) {
    struct trial trials[JOBS];
    bool fired = true;
    for (size_t i = 0; i < JOBS; i++)
        trials[i] = begin(every, kind, nth + i, on, i);
    for (size_t i = 0; i < JOBS; i++)
        strace_wait(every->fixture, &trials[i].traced);
    for (size_t i = 0; i < JOBS; i++) {
        every->tried++;
        every->injected += trials[i].traced.injected;
        fired &= trials[i].traced.injected;
        judge(&trials[i]);
        try_again(&trials[i]);
    }
    return fired;
}

static void try_every(struct every *every, const struct kind *kind, bool on) {
    struct fixture *fixture = every->fixture;
    char *folder = fixture_path(fixture, "loading");
    copy_tree(every->model, folder);
    if (every->scene->removed)
        unlink(talloc_asprintf(fixture, "%s/%s", folder, every->scene->removed));
    size_t nth = 1 + strace_loading(fixture, folder, every->scene->words, kind->call);
    while (try_some(every, kind, nth, on))
        nth += JOBS;
}

static void test_scene(void **state) {
    const struct scene *scene = *state;
    void *own = NULL;
    assert_int_equal(store_setup(&own), 0);
    struct every every = {.fixture = own, .scene = scene};
    if (!strace_works(own) || (SANITIZED && !scene->sanitized && !all_asked())) {
        print_message(SANITIZED ? "takes too long under a sanitizer\n"
                                : "needs strace, and the right to trace\n");
        fixture_teardown(&own);
        skip();
    }
    wrong = 0;
    every.model = make_model(own);
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        if (SANITIZED && strcmp(kinds[i].call, "mmap") == 0)
            continue;
        if (kinds[i].promised || all_asked())
            try_every(&every, &kinds[i], false);
        if (all_asked())
            try_every(&every, &kinds[i], true);
    }
    print_message("%s: %zu runs, %zu hit\n", scene->name, every.tried, every.injected);
    assert_true(every.injected > 0);
    assert_int_equal(wrong, 0);
    fixture_teardown(&own);
}

/* Thousands of small files are made here: in memory, where there is some. */
static int in_memory(void **state) {
    (void)state;
    return access("/dev/shm", W_OK) == 0 ? setenv("TMPDIR", "/dev/shm", 1) : 0;
}

int main(void) {
    const char *people = getenv("BACKOUT_PEOPLE");
    if (people && strcmp(people, "no") == 0) {
        puts("1..0 # SKIP BACKOUT_PEOPLE=no leaves people and faults out");
        return 0;
    }
    struct CMUnitTest tests[ARRAY_SIZE(scenes)];
    for (size_t i = 0; i < ARRAY_SIZE(scenes); i++)
        tests[i] = (struct CMUnitTest){
            .name = scenes[i].name, .test_func = test_scene, .initial_state = (void *)&scenes[i]};
    return cmocka_run_group_tests_name("calls", tests, in_memory, NULL);
}
