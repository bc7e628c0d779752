/* Small files beside a store, by which its processes agree: the lock, the leases.
 * Such a file holds records of one size, so that writing one never changes its length: that would
 * put a journal commit of the file system into every append.
 * Owns nothing: descriptors are the caller's. Never waits, and never syncs: what stands there is
 * worth nothing after the machine has stopped. */
#ifndef BACKOUT_LOG_SIDE_H
#define BACKOUT_LOG_SIDE_H

#include <stdbool.h>
#include <sys/types.h>

/* Bytes of a record, the newline at its end among them. */
#define SIDE_RECORD 128

/* The file, open for reading and writing; made with exactly `mode` where there is none. -1: errno
 * says why. */
int side_open(const char *path, mode_t mode);

/* Whether what is open isn't the file at its name any more: somebody took that away. */
bool side_was_replaced(int fd);

/* One record, the nth from 0, as one line; longer texts are cut. */
bool side_write(int fd, size_t nth, const char *text);

/* What stands there, cleaned, for who may write it is not who reads it; "" where nothing does.
 * Owned by `parent`. */
char *side_read(const void *parent, int fd, size_t nth);

#endif
