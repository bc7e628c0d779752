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

static const char *full_path(const void *parent, const char *path) {
    const char *root = getenv("SRCDIR");
    return xtalloc_asprintf(parent, "%s/%s", root == NULL ? "." : root, path);
}

char *file_of(const void *parent, const char *path) {
    const char *full = full_path(parent, path);
    FILE *file = fopen(full, "rb");
    if (file == NULL)
        fail_msg("can't open %s", full);
    char *bytes = xtalloc_zero_array(parent, char, YAML_MAX_BYTES + 1);
    size_t length = fread(bytes, 1, YAML_MAX_BYTES, file);
    fclose(file);
    bytes[length] = '\0';
    return bytes;
}

void file_write(const void *parent, const char *path, const char *text) {
    FILE *file = fopen(full_path(parent, path), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}
