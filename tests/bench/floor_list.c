/* floor_list [STORE]: the least a list in a terminal can cost. 200 rows, made up or read from the
 * index of a store, with one of them highlighted; Down moves, q quits. */
#include <curses.h>
#include <locale.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#define ROWS_MOST 200

struct row {
    char text[160];
};

static int make_up(struct row *rows) {
    for (int i = 0; i < ROWS_MOST; i++)
        snprintf(rows[i].text, sizeof(rows[i].text), "SEV%d %5d  Roll back release %d  closed",
                 1 + i % 4, ROWS_MOST - i, i);
    return ROWS_MOST;
}

static int read_rows(const char *store, struct row *rows) {
    sqlite3 *database;
    sqlite3_stmt *statement;
    int count = 0;
    if (sqlite3_open_v2(store, &database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(database,
                           "SELECT severity, number, title, state FROM incidents"
                           " ORDER BY number DESC LIMIT 200",
                           -1, &statement, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", store, sqlite3_errmsg(database));
        exit(1);
    }
    while (count < ROWS_MOST && sqlite3_step(statement) == SQLITE_ROW) {
        struct row *row = &rows[count++];
        snprintf(row->text, sizeof(row->text), "SEV%d %5d  %-50s  %s",
                 sqlite3_column_int(statement, 0), sqlite3_column_int(statement, 1),
                 (const char *)sqlite3_column_text(statement, 2),
                 (const char *)sqlite3_column_text(statement, 3));
    }
    sqlite3_finalize(statement);
    return count;
}

static void draw(const struct row *rows, int count, int selected) {
    erase();
    for (int i = 0; i < count && i < LINES - 1; i++) {
        attrset(i == selected ? A_REVERSE : A_NORMAL);
        mvprintw(i, 0, "%-*.*s", COLS, COLS, rows[i].text);
    }
    attrset(A_BOLD);
    mvprintw(LINES - 1, 0, "row-%d of %d", selected + 1, count);
    refresh();
}

int main(int argc, char **argv) {
    static struct row rows[ROWS_MOST];
    int selected = 0, key = 0;
    setlocale(LC_ALL, "");
    int count = argc > 1 ? read_rows(argv[1], rows) : make_up(rows);
    initscr();
    cbreak();
    noecho();
    keypad(stdscr, TRUE);
    curs_set(0);
    while (key != 'q') {
        draw(rows, count, selected);
        key = getch();
        if (key == KEY_DOWN && selected < count - 1)
            selected++;
    }
    endwin();
    return 0;
}
