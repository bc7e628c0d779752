#include "config.h"

#include "run/processes.h"

#include "base/number.h"
#include "base/xtalloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct process {
    pid_t pid, parent;
    bool ended, ours; /* a zombie; a descendant of us */
};

struct processes {
    struct process *list;
    size_t count, room;
};

/* The beginning of a file of /proc, NUL-terminated; -1 when it can't be read. */
static ssize_t read_proc(pid_t pid, const char *name, char *text, size_t size) {
    char *path = xtalloc_asprintf(NULL, "/proc/%lld/%s", (long long)pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int reason = errno;
    talloc_free(path);
    errno = reason;
    if (fd < 0)
        return -1;
    ssize_t got = read(fd, text, size - 1);
    close(fd);
    text[got > 0 ? got : 0] = '\0';
    return got;
}

/* "pid (name) state parent …" (proc(5)); the name may hold anything, so the last ')' counts. */
static bool parse_stat(const char *text, struct process *process) {
    const char *end = strrchr(text, ')');
    if (end == NULL || strlen(end) < 5)
        return false;
    process->ended = end[2] == 'Z' || end[2] == 'X';
    char *parent = xtalloc_strndup(NULL, end + 4, strcspn(end + 4, " "));
    int64_t number = 0;
    bool ok = number_parse(parent, 0, INT32_MAX, &number);
    process->parent = (pid_t)number;
    talloc_free(parent);
    return ok;
}

static void add_process(struct processes *processes, const char *name) {
    char text[512];
    int64_t pid;
    struct process process = {0};
    if (!number_parse(name, 1, INT32_MAX, &pid) ||
        read_proc((pid_t)pid, "stat", text, sizeof(text)) <= 0 || !parse_stat(text, &process))
        return;
    process.pid = (pid_t)pid;
    if (processes->count == processes->room) {
        processes->room = processes->room == 0 ? 256 : 2 * processes->room;
        processes->list = xtalloc_realloc(NULL, processes->list, struct process, processes->room);
    }
    processes->list[processes->count++] = process;
}

static struct processes list_processes(void) {
    struct processes processes = {0};
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    while (proc != NULL && (entry = readdir(proc)) != NULL)
        add_process(&processes, entry->d_name);
    if (proc != NULL)
        closedir(proc);
    return processes;
}

static bool is_ours(const struct processes *processes, pid_t parent) {
    if (parent == getpid())
        return true;
    for (size_t i = 0; i < processes->count; i++)
        if (processes->list[i].pid == parent)
            return processes->list[i].ours;
    return false;
}

/* A child may be listed before its parent: pass until nothing new is found. */
static void mark_descendants(struct processes *processes) {
    bool more = true;
    while (more) {
        more = false;
        for (size_t i = 0; i < processes->count; i++) {
            struct process *process = &processes->list[i];
            if (!process->ours && is_ours(processes, process->parent))
                process->ours = more = true;
        }
    }
}

size_t processes_kill_descendants(void) {
    struct processes processes = list_processes();
    size_t killed = 0;
    mark_descendants(&processes);
    for (size_t i = 0; i < processes.count; i++) {
        struct process *process = &processes.list[i];
        if (process->ours && !process->ended && kill(process->pid, SIGKILL) == 0)
            killed++;
    }
    talloc_free(processes.list);
    return killed;
}

void processes_reap(pid_t but) {
    siginfo_t info = {0};
    /* Only looked at first: the one that is waited for elsewhere must be left there. */
    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0 &&
           info.si_pid != but) {
        waitpid(info.si_pid, NULL, WNOHANG);
        info.si_pid = 0;
    }
}

/* The second word of its command line: backout runner --store … */
static enum life read_runner(pid_t pid) {
    char words[4096];
    ssize_t got = read_proc(pid, "cmdline", words, sizeof(words));
    if (got < 0)
        return LIFE_UNSURE; /* hidden from us (hidepid), or just gone: the next look will tell */
    size_t first = strlen(words) + 1;
    return (size_t)got > first && strcmp(words + first, "runner") == 0 ? LIFE_THERE : LIFE_GONE;
}

enum life processes_runner(pid_t pid) {
    if (pid <= 0 || (kill(pid, 0) < 0 && errno == ESRCH))
        return LIFE_GONE;
    return read_runner(pid);
}

bool processes_group_lives(pid_t group) {
    return group > 1 && (kill(-group, 0) == 0 || errno == EPERM);
}
