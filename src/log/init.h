/* Makes a store for those it is for, or sets right one that is there.
 * Owns nothing. Never touches a folder that holds anything but the store. */
#ifndef BACKOUT_LOG_INIT_H
#define BACKOUT_LOG_INIT_H

#include "base/err.h"
#include "log/audience.h"

#include <stdint.h>

struct init_asked {
    const char *group;   /* of the writers, by name; NULL: as it is, one user's where it is new */
    const char *viewers; /* a group's name, "all" or "none"; NULL: as it is, none where it is new */
};

/* Told of each thing done: "made the store /srv/backout/incidents.db". */
typedef void init_fn(void *data, const char *done);

/* Makes the folder (its parent must be there), the store, view/ and view/run/, whatever the umask,
 * or repairs their rights; doing it again changes nothing. Refuses, each with its own sentence: a
 * group that isn't there (ERR_NOT_FOUND) or isn't this user's (ERR_ACCESS), a place that isn't fit
 * for a store (as log_open), a folder below a world-writable one or one that holds other things
 * (ERR_REFUSED), a file that is none of ours (ERR_DAMAGED), viewers where no ACLs are kept
 * (ERR_UNAVAILABLE). What only its owner may change is ERR_ACCESS, after all the rest was done.
 * *audience gets whose it is now. */
bool log_init(const char *path, const struct init_asked *asked, int64_t now_ms,
              struct audience *audience, init_fn *say, void *data, struct err *err);

#endif
