#include "config.h"

#include "tests/screen/pty_inside.h"

#include "base/array.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/xtalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define POLL_MS   5  /* between two looks at what no descriptor tells */
#define FINGER_MS 5  /* between two keys */
#define ESCAPE_MS 60 /* behind the Esc key, lest the next key seem to be a part of its sequence */
#define TAKEN_MS  2000

/* A look that took longer says that we didn't run meanwhile, and so perhaps nobody: the machine was
 * stopped, or had others to serve. More of it doesn't count against who is waited for. */
#define TURN_MOST_MS 50

/* False when nothing more waits. */
static bool take_output(struct pty *pty) {
    char bytes[4096];
    ssize_t got = pty->master < 0 ? -1 : read(pty->master, bytes, sizeof(bytes));

    if (got <= 0) {
        return false;
    }
    pty_screen_draw(pty, bytes, (size_t)got);
    return true;
}

static void take_report(struct pty *pty) {
    if (!pty->ended && read(pty->report, &pty->status, sizeof(pty->status)) > 0) {
        pty->ended = true;
    }
}

static void pump(struct pty *pty, int limit_ms) {
    struct pollfd ends[] = {
        {.fd = pty->stalled ? -1 : pty->master, .events = POLLIN},
        {.fd = pty->ended ? -1 : pty->report, .events = POLLIN},
    };

    poll(ends, ARRAY_SIZE(ends), limit_ms);
    if (ends[0].revents & POLLIN) {
        take_output(pty);
    }
    if (ends[1].revents & POLLIN) {
        take_report(pty);
    }
}

bool pty_wait_until(struct pty *pty, pty_condition_fn *holds, const void *about, int limit_ms) {
    int64_t waited_ms = 0, before_ms = time_boot_ms();

    while (!holds(pty, about)) {
        if (waited_ms >= limit_ms) {
            return false;
        }
        pump(pty, POLL_MS);
        int64_t now_ms = time_boot_ms(), turn_ms = now_ms - before_ms;
        waited_ms += turn_ms < TURN_MOST_MS ? turn_ms : TURN_MOST_MS;
        before_ms = now_ms;
    }
    return true;
}

/* ---- the program ----------------------------------------------------------------------------- */

static void set_environment(const struct pty_options *options) {
    static const char *const absent[] = {"LC_ALL",    "LC_CTYPE", "NO_COLOR",
                                         "COLORTERM", "LINES",    "COLUMNS"};

    for (size_t i = 0; i < ARRAY_SIZE(absent); i++) {
        unsetenv(absent[i]);
    }
    setenv("LANG", "C.UTF-8", 1);
    setenv("TERM", options->term == NULL ? "xterm-256color" : options->term, 1);
    for (const char *const *entry = options->environment; entry != NULL && *entry != NULL;
         entry++) {
        if (strchr(*entry, '=') == NULL) {
            unsetenv(*entry);
        } else {
            putenv((char *)(uintptr_t)*entry);
        }
    }
}

/* As a shell does for a job, whatever was ignored by whoever started the tests. */
static void plain_signals(void) {
    for (int number = 1; number < NSIG; number++) {
        signal(number, SIG_DFL);
    }
}

static _Noreturn void run_program(struct pty *pty, const struct pty_options *options,
                                  const char *const *argv) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    tcsetpgrp(pty->slave, getpid());
    plain_signals();
    for (int fd = 0; fd <= 2; fd++) {
        dup2(pty->slave, fd);
    }
    set_environment(options);
    execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

/* The session leader, as a shell is: without one that isn't the program itself, ctrl-z couldn't
 * stop it (its process group would be an orphan). */
static _Noreturn void run_shell(struct pty *pty, int report, const struct pty_options *options,
                                const char *const *argv) {
    int status = 0;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGTTOU, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    close(pty->master); /* else the terminal would never be gone */
    setsid();
    ioctl(pty->slave, TIOCSCTTY, 0);
    pid_t pid = fork();
    if (pid == 0) {
        run_program(pty, options, argv);
    }
    setpgid(pid, pid);
    bool told = write(report, &pid, sizeof(pid)) > 0;
    waitpid(pid, &status, 0);
    told = told && write(report, &status, sizeof(status)) > 0;
    _exit(told ? 0 : 1);
}

static int end_pty(struct pty *pty) {
    if (pty->pid > 0 && !pty->ended) {
        kill(pty->pid, SIGKILL);
        kill(pty->pid, SIGCONT);
    }
    if (pty->shell > 0) {
        waitpid(pty->shell, NULL, 0);
    }
    pty_hang_up(pty);
    close(pty->slave);
    close(pty->report);
    vterm_free(pty->vterm);
    return 0;
}

static void start_shell(struct pty *pty, const struct pty_options *options,
                        const char *const *argv) {
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0 || (pty->shell = fork()) < 0) {
        perror("pty: pipe or fork");
        abort();
    }
    if (pty->shell == 0) {
        run_shell(pty, ends[1], options, argv);
    }
    close(ends[1]);
    pty->report = ends[0];
    if (read(pty->report, &pty->pid, sizeof(pty->pid)) != sizeof(pty->pid)) {
        perror("pty: the shell said nothing");
        abort();
    }
}

struct pty *pty_start(const void *parent, const struct pty_options *options,
                      const char *const *argv) {
    struct pty *pty = xtalloc_zero(parent, struct pty);

    pty->rows = options->rows > 0 ? options->rows : 24;
    pty->cols = options->cols > 0 ? options->cols : 80;
    pty->mute = options->mute;
    pty->sent = xtalloc_strdup(pty, "");
    struct winsize size = {.ws_row = (unsigned short)pty->rows,
                           .ws_col = (unsigned short)pty->cols};
    if (openpty(&pty->master, &pty->slave, NULL, NULL, &size) != 0) {
        perror("pty: openpty");
        abort();
    }
    tcgetattr(pty->slave, &pty->first_modes);
    fcntl(pty->master, F_SETFL, O_NONBLOCK);
    fcntl(pty->master, F_SETFD, FD_CLOEXEC);
    fcntl(pty->slave, F_SETFD, FD_CLOEXEC);
    pty_screen_open(pty);
    start_shell(pty, options, argv);
    talloc_set_destructor(pty, end_pty);
    return pty;
}

pid_t pty_pid(const struct pty *pty) {
    return pty->pid;
}

struct termios pty_modes(const struct pty *pty) {
    struct termios modes;

    tcgetattr(pty->slave, &modes);
    return modes;
}

struct termios pty_first_modes(const struct pty *pty) {
    return pty->first_modes;
}

bool pty_same_modes(struct termios a, struct termios b) {
    return a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag && a.c_cflag == b.c_cflag &&
           a.c_lflag == b.c_lflag && memcmp(a.c_cc, b.c_cc, sizeof(a.c_cc)) == 0;
}

void pty_set_modes(struct pty *pty, const struct termios *modes) {
    tcsetattr(pty->slave, TCSANOW, modes);
}

static bool is_raw(struct pty *pty, const void *about) {
    (void)about;
    return (pty_modes(pty).c_lflag & (ICANON | ECHO | ISIG)) == 0;
}

static bool is_cooked(struct pty *pty, const void *about) {
    return !is_raw(pty, about);
}

bool pty_wait_raw(struct pty *pty, bool raw, int limit_ms) {
    return pty_wait_until(pty, raw ? is_raw : is_cooked, NULL, limit_ms);
}

static bool is_taken(struct pty *pty, const void *about) {
    int waiting = 0;

    (void)about;
    return ioctl(pty->slave, FIONREAD, &waiting) == 0 && waiting == 0;
}

bool pty_wait_taken(struct pty *pty, int limit_ms) {
    return pty_wait_until(pty, is_taken, NULL, limit_ms);
}

/* The first line of a file of the program in /proc; "" where there is none. */
static void read_proc(const struct pty *pty, const char *name, char *line, int size) {
    char path[64];

    *line = '\0';
    snprintf(path, sizeof(path), "/proc/%d/%s", (int)pty->pid, name);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        if (fgets(line, size, file) == NULL) {
            *line = '\0';
        }
        fclose(file);
    }
}

/* The letter behind the name is the state: T is stopped (proc(5)). */
static bool is_stopped(struct pty *pty, const void *about) {
    char line[256];

    (void)about;
    read_proc(pty, "stat", line, sizeof(line));
    return strstr(line, ") T ") != NULL;
}

/* It has used no processor since the last look (the first number of schedstat, ns), and nothing
 * waits. */
static bool is_idle(struct pty *pty, const void *about) {
    char line[256], run_time[sizeof(pty->run_time)];

    read_proc(pty, "schedstat", run_time, sizeof(run_time));
    bool idle = strcmp(run_time, pty->run_time) == 0 && is_taken(pty, about);
    memcpy(pty->run_time, run_time, sizeof(run_time));
    read_proc(pty, "stat", line, sizeof(line));
    return idle && strstr(line, ") S ") != NULL;
}

bool pty_wait_idle(struct pty *pty, int limit_ms) {
    return pty_wait_until(pty, is_idle, NULL, limit_ms);
}

static bool is_going(struct pty *pty, const void *about) {
    return !is_stopped(pty, about);
}

bool pty_wait_stopped(struct pty *pty, bool stopped, int limit_ms) {
    return pty_wait_until(pty, stopped ? is_stopped : is_going, NULL, limit_ms);
}

bool pty_has_ended(const struct pty *pty) {
    return pty->ended;
}

static bool has_ended(struct pty *pty, const void *about) {
    (void)about;
    return pty_has_ended(pty);
}

bool pty_wait_end(struct pty *pty, int *status, int limit_ms) {
    bool ended = pty_wait_until(pty, has_ended, NULL, limit_ms);

    while (ended && take_output(pty)) {
        /* What it said last. */
    }
    *status = pty->status;
    return ended;
}

/* ---- the person ------------------------------------------------------------------------------ */

void pty_send(struct pty *pty, const char *bytes, size_t length) {
    while (length > 0 && pty->master >= 0) {
        ssize_t sent = write(pty->master, bytes, length);
        if (sent > 0) {
            bytes += sent;
            length -= (size_t)sent;
        } else if (errno == EAGAIN) {
            pump(pty, POLL_MS);
        } else if (errno != EINTR) {
            return;
        }
    }
}

/* Bytes of the key that `keys` begins with. */
static size_t key_length(const char *keys) {
    uint32_t point;

    if (keys[0] != '\033' || (keys[1] != '[' && keys[1] != 'O')) {
        return utf8_read(keys, strlen(keys), &point);
    }
    size_t length = 2;
    while (keys[length] >= 0x20 && keys[length] < 0x40) {
        length++;
    }
    return keys[length] == '\0' ? length : length + 1;
}

void pty_pause(struct pty *pty, int pause_ms) {
    int64_t end_ms = time_boot_ms() + pause_ms;

    for (int64_t now_ms; (now_ms = time_boot_ms()) < end_ms;) {
        pump(pty, (int)(end_ms - now_ms));
    }
}

void pty_keys(struct pty *pty, const char *keys) {
    pty_pause(pty, FINGER_MS); /* nobody answers a picture sooner */
    for (size_t length; *keys != '\0'; keys += length) {
        length = key_length(keys);
        pty_send(pty, keys, length);
        pty_wait_taken(pty, TAKEN_MS);
        pty_pause(pty, length == 1 && *keys == '\033' ? ESCAPE_MS : FINGER_MS);
    }
}

void pty_resize(struct pty *pty, int rows, int cols) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

    pty->rows = rows;
    pty->cols = cols;
    vterm_set_size(pty->vterm, rows, cols);
    ioctl(pty->master, TIOCSWINSZ, &size);
}

void pty_forget_size(struct pty *pty) {
    struct winsize none = {0};

    ioctl(pty->master, TIOCSWINSZ, &none);
}

void pty_hang_up(struct pty *pty) {
    if (pty->master >= 0) {
        close(pty->master);
        pty->master = -1;
    }
}

void pty_stall(struct pty *pty, bool stalled) {
    pty->stalled = stalled;
}
