#include "config.h"

#include "base/xtalloc.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

void *xtalloc_check(void *pointer) {
    static const char words[] = "backout: out of memory\n";

    if (pointer == NULL) {
        ssize_t ignored = write(STDERR_FILENO, words, sizeof(words) - 1);
        (void)ignored;
        abort();
    }
    return pointer;
}

unsigned xtalloc_count(size_t count) {
    if (count > UINT_MAX)
        xtalloc_check(NULL);
    return (unsigned)count;
}
