#include "config.h"

#include "log/sqlite.h"

#include <string.h>

/* ---- incidents ------------------------------------------------------------------------------- */

/* The columns as every statement over incidents names them. */
enum column {
    COLUMN_NUMBER,
    COLUMN_TITLE,
    COLUMN_SEVERITY,
    COLUMN_STATE,
    COLUMN_SERVICE,
    COLUMN_PLAN,
    COLUMN_DRILL,
    COLUMN_OPEN,
    COLUMN_OPENED,
    COLUMN_CLOSED,
    COLUMN_LAST_SEQ,
};

static void bind_incident(sqlite3_stmt *row, const struct log_incident *incident) {
    sqlite_bind_integer(row, COLUMN_NUMBER, incident->number);
    sqlite_bind_text(row, COLUMN_TITLE, incident->title);
    sqlite_bind_integer(row, COLUMN_SEVERITY, incident->severity);
    sqlite_bind_text(row, COLUMN_STATE, incident->state);
    sqlite_bind_text(row, COLUMN_SERVICE, incident->service);
    sqlite_bind_text(row, COLUMN_PLAN, incident->plan);
    sqlite_bind_integer(row, COLUMN_DRILL, incident->drill);
    sqlite_bind_integer(row, COLUMN_OPEN, incident->open);
    sqlite_bind_integer(row, COLUMN_OPENED, incident->opened_ms);
    sqlite_bind_integer(row, COLUMN_CLOSED, incident->closed_ms);
    sqlite_bind_integer(row, COLUMN_LAST_SEQ, incident->last_seq);
}

/* What hides something behind a NUL is no text that an incident has. */
static const char *column_text(sqlite3_stmt *row, int column) {
    const char *text = (const char *)sqlite3_column_text(row, column);
    if (text && strlen(text) != (size_t)sqlite3_column_bytes(row, column))
        return "\xef\xbf\xbd";
    return text ? text : "";
}

static struct log_incident column_incident(sqlite3_stmt *row) {
    return (struct log_incident){
        .number = sqlite3_column_int64(row, COLUMN_NUMBER),
        .title = column_text(row, COLUMN_TITLE),
        .severity = sqlite3_column_int64(row, COLUMN_SEVERITY),
        .state = column_text(row, COLUMN_STATE),
        .service = column_text(row, COLUMN_SERVICE),
        .plan = column_text(row, COLUMN_PLAN),
        .drill = sqlite3_column_int64(row, COLUMN_DRILL),
        .open = sqlite3_column_int64(row, COLUMN_OPEN),
        .opened_ms = sqlite3_column_int64(row, COLUMN_OPENED),
        .closed_ms = sqlite3_column_int64(row, COLUMN_CLOSED),
        .last_seq = sqlite3_column_int64(row, COLUMN_LAST_SEQ),
    };
}

/* Hands on every row until `fn` has enough, then leaves the statement. */
static bool read_rows(struct sqlite_log *store, sqlite3_stmt *rows, log_incident_fn *fn, void *data,
                      bool *found, struct err *err) {
    int code = SQLITE_DONE;
    bool more = true;
    while (more && (code = sqlite3_step(rows)) == SQLITE_ROW) {
        struct log_incident incident = column_incident(rows);
        *found = true;
        more = fn(data, &incident);
    }
    sqlite_leave(rows);
    return code == SQLITE_DONE || code == SQLITE_ROW ||
           sqlite_fail(store, code, "can't read the index of incidents", err);
}

static bool write_row(struct sqlite_log *store, enum sqlite_statement which,
                      const struct log_incident *row, struct err *err) {
    sqlite3_stmt *statement = sqlite_take(store, which, err);
    if (statement == NULL)
        return false;
    bind_incident(statement, row);
    int code = sqlite_run(statement);
    return code == SQLITE_DONE ||
           sqlite_fail(store, code, "can't write the index of incidents", err);
}

/* A row is mostly there, and mostly stays open. */
bool sqlite_index_put(struct log *log, const struct log_incident *row, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    if (!write_row(store, STATEMENT_INDEX_UPDATE, row, err))
        return false;
    return sqlite3_changes(store->database) == 1 || write_row(store, STATEMENT_INDEX_PUT, row, err);
}

bool sqlite_index_read(struct log *log, bool open_only, log_incident_fn *fn, void *data,
                       struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    bool found;
    sqlite3_stmt *rows =
        sqlite_take(store, open_only ? STATEMENT_INDEX_READ_OPEN : STATEMENT_INDEX_READ, err);
    return rows && read_rows(store, rows, fn, data, &found, err);
}

bool sqlite_index_find(struct log *log, int64_t number, log_incident_fn *fn, void *data,
                       bool *found, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    *found = false;
    sqlite3_stmt *row = sqlite_take(store, STATEMENT_INDEX_FIND, err);
    if (row == NULL)
        return false;
    sqlite3_bind_int64(row, 1, number);
    return read_rows(store, row, fn, data, found, err);
}

bool sqlite_index_max(struct log *log, int64_t *number, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    sqlite3_stmt *statement = sqlite_take(store, STATEMENT_INDEX_MAX, err);
    return statement && sqlite_integer(store, statement, number, err);
}

/* ---- plans ----------------------------------------------------------------------------------- */

bool sqlite_plan_put(struct log *log, const char *sha256, int64_t seq, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    sqlite3_stmt *statement = sqlite_take(store, STATEMENT_PLAN_PUT, err);
    if (statement == NULL)
        return false;
    sqlite3_bind_text(statement, 1, sha256, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, seq);
    int code = sqlite_run(statement);
    return code == SQLITE_DONE || sqlite_fail(store, code, "can't freeze the plan", err);
}

bool sqlite_plan_find(struct log *log, const char *sha256, int64_t *seq, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    sqlite3_stmt *statement = sqlite_take(store, STATEMENT_PLAN_FIND, err);
    if (statement == NULL)
        return false;
    sqlite3_bind_text(statement, 1, sha256, -1, SQLITE_STATIC);
    return sqlite_integer(store, statement, seq, err);
}

bool sqlite_plan_count(struct log *log, int64_t *count, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    sqlite3_stmt *statement = sqlite_take(store, STATEMENT_PLAN_COUNT, err);
    return statement && sqlite_integer(store, statement, count, err);
}
