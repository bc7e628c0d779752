#include "config.h"

#include "base/host.h"

#include "base/xtalloc.h"

#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define BOOT_FILE "/proc/sys/kernel/random/boot_id"

char *host_name(const void *parent) {
    char name[HOST_NAME_MAX + 1] = "";
    if (gethostname(name, sizeof(name) - 1) < 0)
        name[0] = '\0';
    return xtalloc_strdup(parent, name);
}

char *host_boot(const void *parent) {
    char boot[64] = "";
    int fd = open(BOOT_FILE, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, boot, sizeof(boot) - 1);
    if (fd >= 0)
        close(fd);
    boot[got > 0 ? got : 0] = '\0';
    return xtalloc_strndup(parent, boot, strcspn(boot, "\n"));
}

char *host_user(const void *parent) {
    const struct passwd *entry = getpwuid(getuid());
    if (entry != NULL)
        return xtalloc_strdup(parent, entry->pw_name);
    return xtalloc_asprintf(parent, "uid-%lld", (long long)getuid());
}
