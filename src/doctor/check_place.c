/* Where the store lies: the path, the folders above it, the disk. */
#include "config.h"

#include "doctor/look.h"

#include "base/xtalloc.h"
#include "log/rights.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define FREE_BYTES_LOW ((uint64_t)256 << 20)

/* ---- the path -------------------------------------------------------------------------------- */

static void no_place(struct look *look) {
    struct err *err = look->err;
    bool missing = err->code == ERR_NOT_FOUND;
    if (missing)
        found(look, DOCTOR_NOTE, "there is no store yet", look->question->store,
              look_fmt(look, "backout init %s", look->question->store));
    else
        found_err(look, DOCTOR_BAD, err);
}

/* The first check: those that follow look at what it found. */
void check_store(struct look *look) {
    const char *path = look->question->store;
    if (!log_place_find(look->scratch, path, &look->place, look->err) ||
        !audience_find(look->place->folder, &look->audience, look->err)) {
        look->place = NULL;
        no_place(look);
        return;
    }
    if (!look->place->exists)
        found(look, DOCTOR_NOTE, "there is no store yet", path,
              look_fmt(look, "backout init %s", path));
    else if (look->place->empty)
        found(look, DOCTOR_DAMAGED, "the store's file is empty", path,
              "restore a backup: backout restore FILE --reason TEXT");
    else
        found(look, DOCTOR_OK, "there is a store", look->place->file, NULL);
}

/* ---- the folders above ----------------------------------------------------------------------- */

/* Whoever may write a folder may rename what is in it, but for the sticky bit. */
static void judge_parent(struct look *look, const char *parent) {
    struct stat status;
    const struct audience *audience = &look->audience;
    if (stat(parent, &status) != 0)
        return;
    bool sticky = status.st_mode & S_ISVTX;
    if ((status.st_mode & S_IWGRP) && !sticky && status.st_gid != 0)
        found(look, DOCTOR_WARN, "a group can move the store away",
              look_fmt(look, "%s is writable for group %s", parent,
                       group_name(look->scratch, status.st_gid)),
              look_fmt(look, "chmod g-w %s", parent));
    bool all = audience->viewers != VIEWERS_NONE || audience->shared;
    if (all && (status.st_mode & S_IXOTH) == 0 &&
        !(status.st_gid == audience->group && (status.st_mode & S_IXGRP) &&
          audience->viewers == VIEWERS_NONE))
        found(look, DOCTOR_WARN, "not all whom the store is for can get to it",
              look_fmt(look, "%s lets others not pass", parent),
              look_fmt(look, "chmod o+x %s", parent));
    if ((status.st_mode & S_IWOTH) && sticky)
        found(look, DOCTOR_NOTE, "the store lies where everybody may put things",
              look_fmt(look, "%s; such folders are often emptied at a restart", parent),
              "backout backup FILE, and restore it in a place that stays");
}

void check_folders(struct look *look) {
    if (!rights_judge_parents(look->place->folder, look->err)) {
        found_err(look, DOCTOR_BAD, look->err);
        return;
    }
    char *parent = xtalloc_strdup(look->scratch, look->place->folder);
    for (char *slash; (slash = strrchr(parent, '/')) && slash != parent;) {
        *slash = '\0';
        judge_parent(look, parent);
    }
}

/* ---- the disk -------------------------------------------------------------------------------- */

/* A network file system is refused with the place, before this. */
void check_filesystem(struct look *look) {
    struct statvfs filesystem;
    if (statvfs(look->place->folder, &filesystem) != 0)
        found(look, DOCTOR_BAD, "its file system doesn't answer", strerror(errno), "df; mount");
    else if (filesystem.f_flag & ST_RDONLY)
        found(look, DOCTOR_BAD, "its file system may only be read", look->place->folder,
              look_fmt(look, "mount -o remount,rw $(df --output=target %s | tail -n 1)",
                       look->place->folder));
}

void check_space(struct look *look) {
    struct statvfs filesystem;
    if (statvfs(look->place->folder, &filesystem) != 0)
        return;
    uint64_t free = (uint64_t)filesystem.f_bavail * filesystem.f_frsize;
    const char *on = look_fmt(look, "%llu MiB are free at %s", (unsigned long long)(free >> 20),
                              look->place->folder);
    const char *remedy =
        look_fmt(look, "make room: du -xh %s | sort -h | tail", look->place->folder);
    if (free < (uint64_t)FREE_BYTES_TO_START)
        found(look, DOCTOR_BAD, "no step can be started", on, remedy);
    else if (free < FREE_BYTES_LOW)
        found(look, DOCTOR_WARN, "its disk is nearly full", on, remedy);
    else
        found(look, DOCTOR_OK, "there is room on its disk", on, NULL);
    if (filesystem.f_files > 0 && filesystem.f_favail < 1000)
        found(look, DOCTOR_WARN, "its disk has few inodes left",
              look_fmt(look, "%llu", (unsigned long long)filesystem.f_favail), remedy);
}
