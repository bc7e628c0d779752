/* Copies of a store, whole and of one moment, and files that are going to be one.
 * Owns nothing that lasts: what fails leaves no file behind. Never touches the store it copies. */
#ifndef BACKOUT_LOG_COPY_H
#define BACKOUT_LOG_COPY_H

#include "log/log.h"

/* Copies what `log` holds at this moment, whatever others write meanwhile, into a new file of its
 * user's own (0600), by whatever way it lies on its disk. On disk when this returns; it opens
 * anywhere with LOG_COPY, and as a store where it lies in a place for one. ERR_CONFLICT: there is a
 * file already. */
bool log_copy_out(struct log *log, const char *path, struct err *err);

/* A file beside the store at `store` (which need not be there) that nobody else knows of: it gets
 * the store's rights, and goes with this object unless it was put in the store's place. */
struct stage;
bool stage_new(const void *parent, const char *store, struct stage **stage, struct err *err);
const char *stage_path(const struct stage *stage);

/* Fills it: as a copy, or by `LOG_ALONE`, which makes an empty log of an empty file. */
bool stage_copy(struct stage *stage, struct log *from, struct err *err);
bool stage_open(struct stage *stage, struct log **log, struct err *err);

/* Begins the one transaction that it needs. Nobody else has the file, so there is no waiting. */
bool stage_begin(const struct stage *stage, struct log *log, struct err *err);

/* Closes what stage_open opened, as a file that writers of a store expect, and brings it to disk.
 */
bool stage_close(struct stage *stage, struct log *log, struct err *err);

/* What to do with a store that is there. */
enum stage_found {
    STAGE_KEEPS, /* it stays, under the name that *aside gets */
    STAGE_DROPS, /* it goes */
};

/* Puts it in the store's place. The caller holds the store's lock. The old file goes first, then
 * its WAL: no other order leaves a reader who opens both by name with two that don't belong
 * together. What fails is undone. */
bool stage_put(struct stage *stage, enum stage_found found, const char *aside, struct err *err);

/* The same by itself, lock and all, where nothing is there, or a store that holds no more than its
 * own creation: that one goes. ERR_CONFLICT: there is one that holds something. */
bool stage_put_new(struct stage *stage, struct err *err);

#endif
