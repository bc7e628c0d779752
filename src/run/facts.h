/* What a command's row asks its door to look up outside, before it is submitted: files, users, this
 * host. decide() compares; it never looks. */
#ifndef BACKOUT_RUN_FACTS_H
#define BACKOUT_RUN_FACTS_H

#include "incident/command.h"

/* Gathers the facts of the command's row into `facts` (texts owned by `parent`), but for the pid of
 * a runner, which its door holds. `run_folder` is where output is kept. */
bool facts_gather(const void *parent, const struct command *command, const char *run_folder,
                  struct facts *facts, struct err *err);

#endif
