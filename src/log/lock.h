/* The lock file beside a store: whoever writes or checkpoints holds it.
 * Owns one descriptor and the name of the holder that stands in the file. The kernel frees the lock
 * when its process dies, so there is no stale lock and nothing to clean up.
 * Never waits longer than one slice, so that the loop of a console keeps turning. */
#ifndef BACKOUT_LOG_LOCK_H
#define BACKOUT_LOG_LOCK_H

#include "base/err.h"

#include <sys/types.h>

#define LOCK_SLICE_MS 10

struct write_lock;

enum lock_take {
    LOCK_TAKEN,
    LOCK_WAITING, /* somebody holds it: a slice passed */
    LOCK_FAILED,  /* err is set */
};

/* Opens the file, or makes it with exactly `mode`. NULL: err is set. */
struct write_lock *lock_open(const void *parent, const char *path, mode_t mode, struct err *err);

/* Waits at most one slice. Once taken, `me` stands in the file for others to see. */
enum lock_take lock_take(struct write_lock *lock, const char *me, struct err *err);

/* Takes it only if nobody has it. */
bool lock_try(struct write_lock *lock, const char *me);

/* Slices until it is taken, at most `limit_ms`; then ERR_UNAVAILABLE names the holder. */
bool lock_wait(struct write_lock *lock, const char *me, int limit_ms, struct err *err);

/* One that isn't held, and none at all, is fine. */
void lock_release(struct write_lock *lock);

/* What the holder wrote, cleaned; "" when nobody holds it. */
char *lock_holder(const void *parent, struct write_lock *lock);

/* One line for whoever holds the lock next, who alone may read it; longer ones are cut. "" where
 * nothing was ever kept. */
void lock_keep(struct write_lock *lock, const char *text);
char *lock_kept(const void *parent, struct write_lock *lock);

#endif
