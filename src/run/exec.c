#include "config.h"

#include "run/exec.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "run/processes.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_BYTES ((size_t)64 << 10)
#define DRAIN_MS   (2 * SECOND_MS)
#define KILL_MS    (5 * SECOND_MS) /* a process that KILL doesn't end hangs in the kernel */
#define LOOK_MS    25              /* how often to look whether the group is gone */

enum phase { RUNS, TERMINATES, KILLS, DRAINS, OVER };

/* One of the two pipes. */
struct outlet {
    struct exec *exec;
    enum sink_stream stream;
    int fd; /* -1 after EOF */
    struct loop_watch *watch;
};

struct exec {
    struct loop *loop;
    struct sink sink;
    struct exec_limits limits;
    pid_t pid;
    int pidfd; /* -1 once reaped */
    int status;
    struct loop_watch *pid_watch;
    struct outlet outlets[SINK_STREAMS];
    enum phase phase;
    struct loop_timer *deadline; /* of the phase */
    struct loop_timer *look;
    const char *stopped; /* why */
    bool survivors;
    char *bytes;
};

bool exec_adopt(struct err *err) {
    if (prctl(PR_SET_CHILD_SUBREAPER, 1L) < 0)
        return err_errno(err, errno, "can't become the parent of orphans", NULL, NULL);
    return true;
}

/* ---- phases: each is entered once, in this order --------------------------------------------- */

static void close_outlet(struct outlet *outlet) {
    if (outlet->fd < 0)
        return;
    talloc_free(outlet->watch);
    close(outlet->fd);
    outlet->fd = -1;
}

static void enter_over(struct exec *exec) {
    exec->phase = OVER;
    loop_timer_stop(exec->deadline);
    loop_timer_stop(exec->look);
    for (size_t i = 0; i < SINK_STREAMS; i++)
        close_outlet(&exec->outlets[i]);
}

static bool at_end_of_file(const struct exec *exec) {
    for (size_t i = 0; i < SINK_STREAMS; i++)
        if (exec->outlets[i].fd >= 0)
            return false;
    return true;
}

static void enter_drain(struct exec *exec) {
    exec->phase = DRAINS;
    loop_timer_stop(exec->look);
    loop_timer_set(exec->deadline, DRAIN_MS);
    if (at_end_of_file(exec))
        enter_over(exec);
}

/* Kills in rounds until a round finds nobody: what is killed may have forked just before. */
static void kill_round(struct exec *exec) {
    if (exec->pidfd >= 0)
        kill(-exec->pid, SIGKILL);
    size_t killed = processes_kill_descendants();
    processes_reap(exec->pidfd >= 0 ? exec->pid : 0);
    if (killed == 0 && exec->pidfd < 0)
        enter_drain(exec);
    else
        loop_timer_set(exec->look, LOOK_MS);
}

static void enter_kill(struct exec *exec) {
    exec->phase = KILLS;
    loop_timer_set(exec->deadline, KILL_MS);
    kill_round(exec);
}

static void look_for_group(struct exec *exec) {
    processes_reap(exec->pidfd >= 0 ? exec->pid : 0);
    if (exec->pidfd < 0 && !processes_group_lives(exec->pid))
        enter_kill(exec);
    else
        loop_timer_set(exec->look, LOOK_MS);
}

void exec_stop(struct exec *exec, const char *why) {
    if (exec->phase != RUNS)
        return;
    exec->phase = TERMINATES;
    exec->stopped = why;
    kill(-exec->pid, SIGTERM);
    kill(-exec->pid, SIGCONT); /* what was stopped must hear it too */
    loop_timer_set(exec->deadline, exec->limits.grace_ms);
    loop_timer_set(exec->look, LOOK_MS);
}

/* ---- what the loop brings -------------------------------------------------------------------- */

static void time_out(struct exec *exec) {
    exec_stop(exec, "timed_out");
}

static void give_up_killing(struct exec *exec) {
    exec->survivors = true;
    enter_drain(exec);
}

/* What a phase does when its time is up, and each time it looks. */
static const struct {
    void (*deadline)(struct exec *exec);
    void (*look)(struct exec *exec);
} phases[] = {
    [RUNS] = {.deadline = time_out},
    [TERMINATES] = {.deadline = enter_kill, .look = look_for_group},
    [KILLS] = {.deadline = give_up_killing, .look = kill_round},
    [DRAINS] = {.deadline = enter_over},
    [OVER] = {.deadline = NULL},
};

static void at_deadline(void *data, int64_t now_ms) {
    struct exec *exec = data;
    (void)now_ms;
    phases[exec->phase].deadline(exec);
}

static void at_look(void *data, int64_t now_ms) {
    struct exec *exec = data;
    (void)now_ms;
    phases[exec->phase].look(exec);
}

static void at_leader_end(void *data, int fd, short revents) {
    struct exec *exec = data;
    (void)revents;
    if (waitpid(exec->pid, &exec->status, WNOHANG) != exec->pid)
        return;
    TALLOC_FREE(exec->pid_watch);
    close(fd);
    exec->pidfd = -1;
    if (exec->phase == RUNS)
        enter_drain(exec);
    else if (phases[exec->phase].look != NULL)
        phases[exec->phase].look(exec);
}

static void at_output(void *data, int fd, short revents) {
    struct outlet *outlet = data;
    struct exec *exec = outlet->exec;
    (void)revents;
    ssize_t got = read(fd, exec->bytes, READ_BYTES);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0) {
        exec->sink.take(exec->sink.data, outlet->stream, exec->bytes, (size_t)got,
                        loop_now_ms(exec->loop));
        return;
    }
    close_outlet(outlet);
    if (exec->phase == DRAINS && at_end_of_file(exec))
        enter_over(exec);
}

/* ---- start and end --------------------------------------------------------------------------- */

static int abandon(struct exec *exec) {
    if (exec->pidfd >= 0) {
        kill(-exec->pid, SIGKILL);
        waitpid(exec->pid, NULL, 0);
        close(exec->pidfd);
    }
    for (size_t i = 0; i < SINK_STREAMS; i++)
        close_outlet(&exec->outlets[i]);
    talloc_free(exec->pid_watch);
    talloc_free(exec->deadline);
    talloc_free(exec->look);
    return 0;
}

bool exec_start(const void *parent, struct loop *loop, const struct launch *launched,
                const struct exec_limits *limits, struct sink sink, struct exec **exec,
                struct err *err) {
    struct launched process;
    if (!launch(launched, &process, err))
        return false;
    struct exec *fresh = xtalloc_zero(parent, struct exec);
    fresh->loop = loop;
    fresh->sink = sink;
    fresh->limits = *limits;
    fresh->pid = process.pid;
    fresh->pidfd = process.pidfd;
    fresh->pid_watch = loop_watch(loop, process.pidfd, POLLIN, at_leader_end, fresh);
    const int fds[SINK_STREAMS] = {process.out, process.error};
    for (size_t i = 0; i < SINK_STREAMS; i++) {
        struct outlet *outlet = &fresh->outlets[i];
        *outlet = (struct outlet){.exec = fresh, .stream = (enum sink_stream)i, .fd = fds[i]};
        outlet->watch = loop_watch(loop, fds[i], POLLIN, at_output, outlet);
    }
    fresh->deadline = loop_timer(loop, at_deadline, fresh);
    fresh->look = loop_timer(loop, at_look, fresh);
    if (limits->timeout_ms > 0)
        loop_timer_set(fresh->deadline, limits->timeout_ms);
    fresh->bytes = xtalloc_array(fresh, char, READ_BYTES);
    talloc_set_destructor(fresh, abandon);
    *exec = fresh;
    return true;
}

bool exec_over(const struct exec *exec) {
    return exec->phase == OVER;
}

pid_t exec_group(const struct exec *exec) {
    return exec->pid;
}

struct exec_end exec_end(const struct exec *exec) {
    bool signalled = WIFSIGNALED(exec->status);
    const char *ended = signalled ? "signalled" : "exited";
    return (struct exec_end){
        .ended = exec->stopped != NULL ? exec->stopped : ended,
        .status = signalled ? WTERMSIG(exec->status) : WEXITSTATUS(exec->status),
        .survivors = exec->survivors,
    };
}
