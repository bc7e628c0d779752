/* A mirror or an export, read: the lines of a file that may still grow, proved on the way.
 * Owns the open file and how far it was read. Writes nothing and takes no lock: no reader of such a
 * file can stand in a writer's way. */
#ifndef BACKOUT_LOG_MIRROR_FILE_H
#define BACKOUT_LOG_MIRROR_FILE_H

#include "log/line.h"

#include <sys/types.h>

struct mirror_file;

/* Opens the file and reads where its chain begins. ERR_NOT_FOUND, ERR_ACCESS; ERR_DAMAGED when its
 * first line is neither a base nor the first event of a store. */
bool mirror_file_open(const void *parent, const char *path, struct mirror_file **file,
                      struct err *err);

/* The same file, whatever stands under its name by now, to be read anew: from its beginning where
 * `after` is 0, else from not long before what follows that event. */
struct mirror_file *mirror_file_again(const void *parent, const struct mirror_file *file,
                                      int64_t after);

/* Called per line, with the place where it stands; its texts live only during the call. False stops
 * the reading behind that line. */
typedef bool mirror_line_fn(void *data, const struct line *line, off_t at);

/* Reads on over all lines that are whole. Every event is proved against the one before; false
 * (ERR_DAMAGED): err names the line and its event, and it is met again by the next reading. What is
 * carried is proved against its own hashes, and all of it against the base: no more can be known
 * without the log. In the older form it is only read. */
bool mirror_file_read(struct mirror_file *file, mirror_line_fn *fn, void *data, struct err *err);

/* One line that was read before, by its place; its texts are owned by `parent`. */
bool mirror_file_line(const struct mirror_file *file, const void *parent, off_t at,
                      struct line *line, struct err *err);

/* Reads a file of which no more than the first line was read, as mirror_file_read does, and asks
 * more: every line is, to the byte, as backout writes it; and, where `whole`, no line is torn, and
 * the end that the first line may name is reached. */
bool mirror_file_prove(struct mirror_file *file, bool whole, mirror_line_fn *fn, void *data,
                       struct err *err);

/* The event that the chain goes on after, and the last one that was read. */
const struct log_head *mirror_file_base(const struct mirror_file *file);
const struct log_head *mirror_file_head(const struct mirror_file *file);
/* The last event of a file that was whole when it was written; seq 0 where it may go on. */
const struct log_head *mirror_file_end(const struct mirror_file *file);

/* Bytes of a line that has no end yet, behind all that was read. */
int64_t mirror_file_torn(const struct mirror_file *file);

enum mirror_file_news {
    MIRROR_FILE_SAME,
    MIRROR_FILE_MORE,  /* or a line that had no end may have one */
    MIRROR_FILE_OTHER, /* another file stands under its name, or it was cut: open it anew */
    MIRROR_FILE_GONE,  /* err is set */
};

/* Looks at the file, and at what stands under its name. */
enum mirror_file_news mirror_file_look(const struct mirror_file *file, struct err *err);

#endif
