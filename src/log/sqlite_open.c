#include "config.h"

#include "log/sqlite.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "log/audience.h"
#include "log/mirror.h"
#include "log/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x426b4f74 /* "BkOt", as data/schema/store.sql writes it */

#define OPEN_WAIT_MS  2000 /* another process may be recovering the WAL */
#define MAKE_WAIT_MS  5000 /* for the lock, while somebody else makes the same store */
#define LONGEST_VALUE (2 * LOG_BODY_MAX)

/* ---- the modes ------------------------------------------------------------------------------- */

static const struct {
    bool reads;    /* only */
    bool anywhere; /* no folder is judged */
    bool alone;    /* nobody else can have it open: no lock, no waiting */
    bool mirrored;
} traits[] = {
    [LOG_READ] = {.reads = true, .mirrored = true},
    [LOG_WRITE] = {.mirrored = true},
    [LOG_CREATE] = {.mirrored = true},
    [LOG_COPY] = {.reads = true, .anywhere = true},
    [LOG_ALONE] = {.alone = true},
};

/* ---- the connection -------------------------------------------------------------------------- */

static const struct {
    int option;
    int value;
} settings[] = {
    {.option = SQLITE_DBCONFIG_DEFENSIVE, .value = 1},
    {.option = SQLITE_DBCONFIG_TRUSTED_SCHEMA, .value = 0},
    {.option = SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, .value = 0},
    {.option = SQLITE_DBCONFIG_ENABLE_VIEW, .value = 0},
    {.option = SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, .value = 1},
    /* Else a statement is prepared anew for every value that is bound to a range of it. */
    {.option = SQLITE_DBCONFIG_ENABLE_QPSG, .value = 1},
};

/* What our own statements need, with some room: a file from elsewhere can't make SQLite do more. */
static const struct {
    int limit;
    int value;
} limits[] = {
    {.limit = SQLITE_LIMIT_ATTACHED, .value = 1}, /* VACUUM INTO takes one */
    {.limit = SQLITE_LIMIT_LENGTH, .value = LONGEST_VALUE},
    {.limit = SQLITE_LIMIT_SQL_LENGTH, .value = 64 * 1024},
    {.limit = SQLITE_LIMIT_COLUMN, .value = 64},
    {.limit = SQLITE_LIMIT_EXPR_DEPTH, .value = 64},
    {.limit = SQLITE_LIMIT_COMPOUND_SELECT, .value = 8},
    {.limit = SQLITE_LIMIT_VDBE_OP, .value = 100000},
    {.limit = SQLITE_LIMIT_FUNCTION_ARG, .value = 8},
    {.limit = SQLITE_LIMIT_LIKE_PATTERN_LENGTH, .value = 64},
    {.limit = SQLITE_LIMIT_VARIABLE_NUMBER, .value = 32},
    {.limit = SQLITE_LIMIT_TRIGGER_DEPTH, .value = 4},
    {.limit = SQLITE_LIMIT_WORKER_THREADS, .value = 0},
};

/* FULL, not NORMAL: what was acknowledged must outlive a pulled cable. A hundred pages hold all
 * that is read twice; what is read once would only take memory that nobody touched yet. */
static const char pragmas[] = "PRAGMA synchronous = FULL;"
                              "PRAGMA wal_autocheckpoint = 0;"
                              "PRAGMA cell_size_check = ON;"
                              "PRAGMA mmap_size = 0;"
                              "PRAGMA temp_store = MEMORY;"
                              "PRAGMA cache_size = 100;";

/* What dies half made is thrown away; what is made is synced as a whole. */
static const char hasty[] = "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY";

static bool configure(struct sqlite_log *store, struct err *err) {
    int keep_wal = 1;
    for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
        sqlite3_db_config(store->database, settings[i].option, settings[i].value, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
        sqlite3_limit(store->database, limits[i].limit, limits[i].value);
    sqlite3_extended_result_codes(store->database, 1);
    sqlite3_busy_timeout(store->database, OPEN_WAIT_MS);
    sqlite3_file_control(store->database, "main", SQLITE_FCNTL_PERSIST_WAL, &keep_wal);
    return sqlite_execute(store, pragmas, err);
}

static bool connect_file(struct sqlite_log *store, enum log_mode mode, struct err *err) {
    int flags = SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOMUTEX |
                (traits[mode].reads ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    int code = sqlite3_open_v2(store->place->file, &store->database, flags, NULL);
    if (code != SQLITE_OK)
        return sqlite_fail(store, code, "can't open the store", err);
    return configure(store, err) && (!traits[mode].alone || sqlite_execute(store, hasty, err));
}

static void disconnect(struct sqlite_log *store) {
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
    sqlite3_close(store->database);
    store->database = NULL;
}

static int close_store(struct sqlite_log *store) {
    log_rollback(&store->log);
    disconnect(store);
    return 0;
}

/* The old one goes first: as long as it is there SQLite shares what it has of the -shm. */
bool sqlite_reconnect(struct sqlite_log *store, struct err *err) {
    disconnect(store);
    mode_t mask = umask(0);
    bool connected = connect_file(store, LOG_WRITE, err);
    umask(mask);
    if (!connected)
        return false;
    store->data_version = -1; /* there may be news */
    sqlite_watch_wal(store);
    sqlite3_busy_timeout(store->database, BUSY_WAIT_MS);
    return true;
}

struct sqlite_log *sqlite_beside(const void *parent, struct sqlite_log *store, struct err *err) {
    struct sqlite_log *beside = xtalloc_zero(parent, struct sqlite_log);
    beside->log.path = store->log.path;
    beside->place = store->place;
    talloc_set_destructor(beside, close_store);
    if (connect_file(beside, LOG_READ, err))
        return beside;
    talloc_free(beside);
    return NULL;
}

/* ---- what the file is ------------------------------------------------------------------------ */

struct header {
    int64_t application_id;
    int64_t format;
    int64_t tables;
};

static const char header_query[] =
    "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)"
    " FROM pragma_application_id, pragma_user_version";

static bool read_header(struct sqlite_log *store, struct header *header, struct err *err) {
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(store->database, header_query, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *header = (struct header){
            .application_id = sqlite3_column_int64(statement, 0),
            .format = sqlite3_column_int64(statement, 1),
            .tables = sqlite3_column_int64(statement, 2),
        };
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || sqlite_fail(store, code, "can't open the store", err);
}

bool sqlite_format(struct log *log, int64_t *format, struct err *err) {
    struct header header = {0};
    bool read = read_header(sqlite_of(log), &header, err);
    *format = header.format;
    return read;
}

bool sqlite_raise(struct log *log, int64_t format, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    struct header header = {0};
    if (!read_header(store, &header, err))
        return false;
    const char *pragma = err_fmt(err, "PRAGMA user_version = %lld", (long long)format);
    return header.format >= format || sqlite_execute(store, pragma, err);
}

/* Nobody's file yet: new, or left by a process that died while making it. */
static bool is_blank(const struct header *header) {
    return header->application_id == 0 && header->tables == 0;
}

/* Read as it stands in the file: what was being made had nothing in a WAL that counts. */
bool log_is_unmade(const char *path) {
    void *scratch = talloc_new(NULL);
    struct err *ignored = err_new(scratch);
    struct header header = {0};
    struct sqlite_log *store = xtalloc_zero(scratch, struct sqlite_log);
    store->log.path = path;
    bool blank = sqlite3_open_v2(path, &store->database,
                                 SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW, NULL) == SQLITE_OK &&
                 read_header(store, &header, ignored) && is_blank(&header);
    sqlite3_close(store->database);
    talloc_free(scratch);
    return blank;
}

static bool refuse_foreign(const struct sqlite_log *store, const char *whose, struct err *err) {
    return err_set(err, ERR_DAMAGED, "this file isn't a store of backout",
                   err_fmt(err, "%s: %s", store->log.path, whose),
                   "name a store, or make one with `backout init`");
}

static bool judge_header(struct sqlite_log *store, const struct header *header, struct err *err) {
    if (is_blank(header))
        return refuse_foreign(store, "it is empty", err);
    if (header->application_id != APPLICATION_ID)
        return refuse_foreign(store, "it is the database of another program", err);
    if (header->format < 1)
        return refuse_foreign(store, "it names no format", err);
    if (header->format > LOG_FORMAT)
        store->log.read_only =
            xtalloc_asprintf(store, "%s has format %lld and this backout writes %d; update backout",
                             store->log.path, (long long)header->format, LOG_FORMAT);
    return true;
}

/* ---- making a store -------------------------------------------------------------------------- */

/* Inside BEGIN IMMEDIATE: whoever was first has made it, and then nothing is left to do. */
static bool fill(struct sqlite_log *store, int64_t now_ms, struct err *err) {
    struct header header = {0};
    if (!read_header(store, &header, err))
        return false;
    return !is_blank(&header) ||
           (sqlite_execute(store, log_schema, err) && log_append_created(&store->log, now_ms, err));
}

static bool make_locked(struct sqlite_log *store, int64_t now_ms, struct err *err) {
    bool doubt;
    if (!sqlite_execute(store, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE", err))
        return false;
    store->log.begun = true;
    if (fill(store, now_ms, err))
        return log_commit(&store->log, &doubt, err);
    log_rollback(&store->log);
    return false;
}

static bool make_store(struct sqlite_log *store, int64_t now_ms, struct err *err) {
    if (!lock_wait(store->lock, "backout making the store", MAKE_WAIT_MS, err))
        return false;
    bool made = make_locked(store, now_ms, err);
    lock_release(store->lock);
    return made;
}

/* Only these two make anything of an empty file. */
static bool make_blank(struct sqlite_log *store, enum log_mode mode, int64_t now_ms,
                       struct err *err) {
    if (mode == LOG_CREATE)
        return make_store(store, now_ms, err);
    return mode != LOG_ALONE || sqlite_execute(store, log_schema, err);
}

/* ---- the journal ----------------------------------------------------------------------------- */

static bool is_wal(struct sqlite_log *store) {
    sqlite3_stmt *statement = NULL;
    bool wal = false;
    if (sqlite3_prepare_v2(store->database, "PRAGMA journal_mode", -1, &statement, NULL) ==
            SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        wal = strcmp((const char *)sqlite3_column_text(statement, 0), "wal") == 0;
    sqlite3_finalize(statement);
    return wal;
}

/* Another program may have turned it off. Without it readers would block writers. */
static bool keep_wal(struct sqlite_log *store, struct err *err) {
    if (store->log.read_only || !store->lock || is_wal(store))
        return true;
    if (!lock_wait(store->lock, "backout opening the store", MAKE_WAIT_MS, err))
        return false;
    bool turned = sqlite_execute(store, "PRAGMA journal_mode = WAL", err);
    lock_release(store->lock);
    return turned;
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool open_lock(struct sqlite_log *store, struct err *err) {
    store->lock = lock_open(store, store->place->lock, store->place->mode, err);
    return store->lock;
}

/* Under the lock, for while somebody puts another store in its place there is none for a moment. */
static bool make_file(struct sqlite_log *store, struct err *err) {
    if (!open_lock(store, err) ||
        !lock_wait(store->lock, "backout making the store", MAKE_WAIT_MS, err))
        return false;
    bool made = log_place_make(store->place, err);
    lock_release(store->lock);
    return made;
}

static bool require_file(struct sqlite_log *store, enum log_mode mode, struct err *err) {
    if (mode == LOG_CREATE)
        return store->place->exists || make_file(store, err);
    if (!store->place->exists)
        return err_set(err, ERR_NOT_FOUND, "there is no store", store->log.path,
                       "make one with `backout init`, or name another with --store");
    return traits[mode].alone || !store->place->empty || refuse_foreign(store, "it is empty", err);
}

/* Who may not use the lock file can still read. */
static bool prepare_lock(struct sqlite_log *store, enum log_mode mode, struct err *err) {
    if (traits[mode].reads)
        store->log.read_only = "it was opened for reading only";
    if (traits[mode].reads || traits[mode].alone)
        return true;
    if (store->lock || open_lock(store, err))
        return true;
    if (mode == LOG_CREATE || err->code != ERR_ACCESS)
        return false;
    store->log.read_only = err_sentence(store, err);
    err_clear(err);
    return true;
}

/* SQLite falls back to reading by itself where the file can't be written. */
static void note_rights(struct sqlite_log *store) {
    if (store->log.read_only == NULL && sqlite3_db_readonly(store->database, "main") == 1)
        store->log.read_only =
            xtalloc_asprintf(store, "%s may only be read by you; join its group (`backout doctor`)",
                             store->log.path);
}

/* It does so for any reason, one that is gone a moment later too. */
static bool mend_rights(struct sqlite_log *store, struct err *err) {
    bool may = store->log.read_only == NULL && sqlite3_db_readonly(store->database, "main") == 1 &&
               faccessat(AT_FDCWD, store->place->file, W_OK, AT_EACCESS) == 0;
    return !may || sqlite_reconnect(store, err);
}

/* SQLite would only say that it can't. */
static bool judge_rights(const struct log_place *place, struct err *err) {
    bool closed = place->exists && faccessat(AT_FDCWD, place->file, R_OK, AT_EACCESS) != 0;
    return !closed || errno != EACCES || audience_refuse(place, err);
}

static bool open_store(struct sqlite_log *store, enum log_mode mode, int64_t now_ms,
                       struct err *err) {
    struct header header = {0};
    if (!(traits[mode].anywhere ? log_place_find_copy : log_place_find)(store, store->log.path,
                                                                        &store->place, err))
        return false;
    if (!judge_rights(store->place, err))
        return false;
    if (traits[mode].mirrored)
        store->log.mirror = mirror_new(store, store->place, MIRROR_LIMIT);
    if (!require_file(store, mode, err) || !prepare_lock(store, mode, err) ||
        !connect_file(store, mode, err) || !read_header(store, &header, err))
        return false;
    if (is_blank(&header) &&
        (!make_blank(store, mode, now_ms, err) || !read_header(store, &header, err)))
        return false;
    if (!mend_rights(store, err))
        return false;
    note_rights(store);
    if (!judge_header(store, &header, err) || !keep_wal(store, err))
        return false;
    sqlite_watch_wal(store);
    sqlite3_busy_timeout(store->database, BUSY_WAIT_MS);
    return true;
}

/* *log is NULL where it fails. */
static bool open_once(const void *parent, const char *path, enum log_mode mode, int64_t now_ms,
                      struct log **log, struct err *err) {
    struct sqlite_log *store = xtalloc_zero(parent, struct sqlite_log);
    store->log.ops = &sqlite_ops;
    store->log.path = xtalloc_strdup(store, path);
    talloc_set_destructor(store, close_store);
    *log = &store->log;
    /* Each file has its mode from its first moment on, SQLite's own too: another user may open the
     * store just then. */
    mode_t mask = umask(0);
    bool opened = open_store(store, mode, now_ms, err);
    umask(mask);
    if (opened) {
        log_changed(*log); /* what comes from now on is a change */
        return true;
    }
    talloc_free(store);
    *log = NULL;
    return false;
}

/* The file was opened before its WAL. Had another been put in its place meanwhile, that would be
 * the WAL of the other; whoever puts one there takes the old file away first, so the name tells. */
#define OPEN_TRIES 8

bool log_open(const void *parent, const char *path, enum log_mode mode, int64_t now_ms,
              struct log **log, struct err *err) {
    for (int tries = 0; tries < OPEN_TRIES; tries++) {
        if (!open_once(parent, path, mode, now_ms, log, err))
            return false;
        if (!log_moved(*log))
            return true;
        TALLOC_FREE(*log);
    }
    return err_set(err, ERR_UNAVAILABLE, "the store's file is replaced all the time", path,
                   "see who does it");
}

bool sqlite_settle(struct log *log, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    int keep_wal = 0;
    if (!sqlite_execute(store, "PRAGMA journal_mode = WAL", err))
        return false;
    sqlite3_file_control(store->database, "main", SQLITE_FCNTL_PERSIST_WAL, &keep_wal);
    sqlite3_db_config(store->database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    return true;
}
