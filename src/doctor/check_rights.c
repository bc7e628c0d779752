/* Who may do what with the store's files, and who these people are. */
#include "config.h"

#include "doctor/look.h"

#include "base/xtalloc.h"
#include "log/rights.h"

#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As many are named; the rest is counted. */
#define NAMED_MAX 8

/* ---- the table of rights --------------------------------------------------------------------- */

struct wrongs {
    struct look *look;
    size_t count;
};

static bool take_right(void *data, const struct right *right) {
    struct wrongs *wrongs = data;
    struct look *look = wrongs->look;
    if (right->is && wrongs->count++ < NAMED_MAX)
        found(look, DOCTOR_BAD, "the rights are wrong",
              look_fmt(look, "%s is %s, should be %s", right->path, right->is, right->should),
              right->foreign ? look_fmt(look, "mv %s elsewhere", right->path)
                             : look_fmt(look, "backout init %s", look->place->file));
    return true;
}

void check_rights(struct look *look) {
    struct wrongs wrongs = {.look = look};
    if (!rights_each(look->place, &look->audience, take_right, &wrongs, look->err))
        found_err(look, DOCTOR_WARN, look->err);
    if (wrongs.count > NAMED_MAX)
        found(look, DOCTOR_BAD, "more rights are wrong",
              look_fmt(look, "%zu files besides", wrongs.count - NAMED_MAX),
              look_fmt(look, "backout init %s", look->place->file));
}

/* ---- owners ---------------------------------------------------------------------------------- */

/* An owner can always give themselves back what their file's mode takes. */
static bool is_of_group(uid_t user, gid_t group) {
    const struct passwd *person = getpwuid(user);
    gid_t groups[256];
    int count = 256;
    if (!person)
        return false;
    if (getgrouplist(person->pw_name, person->pw_gid, groups, &count) < 0)
        return true; /* of so many that this one can't be ruled out */
    for (int i = 0; i < count; i++)
        if (groups[i] == group)
            return true;
    return false;
}

void check_owners(struct look *look) {
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock", ".lease"};
    struct stat status;
    for (size_t i = 0; look->audience.shared && i < sizeof(suffixes) / sizeof(*suffixes); i++) {
        const char *path = look_fmt(look, "%s%s", look->place->file, suffixes[i]);
        if (lstat(path, &status) != 0 || status.st_uid == 0 ||
            is_of_group(status.st_uid, look->audience.group))
            continue;
        const struct passwd *person = getpwuid(status.st_uid);
        found(look, DOCTOR_WARN,
              "its owner is none of the writers, and can do with it what they want",
              look_fmt(look, "%s belongs to %s", path,
                       person ? person->pw_name
                              : look_fmt(look, "%lu", (unsigned long)status.st_uid)),
              look_fmt(look, "chown root %s", path));
    }
}

/* ---- people ---------------------------------------------------------------------------------- */

static const char *group_members(const struct look *look, gid_t group) {
    const char *people = group_people(look->scratch, group);
    return look_fmt(look, "group %s: %s", group_name(look->scratch, group),
                    *people ? people : "nobody who is listed");
}

/* What a reader of view/ sees: titles, names, notes, output; secrets and sensitive inputs are in no
 * event and no output. */
void check_people(struct look *look) {
    const struct audience *audience = &look->audience;
    found(look, DOCTOR_OK, "it is written by",
          audience->shared ? group_members(look, audience->group) : "its owner alone", NULL);
    if (audience->viewers == VIEWERS_GROUP)
        found(look, DOCTOR_OK, "its mirror and the output of steps are read by",
              group_members(look, audience->viewers_group), NULL);
    if (audience->viewers == VIEWERS_ALL)
        found(look, DOCTOR_NOTE, "its mirror and the output of steps are read by",
              "everybody on this machine",
              look_fmt(look, "backout init %s --viewers GROUP, if that is too many",
                       look->place->file));
}

/* ---- you ------------------------------------------------------------------------------------- */

void check_yourself(struct look *look) {
    const char *view = look_fmt(look, "%s/view", look->place->folder);
    const char *group = group_name(look->scratch, look->audience.group);
    if (access(look->place->file, R_OK | W_OK) == 0 && access(look->place->lock, R_OK | W_OK) == 0)
        return;
    const char *remedy =
        look->audience.shared
            ? look_fmt(
                  look, "to write: usermod -aG %s %s, then log in anew", group,
                  look_fmt(look, "%s", getpwuid(getuid()) ? getpwuid(getuid())->pw_name : "YOU"))
            : "its owner alone may use it";
    bool looks = access(view, R_OK | X_OK) == 0;
    found(look, looks ? DOCTOR_NOTE : DOCTOR_WARN,
          looks ? "you may look at its mirror, and not write" : "you may do nothing with it",
          look->place->file, remedy);
}
