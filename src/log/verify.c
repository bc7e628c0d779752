#include "config.h"

#include "log/log_ops.h"

#include "incident/events.h"
#include "log/chain.h"

#include <string.h>
#include <talloc.h>

struct walk {
    struct log *log;
    struct log_tip good; /* the last row that is as it was written */
    int64_t plans;       /* that the good rows froze */
    int64_t named;       /* the format that the store names */
    int64_t format;      /* that the good rows ask for */
    bool newer;          /* a newer program than this wrote some of them, and named it */
    bool stopped;        /* at a bad row, or by `fn`: err is set */
    log_event_fn *fn;    /* who else sees the good rows, or NULL */
    void *data;
    struct err *err;
};

bool log_damaged(const struct log *log, int64_t seq, const char *how, struct err *err) {
    return err_set(
        err, ERR_DAMAGED, "the log is not what was written",
        err_fmt(err, "%s: event %lld: %s", log->path ? log->path : "memory", (long long)seq, how),
        "stop writing to it, keep a copy, and restore a backup or an export");
}

/* ---- what can be wrong with a row ------------------------------------------------------------ */

static const char *wrong_order(const struct walk *walk, const struct event *event) {
    if (event->seq == walk->good.seq + 1)
        return NULL;
    return err_fmt(walk->err, "it should be %lld: rows are missing before it",
                   (long long)walk->good.seq + 1);
}

static const char *wrong_hash(const struct walk *walk, const struct event *event) {
    struct digest hash = chain_hash(&walk->good.hash, event);
    return digest_equal(&hash, &event->hash)
               ? NULL
               : "its hash is not that of its columns and the row before";
}

static const char *wrong_first(const struct walk *walk, const struct event *event) {
    (void)walk;
    bool created = strcmp(event->kind, "store.created") == 0;
    return created == (event->seq == 1) ? NULL : "store.created stands first, and only there";
}

/* The plans table is derived: it must lead from the digest to exactly this event. */
static const char *wrong_plan(struct walk *walk, const struct event *event) {
    if (event->incident != 0 || strcmp(event->kind, "plan.frozen") != 0)
        return NULL;
    int64_t seq = 0;
    void *scratch = talloc_new(NULL);
    const char *sha256 = log_frozen_digest(scratch, event);
    bool right = sha256 == NULL || (walk->log->ops->plan_find(walk->log, sha256, &seq, walk->err) &&
                                    seq == event->seq);
    walk->plans += sha256 != NULL;
    talloc_free(scratch);
    return right ? NULL : "the plans table doesn't lead to it";
}

static const char *wrong(struct walk *walk, const struct event *event) {
    const char *how = wrong_order(walk, event);
    if (how == NULL)
        how = wrong_hash(walk, event);
    if (how == NULL)
        how = wrong_first(walk, event);
    if (how == NULL)
        how = wrong_plan(walk, event);
    return how;
}

/* What it asks of the programs that may write behind it. */
static void note_format(struct walk *walk, const struct event *event) {
    int64_t created = log_format_created(event), format = log_format_for(event->kind);
    walk->format = created > walk->format ? created : walk->format;
    walk->format = format > walk->format ? format : walk->format;
    if (walk->named > LOG_FORMAT)
        walk->newer |= event_type_find(event->kind) == NULL;
}

static bool walk_event(void *data, const struct event *event) {
    struct walk *walk = data;
    const char *how = wrong(walk, event);
    if (how) {
        walk->stopped = true;
        return log_damaged(walk->log, event->seq, how, walk->err);
    }
    walk->good = (struct log_tip){.seq = event->seq, .hash = event->hash};
    note_format(walk, event);
    walk->stopped = walk->fn && !walk->fn(walk->data, event);
    return !walk->stopped;
}

/* ---- the whole log --------------------------------------------------------------------------- */

static bool verify_plans(struct walk *walk) {
    int64_t count = 0;
    if (!walk->log->ops->plan_count(walk->log, &count, walk->err))
        return false;
    if (count == walk->plans)
        return true;
    return err_set(walk->err, ERR_DAMAGED, "the plans table is not what the log gives",
                   err_fmt(walk->err, "%lld rows, where %lld plans were frozen", (long long)count,
                           (long long)walk->plans),
                   "export the log and import it into a new store");
}

/* A newer format is that of a kind which this program doesn't know. */
static bool verify_format(struct walk *walk) {
    if (walk->named == 0 || walk->named == walk->format || walk->newer)
        return true;
    return err_set(walk->err, ERR_DAMAGED, "the store's format is not what the log gives",
                   err_fmt(walk->err, "%s: it is %lld, and its events ask for %lld",
                           walk->log->path, (long long)walk->named, (long long)walk->format),
                   "export the log and import it into a new store");
}

static bool verify_created(struct walk *walk) {
    return walk->good.seq > 0 ||
           log_damaged(walk->log, 1, "it is missing: the log has no first event", walk->err);
}

bool log_walk(struct log *log, log_event_fn *fn, void *data, int64_t *verified, struct err *err) {
    struct walk walk = {.log = log, .fn = fn, .data = data, .err = err};
    *verified = 0;
    if (!log_hold(log, err))
        return false;
    /* From below 1, where no event is ever written and somebody may have hidden one. */
    bool right = log->ops->format(log, &walk.named, err) &&
                 log->ops->read(log, INT64_MIN, LOG_ANY_INCIDENT, walk_event, &walk, err) &&
                 !walk.stopped && verify_created(&walk) && verify_plans(&walk) &&
                 verify_format(&walk);
    *verified = walk.good.seq;
    log_let_go(log);
    return right;
}

bool log_verify(struct log *log, int64_t *verified, struct err *err) {
    return log_walk(log, NULL, NULL, verified, err);
}
