/* One of capture's files, or all that are there of one name, read as lines while they may still
 * grow. Shared by output.c (the screen follows) and match.c (regexes look back). */
#ifndef BACKOUT_RUN_KEPT_H
#define BACKOUT_RUN_KEPT_H

#include "run/capture.h"

struct kept_line {
    int64_t at_ms;
    char letter;      /* as in the file */
    const char *text; /* UTF-8 as far as its writer is to be trusted; tabs stand */
    size_t length;
};

/* What was read of one file so far. */
struct kept_file {
    int64_t number;
    int64_t offset; /* bytes read that were whole lines */
};

typedef void kept_fn(void *data, const struct kept_line *line);

/* Calls `fn` for the whole lines that `file` got since it was read last; true when there were any.
 * A file that is longer than capture makes them is read no further. */
bool kept_read(const struct folder *folder, const char *name, struct kept_file *file, kept_fn *fn,
               void *data);

/* The numbers of the files that are there, ascending, 0 being NAME itself; *count of them, owned by
 * `parent`. */
int64_t *kept_list(const void *parent, const struct folder *folder, const char *name,
                   size_t *count);

#endif
