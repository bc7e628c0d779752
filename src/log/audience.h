/* Who a store is for: the people who write it, and those who only look.
 * Owns nothing; asks the system for users and groups. A store's folder says the first (its group,
 * where it is setgid), its view/ the second: nothing else keeps it. */
#ifndef BACKOUT_LOG_AUDIENCE_H
#define BACKOUT_LOG_AUDIENCE_H

#include "log/place.h"

#include <sys/types.h>

enum viewers { VIEWERS_NONE, VIEWERS_GROUP, VIEWERS_ALL };

struct audience {
    bool shared; /* a group writes; else one user alone */
    gid_t group; /* that group */
    enum viewers viewers;
    gid_t viewers_group; /* VIEWERS_GROUP */
};

/* As `folder` (real) and its view/ are now. A folder without a view/ has no viewers. */
bool audience_find(const char *folder, struct audience *audience, struct err *err);

/* That this user may do nothing with the store, and who may; always false. */
bool audience_refuse(const struct log_place *place, struct err *err);

/* The group of that name, or of that number. ERR_NOT_FOUND says which one may have been meant. */
bool group_find(const char *name, gid_t *group, struct err *err);

/* Whether this process may hand a file of its own to the group: it is in it, or root. */
bool group_is_ours(gid_t group);

/* "ops", or "54321" for one without a name; "ana, bo": who is in it, by its list or as their own
 * group, "" when nobody is known; "group ops (ana, bo)". Owned by `parent`. */
char *group_name(const void *parent, gid_t group);
char *group_words(const void *parent, gid_t group);
char *group_people(const void *parent, gid_t group);

#endif
