/* The orders: a real database with a real migration. Every command opens it anew; the service
 * shares it with them, as services do. */
#include "config.h"

#include "data/demo/database.h"

#include "data/demo/shop.h"

#include <stdio.h>
#include <string.h>

#define OLD_SCHEMA 87
#define NEW_SCHEMA 88
#define PATIENCE   1000 /* ms; everybody holds the database for a moment only */

/* ---- opening, asking ---- */

bool database_complain(sqlite3 *database, const char *what) {
    fprintf(stderr, "shop: %s: %s\n", what, sqlite3_errmsg(database));
    return false;
}

bool database_open(const char *path, int flags, sqlite3 **database) {
    if (sqlite3_open_v2(path, database, flags, NULL) != SQLITE_OK) {
        database_complain(*database, path);
        sqlite3_close(*database);
        *database = NULL;
        return false;
    }
    sqlite3_busy_timeout(*database, PATIENCE);
    return true;
}

static bool database_do(sqlite3 *database, const char *sql) {
    return sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK ||
           database_complain(database, "the database refuses");
}

int64_t database_number(sqlite3 *database, const char *sql, int64_t bound) {
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK &&
        (sqlite3_bind_parameter_count(statement) == 0 ||
         sqlite3_bind_int64(statement, 1, bound) == SQLITE_OK) &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    else
        database_complain(database, "can't be asked");
    sqlite3_finalize(statement);
    return number;
}

static int64_t schema_of(sqlite3 *database) {
    return database_number(database, "PRAGMA user_version", 0);
}

/* ---- orders ---- */

static const char *insert_for(int64_t schema) {
    return schema >= NEW_SCHEMA
               ? "INSERT INTO orders (item, cents, coupon) VALUES ('shoes', ?1, 'AUTUMN')"
               : "INSERT INTO orders (item, cents) VALUES ('shoes', ?1)";
}

bool order_take(int64_t cents, int64_t schema) {
    sqlite3 *database;
    sqlite3_stmt *statement = NULL;
    if (!database_open(DATABASE, SQLITE_OPEN_READWRITE, &database))
        return false;
    bool taken =
        sqlite3_prepare_v2(database, insert_for(schema), -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_bind_int64(statement, 1, cents) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_DONE;
    if (!taken)
        database_complain(database, "can't take an order");
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return taken;
}

int database_count(char **words) {
    sqlite3 *database;
    (void)words;
    if (!database_open(DATABASE, SQLITE_OPEN_READONLY, &database))
        return SHOP_NO;
    printf("orders %lld\nschema %lld\n",
           (long long)database_number(database, "SELECT count(*) FROM orders", 0),
           (long long)schema_of(database));
    sqlite3_close(database);
    return SHOP_OK;
}

/* ---- schema ---- */

int database_make(char **words) {
    sqlite3 *database;
    (void)words;
    if (!database_open(DATABASE, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &database))
        return SHOP_NO;
    bool made =
        database_do(database, "BEGIN IMMEDIATE;"
                              "CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT NOT NULL,"
                              " cents INTEGER NOT NULL);"
                              "PRAGMA user_version = 87; COMMIT");
    sqlite3_close(database);
    return made ? SHOP_OK : SHOP_NO;
}

/* Up adds a column that 4.11 never looks at; down drops it, with what 4.12 wrote there. */
static const struct migration {
    const char *name, *sql;
    int64_t from, to;
} migrations[] = {
    {"up",
     "BEGIN IMMEDIATE; ALTER TABLE orders ADD COLUMN coupon TEXT; PRAGMA user_version = 88; COMMIT",
     OLD_SCHEMA, NEW_SCHEMA},
    {"down",
     "BEGIN IMMEDIATE; ALTER TABLE orders DROP COLUMN coupon; PRAGMA user_version = 87; COMMIT",
     NEW_SCHEMA, OLD_SCHEMA},
};

static bool migrate(sqlite3 *database, const struct migration *migration) {
    int64_t schema = schema_of(database);
    if (schema != migration->from)
        fprintf(stderr, "shop: migrate %s is from %lld, and the schema is %lld\n", migration->name,
                (long long)migration->from, (long long)schema);
    if (schema != migration->from || !database_do(database, migration->sql))
        return false;
    printf("schema %lld, was %lld\n", (long long)migration->to, (long long)schema);
    return true;
}

int database_migrate(char **words) {
    sqlite3 *database;
    bool migrated = false;
    if (!database_open(DATABASE, SQLITE_OPEN_READWRITE, &database))
        return SHOP_NO;
    for (size_t i = 0; i < ARRAY_SIZE(migrations); i++)
        if (strcmp(migrations[i].name, words[0]) == 0)
            migrated = migrate(database, &migrations[i]);
    sqlite3_close(database);
    return migrated ? SHOP_OK : SHOP_NO;
}

int database_schema_is(char **words) {
    sqlite3 *database;
    int64_t wanted;
    if (!number_read(words[0], 0, INT32_MAX, &wanted) ||
        !database_open(DATABASE, SQLITE_OPEN_READONLY, &database))
        return SHOP_NO;
    int64_t schema = schema_of(database);
    printf("schema %lld, wanted %lld\n", (long long)schema, (long long)wanted);
    sqlite3_close(database);
    return schema == wanted ? SHOP_OK : SHOP_NO;
}
