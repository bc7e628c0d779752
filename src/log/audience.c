#include "config.h"

#include "log/audience.h"

#include "base/number.h"
#include "base/text.h"
#include "base/xtalloc.h"
#include "log/acl.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Enough of a list for a person; a directory service may know thousands. */
#define NAMES_MAX  5000
#define PEOPLE_MAX 12

/* ---- whose it is now ------------------------------------------------------------------------- */

/* Whoever may enter and list it, besides its group. */
static void take_viewers(const struct acl *acl, struct audience *audience) {
    for (size_t i = 0; acl && i < acl->count; i++)
        if (acl->named[i].group && (acl->named[i].bits & 5) == 5) {
            audience->viewers = VIEWERS_GROUP;
            audience->viewers_group = acl->named[i].id;
            return;
        }
    if (acl && (acl->other & 5) == 5)
        audience->viewers = VIEWERS_ALL;
}

static bool find_viewers(const char *folder, struct audience *audience, struct err *err) {
    char *view = xtalloc_asprintf(NULL, "%s/view", folder);
    int fd = open(view, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct acl *acl = NULL;
    bool read = fd < 0 || acl_read(view, fd, ACL_OF_ITSELF, &acl, err);
    if (audience->shared)
        take_viewers(acl, audience);
    if (fd >= 0)
        close(fd);
    talloc_free(view);
    return read;
}

bool audience_find(const char *folder, struct audience *audience, struct err *err) {
    struct stat status;
    *audience = (struct audience){0};
    if (stat(folder, &status) != 0)
        return err_errno(err, errno, "can't look at the store's folder", folder,
                         "see the rights of the folders above it");
    audience->shared = (status.st_mode & (S_ISGID | S_IWGRP)) != 0;
    audience->group = status.st_gid;
    return find_viewers(folder, audience, err);
}

/* ---- groups ---------------------------------------------------------------------------------- */

static const char *const *group_names(const void *parent) {
    const char **names = xtalloc_zero_array(parent, const char *, NAMES_MAX + 1);
    const struct group *group;
    setgrent();
    for (size_t count = 0; count < NAMES_MAX && (group = getgrent()); count++)
        names[count] = xtalloc_strdup(names, group->gr_name);
    endgrent();
    return names;
}

bool group_find(const char *name, gid_t *group, struct err *err) {
    const struct group *found = getgrnam(name);
    int64_t number;
    if (found) {
        *group = found->gr_gid;
        return true;
    }
    if (number_parse(name, 0, (int64_t)UINT32_MAX - 1, &number)) {
        *group = (gid_t)number;
        return true;
    }
    const char *near = text_nearest(name, group_names(err));
    return err_set(err, ERR_NOT_FOUND, "there is no such group", name,
                   near ? err_fmt(err, "did you mean %s?", near)
                        : "`getent group` lists them; groupadd makes one");
}

bool group_is_ours(gid_t group) {
    gid_t groups[256];
    int count = getgroups((int)(sizeof(groups) / sizeof(groups[0])), groups);
    if (geteuid() == 0 || getegid() == group)
        return true;
    for (int i = 0; i < count; i++)
        if (groups[i] == group)
            return true;
    return false;
}

char *group_name(const void *parent, gid_t group) {
    const struct group *found = getgrgid(group);
    return found ? xtalloc_strdup(parent, found->gr_name)
                 : xtalloc_asprintf(parent, "%lu", (unsigned long)group);
}

/* ---- people ---------------------------------------------------------------------------------- */

/* A list with each name once, cut where it is long enough. */
struct people {
    char *text;
    const char *names[PEOPLE_MAX];
    size_t count;
};

static void add(struct people *people, const char *name) {
    for (size_t i = 0; i < people->count && i < PEOPLE_MAX; i++)
        if (strcmp(people->names[i], name) == 0)
            return;
    if (people->count < PEOPLE_MAX) {
        people->names[people->count] = xtalloc_strdup(people->text, name);
        people->text =
            xtalloc_asprintf_append(people->text, "%s%s", people->count ? ", " : "", name);
    } else if (people->count == PEOPLE_MAX) {
        people->text = xtalloc_strdup_append(people->text, ", …");
    }
    people->count++;
}

char *group_people(const void *parent, gid_t group) {
    struct people people = {.text = xtalloc_strdup(parent, "")};
    const struct group *found = getgrgid(group);
    const struct passwd *user;
    for (size_t i = 0; found && found->gr_mem[i]; i++)
        add(&people, found->gr_mem[i]);
    setpwent();
    for (size_t seen = 0; seen < NAMES_MAX && (user = getpwent()); seen++)
        if (user->pw_gid == group)
            add(&people, user->pw_name);
    endpwent();
    return people.text;
}

char *group_words(const void *parent, gid_t group) {
    char *people = group_people(NULL, group);
    char *words = xtalloc_asprintf(parent, "group %s%s%s%s", group_name(people, group),
                                   *people ? " (" : "", people, *people ? ")" : "");
    talloc_free(people);
    return words;
}

/* ---- who may not ----------------------------------------------------------------------------- */

static const char *owner_words(const void *parent, const char *file) {
    struct stat status;
    const struct passwd *owner = stat(file, &status) == 0 ? getpwuid(status.st_uid) : NULL;
    return owner ? xtalloc_asprintf(parent, "its owner, %s", owner->pw_name) : "its owner";
}

bool audience_refuse(const struct log_place *place, struct err *err) {
    struct audience audience;
    if (!audience_find(place->folder, &audience, err))
        return false;
    const char *who =
        audience.shared ? group_words(err, audience.group) : owner_words(err, place->file);
    bool looks = access(place->mirror, R_OK) == 0;
    return err_set(err, ERR_ACCESS, "you may not open the store",
                   err_fmt(err, "%s is for %s", place->file, who),
                   looks ? "look at it with `backout watch`; ask them for the rest" : "ask them");
}
