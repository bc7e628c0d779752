/* What restores and imports leave beside a store: copies half made of those that were killed, and
 * the stores that were kept aside. */
#include "config.h"

#include "doctor/look.h"

#include "base/array.h"
#include "base/number.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>

/* Both name a file; SQLite's own beside it go with it. */
#define HALF_MADE ".new-"
static const char *const kept_aside[] = {".before-", ".unread-"};

static bool begins(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

static bool is_beside(const char *name) {
    const char *dash = strrchr(name, '-');
    return dash && (strcmp(dash, "-wal") == 0 || strcmp(dash, "-shm") == 0);
}

static bool is_left(const char *number) {
    int64_t pid;
    return number_parse(number, 1, INT32_MAX, &pid) && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

static void judge(struct look *look, const char *name, const char *suffix) {
    const char *path = look_fmt(look, "%s/%s", look->place->folder, name);
    if (is_beside(name))
        return;
    if (begins(suffix, HALF_MADE) && is_left(suffix + strlen(HALF_MADE)))
        found(look, DOCTOR_NOTE, "a copy half made was left by a command that was killed", path,
              look_fmt(look, "rm %s*", path));
    for (size_t i = 0; i < ARRAY_SIZE(kept_aside); i++)
        if (begins(suffix, kept_aside[i]))
            found(look, DOCTOR_NOTE, "a store that was replaced is still kept", path,
                  look_fmt(look, "when nobody misses it: rm %s*", path));
}

/* Who may not list the folder could do nothing about it either. */
void check_leftovers(struct look *look) {
    const char *store = strrchr(look->place->file, '/') + 1;
    DIR *listing = opendir(look->place->folder);
    const struct dirent *entry;
    while (listing && (entry = readdir(listing)))
        if (begins(entry->d_name, store))
            judge(look, entry->d_name, entry->d_name + strlen(store));
    if (listing)
        closedir(listing);
}
