/* What the chain can't prove, for it is no row: the file's header, the tables as they were made,
 * and that every index leads to every row. */
#include "config.h"

#include "log/sqlite.h"

#include "log/schema.h"

#include <string.h>

static bool damaged(const struct sqlite_log *store, const char *how, struct err *err) {
    return err_set(err, ERR_DAMAGED, "the store is damaged",
                   err_fmt(err, "%s: %s", store->log.path, how),
                   "export the log and import it into a new store");
}

/* ---- the header ------------------------------------------------------------------------------ */

/* Which journal writers and readers must know (SQLite, Database File Format, 1.3.2): what is wrong
 * there makes SQLite read only, or pass over the WAL, without a word. Never read through a
 * descriptor of our own: closing it would let go of SQLite's locks. */
#define JOURNAL_AT 18
enum { JOURNAL_ROLLBACK = 1, JOURNAL_WAL = 2 };

static bool check_header(struct sqlite_log *store, struct err *err) {
    sqlite3_file *file = NULL;
    unsigned char journal[2] = {0};
    sqlite3_file_control(store->database, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    int code = file && file->pMethods
                   ? file->pMethods->xRead(file, journal, sizeof journal, JOURNAL_AT)
                   : SQLITE_IOERR;
    if (code != SQLITE_OK)
        return sqlite_fail(store, code, "can't check the store", err);
    bool known = journal[0] == JOURNAL_ROLLBACK || journal[0] == JOURNAL_WAL;
    return (known && journal[0] == journal[1]) ||
           damaged(store, "the header of its file names no journal", err);
}

/* ---- the tables ------------------------------------------------------------------------------ */

enum { COLUMN_TYPE, COLUMN_NAME, COLUMN_TABLE, COLUMN_SQL, COLUMN_ROOTED, COLUMNS };

static const char schema_query[] =
    "SELECT type, name, tbl_name, sql, rootpage > 0 FROM sqlite_schema ORDER BY name";

static const char *column(sqlite3_stmt *row, int column) {
    const char *text = (const char *)sqlite3_column_text(row, column);
    return text ? text : "";
}

static bool same_object(sqlite3_stmt *one, sqlite3_stmt *other) {
    for (int at = 0; at < COLUMNS; at++)
        if (sqlite3_column_type(one, at) != sqlite3_column_type(other, at) ||
            strcmp(column(one, at), column(other, at)) != 0)
            return false;
    return true;
}

/* Both go by name, step by step. */
static bool compare_schemas(const struct sqlite_log *store, sqlite3_stmt *ours,
                            sqlite3_stmt *theirs, struct err *err) {
    int our = sqlite3_step(ours), their = sqlite3_step(theirs);
    while (our == SQLITE_ROW && their == SQLITE_ROW && same_object(ours, theirs)) {
        our = sqlite3_step(ours);
        their = sqlite3_step(theirs);
    }
    if (our == SQLITE_DONE && their == SQLITE_DONE)
        return true;
    if (their != SQLITE_ROW && their != SQLITE_DONE)
        return sqlite_fail(store, their, "can't check the store", err);
    const char *missing = our == SQLITE_ROW ? column(ours, COLUMN_NAME) : "nothing more";
    const char *found = their == SQLITE_ROW ? column(theirs, COLUMN_NAME) : "nothing more";
    return damaged(store,
                   strcmp(missing, found) == 0
                       ? err_fmt(err, "%s is not as backout makes it", found)
                       : err_fmt(err, "its tables hold %s, where %s belongs", found, missing),
                   err);
}

static bool compare_with(struct sqlite_log *store, sqlite3 *fresh, struct err *err) {
    sqlite3_stmt *ours = NULL, *theirs = NULL;
    int code = sqlite3_exec(fresh, log_schema, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(fresh, schema_query, -1, &ours, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(store->database, schema_query, -1, &theirs, NULL);
    bool same = code == SQLITE_OK ? compare_schemas(store, ours, theirs, err)
                                  : sqlite_fail(store, code, "can't check the store", err);
    sqlite3_finalize(ours);
    sqlite3_finalize(theirs);
    return same;
}

/* What a newer format adds isn't known here. */
static bool check_schema(struct sqlite_log *store, struct err *err) {
    sqlite3 *fresh = NULL;
    int64_t format;
    if (!sqlite_format(&store->log, &format, err))
        return false;
    int code = format > LOG_FORMAT ? SQLITE_DONE : sqlite3_open(":memory:", &fresh);
    bool same = code == SQLITE_DONE ||
                (code == SQLITE_OK ? compare_with(store, fresh, err)
                                   : sqlite_fail(store, code, "can't check the store", err));
    sqlite3_close(fresh);
    return same;
}

/* ---- the indexes ----------------------------------------------------------------------------- */

bool sqlite_is_ok(sqlite3_stmt *check) {
    return strcmp(column(check, 0), "ok") == 0;
}

/* What was found wrong ahead is looked for once more, and then said. */
static bool check_indexes(struct sqlite_log *store, struct err *err) {
    if (sqlite_checked_ahead(store))
        return true;
    sqlite3_stmt *check = sqlite_take(store, STATEMENT_CHECK, err);
    if (check == NULL)
        return false;
    int code = sqlite3_step(check);
    bool right = code == SQLITE_ROW && sqlite_is_ok(check);
    if (!right && code == SQLITE_ROW)
        damaged(store, column(check, 0), err);
    else if (!right)
        sqlite_fail(store, code, "can't check the store", err);
    sqlite_leave(check);
    return right;
}

bool sqlite_check(struct log *log, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    return check_header(store, err) && check_schema(store, err) && check_indexes(store, err);
}
