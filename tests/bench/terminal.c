#include "config.h"

#include "tests/bench/terminal.h"

#include "base/xtalloc.h"
#include "tests/bench/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define FRAME_SILENCE_MS                                                                           \
    100             /* behind a first frame: what loads in the background is a part of it */
#define END_MS   10 /* between two looks at one that is ending */
#define LIMIT_MS 20000

struct terminal {
    int master;
    pid_t pid;
    double *exec_ms;         /* shared with the child, which writes it last of all */
    char *bytes;             /* since the last measurement */
    size_t length, answered; /* answered: questions up to here */
    size_t total;
    double last_ms; /* of the last byte */
};

/* ---- the program ----------------------------------------------------------------------------- */

static _Noreturn void run_program(const struct terminal *terminal, int slave,
                                  const char *const *argv, const char *folder) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setsid();
    ioctl(slave, TIOCSCTTY, 0);
    for (int fd = 0; fd <= 2; fd++)
        dup2(slave, fd);
    if (chdir(folder) != 0)
        _exit(126);
    *terminal->exec_ms = clock_ms();
    execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

static int end_program(struct terminal *terminal) {
    if (terminal->pid > 0) {
        kill(terminal->pid, SIGKILL);
        waitpid(terminal->pid, NULL, 0);
    }
    close(terminal->master);
    munmap(terminal->exec_ms, sizeof(double));
    return 0;
}

struct terminal *terminal_open(const void *parent, const char *const *argv, const char *folder,
                               struct err *err) {
    static const struct winsize size = {.ws_row = TERMINAL_ROWS, .ws_col = TERMINAL_COLS};
    struct terminal *terminal = xtalloc_zero(parent, struct terminal);
    int slave;
    terminal->exec_ms =
        mmap(NULL, sizeof(double), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (terminal->exec_ms == MAP_FAILED || openpty(&terminal->master, &slave, NULL, NULL, &size)) {
        err_errno(err, errno, "can't open a terminal", argv[0], NULL);
        return NULL;
    }
    fcntl(terminal->master, F_SETFL, O_NONBLOCK);
    fcntl(terminal->master, F_SETFD, FD_CLOEXEC);
    fcntl(slave, F_SETFD, FD_CLOEXEC);
    terminal->pid = fork();
    if (terminal->pid == 0)
        run_program(terminal, slave, argv, folder);
    close(slave);
    talloc_set_destructor(terminal, end_program);
    return terminal;
}

pid_t terminal_pid(const struct terminal *terminal) {
    return terminal->pid;
}

size_t terminal_bytes(const struct terminal *terminal) {
    return terminal->total;
}

/* ---- its bytes ------------------------------------------------------------------------------- */

static const char home[] = "\033[H", question[] = "\033[6n";

/* Cells that were written since the cursor was put into the corner. */
static int cells(const char *bytes, size_t length) {
    int count = 0;
    for (size_t i = length; i > 0 && bytes[i - 1] != home[sizeof(home) - 2]; i--)
        count += (bytes[i - 1] & 0xc0) != 0x80;
    return count;
}

static void answer_questions(struct terminal *terminal) {
    const char *from = terminal->bytes + terminal->answered;
    const char *asked =
        memmem(from, terminal->length - terminal->answered, question, strlen(question));
    if (!asked)
        return;
    size_t before = (size_t)(asked - terminal->bytes);
    dprintf(terminal->master, "\033[1;%dR", cells(terminal->bytes, before) + 1);
    terminal->answered = before + strlen(question);
}

/* False when nothing more waits. */
static bool take(struct terminal *terminal) {
    char bytes[65536];
    ssize_t got = read(terminal->master, bytes, sizeof(bytes));
    if (got <= 0)
        return false;
    terminal->last_ms = clock_ms();
    terminal->bytes =
        xtalloc_realloc(terminal, terminal->bytes, char, terminal->length + (size_t)got);
    memcpy(terminal->bytes + terminal->length, bytes, (size_t)got);
    terminal->length += (size_t)got;
    terminal->total += (size_t)got;
    answer_questions(terminal);
    return true;
}

static void forget(struct terminal *terminal) {
    terminal->length = terminal->answered = 0;
}

static bool shows(const struct terminal *terminal, const char *word) {
    return terminal->length && memmem(terminal->bytes, terminal->length, word, strlen(word));
}

/* False when nothing came within that time. */
static bool await(struct terminal *terminal, double limit_ms) {
    struct pollfd end = {.fd = terminal->master, .events = POLLIN};
    struct timespec limit = {.tv_sec = (time_t)(limit_ms / 1e3)};
    limit.tv_nsec = (long)((limit_ms - (double)limit.tv_sec * 1e3) * 1e6);
    return ppoll(&end, 1, &limit, NULL) > 0 && take(terminal);
}

static bool fail(struct terminal *terminal, const char *what, const char *word, struct err *err) {
    return err_set(err, ERR_UNAVAILABLE, what,
                   err_fmt(err, "pid %d sent %zu bytes, without \"%s\"", (int)terminal->pid,
                           terminal->length, word),
                   "run it by hand and look");
}

/* Up to the byte behind which there is silence, and the word before it. */
static bool await_frame(struct terminal *terminal, const char *word, double silence_ms,
                        struct err *err) {
    double limit_ms = clock_ms() + LIMIT_MS;
    while (!shows(terminal, word))
        if (!await(terminal, limit_ms - clock_ms()))
            return fail(terminal, "a frame didn't come", word, err);
    while (await(terminal, silence_ms)) {
        if (clock_ms() > limit_ms)
            return fail(terminal, "a frame didn't end", word, err);
    }
    return true;
}

bool terminal_first_frame(struct terminal *terminal, const char *word, double *ms,
                          struct err *err) {
    if (!await_frame(terminal, word, FRAME_SILENCE_MS, err))
        return false;
    *ms = terminal->last_ms - *terminal->exec_ms;
    return true;
}

bool terminal_key(struct terminal *terminal, const char *key, const char *word, double silence_ms,
                  double *ms, struct err *err) {
    while (take(terminal)) {
        /* What came before belongs to nobody's key. */
    }
    forget(terminal);
    double pressed_ms = clock_ms();
    if (write(terminal->master, key, strlen(key)) < 0)
        return err_errno(err, errno, "can't press a key", key, NULL);
    if (!await_frame(terminal, word, silence_ms, err))
        return false;
    *ms = terminal->last_ms - pressed_ms;
    return true;
}

void terminal_rest(struct terminal *terminal, double ms) {
    double end_ms = clock_ms() + ms;
    for (double left_ms; (left_ms = end_ms - clock_ms()) > 0;)
        await(terminal, left_ms);
    forget(terminal);
}

void terminal_end(struct terminal *terminal) {
    double limit_ms = clock_ms() + LIMIT_MS;
    kill(terminal->pid, SIGTERM);
    while (waitpid(terminal->pid, NULL, WNOHANG) == 0 && clock_ms() < limit_ms)
        await(terminal, END_MS);
    terminal->pid = clock_ms() < limit_ms ? 0 : terminal->pid;
}

/* ---- many of them ---------------------------------------------------------------------------- */

static size_t count_shown(struct terminal *const *terminals, size_t count, const char *word,
                          const struct pollfd *ends, double *at_ms) {
    size_t shown = 0;
    for (size_t i = 0; i < count; i++) {
        if (at_ms[i] == 0 && ends[i].revents && take(terminals[i]) && shows(terminals[i], word))
            at_ms[i] = terminals[i]->last_ms;
        shown += at_ms[i] > 0;
    }
    return shown;
}

bool terminals_show(struct terminal *const *terminals, size_t count, const char *word,
                    double *at_ms, struct err *err) {
    struct pollfd *ends = xtalloc_zero_array(terminals[0], struct pollfd, count);
    double limit_ms = clock_ms() + LIMIT_MS;
    size_t shown = 0;
    memset(at_ms, 0, count * sizeof(*at_ms));
    while (shown < count && clock_ms() < limit_ms) {
        for (size_t i = 0; i < count; i++)
            ends[i] =
                (struct pollfd){.fd = at_ms[i] > 0 ? -1 : terminals[i]->master, .events = POLLIN};
        poll(ends, count, LIMIT_MS);
        shown = count_shown(terminals, count, word, ends, at_ms);
    }
    talloc_free(ends);
    for (size_t i = 0; i < count; i++)
        forget(terminals[i]);
    return shown == count || err_set(err, ERR_UNAVAILABLE, "not everybody saw it",
                                     err_fmt(err, "%zu of %zu saw \"%s\"", shown, count, word),
                                     "run it by hand and look");
}
