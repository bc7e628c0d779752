#include "config.h"

#include "tests/screen/golden.h"

#include "tests/base/unit.h"

#include "base/xtalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN_BYTES 262144

static char *read_whole(const void *parent, const char *path) {
    FILE *file = fopen(path, "re");
    char *text = xtalloc_zero_array(parent, char, GOLDEN_BYTES);

    if (file != NULL) {
        size_t length = fread(text, 1, GOLDEN_BYTES - 1, file);
        text[length] = '\0';
        fclose(file);
    }
    return text;
}

static void write_whole(const char *path, const char *text) {
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* The rows that differ, as they are and as they should be. */
static void print_difference(const char *is, const char *expected) {
    for (int row = 1; *is != '\0' || *expected != '\0'; row++) {
        size_t is_length = strcspn(is, "\n"), expected_length = strcspn(expected, "\n");
        if (is_length != expected_length || memcmp(is, expected, is_length) != 0) {
            print_error("# line %d\n# -%.*s\n# +%.*s\n", row, (int)expected_length, expected,
                        (int)is_length, is);
        }
        is += is_length + (is[is_length] == '\n');
        expected += expected_length + (expected[expected_length] == '\n');
    }
}

void golden_check(const struct canvas *canvas, const char *name) {
    void *scratch = talloc_new(NULL);
    const char *source = getenv("SRCDIR") != NULL ? getenv("SRCDIR") : ".";
    char *path = xtalloc_asprintf(scratch, "%s/tests/screen/views/%s.screen", source, name);
    char *is = xtalloc_asprintf(scratch, "%s\n\n%s\n", canvas_text(scratch, canvas),
                                canvas_roles(scratch, canvas));

    if (getenv("UPDATE") != NULL) {
        write_whole(path, is);
    }
    char *expected = read_whole(scratch, path);
    bool same = strcmp(is, expected) == 0;
    if (!same) {
        print_error("# %s is not as expected (- expected, + is)\n", name);
        print_difference(is, expected);
    }
    talloc_free(scratch);
    assert_true(same);
}
