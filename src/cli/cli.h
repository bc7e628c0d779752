/* Line mode: the same words as the console's, for scripts, pipes, screen readers and dumb
 * terminals. Owns argument parsing, standard output and exit statuses. Never draws a screen: the
 * console is handed in by main, for neither may call the other. */
#ifndef BACKOUT_CLI_CLI_H
#define BACKOUT_CLI_CLI_H

#include "base/err.h"
#include "hub/hub.h"

struct loop;

/* What holds for every subcommand. */
struct cli_options {
    const char *store; /* --store, BACKOUT_STORE, or the user's data folder */
    bool store_given;  /* by --store or BACKOUT_STORE: then it must be made on purpose */
    const char *as;    /* the role in which its person asks; NULL: whichever lets them */
    bool read_only, json, ascii;
    bool repin; /* take the log as it is, whatever was seen of it */
};

/* Opens the full-screen console over a hub (which it then owns the use of) and returns the exit
 * status. `shut`: there is no way out of it but quitting. `incident` (0: none) is what it shows
 * first. `note` (may be NULL) is its first message. */
typedef int console_fn(struct loop *loop, struct hub *hub, bool ascii, bool shut, int64_t incident,
                       const char *note);

/* What main hands in from the console's room. */
struct cli_screen {
    console_fn *open;
    const char *curses; /* what it draws with, by name and version */
};

/* The whole program but the console. Returns the exit status (enum err_code). */
int cli_main(int argc, char **argv, const struct cli_screen *screen);

#endif
