#include "config.h"

#include "cli/store_open.h"

#include "base/host.h"
#include "base/syslog.h"
#include "base/xtalloc.h"
#include "cli/out.h"
#include "hub/pins.h"
#include "log/place.h"

#include <errno.h>
#include <poll.h>
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

/* In the folder that the variable names (a relative one is ignored, as the XDG Base Directory
 * Specification says), else in that folder of the home. NULL: there is no home. */
static const char *own_path(const void *parent, const char *variable, const char *folder,
                            const char *name) {
    const char *named = environment(variable);
    const char *home = home_folder();
    if (named && *named == '/')
        return xtalloc_asprintf(parent, "%s/backout/%s", named, name);
    return home ? xtalloc_asprintf(parent, "%s/%s/backout/%s", home, folder, name) : NULL;
}

const char *store_pins(const void *parent) {
    return own_path(parent, "XDG_STATE_HOME", ".local/state", "pins");
}

static bool default_path(const void *parent, const char **path, struct err *err) {
    *path = own_path(parent, "XDG_DATA_HOME", ".local/share", "backout.db");
    if (!*path)
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

void store_keep_head(const struct call *call, const struct log_head *head, const char *what) {
    const char *words = xtalloc_asprintf(call, "%s; %s", log_head_words(call, head), what);
    const char *pins = store_pins(call);
    char *real = realpath(call->options->store, NULL);
    if (syslog_path())
        syslog_say(syslog_path(), call->now_ms, words);
    if (pins && real)
        pins_keep(pins, real, head, true, err_new(call));
    free(real);
}

/* ---- opening ---- */

/* Who may not look there doesn't know: opening it says so. */
static bool is_missing(const char *path) {
    struct stat file;
    return lstat(path, &file) != 0 && errno == ENOENT;
}

static bool refuse_missing(struct call *call) {
    const char *store = call->options->store;
    return err_set(call->err, ERR_NOT_FOUND, "there is no store", store,
                   "name another with --store, or make one: `backout declare`");
}

/* Who only looks may look, and is told; commands are refused, and the console asks. */
static void judge_doubt(const struct call *call, enum store_use use, struct hub *hub) {
    if (hub_doubt(hub) && call->options->repin)
        hub_repin(hub);
    else if (hub_doubt(hub) && use == STORE_LOOK)
        out_problem(hub_doubt(hub));
}

static const char *store_mirror(const void *parent, const char *store) {
    const char *slash = strrchr(store, '/');
    size_t folder = slash ? (size_t)(slash - store) + 1 : 0;
    if (hub_names_lines(store))
        return store;
    return xtalloc_asprintf(parent, "%.*sview/%s.ndjson", (int)folder, store, store + folder);
}

static bool open_hub(struct call *call, const struct hub_options *how, struct hub **hub,
                     struct err *err) {
    return hub_open(call, how, call->now_ms, hub, err);
}

/* Viewers may pass through the store's folder to its mirror, and not open the store. What stands in
 * their way there is worth no word: that they may not open the store is. */
static bool open_mirror(struct call *call, const struct hub_options *how, struct hub **hub) {
    struct err *ignored = err_new(call);
    struct hub_options mirror = *how;
    mirror.store = store_mirror(call, how->store);
    bool opened = open_hub(call, &mirror, hub, ignored);
    talloc_free(ignored);
    return opened;
}

/* Who names a file of lines may well mean an old one; a store's mirror is the newest. */
static const char *pins_for(const struct call *call, const char *path) {
    return hub_names_lines(path) ? NULL : store_pins(call);
}

static const struct {
    bool read_only; /* asks for no more */
    bool create;    /* where there is none */
    bool mirror;    /* will do, where the store may not be opened */
} uses[] = {
    [STORE_LOOK] = {.read_only = true, .mirror = true},
    [STORE_PROVE] = {.read_only = true, .mirror = true},
    [STORE_WRITE] = {.read_only = false},
    [STORE_MAKE] = {.create = true},
    [STORE_SHOW] = {.create = true, .mirror = true},
};

bool store_open(struct call *call, enum store_use use, const char *via, struct hub **hub) {
    const struct cli_options *options = call->options;
    bool read_only = options->read_only || uses[use].read_only;
    bool lines = hub_names_lines(options->store);
    struct hub_options how = {.store = options->store,
                              .actor = host_user(call),
                              .via = via,
                              .as = options->as,
                              .read_only = read_only,
                              .create = uses[use].create && !read_only && !lines,
                              .syslog = syslog_path(),
                              .pins = pins_for(call, options->store)};
    bool missing = !lines && is_missing(options->store);
    if (missing && !how.create)
        return refuse_missing(call);
    if (missing && !options->store_given)
        log_place_make_folders(options->store);
    if (!open_hub(call, &how, hub, call->err) &&
        !(call->err->code == ERR_ACCESS && uses[use].mirror && open_mirror(call, &how, hub)))
        return false;
    if (missing)
        out_note("made the store %s", hub_store(*hub));
    judge_doubt(call, use, *hub);
    return true;
}

bool store_watch(struct call *call, const char *file, struct hub **hub) {
    const char *named = file ? file : call->options->store;
    struct hub_options how = {.store = store_mirror(call, named),
                              .actor = host_user(call),
                              .via = "console",
                              .pins = pins_for(call, named)};
    if (!open_hub(call, &how, hub, call->err))
        return false;
    judge_doubt(call, STORE_SHOW, *hub);
    return true;
}

/* A commit that is just being mirrored is given its moment. */
#define LOOKS    5
#define PAUSE_MS 10

void store_note_viewers(struct call *call, struct hub *hub) {
    struct err *err = err_new(call);
    bool see = hub_viewers_see(hub, err);
    for (int looks = 1; !see && err->code != ERR_NOT_FOUND && looks < LOOKS; looks++) {
        poll(NULL, 0, PAUSE_MS);
        err_clear(err);
        see = hub_viewers_see(hub, err);
    }
    if (!see && err->code != ERR_NOT_FOUND)
        out_problem(err);
    talloc_free(err);
}
