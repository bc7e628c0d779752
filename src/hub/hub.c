/* What is the same for every kind of hub: what goes in, and one turn of its work. */
#include "config.h"

#include "hub/hub_ops.h"

#include "base/host.h"
#include "base/loop.h"
#include "base/xtalloc.h"
#include "hub/local.h"
#include "hub/mirror.h"
#include "log/bell.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* How often other processes' commits are looked for: under a bell that tells of them, lest a writer
 * died before it rang; and where nothing tells. */
#define NET_MS  SECOND_MS
#define POLL_MS 250

/* --- opening ---------------------------------------------------------------------------------- */

static const char *absolute_path(const void *parent, const char *path) {
    char *real = path ? realpath(path, NULL) : NULL;
    const char *kept = xtalloc_strdup(parent, real ? real : path ? path : "");
    free(real);
    return kept;
}

static const char *copy(const void *parent, const char *text) {
    return text ? xtalloc_strdup(parent, text) : NULL;
}

static int end(struct hub *hub) {
    hub_pin(hub, hub->pinned_ms);
    return 0;
}

void hub_begin(struct hub *hub, const struct hub_ops *ops, const struct hub_options *options,
               int64_t now_ms) {
    hub->ops = ops;
    hub->pending_end = &hub->pending;
    hub->queue_end = &hub->queue;
    hub->actor = xtalloc_strdup(hub, options->actor);
    hub->via = xtalloc_strdup(hub, options->via);
    hub->as = copy(hub, options->as);
    hub->store = absolute_path(hub, options->store);
    hub->boot = host_boot(hub);
    hub->pinned_ms = now_ms;
    hub->syslog = options->syslog ? xtalloc_strdup(hub, options->syslog) : NULL;
    hub->state = state_new(hub);
    hub->first = 1;
    talloc_set_destructor(hub, end);
}

bool hub_open(const void *parent, const struct hub_options *options, int64_t now_ms,
              struct hub **hub, struct err *err) {
    bool lines = hub_names_lines(options->store);
    return (lines ? hub_open_mirror : hub_open_local)(parent, options, now_ms, hub, err);
}

bool hub_names_lines(const char *path) {
    static const char ending[] = ".ndjson";
    size_t length = strlen(path);
    return length >= sizeof ending && strcmp(path + length - (sizeof ending - 1), ending) == 0;
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

int64_t hub_first(const struct hub *hub) {
    return hub->first;
}

const char *hub_run_folder(const struct hub *hub) {
    return hub->run_folder;
}

bool hub_incident(struct hub *hub, int64_t number, struct incident **incident, struct err *err) {
    *incident = state_incident(hub->state, number);
    if (!*incident && !hub->ops->load(hub, number, err))
        return false;
    *incident = state_incident(hub->state, number);
    return *incident || err_set(err, ERR_NOT_FOUND, "there is no such incident",
                                err_fmt(err, "INC-%lld", (long long)number),
                                "`backout status` lists what is open");
}

bool hub_events(struct hub *hub, int64_t after, int64_t incident,
                bool (*fn)(void *, const struct event *), void *data, struct err *err) {
    return hub->ops->events(hub, after, incident, fn, data, err);
}

bool hub_viewers_see(struct hub *hub, struct err *err) {
    return hub->ops->viewers_see(hub, err);
}

bool hub_head(struct hub *hub, struct log_head *head, struct err *err) {
    return hub->ops->head(hub, head, err);
}

bool hub_verify(struct hub *hub, int64_t *verified, struct err *err) {
    return hub->ops->verify(hub, verified, err);
}

bool hub_clock_agrees(const struct hub *hub, struct moment now) {
    int64_t by_ms = now.wall_ms - now.boot_ms - hub->ahead_ms;
    return hub->compared && by_ms <= LOG_CLOCK_STEP_MS && by_ms >= -LOG_CLOCK_STEP_MS;
}

struct lease *hub_lease(const void *parent, const struct hub *hub, enum lease_duty duty) {
    return hub->ops->lease ? hub->ops->lease(parent, hub, duty) : NULL;
}

char *hub_lease_holder(const void *parent, const struct hub *hub, enum lease_duty duty,
                       int64_t boot_ms) {
    struct lease *lease = hub_lease(NULL, hub, duty);
    char *holder = lease ? lease_holder(parent, lease, boot_ms) : NULL;
    talloc_free(lease);
    return holder;
}

/* --- commands in ------------------------------------------------------------------------------ */

static struct facts *copy_facts(const void *parent, const struct facts *facts) {
    struct facts *copied = xtalloc_zero(parent, struct facts);
    if (!facts) {
        copied->free_bytes = -1;
        return copied;
    }
    *copied = *facts;
    copied->plan_text =
        facts->plan_text ? xtalloc_memdup(copied, facts->plan_text, facts->plan_length) : NULL;
    copied->roster_text = facts->roster_text
                              ? xtalloc_memdup(copied, facts->roster_text, facts->roster_length)
                              : NULL;
    copied->plan_folder = copy(copied, facts->plan_folder);
    copied->host = copy(copied, facts->host);
    copied->boot = copy(copied, facts->boot);
    return copied;
}

int64_t hub_submit(struct hub *hub, const struct command *command, const struct facts *facts) {
    struct pending *pending = xtalloc_zero(hub, struct pending);
    pending->ticket = ++hub->last_ticket;
    pending->command = command_copy(pending, command);
    if (!command->as && !command->type->internal)
        pending->command->as = hub->as;
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

static void found_busy(struct hub *hub, struct pending *pending, int64_t boot_ms) {
    if (!pending->busy_since_ms)
        pending->busy_since_ms = boot_ms;
    if (pending->waiting_said || boot_ms - pending->busy_since_ms < WAITING_MS)
        return;
    struct err *err = err_new(NULL);
    hub->ops->busy(hub, err);
    hub_queue_waiting(hub, pending, err);
    pending->waiting_said = true;
    talloc_free(err);
}

/* The first pending command, if the lock is to be had. */
static void turn_command(struct hub *hub, struct moment now) {
    struct pending *pending = hub->pending;
    if (!pending)
        return;
    if (hub->read_only)
        refuse_read_only(hub, pending);
    else if (hub->doubt)
        hub_refuse_doubted(hub, pending);
    else if (!hub->ops->perform(hub, pending, now)) {
        found_busy(hub, pending, now.boot_ms);
        return;
    }
    hub->pending = pending->next;
    if (!hub->pending)
        hub->pending_end = &hub->pending;
    talloc_free(pending);
}

/* --- what others did -------------------------------------------------------------------------- */

static void on_bell(void *data, int fd, short revents) {
    struct hub *hub = data;
    (void)fd, (void)revents;
    hub->heard = bell_heard(hub->bell) || hub->heard;
}

/* Tried again with every look: the folder may come, and instances come free. */
static void listen_to_others(struct hub *hub) {
    hub->listens = hub->loop && hub->bell && bell_listen(hub->bell);
    if (!hub->listens || hub->watch)
        return;
    hub->watch = loop_watch(hub->loop, bell_fd(hub->bell), POLLIN, on_bell, hub);
    talloc_steal(hub, hub->watch);
}

void hub_join(struct hub *hub, struct loop *loop) {
    hub->loop = loop;
    listen_to_others(hub);
}

static int64_t net_ms(const struct hub *hub) {
    bool told = hub->listens && !hub->viewers_behind && !hub->troubled;
    return told ? NET_MS : POLL_MS;
}

/* Once a beat of the wall clock, for then everything else is awake too; but that may be set, or
 * stand still. */
static bool is_net_due(const struct hub *hub, struct moment now) {
    int64_t period_ms = net_ms(hub);
    return now.wall_ms / period_ms != hub->polled.wall_ms / period_ms ||
           now.boot_ms - hub->polled.boot_ms >= period_ms;
}

static void turn_net(struct hub *hub, struct moment now) {
    bool heard = hub->heard;
    if (!heard && !is_net_due(hub, now))
        return;
    struct err *err = err_new(NULL);
    hub->polled = now;
    hub->heard = false;
    bool well = hub->ops->catch_up(hub, now.wall_ms, err);
    hub_queue_health(hub, well, err);
    hub_pin_when_due(hub, now.wall_ms);
    if (well)
        hub->ops->tend(hub, heard, now.wall_ms);
    listen_to_others(hub);
    talloc_free(err);
}

bool hub_next(struct hub *hub, struct moment now, struct hub_item *item) {
    if (!hub->queue)
        turn_command(hub, now);
    if (!hub->queue)
        turn_net(hub, now);
    return hub_dequeue(hub, item);
}

int64_t hub_period_ms(const struct hub *hub) {
    return hub->queue || hub->pending ? 0 : net_ms(hub);
}
