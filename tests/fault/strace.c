#include "config.h"

#include "tests/fault/strace.h"

#include "tests/log/reflection.h"

#include "base/xtalloc.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Until the command has ended; until what it started has, after it. */
enum { LONGEST_MS = 90000, LEFT_MS = 5000 };

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
        list[count++] = "-D"; /* so that our child is the command, and its end is told */
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

/* ---- what is left ---------------------------------------------------------------------------- */

enum { ENVIRONMENT_BYTES = 65536 };

/* Whoever the command started has its home, wherever it went since; so has its tracer. */
static bool has_home(pid_t pid, const char *home) {
    static char environment[ENVIRONMENT_BYTES];
    char *path = xtalloc_asprintf(NULL, "/proc/%ld/environ", (long)pid);
    char *wanted = xtalloc_asprintf(path, "HOME=%s", home);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, environment, sizeof environment);
    if (fd >= 0)
        close(fd);
    bool has = length > 0 && memmem(environment, (size_t)length, wanted, strlen(wanted) + 1);
    talloc_free(path);
    return has;
}

/* How many there are; they are sent that signal. */
static size_t signal_left(const char *home, int number) {
    size_t count = 0;
    DIR *proc = opendir("/proc");
    for (struct dirent *entry; proc && (entry = readdir(proc));) {
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        if (pid <= 0 || pid == getpid() || !has_home(pid, home))
            continue;
        count++;
        kill(pid, number);
    }
    if (proc)
        closedir(proc);
    return count;
}

/* A runner may well try to report for a day. */
static void end_left(const char *home) {
    const struct timespec look = {.tv_nsec = 2000000};
    int64_t end_ms = monotonic_ms() + LEFT_MS;
    while (signal_left(home, monotonic_ms() < end_ms ? 0 : SIGKILL) > 0)
        nanosleep(&look, NULL);
}

/* ---- what it came to ------------------------------------------------------------------------- */

/* A line of the trace is "PID call(ARGUMENTS) = -1 ERROR (words) (INJECTED)". */
static void read_line(struct traced *traced, const char *line) {
    const char *call = strchr(line, '(');
    if (!strstr(line, "(INJECTED)"))
        return;
    traced->injected = true;
    const char *write = strstr(line, " write(");
    traced->to_user |= write && write < call && (call[1] == '1' || call[1] == '2');
}

static void read_trace(struct traced *traced, char *trace) {
    for (char *line; (line = strsep(&trace, "\n"));)
        read_line(traced, line);
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
    end_left(in(fixture, traced->folder, "home"));
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
