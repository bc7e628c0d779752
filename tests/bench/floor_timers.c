/* floor_timers: the ten timers and two clocks of the board on a store of five running steps, in the
 * same places and the same looks, drawn once a second as one draws with curses: erase, print,
 * refresh. q quits. */
#include <curses.h>
#include <locale.h>
#include <time.h>

#define STEPS 5
#define BOX_S 540

static void draw_title(long spent_s, long now_s) {
    attrset(A_BOLD);
    mvprintw(0, 1, "SEV1 INC-1 Ten things at once");
    mvprintw(0, 61, "T+%ld:%02ld", spent_s / 60, spent_s % 60);
    attrset(A_DIM);
    mvprintw(0, 72, "%02ld:%02ld:%02ld UTC", now_s / 3600 % 24, now_s / 60 % 60, now_s % 60);
}

static void draw_step(int i, long spent_s) {
    long left_s = BOX_S - spent_s;
    attrset(A_NORMAL);
    mvprintw(7 + i, 3, "%2d step%02d", i + 1, i + 1);
    mvprintw(7 + i, 20, "One of ten");
    mvprintw(7 + i, 72, "%d step%02d", i + 1, i + 1);
    attrset(A_BOLD);
    mvprintw(7 + i, 54, "%2ld:%02ld / %2d:%02d", spent_s / 60, spent_s % 60, BOX_S / 60,
             BOX_S % 60);
    mvprintw(7 + i, 90, "in %2ld:%02ld", left_s / 60, left_s % 60);
}

static void draw(long began_s, long now_s) {
    erase();
    draw_title(now_s - began_s, now_s);
    attrset(A_NORMAL);
    mvprintw(6, 1, "STEPS 0 of 10 done, 5 run");
    for (int i = 0; i < STEPS; i++)
        draw_step(i, now_s - began_s);
    refresh();
}

int main(void) {
    struct timespec began, now;
    setlocale(LC_ALL, "");
    initscr();
    cbreak();
    noecho();
    curs_set(0);
    clock_gettime(CLOCK_REALTIME, &began);
    do {
        clock_gettime(CLOCK_REALTIME, &now);
        draw((long)began.tv_sec, (long)now.tv_sec);
        timeout(1000 - (int)(now.tv_nsec / 1000000));
    } while (getch() != 'q');
    endwin();
    return 0;
}
