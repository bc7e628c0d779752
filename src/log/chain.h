/* The hash chain: every row's hash covers the hash before it and all its columns.
 * Pure. BLAKE2b-256 over the tag "backout event 1\0", the hash before (32 zeros at seq 1), then each column as
 * type byte ('i' 8 bytes big endian, 't' text, 'b' bytes), length (8 bytes big endian), bytes. A golden vector stands in docs/log.md. */
#ifndef BACKOUT_LOG_CHAIN_H
#define BACKOUT_LOG_CHAIN_H

#include "incident/event.h"

struct digest chain_hash(const struct digest *before, const struct event *event);

#endif
