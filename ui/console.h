/* The console: one loop that turns input into actions, actions into commands, answers and events
 * into a frame.
 * Owns the terminal and the views. Never blocks and never draws outside of its one place. */
#ifndef BACKOUT_UI_CONSOLE_H
#define BACKOUT_UI_CONSOLE_H

#include "hub/hub.h"

struct loop;

/* Runs until its person quits or the terminal goes; the exit status. `incident` (0: none) is shown
 * first; `note` (may be NULL) is the first message. `shut`: its person may not get out of the
 * program to a shell or to another one, but by quitting. */
int console_run(struct loop *loop, struct hub *hub, bool ascii, bool shut, int64_t incident,
                const char *note);

#endif
