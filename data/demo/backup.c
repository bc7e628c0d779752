/* A backup of the orders, the proof that it can be restored, and the restoring itself. */
#include "config.h"

#include "data/demo/database.h"
#include "data/demo/shop.h"

#include <stdio.h>

#define READ  SQLITE_OPEN_READONLY
#define WRITE (SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)

/* A copy of everything, while others go on writing. */
static bool copy_all(sqlite3 *from, sqlite3 *to) {
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup)
        sqlite3_backup_step(backup, -1);
    return (backup && sqlite3_backup_finish(backup) == SQLITE_OK) ||
           database_complain(to, "can't copy");
}

static bool copy_file(const char *from_path, const char *to_path) {
    sqlite3 *from, *to;
    if (!database_open(from_path, READ, &from))
        return false;
    bool copied = database_open(to_path, WRITE, &to);
    if (copied) {
        copied = copy_all(from, to);
        sqlite3_close(to);
    }
    sqlite3_close(from);
    return copied;
}

int database_backup(char **words) {
    if (!copy_file(DATABASE, words[0]))
        return SHOP_NO;
    printf("wrote %s\n", words[0]);
    return SHOP_OK;
}

int database_restore(char **words) {
    if (!copy_file(words[0], DATABASE))
        return SHOP_NO;
    printf("restored %s\n", words[0]);
    return SHOP_OK;
}

/* Orders are only ever added, so what stood there when the backup was made stands there still. */
static const char *const comparisons[] = {
    "SELECT count(*) FROM orders WHERE id <= ?1",
    "SELECT total(cents) FROM orders WHERE id <= ?1",
    "SELECT total(id) FROM orders WHERE id <= ?1",
};

static bool is_equal(sqlite3 *live, sqlite3 *restored) {
    int64_t last = database_number(restored, "SELECT max(id) FROM orders", 0);
    bool equal = last > 0 && database_number(live, "PRAGMA user_version", 0) ==
                                 database_number(restored, "PRAGMA user_version", 0);
    for (size_t i = 0; i < ARRAY_SIZE(comparisons); i++)
        equal = equal && database_number(live, comparisons[i], last) ==
                             database_number(restored, comparisons[i], last);
    printf("%s: orders 1 to %lld\n", equal ? "restored and equal" : "NOT EQUAL", (long long)last);
    return equal;
}

/* Restores the backup beside the live database and compares the two. */
static bool prove(sqlite3 *live, sqlite3 *backup, sqlite3 *restored) {
    return copy_all(backup, restored) &&
           database_number(restored, "SELECT integrity_check = 'ok' FROM pragma_integrity_check",
                           0) == 1 &&
           is_equal(live, restored);
}

int database_prove(char **words) {
    sqlite3 *live = NULL, *backup = NULL, *restored = NULL;
    bool proved = database_open(DATABASE, READ, &live) && database_open(words[0], READ, &backup) &&
                  database_open(":memory:", WRITE, &restored) && prove(live, backup, restored);
    sqlite3_close(live);
    sqlite3_close(backup);
    sqlite3_close(restored);
    return proved ? SHOP_OK : SHOP_NO;
}
