/* Where a store lies, and whether that is a place for one.
 * Owns the paths it worked out and the rule for file modes. Looks with stat only: opening and
 * closing a database file beside an open connection would drop SQLite's locks. */
#ifndef BACKOUT_LOG_PLACE_H
#define BACKOUT_LOG_PLACE_H

#include "base/err.h"

#include <stdint.h>
#include <sys/types.h>

struct log_place {
    const char *given;  /* as the user wrote it: for messages */
    const char *folder; /* real, without symbolic links */
    const char *file;   /* in the real folder */
    const char *lock;   /* beside it */
    const char *lease;  /* too */
    const char *view;   /* the folder beside it for what viewers may read */
    const char *mirror; /* in there */
    mode_t mode;        /* of the files made here: 0660 in a shared folder, else 0600 */
    mode_t folder_mode; /* of the folders made here: 2770 in a setgid folder, else 0700 */
    bool exists;
    bool empty; /* zero bytes */
};

/* In the folder of a run: a lock, and so the one file below view/ that is not for viewers. */
#define PLACE_CLAIM "claim"

/* Judges folder and file. False: ERR_NOT_FOUND without folder, ERR_ACCESS when it can't be looked
 * at, ERR_REFUSED for a shared-by-all folder, a network filesystem, a link, or no plain file. */
bool log_place_find(const void *parent, const char *path, struct log_place **place,
                    struct err *err);

/* The same, but any folder will do: for a copy that is only read. */
bool log_place_find_copy(const void *parent, const char *path, struct log_place **place,
                         struct err *err);

/* Makes each folder on the way to `path` that isn't there yet, for its user alone. One that can't
 * be made shows where the path is used. */
void log_place_make_folders(const char *path);

/* Makes the empty file with exactly its mode; one that somebody made just before is as good. */
bool log_place_make(struct log_place *place, struct err *err);

/* Makes "<folder>/view" for the mirror, and in it the folder for step output. False with errno: the
 * first of them can't be made. */
bool log_place_make_view(const struct log_place *place);

/* The folder for step output, "<folder>/view/run"; made when `make`. Owned by the place. A folder
 * that can't be made shows where the output is written: that error names the path. */
const char *log_place_run_folder(struct log_place *place, bool make);

/* The name of the network filesystem that statfs(2) reports as `type`, NULL when it is local. */
const char *filesystem_network(int64_t type);

#endif
