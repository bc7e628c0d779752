#include "config.h"

#include "run/launch.h"

#include "base/xtalloc.h"
#include "run/environment.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMMAND_UMASK 022

/* What the child says of itself when it can't become the command. */
enum stage { STAGE_ROOM, STAGE_FOLDER, STAGE_EXEC };

static const char *const stage_words[] = {
    [STAGE_ROOM] = "can't prepare the command",
    [STAGE_FOLDER] = "can't enter the command's folder",
    [STAGE_EXEC] = "can't run",
};

struct failure {
    enum stage stage;
    int number;
};

/* All descriptors of a launch; -1 where there is none. */
struct pipes {
    int in;
    int out[2], error[2], failure[2];
};

static void close_one(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_pipes(struct pipes *pipes) {
    int reason = errno;
    close_one(&pipes->in);
    for (int side = 0; side < 2; side++) {
        close_one(&pipes->out[side]);
        close_one(&pipes->error[side]);
        close_one(&pipes->failure[side]);
    }
    errno = reason;
}

/* A file in memory and not a pipe: a command that doesn't read must not keep us. */
static int open_input(const char *text) {
    if (text == NULL)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int fd = memfd_create("input", MFD_CLOEXEC);
    ssize_t length = (ssize_t)strlen(text);
    if (fd >= 0 && (write(fd, text, (size_t)length) != length || lseek(fd, 0, SEEK_SET) != 0))
        close_one(&fd);
    return fd;
}

static bool open_pipes(struct pipes *pipes, const char *input) {
    *pipes = (struct pipes){.in = -1, .out = {-1, -1}, .error = {-1, -1}, .failure = {-1, -1}};
    pipes->in = open_input(input);
    return pipes->in >= 0 && pipe2(pipes->out, O_CLOEXEC) == 0 &&
           pipe2(pipes->error, O_CLOEXEC) == 0 && pipe2(pipes->failure, O_CLOEXEC) == 0 &&
           fcntl(pipes->out[0], F_SETFL, O_NONBLOCK) == 0 &&
           fcntl(pipes->error[0], F_SETFL, O_NONBLOCK) == 0;
}

/* ---- the child's side: async-signal-safe calls only ------------------------------------------ */

/* By the kernel's own call, whose struct is all zeros for "default": libc's refuses the two signals
 * it keeps for itself, which whoever started us may have left ignored (posix_spawn does). */
void launch_reset_signals(void) {
    static const uint64_t plain[8];
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++)
        syscall(SYS_rt_sigaction, number, plain, NULL, (size_t)NSIG / 8); /* KILL, STOP refuse */
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void fail(int fd, enum stage stage) {
    struct failure failure = {.stage = stage, .number = errno};
    ssize_t ignored = write(fd, &failure, sizeof(failure));
    (void)ignored;
    _exit(127);
}

/* Descriptors 0, 1, 2 as the command will see them, 3 for the failure, nothing else. They are first
 * moved above all of these, so that none is overwritten before it was used. */
static bool place_descriptors(const struct pipes *pipes) {
    int in = fcntl(pipes->in, F_DUPFD_CLOEXEC, 4);
    int out = fcntl(pipes->out[1], F_DUPFD_CLOEXEC, 4);
    int error = fcntl(pipes->error[1], F_DUPFD_CLOEXEC, 4);
    int failure = fcntl(pipes->failure[1], F_DUPFD_CLOEXEC, 4);
    return in >= 0 && out >= 0 && error >= 0 && failure >= 0 && dup2(in, 0) == 0 &&
           dup2(out, 1) == 1 && dup2(error, 2) == 2 && dup3(failure, 3, O_CLOEXEC) == 3 &&
           close_range(4, ~0U, 0) == 0;
}

/* A command that goes on after its runner died could be neither stopped nor believed. */
static void die_with(pid_t runner) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != runner)
        _exit(127);
}

static _Noreturn void become(const struct launch *launch, const char *program,
                             const struct pipes *pipes, pid_t runner) {
    const struct rlimit none = {0, 0};
    launch_reset_signals();
    die_with(runner);
    if (setpgid(0, 0) < 0 || !place_descriptors(pipes) || setrlimit(RLIMIT_CORE, &none) < 0)
        fail(pipes->failure[1], STAGE_ROOM);
    umask(COMMAND_UMASK);
    if (launch->cwd != NULL && chdir(launch->cwd) < 0)
        fail(3, STAGE_FOLDER);
    /* exec doesn't write to the words; its type is older than const. */
    execve(program, (char *const *)launch->argv, launch->environment);
    fail(3, STAGE_EXEC);
}

/* ---- our side -------------------------------------------------------------------------------- */

/* The pipe closes by exec; anything that came before is the reason why it failed. */
static bool hear_failure(int fd, struct failure *failure) {
    ssize_t got;
    do
        got = read(fd, failure, sizeof(*failure));
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof(*failure);
}

static bool tell_failure(const struct launch *launch, const struct failure *failure,
                         struct err *err) {
    const char *on = failure->stage == STAGE_FOLDER ? launch->cwd : launch->argv[0];
    return err_errno(err, failure->number, stage_words[failure->stage], on, NULL);
}

static bool follow(const struct launch *launch, struct pipes *pipes, pid_t pid,
                   struct launched *launched, struct err *err) {
    struct failure failure = {.stage = STAGE_ROOM};
    close_one(&pipes->failure[1]);
    bool failed = hear_failure(pipes->failure[0], &failure);
    int pidfd = failed ? -1 : pidfd_open(pid, 0);
    if (!failed && pidfd < 0) {
        failure.number = errno;
        kill(-pid, SIGKILL);
    }
    if (pidfd < 0) {
        waitpid(pid, NULL, 0);
        return tell_failure(launch, &failure, err);
    }
    *launched = (struct launched){
        .pid = pid, .pidfd = pidfd, .out = pipes->out[0], .error = pipes->error[0]};
    pipes->out[0] = pipes->error[0] = -1;
    return true;
}

bool launch(const struct launch *launch, struct launched *launched, struct err *err) {
    char *program = environment_find_program(NULL, launch->environment, launch->argv[0]);
    if (program == NULL)
        return err_set(err, ERR_NOT_FOUND, "can't run",
                       err_fmt(err, "%s: not found in %s", launch->argv[0],
                               environment_value(launch->environment, "PATH")),
                       NULL);
    struct pipes pipes;
    pid_t runner = getpid();
    pid_t pid = open_pipes(&pipes, launch->input) ? fork() : -1;
    if (pid == 0)
        become(launch, program, &pipes, runner);
    bool ok = pid > 0 ? follow(launch, &pipes, pid, launched, err)
                      : err_errno(err, errno, "can't start a process", launch->argv[0], NULL);
    close_pipes(&pipes);
    talloc_free(program);
    return ok;
}
