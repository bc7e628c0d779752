/* Following a step to its end, for --wait; and waiting for what must be known before a command.
 * Owns nothing of the step: a waiter that is killed changes nothing for what it waited for. */
#ifndef BACKOUT_CLI_WAIT_H
#define BACKOUT_CLI_WAIT_H

#include "cli/subcommand.h"
#include "hub/hub.h"

struct loop;

/* Follows the attempt under way of that step, printing output lines as they come. True when it is
 * done; false (ERR_REFUSED) says how else it ended. */
bool wait_for_step(struct call *call, struct hub *hub, struct loop *loop, int64_t incident,
                   const char *step);

/* Settles what runners left unsaid, so that what comes next meets what is true; ten seconds at
 * most.
 */
void wait_for_lost(struct hub *hub, struct loop *loop);

#endif
