#include "config.h"

#include "tests/screen/probe.h"

#include "tests/base/unit.h"

#include "base/array.h"
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
    path = xtalloc_asprintf(NULL, "%s/../screen/term_probe", own);
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

/* Row by row, for cmocka cuts what is long. */
void probe_assert_at(struct place at, struct pty *pty, bool holds, const char *what) {
    if (holds) {
        return;
    }
    print_error("# not so: %s\n", what);
    for (const char *row = pty_text(pty); *row != '\0'; row += strcspn(row, "\n") + 1) {
        print_error("# %.*s\n", (int)strcspn(row, "\n"), row);
    }
    _fail(at.file, at.line);
}

void probe_shows_at(struct place at, struct pty *pty, const char *text) {
    bool shown = pty_wait_text(pty, text, LIMIT_MS);

    probe_assert_at(at, pty, shown, xtalloc_asprintf(pty, "\"%s\" is shown", text));
}

void probe_shows_not_at(struct place at, struct pty *pty, const char *text) {
    bool gone = pty_wait_no_text(pty, text, LIMIT_MS);

    probe_assert_at(at, pty, gone, xtalloc_asprintf(pty, "\"%s\" is not shown", text));
}

void probe_is_idle_at(struct place at, struct pty *pty) {
    probe_assert_at(at, pty, pty_wait_idle(pty, LIMIT_MS), "it has done all that was asked");
}

struct pty *probe_start_with(const struct pty_options *options, const char *argument) {
    const char *argv[] = {path, argument, NULL};

    return pty_start(NULL, options, argv);
}

struct pty *probe_start_at(struct place at, const struct pty_options *options) {
    struct pty *pty = probe_start_with(options, NULL);

    probe_shows_at(at, pty, "PROBE");
    probe_shows_at(at, pty, "corner");
    return pty;
}

void probe_send(struct pty *pty, const char *bytes) {
    pty_send(pty, bytes, strlen(bytes));
}

int probe_end_at(struct place at, struct pty *pty) {
    int status = -1;

    probe_assert_at(at, pty, pty_wait_end(pty, &status, LIMIT_MS), "it ends");
    return status;
}

void probe_quit_at(struct place at, struct pty *pty) {
    pty_keys(pty, "q");
    probe_assert_at(at, pty, probe_end_at(at, pty) == 0, "it ends well");
    talloc_free(pty);
}

/* As often as brackets were set they were taken away, the last time too. */
static bool sets_no_brackets(struct pty *pty, const void *about) {
    const char *on = "\033[?2004h", *off = "\033[?2004l";
    const char *last = NULL;

    (void)about;
    for (const char *at = pty_sent(pty); (at = strstr(at, on)) != NULL; at += strlen(on)) {
        last = at;
    }
    return last == NULL || strstr(last, off) != NULL;
}

static bool shows_cursor(struct pty *pty, const void *about) {
    (void)about;
    return pty_is_cursor_shown(pty);
}

static bool has_modes(struct pty *pty, const void *about) {
    const struct termios *modes = about;

    return pty_same_modes(pty_modes(pty), *modes);
}

static bool is_the_shells(struct pty *pty, const void *about) {
    (void)about;
    return !pty_is_alternate(pty);
}

/* What was said last may still be on its way when the program has ended. */
void probe_gave_back_at(struct place at, struct pty *pty, struct termios modes) {
    static const struct {
        pty_condition_fn *holds;
        const char *what;
    } conditions[] = {
        {has_modes, "the modes are those of before"},
        {is_the_shells, "the screen is the shell's"},
        {shows_cursor, "the cursor is shown"},
        {sets_no_brackets, "a paste has no brackets"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(conditions); i++) {
        bool holds = pty_wait_until(pty, conditions[i].holds, &modes, LIMIT_MS);
        probe_assert_at(at, pty, holds, conditions[i].what);
    }
}
