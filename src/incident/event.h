/* One row of the log: something that happened, never changed afterwards.
 * An event owns nothing by itself; its strings belong to whoever read or decided it (a talloc
 * parent). What a body means stands in bodies.h and events.c, one row per kind. */
#ifndef BACKOUT_INCIDENT_EVENT_H
#define BACKOUT_INCIDENT_EVENT_H

#include "base/digest.h"

#include <stdint.h>

struct event {
    int64_t seq;           /* from 1, without gaps; the only order there is */
    const char *command;   /* UUIDv7 (or a duty's derived id) made by whoever asked */
    int64_t part;          /* its nth event, from 0 */
    struct digest request; /* BLAKE2b of actor + command: tells a retry from a reused id */
    int64_t incident;      /* 0: of the store itself */
    int64_t at_ms;         /* the store's clock; never used for order */
    const char *actor;     /* a person, set where identity was verified */
    const char *via;       /* the door: console, line, runner, … */
    const char *kind;      /* "step.started" */
    const char *body;      /* JSON, exactly as hashed */
    struct digest hash;    /* over the hash before and every column above */
};

#endif
