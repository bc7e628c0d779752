/* Puts a backup in a store's place, and says so on the record.
 * Owns the moment of the change: everything is made and proven before, beside the store; under the
 * lock only the last event is appended and files change their names. Never overwrites anything. */
#ifndef BACKOUT_LOG_RESTORE_H
#define BACKOUT_LOG_RESTORE_H

#include "log/log.h"

struct restore_asked {
    const char *store;  /* its path; nothing need be there */
    const char *backup; /* a copy of it: of `backup`, or what an earlier restore kept */
    const char *reason, *actor, *via;
    int64_t now_ms;
};

struct restored {
    bool was_there;       /* a store that could be read */
    struct log_head from; /* its head, where it was */
    struct log_head to;   /* of the backup */
    struct log_head now;  /* with the event that says so */
    const char *kept;     /* what was there; NULL: nothing was */
};

/* Proves the file at `path` (LOG_COPY), as far as the caller can. */
typedef bool restore_prove_fn(void *data, const char *path, struct err *err);

/* Texts of *restored are owned by `parent`. ERR_DAMAGED: the backup isn't what it was when written.
 * ERR_REFUSED: it is another store's. What fails leaves the store as it was. */
bool log_restore(const void *parent, const struct restore_asked *asked, restore_prove_fn *prove,
                 void *data, struct restored *restored, struct err *err);

#endif
