#include "config.h"

#include "tests/fault/model.h"

#include "base/array.h"
#include "base/host.h"
#include "base/xtalloc.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- copying --------------------------------------------------------------------------------- */

static struct copying { const char *from, *to; } copying; /* nftw hands nothing on */

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

void model_copy(const char *from, const char *to) {
    remove_tree(to);
    copying = (struct copying){from, to};
    assert_int_equal(nftw(from, copy_entry, 16, FTW_PHYS), 0);
}

/* ---- making ---------------------------------------------------------------------------------- */

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

struct traced model_run(struct fixture *fixture, const char *folder, const char *words) {
    const struct injection none = {0};
    struct traced traced = strace_start(fixture, folder, words, &none);
    strace_wait(fixture, &traced);
    return traced;
}

static void run_ok(struct fixture *fixture, const char *folder, const char *words) {
    struct traced traced = model_run(fixture, folder, words);
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

char *model_make(struct fixture *fixture) {
    static const char *const folders[] = {"", "/home", "/store", "/other", "/new"};
    char *model = fixture_path(fixture, "model");
    for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
        assert_int_equal(mkdir(talloc_asprintf(fixture, "%s%s", model, folders[i]), 0700), 0);
    write_file(fixture, "plan.yaml", plan);
    write_file(fixture, "roster.yaml", roster_of(fixture));
    for (size_t i = 0; i < ARRAY_SIZE(history); i++)
        run_ok(fixture, model, history[i]);
    return model;
}
