/* The bell: hears when a mirror, or any file of lines, is written, put in place or taken away.
 * Owns one inotify instance with one watch, on the file's folder: a watch on the file would go
 * silent when it is replaced. It only ever says that something may be new; whoever hears it reads.
 * Never blocks, and never fails: where it can't listen (fs.inotify.max_user_instances is used up,
 * the folder isn't there yet), whoever needs to know must look by itself now and then. */
#ifndef BACKOUT_LOG_BELL_H
#define BACKOUT_LOG_BELL_H

#include <stdbool.h>

struct bell;

/* Of the file at `path`, which need not exist. It doesn't listen yet. */
struct bell *bell_new(const void *parent, const char *path);

/* Begins to listen where it doesn't; true when it does. Quick enough to be asked four times a
 * second.
 */
bool bell_listen(struct bell *bell);

/* Becomes readable when there is something to hear; -1 before bell_listen was true for the first
 * time, and the same for ever after. */
int bell_fd(const struct bell *bell);

/* Takes what there is to hear; true when the file was among it. */
bool bell_heard(struct bell *bell);

#endif
