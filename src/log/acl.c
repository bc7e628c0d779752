#include "config.h"

#include "log/acl.h"

#include "base/xtalloc.h"

#include <acl/libacl.h>
#include <errno.h>
#include <stdio.h>
#include <sys/acl.h>
#include <sys/stat.h>

static acl_type_t type_of(enum acl_which which) {
    return which == ACL_INHERITED ? ACL_TYPE_DEFAULT : ACL_TYPE_ACCESS;
}

/* The object by its descriptor: libacl takes none that was opened with O_PATH. */
static char *path_of(const void *parent, int fd) {
    return xtalloc_asprintf(parent, "/proc/self/fd/%d", fd);
}

/* ---- reading --------------------------------------------------------------------------------- */

static unsigned bits_of(acl_entry_t entry) {
    acl_permset_t set;
    if (acl_get_permset(entry, &set) != 0)
        return 0;
    return (acl_get_perm(set, ACL_READ) ? 4U : 0U) | (acl_get_perm(set, ACL_WRITE) ? 2U : 0U) |
           (acl_get_perm(set, ACL_EXECUTE) ? 1U : 0U);
}

static void add_named(struct acl *acl, acl_entry_t entry, bool group) {
    id_t *id = acl_get_qualifier(entry);
    if (!id)
        return;
    acl->named = xtalloc_realloc(acl, acl->named, struct acl_named, acl->count + 1);
    acl->named[acl->count++] =
        (struct acl_named){.group = group, .id = *id, .bits = bits_of(entry)};
    acl_free(id);
}

static void take_entry(struct acl *acl, acl_entry_t entry, unsigned *mask) {
    acl_tag_t tag = ACL_UNDEFINED_TAG;
    acl_get_tag_type(entry, &tag);
    if (tag == ACL_USER_OBJ)
        acl->owner = bits_of(entry);
    if (tag == ACL_GROUP_OBJ)
        acl->group = bits_of(entry);
    if (tag == ACL_OTHER)
        acl->other = bits_of(entry);
    if (tag == ACL_MASK)
        *mask = bits_of(entry);
    if (tag == ACL_USER || tag == ACL_GROUP)
        add_named(acl, entry, tag == ACL_GROUP);
}

/* Group and named entries grant what the mask lets through; who is granted nothing isn't named. */
static void work_mask_in(struct acl *acl, unsigned mask) {
    size_t kept = 0;
    acl->group &= mask;
    for (size_t i = 0; i < acl->count; i++) {
        acl->named[i].bits &= mask;
        if (acl->named[i].bits)
            acl->named[kept++] = acl->named[i];
    }
    acl->count = kept;
}

static struct acl *take(const void *parent, acl_t kept) {
    struct acl *acl = xtalloc_zero(parent, struct acl);
    acl_entry_t entry;
    unsigned mask = 7;
    for (int which = ACL_FIRST_ENTRY; acl_get_entry(kept, which, &entry) == 1;
         which = ACL_NEXT_ENTRY)
        take_entry(acl, entry, &mask);
    work_mask_in(acl, mask);
    return acl;
}

static bool keeps_none(int reason) {
    return reason == EOPNOTSUPP || reason == ENOSYS;
}

/* Where a file system keeps no ACLs there is still the mode. */
static acl_t get(int fd, enum acl_which which) {
    char *path = path_of(NULL, fd);
    acl_t kept = acl_get_file(path, type_of(which));
    struct stat status;
    talloc_free(path);
    if (kept || !keeps_none(errno))
        return kept;
    if (which == ACL_INHERITED)
        return acl_init(0);
    return fstat(fd, &status) == 0 ? acl_from_mode(status.st_mode) : NULL;
}

bool acl_read(const void *parent, int fd, enum acl_which which, struct acl **acl, struct err *err) {
    acl_t kept = get(fd, which);
    *acl = NULL;
    if (!kept)
        return err_errno(err, errno, "can't read the rights", NULL, "see `backout doctor`");
    if (acl_entries(kept) > 0)
        *acl = take(parent, kept);
    acl_free(kept);
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

static char *append_bits(char *text, const char *who, unsigned bits) {
    return xtalloc_asprintf_append(text, "%s:%c%c%c\n", who, bits & 4 ? 'r' : '-',
                                   bits & 2 ? 'w' : '-', bits & 1 ? 'x' : '-');
}

static unsigned widest(const struct acl *acl) {
    unsigned mask = acl->group;
    for (size_t i = 0; i < acl->count; i++)
        mask |= acl->named[i].bits;
    return mask;
}

/* As acl_from_text(3) reads it. */
static char *text_of(const void *parent, const struct acl *acl) {
    char *text = append_bits(xtalloc_strdup(parent, ""), "user:", acl->owner);
    text = append_bits(text, "group:", acl->group);
    text = append_bits(text, "other:", acl->other);
    for (size_t i = 0; i < acl->count; i++) {
        char who[32];
        snprintf(who, sizeof(who), "%s:%lu", acl->named[i].group ? "group" : "user",
                 (unsigned long)acl->named[i].id);
        text = append_bits(text, who, acl->named[i].bits);
    }
    return acl->count ? append_bits(text, "mask:", widest(acl)) : text;
}

static bool failed(int reason, const char *path, struct err *err) {
    if (keeps_none(reason))
        return err_set(
            err, ERR_UNAVAILABLE, "this file system keeps no ACLs", path,
            "let everybody look (--viewers all), or put the store on ext4, XFS or btrfs");
    return err_errno(err, reason, "can't set who may look", path,
                     "ask its owner or root to run `backout init`");
}

static int write_text(const char *object, enum acl_which which, const char *text) {
    acl_t acl = acl_from_text(text);
    if (!acl)
        return errno;
    int reason = acl_set_file(object, type_of(which), acl) == 0 ? 0 : errno;
    acl_free(acl);
    return reason;
}

static int delete_inherited(const char *object) {
    return acl_delete_def_file(object) == 0 || keeps_none(errno) ? 0 : errno;
}

bool acl_write(int fd, enum acl_which which, const struct acl *acl, const char *path,
               struct err *err) {
    char *object = path_of(NULL, fd);
    int reason = acl ? write_text(object, which, text_of(object, acl)) : delete_inherited(object);
    talloc_free(object);
    return reason == 0 || failed(reason, path, err);
}

/* ---- comparing ------------------------------------------------------------------------------- */

unsigned acl_named_bits(const struct acl *acl, bool group, id_t id) {
    for (size_t i = 0; i < acl->count; i++)
        if (acl->named[i].group == group && acl->named[i].id == id)
            return acl->named[i].bits;
    return 0;
}

bool acl_same(const struct acl *a, const struct acl *b) {
    if (!a || !b)
        return a == b;
    bool same = a->owner == b->owner && a->group == b->group && a->other == b->other &&
                a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = acl_named_bits(b, a->named[i].group, a->named[i].id) == a->named[i].bits;
    return same;
}

const char *acl_library(void) {
    return ACL_VERSION;
}
