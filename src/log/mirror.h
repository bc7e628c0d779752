/* The mirror of a store: the live part of its log as lines, for who may read and not write.
 * Owns the file view/<name>.ndjson beside the store. Written by whoever holds the lock, after each
 * commit; it is derived, so it is never synced, and a failure to write it fails nothing else.
 * Never read to decide anything: the log is the log.
 *
 * First the base, the event that the chain goes on after; then carried lines: what a reader needs
 * of what is older (store-level events, each kind's newest; the open incidents and their plans);
 * then every event since, in order. A plan that stands before the base is carried once more right
 * before it is adopted. */
#ifndef BACKOUT_LOG_MIRROR_H
#define BACKOUT_LOG_MIRROR_H

#include "log/log_ops.h"
#include "log/place.h"

struct mirror;

/* When its chained part is longer than this, the base moves up. */
#define MIRROR_LIMIT (16 * 1024 * 1024)

/* The mirror of the store at `place`; no file is opened yet. `limit` is MIRROR_LIMIT but in tests.
 */
struct mirror *mirror_new(const void *parent, struct log_place *place, int64_t limit);

const char *mirror_path(const struct mirror *mirror);

/* Inside a transaction: keeps what is appended, so that it need not be read again. */
void mirror_begin(struct mirror *mirror, const struct log_tip *tip);
void mirror_keep(struct mirror *mirror, const struct event *event);

/* Brings the file up to the log's tip, under the lock: new lines are one write; a torn last line is
 * completed; a file that isn't this log's is replaced. mirror_trouble says how it went. */
void mirror_write(struct mirror *mirror, struct log *log);

/* NULL after a mirror_write that went well, and before the first. */
const struct err *mirror_trouble(const struct mirror *mirror);

/* Whether the file ends where the log does; without the lock, so that it may be a moment behind.
 * False: err says how far it is; ERR_NOT_FOUND when there is none. */
bool mirror_check(struct mirror *mirror, struct log *log, struct err *err);

/* Whether all that viewers read there is what the log says, and nothing is missing that they need;
 * the whole file is read. ERR_DAMAGED names what isn't so; any other code: it can't be read,
 * or is another log's, which the next writer replaces. */
bool mirror_prove(const struct mirror *mirror, struct log *log, struct err *err);

#endif
