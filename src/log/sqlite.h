/* What the files of the SQLite store share.
 * sqlite_open.c makes and judges the connection, sqlite.c holds statements and transactions,
 * sqlite_events.c and sqlite_index.c are the rows, sqlite_check.c proves what is no row, and
 * sqlite_ahead.c does what takes long of that beside other work;
 * sqlite_error.c has the words of a failure.
 * No statement is ever left open between two calls: it would pin the WAL for everybody. */
#ifndef BACKOUT_LOG_SQLITE_H
#define BACKOUT_LOG_SQLITE_H

#include "log/lock.h"
#include "log/log_ops.h"
#include "log/place.h"

#include <sqlite3.h>

/* Every statement that is run more than once, prepared on its first use. */
enum sqlite_statement {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_SNAPSHOT,
    STATEMENT_DATA_VERSION,
    STATEMENT_CHECK,
    STATEMENT_INSERT,
    STATEMENT_TIP,
    STATEMENT_READ,
    STATEMENT_READ_INCIDENT,
    STATEMENT_READ_LATEST,
    STATEMENT_FIND,
    STATEMENT_INDEX_UPDATE,
    STATEMENT_INDEX_PUT,
    STATEMENT_INDEX_READ,
    STATEMENT_INDEX_READ_OPEN,
    STATEMENT_INDEX_FIND,
    STATEMENT_INDEX_MAX,
    STATEMENT_PLAN_PUT,
    STATEMENT_PLAN_FIND,
    STATEMENT_PLAN_COUNT,
    STATEMENT_COUNT,
};

/* Once a store is open, nothing may hold up the loop for longer. */
#define BUSY_WAIT_MS LOCK_SLICE_MS

struct sqlite_log {
    struct log log; /* first: a struct log * is a struct sqlite_log * */
    struct log_place *place;
    struct write_lock *lock; /* NULL when the store is only read, or nobody else's */
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    int wal_pages;      /* in the WAL after our last commit */
    int checkpoint_due; /* once there are so many */
    int64_t data_version;
    const char *run_folder;
    struct sqlite_ahead *ahead; /* what runs ahead of sqlite_check, or NULL */
};

static inline struct sqlite_log *sqlite_of(struct log *log) {
    return (struct sqlite_log *)log;
}

extern const struct log_ops sqlite_ops;

/* ---- sqlite_error.c -------------------------------------------------------------------------- */

/* Sets `err` from the result `code`, with the store's path as its object, and returns false. */
bool sqlite_fail(const struct sqlite_log *store, int code, const char *what, struct err *err);

/* The same of any file. */
bool sqlite_fail_at(const char *path, int code, const char *what, struct err *err);

/* ---- sqlite_copy.c --------------------------------------------------------------------------- */

/* Copies the store into the file at `path`, which is there, empty and nobody else's. */
bool sqlite_copy(struct log *log, const char *path, struct err *err);
/* Brings a closed file and its name to disk; or only the names of its folder. */
bool sqlite_sync(const char *path, struct err *err);
bool sqlite_sync_name(const char *path, struct err *err);

/* ---- sqlite_open.c --------------------------------------------------------------------------- */

/* Another connection to the same file, to read; NULL: err is set. */
struct sqlite_log *sqlite_beside(const void *parent, struct sqlite_log *store, struct err *err);

/* Under the lock: a new connection to the same file, in place of one that can't write. */
bool sqlite_reconnect(struct sqlite_log *store, struct err *err);

/* Makes what was opened with LOG_ALONE close as a store in WAL mode, all in one file. */
bool sqlite_settle(struct log *log, struct err *err);

/* ---- sqlite.c -------------------------------------------------------------------------------- */

/* The prepared statement, ready to be bound; NULL: err is set. Its last user leaves it. */
sqlite3_stmt *sqlite_take(struct sqlite_log *store, enum sqlite_statement which, struct err *err);
void sqlite_leave(sqlite3_stmt *statement);

/* Columns count from 0; the text stays the caller's until the statement has run. */
void sqlite_bind_integer(sqlite3_stmt *row, int column, int64_t value);
void sqlite_bind_text(sqlite3_stmt *row, int column, const char *text);

/* Runs a bound statement for its effect, and leaves it. Returns SQLite's result, SQLITE_DONE when
 * all went well. */
int sqlite_run(sqlite3_stmt *statement);

/* Runs a bound statement for the one integer it gives, 0 when it gives none, and leaves it. */
bool sqlite_integer(struct sqlite_log *store, sqlite3_stmt *statement, int64_t *value,
                    struct err *err);

/* Runs SQL text for its effect. */
bool sqlite_execute(struct sqlite_log *store, const char *sql, struct err *err);

/* Whether the connection is to another file than the one at the store's path. */
bool sqlite_moved(struct log *log);

/* Counts the pages of the WAL, so that the checkpoint comes when it is due. */
void sqlite_watch_wal(struct sqlite_log *store);

/* ---- sqlite_open.c --------------------------------------------------------------------------- */

bool sqlite_raise(struct log *log, int64_t format, struct err *err);

bool sqlite_format(struct log *log, int64_t *format, struct err *err);

/* ---- sqlite_check.c -------------------------------------------------------------------------- */

bool sqlite_check(struct log *log, struct err *err);

/* Whether the row that STATEMENT_CHECK gave finds nothing wrong. */
bool sqlite_is_ok(sqlite3_stmt *check);

/* ---- sqlite_ahead.c -------------------------------------------------------------------------- */

void sqlite_check_ahead(struct log *log, bool wanted);

/* Waits for what was begun. True: it found nothing wrong; false says nothing. */
bool sqlite_checked_ahead(struct sqlite_log *store);

/* ---- sqlite_events.c ------------------------------------------------------------------------- */

bool sqlite_insert(struct log *log, const struct event *event, struct err *err);
bool sqlite_tip(struct log *log, struct log_tip *tip, struct err *err);
bool sqlite_read(struct log *log, int64_t after, int64_t incident, log_event_fn *fn, void *data,
                 struct err *err);
bool sqlite_read_latest(struct log *log, log_event_fn *fn, void *data, struct err *err);
bool sqlite_find(struct log *log, const char *command, log_event_fn *fn, void *data, size_t *found,
                 struct err *err);

/* ---- sqlite_index.c -------------------------------------------------------------------------- */

bool sqlite_index_put(struct log *log, const struct log_incident *row, struct err *err);
bool sqlite_index_read(struct log *log, bool open_only, log_incident_fn *fn, void *data,
                       struct err *err);
bool sqlite_index_find(struct log *log, int64_t number, log_incident_fn *fn, void *data,
                       bool *found, struct err *err);
bool sqlite_index_max(struct log *log, int64_t *number, struct err *err);
bool sqlite_plan_put(struct log *log, const char *sha256, int64_t seq, struct err *err);
bool sqlite_plan_find(struct log *log, const char *sha256, int64_t *seq, struct err *err);
bool sqlite_plan_count(struct log *log, int64_t *count, struct err *err);

#endif
