/* The courier: the process that brings one page to its channel's program, and tells the store how
 * that went. `backout courier --store PATH` (internal; started by a keeper), its pipe on descriptor
 * HOLD_FD. It outlives the console that sent it, and never asks for more than its page. */
#ifndef BACKOUT_KEEPER_COURIER_H
#define BACKOUT_KEEPER_COURIER_H

#include "base/err.h"
#include "incident/deliveries.h"

/* Sends one out with a page that is due. False: none could be started. */
bool courier_send(const char *store, const struct command *page, struct err *err);

/* Whether we may run the programs of all channels that need a courier: who may not leaves it to who
 * may. `channel` gets the first that we may not; NULL where there is none. */
bool courier_can_serve(const struct roster *roster, const struct channel **channel);

/* The courier's own life. Returns the exit status of the process. */
int courier_main(const char *store, int pipe_fd);

#endif
