#include "config.h"

#include "log/sqlite.h"

#include "base/glance.h"
#include "base/xtalloc.h"

#include <assert.h>
#include <string.h>

/* A checkpoint is due after so many pages (4 MiB). Fewer, and appends pay for its fsyncs more
 * often; more, and whoever opens the store first waits while SQLite reads the WAL (2 ms for 4 MiB).
 */
#define CHECKPOINT_PAGES 1000

/* A WAL that is longer was held by a reader for a while (8 MiB, twice what is due). */
#define REST_BYTES (2 * CHECKPOINT_PAGES * 4096)

#define EVENT "seq, command, part, request, incident, at, actor, via, kind, body, hash"
#define INCIDENT                                                                                   \
    "number, title, severity, state, service, plan, drill, open, opened, closed, last_seq"

static const char *const statements[STATEMENT_COUNT] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_ROLLBACK] = "ROLLBACK",
    [STATEMENT_SNAPSHOT] = "BEGIN",
    [STATEMENT_DATA_VERSION] = "PRAGMA data_version",
    [STATEMENT_CHECK] = "PRAGMA integrity_check(1)",

    [STATEMENT_INSERT] = "INSERT INTO events (" EVENT ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [STATEMENT_TIP] = "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1",
    [STATEMENT_READ] = "SELECT " EVENT " FROM events WHERE seq > ? ORDER BY seq",
    [STATEMENT_READ_INCIDENT] =
        "SELECT " EVENT " FROM events WHERE seq > ? AND incident = ? ORDER BY seq",
    /* Hops from kind to kind along that index, which the planner would not take by itself: the
     * kinds are few, the plans may be many. */
    [STATEMENT_READ_LATEST] =
        "WITH RECURSIVE kinds (name) AS ("
        " SELECT min(kind) FROM events INDEXED BY store_events_by_kind WHERE incident = 0"
        " UNION ALL"
        " SELECT (SELECT min(kind) FROM events INDEXED BY store_events_by_kind"
        "  WHERE incident = 0 AND kind > kinds.name)"
        " FROM kinds WHERE kinds.name IS NOT NULL)"
        "SELECT " EVENT " FROM kinds CROSS JOIN events ON seq ="
        " (SELECT max(seq) FROM events INDEXED BY store_events_by_kind"
        "  WHERE incident = 0 AND kind = kinds.name)",
    [STATEMENT_FIND] = "SELECT " EVENT " FROM events WHERE command = ? ORDER BY part",

    /* `open` is compared and not set, so that its index is left alone: a page less to write. */
    [STATEMENT_INDEX_UPDATE] =
        "UPDATE incidents SET title = ?2, severity = ?3, state = ?4, service = ?5, plan = ?6,"
        " drill = ?7, opened = ?9, closed = ?10, last_seq = ?11 WHERE number = ?1 AND open = ?8",
    [STATEMENT_INDEX_PUT] =
        "REPLACE INTO incidents (" INCIDENT ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [STATEMENT_INDEX_READ] = "SELECT " INCIDENT " FROM incidents ORDER BY number DESC",
    [STATEMENT_INDEX_READ_OPEN] =
        "SELECT " INCIDENT " FROM incidents WHERE open = 1 ORDER BY number DESC",
    [STATEMENT_INDEX_FIND] = "SELECT " INCIDENT " FROM incidents WHERE number = ?",
    [STATEMENT_INDEX_MAX] = "SELECT max(number) FROM incidents",

    [STATEMENT_PLAN_PUT] = "INSERT INTO plans (sha256, seq) VALUES (?, ?)",
    [STATEMENT_PLAN_FIND] = "SELECT seq FROM plans WHERE sha256 = ?",
    [STATEMENT_PLAN_COUNT] = "SELECT count(*) FROM plans",
};

/* ---- statements ------------------------------------------------------------------------------ */

sqlite3_stmt *sqlite_take(struct sqlite_log *store, enum sqlite_statement which, struct err *err) {
    sqlite3_stmt **statement = &store->statements[which];
    assert(*statement == NULL || !sqlite3_stmt_busy(*statement));
    if (*statement)
        return *statement;
    int code = sqlite3_prepare_v3(store->database, statements[which], -1, SQLITE_PREPARE_PERSISTENT,
                                  statement, NULL);
    if (code != SQLITE_OK)
        sqlite_fail(store, code, "can't use the store", err);
    return *statement;
}

void sqlite_leave(sqlite3_stmt *statement) {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

void sqlite_bind_integer(sqlite3_stmt *row, int column, int64_t value) {
    sqlite3_bind_int64(row, column + 1, value);
}

void sqlite_bind_text(sqlite3_stmt *row, int column, const char *text) {
    sqlite3_bind_text(row, column + 1, text, -1, SQLITE_STATIC);
}

int sqlite_run(sqlite3_stmt *statement) {
    int code = sqlite3_step(statement);
    sqlite_leave(statement);
    return code;
}

bool sqlite_integer(struct sqlite_log *store, sqlite3_stmt *statement, int64_t *value,
                    struct err *err) {
    int code = sqlite3_step(statement);
    *value = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite_leave(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ||
           sqlite_fail(store, code, "can't read the store", err);
}

bool sqlite_execute(struct sqlite_log *store, const char *sql, struct err *err) {
    int code = sqlite3_exec(store->database, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || sqlite_fail(store, code, "can't set up the store", err);
}

/* Runs one that takes nothing and gives nothing. */
static int run(struct sqlite_log *store, enum sqlite_statement which, struct err *err) {
    sqlite3_stmt *statement = sqlite_take(store, which, err);
    return statement ? sqlite_run(statement) : sqlite3_extended_errcode(store->database);
}

/* ---- the checkpoint, always under the lock --------------------------------------------------- */

static int count_pages(void *data, sqlite3 *database, const char *name, int pages) {
    struct sqlite_log *store = data;
    (void)database, (void)name;
    if (pages < store->wal_pages)
        store->checkpoint_due = CHECKPOINT_PAGES; /* somebody's checkpoint let it start anew */
    store->wal_pages = pages;
    return SQLITE_OK;
}

void sqlite_watch_wal(struct sqlite_log *store) {
    store->checkpoint_due = CHECKPOINT_PAGES;
    sqlite3_wal_hook(store->database, count_pages, store);
}

/* Its failure loses nothing, for the WAL stays; and a reader that holds it back makes us wait for
 * as many pages again, not try at every commit. */
static void checkpoint_when_due(struct sqlite_log *store) {
    if (store->wal_pages < store->checkpoint_due)
        return;
    sqlite3_wal_checkpoint_v2(store->database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    store->checkpoint_due = store->wal_pages + CHECKPOINT_PAGES;
}

/* A WAL that was started anew keeps the size it once had. Readers don't hold that one up: they are
 * asked to be gone, and not waited for. */
static void truncate_wal(struct sqlite_log *store) {
    sqlite3_busy_timeout(store->database, 0);
    int code =
        sqlite3_wal_checkpoint_v2(store->database, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(store->database, BUSY_WAIT_MS);
    if (code == SQLITE_OK)
        store->wal_pages = 0;
}

static void sqlite_rest(struct log *log, const char *me) {
    struct sqlite_log *store = sqlite_of(log);
    struct glance wal;
    char *path = xtalloc_asprintf(NULL, "%s-wal", store->place->file);
    bool is_long = glance_followed(path, &wal) && wal.size > REST_BYTES;
    talloc_free(path);
    if (!is_long || !lock_try(store->lock, me))
        return;
    if (!sqlite_moved(log))
        truncate_wal(store);
    lock_release(store->lock);
}

/* ---- the transaction ------------------------------------------------------------------------- */

/* The file is known by its inode, as SQLite does: nothing is opened to find out. */
bool sqlite_moved(struct log *log) {
    int moved = 0;
    sqlite3_file_control(sqlite_of(log)->database, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved;
}

static bool refuse_moved(struct sqlite_log *store, struct err *err) {
    lock_release(store->lock);
    return err_set(err, ERR_UNAVAILABLE, "another file was put in the store's place",
                   store->log.path, "look at what it holds, then repeat it");
}

/* Where the -shm could be opened only to read, SQLite takes that for ever: once, when descriptors
 * had run out, say. MISUSE: there is no connection since that was tried last. */
static bool is_stuck(int code) {
    return (code & 0xff) == SQLITE_READONLY || (code & 0xff) == SQLITE_MISUSE;
}

static int begin(struct sqlite_log *store, struct err *err) {
    int code = run(store, STATEMENT_BEGIN, err);
    if (!is_stuck(code) || !store->lock || !sqlite_reconnect(store, err))
        return code;
    return run(store, STATEMENT_BEGIN, err);
}

/* A program that doesn't know our lock (the sqlite3 shell) can still hold SQLite's own: that is
 * waiting too. */
static enum log_begin sqlite_begin(struct log *log, const char *me, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    enum lock_take take = store->lock ? lock_take(store->lock, me, err) : LOCK_TAKEN;
    if (take != LOCK_TAKEN)
        return take == LOCK_WAITING ? LOG_BUSY : LOG_FAILED;
    if (sqlite_moved(log)) {
        refuse_moved(store, err);
        return LOG_FAILED;
    }
    int code = begin(store, err);
    if (code == SQLITE_DONE)
        return LOG_BEGUN;
    lock_release(store->lock);
    if ((code & 0xff) == SQLITE_BUSY)
        return LOG_BUSY;
    sqlite_fail(store, code, "can't write to the store", err);
    return LOG_FAILED;
}

/* SQLite rolls back by itself when a statement meets a full or failing disk. */
static void roll_back(struct sqlite_log *store) {
    struct err *ignored = err_new(NULL);
    if (!sqlite3_get_autocommit(store->database))
        run(store, STATEMENT_ROLLBACK, ignored);
    talloc_free(ignored);
}

static void sqlite_rollback(struct log *log) {
    struct sqlite_log *store = sqlite_of(log);
    roll_back(store);
    lock_release(store->lock);
}

/* These come before the commit mark can have reached the disk. After any other failure (a failed
 * fsync above all) the mark may be there, and the next recovery of the WAL would find it. */
static bool left_nothing(int code) {
    int primary = code & 0xff;
    return primary == SQLITE_FULL || primary == SQLITE_BUSY || primary == SQLITE_READONLY;
}

static bool commit_failed(struct sqlite_log *store, int code, bool *doubt, struct err *err) {
    *doubt = !left_nothing(code);
    roll_back(store);
    sqlite_fail(store, code, "can't commit to the store", err);
    if (!*doubt)
        return false;
    return err_set(err, ERR_UNAVAILABLE, "nobody knows whether it was kept",
                   err_fmt(err, "%s", err->on), "look whether it is on the record, then repeat it");
}

static bool sqlite_commit(struct log *log, bool *doubt, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    if (sqlite3_get_autocommit(store->database))
        return err_set(err, ERR_UNAVAILABLE, "can't commit to the store", store->log.path,
                       "an append to it had failed: nothing was kept");
    int code = run(store, STATEMENT_COMMIT, err);
    return code == SQLITE_DONE || commit_failed(store, code, doubt, err);
}

static void sqlite_leave_lock(struct log *log) {
    struct sqlite_log *store = sqlite_of(log);
    checkpoint_when_due(store);
    lock_release(store->lock);
}

/* A store that is only read may have no lock file, or one it may not open: then nobody is known. */
static char *sqlite_lock_holder(const void *parent, struct log *log) {
    struct sqlite_log *store = sqlite_of(log);
    return store->lock ? lock_holder(parent, store->lock) : xtalloc_strdup(parent, "");
}

static void sqlite_keep(struct log *log, const char *text) {
    lock_keep(sqlite_of(log)->lock, text);
}

static char *sqlite_kept(const void *parent, struct log *log) {
    return lock_kept(parent, sqlite_of(log)->lock);
}

/* ---- looking at the whole -------------------------------------------------------------------- */

static bool sqlite_changed(struct log *log) {
    struct sqlite_log *store = sqlite_of(log);
    struct err *ignored = err_new(NULL);
    int64_t before = store->data_version;
    sqlite3_stmt *statement = sqlite_take(store, STATEMENT_DATA_VERSION, ignored);
    bool known = statement && sqlite_integer(store, statement, &store->data_version, ignored);
    talloc_free(ignored);
    return !known || store->data_version != before; /* whoever reads then gets the error */
}

/* The moment is that of the first read. */
static bool sqlite_hold(struct log *log, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    int code = run(store, STATEMENT_SNAPSHOT, err);
    return code == SQLITE_DONE || sqlite_fail(store, code, "can't read the store", err);
}

/* What was read in one go is not read again soon: its pages would only sit in memory. */
static void sqlite_let_go(struct log *log) {
    struct sqlite_log *store = sqlite_of(log);
    roll_back(store);
    sqlite3_db_release_memory(store->database);
}

static const char *sqlite_run_folder(struct log *log) {
    struct sqlite_log *store = sqlite_of(log);
    if (store->run_folder == NULL)
        store->run_folder = log_place_run_folder(store->place, log->read_only == NULL);
    return store->run_folder;
}

#define SQLITE_RESETS_SOUNDLY 3051003

const char *log_library(void) {
    return sqlite3_libversion();
}

bool log_library_is_sound(void) {
    return sqlite3_libversion_number() >= SQLITE_RESETS_SOUNDLY;
}

const struct log_ops sqlite_ops = {
    .begin = sqlite_begin,
    .insert = sqlite_insert,
    .raise = sqlite_raise,
    .commit = sqlite_commit,
    .leave = sqlite_leave_lock,
    .rollback = sqlite_rollback,
    .lock_holder = sqlite_lock_holder,
    .keep = sqlite_keep,
    .kept = sqlite_kept,
    .tip = sqlite_tip,
    .read = sqlite_read,
    .read_latest = sqlite_read_latest,
    .find = sqlite_find,
    .changed = sqlite_changed,
    .moved = sqlite_moved,
    .rest = sqlite_rest,
    .hold = sqlite_hold,
    .let_go = sqlite_let_go,
    .format = sqlite_format,
    .check_ahead = sqlite_check_ahead,
    .check = sqlite_check,
    .index_put = sqlite_index_put,
    .index_read = sqlite_index_read,
    .index_find = sqlite_index_find,
    .index_max = sqlite_index_max,
    .plan_put = sqlite_plan_put,
    .plan_find = sqlite_plan_find,
    .plan_count = sqlite_plan_count,
    .run_folder = sqlite_run_folder,
};
