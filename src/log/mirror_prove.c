/* A mirror held against its log: what only somebody who may read the store can do. */
#include "config.h"

#include "log/mirror_inside.h"

#include "base/xtalloc.h"
#include "log/mirror_file.h"

#include <string.h>

struct proving {
    const struct mirror *mirror;
    struct log *log;
    struct mirror_file *file;
    struct mirror_carried carried; /* that stand there; the plans further down are not counted */
    bool chained;                  /* the chained part has begun */
    bool failed;
    struct err *err;
};

/* `on` names the file. */
static bool refuse(struct err *err, const char *on) {
    return err_set(err, ERR_DAMAGED, "viewers read what the log doesn't say", on,
                   "keep a copy of it, if somebody changed it; `backout init` makes it anew");
}

static bool differs(const struct proving *proving, const char *how) {
    return refuse(proving->err, err_fmt(proving->err, "%s: %s", mirror_path(proving->mirror), how));
}

/* A hash is right only with all that it was made of. */
static bool is_logged(const struct proving *proving, int64_t seq, const struct digest *hash) {
    bool holds;
    if (!log_holds(proving->log, seq, hash, &holds, proving->err))
        return false;
    return holds || differs(proving, err_fmt(proving->err, "event %lld is another in the log",
                                             (long long)seq));
}

static void note_carried(struct proving *proving, int64_t seq) {
    struct mirror_carried *carried = &proving->carried;
    if (carried->count == talloc_array_length(carried->seqs))
        carried->seqs =
            xtalloc_realloc(proving->file, carried->seqs, int64_t, 2 * carried->count + 64);
    carried->seqs[carried->count++] = seq;
}

/* The chained part is proved by its end. */
static bool prove_line(void *data, const struct line *line, off_t at) {
    struct proving *proving = data;
    (void)at;
    proving->chained = proving->chained || line->kind == LINE_EVENT;
    if (line->kind != LINE_CARRIED)
        return true;
    if (!proving->chained)
        note_carried(proving, line->event.seq);
    proving->failed = !is_logged(proving, line->event.seq, &line->event.hash);
    return !proving->failed;
}

/* What is needed today was needed when the file was made: what is open was open then, and what is
 * the newest of its kind and older than the base was so too. Both lists ascend. */
static bool lacks_nothing(const struct proving *proving) {
    struct mirror_carried needed;
    size_t at = 0;
    const struct mirror_carried *carried = &proving->carried;
    if (!mirror_carried_find(proving->file, proving->log, mirror_file_base(proving->file)->seq,
                             &needed, proving->err))
        return false;
    for (size_t i = 0; i < needed.count; i++) {
        while (at < carried->count && carried->seqs[at] < needed.seqs[i])
            at++;
        if (at == carried->count || carried->seqs[at] != needed.seqs[i])
            return differs(proving, err_fmt(proving->err, "event %lld should be carried, and isn't",
                                            (long long)needed.seqs[i]));
    }
    return true;
}

/* By itself, as any reader of it does. */
static bool prove_lines(struct proving *proving) {
    if (mirror_file_prove(proving->file, false, prove_line, proving, proving->err))
        return !proving->failed;
    return proving->err->code == ERR_DAMAGED && refuse(proving->err, proving->err->on);
}

static bool is_this_stores(const struct proving *proving) {
    const char *store = mirror_file_base(proving->file)->store;
    struct log_head head;
    if (!log_head(proving->log, &head, proving->err))
        return false;
    return strcmp(store, head.store) == 0 ||
           differs(proving, err_fmt(proving->err, "it is of the store %s", store));
}

bool mirror_prove(const struct mirror *mirror, struct log *log, struct err *err) {
    struct proving proving = {.mirror = mirror, .log = log, .err = err};
    if (!mirror_file_open(NULL, mirror_path(mirror), &proving.file, err))
        return err->code == ERR_DAMAGED && refuse(err, err->on);
    const struct log_head *base = mirror_file_base(proving.file);
    const struct log_head *end = mirror_file_head(proving.file);
    bool proved = prove_lines(&proving) && is_this_stores(&proving) &&
                  is_logged(&proving, base->seq, &base->hash) &&
                  is_logged(&proving, end->seq, &end->hash) && lacks_nothing(&proving);
    talloc_free(proving.file);
    return proved;
}
