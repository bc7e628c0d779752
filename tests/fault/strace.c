#include "config.h"

#include "tests/fault/strace.h"

#include "tests/log/reflection.h"

#include "base/xtalloc.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST_MS = 60000 };

static char *in(struct fixture *fixture, const char *folder, const char *name) {
    return xtalloc_asprintf(fixture, "%s/%s", folder, name);
}

static const char *program(void) {
    const char *backout = getenv("BACKOUT");
    return backout ? backout : "./backout";
}

/* ---- starting -------------------------------------------------------------------------------- */

static void redirect(const char *path, int to) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (dup2(fd, to) < 0)
        _exit(126);
    close(fd);
}

static _Noreturn void become(struct fixture *fixture, const char *folder, const char **words) {
    if (chdir(folder) != 0)
        _exit(126);
    redirect("out", STDOUT_FILENO);
    redirect("err", STDERR_FILENO);
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    setenv("HOME", in(fixture, folder, "home"), 1);
    setenv("BACKOUT_SYSLOG", "none", 1);
    /* What looks for leaks traces too, and two can't. */
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
    unsetenv("XDG_STATE_HOME");
    execvp(words[0], (char *const *)words);
    _exit(126);
}

static pid_t start(struct fixture *fixture, const char *folder, const char **words) {
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        become(fixture, folder, words);
    return child;
}

/* "-o trace" is written in the folder; the words are cut at blanks. */
static const char **words_of(struct fixture *fixture, const char *words,
                             const struct injection *injection) {
    const char **list = xtalloc_zero_array(fixture, const char *, 32);
    size_t count = 0;
    if (injection->call) {
        list[count++] = "strace";
        list[count++] = "-qq";
        list[count++] = "-f";
        list[count++] = "--seccomp-bpf";
        list[count++] = "-otrace";
        list[count++] = "-e";
        list[count++] = xtalloc_asprintf(list, "trace=%s", injection->call);
    }
    if (injection->call && injection->error) {
        list[count++] = "-e";
        list[count++] =
            xtalloc_asprintf(list, "inject=%s:error=%s:when=%zu%s", injection->call,
                             injection->error, injection->nth, injection->from_there_on ? "+" : "");
    }
    list[count++] = program();
    char *rest = xtalloc_strdup(list, words);
    for (char *word; (word = strsep(&rest, " "));)
        list[count++] = word;
    return list;
}

struct traced strace_start(struct fixture *fixture, const char *folder, const char *words,
                           const struct injection *injection) {
    const char **list = words_of(fixture, words, injection);
    unlink(in(fixture, folder, "trace"));
    struct traced traced = {.folder = folder, .pid = start(fixture, folder, list)};
    talloc_free(list);
    return traced;
}

/* ---- ending ---------------------------------------------------------------------------------- */

static int64_t monotonic_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int wait_within(pid_t pid, int64_t limit_ms) {
    const struct timespec look = {.tv_nsec = 1000000};
    int64_t end_ms = monotonic_ms() + limit_ms;
    int status = -1;
    pid_t ended;
    while ((ended = waitpid(pid, &status, WNOHANG)) == 0 && monotonic_ms() < end_ms)
        nanosleep(&look, NULL);
    if (ended == pid)
        return status;
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return -1;
}

/* A line of the trace is "PID call(ARGUMENTS) = -1 ERROR (words) (INJECTED)". */
static void read_trace(struct traced *traced, const char *trace) {
    const char *hit = strstr(trace, "(INJECTED)");
    traced->injected = hit != NULL;
    if (!hit)
        return;
    while (hit > trace && hit[-1] != '\n')
        hit--;
    const char *call = strchr(hit, '(');
    traced->to_user = strstr(hit, " write(") && call && (call[1] == '1' || call[1] == '2') &&
                      strstr(hit, " write(") < call;
}

static char *bytes_of(struct fixture *fixture, const char *folder, const char *name) {
    size_t length;
    char *path = in(fixture, folder, name);
    return access(path, F_OK) == 0 ? read_bytes(fixture, path, &length)
                                   : xtalloc_strdup(fixture, "");
}

void strace_wait(struct fixture *fixture, struct traced *traced) {
    traced->status = wait_within(traced->pid, LONGEST_MS);
    traced->out = bytes_of(fixture, traced->folder, "out");
    traced->err = bytes_of(fixture, traced->folder, "err");
    char *trace = bytes_of(fixture, traced->folder, "trace");
    read_trace(traced, trace);
    talloc_free(trace);
}

bool strace_works(struct fixture *fixture) {
    const char *words[] = {"strace", "-qq",          "-f",   "--seccomp-bpf",
                           "-e",     "trace=openat", "true", NULL};
    return wait_within(start(fixture, fixture->folder, words), LONGEST_MS) == 0;
}

/* ---- the loader ------------------------------------------------------------------------------ */

/* It ends with the last library: what follows there of mappings is few, and let be. */
#define MAPPINGS_OF_ONE 4

size_t strace_loading(struct fixture *fixture, const char *folder, const char *words,
                      const char *call) {
    bool maps = strcmp(call, "mmap") == 0;
    const struct injection both = {.call = "openat,mmap"};
    struct traced traced = strace_start(fixture, folder, words, &both);
    strace_wait(fixture, &traced);
    char *trace = bytes_of(fixture, folder, "trace"), *line, *rest = trace;
    char *pid = xtalloc_strndup(fixture, trace, strcspn(trace, " "));
    size_t calls = 0, loading = 0;
    while ((line = strsep(&rest, "\n")) && *line) {
        if (strncmp(line, pid, strlen(pid)) != 0)
            continue;
        calls += strstr(line, maps ? " mmap(" : " openat(") != NULL;
        if (strstr(line, " openat(") && strstr(line, ".so"))
            loading = calls + (maps ? MAPPINGS_OF_ONE : 0);
    }
    talloc_free(trace);
    return maps || strcmp(call, "openat") == 0 ? loading : 0;
}
