#include "config.h"

#include "log/sqlite.h"

#include <string.h>

/* The columns as every statement over events names them. */
enum column {
    COLUMN_SEQ,
    COLUMN_COMMAND,
    COLUMN_PART,
    COLUMN_REQUEST,
    COLUMN_INCIDENT,
    COLUMN_AT,
    COLUMN_ACTOR,
    COLUMN_VIA,
    COLUMN_KIND,
    COLUMN_BODY,
    COLUMN_HASH,
};

/* ---- from event to row ----------------------------------------------------------------------- */

static void bind_digest(sqlite3_stmt *row, int column, const struct digest *digest) {
    sqlite3_bind_blob(row, column + 1, digest->bytes, sizeof digest->bytes, SQLITE_STATIC);
}

static void bind_event(sqlite3_stmt *row, const struct event *event) {
    sqlite_bind_integer(row, COLUMN_SEQ, event->seq);
    sqlite_bind_text(row, COLUMN_COMMAND, event->command);
    sqlite_bind_integer(row, COLUMN_PART, event->part);
    bind_digest(row, COLUMN_REQUEST, &event->request);
    sqlite_bind_integer(row, COLUMN_INCIDENT, event->incident);
    sqlite_bind_integer(row, COLUMN_AT, event->at_ms);
    sqlite_bind_text(row, COLUMN_ACTOR, event->actor);
    sqlite_bind_text(row, COLUMN_VIA, event->via);
    sqlite_bind_text(row, COLUMN_KIND, event->kind);
    sqlite_bind_text(row, COLUMN_BODY, event->body);
    bind_digest(row, COLUMN_HASH, &event->hash);
}

bool sqlite_insert(struct log *log, const struct event *event, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    sqlite3_stmt *row = sqlite_take(store, STATEMENT_INSERT, err);
    if (row == NULL)
        return false;
    bind_event(row, event);
    int code = sqlite_run(row);
    if (code == SQLITE_CONSTRAINT_UNIQUE)
        return log_appended_before(event, err);
    return code == SQLITE_DONE || sqlite_fail(store, code, "can't append to the store", err);
}

/* ---- from row to event ----------------------------------------------------------------------- */

/* Each answers false for a value that no event could have been written as: another type, bytes
 * behind a NUL that a reader of C strings would not see, a digest of another length.
 * The value is asked, not the row: SQLite then doesn't take the connection anew for each of the
 * thirty questions that an event is. It allows that where no other thread uses the connection, and
 * none does. */

static bool column_integer(sqlite3_stmt *row, int column, int64_t *integer) {
    sqlite3_value *value = sqlite3_column_value(row, column);
    *integer = sqlite3_value_int64(value);
    return sqlite3_value_type(value) == SQLITE_INTEGER;
}

static bool column_text(sqlite3_stmt *row, int column, const char **text) {
    sqlite3_value *value = sqlite3_column_value(row, column);
    if (sqlite3_value_type(value) != SQLITE_TEXT)
        return false;
    *text = (const char *)sqlite3_value_text(value);
    return *text && strlen(*text) == (size_t)sqlite3_value_bytes(value);
}

static bool column_digest(sqlite3_stmt *row, int column, struct digest *digest) {
    sqlite3_value *value = sqlite3_column_value(row, column);
    if (sqlite3_value_type(value) != SQLITE_BLOB || sqlite3_value_bytes(value) != DIGEST_BYTES)
        return false;
    memcpy(digest->bytes, sqlite3_value_blob(value), DIGEST_BYTES);
    return true;
}

static bool column_event(sqlite3_stmt *row, struct event *event) {
    return column_integer(row, COLUMN_SEQ, &event->seq) &&
           column_text(row, COLUMN_COMMAND, &event->command) &&
           column_integer(row, COLUMN_PART, &event->part) &&
           column_digest(row, COLUMN_REQUEST, &event->request) &&
           column_integer(row, COLUMN_INCIDENT, &event->incident) &&
           column_integer(row, COLUMN_AT, &event->at_ms) &&
           column_text(row, COLUMN_ACTOR, &event->actor) &&
           column_text(row, COLUMN_VIA, &event->via) &&
           column_text(row, COLUMN_KIND, &event->kind) &&
           column_text(row, COLUMN_BODY, &event->body) &&
           column_digest(row, COLUMN_HASH, &event->hash);
}

/* Hands on every row until `fn` has enough, then leaves the statement. */
static bool read_rows(struct sqlite_log *store, sqlite3_stmt *rows, log_event_fn *fn, void *data,
                      size_t *count, struct err *err) {
    struct event event = {0};
    bool fits = true, more = true;
    int code = SQLITE_DONE;
    while (more && (code = sqlite3_step(rows)) == SQLITE_ROW) {
        fits = column_event(rows, &event);
        more = fits && fn(data, &event);
        *count += fits;
    }
    sqlite_leave(rows);
    if (!fits)
        return log_damaged(&store->log, event.seq, "a column holds what no event has", err);
    return code == SQLITE_DONE || code == SQLITE_ROW ||
           sqlite_fail(store, code, "can't read the store", err);
}

bool sqlite_tip(struct log *log, struct log_tip *tip, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    *tip = (struct log_tip){0};
    sqlite3_stmt *row = sqlite_take(store, STATEMENT_TIP, err);
    if (row == NULL)
        return false;
    int code = sqlite3_step(row);
    bool fits = code != SQLITE_ROW ||
                (column_integer(row, 0, &tip->seq) && column_digest(row, 1, &tip->hash));
    sqlite_leave(row);
    if (!fits)
        return log_damaged(log, tip->seq, "its hash is none", err);
    return code == SQLITE_ROW || code == SQLITE_DONE ||
           sqlite_fail(store, code, "can't read the store", err);
}

bool sqlite_read(struct log *log, int64_t after, int64_t incident, log_event_fn *fn, void *data,
                 struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    bool any = incident == LOG_ANY_INCIDENT;
    size_t count = 0;
    sqlite3_stmt *rows = sqlite_take(store, any ? STATEMENT_READ : STATEMENT_READ_INCIDENT, err);
    if (rows == NULL)
        return false;
    sqlite3_bind_int64(rows, 1, after);
    if (!any)
        sqlite3_bind_int64(rows, 2, incident);
    return read_rows(store, rows, fn, data, &count, err);
}

bool sqlite_read_latest(struct log *log, log_event_fn *fn, void *data, struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    size_t count = 0;
    sqlite3_stmt *rows = sqlite_take(store, STATEMENT_READ_LATEST, err);
    return rows && read_rows(store, rows, fn, data, &count, err);
}

bool sqlite_find(struct log *log, const char *command, log_event_fn *fn, void *data, size_t *found,
                 struct err *err) {
    struct sqlite_log *store = sqlite_of(log);
    *found = 0;
    sqlite3_stmt *rows = sqlite_take(store, STATEMENT_FIND, err);
    if (rows == NULL)
        return false;
    sqlite3_bind_text(rows, 1, command, -1, SQLITE_STATIC);
    return read_rows(store, rows, fn, data, found, err);
}
