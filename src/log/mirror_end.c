#include "config.h"

#include "log/mirror_inside.h"

#include "base/xtalloc.h"
#include "log/line.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define FIRST_LOOK 4096 /* bytes before the end: most last lines are shorter */
#define BASE_BYTES 512  /* no base line is longer */

/* One look at a file. */
struct look {
    int fd;
    const char *store;
    void *scratch;
    struct err *err;
};

/* The bytes from..to; NULL: err is set. What was cut off meanwhile is a failure too. */
static char *read_span(struct look *look, off_t from, off_t to) {
    size_t length = (size_t)(to - from), got = 0;
    char *bytes = xtalloc_array(look->scratch, char, length);
    while (got < length) {
        ssize_t count = pread(look->fd, bytes + got, length - got, from + (off_t)got);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            err_errno(look->err, count < 0 ? errno : EIO, "can't read the mirror", NULL,
                      "see what the kernel says (dmesg, df)");
            return NULL;
        }
        got += (size_t)count;
    }
    return bytes;
}

/* Behind the last line feed of low..end - 1, so where the line begins that ends at `end`; `low`
 * when there is none. -1: err is set. */
static off_t line_begin(struct look *look, off_t low, off_t end) {
    off_t from = end - 1, step = FIRST_LOOK;
    while (from > low) {
        off_t to = from;
        from = to - low > step ? to - step : low;
        step *= 4;
        char *bytes = read_span(look, from, to);
        if (!bytes)
            return -1;
        const char *feed = memrchr(bytes, '\n', (size_t)(to - from));
        if (feed)
            return from + (feed - bytes) + 1;
        talloc_free(bytes);
    }
    return low;
}

/* Decodes the line from..to, its line feed included. False: it is none. */
static bool read_line(struct look *look, off_t from, off_t to, struct line *line) {
    char *bytes = read_span(look, from, to);
    return bytes && line_decode(look->scratch, bytes, (size_t)(to - from) - 1, line, look->err);
}

/* ---- the base -------------------------------------------------------------------------------- */

static bool read_base(struct look *look, struct mirror_end *end) {
    off_t length = end->size < BASE_BYTES ? end->size : BASE_BYTES;
    char *bytes = length > 0 ? read_span(look, 0, length) : NULL;
    const char *feed = bytes ? memchr(bytes, '\n', (size_t)length) : NULL;
    struct line line;
    if (!feed || !line_decode(look->scratch, bytes, (size_t)(feed - bytes), &line, look->err) ||
        line.kind != LINE_BASE || line.older || strcmp(line.head.store, look->store) != 0)
        return false;
    end->base = line.head;
    end->tail_at = (off_t)(feed - bytes) + 1 + line.carried_bytes;
    return end->tail_at <= end->size;
}

/* ---- the last event -------------------------------------------------------------------------- */

/* Plans that are carried belong to the event behind them: where that is torn, they are torn too. */
static bool read_tip(struct look *look, struct mirror_end *end) {
    struct line line;
    end->tip = (struct log_tip){.seq = end->base.seq, .hash = end->base.hash};
    end->whole = line_begin(look, end->tail_at, end->size + 1);
    while (end->whole > end->tail_at) {
        off_t begin = line_begin(look, end->tail_at, end->whole);
        if (begin < 0 || !read_line(look, begin, end->whole, &line))
            return false;
        if (line.kind == LINE_EVENT) {
            end->tip = (struct log_tip){.seq = line.event.seq, .hash = line.event.hash};
            return true;
        }
        end->whole = begin;
    }
    return end->whole >= 0;
}

enum mirror_found mirror_end_read(int fd, const char *store, struct mirror_end *end,
                                  struct err *err) {
    struct glance file;
    struct look look = {.fd = fd, .store = store, .scratch = talloc_new(NULL), .err = err};
    if (!glance_open(fd, &file) || !file.plain) {
        talloc_free(look.scratch);
        return MIRROR_UNFIT;
    }
    err_clear(err);
    *end = (struct mirror_end){.size = file.size};
    bool read = read_base(&look, end) && read_tip(&look, end);
    bool failed = !read && err->code == ERR_UNAVAILABLE;
    talloc_free(look.scratch);
    if (failed)
        return MIRROR_FAILED;
    err_clear(err);
    return read ? MIRROR_FITS : MIRROR_UNFIT;
}
