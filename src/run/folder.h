/* The folder of one run, reached by descriptor and never through a symlink.
 * Owns that descriptor. Knows nothing of what its files mean.
 * Rights: where the parent folder is setgid, several writers share it (folder 2770, files 0660),
 * and whoever may look into that one may look in here (by the ACL it hands on, or 2775 and 0664
 * where everybody may); elsewhere it is its owner's alone (0700, 0600). The umask plays no part. */
#ifndef BACKOUT_RUN_FOLDER_H
#define BACKOUT_RUN_FOLDER_H

#include "base/err.h"

#include <stdint.h>
#include <sys/types.h>

struct folder {
    int fd;
    mode_t file_mode;
};

/* Opens PARENT_PATH/NAME, making it where `create`. Freed by talloc_free, which closes it. */
bool folder_open(const void *parent, const char *parent_path, const char *name, bool create,
                 struct folder **folder, struct err *err);

/* Opens a regular file of the folder with open(2)'s `flags` (O_CLOEXEC and O_NOFOLLOW are added; a
 * file made here gets the folder's rights). -1 with errno. */
int folder_file(const struct folder *folder, const char *name, int flags);

/* Opens, for writing only, or makes the file whose flock(2) is somebody's life. Who may only look
 * can't open it, and so can't hold it: its group writes it and doesn't read it (0620, 0600). */
int folder_fence(const struct folder *folder, const char *name);

/* In doubt it does: what may have been begun is not begun again. */
bool folder_has(const struct folder *folder, const char *name);

/* When the file was last written, ms since the epoch; 0 when there is none. */
int64_t folder_written_ms(const struct folder *folder, const char *name);

/* The whole file, at most `limit` bytes, NUL-terminated, owned by `parent`; NULL with errno when it
 * can't be had, EFBIG when it is longer. */
char *folder_read(const void *parent, const struct folder *folder, const char *name, size_t limit);

/* Puts `text` in the place of the file in one step: a reader sees the old or the new. With
 * `durable` it is on disk when this returns. */
bool folder_replace(const struct folder *folder, const char *name, const char *text, bool durable,
                    struct err *err);

/* Writes all of it, whatever signals come. False with errno. */
bool write_whole(int fd, const char *bytes, size_t length);

#endif
