#include "config.h"

#include "log/place.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* The f_type values of statfs(2) and <linux/magic.h>. WAL needs memory that all its processes
 * share, so these can't hold a store. FUSE is among them because sshfs is FUSE. */
static const struct {
    uint32_t type;
    const char *name;
} network_filesystems[] = {
    {.type = 0x6969, .name = "NFS"},
    {.type = 0x517b, .name = "SMB"},
    {.type = 0xff534d42, .name = "CIFS"},
    {.type = 0xfe534d42, .name = "SMB2"},
    {.type = 0x65735546, .name = "FUSE (sshfs and the like)"},
    {.type = 0x5346414f, .name = "AFS"},
    {.type = 0x6b414653, .name = "AFS"},
    {.type = 0x00c36400, .name = "Ceph"},
    {.type = 0x01021997, .name = "9p"},
    {.type = 0x01161970, .name = "GFS2"},
    {.type = 0x7461636f, .name = "OCFS2"},
    {.type = 0x0bd00bd0, .name = "Lustre"},
    {.type = 0x47504653, .name = "GPFS"},
    {.type = 0x73757245, .name = "Coda"},
    {.type = 0x20030528, .name = "OrangeFS"},
    {.type = 0x564c, .name = "NCP"},
};

const char *filesystem_network(int64_t type) {
    for (size_t i = 0; i < ARRAY_SIZE(network_filesystems); i++)
        if (network_filesystems[i].type == (uint32_t)type)
            return network_filesystems[i].name;
    return NULL;
}

/* ---- the folder ------------------------------------------------------------------------------ */

static bool refuse_network(const struct log_place *place, struct err *err) {
    struct statfs filesystem;
    if (statfs(place->folder, &filesystem) != 0)
        return err_errno(err, errno, "can't look at the store's file system", place->folder,
                         "see that it is mounted and answers (df)");
    const char *network = filesystem_network(filesystem.f_type);
    if (network == NULL)
        return true;
    return err_set(err, ERR_REFUSED, "a store can't be shared over a network filesystem",
                   err_fmt(err, "%s is on %s", place->given, network),
                   "keep it on a local disk and reach it with `backout serve`");
}

static bool refuse_world_writable(const struct log_place *place, mode_t mode, struct err *err) {
    if ((mode & S_IWOTH) == 0)
        return true;
    return err_set(err, ERR_REFUSED, "anybody could replace a store in a world-writable folder",
                   place->folder,
                   "use a folder of your own or of your group (`backout init --group NAME`)");
}

static void choose_modes(struct log_place *place, mode_t folder) {
    place->mode = (folder & (S_ISGID | S_IWGRP)) ? 0660 : 0600;
    place->folder_mode = (folder & S_ISGID) ? 02770 : 0700;
}

static bool judge_folder(struct log_place *place, struct err *err) {
    struct stat folder;
    if (stat(place->folder, &folder) != 0)
        return err_errno(err, errno, "can't look at the store's folder", place->folder,
                         "see the rights of the folders above it");
    choose_modes(place, folder.st_mode);
    return refuse_world_writable(place, folder.st_mode, err) && refuse_network(place, err);
}

/* Resolves the folder, so that only a link in place of the file itself is refused: an operator may
 * well have moved /var/lib/… to another disk behind a link. */
static bool resolve(struct log_place *place, struct err *err) {
    const char *slash = strrchr(place->given, '/');
    const char *name = slash ? slash + 1 : place->given;
    size_t length = slash ? (size_t)(slash - place->given) + 1 : 0;
    if (*name == '\0')
        return err_set(err, ERR_USAGE, "a store is a file, and this names a folder", place->given,
                       "add the file's name, as in incidents.db");
    char *folder = xtalloc_asprintf(place, "%.*s.", (int)length, place->given);
    char *real = realpath(folder, NULL);
    if (real == NULL)
        return err_errno(err, errno, "can't find the store's folder", place->given,
                         "see that the folder exists and that you may enter it");
    place->folder = xtalloc_strdup(place, real);
    free(real);
    place->file = xtalloc_asprintf(place, "%s/%s", place->folder, name);
    place->lock = xtalloc_asprintf(place, "%s.lock", place->file);
    place->lease = xtalloc_asprintf(place, "%s.lease", place->file);
    place->view = xtalloc_asprintf(place, "%s/view", place->folder);
    place->mirror = xtalloc_asprintf(place, "%s/%s.ndjson", place->view, name);
    return true;
}

/* ---- the file -------------------------------------------------------------------------------- */

static bool refuse_link(const struct log_place *place, struct err *err) {
    return err_set(err, ERR_REFUSED, "a store can't be opened through a symbolic link",
                   place->given, "name the file that the link points to");
}

static bool judge_file(struct log_place *place, struct err *err) {
    struct stat file;
    if (lstat(place->file, &file) != 0 && errno == ENOENT)
        return true;
    if (lstat(place->file, &file) != 0)
        return err_errno(err, errno, "can't look at the store", place->given,
                         "see the rights of its folder");
    if (S_ISLNK(file.st_mode))
        return refuse_link(place, err);
    if (!S_ISREG(file.st_mode))
        return err_set(err, ERR_REFUSED, "a store is a plain file, and this is none", place->given,
                       "name the store's file, as in incidents.db");
    place->exists = true;
    place->empty = file.st_size == 0;
    return true;
}

static struct log_place *place_new(const void *parent, const char *path) {
    struct log_place *place = xtalloc_zero(parent, struct log_place);
    place->given = xtalloc_strdup(place, path);
    return place;
}

bool log_place_find(const void *parent, const char *path, struct log_place **place,
                    struct err *err) {
    *place = place_new(parent, path);
    return resolve(*place, err) && judge_folder(*place, err) && judge_file(*place, err);
}

bool log_place_find_copy(const void *parent, const char *path, struct log_place **place,
                         struct err *err) {
    *place = place_new(parent, path);
    return resolve(*place, err) && judge_file(*place, err);
}

void log_place_make_folders(const char *path) {
    char *folder = xtalloc_strdup(NULL, path);
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            break;
        *slash = '/';
    }
    talloc_free(folder);
}

bool log_place_make(struct log_place *place, struct err *err) {
    int fd = open(place->file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, place->mode);
    if (fd < 0 && errno == EEXIST)
        return true;
    if (fd < 0)
        return err_errno(err, errno, "can't make the store", place->given,
                         "choose a folder you may write to");
    bool made = fchmod(fd, place->mode) == 0;
    int saved = errno;
    close(fd);
    return made || err_errno(err, saved, "can't set the store's mode", place->given,
                             "choose a folder of a file system that keeps modes");
}

/* ---- the folder for step output -------------------------------------------------------------- */

static bool make_folder(const char *path, mode_t mode) {
    if (mkdir(path, 0700) != 0)
        return errno == EEXIST;
    (void)!chmod(path, mode); /* its mode must not depend on the umask */
    return true;
}

/* Who may look into view/ may look into what is made in it. An ACL passes itself on, a mode
 * doesn't. */
static mode_t inner_mode(const struct log_place *place) {
    struct stat status;
    bool shared = place->folder_mode & S_ISGID;
    return shared && stat(place->view, &status) == 0 ? status.st_mode & 07777 : place->folder_mode;
}

static char *run_folder(const void *parent, const struct log_place *place) {
    return xtalloc_asprintf(parent, "%s/run", place->view);
}

bool log_place_make_view(const struct log_place *place) {
    if (!make_folder(place->view, place->folder_mode))
        return false;
    char *run = run_folder(NULL, place);
    make_folder(run, inner_mode(place));
    talloc_free(run);
    return true;
}

const char *log_place_run_folder(struct log_place *place, bool make) {
    if (make)
        log_place_make_view(place);
    return run_folder(place, place);
}
