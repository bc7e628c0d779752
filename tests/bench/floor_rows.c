/* floor_rows STORE: steps through all events in their order and looks at every column, unparsed.
 * Prints "rows N". */
#include <sqlite3.h>
#include <stdio.h>

static int look(sqlite3_stmt *rows) {
    int bytes = 0;
    for (int column = 0; column < sqlite3_column_count(rows); column++) {
        if (sqlite3_column_type(rows, column) == SQLITE_INTEGER)
            bytes += (int)(sqlite3_column_int64(rows, column) & 1);
        else
            bytes +=
                sqlite3_column_blob(rows, column) != NULL ? sqlite3_column_bytes(rows, column) : 0;
    }
    return bytes;
}

int main(int argc, char **argv) {
    sqlite3 *database;
    sqlite3_stmt *rows;
    long count = 0, bytes = 0;
    if (argc != 2 || sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(database,
                           "SELECT seq, command, part, request, incident, at, actor, via, kind,"
                           " body, hash FROM events ORDER BY seq",
                           -1, &rows, NULL) != SQLITE_OK)
        return 1;
    for (; sqlite3_step(rows) == SQLITE_ROW; count++)
        bytes += look(rows);
    sqlite3_finalize(rows);
    sqlite3_close(database);
    printf("rows %ld\nbytes %ld\n", count, bytes);
    return 0;
}
