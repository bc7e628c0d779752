/* "The Nth failing pwrite, fdatasync, openat, flock, mmap, rename for every N until none fires: no
 * crash, no false acknowledgement, the log verifies afterwards." Each scene is a command of the
 * real program; for each kind of call, each N, a copy of the same folder. What was answered with 0
 * is there; what was not isn't, or it was said that nobody knows; and what comes next goes well,
 * the mirror too.
 *
 * By itself this tries the calls that the promise names, and those that once were met badly.
 * BACKOUT_FAULTS=all tries all that stand in the table below, each failing once and each failing
 * from there on; with the name of a scene (a glob) in place of "all", only that one. */
#include "config.h"

#include "tests/fault/judge.h"
#include "tests/fault/model.h"
#include "tests/fault/scenes.h"
#include "tests/hub/store.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct kind {
    const char *call;
    const char *error;
    bool usual; /* else only in full */
} kinds[] = {
    {"pwrite64", "EIO", true},    {"pwrite64", "ENOSPC", false}, {"fdatasync", "EIO", true},
    {"openat", "EIO", true},      {"openat", "EMFILE", false},   {"openat", "ENOSPC", false},
    {"flock", "ENOLCK", true},    {"flock", "EINTR", true},      {"mmap", "ENOMEM", true},
    {"rename", "EIO", true},      {"renameat", "EIO", true},     {"rename", "ENOSPC", false},
    {"write", "ENOSPC", false},   {"write", "EIO", false},       {"fsync", "EIO", false},
    {"ftruncate", "EIO", false},  {"unlink", "EIO", false},      {"unlinkat", "EIO", false},
    {"mkdir", "ENOSPC", true},    {"mkdirat", "ENOSPC", false},  {"fchmod", "EPERM", true},
    {"pread64", "EIO", false},    {"read", "EIO", false},        {"fcntl", "ENOLCK", false},
    {"faccessat2", "EIO", false},
};

/* A sanitizer maps memory of its own and dies where it can't; and it takes ten times as long to
 * start: there two scenes must do, unless all are asked for. */
#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = true };
#else
enum { SANITIZED = false };
#endif

static const char *asked_in_full(void) {
    return getenv("BACKOUT_FAULTS");
}

/* ---- one kind of call, every N --------------------------------------------------------------- */

/* Several run at once, for a command whose locks fail waits most of the time. */
enum { JOBS = 3 };

struct every {
    struct fixture *fixture;
    const struct scene *scene;
    const char *model;
    size_t tried, injected;
};

static const char *prepare(const struct every *every, const char *name) {
    char *folder = fixture_path(every->fixture, name);
    model_copy(every->model, folder);
    if (every->scene->removed)
        unlink(xtalloc_asprintf(folder, "%s/%s", folder, every->scene->removed));
    return folder;
}

static struct trial begin(const struct every *every, const struct injection *injection) {
    struct trial trial = {
        .fixture = every->fixture, .scene = every->scene, .injection = *injection};
    char *name = xtalloc_asprintf(every->fixture, "job-%zu", injection->nth % JOBS);
    trial.folder = prepare(every, name);
    trial.traced =
        strace_start(every->fixture, trial.folder, every->scene->words, &trial.injection);
    return trial;
}

/* False: there was no Nth any more. */
static bool finish(struct every *every, struct trial *trial) {
    strace_wait(every->fixture, &trial->traced);
    bool injected = trial->traced.injected;
    every->tried++;
    every->injected += injected;
    judge_trial(trial);
    return injected;
}

static void try_every(struct every *every, const struct kind *kind, bool on) {
    struct trial trials[JOBS];
    const char *folder = prepare(every, "loading");
    size_t oldest = 1 + strace_loading(every->fixture, folder, every->scene->words, kind->call);
    size_t next = oldest;
    bool more = true;
    do {
        for (; more && next < oldest + JOBS; next++)
            trials[next % JOBS] =
                begin(every, &(struct injection){kind->call, kind->error, next, on});
        more &= finish(every, &trials[oldest++ % JOBS]);
    } while (oldest < next);
}

/* ---- one scene, every kind of call ----------------------------------------------------------- */

static void try_kind(struct every *every, const struct kind *kind) {
    if (SANITIZED && strcmp(kind->call, "mmap") == 0)
        return;
    if (kind->usual || asked_in_full())
        try_every(every, kind, false);
    if (asked_in_full())
        try_every(every, kind, true);
}

static void test_scene(void **state) {
    const struct scene *scene = *state;
    void *own = NULL;
    assert_int_equal(store_setup(&own), 0);
    struct every every = {.fixture = own, .scene = scene};
    if (!strace_works(own) || (SANITIZED && !scene->sanitized && !asked_in_full())) {
        print_message(SANITIZED ? "takes too long under a sanitizer\n"
                                : "needs strace, and the right to trace\n");
        fixture_teardown(&own);
        skip();
    }
    every.model = model_make(own);
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
        try_kind(&every, &kinds[i]);
    print_message("%s: %zu runs, %zu hit\n", scene->name, every.tried, every.injected);
    assert_true(every.injected > 0);
    assert_int_equal(judge_wrong(), 0);
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
    struct CMUnitTest tests[SCENES];
    for (size_t i = 0; i < SCENES; i++)
        tests[i] = (struct CMUnitTest){
            .name = scenes[i].name, .test_func = test_scene, .initial_state = (void *)&scenes[i]};
    if (asked_in_full() && strcmp(asked_in_full(), "all") != 0)
        cmocka_set_test_filter(asked_in_full());
    return cmocka_run_group_tests_name("calls", tests, in_memory, NULL);
}
