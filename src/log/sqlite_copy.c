#include "config.h"

#include "log/copy.h"
#include "log/sqlite.h"

#include "base/xtalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the disk -------------------------------------------------------------------------------- */

static bool sync_path(const char *path, int flags) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | flags);
    bool synced = fd >= 0 && fsync(fd) == 0;
    int reason = errno;
    if (fd >= 0)
        close(fd);
    errno = reason;
    return synced;
}

static bool cant_sync(const char *path, struct err *err) {
    return err_errno(err, errno, "can't bring it to disk", path,
                     "see what the kernel says (dmesg, df)");
}

bool sqlite_sync_name(const char *path, struct err *err) {
    const char *slash = strrchr(path, '/');
    char *folder =
        slash ? xtalloc_strndup(NULL, path, (size_t)(slash - path) + 1) : xtalloc_strdup(NULL, ".");
    bool synced = sync_path(folder, O_DIRECTORY) || cant_sync(path, err);
    talloc_free(folder);
    return synced;
}

bool sqlite_sync(const char *path, struct err *err) {
    return (sync_path(path, 0) || cant_sync(path, err)) && sqlite_sync_name(path, err);
}

/* ---- copying --------------------------------------------------------------------------------- */

static bool failed(int code, const char *path, struct err *err) {
    return sqlite_fail_at(path, code, "can't copy the store", err);
}

/* All pages in one step, so that they are of one moment: in WAL mode that holds up no writer. */
static int copy_pages(sqlite3 *from, sqlite3 *to) {
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return sqlite3_errcode(to);
    int code = sqlite3_backup_step(backup, -1);
    int ended = sqlite3_backup_finish(backup);
    return code == SQLITE_DONE ? ended : code;
}

/* Nobody else has the file, so it needs no locks, which network disks often lack, and no shared
 * memory. What dies half made is thrown away; what is made is synced as a whole. */
static const char hasty[] = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF;"
                            "PRAGMA journal_mode = MEMORY";
/* One file: no WAL belongs to a copy. */
static const char in_one_file[] = "PRAGMA journal_mode = DELETE";

static int fill(sqlite3 *from, const char *path) {
    sqlite3 *to = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE |
                SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(path, &to, flags, "unix-none");
    if (code == SQLITE_OK)
        code = sqlite3_exec(to, hasty, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = copy_pages(from, to);
    if (code == SQLITE_OK)
        code = sqlite3_exec(to, in_one_file, NULL, NULL, NULL);
    sqlite3_close(to);
    return code;
}

bool sqlite_copy(struct log *log, const char *path, struct err *err) {
    int code = fill(sqlite_of(log)->database, path);
    return code == SQLITE_OK ? sqlite_sync(path, err) : failed(code, path, err);
}

static bool make_file(const char *path, struct err *err) {
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 && errno == EEXIST)
        return err_set(err, ERR_CONFLICT, "there is a file of that name", path,
                       "name another: nothing is written over");
    if (fd < 0)
        return err_errno(err, errno, "can't make the copy", path,
                         "choose a folder you may write to");
    bool made = fchmod(fd, 0600) == 0;
    int reason = errno;
    close(fd);
    if (made)
        return true;
    unlink(path);
    return err_errno(err, reason, "can't make the copy", path,
                     "choose a folder of a file system that keeps modes");
}

bool log_copy_out(struct log *log, const char *path, struct err *err) {
    if (!make_file(path, err))
        return false;
    if (sqlite_copy(log, path, err))
        return true;
    unlink(path);
    return false;
}
