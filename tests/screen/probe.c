#include "config.h"

#include "tests/screen/probe.h"

#include "tests/base/unit.h"

#include "base/xtalloc.h"

#include <string.h>
#include <unistd.h>

static char *path;

int probe_find(void **state) {
    char *own = xtalloc_zero_array(NULL, char, 4096);

    (void)state;
    if (readlink("/proc/self/exe", own, 4095) <= 0) {
        return -1;
    }
    *strrchr(own, '/') = '\0';
    path = xtalloc_asprintf(NULL, "%s/term_probe", own);
    talloc_free(own);
    return access(path, X_OK);
}

int probe_forget(void **state) {
    (void)state;
    talloc_free(path);
    return 0;
}

const char *probe_path(void) {
    return path;
}

void probe_assert(struct pty *pty, bool holds, const char *what) {
    if (holds) {
        return;
    }
    print_error("# not so: %s\n", what);
    for (const char *row = pty_text(pty); *row != '\0'; row += strcspn(row, "\n") + 1) {
        print_error("# %.*s\n", (int)strcspn(row, "\n"), row); /* cmocka cuts what is long */
    }
    fail();
}

struct pty *probe_start_with(const struct pty_options *options, const char *argument) {
    const char *argv[] = {path, argument, NULL};

    return pty_start(NULL, options, argv);
}

struct pty *probe_start(const struct pty_options *options) {
    struct pty *pty = probe_start_with(options, NULL);

    assert_shows(pty, "PROBE");
    assert_shows(pty, "corner");
    return pty;
}

void probe_send(struct pty *pty, const char *bytes) {
    pty_send(pty, bytes, strlen(bytes));
}

int probe_end(struct pty *pty) {
    int status = -1;

    probe_assert(pty, pty_wait_end(pty, &status, LIMIT_MS), "it ends");
    return status;
}

void probe_quit(struct pty *pty) {
    pty_keys(pty, "q");
    assert_int_equal(probe_end(pty), 0);
    talloc_free(pty);
}
