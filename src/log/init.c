#include "config.h"

#include "log/init.h"

#include "base/xtalloc.h"
#include "log/lock.h"
#include "log/log.h"
#include "log/rights.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Somebody who holds the lock for longer writes the mirror themselves. */
#define MEND_WAIT_MS 5000

struct init {
    const void *scratch;
    const char *path;
    const struct init_asked *asked;
    int64_t now_ms;
    struct audience *audience;
    struct log_place *place;
    bool made_folder;
    size_t left;      /* parts that somebody else must set right */
    char *first_left; /* one of them, with what is wrong */
    init_fn *say;
    void *data;
    struct err *err;
};

static void say(const struct init *init, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(const struct init *init, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *done = xtalloc_vasprintf(NULL, format, arguments);
    va_end(arguments);
    init->say(init->data, done);
    talloc_free(done);
}

/* ---- who it is for --------------------------------------------------------------------------- */

static bool take_group(struct init *init) {
    const char *name = init->asked->group;
    gid_t group;
    if (!name)
        return true;
    if (!group_find(name, &group, init->err))
        return false;
    if (!group_is_ours(group))
        return err_set(init->err, ERR_ACCESS, "you are not in that group", name,
                       "ask root to run this, or to add you to it (usermod -aG) and log in anew");
    init->audience->shared = true;
    init->audience->group = group;
    return true;
}

static bool take_viewers_group(struct init *init, const char *name) {
    gid_t group;
    if (!group_find(name, &group, init->err))
        return false;
    if (group == init->audience->group)
        return err_set(init->err, ERR_USAGE, "its writers may look anyway", name,
                       "name another group for --viewers");
    init->audience->viewers = VIEWERS_GROUP;
    init->audience->viewers_group = group;
    return true;
}

static bool take_viewers(struct init *init) {
    const char *name = init->asked->viewers;
    if (!name)
        return true;
    init->audience->viewers = VIEWERS_NONE;
    if (strcmp(name, "none") == 0)
        return true;
    if (!init->audience->shared)
        return err_set(init->err, ERR_USAGE, "a store of one user has no viewers", name,
                       "name the group that writes it too: --group NAME");
    if (strcmp(name, "all") != 0)
        return take_viewers_group(init, name);
    init->audience->viewers = VIEWERS_ALL;
    return true;
}

/* What isn't asked stays as it is. */
static bool choose_audience(struct init *init) {
    *init->audience = (struct audience){0};
    return (!init->place || audience_find(init->place->folder, init->audience, init->err)) &&
           take_group(init) && take_viewers(init);
}

/* ---- the folder ------------------------------------------------------------------------------ */

static bool is_ours(const struct init *init, const char *name) {
    const char *store = strrchr(init->place->file, '/') + 1;
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "view") == 0 ||
           strncmp(name, store, strlen(store)) == 0;
}

/* A folder gets other rights only when they can surprise nobody. */
static bool holds_nothing_else(const struct init *init) {
    DIR *listing = opendir(init->place->folder);
    const struct dirent *entry;
    char *stranger = NULL;
    while (listing && !stranger && (entry = readdir(listing)))
        if (!is_ours(init, entry->d_name))
            stranger = xtalloc_asprintf(init->scratch, "%s/%s", init->place->folder, entry->d_name);
    if (listing)
        closedir(listing);
    if (!stranger)
        return true;
    return err_set(init->err, ERR_REFUSED, "the folder holds other things, and would change hands",
                   stranger, "give the store a folder of its own: DIR/incidents.db");
}

static bool keeps_its_rights(const struct init *init) {
    struct stat status;
    const struct audience *audience = init->audience;
    mode_t mode = audience->viewers == VIEWERS_NONE ? 02770 : 02771;
    return !audience->shared ||
           (stat(init->place->folder, &status) == 0 && status.st_gid == audience->group &&
            (status.st_mode & 07777) == mode);
}

static char *folder_of(const void *parent, const char *path) {
    const char *slash = strrchr(path, '/');
    size_t length = slash && slash != path ? (size_t)(slash - path) : 1;
    return slash ? xtalloc_strndup(parent, path, length) : xtalloc_strdup(parent, ".");
}

/* Only the store's own folder is made. What it lies in is judged first, so that nothing need be
 * taken back. */
static bool make_folder(struct init *init) {
    char *folder = folder_of(init->scratch, init->path);
    struct stat status;
    if (stat(folder, &status) == 0 || errno != ENOENT)
        return true;
    char *above = folder_of(folder, folder);
    char *real = realpath(above, NULL);
    if (!real)
        return err_errno(init->err, errno, "can't find where to make the store's folder", above,
                         "make that folder first: the store's own is made here, none above it");
    const char *slash = strrchr(folder, '/');
    char *place = xtalloc_asprintf(folder, "%s/%s", strcmp(real, "/") == 0 ? "" : real,
                                   slash ? slash + 1 : folder);
    free(real);
    if (!rights_judge_parents(place, init->err) || !choose_audience(init))
        return false;
    init->made_folder = mkdir(folder, 0700) == 0;
    return init->made_folder || err_errno(init->err, errno, "can't make the store's folder", folder,
                                          "choose a place you may write to, or ask root");
}

/* One that turns out to be no place for a store goes again. */
static bool judge_folder(struct init *init) {
    if (log_place_find(init->scratch, init->path, &init->place, init->err) &&
        rights_judge_parents(init->place->folder, init->err))
        return true;
    if (init->made_folder)
        rmdir(folder_of(init->scratch, init->path));
    return false;
}

/* ---- rights ---------------------------------------------------------------------------------- */

static void leave(struct init *init, const struct right *right) {
    if (init->left++ == 0)
        init->first_left = xtalloc_asprintf(init->scratch, "%s is %s, should be %s", right->path,
                                            right->is, right->should);
}

/* What only its owner may change doesn't keep the rest from being set right. */
static bool set_right(void *data, const struct right *right) {
    struct init *init = data;
    if (!right->is)
        return true;
    bool told = init->made_folder && strcmp(right->path, init->place->folder) == 0;
    if (right_repair(right, init->err)) {
        if (!told)
            say(init, "%s was %s, now %s", right->path, right->is, right->should);
        return true;
    }
    if (init->err->code != ERR_ACCESS)
        return false;
    leave(init, right);
    err_clear(init->err);
    return true;
}

static bool set_rights(struct init *init) {
    init->left = 0;
    return rights_each(init->place, init->audience, set_right, init, init->err);
}

static bool nothing_left(const struct init *init) {
    if (init->left == 0)
        return true;
    const char *more = init->left > 1 ? err_fmt(init->err, " (and %zu more)", init->left - 1) : "";
    return err_set(init->err, ERR_ACCESS, "only its owner and root can set this right",
                   err_fmt(init->err, "%s%s", init->first_left, more),
                   "have one of them run `backout init` on it");
}

/* ---- the store ------------------------------------------------------------------------------- */

/* One that rights keep from us may be ours all the same: they are what is set right here. */
static bool judge_store(struct init *init) {
    struct log *log;
    if (!init->place->exists || log_is_unmade(init->place->file))
        return true;
    if (log_open(init->scratch, init->path, LOG_READ, init->now_ms, &log, init->err)) {
        talloc_free(log);
        return true;
    }
    if (init->err->code != ERR_ACCESS)
        return false;
    err_clear(init->err);
    return true;
}

/* A writer looks only at its end, and would go on behind what is wrong before. */
static bool is_mirrored(struct init *init, struct log *log) {
    bool mirrored = log_mirror_check(log, init->err) && log_mirror_prove(log, init->err);
    if (!mirrored && init->err->code == ERR_DAMAGED)
        unlink(log_mirror_path(log));
    err_clear(init->err);
    return mirrored;
}

/* Viewers are to see what there is, from now on. */
static bool mend_mirror(struct init *init, struct log *log) {
    enum log_begin begin = LOG_BUSY;
    if (is_mirrored(init, log))
        return true;
    for (int waited_ms = 0; begin == LOG_BUSY && waited_ms < MEND_WAIT_MS;
         waited_ms += LOCK_SLICE_MS)
        begin = log_mirror_mend(log, "backout init", init->err);
    const struct err *trouble = begin == LOG_BEGUN ? log_mirror_trouble(log) : NULL;
    if (begin == LOG_BEGUN && !trouble)
        say(init, "made the mirror anew: %s", log_mirror_path(log));
    if (trouble)
        return err_set(init->err, trouble->code, trouble->what, trouble->on, trouble->remedy);
    return begin != LOG_FAILED;
}

static bool make_store(struct init *init) {
    struct log *log;
    if (!log_open(init->scratch, init->path, LOG_CREATE, init->now_ms, &log, init->err))
        return false;
    log_run_folder(log);
    bool mended = mend_mirror(init, log);
    talloc_free(log);
    return mended;
}

static bool make_all(struct init *init) {
    bool there = init->place->exists && !log_is_unmade(init->place->file);
    if (!set_rights(init) || (init->left > 0 && there && !nothing_left(init)) ||
        !make_store(init) || !set_rights(init))
        return false;
    if (init->made_folder)
        say(init, "made the folder %s", init->place->folder);
    if (!there)
        say(init, "made the store %s", init->place->file);
    return nothing_left(init);
}

bool log_init(const char *path, const struct init_asked *asked, int64_t now_ms,
              struct audience *audience, init_fn *say_fn, void *data, struct err *err) {
    void *scratch = talloc_new(NULL);
    struct init init = {.scratch = scratch,
                        .path = path,
                        .asked = asked,
                        .now_ms = now_ms,
                        .audience = audience,
                        .say = say_fn,
                        .data = data,
                        .err = err};
    bool done = make_folder(&init) && judge_folder(&init) && choose_audience(&init) &&
                judge_store(&init) &&
                (init.made_folder || keeps_its_rights(&init) || holds_nothing_else(&init)) &&
                make_all(&init);
    talloc_free(scratch);
    return done;
}
