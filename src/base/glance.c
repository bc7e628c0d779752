#include "config.h"

#include "base/glance.h"

#include <fcntl.h>
#include <sys/stat.h>

static bool look(int fd, const char *path, int flags, struct glance *glance) {
    struct statx file;
    if (statx(fd, path, flags, STATX_TYPE | STATX_NLINK | STATX_INO | STATX_SIZE, &file) != 0)
        return false;
    *glance = (struct glance){
        .device_major = file.stx_dev_major,
        .device_minor = file.stx_dev_minor,
        .inode = file.stx_ino,
        .size = (off_t)file.stx_size,
        .links = file.stx_nlink,
        .plain = S_ISREG(file.stx_mode),
    };
    return true;
}

bool glance_open(int fd, struct glance *glance) {
    return look(fd, "", AT_EMPTY_PATH, glance);
}

bool glance_followed(const char *path, struct glance *glance) {
    return look(AT_FDCWD, path, 0, glance);
}

bool glance_itself(const char *path, struct glance *glance) {
    return look(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, glance);
}

bool glance_same(const struct glance *one, const struct glance *other) {
    return one->device_major == other->device_major && one->device_minor == other->device_minor &&
           one->inode == other->inode;
}
