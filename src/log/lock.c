#include "config.h"

#include "log/lock.h"

#include "base/text.h"
#include "base/xtalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The file holds two records of one size, so that writing one never changes its length: that would
 * put a journal commit of the file system into every append. First the holder's name, then what is
 * kept from one holder to the next. */
#define KEPT_AT LOCK_RECORD

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

static int make(const char *path, mode_t mode) {
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd >= 0 && fchmod(fd, mode) != 0) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

/* Another process may make the file between our two looks, or take it away: look again then. */
static int open_or_make(const char *path, mode_t mode) {
    for (int tries = 0; tries < 8; tries++) {
        int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        if (fd >= 0 || errno != ENOENT)
            return fd;
        fd = make(path, mode);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

static bool reopen(struct write_lock *lock, struct err *err) {
    int fd = open_or_make(lock->path, lock->mode);
    if (fd < 0)
        return err_errno(err, errno, "can't open the store's lock file", lock->path,
                         "make it writable for the group that shares the store (chmod 660, chgrp)");
    lock_close(lock);
    lock->fd = fd;
    return true;
}

/* Held is the inode, not the name: after somebody deleted the file, two would hold "the" lock. */
static bool was_replaced(const struct write_lock *lock) {
    struct stat held;
    return fstat(lock->fd, &held) != 0 || held.st_nlink == 0;
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

/* ---- what stands in it ------------------------------------------------------------------------
 */

static void write_record(const struct write_lock *lock, const char *text, off_t at) {
    char record[LOCK_RECORD];
    size_t length = strnlen(text, sizeof record - 1);
    memset(record, ' ', sizeof record);
    memcpy(record, text, length);
    record[sizeof record - 1] = '\n';
    ssize_t written = pwrite(lock->fd, record, sizeof record, at);
    (void)written;
}

/* Cleaned, for who may write it is not who reads it. */
static char *read_record(const void *parent, const struct write_lock *lock, off_t at) {
    char record[LOCK_RECORD];
    ssize_t got = pread(lock->fd, record, sizeof record, at);
    size_t length = got > 0 ? (size_t)got : 0;
    while (length > 0 && (record[length - 1] == ' ' || record[length - 1] == '\n'))
        length--;
    return text_clean(parent, record, length);
}

/* A name that can't be written costs others a word on their screen, never us the lock. */
static void sign(const struct write_lock *lock, const char *me) {
    write_record(lock, me, 0);
}

static char *signature(const void *parent, const struct write_lock *lock) {
    return read_record(parent, lock, 0);
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

static void hold(struct write_lock *lock, const char *me) {
    lock->held = true;
    sign(lock, me);
}

static bool is_contended(int number) {
    return number == EWOULDBLOCK || number == EINTR;
}

enum lock_take lock_take(struct write_lock *lock, const char *me, struct err *err) {
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
    if (was_replaced(lock))
        return reopen(lock, err) ? LOCK_WAITING : LOCK_FAILED;
    hold(lock, me);
    return LOCK_TAKEN;
}

bool lock_try(struct write_lock *lock, const char *me) {
    if (flock(lock->fd, LOCK_EX | LOCK_NB) != 0)
        return false;
    hold(lock, me);
    if (was_replaced(lock))
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

/* Unlocked by name, not by closing: a child between fork and exec may still have the descriptor. */
void lock_release(struct write_lock *lock) {
    if (!lock)
        return;
    if (lock->held)
        flock(lock->fd, LOCK_UN);
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
    write_record(lock, text, KEPT_AT);
}

char *lock_kept(const void *parent, struct write_lock *lock) {
    return read_record(parent, lock, KEPT_AT);
}
