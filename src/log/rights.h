/* What a store's folders and files must be like for those it is for: one table of modes and ACLs.
 * `init` sets it, `doctor` holds it against what is there; who makes a file asks it for the mode.
 * Owns nothing. Looks through O_PATH descriptors: opening and closing a database file beside an
 * open connection would drop SQLite's locks, and a link that somebody put there leads nowhere. */
#ifndef BACKOUT_LOG_RIGHTS_H
#define BACKOUT_LOG_RIGHTS_H

#include "log/audience.h"
#include "log/place.h"

/* One folder or file of the store that is there. */
struct right {
    const char *path;
    const char *is, *should; /* "644", "660"; both NULL: it is as it should be */
    bool foreign;            /* it can't be set right: it is none of the store's files */
    const struct right_parts *parts;
};

typedef bool rights_fn(void *data, const struct right *right);

/* Calls `fn` for each: the database's files, then what is below view/ from the innermost out, then
 * the store's folder. Stops when `fn` answers false, and then answers false too. */
bool rights_each(const struct log_place *place, const struct audience *audience, rights_fn *fn,
                 void *data, struct err *err);

/* Makes it as it should be. ERR_ACCESS: only its owner and root can. */
bool right_repair(const struct right *right, struct err *err);

/* Refuses a place below a folder in which anybody could put another one in its stead. */
bool rights_judge_parents(const char *folder, struct err *err);

#endif
