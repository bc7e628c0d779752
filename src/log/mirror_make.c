#include "config.h"

#include "log/mirror_inside.h"

#include "base/xtalloc.h"
#include "incident/events.h"
#include "log/line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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

struct carried_line {
    int64_t seq;
    char *text;
};

struct carrying {
    void *scratch;
    int64_t base;
    int64_t *incidents; /* the open ones */
    const char **plans; /* digests of those that they adopted */
    struct carried_line *lines;
    size_t incidents_count, plans_count, lines_count;
};

static void add_plan(struct carrying *carrying, const char *sha256) {
    carrying->plans = xtalloc_realloc(carrying->scratch, carrying->plans, const char *,
                                      carrying->plans_count + 1);
    carrying->plans[carrying->plans_count++] = sha256;
}

static void add_line(struct carrying *carrying, const struct event *event) {
    char *text = xtalloc_strdup_append(line_encode_carried(carrying->scratch, event), "\n");
    if (carrying->lines_count == talloc_array_length(carrying->lines))
        carrying->lines = xtalloc_realloc(carrying->scratch, carrying->lines, struct carried_line,
                                          2 * carrying->lines_count + 8);
    carrying->lines[carrying->lines_count++] = (struct carried_line){event->seq, text};
}

static bool carry(void *data, const struct event *event) {
    struct carrying *carrying = data;
    if (event->seq <= carrying->base)
        add_line(carrying, event);
    return true;
}

/* Plans come by who adopts them. */
static bool carry_latest(void *data, const struct event *event) {
    struct carrying *carrying = data;
    bool is_plan = log_frozen_digest(carrying->scratch, event) != NULL;
    return is_plan || carry(data, event);
}

/* From the base on, the incident stands in the chained part. */
static bool carry_incident(void *data, const struct event *event) {
    struct carrying *carrying = data;
    const char *plan = event_plan(carrying->scratch, event);
    if (event->seq > carrying->base)
        return false;
    if (plan)
        add_plan(carrying, plan);
    add_line(carrying, event);
    return true;
}

static bool note_open(void *data, const struct log_incident *row) {
    struct carrying *carrying = data;
    carrying->incidents = xtalloc_realloc(carrying->scratch, carrying->incidents, int64_t,
                                          carrying->incidents_count + 1);
    carrying->incidents[carrying->incidents_count++] = row->number;
    return true;
}

static bool collect(struct log *log, struct carrying *carrying, struct err *err) {
    bool ok = log->ops->read_latest(log, carry_latest, carrying, err) &&
              log->ops->index_read(log, true, note_open, carrying, err);
    for (size_t i = 0; ok && i < carrying->incidents_count; i++)
        ok = log->ops->read(log, 0, carrying->incidents[i], carry_incident, carrying, err);
    for (size_t i = 0; ok && i < carrying->plans_count; i++) {
        bool found;
        ok = log_find_plan(log, carrying->plans[i], carry, carrying, &found, err);
    }
    return ok;
}

static int by_seq(const void *left, const void *right) {
    const struct carried_line *a = left, *b = right;
    return (a->seq > b->seq) - (a->seq < b->seq);
}

/* In the order of the log, each once: a plan may have been adopted more than once. */
static bool carried_text(struct log *log, int64_t base, struct buffer *text, struct err *err) {
    struct carrying carrying = {.scratch = talloc_new(NULL), .base = base};
    bool collected = base == 0 || collect(log, &carrying, err);
    if (carrying.lines_count > 0)
        qsort(carrying.lines, carrying.lines_count, sizeof(*carrying.lines), by_seq);
    for (size_t i = 0; i < carrying.lines_count; i++)
        if (i == 0 || carrying.lines[i].seq != carrying.lines[i - 1].seq)
            buffer_add_z(text, carrying.lines[i].text);
    talloc_free(carrying.scratch);
    return collected;
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
    buffer_add_z(text, line_encode_base(text->parent, &end->base, (int64_t)carried.length));
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
    if (fd < 0 && errno == ENOENT) {
        log_place_run_folder(mirror->place, true);
        fd = open(fresh, flags, 0660);
    }
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
