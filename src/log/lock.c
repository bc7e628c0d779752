#include "config.h"

#include "log/lock.h"

#include "base/xtalloc.h"
#include "log/side.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

/* The records of its file: the holder's name, and what is kept from one holder to the next. */
enum record { HOLDER, KEPT };

struct write_lock {
    int fd;
    char *path;
    mode_t mode;
    bool held;
};

/* ---- the file -------------------------------------------------------------------------------- */

static int lock_close(struct write_lock *lock) {
    return lock->fd >= 0 ? close(lock->fd) : 0;
}

static bool reopen(struct write_lock *lock, struct err *err) {
    int fd = side_open(lock->path, lock->mode);
    if (fd < 0)
        return err_errno(err, errno, "can't open the store's lock file", lock->path,
                         "make it writable for the group that shares the store (chmod 660, chgrp)");
    lock_close(lock);
    lock->fd = fd;
    return true;
}

/* ---- one slice of waiting -------------------------------------------------------------------- */

static int slice_signal(void) {
    return SIGRTMIN + 1;
}

static void wake(int signal_number) {
    (void)signal_number; /* its arrival ends flock with EINTR: that is all it is for */
}

static void catch_slice_signal(void) {
    struct sigaction action = {.sa_handler = wake}; /* without SA_RESTART */
    sigemptyset(&action.sa_mask);
    sigaction(slice_signal(), &action, NULL);
}

/* flock that gives up when the timer fires. The timer repeats, because its first shot may come
 * before flock has begun to wait. */
static bool flock_until(int fd, timer_t timer) {
    struct itimerspec slice = {.it_value = {.tv_nsec = LOCK_SLICE_MS * 1000 * 1000},
                               .it_interval = {.tv_nsec = 1000 * 1000}};
    if (timer_settime(timer, 0, &slice, NULL) != 0)
        return false;
    return flock(fd, LOCK_EX) == 0;
}

/* Without a timer (the user's signals are used up) a slice is slept through: worse, not wrong. */
static bool sleep_slice(void) {
    poll(NULL, 0, LOCK_SLICE_MS);
    errno = EWOULDBLOCK;
    return false;
}

/* The signal is let through for this slice only, whatever the loop has blocked. */
static bool flock_slice(int fd) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = slice_signal()};
    timer_t timer;
    sigset_t slice, before;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
        return sleep_slice();
    sigemptyset(&slice);
    sigaddset(&slice, slice_signal());
    sigprocmask(SIG_UNBLOCK, &slice, &before);
    bool taken = flock_until(fd, timer);
    int saved = errno;
    timer_delete(timer);
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = saved;
    return taken;
}

/* ---- the lock -------------------------------------------------------------------------------- */

struct write_lock *lock_open(const void *parent, const char *path, mode_t mode, struct err *err) {
    struct write_lock *lock = xtalloc(parent, struct write_lock);
    *lock = (struct write_lock){.fd = -1, .path = xtalloc_strdup(lock, path), .mode = mode};
    talloc_set_destructor(lock, lock_close);
    catch_slice_signal();
    if (reopen(lock, err))
        return lock;
    talloc_free(lock);
    return NULL;
}

/* A name that can't be written costs others a word on their screen, never us the lock. */
static void hold(struct write_lock *lock, const char *me) {
    lock->held = true;
    (void)side_write(lock->fd, HOLDER, me);
}

static char *signature(const void *parent, const struct write_lock *lock) {
    return side_read(parent, lock->fd, HOLDER);
}

static bool is_contended(int number) {
    return number == EWOULDBLOCK || number == EINTR;
}

enum lock_take lock_take(struct write_lock *lock, const char *me, struct err *err) {
    if (lock->fd < 0 && !reopen(lock, err))
        return LOCK_FAILED;
    bool taken = flock(lock->fd, LOCK_EX | LOCK_NB) == 0;
    if (!taken && errno == EWOULDBLOCK)
        taken = flock_slice(lock->fd);
    if (!taken && is_contended(errno))
        return LOCK_WAITING;
    if (!taken) {
        err_errno(err, errno, "can't lock the store", lock->path,
                  "see that its file system supports flock; WAL needs a local one");
        return LOCK_FAILED;
    }
    /* Held is the inode, not the name: after somebody deleted the file, two would hold "the" lock.
     */
    if (side_was_replaced(lock->fd))
        return reopen(lock, err) ? LOCK_WAITING : LOCK_FAILED;
    hold(lock, me);
    return LOCK_TAKEN;
}

bool lock_try(struct write_lock *lock, const char *me) {
    if (flock(lock->fd, LOCK_EX | LOCK_NB) != 0)
        return false;
    hold(lock, me);
    if (side_was_replaced(lock->fd))
        lock_release(lock);
    return lock->held;
}

static bool give_up(struct write_lock *lock, struct err *err) {
    char *holder = lock_holder(err, lock);
    return err_set(err, ERR_UNAVAILABLE, "can't get the store's lock",
                   err_fmt(err, "%s is held by %s", lock->path, *holder ? holder : "somebody"),
                   "try again; if that process hangs, end it");
}

bool lock_wait(struct write_lock *lock, const char *me, int limit_ms, struct err *err) {
    for (int waited_ms = 0; waited_ms <= limit_ms; waited_ms += LOCK_SLICE_MS) {
        enum lock_take take = lock_take(lock, me, err);
        if (take != LOCK_WAITING)
            return take == LOCK_TAKEN;
    }
    return give_up(lock, err);
}

/* Else everybody would wait until this process ends. */
static void let_go_by_closing(struct write_lock *lock) {
    struct err *ignored = err_new(NULL);
    if (!reopen(lock, ignored)) {
        lock_close(lock);
        lock->fd = -1;
    }
    talloc_free(ignored);
}

/* Unlocked by name, not by closing: a child between fork and exec may still have the descriptor. */
void lock_release(struct write_lock *lock) {
    if (!lock)
        return;
    if (lock->held && flock(lock->fd, LOCK_UN) != 0)
        let_go_by_closing(lock);
    lock->held = false;
}

char *lock_holder(const void *parent, struct write_lock *lock) {
    if (lock->held)
        return signature(parent, lock);
    if (flock(lock->fd, LOCK_SH | LOCK_NB) != 0)
        return signature(parent, lock);
    flock(lock->fd, LOCK_UN);
    return xtalloc_strdup(parent, "");
}

void lock_keep(struct write_lock *lock, const char *text) {
    (void)side_write(lock->fd, KEPT, text);
}

char *lock_kept(const void *parent, struct write_lock *lock) {
    return side_read(parent, lock->fd, KEPT);
}
