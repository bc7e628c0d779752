/* The mirror as everybody's duty: a writer may die between its commit and its lines, or lack room
 * or rights for them. Whoever sees that viewers lack something writes it. */
#include "config.h"

#include "hub/local.h"

#include "base/xtalloc.h"

/* How often a mirror is tried that can't be written, or that we may not write. */
#define RETRY_MS 5000

/* The bell is no proof that a commit was mirrored: it may have rung for an earlier one, or for half
 * a line of this. */
static bool is_doubtful(const struct local_hub *local) {
    return local->mirror_doubted || local->changed || log_mirror_trouble(local->log);
}

/* While the bell rings, a look would find the next commit on its way, and who means to mend that
 * only keeps writers waiting; the last of them catches up. Of trouble that is known each ring may
 * be the end. */
static bool is_due(const struct local_hub *local, bool heard, int64_t now_ms) {
    int64_t since_ms = now_ms - local->mirror_tried_ms;
    if (!local->hub.viewers_behind)
        return !heard;
    return heard || since_ms >= RETRY_MS || since_ms < 0;
}

/* What was never mirrored, and can't be by us, is a copy of a store. */
static bool has_no_viewers(const struct hub *hub, const struct err *err) {
    return hub->read_only && err->code == ERR_NOT_FOUND;
}

/* Who may not write has to look twice, lest it says of a commit that is just being mirrored that it
 * isn't. False: not yet. */
static bool look_again(struct local_hub *local) {
    bool again = local->mirror_lacks;
    local->mirror_lacks = true;
    return again;
}

/* False: not now, somebody has the lock. */
static bool mend(struct local_hub *local, bool *sees, struct err *err) {
    enum log_begin begun = log_mirror_mend(local->log, local->me, err);
    if (begun == LOG_BUSY)
        return false;
    /* All was there while we had the lock: a look now may find the next commit on its way. */
    bool wrote = begun == LOG_BEGUN && !log_mirror_trouble(local->log);
    *sees = wrote || local_viewers_see(&local->hub, err);
    return true;
}

void local_tend(struct hub *hub, bool heard, int64_t now_ms) {
    struct local_hub *local = local_of(hub);
    local->mirror_doubted = is_doubtful(local);
    if (!local->mirror_doubted || !is_due(local, heard, now_ms))
        return;
    struct err *err = err_new(NULL);
    bool sees = log_mirror_check(local->log, err) || has_no_viewers(hub, err);
    if (sees || (hub->read_only ? look_again(local) : mend(local, &sees, err))) {
        local->mirror_doubted = local->mirror_lacks = !sees;
        local->mirror_tried_ms = now_ms;
        hub_queue_viewers(hub, sees, err);
    }
    talloc_free(err);
}

bool local_viewers_see(struct hub *hub, struct err *err) {
    struct log *log = local_of(hub)->log;
    const struct err *trouble = log_mirror_trouble(log);
    if (trouble)
        return err_set(err, trouble->code, trouble->what, trouble->on, trouble->remedy);
    return log_mirror_check(log, err);
}
