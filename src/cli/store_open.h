/* Which store a call means, and opening it.
 * Owns the rule for the default path. Never makes a store for who only looks. */
#ifndef BACKOUT_CLI_STORE_OPEN_H
#define BACKOUT_CLI_STORE_OPEN_H

#include "cli/subcommand.h"

/* What the call will do with it. */
enum store_use {
    STORE_LOOK,  /* reads */
    STORE_WRITE, /* asks commands of a store that exists */
    STORE_MAKE,  /* the same, and makes it where there is none */
};

/* Under what the environment says: BACKOUT_STORE, else backout/backout.db in the user's data folder
 * (XDG Base Directory Specification, $XDG_DATA_HOME). Owned by `parent`. */
bool store_choose(const void *parent, const char *given, struct cli_options *options,
                  struct err *err);

/* Makes each folder on the way that isn't there yet, for its user alone. One that can't be made
 * shows when the store is opened, which names it. */
void store_make_folders(const char *path);

/* The hub, owned by the call. `via` is the door's name: "line", "console". Where the store was made
 * just now, a note says so. */
bool store_open(struct call *call, enum store_use use, const char *via, struct hub **hub);

#endif
