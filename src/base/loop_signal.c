#include "config.h"

#include "base/loop_inside.h"

#include <errno.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Signals come through a descriptor, not to handlers: ppoll would never let a handler run while
 * some descriptor is always ready, and nothing global is needed. */

static void pass_signals(void *data, int fd, short revents) {
    struct loop *loop = data;
    struct signalfd_siginfo info;

    (void)revents;
    while (read(fd, &info, sizeof(info)) == sizeof(info)) {
        struct loop_signal handler = loop->signals[info.ssi_signo];
        handler.fn(handler.data, (int)info.ssi_signo);
    }
}

bool loop_signals_open(struct loop *loop, struct err *err) {
    sigemptyset(&loop->caught);
    sigprocmask(SIG_SETMASK, NULL, &loop->mask_before);
    loop->signal_fd = signalfd(-1, &loop->caught, SFD_NONBLOCK | SFD_CLOEXEC);
    if (loop->signal_fd < 0) {
        return err_errno(err, errno, "can't wait for signals", NULL, NULL);
    }
    /* Watched first, so that in every turn signals come before all else. */
    loop_watch(loop, loop->signal_fd, POLLIN, pass_signals, loop);
    return true;
}

void loop_signals_close(struct loop *loop) {
    if (loop->signal_fd < 0) {
        return;
    }
    close(loop->signal_fd);
    for (int number = 1; number < NSIG; number++) {
        if (sigismember(&loop->caught, number) && sigismember(&loop->mask_before, number)) {
            sigdelset(&loop->caught, number);
        }
    }
    sigprocmask(SIG_UNBLOCK, &loop->caught, NULL);
}

static bool can_be_caught(int number) {
    return number > 0 && number < NSIG && number != SIGKILL && number != SIGSTOP;
}

bool loop_signal(struct loop *loop, int signal_number, loop_signal_fn *fn, void *data,
                 struct err *err) {
    if (!can_be_caught(signal_number)) {
        return err_errno(err, EINVAL, "can't wait for a signal", strsignal(signal_number), NULL);
    }
    loop->signals[signal_number] = (struct loop_signal){fn, data};
    sigaddset(&loop->caught, signal_number);
    sigprocmask(SIG_BLOCK, &loop->caught, NULL);
    if (signalfd(loop->signal_fd, &loop->caught, 0) < 0) {
        return err_errno(err, errno, "can't wait for a signal", strsignal(signal_number), NULL);
    }
    return true;
}
