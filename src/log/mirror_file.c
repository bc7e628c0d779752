#include "config.h"

#include "log/mirror_file.h"

#include "base/buffer.h"
#include "base/glance.h"
#include "base/json.h"
#include "base/xtalloc.h"
#include "log/chain.h"
#include "log/log_ops.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES   (256 * 1024)
#define FIRST_LOOK   2048 /* most lines are shorter */
#define PLACE_EVENTS 256

#define REMEDY_OPEN "ask whoever keeps the store; `backout doctor` says who may read its mirror"

/* How far a file was read. */
struct place {
    struct log_head head;
    off_t end;     /* of the lines that were read */
    int64_t lines; /* that were read */
};

struct mirror_file {
    const char *path;
    int fd;
    struct log_head base;
    struct line first; /* a base, which has no texts; another kind where there is none */
    struct place at;
    struct place *places; /* where readings can begin: the first, and one for each so many events */
    size_t places_count;
    int64_t torn;                      /* bytes behind what was read, as of the last reading */
    bool strict;                       /* a line must be as backout writes it */
    bool stopped;                      /* by whom the lines are read for */
    int64_t carried_left;              /* bytes of carried lines that the base has promised yet */
    struct digest_state *carried_hash; /* of those that were read; NULL in the older form */
    struct log_tip carried;            /* the last one */
    void *scratch;                     /* of one line */
};

/* ---- bytes ----------------------------------------------------------------------------------- */

static bool can_not_read(const struct mirror_file *file, int reason, struct err *err) {
    return err_errno(err, reason, "can't read the mirror", file->path,
                     "see what the kernel says (dmesg, df)");
}

/* -1: err is set. */
static ssize_t read_at(const struct mirror_file *file, char *bytes, size_t length, off_t at,
                       struct err *err) {
    ssize_t got;
    do
        got = pread(file->fd, bytes, length, at);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        can_not_read(file, errno, err);
    return got;
}

/* ---- one line -------------------------------------------------------------------------------- */

static bool damaged(const struct mirror_file *file, const char *how, struct err *err) {
    return err_set(
        err, ERR_DAMAGED, "this is not what was written",
        err_fmt(err, "%s: line %lld: %s", file->path, (long long)file->at.lines + 1, how),
        "read another copy; what the store itself holds is proved by `backout verify`");
}

static bool damaged_event(const struct mirror_file *file, int64_t seq, const char *how,
                          struct err *err) {
    return damaged(file, err_fmt(err, "event %lld: %s", (long long)seq, how), err);
}

static void keep_place(struct mirror_file *file) {
    if (file->places_count == talloc_array_length(file->places))
        file->places =
            xtalloc_realloc(file, file->places, struct place, 2 * file->places_count + 8);
    file->places[file->places_count++] = file->at;
}

/* Event 1 names the store, and nothing else does where there is no base. */
static bool prove_store(struct mirror_file *file, const struct event *event, struct err *err) {
    char store[UUID_TEXT];
    if (!log_store_of(event, store))
        return damaged_event(file, 1, "it isn't the store.created of a store", err);
    if (*file->base.store && strcmp(file->base.store, store) != 0)
        return damaged_event(file, 1, "it is of another store than the base", err);
    memcpy(file->base.store, store, UUID_TEXT);
    memcpy(file->at.head.store, store, UUID_TEXT);
    return true;
}

static bool follows(const struct mirror_file *file, const struct event *event) {
    struct digest hash = chain_hash(&file->at.head.hash, event);
    return event->seq == file->at.head.seq + 1 && digest_equal(&hash, &event->hash);
}

static bool accept(struct mirror_file *file, const struct event *event, struct err *err) {
    if (event->seq == 1 && !prove_store(file, event, err))
        return false;
    if (event->seq - file->places[file->places_count - 1].head.seq > PLACE_EVENTS)
        keep_place(file);
    file->at.head.seq = event->seq;
    file->at.head.hash = event->hash;
    return true;
}

static bool prove(struct mirror_file *file, const struct event *event, struct err *err) {
    if (event->seq != file->at.head.seq + 1)
        return damaged_event(file, event->seq,
                             err_fmt(err, "it should be %lld", (long long)file->at.head.seq + 1),
                             err);
    if (!follows(file, event))
        return damaged_event(file, event->seq,
                             "its hash is not that of its columns and the event before", err);
    return accept(file, event, err);
}

/* ---- what is carried ------------------------------------------------------------------------- */

/* Of the base promises so many bytes, and that digest of them. */
static void expect_carried(struct mirror_file *file) {
    file->carried_left = file->first.carried_bytes;
    if (file->carried_left > 0 && !file->first.older)
        file->carried_hash = digest_begin(file);
}

/* It comes first, and is all there. */
static bool is_in_place(const struct mirror_file *file, size_t length, const struct line *line,
                        struct err *err) {
    if (file->carried_left == 0)
        return true;
    if (line->kind != LINE_CARRIED)
        return damaged(file, "the base promises other carried lines", err);
    return file->carried_left > (int64_t)length ||
           damaged(file, "the base promises fewer bytes of carried lines", err);
}

/* The base is on the chain, and so is who stands right before one that is. */
static bool is_linked(const struct mirror_file *file, const struct line *line) {
    const struct log_tip *last = &file->carried;
    const struct event *event = &line->event;
    return (event->seq != last->seq + 1 || digest_equal(&line->before, &last->hash)) &&
           (event->seq != file->base.seq || digest_equal(&event->hash, &file->base.hash));
}

/* Not that it is the log's; but nothing in it was changed without its hash. */
static bool prove_carried(const struct mirror_file *file, const struct line *line,
                          struct err *err) {
    const struct event *event = &line->event;
    if (line->older)
        return file->first.older || damaged_event(file, event->seq, "it has no \"before\"", err);
    struct digest hash = chain_hash(&line->before, event);
    if (!digest_equal(&hash, &event->hash))
        return damaged_event(file, event->seq,
                             "its hash is not that of its columns and the event before", err);
    return is_linked(file, line) ||
           damaged_event(file, event->seq, "it isn't of the chain that its neighbours are of", err);
}

static bool judge_carried(struct mirror_file *file, const struct line *line, struct err *err) {
    if (line->event.seq > file->base.seq)
        return damaged_event(file, line->event.seq, "it is carried, and not older than the base",
                             err);
    return prove_carried(file, line, err) &&
           (line->event.seq != 1 || prove_store(file, &line->event, err));
}

/* A line whose bytes are right may still be missing, or stand there too often. */
static bool is_promised(struct mirror_file *file, struct err *err) {
    struct digest hash = digest_end(file->carried_hash);
    file->carried_hash = NULL;
    if (digest_equal(&hash, &file->first.carried_hash))
        return true;
    file->carried_hash = digest_begin(file); /* so that the next reading finds the same */
    return damaged(file, "the carried lines up to here are not those that the base promises", err);
}

static bool count_carried(struct mirror_file *file, const char *bytes, size_t length,
                          const struct line *line, struct err *err) {
    int64_t left = file->carried_left - (int64_t)length - 1;
    if (file->carried_left == 0)
        return true;
    if (file->carried_hash)
        digest_add(file->carried_hash, bytes, length + 1);
    if (left == 0 && file->carried_hash && !is_promised(file, err))
        return false;
    file->carried_left = left;
    file->carried = (struct log_tip){.seq = line->event.seq, .hash = line->event.hash};
    return true;
}

/* ---- any line -------------------------------------------------------------------------------- */

static bool judge(struct mirror_file *file, const struct line *line, struct err *err) {
    if (line->kind == LINE_BASE)
        return damaged(file, "a base stands first, and only there", err);
    return line->kind == LINE_EVENT ? prove(file, &line->event, err)
                                    : judge_carried(file, line, err);
}

static bool decode(const struct mirror_file *file, const void *parent, const char *bytes,
                   size_t length, struct line *line, struct err *err) {
    return line_decode(parent, bytes, length, line, err) ||
           damaged(file, err_fmt(err, "%s", err->on), err);
}

/* A guess that the hash confirms is right: nothing else has that hash. */
static bool read_line(struct mirror_file *file, const char *bytes, size_t length, struct line *line,
                      struct err *err) {
    if (file->carried_left == 0 && line_guess(file->scratch, bytes, length, line) &&
        follows(file, &line->event))
        return accept(file, &line->event, err);
    return decode(file, file->scratch, bytes, length, line, err) &&
           is_in_place(file, length, line, err) && judge(file, line, err);
}

/* What reads the same may still have other bytes: digits of a hash in capitals, a letter escaped.
 */
static bool is_exact(const struct mirror_file *file, const char *bytes, size_t length,
                     const struct line *line, struct err *err) {
    const char *exact = line_exact(file->scratch, line);
    bool same = strlen(exact) == length && memcmp(exact, bytes, length) == 0;
    return same || damaged(file, "it is not as backout writes such a line", err);
}

/* False: err, or `*more` is false: `fn` has enough. */
static bool take_line(struct mirror_file *file, const char *bytes, size_t length,
                      mirror_line_fn *fn, void *data, bool *more, struct err *err) {
    struct line line;
    bool taken = read_line(file, bytes, length, &line, err) &&
                 (!file->strict || is_exact(file, bytes, length, &line, err)) &&
                 (line.kind != LINE_CARRIED || count_carried(file, bytes, length, &line, err));
    if (taken) {
        off_t at = file->at.end;
        file->at.end += (off_t)length + 1;
        file->at.lines++;
        *more = fn(data, &line, at);
        file->stopped = !*more;
    }
    talloc_free_children(file->scratch);
    return taken && *more;
}

/* ---- reading on ------------------------------------------------------------------------------ */

/* The whole lines at hand; what is left of a line stays in the buffer. */
static bool take_lines(struct mirror_file *file, struct buffer *held, size_t fresh,
                       mirror_line_fn *fn, void *data, bool *more, struct err *err) {
    size_t at = 0, searched = held->length - fresh;
    bool ok = true;
    const char *feed;
    while (ok && (feed = memchr(held->bytes + searched, '\n', held->length - searched))) {
        size_t length = (size_t)(feed - held->bytes) - at;
        ok = take_line(file, held->bytes + at, length, fn, data, more, err);
        searched = at += length + 1;
    }
    buffer_drop(held, at);
    if (ok && held->length > JSON_MAX_BYTES)
        return damaged(file, "it is too long for a line", err);
    return ok;
}

bool mirror_file_read(struct mirror_file *file, mirror_line_fn *fn, void *data, struct err *err) {
    void *scratch = talloc_new(NULL);
    struct buffer held = {.parent = scratch};
    char *bytes = xtalloc_array(scratch, char, READ_BYTES);
    bool ok = true, more = true;
    ssize_t got = 0;
    off_t at = file->at.end;
    while (ok && (got = read_at(file, bytes, READ_BYTES, at, err)) > 0) {
        at += got;
        buffer_add(&held, bytes, (size_t)got);
        ok = take_lines(file, &held, (size_t)got, fn, data, &more, err);
    }
    file->torn = at - file->at.end;
    talloc_free(scratch);
    return (ok || !more) && got >= 0;
}

/* The bytes of the line at that place, without its line feed; NULL: err is set. */
static char *line_bytes(const struct mirror_file *file, const void *parent, off_t at,
                        size_t *length, struct err *err) {
    struct buffer held = {.parent = parent};
    for (size_t step = FIRST_LOOK;; step *= 4) {
        char *bytes = xtalloc_array(parent, char, step);
        ssize_t got = read_at(file, bytes, step, at + (off_t)held.length, err);
        if (got > 0)
            buffer_add(&held, bytes, (size_t)got);
        talloc_free(bytes);
        const char *feed = held.length ? memchr(held.bytes, '\n', held.length) : NULL;
        *length = feed ? (size_t)(feed - held.bytes) : 0;
        if (feed)
            return held.bytes;
        if (got < 0)
            return NULL;
        if (got == 0 || held.length > JSON_MAX_BYTES) {
            damaged(file, "it has no end", err);
            return NULL;
        }
    }
}

bool mirror_file_line(const struct mirror_file *file, const void *parent, off_t at,
                      struct line *line, struct err *err) {
    size_t length;
    void *scratch = talloc_new(NULL);
    char *bytes = line_bytes(file, scratch, at, &length, err);
    bool read = bytes && decode(file, parent, bytes, length, line, err);
    talloc_free(scratch);
    return read;
}

/* ---- opening --------------------------------------------------------------------------------- */

static int close_file(struct mirror_file *file) {
    return file->fd >= 0 ? close(file->fd) : 0;
}

static struct mirror_file *file_new(const void *parent, const char *path, int fd) {
    struct mirror_file *file = xtalloc_zero(parent, struct mirror_file);
    file->path = xtalloc_strdup(file, path);
    file->fd = fd;
    file->scratch = talloc_new(file);
    talloc_set_destructor(file, close_file);
    return file;
}

/* An export may begin with the first event itself: then nothing stands before it. */
static bool take_first(struct mirror_file *file, const struct line *line, size_t length,
                       struct err *err) {
    if (line->kind == LINE_BASE) {
        file->base = line->head;
        file->first = *line;
        file->at = (struct place){.head = line->head, .end = (off_t)length + 1, .lines = 1};
        expect_carried(file);
    } else if (line->kind != LINE_EVENT || line->event.seq != 1) {
        return damaged(file, "a mirror begins with its base, an export with event 1", err);
    }
    keep_place(file);
    return true;
}

static bool read_first(struct mirror_file *file, struct err *err) {
    size_t length;
    struct line line;
    void *scratch = talloc_new(NULL);
    char *bytes = line_bytes(file, scratch, 0, &length, err);
    bool read = bytes && decode(file, scratch, bytes, length, &line, err) &&
                take_first(file, &line, length, err);
    talloc_free(scratch);
    return read;
}

static bool require_plain(const struct mirror_file *file, struct err *err) {
    struct glance seen;
    if (!glance_open(file->fd, &seen))
        return can_not_read(file, errno, err);
    return seen.plain || err_set(err, ERR_REFUSED, "a mirror is a plain file, and this is none",
                                 file->path, "name a file, as in view/incidents.db.ndjson");
}

bool mirror_file_open(const void *parent, const char *path, struct mirror_file **opened,
                      struct err *err) {
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, errno, "can't open the mirror", path, REMEDY_OPEN);
    struct mirror_file *file = file_new(parent, path, fd);
    if (require_plain(file, err) && read_first(file, err)) {
        *opened = file;
        return true;
    }
    talloc_free(file);
    return false;
}

struct mirror_file *mirror_file_again(const void *parent, const struct mirror_file *file,
                                      int64_t after) {
    size_t place = file->places_count - 1;
    struct mirror_file *again = file_new(parent, file->path, fcntl(file->fd, F_DUPFD_CLOEXEC, 0));
    while (place > 0 && file->places[place].head.seq > after)
        place--;
    again->base = file->base;
    again->first = file->first;
    again->at = file->places[place];
    if (place == 0)
        expect_carried(again);
    keep_place(again);
    return again;
}

/* ---- proving --------------------------------------------------------------------------------- */

static bool first_is_exact(struct mirror_file *file, struct err *err) {
    size_t length;
    char *bytes = line_bytes(file, file->scratch, 0, &length, err);
    file->at.lines = 0; /* for what is said of it */
    bool exact = bytes && is_exact(file, bytes, length, &file->first, err);
    file->at.lines = 1;
    talloc_free_children(file->scratch);
    return exact;
}

static bool is_whole(const struct mirror_file *file, struct err *err) {
    const struct log_head *end = &file->first.end, *head = &file->at.head;
    if (file->torn > 0) {
        damaged(file, "it is torn: nothing ends it", err);
        return err_set(err, err->code, err->what, err->on,
                       "try again, if it is being written; else read another copy");
    }
    if (file->carried_left != 0)
        return damaged(file, "it is missing: the base promises more carried lines", err);
    if (end->seq == 0 || (head->seq == end->seq && digest_equal(&head->hash, &end->hash)))
        return true;
    return damaged(file,
                   err_fmt(err, "it is missing: the last event is %lld, and should be %lld",
                           (long long)head->seq, (long long)end->seq),
                   err);
}

bool mirror_file_prove(struct mirror_file *file, bool whole, mirror_line_fn *fn, void *data,
                       struct err *err) {
    bool based = file->first.kind == LINE_BASE;
    file->strict = true;
    return (!based || first_is_exact(file, err)) && mirror_file_read(file, fn, data, err) &&
           (!whole || file->stopped || is_whole(file, err));
}

/* ---- what is known --------------------------------------------------------------------------- */

const struct log_head *mirror_file_base(const struct mirror_file *file) {
    return &file->base;
}

const struct log_head *mirror_file_head(const struct mirror_file *file) {
    return &file->at.head;
}

const struct log_head *mirror_file_end(const struct mirror_file *file) {
    return &file->first.end;
}

int64_t mirror_file_torn(const struct mirror_file *file) {
    return file->torn;
}

enum mirror_file_news mirror_file_look(const struct mirror_file *file, struct err *err) {
    struct glance ours, named;
    if (!glance_followed(file->path, &named) || !glance_open(file->fd, &ours)) {
        err_errno(err, errno, "the mirror is gone", file->path, REMEDY_OPEN);
        return MIRROR_FILE_GONE;
    }
    if (!glance_same(&named, &ours) || ours.size < file->at.end)
        return MIRROR_FILE_OTHER;
    return ours.size == file->at.end + file->torn ? MIRROR_FILE_SAME : MIRROR_FILE_MORE;
}
