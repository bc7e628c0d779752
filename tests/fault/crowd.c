#include "config.h"

#include "tests/fault/crowd.h"

#include "tests/fault/program.h"
#include "tests/screen/pty.h"

#include "base/array.h"
#include "base/loop.h"
#include "base/number.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "hub/hub.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CONSOLES    2
#define STARTERS    3
#define KEEPERS     2
#define ACCIDENT_US 30000 /* the longest peace between two of them */
#define ANSWER_MS   (30 * SECOND_MS)
#define LEAVE_MS    (30 * SECOND_MS)

enum kind { WRITERS, CONSOLE, STARTER, RUNNER, KEEPER, KIND_COUNT };

struct crowd {
    struct fixture *fixture;
    struct random random;
    pid_t writers[CROWD_WRITERS], starters[STARTERS], keepers[KEEPERS]; /* 0: not there */
    struct pty *consoles[CONSOLES];
    size_t killed[KIND_COUNT];
};

/* ---- the store ------------------------------------------------------------------------------- */

/* Every step leaves a line in a file of its own, which names the attempt. */
static void write_plan(struct fixture *fixture) {
    FILE *plan = fopen(fixture_path(fixture, "plan.yaml"), "we");
    assert_non_null(plan);
    fputs("backout: 1\nplan: crowd\ntitle: Crowd\nservice: shop\nwhy: None.\n"
          "roles: {commander: [ana, bo]}\n"
          "escalation:\n"
          "  - {if: not_recovered, after: 1s, repeat: 1000, to: [ana]}\n"
          "  - {if: step_late, after: 1s, to: [bo]}\n"
          "steps:\n",
          plan);
    for (size_t i = 1; i <= CROWD_STEPS; i++)
        fprintf(
            plan,
            "  - {id: step-%zu, owner: commander, box: 5m, by: %zus, needs: [], undo: x,\n"
            "     on_failure: continue, run: [/bin/sh, -c, 'echo $BACKOUT_ATTEMPT >>ran-%zu']}\n",
            i, i / 2 + 1, i);
    assert_int_equal(fclose(plan), 0);
}

struct crowd *crowd_new(struct fixture *fixture, uint64_t seed) {
    struct crowd *crowd = xtalloc_zero(fixture, struct crowd);
    const char *plan = fixture_path(fixture, "plan.yaml");
    const char *declare[] = {"declare", plan, "--accept", "a test", NULL};
    const char *decide[] = {"decide", "1", "back", "--reason", "a test", NULL};
    crowd->fixture = fixture;
    crowd->random = (struct random){seed};
    write_plan(fixture);
    assert_int_equal(program_run(fixture, declare), 0);
    assert_int_equal(program_run(fixture, decide), 0);
    return crowd;
}

/* ---- writers --------------------------------------------------------------------------------- */

static struct crowd *my_crowd; /* of a child that was just born */
static size_t my_number;

char *crowd_command(const void *parent, size_t writer, size_t number) {
    return xtalloc_asprintf(parent, "writer/%zu/%zu", writer, number);
}

static char *acknowledged_path(const struct crowd *crowd, size_t writer) {
    char *name = xtalloc_asprintf(crowd->fixture, "acknowledged-%zu", writer);
    char *path = fixture_path(crowd->fixture, name);
    talloc_free(name);
    return path;
}

size_t crowd_acknowledged(const struct crowd *crowd, size_t writer) {
    struct stat file;
    char *path = acknowledged_path(crowd, writer);
    size_t count = stat(path, &file) == 0 ? (size_t)file.st_size : 0;
    talloc_free(path);
    return count;
}

/* Asks until there is an answer that the store stands to: a refusal because it was busy is none. */
static bool ask(struct hub *hub, struct loop *loop, size_t number, struct err *err) {
    char *id = crowd_command(NULL, my_number, number);
    struct command *command = command_new(NULL, "note", time_now_ms());
    struct hub_item answer;
    snprintf(command->id, sizeof(command->id), "%s", id);
    command->incident = 1;
    command->text = id;
    bool accepted = false;
    do
        accepted = hub_ask(hub, loop, command, NULL, ANSWER_MS, &answer, err) &&
                   answer.verdict == HUB_ACCEPTED;
    while (!accepted && (answer.verdict == HUB_IN_DOUBT || err->code == ERR_UNAVAILABLE));
    talloc_free(command);
    talloc_free(id);
    return accepted;
}

/* A byte for every command that was acknowledged: what was written before the kill counts. */
static int write_words(struct fixture *fixture) {
    int acknowledged = open(acknowledged_path(my_crowd, my_number),
                            O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    struct loop *loop = loop_new(fixture, fixture->err);
    struct hub_options options = {.store = fixture->path,
                                  .actor = xtalloc_asprintf(fixture, "w%zu", my_number),
                                  .via = "line"};
    struct hub *hub;
    if (acknowledged < 0 || !loop ||
        !hub_open(fixture, &options, time_now_ms(), &hub, fixture->err))
        return 2;
    for (size_t i = crowd_acknowledged(my_crowd, my_number); i < CROWD_COMMANDS; i++)
        if (!ask(hub, loop, i, fixture->err) || write(acknowledged, "+", 1) != 1)
            return 1;
    return 0;
}

bool crowd_is_done(const struct crowd *crowd) {
    for (size_t i = 0; i < CROWD_WRITERS; i++)
        if (crowd_acknowledged(crowd, i) < CROWD_COMMANDS)
            return false;
    return true;
}

/* A writer ends by itself only when it is done. */
static void gather_writers(struct crowd *crowd) {
    my_crowd = crowd;
    for (my_number = 0; my_number < CROWD_WRITERS; my_number++) {
        pid_t *writer = &crowd->writers[my_number];
        int status = 0;
        if (*writer && waitpid(*writer, &status, WNOHANG) == *writer) {
            assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
            *writer = 0;
        }
        if (!*writer && crowd_acknowledged(crowd, my_number) < CROWD_COMMANDS)
            *writer = start_child(write_words, crowd->fixture);
    }
}

/* ---- consoles and starters ------------------------------------------------------------------- */

static void gather_consoles(struct crowd *crowd) {
    const char *argv[] = {getenv("BACKOUT"), "--store", crowd->fixture->path, NULL};
    const struct pty_options options = {0};
    for (size_t i = 0; i < CONSOLES; i++)
        if (!crowd->consoles[i])
            crowd->consoles[i] = pty_start(crowd, &options, argv);
}

/* A sanitizer looks for leaks by a second process of the same words; a runner whose helper was
 * killed instead of itself would wait for it for ever. */
static char *without_leaks(const void *parent) {
    const char *asan = getenv("ASAN_OPTIONS");
    return xtalloc_asprintf(parent, "ASAN_OPTIONS=%s%sdetect_leaks=0", asan ? asan : "",
                            asan ? ":" : "");
}

static void gather_starters(struct crowd *crowd) {
    for (size_t i = 0; i < STARTERS; i++) {
        pid_t *starter = &crowd->starters[i];
        if (*starter && waitpid(*starter, NULL, WNOHANG) != *starter)
            continue;
        size_t step = 1 + random_below(&crowd->random, CROWD_STEPS);
        char *name = xtalloc_asprintf(crowd, "%zu", step);
        const char *words[] = {"start", "1", name, NULL};
        const char *environment[] = {without_leaks(name), NULL};
        *starter = program_begin(crowd->fixture, words, environment);
        talloc_free(name);
    }
}

/* A keeper never ends by itself. */
static void gather_keepers(struct crowd *crowd) {
    const char *words[] = {"keeper", NULL};
    for (size_t i = 0; i < KEEPERS; i++)
        if (!crowd->keepers[i])
            crowd->keepers[i] = program_begin(crowd->fixture, words, NULL);
}

void crowd_gather(struct crowd *crowd) {
    gather_writers(crowd);
    gather_consoles(crowd);
    gather_starters(crowd);
    gather_keepers(crowd);
}

/* ---- runners: of our store, by their words ----------------------------------------------------
 */

static bool is_runner_of(const char *pid, const char *store) {
    char words[512] = "", path[64];
    snprintf(path, sizeof(path), "/proc/%.20s/cmdline", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, words, sizeof(words) - 1);
    if (fd >= 0)
        close(fd);
    for (ssize_t i = 0; i + 1 < length; i++)
        words[i] = words[i] ? words[i] : ' ';
    return strstr(words, " runner ") && strstr(words, store);
}

/* The `skip`th runner there is; 0: there are not so many. */
static pid_t find_runner(const struct crowd *crowd, size_t skip) {
    DIR *proc = opendir("/proc");
    int64_t pid = 0;
    bool found = false;
    for (struct dirent *entry; !found && (entry = readdir(proc));)
        found = number_parse(entry->d_name, 2, INT32_MAX, &pid) &&
                is_runner_of(entry->d_name, crowd->fixture->path) && skip-- == 0;
    closedir(proc);
    return found ? (pid_t)pid : 0;
}

/* ---- accidents ------------------------------------------------------------------------------- */

static void kill_one(struct crowd *crowd, pid_t *pid, enum kind kind) {
    if (*pid == 0 || waitpid(*pid, NULL, WNOHANG) != 0) {
        *pid = 0;
        return;
    }
    kill(*pid, SIGKILL);
    waitpid(*pid, NULL, 0);
    *pid = 0;
    crowd->killed[kind]++;
}

static void kill_writer(struct crowd *crowd) {
    kill_one(crowd, &crowd->writers[random_below(&crowd->random, CROWD_WRITERS)], WRITERS);
}

static void kill_console(struct crowd *crowd) {
    struct pty **console = &crowd->consoles[random_below(&crowd->random, CONSOLES)];
    if (!*console)
        return;
    kill(pty_pid(*console), SIGKILL);
    TALLOC_FREE(*console);
    crowd->killed[CONSOLE]++;
}

static void kill_starter(struct crowd *crowd) {
    kill_one(crowd, &crowd->starters[random_below(&crowd->random, STARTERS)], STARTER);
}

static void kill_keeper(struct crowd *crowd) {
    kill_one(crowd, &crowd->keepers[random_below(&crowd->random, KEEPERS)], KEEPER);
}

static void kill_runner(struct crowd *crowd) {
    pid_t runner = find_runner(crowd, random_below(&crowd->random, STARTERS));
    if (runner && kill(runner, SIGKILL) == 0)
        crowd->killed[RUNNER]++;
}

static void (*const accidents[])(struct crowd *crowd) = {
    kill_writer, kill_writer, kill_runner, kill_starter, kill_console, kill_keeper,
};

void crowd_accident(struct crowd *crowd) {
    struct timespec moment = {.tv_nsec = 1000 * (long)random_below(&crowd->random, ACCIDENT_US)};
    nanosleep(&moment, NULL); /* the random moment of the accident, not a wait for anything */
    accidents[random_below(&crowd->random, ARRAY_SIZE(accidents))](crowd);
}

size_t crowd_killed(const struct crowd *crowd) {
    size_t all = 0;
    for (size_t i = 0; i < KIND_COUNT; i++)
        all += crowd->killed[i];
    return all;
}

const char *crowd_losses(struct crowd *crowd) {
    return xtalloc_asprintf(
        crowd, "killed: %zu writers, %zu consoles, %zu starters, %zu runners, %zu keepers",
        crowd->killed[WRITERS], crowd->killed[CONSOLE], crowd->killed[STARTER],
        crowd->killed[RUNNER], crowd->killed[KEEPER]);
}

/* ---- leaving --------------------------------------------------------------------------------- */

static void wait_for_runners(struct crowd *crowd) {
    int64_t limit_ms = time_boot_ms() + LEAVE_MS;
    struct timespec look = {.tv_nsec = 20 * 1000000};
    while (find_runner(crowd, 0) && time_boot_ms() < limit_ms)
        nanosleep(&look, NULL);
    assert_int_equal(find_runner(crowd, 0), 0);
}

void crowd_leave(struct crowd *crowd) {
    for (size_t i = 0; i < CROWD_WRITERS; i++)
        if (crowd->writers[i])
            assert_int_equal(wait_for_child(crowd->writers[i]), 0);
    for (size_t i = 0; i < STARTERS; i++)
        if (crowd->starters[i])
            wait_for_child(crowd->starters[i]);
    for (size_t i = 0; i < CONSOLES; i++)
        TALLOC_FREE(crowd->consoles[i]);
    wait_for_runners(crowd);
    for (size_t i = 0; i < KEEPERS; i++)
        if (crowd->keepers[i]) {
            kill(crowd->keepers[i], SIGTERM);
            assert_int_equal(wait_for_child(crowd->keepers[i]), 0);
        }
}
