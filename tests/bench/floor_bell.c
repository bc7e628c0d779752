/* floor_bell FILE: the least that waking another process can cost: inotify on the file's folder,
 * then whatever the file has grown by is copied to standard output. */
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

int main(int argc, char **argv) {
    char folder[4096], bytes[65536];
    if (argc != 2 || snprintf(folder, sizeof(folder), "%s", argv[1]) >= (int)sizeof(folder))
        return 2;
    int file = open(argv[1], O_RDONLY | O_CLOEXEC);
    int bell = inotify_init1(IN_CLOEXEC);
    if (file < 0 || bell < 0 || inotify_add_watch(bell, dirname(folder), IN_MODIFY) < 0)
        return 1;
    lseek(file, 0, SEEK_END);
    if (write(STDOUT_FILENO, "ready\n", 6) < 0)
        return 1;
    while (read(bell, bytes, sizeof(bytes)) > 0)
        for (ssize_t got; (got = read(file, bytes, sizeof(bytes))) > 0;)
            if (write(STDOUT_FILENO, bytes, (size_t)got) < 0)
                return 1;
    return 0;
}
