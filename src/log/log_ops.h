/* What a kind of store must be able to do, for log.c and verify.c alone.
 * A kind owns its rows; order, hashes and what is written beside an event are log.c's, so that no
 * two kinds can differ in them. */
#ifndef BACKOUT_LOG_LOG_OPS_H
#define BACKOUT_LOG_LOG_OPS_H

#include "base/record.h"
#include "log/log.h"

/* The format of a new store, and the newest that this program may write. */
#define LOG_FORMAT_NEW 1
#define LOG_FORMAT     2

/* The newest row; zeros in an empty log. */
struct log_tip {
    int64_t seq;
    struct digest hash;
};

struct log_ops {
    enum log_begin (*begin)(struct log *log, const char *me, struct err *err);
    bool (*insert)(struct log *log, const struct event *event, struct err *err);
    /* From here on a program that doesn't know this format only reads. */
    bool (*raise)(struct log *log, int64_t format, struct err *err);
    /* Keeps the lock, until leave. */
    bool (*commit)(struct log *log, bool *doubt, struct err *err);
    /* What a writer has to do when its transaction has ended, and then its lock. */
    void (*leave)(struct log *log);
    void (*rollback)(struct log *log); /* leaves, too */
    void (*rest)(struct log *log, const char *me);
    char *(*lock_holder)(const void *parent, struct log *log);
    /* One line from one transaction to those that follow, whatever becomes of it. */
    void (*keep)(struct log *log, const char *text);
    char *(*kept)(const void *parent, struct log *log);

    bool (*tip)(struct log *log, struct log_tip *tip, struct err *err);
    bool (*read)(struct log *log, int64_t after, int64_t incident, log_event_fn *fn, void *data,
                 struct err *err);
    bool (*read_latest)(struct log *log, log_event_fn *fn, void *data, struct err *err);
    bool (*find)(struct log *log, const char *command, log_event_fn *fn, void *data, size_t *found,
                 struct err *err);
    bool (*changed)(struct log *log);
    bool (*moved)(struct log *log);
    /* Asked for once, whatever is nested; never inside a transaction. */
    bool (*hold)(struct log *log, struct err *err);
    void (*let_go)(struct log *log);
    /* By which programs know whether they may write; 0 where no other program ever looks. */
    bool (*format)(struct log *log, int64_t *format, struct err *err);
    /* Begins what takes long of check; or gives it up, when it isn't wanted any more. */
    void (*check_ahead)(struct log *log, bool wanted);
    /* Whether all that is no row is as backout makes it, and agrees with the rows. */
    bool (*check)(struct log *log, struct err *err);

    bool (*index_put)(struct log *log, const struct log_incident *row, struct err *err);
    bool (*index_read)(struct log *log, bool open_only, log_incident_fn *fn, void *data,
                       struct err *err);
    bool (*index_find)(struct log *log, int64_t number, log_incident_fn *fn, void *data,
                       bool *found, struct err *err);
    bool (*index_max)(struct log *log, int64_t *number, struct err *err);

    bool (*plan_put)(struct log *log, const char *sha256, int64_t seq, struct err *err);
    bool (*plan_find)(struct log *log, const char *sha256, int64_t *seq, struct err *err);
    bool (*plan_count)(struct log *log, int64_t *count, struct err *err);

    const char *(*run_folder)(struct log *log);
};

/* What every kind has; the first member of its own struct. */
struct log {
    const struct log_ops *ops;
    const char *path;      /* NULL in memory */
    const char *read_only; /* NULL when appends are possible */
    struct mirror *mirror; /* NULL in memory */
    bool begun;
    int snapshots;      /* held, one inside another */
    struct log_tip tip; /* of the running transaction */
};

/* ---- log.c ----------------------------------------------------------------------------------- */

/* Reads one of the two bodies that the log knows; its texts are owned by `parent`. */
bool log_body_read(const void *parent, const struct field *fields, void *record,
                   const struct event *event);

/* The oldest format whose programs may write beside an event of that kind. */
int64_t log_format_for(const char *kind);

/* The refusal of a (command, part) that stands in the log. */
bool log_appended_before(const struct event *event, struct err *err);

/* ---- head.c ---------------------------------------------------------------------------------- */

/* The id of the store that its first event names; false for any other event. */
bool log_store_of(const struct event *event, char store[UUID_TEXT]);

/* The format with which that first event begins a store; 0 for any other event. */
int64_t log_format_created(const struct event *event);

/* ---- frozen.c -------------------------------------------------------------------------------- */

/* The digest that a plan.frozen event of the store names; NULL for any other event. Owned by
 * `parent`. */
const char *log_frozen_digest(const void *parent, const struct event *event);

/* Inserts such an event and its row in the plans table. */
bool log_append_frozen(struct log *log, const char *sha256, const struct event *event,
                       struct err *err);

/* ---- verify.c -------------------------------------------------------------------------------- */

/* The words of a damaged row, the same wherever it is met. */
bool log_damaged(const struct log *log, int64_t seq, const char *how, struct err *err);

#endif
