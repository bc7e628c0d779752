#include "config.h"

#include "hub/local.h"

#include "base/xtalloc.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How often other processes' commits are looked for. */
#define POLL_MS 250

/* ---- opening ------------------------------------------------------------------------------------
 */

static enum log_mode mode_of(const struct hub_options *options) {
    if (options->read_only)
        return LOG_READ;
    return options->create ? LOG_CREATE : LOG_WRITE;
}

static const char *absolute_path(const void *parent, const char *path) {
    char *real = realpath(path, NULL);
    const char *kept = xtalloc_strdup(parent, real ? real : path);
    free(real);
    return kept;
}

bool hub_open(const void *parent, const struct hub_options *options, int64_t now_ms,
              struct hub **opened, struct err *err) {
    struct hub *hub = xtalloc_zero(parent, struct hub);
    hub->pending_end = &hub->pending;
    hub->queue_end = &hub->queue;
    hub->actor = xtalloc_strdup(hub, options->actor);
    hub->via = xtalloc_strdup(hub, options->via);
    hub->me = xtalloc_asprintf(hub, "%s pid %ld", options->actor, (long)getpid());
    hub->state = state_new(hub);
    if (!log_open(hub, options->store, mode_of(options), now_ms, &hub->log, err) ||
        !hub_load_open(hub, err)) {
        talloc_free(hub);
        return false;
    }
    hub->store = absolute_path(hub, options->store);
    hub->run_folder = log_run_folder(hub->log);
    hub->read_only = options->read_only ? "it was opened with --readonly" : log_read_only(hub->log);
    hub->polled_ms = now_ms;
    *opened = hub;
    return true;
}

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

/* ---- commands in
 * ------------------------------------------------------------------------------------ */

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

/* ---- items out
 * --------------------------------------------------------------------------------------- */

static struct queued *enqueue(struct hub *hub, enum hub_item_kind kind) {
    struct queued *queued = xtalloc_zero(hub, struct queued);
    queued->item.kind = kind;
    *hub->queue_end = queued;
    hub->queue_end = &queued->next;
    return queued;
}

void hub_queue_event(struct hub *hub, const struct event *event) {
    struct queued *queued = enqueue(hub, HUB_EVENT);
    struct event *kept = xtalloc_memdup(queued, event, sizeof(*event));
    kept->command = copy(queued, event->command);
    kept->actor = copy(queued, event->actor);
    kept->via = copy(queued, event->via);
    kept->kind = copy(queued, event->kind);
    kept->body = copy(queued, event->body);
    queued->item.event = kept;
    queued->item.incident = event->incident;
    queued->item.seq = event->seq;
}

static struct queued *enqueue_answer(struct hub *hub, const struct pending *pending,
                                     enum hub_verdict verdict) {
    struct queued *queued = enqueue(hub, HUB_ANSWER);
    queued->item.ticket = pending->ticket;
    queued->item.verdict = verdict;
    queued->item.incident = pending->command->incident;
    return queued;
}

struct hub_item *hub_queue_answer(struct hub *hub, const struct pending *pending,
                                  const char *answer) {
    struct queued *queued = enqueue_answer(hub, pending, HUB_ACCEPTED);
    queued->item.answer = xtalloc_strdup(queued, answer ? answer : "");
    return &queued->item;
}

static const struct err *copy_err(struct queued *queued, const struct err *err) {
    struct err *kept = err_new(queued);
    err_set(kept, err->code, err->what, err->on, err->todo);
    return kept;
}

void hub_queue_refusal(struct hub *hub, const struct pending *pending, enum hub_verdict verdict,
                       const struct err *err) {
    struct queued *queued = enqueue_answer(hub, pending, verdict);
    queued->item.err = copy_err(queued, err);
}

static bool dequeue(struct hub *hub, struct hub_item *item) {
    TALLOC_FREE(hub->yielded);
    hub->yielded = hub->queue;
    if (!hub->yielded)
        return false;
    hub->queue = hub->yielded->next;
    if (!hub->queue)
        hub->queue_end = &hub->queue;
    *item = hub->yielded->item;
    return true;
}

/* ---- a turn
 * ------------------------------------------------------------------------------------------- */

static void refuse_read_only(struct hub *hub, const struct pending *pending) {
    struct err *err = err_new(NULL);
    err_set(err, ERR_ACCESS, "this store can't be written from here", hub->read_only,
            "ask somebody who may write");
    hub_queue_refusal(hub, pending, HUB_REFUSED, err);
    talloc_free(err);
}

/* True when the first pending command got its answer. */
static bool turn_command(struct hub *hub, int64_t now_ms) {
    struct pending *pending = hub->pending;
    if (hub->read_only)
        refuse_read_only(hub, pending);
    else if (!hub_transact(hub, pending, now_ms))
        return false;
    hub->pending = pending->next;
    if (!hub->pending)
        hub->pending_end = &hub->pending;
    talloc_free(pending);
    return true;
}

static void tell_trouble(struct hub *hub, bool ok, const struct err *err) {
    if (ok == !hub->troubled)
        return;
    struct queued *queued = enqueue(hub, ok ? HUB_WELL : HUB_TROUBLE);
    queued->item.err = ok ? NULL : copy_err(queued, err);
    hub->troubled = !ok;
}

static void turn_net(struct hub *hub, int64_t now_ms) {
    if (now_ms - hub->polled_ms < POLL_MS && now_ms >= hub->polled_ms)
        return;
    struct err *err = err_new(NULL);
    hub->polled_ms = now_ms;
    bool ok = true;
    if (hub->troubled || log_changed(hub->log))
        ok = hub_catch_up(hub, true, err);
    tell_trouble(hub, ok, err);
    talloc_free(err);
}

bool hub_next(struct hub *hub, int64_t now_ms, struct hub_item *item) {
    if (hub->queue)
        return dequeue(hub, item);
    if (hub->pending)
        turn_command(hub, now_ms);
    else
        turn_net(hub, now_ms);
    return dequeue(hub, item);
}

int64_t hub_due_ms(const struct hub *hub) {
    return hub->queue || hub->pending ? 0 : POLL_MS;
}
