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
    struct log_tip *carried;           /* all that are */
    size_t carried_count, first_count; /* how many of them come first, before what is chained */
    bool chained;                      /* the chained part has begun */
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

static void note_carried(struct proving *proving, const struct event *event) {
    if (proving->carried_count == talloc_array_length(proving->carried))
        proving->carried = xtalloc_realloc(proving->file, proving->carried, struct log_tip,
                                           2 * proving->carried_count + 64);
    proving->carried[proving->carried_count++] =
        (struct log_tip){.seq = event->seq, .hash = event->hash};
    proving->first_count += !proving->chained;
}

static bool note_line(void *data, const struct line *line, off_t at) {
    struct proving *proving = data;
    (void)at;
    proving->chained = proving->chained || line->kind == LINE_EVENT;
    if (line->kind == LINE_CARRIED)
        note_carried(proving, &line->event);
    return true;
}

static bool prove_carried(const struct proving *proving) {
    for (size_t i = 0; i < proving->carried_count; i++)
        if (!is_logged(proving, proving->carried[i].seq, &proving->carried[i].hash))
            return false;
    return true;
}

/* What is needed today was needed when the file was made: what is open was open then, and what is
 * the newest of its kind and older than the base was so too. Both lists ascend. */
static bool lacks_nothing(const struct proving *proving) {
    struct mirror_carried needed;
    size_t at = 0;
    if (!mirror_carried_find(proving->file, proving->log, mirror_file_base(proving->file)->seq,
                             &needed, proving->err))
        return false;
    for (size_t i = 0; i < needed.count; i++) {
        while (at < proving->first_count && proving->carried[at].seq < needed.seqs[i])
            at++;
        if (at == proving->first_count || proving->carried[at].seq != needed.seqs[i])
            return differs(proving, err_fmt(proving->err, "event %lld should be carried, and isn't",
                                            (long long)needed.seqs[i]));
    }
    return true;
}

/* By itself, as any reader of it does. */
static bool prove_lines(struct proving *proving) {
    return mirror_file_prove(proving->file, false, note_line, proving, proving->err) ||
           (proving->err->code == ERR_DAMAGED && refuse(proving->err, proving->err->on));
}

/* What ends elsewhere is of another store, or of what a restore took away: the next writer sees
 * that by itself. Else all that is chained is the log's, for it leads there. */
static bool ends_in_the_log(const struct proving *proving) {
    const struct log_head *end = mirror_file_head(proving->file);
    struct log_head head;
    bool holds;
    if (!log_head(proving->log, &head, proving->err) ||
        !log_holds(proving->log, end->seq, &end->hash, &holds, proving->err))
        return false;
    return (holds && strcmp(end->store, head.store) == 0) ||
           err_set(proving->err, ERR_UNAVAILABLE, "viewers see another history",
                   err_fmt(proving->err, "%s ends at event %lld, which is another in the log",
                           mirror_path(proving->mirror), (long long)end->seq),
                   "the next command makes it anew");
}

bool mirror_prove(const struct mirror *mirror, struct log *log, struct err *err) {
    struct proving proving = {.mirror = mirror, .log = log, .err = err};
    if (!mirror_file_open(NULL, mirror_path(mirror), &proving.file, err))
        return err->code == ERR_DAMAGED && refuse(err, err->on);
    bool proved = prove_lines(&proving) && ends_in_the_log(&proving) && prove_carried(&proving) &&
                  lacks_nothing(&proving);
    talloc_free(proving.file);
    return proved;
}
