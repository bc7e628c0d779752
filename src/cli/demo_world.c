/* The demo's folder: a rollback repository as a team keeps it, the shop's home, and a store. */
#include "config.h"

#include "cli/demo_inside.h"

#include "base/array.h"
#include "base/json.h"
#include "base/xtalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define FILE_BYTES ((size_t)64 << 10)
#define ROOM_BYTES ((uint64_t)128 << 20) /* twice what a step wants free */

static const char *const folders[] = {
    "rollback",     "rollback/bin",  "rollback/config",    "shop",  "shop/flags",
    "shop/backups", "shop/releases", "shop/releases/4.11", "store", "shop/releases/4.12",
};

static const struct {
    const char *from, *to;
    mode_t mode;
} files[] = {
    {"bin/common", "rollback/bin/common", 0600},
    {"bin/config", "rollback/bin/config", 0700},
    {"bin/db", "rollback/bin/db", 0700},
    {"bin/flag", "rollback/bin/flag", 0700},
    {"bin/flag-is", "rollback/bin/flag-is", 0700},
    {"bin/quiet", "rollback/bin/quiet", 0700},
    {"bin/release", "rollback/bin/release", 0700},
    {"bin/ship", "rollback/bin/ship", 0700},
    {"bin/version-is", "rollback/bin/version-is", 0700},
    {"config/4.11.conf", "rollback/config/4.11.conf", 0600},
    {"config/4.12.conf", "rollback/config/4.12.conf", 0600},
    {"releases/4.11/manifest", "shop/releases/4.11/manifest", 0600},
    {"releases/4.12/manifest", "shop/releases/4.12/manifest", 0600},
};

/* How the shop stood before 4.12 was shipped. */
static const char *const beginnings[][4] = {
    {"rollback/bin/shop", "make-database"},
    {"rollback/bin/release", DEMO_OLD},
    {"rollback/bin/config", "use", DEMO_OLD},
};

char *world_path(const void *parent, const struct demo *demo, const char *name) {
    return xtalloc_asprintf(parent, "%s/%s", demo->folder, name);
}

/* ---- where ---- */

/* A place for programs to be run from, with room for what steps print. */
static bool is_fit(const char *folder) {
    struct statvfs room;
    return folder && *folder == '/' && access(folder, W_OK | X_OK) == 0 &&
           statvfs(folder, &room) == 0 && !(room.f_flag & ST_NOEXEC) &&
           (uint64_t)room.f_bavail * room.f_frsize >= ROOM_BYTES;
}

static bool make_root(struct demo *demo, struct err *err) {
    const char *const bases[] = {getenv("TMPDIR"), getenv("XDG_RUNTIME_DIR"), "/tmp"};
    size_t i = 0;
    while (i < ARRAY_SIZE(bases) && !is_fit(bases[i]))
        i++;
    if (i == ARRAY_SIZE(bases))
        return err_set(err, ERR_UNAVAILABLE, "there is no place for the demo",
                       "$TMPDIR, $XDG_RUNTIME_DIR, /tmp",
                       "set TMPDIR to a folder with 128 MiB free from which programs may run");
    char *folder = xtalloc_asprintf(demo, "%s/backout-demo-XXXXXX", bases[i]);
    if (!mkdtemp(folder))
        return err_errno(err, errno, "can't make the demo's folder", bases[i],
                         "set TMPDIR to a folder you may write to");
    demo->folder = folder;
    return true;
}

/* ---- files ---- */

bool world_read(const void *parent, const char *path, char **text, struct err *err) {
    FILE *file = fopen(path, "re");
    if (!file) {
        err_errno(err, errno, "can't read", path, NULL);
        return false;
    }
    *text = xtalloc_zero_array(parent, char, FILE_BYTES + 1);
    size_t length = fread(*text, 1, FILE_BYTES, file);
    bool whole = length < FILE_BYTES && !ferror(file);
    fclose(file);
    return whole || err_set(err, ERR_DAMAGED, "this is no file of the demo", path, NULL);
}

static bool write_file(const char *path, const char *text, mode_t mode, struct err *err) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    size_t length = strlen(text);
    bool written = fd >= 0 && write(fd, text, length) == (ssize_t)length;
    int reason = errno;
    if (fd >= 0)
        close(fd);
    return written || err_errno(err, reason, "can't write", path, NULL);
}

static bool copy_file(struct demo *demo, size_t index, struct err *err) {
    char *scratch = xtalloc_size(NULL, 0);
    char *text;
    bool copied =
        world_read(scratch, xtalloc_asprintf(scratch, "%s/%s", demo->data, files[index].from),
                   &text, err) &&
        write_file(world_path(scratch, demo, files[index].to), text, files[index].mode, err);
    talloc_free(scratch);
    return copied;
}

static bool make_folder(struct demo *demo, const char *name, struct err *err) {
    char *path = world_path(err, demo, name);
    return mkdir(path, 0700) == 0 || err_errno(err, errno, "can't make the folder", path, NULL);
}

static bool link_program(struct demo *demo, struct err *err) {
    char *path = world_path(err, demo, "rollback/bin/shop");
    return symlink(demo->program, path) == 0 || err_errno(err, errno, "can't link", path, NULL);
}

bool world_make(struct demo *demo, struct err *err) {
    bool made = make_root(demo, err);
    for (size_t i = 0; made && i < ARRAY_SIZE(folders); i++)
        made = make_folder(demo, folders[i], err);
    for (size_t i = 0; made && i < ARRAY_SIZE(files); i++)
        made = copy_file(demo, i, err);
    made = made && link_program(demo, err) &&
           write_file(world_path(err, demo, "shop/flags/new-checkout"), "off\n", 0600, err);
    for (size_t i = 0; made && i < ARRAY_SIZE(beginnings); i++)
        made = shop_run(demo, err, beginnings[i], NULL, err);
    return made;
}

/* ---- the plan ---- */

static char *replace_all(const void *parent, const char *text, const char *from, const char *to) {
    char *replaced = xtalloc_strdup(parent, "");
    for (const char *at; (at = strstr(text, from)) != NULL; text = at + strlen(from)) {
        replaced = xtalloc_strndup_append(replaced, text, (size_t)(at - text));
        replaced = xtalloc_strdup_append(replaced, to);
    }
    return xtalloc_strdup_append(replaced, text);
}

/* A JSON string is a YAML string in double quotes. */
bool world_write_plan(struct demo *demo, const char *address, struct err *err) {
    char *scratch = xtalloc_size(NULL, 0);
    struct json_writer *actor = json_writer_new(scratch);
    char *text;
    json_string(actor, NULL, demo->actor);
    bool written =
        world_read(scratch, xtalloc_asprintf(scratch, "%s/shop.yaml", demo->data), &text, err);
    if (written) {
        text = replace_all(scratch, text, "\"you\"", json_text(actor));
        text = replace_all(scratch, text, "http://shop.demo/", address);
        written = write_file(world_path(scratch, demo, "rollback/shop.yaml"), text, 0600, err);
    }
    talloc_free(scratch);
    return written;
}

/* ---- the end ---- */

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where) {
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

/* Depth first and never through a link. Not FTW_MOUNT: on an overlay each layer looks like another
 * file system, and its files would stay. */
bool world_remove(struct demo *demo, struct err *err) {
    if (!demo->folder || nftw(demo->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0)
        return true;
    return err_errno(err, errno, "can't remove the demo's folder", demo->folder,
                     "remove it by hand");
}
