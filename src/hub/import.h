/* A store made of lines: an export's, or a mirror's when its host is dead.
 * Owns the making, beside the store's place; nothing is there before all of it is proven. */
#ifndef BACKOUT_HUB_IMPORT_H
#define BACKOUT_HUB_IMPORT_H

#include "log/log.h"

struct import_asked {
    const char *store; /* its path: nothing may be there, or a store that holds nothing yet */
    const char *file;
    const char *reason; /* of a continuation; may be NULL */
    const char *actor, *via;
    int64_t now_ms;
};

struct imported {
    int64_t events;      /* that were taken */
    int64_t torn;        /* bytes of a last line that were left, of a continuation */
    struct log_head old; /* of the file */
    struct log_head now; /* of the store */
};

/* The same log again: same store, same events, same hashes. ERR_DAMAGED names the line of whatever
 * isn't as it was written, and of what is missing; ERR_REFUSED: the file doesn't begin at event 1;
 * ERR_CONFLICT: there is a store. */
bool hub_import(const struct import_asked *asked, struct imported *imported, struct err *err);

/* A new store that goes on from what the file holds: its first events say from where, the next are
 * the file's, chained anew. */
bool hub_continue(const struct import_asked *asked, struct imported *imported, struct err *err);

#endif
