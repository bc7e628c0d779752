#include "config.h"

#include "run/folder.h"

#include "base/time.h"
#include "base/xtalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* By who may reach the folder of runs: its owner, the writers' group, everybody. A group of viewers
 * is let in by an ACL, which the folder hands on: creating with the group's bits is all it takes,
 * for these become the ACL's mask. */
struct modes {
    mode_t folder, file;
};
static const struct modes own = {0700, 0600}, shared = {02770, 0660}, open_to_all = {02775, 0664};

/* A lock belongs to whoever can open the file, if only for reading. The group may write a fence and
 * not read it: as a mask that leaves viewers nothing. */
#define FENCE_BITS (S_IRUSR | S_IWUSR | S_IWGRP)

static int close_folder(struct folder *folder) {
    close(folder->fd);
    return 0;
}

/* Makes the folder, with its rights set by fchmod: the umask would take the group's away. */
static bool make(int parent_fd, const char *name, mode_t mode) {
    if (mkdirat(parent_fd, name, 0700) < 0)
        return errno == EEXIST;
    int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fchmod(fd, mode) == 0 && fsync(parent_fd) == 0;
    int reason = errno;
    close(fd);
    errno = reason;
    return ok;
}

static const struct modes *modes_of(mode_t parent) {
    if ((parent & S_ISGID) == 0)
        return &own;
    return parent & S_IROTH ? &open_to_all : &shared;
}

static int open_inside(int parent_fd, const char *name, bool create, const struct modes **modes) {
    struct stat status;
    if (fstat(parent_fd, &status) < 0)
        return -1;
    *modes = modes_of(status.st_mode);
    if (create && !make(parent_fd, name, (*modes)->folder))
        return -1;
    return openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

bool folder_open(const void *parent, const char *parent_path, const char *name, bool create,
                 struct folder **folder, struct err *err) {
    if (*name == '\0' || *name == '.' || strchr(name, '/') != NULL)
        return err_set(err, ERR_USAGE, "not a run's id", name, NULL);
    int parent_fd = open(parent_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent_fd < 0)
        return err_errno(err, errno, "can't open the folder of runs", parent_path, NULL);
    const struct modes *modes = &own;
    int fd = open_inside(parent_fd, name, create, &modes);
    int reason = errno;
    close(parent_fd);
    if (fd < 0)
        return err_errno(err, reason, "can't open the run's folder",
                         err_fmt(err, "%s/%s", parent_path, name), NULL);
    *folder = xtalloc(parent, struct folder);
    **folder = (struct folder){.fd = fd, .file_mode = modes->file};
    talloc_set_destructor(*folder, close_folder);
    return true;
}

/* A device or a pipe in the place of a file would block or lie: only a regular file is taken. */
static bool settle_file(int fd, int flags, mode_t mode) {
    struct stat status;
    if (fstat(fd, &status) < 0)
        return false;
    if (!S_ISREG(status.st_mode)) {
        errno = EINVAL;
        return false;
    }
    bool ours = (flags & O_CREAT) != 0 && status.st_uid == geteuid();
    if (ours && (status.st_mode & 0777) != mode)
        return fchmod(fd, mode) == 0;
    return true;
}

static int open_file(const struct folder *folder, const char *name, int flags, mode_t mode) {
    int fd = openat(folder->fd, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode);
    if (fd >= 0 && !settle_file(fd, flags, mode)) {
        int reason = errno;
        close(fd);
        errno = reason;
        return -1;
    }
    return fd;
}

int folder_file(const struct folder *folder, const char *name, int flags) {
    return open_file(folder, name, flags, folder->file_mode);
}

int folder_fence(const struct folder *folder, const char *name) {
    return open_file(folder, name, O_WRONLY | O_CREAT, folder->file_mode & FENCE_BITS);
}

bool folder_has(const struct folder *folder, const char *name) {
    return faccessat(folder->fd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

int64_t folder_written_ms(const struct folder *folder, const char *name) {
    struct stat status;
    if (fstatat(folder->fd, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return 0;
    return (int64_t)status.st_mtim.tv_sec * SECOND_MS + status.st_mtim.tv_nsec / 1000000;
}

char *folder_read(const void *parent, const struct folder *folder, const char *name, size_t limit) {
    int fd = folder_file(folder, name, O_RDONLY);
    if (fd < 0)
        return NULL;
    char *text = xtalloc_array(parent, char, limit + 2);
    size_t length = 0;
    ssize_t got = 0;
    while (length <= limit && (got = read(fd, text + length, limit + 1 - length)) > 0)
        length += (size_t)got;
    int reason = got < 0 ? errno : EFBIG;
    close(fd);
    if (got < 0 || length > limit) {
        talloc_free(text);
        errno = reason;
        return NULL;
    }
    text[length] = '\0';
    return text;
}

bool write_whole(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t wrote = write(fd, bytes, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return false;
        bytes += wrote;
        length -= (size_t)wrote;
    }
    return true;
}

static bool write_file(const struct folder *folder, const char *name, const char *text,
                       bool durable) {
    int fd = folder_file(folder, name, O_WRONLY | O_CREAT | O_TRUNC);
    if (fd < 0)
        return false;
    bool ok = write_whole(fd, text, strlen(text)) && (!durable || fsync(fd) == 0);
    int reason = errno;
    close(fd);
    errno = reason;
    return ok;
}

bool folder_replace(const struct folder *folder, const char *name, const char *text, bool durable,
                    struct err *err) {
    const char *fresh = err_fmt(err, "%s.new", name);
    if (write_file(folder, fresh, text, durable) &&
        renameat(folder->fd, fresh, folder->fd, name) == 0 && (!durable || fsync(folder->fd) == 0))
        return true;
    return err_errno(err, errno, "can't write to the run's folder", name, "make room on the disk");
}
