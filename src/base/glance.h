/* What a file is, without its times.
 * Who asks for the time of the last write makes Linux stamp the next one more finely than a clock's
 * tick, and so does it that every write changes the inode; some file systems then write that down
 * with each fdatasync of any file near it. So what is asked at every append is asked here.
 * Owns nothing, and never opens anything. */
#ifndef BACKOUT_BASE_GLANCE_H
#define BACKOUT_BASE_GLANCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct glance {
    uint32_t device_major, device_minor;
    uint64_t inode;
    off_t size;
    uint32_t links; /* 0: it has no name any more */
    bool plain;     /* no folder, link, device or pipe */
};

/* Of what is open. False: errno says why. */
bool glance_open(int fd, struct glance *glance);
/* Of what that name leads to; or of the name itself, should it be a link. */
bool glance_followed(const char *path, struct glance *glance);
bool glance_itself(const char *path, struct glance *glance);

/* Whether both are of one file. */
bool glance_same(const struct glance *one, const struct glance *other);

#endif
