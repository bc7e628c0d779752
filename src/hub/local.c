/* A hub over a log: opening it, and what it reads there. */
#include "config.h"

#include "hub/local.h"

#include "base/xtalloc.h"
#include "log/bell.h"
#include "log/copy.h"
#include "log/export.h"

#include <unistd.h>

/* After so long without anything new the moment is quiet. */
#define QUIET_MS (5 * SECOND_MS)

/* --- what it does ----------------------------------------------------------------------------- */

static bool busy(struct hub *hub, struct err *err) {
    char *holder = log_lock_holder(err, local_of(hub)->log);
    return err_set(err, ERR_UNAVAILABLE, "the store is busy",
                   *holder ? err_fmt(err, "held by %s", holder) : hub->store,
                   "try again in a moment");
}

static void rest_when_quiet(struct local_hub *local, int64_t now_ms) {
    int64_t quiet_ms = now_ms - local->stirred_ms;
    if (quiet_ms >= 0 && quiet_ms < QUIET_MS)
        return;
    local->stirred_ms = now_ms;
    log_rest(local->log, local->me);
}

static bool catch_up(struct hub *hub, int64_t now_ms, struct err *err) {
    struct local_hub *local = local_of(hub);
    bool moved = log_moved(local->log);
    if (moved && !local_follow(local, err))
        return false;
    local->changed = moved || log_changed(local->log);
    if (local->changed || hub->troubled || local->stale) {
        local->stirred_ms = now_ms;
        return local_catch_up(local, err);
    }
    rest_when_quiet(local, now_ms);
    return true;
}

static bool load(struct hub *hub, int64_t number, struct err *err) {
    return local_load_incident(local_of(hub), number, err);
}

static bool events(struct hub *hub, int64_t after, int64_t incident,
                   bool (*fn)(void *, const struct event *), void *data, struct err *err) {
    return log_read(local_of(hub)->log, after, incident, fn, data, err);
}

static bool head(struct hub *hub, struct log_head *head, struct err *err) {
    return log_head(local_of(hub)->log, head, err);
}

/* In memory there is nobody to share with. */
static struct lease *lease(const void *parent, const struct hub *hub, enum lease_duty duty) {
    const struct local_hub *local = (const struct local_hub *)hub;
    const char *path = log_path(local->log);
    return path ? lease_new(parent, path, duty, local->me, hub->boot) : NULL;
}

static bool copy(struct hub *hub, const char *path, struct err *err) {
    return log_copy_out(local_of(hub)->log, path, err);
}

static bool lines(struct hub *hub, bool (*fn)(void *, const char *), void *data,
                  struct log_head *head, struct err *err) {
    return log_export(local_of(hub)->log, fn, data, head, err);
}

static const struct hub_ops local_ops = {
    .perform = local_transact,
    .busy = busy,
    .catch_up = catch_up,
    .tend = local_tend,
    .viewers_see = local_viewers_see,
    .load = load,
    .events = events,
    .head = head,
    .lease = lease,
    .copy = copy,
    .lines = lines,
    .verify = local_verify,
};

struct log *hub_log(struct hub *hub) {
    return local_of(hub)->log;
}

/* --- opening ---------------------------------------------------------------------------------- */

bool hub_over(const void *parent, const struct hub_options *options, struct log *log,
              int64_t now_ms, struct hub **opened, struct err *err) {
    struct local_hub *local = xtalloc_zero(parent, struct local_hub);
    struct hub *hub = &local->hub;
    hub_begin(hub, &local_ops, options, now_ms);
    hub->run_folder = log_run_folder(log);
    hub->read_only = options->read_only ? "it was opened with --readonly" : log_read_only(log);
    local->log = talloc_steal(local, log);
    local->mode = hub->read_only ? LOG_READ : LOG_WRITE;
    local->stirred_ms = now_ms;
    local->mirror_doubted = true; /* whoever wrote last may not have come to it */
    if (log_mirror_path(log))
        hub->bell = bell_new(hub, log_mirror_path(log));
    local->me = xtalloc_asprintf(local, "%s pid %ld", options->actor, (long)getpid());
    if (!local_load_open(local, err) || !local_compare_pin(local, options->pins, err)) {
        talloc_free(local);
        return false;
    }
    *opened = hub;
    return true;
}

static enum log_mode mode_of(const struct hub_options *options) {
    if (options->read_only)
        return LOG_READ;
    return options->create ? LOG_CREATE : LOG_WRITE;
}

bool hub_open_local(const void *parent, const struct hub_options *options, int64_t now_ms,
                    struct hub **hub, struct err *err) {
    struct log *log;
    return log_open(parent, options->store, mode_of(options), now_ms, &log, err) &&
           hub_over(parent, options, log, now_ms, hub, err);
}
