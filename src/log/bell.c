#include "config.h"

#include "log/bell.h"

#include "base/xtalloc.h"

#include <limits.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define CHANGES (IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
#define LOSSES  (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED)

struct bell {
    const char *folder, *name;
    int fd;    /* -1: there was no instance to be had */
    int watch; /* -1: nothing is watched */
};

static int close_bell(struct bell *bell) {
    return bell->fd >= 0 ? close(bell->fd) : 0;
}

struct bell *bell_new(const void *parent, const char *path) {
    struct bell *bell = xtalloc_zero(parent, struct bell);
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) + 1 : 0;
    bell->folder = xtalloc_asprintf(bell, "%.*s.", (int)length, path);
    bell->name = xtalloc_strdup(bell, path + length);
    bell->fd = bell->watch = -1;
    talloc_set_destructor(bell, close_bell);
    return bell;
}

bool bell_listen(struct bell *bell) {
    if (bell->fd < 0)
        bell->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (bell->fd >= 0 && bell->watch < 0)
        bell->watch = inotify_add_watch(bell->fd, bell->folder, CHANGES | LOSSES | IN_ONLYDIR);
    return bell->watch >= 0;
}

int bell_fd(const struct bell *bell) {
    return bell->fd;
}

/* A folder that went, or was moved away, is another one when it comes back. */
static void lose(struct bell *bell) {
    if (bell->watch >= 0)
        inotify_rm_watch(bell->fd, bell->watch);
    bell->watch = -1;
}

static bool concerns(struct bell *bell, const struct inotify_event *event) {
    if (event->mask & IN_Q_OVERFLOW)
        return true;
    if (event->wd != bell->watch)
        return false; /* of a watch that was given up */
    if (event->mask & LOSSES) {
        lose(bell);
        return true;
    }
    return event->len > 0 && strcmp(event->name, bell->name) == 0;
}

bool bell_heard(struct bell *bell) {
    _Alignas(struct inotify_event) char events[sizeof(struct inotify_event) + NAME_MAX + 1 + 4096];
    bool heard = false;
    ssize_t length;
    while (bell->fd >= 0 && (length = read(bell->fd, events, sizeof events)) > 0) {
        const char *at = events;
        while (at < events + length) {
            const struct inotify_event *event = (const struct inotify_event *)(const void *)at;
            heard = concerns(bell, event) || heard;
            at += sizeof(*event) + event->len;
        }
    }
    return heard;
}
