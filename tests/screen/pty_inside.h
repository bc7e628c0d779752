/* What the two files of the pty share: pty.c (the program and the person) and pty_screen.c (what is
 * seen). Nobody else includes it. */
#ifndef BACKOUT_TESTS_SCREEN_PTY_INSIDE_H
#define BACKOUT_TESTS_SCREEN_PTY_INSIDE_H

#include "tests/screen/pty.h"

#include <vterm.h>

struct pty {
    int master, slave; /* the slave is kept for its modes and counts */
    struct termios first_modes;
    int report; /* the shell's pipe: the program's pid, then its status */
    pid_t shell, pid;
    bool mute, stalled, ended;
    int status;
    VTerm *vterm;
    VTermScreen *screen;
    int rows, cols;
    bool alternate, cursor_shown;
    VTermPos cursor;
    char *sent;
    size_t sent_length;
    char *text;
    char run_time[64]; /* schedstat's line at the last look */
};

/* pty_screen.c: the terminal that draws. */
void pty_screen_open(struct pty *pty);
void pty_screen_draw(struct pty *pty, const char *bytes, size_t length);

#endif
