#include "config.h"

#include "log/mirror_inside.h"

#include "base/xtalloc.h"
#include "log/line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the chained part ------------------------------------------------------------------------ */

/* The newest events that fit. The reading begins one earlier, for the base is an event too. */
static struct mirror_lines *newest(const struct mirror *mirror, struct log *log, const void *parent,
                                   struct err *err) {
    int64_t base = log->tip.seq > MIRROR_EVENTS ? log->tip.seq - MIRROR_EVENTS : 0;
    struct log_tip before = {.seq = base > 0 ? base - 1 : 0};
    struct mirror_lines *lines =
        mirror_lines_new(parent, &before, (size_t)mirror->limit / MIRROR_PART);
    if (!mirror_lines_read(lines, log, err))
        return NULL;
    if (lines->before.seq < base && lines->first < lines->end)
        mirror_lines_drop_first(lines);
    return lines;
}

/* ---- what is carried ------------------------------------------------------------------------- */

static bool carried_text(struct log *log, int64_t base, struct buffer *text, struct err *err) {
    struct mirror_carried carried;
    bool ok = mirror_carried_find(text->parent, log, base, &carried, err);
    for (size_t i = 0; ok && i < carried.count; i++)
        ok = mirror_carry(log, carried.seqs[i], text, err);
    return ok;
}

/* ---- the whole text -------------------------------------------------------------------------- */

static bool whole_text(const struct mirror *mirror, struct log *log, struct buffer *text,
                       struct mirror_end *end, struct err *err) {
    struct buffer carried = {.parent = text->parent};
    const struct mirror_lines *lines = newest(mirror, log, text->parent, err);
    if (!lines)
        return false;
    end->base = (struct log_head){.seq = lines->before.seq, .hash = lines->before.hash};
    memcpy(end->base.store, mirror->store, UUID_TEXT);
    if (!carried_text(log, end->base.seq, &carried, err))
        return false;
    buffer_add_z(text, line_encode_base(text->parent, &end->base, carried.bytes, carried.length));
    buffer_add_z(text, "\n");
    buffer_add(text, carried.bytes, carried.length);
    end->tail_at = (off_t)text->length;
    if (!mirror_lines_text(lines, log, end->base.seq, text, err))
        return false;
    end->tip = mirror_lines_tip(lines);
    end->whole = end->size = (off_t)text->length;
    return true;
}

/* ---- the file -------------------------------------------------------------------------------- */

/* As its folder says who may read. Where an ACL says it, the group's bits are its mask. */
static mode_t mode_of(const char *folder) {
    struct stat view;
    if (stat(folder, &view) != 0)
        return 0600;
    return 0600 | (view.st_mode & S_IRWXG ? 0060 : 0) | (view.st_mode & S_IROTH ? 0004 : 0);
}

static int open_fresh(const struct mirror *mirror, const char *fresh) {
    int flags = O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    unlink(fresh); /* of a writer that died at it */
    int fd = open(fresh, flags, 0660);
    if (fd < 0 && errno == ENOENT && log_place_make_view(mirror->place))
        fd = open(fresh, flags, 0660);
    return fd;
}

/* False with errno. */
static bool put_in_place(const struct mirror *mirror, int fd, const char *fresh,
                         const struct buffer *text) {
    size_t wrote;
    return fchmod(fd, mode_of(mirror->place->view)) == 0 &&
           mirror_put(fd, text->bytes, text->length, &wrote) &&
           rename(fresh, mirror->place->mirror) == 0;
}

static bool make_file(struct mirror *mirror, const struct buffer *text,
                      const struct mirror_end *end, struct err *err) {
    const char *fresh = xtalloc_asprintf(text->parent, "%s.new", mirror->place->mirror);
    int fd = open_fresh(mirror, fresh);
    if (fd >= 0 && put_in_place(mirror, fd, fresh, text) && mirror_take(mirror, fd, end, err))
        return true;
    int reason = errno;
    if (fd >= 0) {
        close(fd);
        unlink(fresh);
    }
    errno = reason;
    return mirror_can_not("can't make", mirror, err);
}

bool mirror_make(struct mirror *mirror, struct log *log, struct err *err) {
    struct mirror_end end = {.tail_at = 0};
    void *scratch = talloc_new(NULL);
    struct buffer text = {.parent = scratch};
    bool made = whole_text(mirror, log, &text, &end, err) && make_file(mirror, &text, &end, err);
    if (made)
        mirror->move_at = mirror->limit;
    talloc_free(scratch);
    return made;
}
