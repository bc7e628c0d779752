/* The export format: one event a line, every column, in a fixed order.
 * What is read back from it hashes to the same chain, so the body stands as it was hashed. */
#ifndef BACKOUT_CLI_EXPORT_H
#define BACKOUT_CLI_EXPORT_H

#include "incident/event.h"

/* {"seq","command","part","request","incident","at","actor","via","kind","body","hash"}, owned by
 * `parent`: digests in hex, `at` in ms since the epoch. A body that is no JSON (a damaged store) is
 * a string. */
char *export_line(const void *parent, const struct event *event);

#endif
