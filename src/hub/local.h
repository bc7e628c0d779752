/* The hub over a store on this machine: log + decide + fold in one process.
 * Shared by the files of this room, and by tests that want a hub over memory. */
#ifndef BACKOUT_HUB_LOCAL_H
#define BACKOUT_HUB_LOCAL_H

#include "hub/hub.h"
#include "incident/decide.h"
#include "incident/fold.h"
#include "log/log.h"

struct pending {
    struct pending *next;
    int64_t ticket;
    struct command *command;
    struct facts *facts;
    int64_t busy_since_ms; /* when it first found the lock taken; 0: not yet */
    bool waiting_said;
};

/* What hub_next has yet to yield. */
struct queued {
    struct queued *next;
    struct hub_item item;
};

struct hub {
    struct log *log;
    struct state *state;
    int64_t cursor; /* everything up to this seq was folded, or belongs to what isn't loaded */
    bool stale;     /* the state is not the log's: load it anew before anything else */
    const char *actor, *via, *store, *run_folder;
    const char *me; /* what the lock file says while we hold it */
    const char *read_only;

    struct pending *pending, **pending_end;
    int64_t last_ticket;

    struct queued *queue, **queue_end;
    struct queued *yielded; /* its strings live until the next hub_next */
    bool troubled;          /* HUB_TROUBLE was said and HUB_WELL not yet */
    int64_t polled_ms;
};

/* local.c: a hub over a log that is open already, and becomes the hub's. */
bool hub_over(const void *parent, const struct hub_options *options, struct log *log,
              int64_t now_ms, struct hub **hub, struct err *err);

/* The sentence of a lock that stays taken, with who holds it; always false. */
bool hub_busy(struct hub *hub, struct err *err);

/* local_load.c: folding what the log holds. */
bool hub_load_open(struct hub *hub, struct err *err);
bool hub_load_incident(struct hub *hub, int64_t number, struct err *err);
/* Folds the plan of that digest if the store has frozen it. */
bool hub_load_plan(struct hub *hub, const char *sha256, struct err *err);
/* Folds everything after the cursor, anew from the start where the state is stale; each event is
 * queued for hub_next. */
bool hub_catch_up(struct hub *hub, struct err *err);

/* local_transact.c: one command, from lock to commit. False: the lock is taken by somebody else. */
bool hub_transact(struct hub *hub, const struct pending *pending, int64_t now_ms);

/* local_queue.c: what hub_next yields. Everything given is copied. */
void hub_queue_event(struct hub *hub, const struct event *event);
/* The item may be filled in further until the next hub_next. */
struct hub_item *hub_queue_answer(struct hub *hub, const struct pending *pending,
                                  const char *answer);
void hub_queue_refusal(struct hub *hub, const struct pending *pending, enum hub_verdict verdict,
                       const struct err *err);
/* Says that it waits for a lock that somebody else holds. */
void hub_queue_waiting(struct hub *hub, const struct pending *pending, const struct err *err);
/* Says once that the store is in trouble, and once that it is well again; `err` is for trouble. */
void hub_queue_health(struct hub *hub, bool well, const struct err *err);
/* The oldest item; the one before it ends. False: there is none. */
bool hub_dequeue(struct hub *hub, struct hub_item *item);

/* index.c: an incident as a row of the index; strings are the incident's own. */
struct log_incident index_row(const struct incident *incident);
bool index_row_equal(const struct log_incident *a, const struct log_incident *b);

#endif
