/* What a kind of hub must be able to do, and what every kind has; for this room alone.
 * hub.c is the same for all: commands in, answers and events out, in order. A kind knows where
 * events come from and who decides. */
#ifndef BACKOUT_HUB_HUB_OPS_H
#define BACKOUT_HUB_HUB_OPS_H

#include "hub/hub.h"
#include "log/log.h"

struct pending {
    struct pending *next;
    int64_t ticket;
    struct command *command;
    struct facts *facts;
    int64_t busy_since_ms; /* BOOTTIME when it first found the lock taken; 0: not yet */
    bool waiting_said;
};

/* What hub_next has yet to yield. */
struct queued {
    struct queued *next;
    struct hub_item item;
};

struct hub_ops {
    /* One command to its answer, which is queued. False: somebody else is at it, or that moment is
     * past, ask again. Never asked of a hub that is read-only. */
    bool (*perform)(struct hub *hub, const struct pending *pending, struct moment now);
    /* The sentence of what keeps it from performing, with who is at it; always false. */
    bool (*busy)(struct hub *hub, struct err *err);
    /* Folds and queues what was appended since, by whomever. */
    bool (*catch_up)(struct hub *hub, int64_t now_ms, struct err *err);
    /* Looks after what others see of it; `heard` when the bell rang. */
    void (*tend)(struct hub *hub, bool heard, int64_t now_ms);
    bool (*viewers_see)(struct hub *hub, struct err *err);
    /* Loads an incident of any state, all of it or none; one that isn't there is no error. */
    bool (*load)(struct hub *hub, int64_t number, struct err *err);
    bool (*events)(struct hub *hub, int64_t after, int64_t incident,
                   bool (*fn)(void *data, const struct event *), void *data, struct err *err);
    bool (*head)(struct hub *hub, struct log_head *head, struct err *err);
    /* NULL: there are no leases beside it. */
    struct lease *(*lease)(const void *parent, const struct hub *hub, enum lease_duty duty);
    /* NULL: what it has is no copy of the store. */
    bool (*copy)(struct hub *hub, const char *path, struct err *err);
    bool (*lines)(struct hub *hub, bool (*fn)(void *data, const char *line), void *data,
                  struct log_head *head, struct err *err);
    bool (*verify)(struct hub *hub, int64_t *verified, struct err *err);
};

/* The first member of each kind's own struct. */
struct hub {
    const struct hub_ops *ops;
    struct state *state;
    struct log_head seen; /* the newest event that state has, or has passed over */
    const char *pins;     /* NULL: nobody remembers, or it wasn't compared yet */
    struct log_head pin;  /* as it was kept last */
    int64_t pinned_ms;    /* when it was */
    struct err *doubt;    /* NULL: it holds what was seen */
    const char *actor, *via, *as, *store, *run_folder;
    const char *syslog; /* NULL: nowhere */
    const char *read_only;
    int64_t first;    /* the seq that its chain begins with */
    const char *boot; /* boot id of this life of the machine */
    int64_t ahead_ms; /* the wall clock of BOOTTIME, when they were compared last */
    bool compared;    /* they were */

    struct pending *pending, **pending_end;
    int64_t last_ticket;

    struct queued *queue, **queue_end;
    struct queued *yielded; /* its strings live until the next hub_next */
    bool troubled;          /* HUB_TROUBLE was said and HUB_WELL not yet */
    bool viewers_behind;    /* the same of the mirror */
    struct moment polled;   /* when others' commits were looked for last */

    struct bell *bell; /* of the file whose writing tells of something new; NULL: there is none */
    struct loop *loop; /* that it wakes; NULL: none */
    struct loop_watch *watch;
    bool listens; /* the bell would be heard now */
    bool heard;   /* and was, since it was looked for what is new */
};

/* hub.c: begins the part that all kinds have, but for run_folder, read_only and bell. */
void hub_begin(struct hub *hub, const struct hub_ops *ops, const struct hub_options *options,
               int64_t now_ms);

/* pin.c: what was seen of a log, against what is there. */
struct difference {
    struct log_head seen, now;
    bool holds; /* what is there has the event that was seen */
};
/* Doubts a log that isn't what its user saw last, when it is opened. */
void hub_doubt_pinned(struct hub *hub, const struct difference *difference);
/* Tells that another log took the place of the one that was followed, and doubts it. False: it is
 * the same. */
bool hub_tell_replaced(struct hub *hub, const struct difference *difference);
/* Keeps what was seen, where it is further on than what was kept; never in doubt. */
void hub_pin(struct hub *hub, int64_t now_ms);
/* The same, and tells the system's log, for it is kept where we can't change it. `what` is why. */
void hub_tell_head(struct hub *hub, int64_t now_ms, const char *what);
/* Keeps it at most once a minute. */
void hub_pin_when_due(struct hub *hub, int64_t now_ms);
void hub_refuse_doubted(struct hub *hub, const struct pending *pending);

/* backup.c: proves a store that nobody writes, as hub_verify does. */
bool hub_prove_copy(const char *path, struct log_head *head, struct err *err);

/* queue.c: what hub_next yields. Everything given is copied. */
void hub_queue_event(struct hub *hub, const struct event *event);
/* The item may be filled in further until the next hub_next. */
struct hub_item *hub_queue_answer(struct hub *hub, const struct pending *pending,
                                  const char *answer);
void hub_queue_refusal(struct hub *hub, const struct pending *pending, enum hub_verdict verdict,
                       const struct err *err);
/* Says that it waits for a lock that somebody else holds. */
void hub_queue_waiting(struct hub *hub, const struct pending *pending, const struct err *err);
/* Says that what was told so far is no part of the store's history any more. */
void hub_queue_replaced(struct hub *hub, const struct err *err);
/* Says once that the store is in trouble, and once that it is well again; `err` is for trouble. */
void hub_queue_health(struct hub *hub, bool well, const struct err *err);
void hub_queue_viewers(struct hub *hub, bool well, const struct err *err);
/* The oldest item; the one before it ends. False: there is none. */
bool hub_dequeue(struct hub *hub, struct hub_item *item);

#endif
