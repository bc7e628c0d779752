#include "config.h"

#include "tests/bench/bench.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- histories, kept ------------------------------------------------------------------------- */

#define OPEN_INCIDENTS "30"
#define SEED           "1"

/* Written aside, so that half a store is never taken for one. */
static bool write_history(const struct bench *bench, const char *folder, const char *events,
                          const char *incidents, struct err *err) {
    const char *aside = xtalloc_asprintf(folder, "%s.part-%d", folder, (int)getpid());
    const char *argv[] = {bench_program(folder, bench, "generate"),
                          xtalloc_asprintf(folder, "%s/incidents.db", aside),
                          xtalloc_asprintf(folder, "%s/data/plans", bench->source),
                          events,
                          incidents,
                          OPEN_INCIDENTS,
                          SEED,
                          NULL};
    printf("# writing a history of %s events and %s incidents, once\n", events, incidents);
    fflush(stdout);
    if (mkdir(aside, 0700) != 0)
        return err_errno(err, errno, "can't make a folder", aside, NULL);
    return bench_run(bench, argv, err) &&
           (rename(aside, folder) == 0 ||
            err_errno(err, errno, "can't keep a store", folder, NULL));
}

bool bench_history(const void *parent, const struct bench *bench, int64_t events, int64_t incidents,
                   const char **store, struct err *err) {
    char *many = xtalloc_asprintf(parent, "%lld", (long long)events);
    char *few = xtalloc_asprintf(parent, "%lld", (long long)incidents);
    char *folder = xtalloc_asprintf(parent, "%s/%s-%s", bench->stores, many, few);
    *store = xtalloc_asprintf(parent, "%s/incidents.db", folder);
    return access(*store, F_OK) == 0 || write_history(bench, folder, many, few, err);
}

/* ---- a repository ---------------------------------------------------------------------------- */

#define COMMITS 300

/* What git fast-import reads. */
static bool write_commits(const char *path, struct err *err) {
    FILE *file = fopen(path, "we");
    if (!file)
        return err_errno(err, errno, "can't write commits", path, NULL);
    for (int i = 1; i <= COMMITS; i++) {
        char *title = xtalloc_asprintf(path, "change-%04d of release 4.12, by hand", i);
        fprintf(file,
                "commit refs/heads/main\ncommitter Ana <ana@example.org> %d +0000\n"
                "data %zu\n%s\nM 100644 inline number\ndata 5\n%04d\n\n",
                1794492482 + i * 60, strlen(title), title, i);
    }
    return fclose(file) == 0 || err_errno(err, errno, "can't write commits", path, NULL);
}

bool bench_repository(const void *parent, const struct bench *bench, const char *git,
                      const char **folder, struct err *err) {
    *folder = bench_folder(parent, bench, "git");
    const char *commits = xtalloc_asprintf(*folder, "%s/commits", bench->work);
    const char *import = xtalloc_asprintf(
        *folder,
        "cd '%s' && '%s' init -q -b main && '%s' fast-import --quiet <'%s' && '%s' reset -q --hard",
        *folder, git, git, commits, git);
    const char *argv[] = {"/bin/sh", "-c", import, NULL};
    return write_commits(commits, err) && bench_run(bench, argv, err);
}

/* ---- ten timers ------------------------------------------------------------------------------ */

#define RUNNING    5 /* each has the time it took and its clock: ten timers */
#define WORDS_MOST 8

/* Line mode, in words parted by spaces. */
static bool say(const struct bench *bench, const char *store, const char *words, struct err *err) {
    const char *argv[WORDS_MOST + 4] = {bench->backout, "--store", store};
    char *rest = xtalloc_strdup(bench, words), *copy = rest;
    for (size_t i = 3; i < WORDS_MOST + 3 && (argv[i] = strsep(&rest, " ")); i++) {
        /* Each word is one of argv. */
    }
    bool said = bench_run(bench, argv, err);
    talloc_free(copy);
    return said;
}

static bool declare(const struct bench *bench, const char *store, struct err *err) {
    const char *plan = xtalloc_asprintf(store, "%s/tests/bench/ten.yaml", bench->source);
    return say(bench, store,
               xtalloc_asprintf(store, "declare %s --severity 1 --accept timers", plan), err) &&
           say(bench, store, "ack 1", err) && say(bench, store, "take 1 commander", err) &&
           say(bench, store, "decide 1 back --reason timers", err);
}

bool bench_ten(const void *parent, const struct bench *bench, const char *name, const char **store,
               struct err *err) {
    *store = xtalloc_asprintf(parent, "%s/incidents.db", bench_folder(parent, bench, name));
    if (!declare(bench, *store, err))
        return false;
    for (int step = 1; step <= RUNNING; step++)
        if (!say(bench, *store, xtalloc_asprintf(*store, "start 1 %d", step), err))
            return false;
    return true;
}

/* ---- consoles -------------------------------------------------------------------------------- */

static const char *const *words(const void *parent, const char *const *list, size_t count) {
    return xtalloc_memdup(parent, list, count * sizeof(*list));
}

const char *const *bench_console(const void *parent, const struct bench *bench, const char *store) {
    const char *const list[] = {bench->backout, "--store", store, NULL};
    return words(parent, list, ARRAY_SIZE(list));
}

const char *const *bench_viewer(const void *parent, const struct bench *bench, const char *store) {
    const char *const list[] = {bench->backout, "--store", store, "watch", NULL};
    return words(parent, list, ARRAY_SIZE(list));
}
