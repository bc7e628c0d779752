/* floor_append FILE SECONDS BYTES grow|fill: the least a durable append can cost on this disk:
 * pwrite of so many bytes behind the last ones, and fdatasync. `grow` begins with an empty file, so
 * that the file system must write down its new length each time; `fill` writes into one that was
 * filled before. Prints "rate N", appends a second. */
#include "config.h"

#include "tests/bench/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILLED (8 << 20)

static char bytes[1 << 16];

static int prepare(const char *path, int fill) {
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    memset(bytes, 'x', sizeof(bytes));
    for (off_t at = 0; fill && at < FILLED; at += (off_t)sizeof(bytes))
        if (pwrite(fd, bytes, sizeof(bytes), at) < 0)
            return -1;
    return fd < 0 || fsync(fd) != 0 ? -1 : fd;
}

int main(int argc, char **argv) {
    if (argc != 5)
        return 2;
    double limit_ms = strtod(argv[2], NULL) * 1e3;
    size_t length = strtoul(argv[3], NULL, 10);
    int fill = strcmp(argv[4], "fill") == 0;
    int fd = prepare(argv[1], fill);
    long count = 0;
    off_t at = 0;
    double began_ms = clock_ms();
    if (fd < 0 || length > sizeof(bytes))
        return 1;
    while (clock_ms() - began_ms < limit_ms) {
        if (pwrite(fd, bytes, length, at) != (ssize_t)length || fdatasync(fd) != 0)
            return 1;
        at += (off_t)length;
        at = fill && at + (off_t)length > FILLED ? 0 : at;
        count++;
    }
    printf("rate %.1f\n", (double)count * 1e3 / (clock_ms() - began_ms));
    unlink(argv[1]);
    return 0;
}
