/* What the files of the mirror share: mirror.c writes, mirror_end.c looks where a file ends,
 * mirror_lines.c holds events on their way, mirror_carried.c knows what is carried, mirror_make.c
 * makes a whole file, mirror_prove.c holds one against the log. */
#ifndef BACKOUT_LOG_MIRROR_INSIDE_H
#define BACKOUT_LOG_MIRROR_INSIDE_H

#include "base/buffer.h"
#include "base/glance.h"
#include "log/mirror.h"

/* So many events are written at most by catching up; when more are missing, or none is there, the
 * file is made anew from the newest. Under the lock, so it bounds how long others wait. */
#define MIRROR_EVENTS 4096

/* What stays in memory of a transaction, and what a new file begins with, is this part of the
 * limit. A reader that was less behind goes over to the new file without a gap. */
#define MIRROR_PART 4

/* ---- mirror_lines.c: events in order, as lines ----------------------------------------------- */

struct mirror_line {
    struct log_tip tip; /* its event */
    char *text;         /* ends in a line feed */
    size_t length;
    const char *plan; /* the digest of the plan that the event adopts, or NULL */
};

struct mirror_lines {
    struct log_tip before; /* the event before the first of them */
    struct mirror_line *list;
    size_t first, end; /* those at hand: older ones were dropped */
    size_t bytes, limit;
};

/* An empty list, to go on after an event. Of more than `limit` bytes the oldest are dropped. */
struct mirror_lines *mirror_lines_new(const void *parent, const struct log_tip *before,
                                      size_t limit);
void mirror_lines_add(struct mirror_lines *lines, const struct event *event);
void mirror_lines_drop_first(struct mirror_lines *lines);
/* Adds what the log has after `before`. */
bool mirror_lines_read(struct mirror_lines *lines, struct log *log, struct err *err);
/* The newest of them, or `before`. */
struct log_tip mirror_lines_tip(const struct mirror_lines *lines);
/* As they stand behind a base with that seq: with the plans that must be carried. */
bool mirror_lines_text(const struct mirror_lines *lines, struct log *log, int64_t base,
                       struct buffer *text, struct err *err);

/* ---- mirror_carried.c ------------------------------------------------------------------------ */

struct mirror_carried {
    int64_t *seqs; /* ascending, each once */
    size_t count;
};

/* What a reader needs today of what is no newer than `base`; its list is owned by `parent`. */
bool mirror_carried_find(const void *parent, struct log *log, int64_t base,
                         struct mirror_carried *carried, struct err *err);

/* Adds the event's carried line to the text. */
bool mirror_carry(struct log *log, int64_t seq, struct buffer *text, struct err *err);

/* ---- mirror_end.c ---------------------------------------------------------------------------- */

struct mirror_end {
    struct log_head base;
    off_t tail_at;      /* where the chained part begins */
    struct log_tip tip; /* its last whole event, or the base */
    off_t whole;        /* up to there all is whole; what stands behind is torn */
    off_t size;
};

enum mirror_found {
    MIRROR_FITS,
    MIRROR_UNFIT,  /* there is none, or one that isn't this log's */
    MIRROR_FAILED, /* err is set */
};

/* Reads where the file ends. MIRROR_UNFIT also when it belongs to another store, and when nothing
 * proves what it carries, which is an older form. */
enum mirror_found mirror_end_read(int fd, const char *store, struct mirror_end *end,
                                  struct err *err);

/* ---- mirror.c and mirror_make.c -------------------------------------------------------------- */

struct mirror {
    struct log_place *place;
    int64_t limit, move_at; /* bytes of the chained part; a move that failed is tried again later */
    char store[UUID_TEXT];  /* "" until it was looked up */
    int fd;                 /* -1: not open */
    struct glance file;     /* which is open */
    struct mirror_end end;  /* as we left it */
    struct mirror_lines *kept;
    struct err *err; /* code ERR_NONE: no trouble */
};

/* Takes the open file, whose end is `end`, for the mirror's. */
bool mirror_take(struct mirror *mirror, int fd, const struct mirror_end *end, struct err *err);
void mirror_let_go(struct mirror *mirror);

/* Writes a new file from the newest events and what they need, and puts it in the old one's place
 * in one step. */
bool mirror_make(struct mirror *mirror, struct log *log, struct err *err);

/* The words of a file that can't be opened, written or made, from errno; always false. */
bool mirror_can_not(const char *what, const struct mirror *mirror, struct err *err);

/* Writes all of it in one call where the disk lets it. False with errno; *wrote counts. */
bool mirror_put(int fd, const char *bytes, size_t length, size_t *wrote);

#endif
