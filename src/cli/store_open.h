/* Which store a call means, and opening it.
 * Owns the rule for the default path. Never makes a store for who only looks. */
#ifndef BACKOUT_CLI_STORE_OPEN_H
#define BACKOUT_CLI_STORE_OPEN_H

#include "cli/subcommand.h"
#include "log/log.h"

/* What the call will do with it. */
enum store_use {
    STORE_LOOK,  /* reads; where it isn't the log that was seen, says so and goes on */
    STORE_PROVE, /* reads, and judges that by itself */
    STORE_WRITE, /* asks commands of a store that exists */
    STORE_MAKE,  /* the same, and makes it where there is none */
    STORE_SHOW,  /* the same, but looking is better than nothing: the console */
};

/* Under what the environment says: BACKOUT_STORE, else backout/backout.db in the user's data folder
 * (XDG Base Directory Specification, $XDG_DATA_HOME). Owned by `parent`. */
bool store_choose(const void *parent, const char *given, struct cli_options *options,
                  struct err *err);

/* Where what this user saw of stores is kept: $XDG_STATE_HOME/backout/pins, else in
 * ~/.local/state; NULL for who has no home. */
const char *store_pins(const void *parent);

/* Of a change that no hub made: whoever made it has seen this head, and the system's log is told.
 */
void store_keep_head(const struct call *call, const struct log_head *head, const char *what);

/* The hub, owned by the call. `via` is the door's name: "line", "console". Where the store was made
 * just now, a note says so. Who only looks, and may not open the store but its mirror, gets that.
 */
bool store_open(struct call *call, enum store_use use, const char *via, struct hub **hub);

/* The hub over a file of lines, or where none is named over the store's mirror; never over the
 * store. */
bool store_watch(struct call *call, const char *file, struct hub **hub);

/* Says in a note when there are viewers who see an older state than the hub's. */
void store_note_viewers(struct call *call, struct hub *hub);

#endif
