/* The hub over a store on this machine: log + decide + fold in one process.
 * Shared by its files, and by tests that want a hub over memory. */
#ifndef BACKOUT_HUB_LOCAL_H
#define BACKOUT_HUB_LOCAL_H

#include "hub/hub_ops.h"
#include "incident/decide.h"
#include "incident/fold.h"
#include "log/log.h"

struct local_hub {
    struct hub hub; /* first: a struct hub * is a struct local_hub * */
    struct log *log;
    bool stale;     /* the state is not the log's: load it anew before anything else */
    bool changed;   /* others had committed, when it was looked at last */
    const char *me; /* what the lock file says while we hold it */
    enum log_mode mode;
    int64_t stirred_ms; /* by the wall clock: when something was new, or the log rested */

    int past_moments; /* with which it came too late, one after the other */

    bool mirror_doubted; /* it may lack what was committed: look, and mend it */
    bool mirror_lacks;   /* it did, when it was looked at last */
    int64_t mirror_tried_ms;
};

static inline struct local_hub *local_of(struct hub *hub) {
    return (struct local_hub *)hub;
}

/* local.c: a hub over a log that is open already, and becomes the hub's. */
bool hub_over(const void *parent, const struct hub_options *options, struct log *log,
              int64_t now_ms, struct hub **hub, struct err *err);
bool hub_open_local(const void *parent, const struct hub_options *options, int64_t now_ms,
                    struct hub **hub, struct err *err);
struct log *hub_log(struct hub *hub);

/* local_load.c: folding what the log holds. */
bool local_load_open(struct local_hub *local, struct err *err);
bool local_load_incident(struct local_hub *local, int64_t number, struct err *err);
/* Folds the plan of that digest if the store has frozen it. */
bool local_load_plan(struct local_hub *local, const char *sha256, struct err *err);
/* Folds everything after what was seen, anew from the start where the state is stale; each event is
 * queued for hub_next. */
bool local_catch_up(struct local_hub *local, struct err *err);

/* local_moved.c: what was seen, against the store as it is; doubt where they differ. */
bool local_compare_pin(struct local_hub *local, const char *pins, struct err *err);
/* Opens the file that is in the store's place now, and says so where its history is
 * another than the one that was seen. */
bool local_follow(struct local_hub *local, struct err *err);

/* local_transact.c: one command, from lock to commit. False: the lock is taken by somebody else, or
 * the clock was set since that moment: ask again with a new one. */
bool local_transact(struct hub *hub, const struct pending *pending, struct moment now);

/* local_verify.c: the chain, each derived table built anew, and SQLite's indexes. */
bool local_verify(struct hub *hub, int64_t *verified, struct err *err);

/* local_mirror.c: the mirror is kept up by whoever sees that it isn't. */
void local_tend(struct hub *hub, bool heard, int64_t now_ms);
bool local_viewers_see(struct hub *hub, struct err *err);

/* index.c: an incident as a row of the index; strings are the incident's own. */
struct log_incident index_row(const struct incident *incident);
bool index_row_equal(const struct log_incident *a, const struct log_incident *b);

#endif
