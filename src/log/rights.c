#include "config.h"

#include "log/rights.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "log/acl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* view/, view/run/, the folder of a run, what is in it. */
#define DEEPEST 4

/* ---- the table ------------------------------------------------------------------------------- */

enum kind { STORE_FOLDER, STORE_FILE, VIEW_FOLDER, VIEW_FILE, VIEW_CLAIM };
enum degree { OWN, SHARED, VIEWED, OPEN };

/* Viewers reach what is below view/ and nothing else. A claim is a lock: whoever can open it can
 * hold it, so those who only read can't, and its group may only write it. */
static const struct {
    mode_t modes[4];    /* by degree */
    unsigned view_bits; /* what the group of viewers gets */
    bool passed_on;     /* to what is made in it */
} rules[] = {
    [STORE_FOLDER] = {.modes = {0700, 02770, 02771, 02771}},
    [STORE_FILE] = {.modes = {0600, 0660, 0660, 0660}},
    [VIEW_FOLDER] = {.modes = {0700, 02770, 02770, 02775}, .view_bits = 5, .passed_on = true},
    [VIEW_FILE] = {.modes = {0600, 0660, 0660, 0664}, .view_bits = 4},
    [VIEW_CLAIM] = {.modes = {0600, 0620, 0620, 0620}},
};

struct right_parts {
    const void *scratch; /* what this right is described with */
    int fd;
    struct stat status;
    const struct audience *audience;
    struct acl *found, *found_inherited;
    struct acl wanted;
    struct acl_named viewers; /* what `wanted` may name */
    mode_t special;           /* the setgid bit, where it is wanted */
    bool passed_on;
};

static enum degree degree_of(const struct audience *audience) {
    static const enum degree degrees[] = {
        [VIEWERS_NONE] = SHARED, [VIEWERS_GROUP] = VIEWED, [VIEWERS_ALL] = OPEN};
    return audience->shared ? degrees[audience->viewers] : OWN;
}

static void want(struct right_parts *parts, enum kind kind) {
    enum degree degree = degree_of(parts->audience);
    mode_t mode = rules[kind].modes[degree];
    parts->wanted =
        (struct acl){.owner = (mode >> 6) & 7, .group = (mode >> 3) & 7, .other = mode & 7};
    parts->special = mode & S_ISGID;
    if (degree != VIEWED || rules[kind].view_bits == 0)
        return;
    parts->viewers = (struct acl_named){
        .group = true, .id = parts->audience->viewers_group, .bits = rules[kind].view_bits};
    parts->wanted.named = &parts->viewers;
    parts->wanted.count = 1;
    parts->passed_on = rules[kind].passed_on;
}

static const struct acl *wanted_inherited(const struct right_parts *parts) {
    return parts->passed_on ? &parts->wanted : NULL;
}

/* ---- what is wrong --------------------------------------------------------------------------- */

static mode_t mode_of(const struct acl *acl, mode_t special) {
    unsigned mask = acl->group;
    for (size_t i = 0; i < acl->count; i++)
        mask |= acl->named[i].bits;
    return special | (mode_t)(acl->owner << 6 | mask << 3 | acl->other);
}

/* "2770 (group staff r-x)" */
static const char *words_of(const void *scratch, const struct acl *acl, mode_t special) {
    char *words = xtalloc_asprintf(scratch, "%o", (unsigned)mode_of(acl, special));
    for (size_t i = 0; i < acl->count; i++) {
        const struct acl_named *named = &acl->named[i];
        words = xtalloc_asprintf_append(
            words, " (%s %s %c%c%c)", named->group ? "group" : "user",
            named->group ? group_name(scratch, named->id)
                         : xtalloc_asprintf(scratch, "%lu", (unsigned long)named->id),
            named->bits & 4 ? 'r' : '-', named->bits & 2 ? 'w' : '-', named->bits & 1 ? 'x' : '-');
    }
    return words;
}

/* Each says what the part is and what it should be, or leaves both as they are. */

static void judge_kind(struct right *right, bool folder) {
    mode_t mode = right->parts->status.st_mode;
    right->should = folder ? "a folder" : "a plain file of one name";
    if (S_ISLNK(mode))
        right->is = "a symbolic link";
    else if (folder ? !S_ISDIR(mode) : !S_ISREG(mode))
        right->is = "something else";
    else if (!folder && right->parts->status.st_nlink > 1)
        right->is = "a file of several names (hard links)";
    else
        right->should = NULL;
    right->foreign = right->is != NULL;
}

static void judge_group(struct right *right) {
    const struct right_parts *parts = right->parts;
    gid_t found = parts->status.st_gid, wanted = parts->audience->group;
    if (!parts->audience->shared || found == wanted)
        return;
    right->is = xtalloc_asprintf(parts->scratch, "group %s's", group_name(parts->scratch, found));
    right->should =
        xtalloc_asprintf(parts->scratch, "group %s's", group_name(parts->scratch, wanted));
}

/* One user's folder may let others look, as long as nobody else can put files there. */
static bool is_own_folder(const struct right_parts *parts, enum kind kind) {
    return kind == STORE_FOLDER && !parts->audience->shared &&
           (parts->status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static void judge_mode(struct right *right, enum kind kind) {
    const struct right_parts *parts = right->parts;
    mode_t special = parts->status.st_mode & (S_ISUID | S_ISGID);
    bool same = acl_same(parts->found, &parts->wanted) && special == parts->special;
    if (same || is_own_folder(parts, kind))
        return;
    right->is = words_of(parts->scratch, parts->found, special);
    right->should = words_of(parts->scratch, &parts->wanted, parts->special);
}

static void judge_inherited(struct right *right, bool folder) {
    const struct right_parts *parts = right->parts;
    if (!folder || acl_same(parts->found_inherited, wanted_inherited(parts)))
        return;
    right->is = parts->found_inherited ? "handing on an ACL of its own" : "handing on no ACL";
    right->should = parts->passed_on ? "handing on the right to look" : "handing on none";
}

static void judge(struct right *right, enum kind kind) {
    bool folder = kind == STORE_FOLDER || kind == VIEW_FOLDER;
    judge_kind(right, folder);
    if (!right->is)
        judge_group(right);
    if (!right->is)
        judge_mode(right, kind);
    if (!right->is)
        judge_inherited(right, folder);
}

/* ---- the walk, from descriptor to descriptor ------------------------------------------------- */

struct walk {
    const struct audience *audience;
    rights_fn *fn;
    void *data;
    struct err *err;
};

static bool read_parts(struct walk *walk, struct right_parts *parts, const char *path) {
    if (fstat(parts->fd, &parts->status) != 0)
        return err_errno(walk->err, errno, "can't look at it", path, "see `backout doctor`");
    if (S_ISLNK(parts->status.st_mode))
        return true;
    return acl_read(parts->scratch, parts->fd, ACL_OF_ITSELF, &parts->found, walk->err) &&
           (!S_ISDIR(parts->status.st_mode) ||
            acl_read(parts->scratch, parts->fd, ACL_INHERITED, &parts->found_inherited, walk->err));
}

static bool tell(struct walk *walk, int fd, const char *path, enum kind kind) {
    void *scratch = talloc_new(NULL);
    struct right_parts parts = {.scratch = scratch, .fd = fd, .audience = walk->audience};
    bool goes_on = read_parts(walk, &parts, path);
    if (goes_on) {
        want(&parts, kind);
        struct right right = {.path = path, .parts = &parts};
        judge(&right, kind);
        goes_on = walk->fn(walk->data, &right);
    }
    talloc_free(scratch);
    return goes_on;
}

/* What isn't there, or may not be looked at, is passed over. */
static bool look(struct walk *walk, int folder, const char *name, const char *path,
                 enum kind kind) {
    int fd = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    bool goes_on = fd < 0 || tell(walk, fd, path, kind);
    if (fd >= 0)
        close(fd);
    return goes_on;
}

static bool look_below(struct walk *walk, int parent, const char *name, const char *path,
                       int depth);

static bool look_at_entry(struct walk *walk, int folder, const char *name, const char *path,
                          int depth) {
    struct stat status;
    bool is_folder =
        fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
    if (!is_folder)
        return look(walk, folder, name, path,
                    strcmp(name, PLACE_CLAIM) == 0 ? VIEW_CLAIM : VIEW_FILE);
    return (depth == DEEPEST || look_below(walk, folder, name, path, depth + 1)) &&
           look(walk, folder, name, path, VIEW_FOLDER);
}

static bool look_at_entries(struct walk *walk, DIR *listing, const char *path, int depth) {
    const struct dirent *entry;
    bool goes_on = true;
    while (goes_on && (entry = readdir(listing))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char *inner = xtalloc_asprintf(NULL, "%s/%s", path, entry->d_name);
        goes_on = look_at_entry(walk, dirfd(listing), entry->d_name, inner, depth);
        talloc_free(inner);
    }
    return goes_on;
}

static bool look_below(struct walk *walk, int parent, const char *name, const char *path,
                       int depth) {
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *listing = fd < 0 ? NULL : fdopendir(fd);
    bool goes_on = !listing || look_at_entries(walk, listing, path, depth);
    if (listing)
        closedir(listing);
    else if (fd >= 0)
        close(fd);
    return goes_on;
}

static bool look_at_files(struct walk *walk, int folder, const struct log_place *place) {
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock", ".lease"};
    const char *name = strrchr(place->file, '/') + 1;
    bool goes_on = true;
    for (size_t i = 0; goes_on && i < ARRAY_SIZE(suffixes); i++) {
        char *path = xtalloc_asprintf(NULL, "%s%s", place->file, suffixes[i]);
        char *entry = xtalloc_asprintf(path, "%s%s", name, suffixes[i]);
        goes_on = look(walk, folder, entry, path, STORE_FILE);
        talloc_free(path);
    }
    return goes_on;
}

static bool look_at_all(struct walk *walk, int folder, const struct log_place *place) {
    char *view = xtalloc_asprintf(NULL, "%s/view", place->folder);
    bool all = look_at_files(walk, folder, place) && look_below(walk, folder, "view", view, 1) &&
               look(walk, folder, "view", view, VIEW_FOLDER) &&
               tell(walk, folder, place->folder, STORE_FOLDER);
    talloc_free(view);
    return all;
}

bool rights_each(const struct log_place *place, const struct audience *audience, rights_fn *fn,
                 void *data, struct err *err) {
    struct walk walk = {.audience = audience, .fn = fn, .data = data, .err = err};
    int folder = open(place->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return err_errno(err, errno, "can't look at the store's folder", place->folder,
                         "see the rights of the folders above it");
    bool all = look_at_all(&walk, folder, place);
    close(folder);
    return all;
}

/* ---- repairing ------------------------------------------------------------------------------- */

static bool cant(int reason, const char *path, struct err *err) {
    if (reason == EPERM || reason == EACCES)
        return err_set(err, ERR_ACCESS, "only its owner and root may change it", path,
                       "have one of them run `backout init`");
    return err_errno(err, reason, "can't set its rights", path, "see that its disk can be written");
}

static bool set_group(const struct right_parts *parts, const char *path, struct err *err) {
    if (!parts->audience->shared || parts->status.st_gid == parts->audience->group)
        return true;
    return fchownat(parts->fd, "", (uid_t)-1, parts->audience->group, AT_EMPTY_PATH) == 0 ||
           cant(errno, path, err);
}

/* The ACL first: chmod then sets its mask, and the bits that an ACL doesn't have. */
static bool set_mode(const struct right_parts *parts, const char *path, struct err *err) {
    char *object = xtalloc_asprintf(NULL, "/proc/self/fd/%d", parts->fd);
    bool plain = parts->found->count == 0 && parts->wanted.count == 0;
    bool set = plain || acl_write(parts->fd, ACL_OF_ITSELF, &parts->wanted, path, err);
    if (set && chmod(object, mode_of(&parts->wanted, parts->special)) != 0)
        set = cant(errno, path, err);
    talloc_free(object);
    return set;
}

static bool set_inherited(const struct right_parts *parts, const char *path, struct err *err) {
    const struct acl *wanted = wanted_inherited(parts);
    return !S_ISDIR(parts->status.st_mode) || acl_same(parts->found_inherited, wanted) ||
           acl_write(parts->fd, ACL_INHERITED, wanted, path, err);
}

bool right_repair(const struct right *right, struct err *err) {
    const struct right_parts *parts = right->parts;
    if (right->foreign)
        return err_set(err, ERR_REFUSED, "this is none of the store's files",
                       err_fmt(err, "%s is %s", right->path, right->is), "move it elsewhere");
    return set_group(parts, right->path, err) && set_mode(parts, right->path, err) &&
           set_inherited(parts, right->path, err);
}

/* ---- the folders above ----------------------------------------------------------------------- */

/* With the sticky bit only a folder's owner can move it away. */
static bool judge_parent(const char *parent, const char *folder, struct err *err) {
    struct stat status;
    if (stat(parent, &status) != 0)
        return err_errno(err, errno, "can't look at a folder above the store", parent,
                         "see the rights of the folders above it");
    if ((status.st_mode & S_IWOTH) == 0 || (status.st_mode & S_ISVTX) != 0)
        return true;
    return err_set(err, ERR_REFUSED, "anybody could put another folder in its place",
                   err_fmt(err, "%s, since %s is world-writable", folder, parent),
                   err_fmt(err, "choose another place, or chmod o-w %s", parent));
}

bool rights_judge_parents(const char *folder, struct err *err) {
    char *parent = xtalloc_strdup(NULL, folder);
    bool safe = true;
    for (char *slash; safe && (slash = strrchr(parent, '/'));) {
        *slash = '\0';
        safe = judge_parent(*parent ? parent : "/", folder, err);
    }
    talloc_free(parent);
    return safe;
}
