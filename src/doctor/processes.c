/* What /proc shows of other processes; what may not be seen is as good as not there. */
#include "config.h"

#include "doctor/look.h"

#include "base/number.h"
#include "base/xtalloc.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *path_of(const void *parent, pid_t pid, const char *name) {
    return xtalloc_asprintf(parent, "/proc/%ld/%s", (long)pid, name);
}

void processes_each(process_fn *fn, void *data) {
    DIR *proc = opendir("/proc");
    const struct dirent *entry;
    int64_t pid;
    bool more = true;
    while (more && proc && (entry = readdir(proc)))
        if (number_parse(entry->d_name, 1, INT32_MAX, &pid))
            more = fn(data, (pid_t)pid);
    if (proc)
        closedir(proc);
}

bool process_user(pid_t pid, uid_t *user) {
    char *path = path_of(NULL, pid, "");
    struct stat status;
    bool seen = stat(path, &status) == 0;
    *user = seen ? status.st_uid : 0;
    talloc_free(path);
    return seen;
}

char *proc_file(const void *parent, const char *path, size_t limit, size_t *length) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    char *text = xtalloc_array(parent, char, limit + 1);
    ssize_t got = 0;
    for (*length = 0; *length < limit; *length += (size_t)got)
        if ((got = read(fd, text + *length, limit - *length)) <= 0)
            break;
    text[*length] = '\0';
    close(fd);
    return text;
}

char *process_file(const void *parent, pid_t pid, const char *name, size_t limit, size_t *length) {
    char *path = path_of(NULL, pid, name);
    char *text = proc_file(parent, path, limit, length);
    talloc_free(path);
    return text;
}

/* "anon_inode:inotify", "/srv/x.db-shm" */
static bool leads_to(int folder, const char *name, const char *target) {
    char found[PATH_MAX];
    ssize_t length = readlinkat(folder, name, found, sizeof(found));
    return length == (ssize_t)strlen(target) && memcmp(found, target, (size_t)length) == 0;
}

int process_holds(pid_t pid, const char *target) {
    char *path = path_of(NULL, pid, "fd");
    DIR *listing = opendir(path);
    const struct dirent *entry;
    int count = 0;
    talloc_free(path);
    if (!listing)
        return -1;
    while ((entry = readdir(listing)))
        count += leads_to(dirfd(listing), entry->d_name, target);
    closedir(listing);
    return count;
}
