#include "config.h"

#include "base/xtalloc.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static _Noreturn void give_up(void) {
    static const char words[] = "backout: out of memory\n";

    ssize_t ignored = write(STDERR_FILENO, words, sizeof(words) - 1);
    (void)ignored;
    abort();
}

void *xtalloc_check(void *pointer) {
    if (pointer == NULL) {
        give_up();
    }
    return pointer;
}

const char *xtalloc_library(void) {
    static char version[32];

    snprintf(version, sizeof(version), "%d.%d", talloc_version_major(), talloc_version_minor());
    return version;
}

unsigned xtalloc_count(size_t count) {
    if (count > UINT_MAX) {
        give_up();
    }
    return (unsigned)count;
}
