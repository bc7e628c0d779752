#include "config.h"

#include "cli/store_open.h"

#include "base/xtalloc.h"
#include "cli/out.h"
#include "run/host.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- where ---- */

static const char *environment(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static const char *home_folder(void) {
    const char *home = environment("HOME");
    const struct passwd *user = home ? NULL : getpwuid(getuid());
    return user ? user->pw_dir : home;
}

/* The specification ignores a relative $XDG_DATA_HOME. */
static bool default_path(const void *parent, const char **path, struct err *err) {
    const char *data = environment("XDG_DATA_HOME");
    const char *home = home_folder();
    if (data && *data == '/')
        *path = xtalloc_asprintf(parent, "%s/backout/backout.db", data);
    else if (home)
        *path = xtalloc_asprintf(parent, "%s/.local/share/backout/backout.db", home);
    else
        return err_set(err, ERR_USAGE, "no store is named, and you have no home folder", NULL,
                       "name one: --store PATH");
    return true;
}

bool store_choose(const void *parent, const char *given, struct cli_options *options,
                  struct err *err) {
    options->store = given ? given : environment("BACKOUT_STORE");
    options->store_given = options->store != NULL;
    if (given && !*given)
        return err_set(err, ERR_USAGE, "--store names nothing", NULL, "name a file: --store PATH");
    return options->store_given || default_path(parent, &options->store, err);
}

/* ---- making ---- */

void store_make_folders(const char *path) {
    char *folder = xtalloc_strdup(NULL, path);
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            break;
        *slash = '/';
    }
    talloc_free(folder);
}

static bool is_there(const char *path) {
    struct stat file;
    return lstat(path, &file) == 0;
}

static bool refuse_missing(struct call *call) {
    const char *store = call->options->store;
    return err_set(call->err, ERR_NOT_FOUND, "there is no store", store,
                   "name another with --store, or make one: `backout declare`");
}

/* ---- opening ---- */

bool store_open(struct call *call, enum store_use use, const char *via, struct hub **hub) {
    const struct cli_options *options = call->options;
    bool read_only = options->read_only || use == STORE_LOOK;
    struct hub_options how = {.store = options->store,
                              .actor = host_user(call),
                              .via = via,
                              .as = options->as,
                              .read_only = read_only,
                              .create = use == STORE_MAKE && !read_only};
    bool missing = !is_there(options->store);
    if (missing && !how.create)
        return refuse_missing(call);
    if (missing && !options->store_given)
        store_make_folders(options->store);
    if (!hub_open(call, &how, call->now_ms, hub, call->err))
        return false;
    if (missing)
        out_note("made the store %s", hub_store(*hub));
    return true;
}
