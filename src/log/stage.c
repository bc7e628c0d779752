#include "config.h"

#include "log/copy.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "log/audience.h"
#include "log/place.h"
#include "log/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct stage {
    struct log_place *place;
    char *path;
    bool there;
};

/* What SQLite may have put beside it. */
static const char *const besides[] = {"-wal", "-shm", "-journal"};

static void take_away_besides(const struct stage *stage) {
    for (size_t i = 0; i < ARRAY_SIZE(besides); i++) {
        char *path = xtalloc_asprintf(NULL, "%s%s", stage->path, besides[i]);
        unlink(path);
        talloc_free(path);
    }
}

static int take_away(struct stage *stage) {
    if (!stage->there)
        return 0;
    take_away_besides(stage);
    unlink(stage->path);
    return 0;
}

static bool cant(int reason, const char *path, struct err *err) {
    return err_errno(err, reason, "can't make a new store", path,
                     "choose a folder you may write to, with room");
}

/* With the rights of what it is going to be, from its first moment on. */
static bool make_file(struct stage *stage, struct err *err) {
    mode_t mask = umask(0);
    int fd =
        open(stage->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, stage->place->mode);
    int reason = errno;
    umask(mask);
    if (fd < 0 && reason == EACCES && stage->place->exists)
        return audience_refuse(stage->place, err);
    if (fd < 0)
        return cant(reason, stage->path, err);
    stage->there = true;
    close(fd);
    return true;
}

bool stage_new(const void *parent, const char *store, struct stage **made, struct err *err) {
    struct stage *stage = xtalloc_zero(parent, struct stage);
    talloc_set_destructor(stage, take_away);
    if (log_place_find(stage, store, &stage->place, err)) {
        stage->path = xtalloc_asprintf(stage, "%s.new-%ld", stage->place->file, (long)getpid());
        if (make_file(stage, err)) {
            *made = stage;
            return true;
        }
    }
    talloc_free(stage);
    return false;
}

const char *stage_path(const struct stage *stage) {
    return stage->path;
}

bool stage_copy(struct stage *stage, struct log *from, struct err *err) {
    return sqlite_copy(from, stage->path, err);
}

bool stage_open(struct stage *stage, struct log **log, struct err *err) {
    return log_open(stage, stage->path, LOG_ALONE, 0, log, err);
}

bool stage_begin(const struct stage *stage, struct log *log, struct err *err) {
    enum log_begin begun = log_begin(log, "", err);
    return begun == LOG_BEGUN ||
           (begun == LOG_BUSY &&
            err_set(err, ERR_UNAVAILABLE, "can't lock the new store", stage->path,
                    "try again; close any other program that has the file open"));
}

bool stage_close(struct stage *stage, struct log *log, struct err *err) {
    bool settled = sqlite_settle(log, err);
    talloc_free(log);
    return settled && sqlite_sync(stage->path, err);
}

/* ---- in the store's place -------------------------------------------------------------------- */

/* Of the store that is there, in the order in which they go. */
static const char *const parts[] = {"", "-wal", "-shm"};

static char *part_of(const void *parent, const char *path, size_t i) {
    return xtalloc_asprintf(parent, "%s%s", path, parts[i]);
}

/* Those that went, the last one first. */
static void bring_back(const struct stage *stage, const char *aside, size_t gone) {
    void *scratch = talloc_new(NULL);
    while (gone-- > 0)
        if (rename(part_of(scratch, aside, gone), part_of(scratch, stage->place->file, gone)) !=
                0 &&
            errno != ENOENT)
            break;
    talloc_free(scratch);
}

/* False: `*gone` of them went. */
static bool move_away(const struct stage *stage, const char *aside, size_t *gone) {
    void *scratch = talloc_new(NULL);
    bool moved = true;
    for (*gone = 0; moved && *gone < ARRAY_SIZE(parts); *gone += moved)
        moved = rename(part_of(scratch, stage->place->file, *gone),
                       part_of(scratch, aside, *gone)) == 0 ||
                errno == ENOENT;
    int reason = errno;
    talloc_free(scratch);
    errno = reason;
    return moved;
}

static void drop(const char *aside) {
    void *scratch = talloc_new(NULL);
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
        unlink(part_of(scratch, aside, i));
    talloc_free(scratch);
}

/* It is in its place, and a power cut may undo that. */
static bool doubt(struct err *err) {
    return err_set(err, ERR_UNAVAILABLE, "nobody knows whether it was kept",
                   err_fmt(err, "it is in its place, but %s", err_sentence(err, err)),
                   "look at what is there (`backout head`) before you repeat it");
}

bool stage_put(struct stage *stage, enum stage_found found, const char *aside, struct err *err) {
    size_t gone;
    take_away_besides(stage); /* whoever proved it left them, empty */
    bool put = move_away(stage, aside, &gone) && rename(stage->path, stage->place->file) == 0;
    if (!put) {
        int reason = errno;
        bring_back(stage, aside, gone);
        return err_errno(err, reason, "can't put the new store in its place", stage->place->file,
                         "the one that was there is there again; see the rights of its folder");
    }
    stage->there = false;
    if (found == STAGE_DROPS)
        drop(aside);
    return sqlite_sync_name(stage->place->file, err) || doubt(err);
}

/* ---- where nothing was ----------------------------------------------------------------------- */

#define LOCK_WAIT_MS 10000

/* A store that was made and never used, as `init` leaves it. */
static bool holds_nothing(const struct stage *stage, struct err *err) {
    const char *path = stage->place->file;
    struct stat file;
    struct log *log;
    int64_t last;
    if (lstat(path, &file) != 0 || log_is_unmade(path))
        return true;
    if (!log_open(stage, path, LOG_READ, 0, &log, err))
        return false;
    bool read = log_last(log, &last, err);
    talloc_free(log);
    return read &&
           (last <= 1 || err_set(err, ERR_CONFLICT, "there is a store already",
                                 err_fmt(err, "%s holds %lld events", path, (long long)last),
                                 "name another place, or move that one away first"));
}

bool stage_put_new(struct stage *stage, struct err *err) {
    char *aside = xtalloc_asprintf(stage, "%s.unused-%ld", stage->place->file, (long)getpid());
    struct write_lock *lock = lock_open(stage, stage->place->lock, stage->place->mode, err);
    if (!lock || !lock_wait(lock, "backout importing", LOCK_WAIT_MS, err))
        return false;
    bool put = holds_nothing(stage, err) && stage_put(stage, STAGE_DROPS, aside, err);
    lock_release(lock);
    return put;
}
