#include "config.h"

#include "log/mirror_inside.h"

#include "base/xtalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BEHIND "viewers see an older state than there is"

/* ---- as memory ------------------------------------------------------------------------------- */

void mirror_let_go(struct mirror *mirror) {
    if (mirror->fd >= 0)
        close(mirror->fd);
    mirror->fd = -1;
}

static int close_mirror(struct mirror *mirror) {
    mirror_let_go(mirror);
    return 0;
}

struct mirror *mirror_new(const void *parent, struct log_place *place, int64_t limit) {
    struct mirror *mirror = xtalloc_zero(parent, struct mirror);
    mirror->place = place;
    mirror->limit = mirror->move_at = limit;
    mirror->fd = -1;
    mirror->err = err_new(mirror);
    mirror->kept = mirror_lines_new(mirror, &(struct log_tip){0}, 0);
    talloc_set_destructor(mirror, close_mirror);
    return mirror;
}

void mirror_begin(struct mirror *mirror, const struct log_tip *tip) {
    talloc_free(mirror->kept);
    mirror->kept = mirror_lines_new(mirror, tip, (size_t)mirror->limit / MIRROR_PART);
}

void mirror_keep(struct mirror *mirror, const struct event *event) {
    mirror_lines_add(mirror->kept, event);
}

const char *mirror_path(const struct mirror *mirror) {
    return mirror->place->mirror;
}

const struct err *mirror_trouble(const struct mirror *mirror) {
    return mirror->err->code == ERR_NONE ? NULL : mirror->err;
}

/* ---- the file as it is ----------------------------------------------------------------------- */

bool mirror_can_not(const char *what, const struct mirror *mirror, struct err *err) {
    return err_errno(
        err, errno, BEHIND, err_fmt(err, "%s %s", what, mirror->place->mirror),
        "make room, or see its rights (`backout doctor`); the next command catches up");
}

bool mirror_take(struct mirror *mirror, int fd, const struct mirror_end *end, struct err *err) {
    struct glance file;
    if (mirror->fd != fd)
        mirror_let_go(mirror);
    if (!glance_open(fd, &file))
        return mirror_can_not("can't look at", mirror, err);
    mirror->fd = fd;
    mirror->end = *end;
    mirror->file = file;
    return true;
}

static bool is_open(const struct mirror *mirror, const struct glance *file) {
    return mirror->fd >= 0 && glance_same(&mirror->file, file);
}

static bool know_store(struct mirror *mirror, struct log *log, struct err *err) {
    struct log_head head;
    if (*mirror->store == '\0') {
        if (!log_head(log, &head, err))
            return false;
        memcpy(mirror->store, head.store, UUID_TEXT);
    }
    return true;
}

/* What stands in the way under that name is replaced, whatever it is, as long as it can be. */
static enum mirror_found open_file(const struct mirror *mirror, int flags, int *fd,
                                   struct err *err) {
    *fd = open(mirror->place->mirror, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (*fd >= 0)
        return MIRROR_FITS;
    if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ENXIO)
        return MIRROR_UNFIT;
    mirror_can_not("can't open", mirror, err);
    return MIRROR_FAILED;
}

/* Whether the log has that event at that place. */
static bool has(struct log *log, const struct log_tip *tip, struct err *err) {
    bool holds;
    return log_holds(log, tip->seq, &tip->hash, &holds, err) && holds;
}

static bool same_tip(const struct log_tip *a, const struct log_tip *b) {
    return a->seq == b->seq && digest_equal(&a->hash, &b->hash);
}

/* What was kept of the transaction mostly goes on where the file ends, and proves that it does. */
static enum mirror_found judge(struct mirror *mirror, struct log *log, const struct mirror_end *end,
                               struct err *err) {
    struct log_tip base = {.seq = end->base.seq, .hash = end->base.hash};
    bool ours = same_tip(&end->tip, &mirror->kept->before) || has(log, &end->tip, err);
    ours = ours && (mirror->fd >= 0 || has(log, &base, err));
    if (ours)
        return MIRROR_FITS;
    return err->code == ERR_NONE ? MIRROR_UNFIT : MIRROR_FAILED;
}

static enum mirror_found look(struct mirror *mirror, struct log *log, int fd, struct err *err) {
    struct mirror_end end;
    enum mirror_found found = mirror_end_read(fd, mirror->store, &end, err);
    if (found == MIRROR_FITS)
        found = judge(mirror, log, &end, err);
    if (found == MIRROR_FITS && !mirror_take(mirror, fd, &end, err))
        found = MIRROR_FAILED;
    if (found != MIRROR_FITS && fd != mirror->fd)
        close(fd);
    return found;
}

/* Nothing is read where the file is as we left it. */
static enum mirror_found find(struct mirror *mirror, struct log *log, struct err *err) {
    struct glance file;
    int fd = mirror->fd;
    bool there = glance_itself(mirror->place->mirror, &file);
    if (there && is_open(mirror, &file) && file.size == mirror->end.size)
        return MIRROR_FITS;
    if (there && is_open(mirror, &file))
        return look(mirror, log, fd, err);
    mirror_let_go(mirror);
    enum mirror_found found = open_file(mirror, O_RDWR | O_APPEND, &fd, err);
    return found == MIRROR_FITS ? look(mirror, log, fd, err) : found;
}

/* ---- writing --------------------------------------------------------------------------------- */

bool mirror_put(int fd, const char *bytes, size_t length, size_t *wrote) {
    *wrote = 0;
    while (*wrote < length) {
        ssize_t count = write(fd, bytes + *wrote, length - *wrote);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        *wrote += (size_t)count;
    }
    return true;
}

/* What the file lacks, read from the log where the transaction that ended isn't all of it. */
static struct mirror_lines *missing(struct mirror *mirror, struct log *log, const void *parent,
                                    struct err *err) {
    const struct log_tip *tip = &mirror->end.tip;
    if (same_tip(&mirror->kept->before, tip))
        return mirror->kept;
    struct mirror_lines *lines = mirror_lines_new(parent, tip, (size_t)mirror->limit / MIRROR_PART);
    return mirror_lines_read(lines, log, err) ? lines : NULL;
}

static bool put_text(struct mirror *mirror, const struct buffer *text, size_t torn,
                     const struct log_tip *tip, struct err *err) {
    size_t wrote;
    bool put = mirror_put(mirror->fd, text->bytes + torn, text->length - torn, &wrote);
    mirror->end.size += (off_t)wrote;
    if (!put)
        return mirror_can_not("can't write", mirror, err);
    mirror->end.whole = mirror->end.size;
    mirror->end.tip = *tip;
    return true;
}

/* What is torn off must be how these lines begin: whoever was at it wrote no other. */
static enum mirror_found append_lines(struct mirror *mirror, struct log *log,
                                      const struct mirror_lines *lines, struct err *err) {
    struct buffer text = {.parent = lines};
    struct log_tip tip = mirror_lines_tip(lines);
    size_t torn = (size_t)(mirror->end.size - mirror->end.whole);
    if (!same_tip(&lines->before, &mirror->end.tip))
        return MIRROR_UNFIT; /* too much is missing */
    if (!mirror_lines_text(lines, log, mirror->end.base.seq, &text, err))
        return MIRROR_FAILED;
    bool fits = torn <= text.length;
    if (fits && torn > 0) {
        char *bytes = xtalloc_array(lines, char, torn);
        fits = pread(mirror->fd, bytes, torn, mirror->end.whole) == (ssize_t)torn &&
               memcmp(bytes, text.bytes, torn) == 0;
        talloc_free(bytes);
    }
    if (fits)
        fits = put_text(mirror, &text, torn, &tip, err);
    talloc_free(text.bytes);
    if (fits)
        return MIRROR_FITS;
    return err->code == ERR_NONE ? MIRROR_UNFIT : MIRROR_FAILED;
}

static enum mirror_found catch_up(struct mirror *mirror, struct log *log, struct err *err) {
    enum mirror_found found = find(mirror, log, err);
    if (found != MIRROR_FITS)
        return found;
    if (log->tip.seq - mirror->end.tip.seq > MIRROR_EVENTS)
        return MIRROR_UNFIT;
    void *scratch = talloc_new(NULL);
    const struct mirror_lines *lines = missing(mirror, log, scratch, err);
    found = lines ? append_lines(mirror, log, lines, err) : MIRROR_FAILED;
    talloc_free(scratch);
    return found;
}

/* All is written already: that there is no room for a new file now is no trouble. */
static void move_when_due(struct mirror *mirror, struct log *log) {
    off_t tail = mirror->end.size - mirror->end.tail_at;
    if (mirror->fd < 0 || tail <= mirror->move_at)
        return;
    struct err *ignored = err_new(NULL);
    if (!mirror_make(mirror, log, ignored))
        mirror->move_at = tail + mirror->limit / MIRROR_PART;
    talloc_free(ignored);
}

void mirror_write(struct mirror *mirror, struct log *log) {
    struct err *err = mirror->err;
    err_clear(err);
    if (!know_store(mirror, log, err))
        return;
    enum mirror_found found = catch_up(mirror, log, err);
    if (found == MIRROR_UNFIT)
        mirror_make(mirror, log, err);
    else if (found == MIRROR_FITS)
        move_when_due(mirror, log);
}

/* ---- looking --------------------------------------------------------------------------------- */

static bool refuse_unfit(const struct mirror *mirror, struct err *err) {
    static const char what[] = "viewers see nothing of this store";
    static const char remedy[] = "the next command makes it anew";
    const char *path = mirror->place->mirror;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return err_set(err, ERR_NOT_FOUND, what, err_fmt(err, "there is no %s", path), remedy);
    return err_set(err, ERR_UNAVAILABLE, what,
                   err_fmt(err, "%s is none of its mirrors, or of an older form", path), remedy);
}

bool mirror_check(struct mirror *mirror, struct log *log, struct err *err) {
    int fd;
    struct log_tip tip;
    struct mirror_end end = {.tip = {.seq = 0}};
    if (!know_store(mirror, log, err) || !log->ops->tip(log, &tip, err))
        return false;
    enum mirror_found found = open_file(mirror, O_RDONLY, &fd, err);
    if (found == MIRROR_FITS) {
        found = mirror_end_read(fd, mirror->store, &end, err);
        close(fd);
    }
    if (found == MIRROR_FAILED)
        return false;
    if (found == MIRROR_UNFIT)
        return refuse_unfit(mirror, err);
    return end.tip.seq >= tip.seq ||
           err_set(err, ERR_UNAVAILABLE, BEHIND,
                   err_fmt(err, "%s ends at event %lld of %lld", mirror->place->mirror,
                           (long long)end.tip.seq, (long long)tip.seq),
                   "the next command catches up");
}
