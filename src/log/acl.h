/* What POSIX ACLs (acl(5)) say of one file or folder, as permissions that hold: the mask is worked
 * in already. Owns nothing; reads and writes one object that the caller has opened with O_PATH, so
 * that no link is followed and no lock of SQLite's is lost. Never knows what a right is for.
 * Only acl.c includes libacl. */
#ifndef BACKOUT_LOG_ACL_H
#define BACKOUT_LOG_ACL_H

#include "base/err.h"

#include <sys/types.h>

/* Bits of one class: 4 read, 2 write, 1 enter or execute. */
struct acl_named {
    bool group; /* else a user */
    id_t id;
    unsigned bits;
};

struct acl {
    unsigned owner, group, other;
    struct acl_named *named; /* those whom it grants anything */
    size_t count;
};

enum acl_which {
    ACL_OF_ITSELF, /* for a plain mode too: then nobody is named */
    ACL_INHERITED, /* of a folder: what is made in it gets */
};

/* *acl is owned by `parent`; NULL where there is nothing to inherit, or no ACLs on that file
 * system.
 */
bool acl_read(const void *parent, int fd, enum acl_which which, struct acl **acl, struct err *err);

/* Sets exactly this, with a mask as wide as the widest; `acl` NULL: nothing is inherited. False
 * with ERR_UNAVAILABLE when the file system keeps no ACLs, ERR_ACCESS for who is neither owner nor
 * root. `path` is for the message. */
bool acl_write(int fd, enum acl_which which, const struct acl *acl, const char *path,
               struct err *err);

/* Whether both grant the same to the same; NULL is nothing. */
bool acl_same(const struct acl *a, const struct acl *b);

/* What the entry of that id grants beyond owner, group and others; 0 when it is not named. */
unsigned acl_named_bits(const struct acl *acl, bool group, id_t id);

/* The version it was built with: libacl doesn't tell the one it runs with. */
const char *acl_library(void);

#endif
