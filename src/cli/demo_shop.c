/* The demo's service: real processes, held on a pipe that only this process has the other end of.
 * When it goes, by whatever death, they see the end of the pipe and go too. */
#include "config.h"

#include "cli/demo_inside.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "run/environment.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAID_BYTES ((size_t)4096)
#define READY_MS   5000
#define GO_MS      2000
#define LOAD_LIMIT "240" /* minutes after which even a forgotten demo is quiet */
#define SHOP       "rollback/bin/shop"

/* ---- spawning ---- */

static char **child_environment(const void *parent, const struct demo *demo) {
    const struct pair own[] = {
        {"SHOP_HOME", world_path(parent, demo, "shop")}, {"PACE", "fast"}, {NULL, NULL}};
    const struct pair *const lists[] = {own, NULL};
    return environment_make(parent, lists);
}

/* Signals as a fresh process has them, in a group of its own: Ctrl-C is ours to answer. */
static void plain_signals(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                             POSIX_SPAWN_SETPGROUP);
}

/* 0: err says why. `in` and `out` become the child's; -1 is /dev/null. */
static pid_t spawn(struct demo *demo, const char *const *words, int in, int out, struct err *err) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid = 0;
    char *scratch = xtalloc_size(NULL, 0);
    char *program = world_path(scratch, demo, words[0]);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    plain_signals(&attributes);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    if (in >= 0)
        posix_spawn_file_actions_adddup2(&actions, in, 0);
    if (out >= 0)
        posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    int number = posix_spawn(&pid, program, &actions, &attributes, (char *const *)(uintptr_t)words,
                             child_environment(scratch, demo));
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (number != 0)
        err_errno(err, number, "can't run", program, NULL);
    talloc_free(scratch);
    return number == 0 ? pid : 0;
}

/* ---- one program to its end ---- */

/* What it says beyond SAID_BYTES is read and forgotten. */
static char *hear(const void *parent, int fd) {
    char *said = xtalloc_zero_array(parent, char, SAID_BYTES + 1);
    char beyond[256];
    size_t length = 0;
    ssize_t got;
    do {
        bool room = length < SAID_BYTES;
        got = read(fd, room ? said + length : beyond, room ? SAID_BYTES - length : sizeof(beyond));
        if (got > 0 && room)
            length += (size_t)got;
    } while (got > 0 || (got < 0 && errno == EINTR));
    return said;
}

static bool ended_well(pid_t pid) {
    int status = -1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool shop_run(struct demo *demo, const void *parent, const char *const *words, char **said,
              struct err *err) {
    int out[2];
    if (pipe2(out, O_CLOEXEC) < 0)
        return err_errno(err, errno, "can't run", words[0], NULL);
    pid_t pid = spawn(demo, words, -1, out[1], err);
    close(out[1]);
    char *heard = pid ? hear(parent, out[0]) : NULL;
    close(out[0]);
    if (!pid)
        return false;
    if (!ended_well(pid))
        return err_set(err, ERR_UNAVAILABLE, err_fmt(err, "the demo's %s failed", words[0]), heard,
                       NULL);
    if (said)
        *said = heard;
    return true;
}

/* ---- the service ---- */

static bool answers(struct demo *demo) {
    static const char *const words[] = {SHOP, "get", "/health", NULL};
    struct err *err = err_new(NULL);
    bool well = shop_run(demo, err, words, NULL, err);
    talloc_free(err);
    return well;
}

bool shop_open(struct demo *demo, struct err *err) {
    static const char *const serve[] = {SHOP, "serve", NULL};
    static const char *const load[] = {SHOP, "load", LOAD_LIMIT, NULL};
    int hold[2];
    if (pipe2(hold, O_CLOEXEC) < 0)
        return err_errno(err, errno, "can't hold the demo's service", NULL, NULL);
    demo->hold = hold[1];
    demo->serve = spawn(demo, serve, hold[0], -1, err);
    bool served = demo->serve && demo_wait(demo, answers, READY_MS);
    if (demo->serve && !served)
        err_set(err, ERR_UNAVAILABLE, "the demo's service doesn't answer", "on loopback",
                "see whether something forbids to listen on 127.0.0.1");
    demo->load = served ? spawn(demo, load, hold[0], -1, err) : 0;
    close(hold[0]);
    return demo->load > 0;
}

static void reap(pid_t *pid) {
    if (*pid && waitpid(*pid, NULL, WNOHANG) != 0)
        *pid = 0;
}

static bool all_gone(struct demo *demo) {
    reap(&demo->serve);
    reap(&demo->load);
    return !demo->serve && !demo->load;
}

static void kill_one(pid_t *pid) {
    if (!*pid)
        return;
    kill(*pid, SIGKILL);
    ended_well(*pid);
    *pid = 0;
}

void shop_close(struct demo *demo) {
    if (demo->hold >= 0)
        close(demo->hold);
    demo->hold = -1;
    demo->interrupted = false; /* that was heard: this is the end that was asked for */
    if (demo_wait(demo, all_gone, GO_MS))
        return;
    kill_one(&demo->serve);
    kill_one(&demo->load);
}

/* ---- as a customer ---- */

struct shop_seen shop_look(struct demo *demo, const void *parent) {
    static const char *const words[] = {SHOP, "get", "/", NULL};
    struct shop_seen seen = {.page = xtalloc_strdup(parent, "")};
    for (int i = 0; i < SHOP_ORDERS; i++) {
        struct err *err = err_new(NULL);
        char *page = NULL;
        if (shop_run(demo, parent, words, &page, err))
            seen.page = page;
        else
            seen.failed++;
        talloc_free(err);
    }
    seen.page[strcspn(seen.page, "\n")] = '\0';
    return seen;
}

bool shop_is_well(const struct shop_seen *seen) {
    static const char old[] = "shop " DEMO_OLD ":";
    return seen->failed == 0 && strncmp(seen->page, old, strlen(old)) == 0;
}
