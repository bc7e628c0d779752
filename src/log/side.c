#include "config.h"

#include "log/side.h"

#include "base/glance.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make(const char *path, mode_t mode) {
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd >= 0 && fchmod(fd, mode) != 0) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

/* Another process may make the file between our two looks, or take it away: look again then. */
int side_open(const char *path, mode_t mode) {
    for (int tries = 0; tries < 8; tries++) {
        int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        if (fd >= 0 || errno != ENOENT)
            return fd;
        fd = make(path, mode);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

bool side_was_replaced(int fd) {
    struct glance held;
    return !glance_open(fd, &held) || held.links == 0;
}

static off_t place_of(size_t nth) {
    return (off_t)(nth * SIDE_RECORD);
}

bool side_write(int fd, size_t nth, const char *text) {
    char record[SIDE_RECORD];
    size_t length = strnlen(text, sizeof record - 1);
    memset(record, ' ', sizeof record);
    memcpy(record, text, length);
    record[sizeof record - 1] = '\n';
    return pwrite(fd, record, sizeof record, place_of(nth)) == (ssize_t)sizeof record;
}

char *side_read(const void *parent, int fd, size_t nth) {
    char record[SIDE_RECORD];
    ssize_t got = pread(fd, record, sizeof record, place_of(nth));
    size_t length = got > 0 ? (size_t)got : 0;
    while (length > 0 && (record[length - 1] == ' ' || record[length - 1] == '\n'))
        length--;
    return text_clean(parent, record, length);
}
