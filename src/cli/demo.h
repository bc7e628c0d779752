/* `backout demo`: a throwaway store and a real little service with a bad release, to take back.
 * Owns a folder of its own and the processes it starts; at its end neither is left.
 * Never touches any other store, and talks to nobody: what asks the service is the shop's program.
 */
#ifndef BACKOUT_CLI_DEMO_H
#define BACKOUT_CLI_DEMO_H

#include "cli/cli.h"

/* `words` are what follows `demo`, ended by NULL: --headless, --keep, --pace fast|human. Returns
 * the exit status; what went wrong has been said. */
int demo_main(const struct cli_options *options, char **words, console_fn *console);

#endif
