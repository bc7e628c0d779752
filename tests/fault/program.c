#include "config.h"

#include "tests/fault/program.h"

#include "base/xtalloc.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define WORDS_MAX 12

/* ---- processes ------------------------------------------------------------------------------- */

static void say_nothing(void) {
    int nowhere = open("/dev/null", O_RDWR);
    for (int fd = 0; fd <= 2; fd++)
        dup2(nowhere, fd);
}

static void become(const struct fixture *fixture, const char *const *words) {
    const char *argv[WORDS_MAX + 4] = {getenv("BACKOUT"), "--store", fixture->path};
    for (size_t i = 0; words[i] && i < WORDS_MAX; i++)
        argv[i + 3] = words[i];
    say_nothing();
    setenv("XDG_STATE_HOME", fixture->folder, true); /* what it saw is nobody's to remember */
    prctl(PR_SET_PDEATHSIG, SIGKILL);                /* it is the test's, and goes with it */
    execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

pid_t program_begin(const struct fixture *fixture, const char *const *words,
                    const char *const *environment) {
    fflush(NULL);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    for (; environment && *environment; environment++)
        putenv((char *)(uintptr_t)*environment);
    become(fixture, words);
    return -1;
}

int program_run(const struct fixture *fixture, const char *const *words) {
    return wait_for_child(program_begin(fixture, words, NULL));
}

/* ---- their clock ----------------------------------------------------------------------------- */

/* What faketime would have the program load, which it tells in its environment. */
static void tell_environment(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    say_nothing();
    dup2(file, 1);
    execlp("faketime", "faketime", "-f", "+0", "env", (char *)NULL);
    _exit(127);
}

static char *library_in(const struct fixture *fixture, const char *path) {
    static const char name[] = "LD_PRELOAD=";
    FILE *file = fopen(path, "re");
    char line[512], *library = NULL;
    while (file && !library && fgets(line, sizeof(line), file))
        if (strncmp(line, name, strlen(name)) == 0)
            library = xtalloc_strndup(fixture, line, strcspn(line, "\n"));
    if (file)
        fclose(file);
    return library;
}

static char *find_library(const struct fixture *fixture) {
    char *path = fixture_path(fixture, "environment");
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        tell_environment(path);
    return wait_for_child(pid) == 0 ? library_in(fixture, path) : NULL;
}

const char *const *program_clock(const struct fixture *fixture, const char *file) {
    const char *asan = getenv("ASAN_OPTIONS");
    const char **environment = xtalloc_zero_array(fixture, const char *, 6);
    environment[0] = find_library(fixture);
    environment[1] = xtalloc_asprintf(fixture, "FAKETIME_TIMESTAMP_FILE=%s", file);
    environment[2] = "FAKETIME_NO_CACHE=1";
    environment[3] = "DONT_FAKE_MONOTONIC=1";
    /* faketime comes before a sanitizer in the line of libraries, and it doesn't like that. */
    environment[4] = xtalloc_asprintf(fixture, "ASAN_OPTIONS=%s%sverify_asan_link_order=0",
                                      asan ? asan : "", asan ? ":" : "");
    return environment[0] ? environment : NULL;
}
