#include "config.h"

#include "log/sqlite.h"

#include "base/array.h"

#include <string.h>

#define KEPT_NOTHING "nothing of it was kept"

/* The results that people can do something about; the rest keep SQLite's own words. */
static const struct failure {
    int code;
    enum err_code err;
    const char *reason;
    const char *remedy;
} failures[] = {
    {
        .code = SQLITE_FULL,
        .err = ERR_UNAVAILABLE,
        .reason = "its disk is full",
        .remedy = "make room on that file system and try again: " KEPT_NOTHING,
    },
    {
        .code = SQLITE_IOERR,
        .err = ERR_UNAVAILABLE,
        .reason = "its disk fails or is full",
        .remedy = "see what the kernel says (dmesg, df)",
    },
    {
        .code = SQLITE_BUSY,
        .err = ERR_UNAVAILABLE,
        .reason = "another program holds it",
        .remedy = "try again; close any other program that has the file open",
    },
    {
        .code = SQLITE_LOCKED,
        .err = ERR_UNAVAILABLE,
        .reason = "another program holds it",
        .remedy = "try again; close any other program that has the file open",
    },
    {
        .code = SQLITE_READONLY,
        .err = ERR_ACCESS,
        .reason = "it may only be read",
        .remedy = "see the rights of the file and of its folder (`backout doctor`)",
    },
    {
        .code = SQLITE_PERM,
        .err = ERR_ACCESS,
        .reason = "it may not be opened",
        .remedy = "see the rights of the file and of its folder (`backout doctor`)",
    },
    {
        .code = SQLITE_CANTOPEN,
        .err = ERR_ACCESS,
        .reason = "it or the -wal and -shm files beside it can't be opened",
        .remedy = "become a user who may write to its folder; or copy the file and its -wal to a "
                  "folder of your own, and read the copy",
    },
    {
        .code = SQLITE_CORRUPT,
        .err = ERR_DAMAGED,
        .reason = "a page of it is damaged",
        .remedy = "stop writing to it, keep a copy, and restore a backup or an export",
    },
    {
        .code = SQLITE_ERROR, /* statements are ours and right: the tables are not */
        .err = ERR_DAMAGED,
        .reason = "its tables are not those of a store",
        .remedy = "stop writing to it, keep a copy, and restore a backup or an export",
    },
    {
        .code = SQLITE_NOTADB,
        .err = ERR_DAMAGED,
        .reason = "it isn't a store of backout",
        .remedy = "name a store, or make one with `backout init`",
    },
    {
        .code = SQLITE_TOOBIG, /* what is written is measured before */
        .err = ERR_DAMAGED,
        .reason = "a text of it is longer than any that is written",
        .remedy = "stop writing to it, keep a copy, and restore a backup or an export",
    },
};

static const struct failure *find(int code) {
    for (size_t i = 0; i < ARRAY_SIZE(failures); i++)
        if (failures[i].code == (code & 0xff))
            return &failures[i];
    return NULL;
}

bool sqlite_fail_at(const char *path, int code, const char *what, struct err *err) {
    const struct failure *failure = find(code);
    if (failure)
        return err_set(err, failure->err, what, err_fmt(err, "%s: %s", path, failure->reason),
                       failure->remedy);
    return err_set(err, ERR_UNAVAILABLE, what,
                   err_fmt(err, "%s: %s (SQLite %d)", path, sqlite3_errstr(code), code),
                   "see `backout doctor`");
}

bool sqlite_fail(const struct sqlite_log *store, int code, const char *what, struct err *err) {
    return sqlite_fail_at(store->log.path, code, what, err);
}
