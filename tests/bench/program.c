#include "config.h"

#include "tests/bench/program.h"

#include "base/number.h"
#include "base/xtalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct program {
    pid_t pid;
    int line;  /* a socket pair: its standard input and output */
    FILE *out; /* reading it */
    char *answer;
    size_t answer_size;
};

/* ---- finding --------------------------------------------------------------------------------- */

const char *program_find(const void *parent, const char *name) {
    const char *path = getenv("PATH");
    char *folders = xtalloc_asprintf(parent, "%s:/usr/sbin:/sbin", path ? path : "/usr/bin:/bin");
    char *rest = folders;
    for (char *folder; (folder = strsep(&rest, ":"));) {
        char *file = xtalloc_asprintf(folders, "%s/%s", folder, name);
        if (*folder == '/' && access(file, X_OK) == 0) {
            talloc_steal(parent, file);
            talloc_free(folders);
            return file;
        }
    }
    talloc_free(folders);
    return NULL;
}

/* ---- beside us ------------------------------------------------------------------------------- */

static _Noreturn void become(int line, const char *const *argv, const char *folder) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(line, STDIN_FILENO);
    dup2(line, STDOUT_FILENO);
    dup2(line, STDERR_FILENO);
    if (chdir(folder) == 0)
        execv(argv[0], (char *const *)(uintptr_t)argv);
    fprintf(stderr, "can't run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

static int end_program(struct program *program) {
    if (program->pid > 0) {
        kill(program->pid, SIGKILL);
        waitpid(program->pid, NULL, 0);
    }
    if (program->out)
        fclose(program->out);
    free(program->answer);
    return 0;
}

struct program *program_start(const void *parent, const char *const *argv, const char *folder,
                              struct err *err) {
    struct program *program = xtalloc_zero(parent, struct program);
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        err_errno(err, errno, "can't start a program", argv[0], NULL);
        return NULL;
    }
    program->line = ends[0];
    program->out = fdopen(ends[0], "r");
    program->pid = fork();
    if (program->pid == 0)
        become(ends[1], argv, folder);
    close(ends[1]);
    talloc_set_destructor(program, end_program);
    return program;
}

pid_t program_pid(const struct program *program) {
    return program->pid;
}

bool program_ask(struct program *program, const char *line, const char **answer, struct err *err) {
    ssize_t length = dprintf(program->line, "%s\n", line) < 0
                         ? -1
                         : getline(&program->answer, &program->answer_size, program->out);
    if (length <= 0)
        return err_set(err, ERR_UNAVAILABLE, "a program doesn't answer", line, NULL);
    program->answer[strcspn(program->answer, "\n")] = '\0';
    *answer = program->answer;
    return true;
}

/* ---- to its end ------------------------------------------------------------------------------ */

static char *read_all(const void *parent, FILE *file) {
    char part[4096];
    char *all = xtalloc_strdup(parent, "");
    for (size_t got; (got = fread(part, 1, sizeof(part), file)) > 0;)
        all = xtalloc_strndup_append(all, part, got);
    return all;
}

static const char *last_words(char *printed) {
    size_t length = strlen(printed);
    while (length > 0 && printed[length - 1] == '\n')
        printed[--length] = '\0';
    const char *line = strrchr(printed, '\n');
    return line ? line + 1 : printed;
}

bool program_run(const void *parent, const char *const *argv, const char *folder, char **printed,
                 struct err *err) {
    struct program *program = program_start(parent, argv, folder, err);
    int status;
    if (!program)
        return false;
    shutdown(program->line, SHUT_WR);
    *printed = read_all(parent, program->out);
    waitpid(program->pid, &status, 0);
    program->pid = 0;
    talloc_free(program);
    return status == 0 ||
           err_set(err, ERR_UNAVAILABLE, "a program failed",
                   err_fmt(err, "%s: %s", argv[0], last_words(*printed)), "run it by hand");
}

bool program_number(const char *printed, const char *name, double *number, struct err *err) {
    size_t length = strlen(name);
    for (const char *line = printed; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0 && line[length] == ' ') {
            *number = strtod(line + length, NULL);
            return true;
        }
    }
    return err_set(err, ERR_UNAVAILABLE, "a number is missing",
                   err_fmt(err, "%s in: %s", name, printed), NULL);
}

/* ---- what the kernel counts ------------------------------------------------------------------ */

char *program_file(const void *parent, const char *path) {
    FILE *file = fopen(path, "re");
    if (!file)
        return xtalloc_strdup(parent, "");
    char *text = read_all(parent, file);
    fclose(file);
    return text;
}

static char *read_proc(pid_t pid, const char *name) {
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
    return program_file(NULL, path);
}

static double number_after(const char *text, const char *name) {
    const char *found = strstr(text, name);
    return found ? strtod(found + strlen(name), NULL) : 0;
}

struct written program_written(pid_t pid) {
    char *io = read_proc(pid, "io");
    struct written written = {.calls = (int64_t)number_after(io, "syscw: "),
                              .bytes = (int64_t)number_after(io, "wchar: ")};
    talloc_free(io);
    return written;
}

double program_cpu_ms(pid_t pid) {
    char *schedstat = read_proc(pid, "schedstat");
    double ms = strtod(schedstat, NULL) / 1e6;
    talloc_free(schedstat);
    return ms;
}

double program_pss_kib(pid_t pid) {
    char *rollup = read_proc(pid, "smaps_rollup");
    double kib = number_after(rollup, "\nPss:");
    talloc_free(rollup);
    return kib;
}
