#include "config.h"

#include "tests/yaml/fixture.h"

#include "base/digest.h"
#include "base/text.h"
#include "yaml/node.h"

#include <stdio.h>
#include <stdlib.h>

int memory_begin(void **state) {
    *state = xtalloc_size(NULL, 0);
    return 0;
}

int memory_end(void **state) {
    talloc_free(*state);
    return 0;
}

int locale_begin(void **state) {
    (void)state;
    return text_init() && digest_init() ? 0 : -1;
}

char *file_of(const void *parent, const char *path) {
    const char *root = getenv("SRCDIR");
    char *full = xtalloc_asprintf(parent, "%s/%s", root == NULL ? "." : root, path);
    FILE *file = fopen(full, "rb");
    if (file == NULL)
        fail_msg("can't open %s", full);
    char *bytes = xtalloc_zero_array(parent, char, YAML_MAX_BYTES + 1);
    size_t length = fread(bytes, 1, YAML_MAX_BYTES, file);
    fclose(file);
    bytes[length] = '\0';
    return bytes;
}
