/* What the commands on the shop's database share. Owns nothing: whoever opens, closes. */
#ifndef BACKOUT_DEMO_DATABASE_H
#define BACKOUT_DEMO_DATABASE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#define DATABASE "shop.db"

/* Flags of sqlite3_open_v2. False: it said why, and there is nothing to close. */
bool database_open(const char *path, int flags, sqlite3 **database);

/* The number that a query of one row and one column gives; -1 when it can't be asked, and it says
 * why. `bound` stands for its ?1, if it has one. */
int64_t database_number(sqlite3 *database, const char *sql, int64_t bound);

/* Says what SQLite says of its last error. Always false. */
bool database_complain(sqlite3 *database, const char *what);

#endif
