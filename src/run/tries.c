#include "config.h"

#include "run/tries.h"

#include "base/number.h"
#include "base/xtalloc.h"

#include <string.h>

#define TRIES_FILE  "tries"
#define TRIES_BYTES 64

void tries_write(const struct folder *folder, const struct tries *tries) {
    struct err *ignored = err_new(NULL);
    folder_replace(
        folder, TRIES_FILE,
        err_fmt(ignored, "%lld %lld\n", (long long)tries->count, (long long)tries->last_ms), false,
        ignored);
    talloc_free(ignored);
}

bool tries_read(const struct folder *folder, struct tries *tries) {
    char *text = folder_read(NULL, folder, TRIES_FILE, TRIES_BYTES);
    struct tries fresh = {0};
    char *space = text != NULL ? strchr(text, ' ') : NULL;
    bool ok = false;
    if (space != NULL) {
        *space++ = '\0';
        space[strcspn(space, "\n")] = '\0';
        ok = number_parse(text, 0, INT64_MAX, &fresh.count) &&
             number_parse(space, 0, INT64_MAX, &fresh.last_ms) && fresh.count != tries->count;
    }
    if (ok)
        *tries = fresh;
    talloc_free(text);
    return ok;
}
