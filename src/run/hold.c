#include "config.h"

#include "run/hold.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "run/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SELF      "/proc/self/exe"
#define RUN_BYTES 256

struct held_run {
    int fd;
};

/* What comes back from the two forks: the runner's pid, then nothing more, or why it failed. */
struct birth {
    pid_t pid;
    int number; /* errno; 0 while all is well */
};

/* ---- the child's side: async-signal-safe calls only ------------------------------------------ */

static _Noreturn void tell_and_exit(int fd, struct birth birth) {
    ssize_t ignored = write(fd, &birth, sizeof(birth));
    (void)ignored;
    _exit(birth.number != 0);
}

/* The pipe at HOLD_FD, /dev/null at 0, 1, 2, the report of a failed exec above, nothing else. */
static bool place_descriptors(int pipe_fd, int *report_fd) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    int pipe = fcntl(pipe_fd, F_DUPFD_CLOEXEC, HOLD_FD + 2);
    int report = fcntl(*report_fd, F_DUPFD_CLOEXEC, HOLD_FD + 2);
    if (null < 0 || pipe < 0 || report < 0 || dup2(pipe, HOLD_FD) < 0 ||
        dup3(report, HOLD_FD + 1, O_CLOEXEC) < 0)
        return false;
    *report_fd = HOLD_FD + 1;
    return dup2(null, 0) == 0 && dup2(null, 1) == 1 && dup2(null, 2) == 2 &&
           close_range(HOLD_FD + 2, ~0U, 0) == 0;
}

static _Noreturn void become_worker(char *const *argv, char *const *environment, int pipe_fd,
                                    int report_fd) {
    struct birth birth = {.pid = getpid()};
    launch_reset_signals();
    if (place_descriptors(pipe_fd, &report_fd)) {
        ssize_t ignored = write(report_fd, &birth, sizeof(birth));
        (void)ignored;
        execve(SELF, argv, environment);
    }
    birth.number = errno;
    tell_and_exit(report_fd, birth);
}

/* The first child makes the session and leaves it at once: the second is no leader of it, so it can
 * never gain a controlling terminal, and it is nobody's child but init's. */
static _Noreturn void detach(char *const *argv, char *const *environment, int pipe_fd,
                             int report_fd) {
    struct birth birth = {.number = 0};
    pid_t pid = setsid() < 0 ? -1 : fork();
    if (pid == 0)
        become_worker(argv, environment, pipe_fd, report_fd);
    birth.number = errno;
    if (pid < 0)
        tell_and_exit(report_fd, birth);
    _exit(0);
}

/* ---- our side -------------------------------------------------------------------------------- */

/* The report pipe closes by exec: then it is a runner. */
static bool hear_birth(int fd, struct birth *birth) {
    struct birth heard;
    ssize_t got;
    while ((got = read(fd, &heard, sizeof(heard))) != 0) {
        if (got == (ssize_t)sizeof(heard))
            *birth = heard;
        else if (errno != EINTR)
            break;
    }
    return birth->pid > 0 && birth->number == 0;
}

static int close_held(struct held_run *held) {
    if (held->fd >= 0)
        close(held->fd);
    return 0;
}

static bool spawn(const char *as, const char *store, int pipe_fd, int report[2],
                  struct birth *birth) {
    char **argv = xtalloc_zero_array(NULL, char *, 5);
    argv[0] = xtalloc_strdup(argv, "backout");
    argv[1] = xtalloc_strdup(argv, as);
    argv[2] = xtalloc_strdup(argv, "--store");
    argv[3] = xtalloc_strdup(argv, store);
    pid_t child = fork();
    if (child == 0)
        detach(argv, environ, pipe_fd, report[1]);
    birth->number = errno;
    talloc_free(argv);
    close(report[1]);
    report[1] = -1;
    if (child < 0)
        return false;
    birth->number = ECHILD;
    bool born = hear_birth(report[0], birth);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
    return born;
}

bool run_hold(const void *parent, const char *as, const char *store, struct held_run **held,
              int64_t *pid, struct err *err) {
    int hold[2] = {-1, -1}, report[2] = {-1, -1};
    struct birth birth = {.number = 0};
    /* A pair of sockets serves as the pipe: to write to a runner that is gone must not kill us. */
    bool ok = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, hold) == 0 &&
              pipe2(report, O_CLOEXEC) == 0;
    birth.number = ok ? 0 : errno;
    ok = ok && spawn(as, store, hold[0], report, &birth);
    const int done[] = {hold[0], report[0], report[1], ok ? -1 : hold[1]};
    for (size_t i = 0; i < ARRAY_SIZE(done); i++)
        if (done[i] >= 0)
            close(done[i]);
    if (!ok)
        return err_errno(err, birth.number, err_fmt(err, "can't start a %s", as), NULL, NULL);
    *held = xtalloc(parent, struct held_run);
    (*held)->fd = hold[1];
    talloc_set_destructor(*held, close_held);
    *pid = birth.pid;
    return true;
}

bool run_let_go(struct held_run *held, const char *what, struct err *err) {
    char *line = xtalloc_asprintf(held, "%s\n", what);
    size_t length = strlen(line);
    bool ok = send(held->fd, line, length, MSG_NOSIGNAL) == (ssize_t)length;
    int reason = errno;
    talloc_free(line);
    close(held->fd);
    held->fd = -1;
    return ok || err_errno(err, reason, "the process is gone", what, NULL);
}

/* Only a whole line counts: a console that died while it wrote has let nothing go. */
char *run_wait(const void *parent, int pipe_fd) {
    char *text = xtalloc_zero_array(parent, char, RUN_BYTES);
    size_t length = 0;
    while (length < RUN_BYTES - 1) {
        ssize_t got = read(pipe_fd, text + length, RUN_BYTES - 1 - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        length += (size_t)got;
        char *end = memchr(text, '\n', length);
        if (end != NULL) {
            *end = '\0';
            return text;
        }
    }
    talloc_free(text);
    return NULL;
}
