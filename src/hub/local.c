/* One hub: what it knows, what goes in, and one turn of its work. */
#include "config.h"

#include "hub/local.h"

#include "base/xtalloc.h"

#include <stdlib.h>
#include <unistd.h>

/* How often other processes' commits are looked for. */
#define POLL_MS 250

/* --- opening ---------------------------------------------------------------------------------- */

static const char *absolute_path(const void *parent, const char *path) {
    char *real = path ? realpath(path, NULL) : NULL;
    const char *kept = xtalloc_strdup(parent, real ? real : path ? path : "");
    free(real);
    return kept;
}

bool hub_over(const void *parent, const struct hub_options *options, struct log *log,
              int64_t now_ms, struct hub **opened, struct err *err) {
    struct hub *hub = xtalloc_zero(parent, struct hub);
    hub->log = talloc_steal(hub, log);
    hub->pending_end = &hub->pending;
    hub->queue_end = &hub->queue;
    hub->actor = xtalloc_strdup(hub, options->actor);
    hub->via = xtalloc_strdup(hub, options->via);
    hub->me = xtalloc_asprintf(hub, "%s pid %ld", options->actor, (long)getpid());
    hub->store = absolute_path(hub, options->store);
    hub->run_folder = log_run_folder(log);
    hub->read_only = options->read_only ? "it was opened with --readonly" : log_read_only(log);
    hub->polled_ms = now_ms;
    hub->state = state_new(hub);
    if (!hub_load_open(hub, err)) {
        talloc_free(hub);
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

bool hub_open(const void *parent, const struct hub_options *options, int64_t now_ms,
              struct hub **hub, struct err *err) {
    struct log *log;
    return log_open(parent, options->store, mode_of(options), now_ms, &log, err) &&
           hub_over(parent, options, log, now_ms, hub, err);
}

/* --- what it knows ---------------------------------------------------------------------------- */

const struct state *hub_state(const struct hub *hub) {
    return hub->state;
}

const char *hub_actor(const struct hub *hub) {
    return hub->actor;
}

const char *hub_store(const struct hub *hub) {
    return hub->store;
}

const char *hub_read_only(const struct hub *hub) {
    return hub->read_only;
}

const char *hub_run_folder(const struct hub *hub) {
    return hub->run_folder;
}

struct log *hub_log(struct hub *hub) {
    return hub->log;
}

bool hub_incident(struct hub *hub, int64_t number, struct incident **incident, struct err *err) {
    *incident = state_incident(hub->state, number);
    if (!*incident && !hub_load_incident(hub, number, err))
        return false;
    *incident = state_incident(hub->state, number);
    return *incident || err_set(err, ERR_NOT_FOUND, "there is no such incident",
                                err_fmt(err, "INC-%lld", (long long)number),
                                "`backout status` lists what is open");
}

bool hub_index(struct hub *hub, bool open_only, bool (*fn)(void *, const struct log_incident *),
               void *data, struct err *err) {
    return log_index_read(hub->log, open_only, fn, data, err);
}

bool hub_events(struct hub *hub, int64_t after, int64_t incident,
                bool (*fn)(void *, const struct event *), void *data, struct err *err) {
    return log_read(hub->log, after, incident, fn, data, err);
}

/* --- commands in ------------------------------------------------------------------------------ */

static const char *copy(const void *parent, const char *text) {
    return text ? xtalloc_strdup(parent, text) : NULL;
}

static struct facts *copy_facts(const void *parent, const struct facts *facts) {
    struct facts *copied = xtalloc_zero(parent, struct facts);
    if (!facts) {
        copied->free_bytes = -1;
        return copied;
    }
    *copied = *facts;
    copied->plan_text =
        facts->plan_text ? xtalloc_memdup(copied, facts->plan_text, facts->plan_length) : NULL;
    copied->plan_folder = copy(copied, facts->plan_folder);
    copied->host = copy(copied, facts->host);
    copied->boot = copy(copied, facts->boot);
    return copied;
}

int64_t hub_submit(struct hub *hub, const struct command *command, const struct facts *facts) {
    struct pending *pending = xtalloc_zero(hub, struct pending);
    pending->ticket = ++hub->last_ticket;
    pending->command = command_copy(pending, command);
    pending->facts = copy_facts(pending, facts);
    *hub->pending_end = pending;
    hub->pending_end = &pending->next;
    return pending->ticket;
}

/* --- a turn ----------------------------------------------------------------------------------- */

static void refuse_read_only(struct hub *hub, const struct pending *pending) {
    struct err *err = err_new(NULL);
    err_set(err, ERR_ACCESS, "this store can't be written from here", hub->read_only,
            "ask somebody who may write");
    hub_queue_refusal(hub, pending, HUB_REFUSED, err);
    talloc_free(err);
}

/* Whoever waits longer than this is told for whom. */
#define WAITING_MS 2000

bool hub_busy(struct hub *hub, struct err *err) {
    char *holder = log_lock_holder(err, hub->log);
    return err_set(err, ERR_UNAVAILABLE, "the store is busy",
                   *holder ? err_fmt(err, "held by %s", holder) : hub->store,
                   "try again in a moment");
}

static void found_busy(struct hub *hub, struct pending *pending, int64_t now_ms) {
    if (!pending->busy_since_ms)
        pending->busy_since_ms = now_ms;
    if (pending->waiting_said || now_ms - pending->busy_since_ms < WAITING_MS)
        return;
    struct err *err = err_new(NULL);
    hub_busy(hub, err);
    hub_queue_waiting(hub, pending, err);
    pending->waiting_said = true;
    talloc_free(err);
}

/* The first pending command, if the lock is to be had. */
static void turn_command(struct hub *hub, int64_t now_ms) {
    struct pending *pending = hub->pending;
    if (!pending)
        return;
    if (hub->read_only)
        refuse_read_only(hub, pending);
    else if (!hub_transact(hub, pending, now_ms)) {
        found_busy(hub, pending, now_ms);
        return;
    }
    hub->pending = pending->next;
    if (!hub->pending)
        hub->pending_end = &hub->pending;
    talloc_free(pending);
}

/* A clock that was set back must not keep us from looking. */
static bool is_poll_due(const struct hub *hub, int64_t now_ms) {
    return now_ms - hub->polled_ms >= POLL_MS || now_ms < hub->polled_ms;
}

static void turn_net(struct hub *hub, int64_t now_ms) {
    if (!is_poll_due(hub, now_ms))
        return;
    struct err *err = err_new(NULL);
    hub->polled_ms = now_ms;
    bool changed = log_changed(hub->log) || hub->troubled || hub->stale;
    hub_queue_health(hub, !changed || hub_catch_up(hub, err), err);
    talloc_free(err);
}

bool hub_next(struct hub *hub, int64_t now_ms, struct hub_item *item) {
    if (!hub->queue)
        turn_command(hub, now_ms);
    if (!hub->queue)
        turn_net(hub, now_ms);
    return hub_dequeue(hub, item);
}

int64_t hub_due_ms(const struct hub *hub) {
    return hub->queue || hub->pending ? 0 : POLL_MS;
}
