/* The hash chain: every row's hash covers the hash before it and all its columns.
 * Pure. Owns nothing; never reads a row by itself.
 * BLAKE2b-256 over the tag "backout event 1" with its NUL, the hash before (32 zeros at seq 1),
 * then seq, command, part, request, incident, at, actor, via, kind, body, each as a type byte
 * ('i' an integer in 8 bytes, 't' text, 'b' bytes), its length in 8 bytes, and its bytes; all
 * numbers big endian, two's complement. A golden vector stands in docs/log.md. */
#ifndef BACKOUT_LOG_CHAIN_H
#define BACKOUT_LOG_CHAIN_H

#include "incident/event.h"

/* The hash that belongs to `event`, whose own `hash` is not looked at. */
struct digest chain_hash(const struct digest *before, const struct event *event);

#endif
