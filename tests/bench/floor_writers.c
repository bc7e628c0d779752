/* floor_writers STORE SECONDS WRITERS SCHEMA: so many processes that append to one SQLite file as
 * one does without a lock of one's own: WAL, synchronous FULL, busy_timeout, BEGIN IMMEDIATE, the
 * same two rows as backout writes (without their hashes), COMMIT. Prints "rate N", all of their
 * commits a second, and "longest_ms N", the longest that one of them waited for a commit. */
#include "config.h"

#include "tests/bench/clock.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct tally {
    double count, longest_ms;
};

static sqlite3 *open_store(const char *path) {
    sqlite3 *database = NULL;
    if (sqlite3_open(path, &database) != SQLITE_OK)
        exit(1);
    sqlite3_busy_timeout(database, 60000);
    sqlite3_exec(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", NULL, NULL,
                 NULL);
    return database;
}

static void make_store(const char *path, const char *schema) {
    if (access(path, F_OK) == 0)
        return;
    static char sql[1 << 16];
    FILE *file = fopen(schema, "re");
    size_t length = file ? fread(sql, 1, sizeof(sql) - 1, file) : 0;
    sqlite3 *database = open_store(path);
    if (length == 0 || sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        exit(1);
    fclose(file);
    sqlite3_close(database);
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql) {
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
        exit(1);
    return statement;
}

static void run(sqlite3_stmt *statement) {
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (code != SQLITE_DONE) {
        fprintf(stderr, "%s\n", sqlite3_errstr(code));
        exit(1);
    }
}

static struct tally append_for(const char *path, double seconds) {
    sqlite3 *database = open_store(path);
    sqlite3_stmt *begin = prepare(database, "BEGIN IMMEDIATE");
    sqlite3_stmt *commit = prepare(database, "COMMIT");
    sqlite3_stmt *event = prepare(
        database, "INSERT INTO events VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM events), ?, 0,"
                  " zeroblob(32), 1, 1794492482000, 'ana', 'line', 'note.written',"
                  " '{\"text\":\"errors in the EU doubled after the last deploy, 17 of 40\"}',"
                  " zeroblob(32))");
    sqlite3_stmt *incident = prepare(
        database, "REPLACE INTO incidents SELECT 1, 'A benchmark', 2, 'declared', 'shop', '', 0, 1,"
                  " 1794492482000, 0, max(seq) FROM events");
    struct tally tally = {0};
    double end_ms = clock_ms() + seconds * 1e3;
    for (double from_ms; (from_ms = clock_ms()) < end_ms; tally.count++) {
        char id[64];
        snprintf(id, sizeof(id), "019a7d3c-%012.0f-%08d", tally.count, (int)getpid());
        run(begin);
        sqlite3_bind_text(event, 1, id, -1, SQLITE_STATIC);
        run(event);
        run(incident);
        run(commit);
        double waited_ms = clock_ms() - from_ms;
        tally.longest_ms = waited_ms > tally.longest_ms ? waited_ms : tally.longest_ms;
    }
    return tally;
}

int main(int argc, char **argv) {
    int ends[2];
    if (argc != 5 || pipe(ends) != 0)
        return 2;
    double seconds = strtod(argv[2], NULL);
    int writers = (int)strtol(argv[3], NULL, 10);
    struct tally all = {0}, one;
    make_store(argv[1], argv[4]);
    for (int i = 0; i < writers; i++) {
        if (fork() == 0) {
            one = append_for(argv[1], seconds);
            _exit(write(ends[1], &one, sizeof(one)) == sizeof(one) ? 0 : 1);
        }
    }
    close(ends[1]);
    int ended = 0;
    for (; read(ends[0], &one, sizeof(one)) == sizeof(one); ended++) {
        all.count += one.count;
        all.longest_ms = one.longest_ms > all.longest_ms ? one.longest_ms : all.longest_ms;
    }
    while (wait(NULL) > 0) {
        /* They have told all they had to. */
    }
    printf("rate %.1f\nlongest_ms %.1f\n", all.count / seconds, all.longest_ms);
    return ended == writers ? 0 : 1;
}
