#include "config.h"

#include "ui/tty.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* How often, and for how many ms each, a dying program waits for a line that takes nothing. */
#define WILL_TRIES   4
#define WILL_WAIT_MS 50

struct tty {
    int fd;
    struct termios before;
    char *out; /* of which the bytes [sent, length) wait */
    size_t sent, length;
};

/* The terminal as a crash handler finds it; to be read only while `armed` is set. */
static struct {
    volatile sig_atomic_t armed;
    int fd;
    struct termios modes;
    char bytes[TTY_WILL_MAX];
    size_t length;
} will;

/* ---- the last will --------------------------------------------------------------------------- */

/* Job control has given the terminal to somebody else, whose screen and modes it now holds. Where
 * it isn't our controlling terminal there is no job control on it. */
static bool is_in_background(int fd) {
    pid_t group = tcgetpgrp(fd);

    return group >= 0 && group != getpgrp();
}

/* The line is non-blocking: a full one is waited for, but not for ever. */
static void will_send(void) {
    const char *rest = will.bytes;
    size_t length = will.length;

    for (int tries = 0; length > 0 && tries < WILL_TRIES;) {
        ssize_t sent = write(will.fd, rest, length);
        if (sent > 0) {
            rest += sent;
            length -= (size_t)sent;
        } else if (errno == EAGAIN) {
            struct pollfd line = {.fd = will.fd, .events = POLLOUT};
            poll(&line, 1, WILL_WAIT_MS);
            tries++;
        } else if (errno != EINTR) {
            return;
        }
    }
}

/* `armed` goes last: a deadly signal that strikes meanwhile does all of it once more. */
void tty_restore_raw(void) {
    int number = errno;

    if (will.armed) {
        if (!is_in_background(will.fd)) {
            will_send();
            tcsetattr(will.fd, TCSANOW, &will.modes);
        }
        will.armed = 0;
    }
    errno = number;
}

/* All that end a process unless it handles or ignores them (signal(7)). */
static const int deadly_signals[] = {SIGABRT, SIGALRM,   SIGBUS,  SIGFPE,  SIGHUP,  SIGILL,
                                     SIGINT,  SIGPIPE,   SIGPOLL, SIGPROF, SIGPWR,  SIGQUIT,
                                     SIGSEGV, SIGSTKFLT, SIGSYS,  SIGTERM, SIGTRAP, SIGUSR1,
                                     SIGUSR2, SIGVTALRM, SIGXCPU, SIGXFSZ};

/* SA_RESETHAND has put the default action back: raised again, the signal ends us as it would have
 * ended us without this handler. Others wait, lest they end us before it is done. */
static void die(int signal_number) {
    sigset_t only;

    tty_restore_raw();
    sigemptyset(&only);
    sigaddset(&only, signal_number);
    raise(signal_number);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
}

/* A crash by a full stack needs another one to be handled on. */
static void give_handlers_a_stack(void) {
    static char bytes[64 * 1024];
    const stack_t stack = {.ss_sp = bytes, .ss_size = sizeof(bytes)};

    sigaltstack(&stack, NULL);
}

static void change_handlers(void (*from)(int), const struct sigaction *to) {
    for (size_t i = 0; i < ARRAY_SIZE(deadly_signals); i++) {
        struct sigaction now;
        sigaction(deadly_signals[i], NULL, &now);
        if (now.sa_handler == from) {
            sigaction(deadly_signals[i], to, NULL);
        }
    }
}

/* Only what nobody handles: the loop may have its own way to end on SIGTERM. */
static void watch_crashes(void) {
    struct sigaction action = {.sa_handler = die, .sa_flags = (int)(SA_RESETHAND | SA_ONSTACK)};

    sigfillset(&action.sa_mask);
    give_handlers_a_stack();
    change_handlers(SIG_DFL, &action);
}

static void forget_crashes(void) {
    const struct sigaction action = {.sa_handler = SIG_DFL};

    change_handlers(die, &action);
}

/* No signal strikes between any two of these. */
static void write_will(const struct tty *tty, const char *leave) {
    sigset_t all, before;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    will.fd = tty->fd;
    will.modes = tty->before;
    will.length = strnlen(leave, TTY_WILL_MAX);
    memcpy(will.bytes, leave, will.length);
    will.armed = 1;
    sigprocmask(SIG_SETMASK, &before, NULL);
}

/* ---- opening --------------------------------------------------------------------------------- */

static int close_tty(struct tty *tty) {
    tty_leave(tty);
    forget_crashes();
    close(tty->fd);
    return 0;
}

static int open_anew(void) {
    int flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    char name[128]; /* from the kernel: /dev/pts/N or /dev/ttyN */
    int fd = ttyname_r(STDIN_FILENO, name, sizeof(name)) == 0 ? open(name, flags) : -1;

    /* The name may mean nothing here: a container sees only its own /dev/pts. */
    return fd >= 0 ? fd : open("/dev/tty", flags);
}

bool tty_open(const void *parent, struct tty **tty, struct err *err) {
    static const char what[] = "can't show the console";

    if (!isatty(STDIN_FILENO)) {
        return err_set(err, ERR_UNAVAILABLE, what, "standard input is not a terminal",
                       "use line mode: backout status");
    }
    int fd = open_anew();
    struct termios before;
    if (fd < 0 || tcgetattr(fd, &before) != 0) {
        int number = errno;
        if (fd >= 0) {
            close(fd);
        }
        return err_errno(err, number, what, "the terminal", "use line mode: backout status");
    }
    *tty = xtalloc_zero(parent, struct tty);
    **tty = (struct tty){.fd = fd, .before = before};
    talloc_set_destructor(*tty, close_tty);
    watch_crashes();
    return true;
}

int tty_fd(const struct tty *tty) {
    return tty->fd;
}

bool tty_size(const struct tty *tty, int *rows, int *cols) {
    struct winsize size;

    if (ioctl(tty->fd, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) {
        return false;
    }
    *rows = size.ws_row;
    *cols = size.ws_col;
    return true;
}

/* ---- modes ----------------------------------------------------------------------------------- */

/* Every byte as it is, both ways, and no key that the kernel acts on. */
static struct termios raw_modes(struct termios modes) {
    modes.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | IGNCR | INLCR | INPCK | ISTRIP | IXON | PARMRK);
    modes.c_oflag &= ~(tcflag_t)OPOST;
    modes.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    modes.c_cflag = (modes.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
    modes.c_cc[VMIN] = 1;
    modes.c_cc[VTIME] = 0;
    return modes;
}

void tty_enter(struct tty *tty, const char *enter, const char *leave) {
    const struct termios raw = raw_modes(tty->before);

    write_will(tty, leave);
    tcsetattr(tty->fd, TCSANOW, &raw);
    tty_send(tty, enter, strlen(enter));
}

void tty_leave(struct tty *tty) {
    tty->sent = tty->length = 0;
    tty_restore_raw();
}

/* SIGTSTP by its default action, as the kernel would at ctrl-z: the shell sees a stopped job, and
 * an orphaned group, which nobody could continue, goes on at once. */
void tty_stop(struct tty *tty) {
    const struct sigaction action = {.sa_handler = SIG_DFL};
    struct sigaction before;
    const struct timespec at_once = {0};
    sigset_t stop, go, mask;

    sigaction(SIGTSTP, &action, &before);
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &stop, &mask); /* stops here */
    sigprocmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &before, NULL);
    /* The loop watches for SIGCONT too: that it came is known here already. */
    sigemptyset(&go);
    sigaddset(&go, SIGCONT);
    sigtimedwait(&go, NULL, &at_once);
    /* The shell may have left other modes; those are now the ones to give back. */
    tcgetattr(tty->fd, &tty->before);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

bool tty_is_busy(const struct tty *tty) {
    return tty->sent < tty->length;
}

void tty_send(struct tty *tty, const char *bytes, size_t length) {
    if (tty->length + length > talloc_array_length(tty->out)) {
        tty->out = xtalloc_realloc(tty, tty->out, char, (tty->length + length));
    }
    memcpy(tty->out + tty->length, bytes, length);
    tty->length += length;
}

bool tty_drain(struct tty *tty) {
    while (tty_is_busy(tty)) {
        ssize_t sent = write(tty->fd, tty->out + tty->sent, tty->length - tty->sent);
        if (sent >= 0) {
            tty->sent += (size_t)sent;
        } else if (errno == EAGAIN) {
            return true;
        } else if (errno != EINTR) {
            return false;
        }
    }
    tty->sent = tty->length = 0;
    return true;
}

ptrdiff_t tty_read(struct tty *tty, char *bytes, size_t size) {
    ssize_t got;

    do {
        got = read(tty->fd, bytes, size);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && errno == EAGAIN) {
        return 0;
    }
    return got <= 0 ? -1 : got;
}
