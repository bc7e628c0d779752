#include "config.h"

#include "tests/screen/desk.h"

#include "base/text.h"
#include "base/xtalloc.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 32

static const char plan[] =
    "backout: 1\n"
    "plan: shop-1\n"
    "title: Shop is slow\n"
    "service: shop\n"
    "why: Orders\n"
    "steps:\n"
    "  - {id: flag, title: Flag off, owner: commander, box: 5m, manual: x}\n"
    "  - {id: code, title: Code back, owner: commander, box: 5m, manual: x}\n"
    "  - {id: look, title: Look at it, owner: commander, box: 5m, manual: x}\n"
    "roles: {commander: [ana]}\n"
    "escalation: [{if: not_recovered, after: 9h, to: [vp-eng]}]\n";

/* ---- the folder ------------------------------------------------------------------------------ */

int desk_setup(void **state) {
    struct desk *desk = xtalloc_zero(NULL, struct desk);
    const char *temporary = getenv("TMPDIR");
    if (!text_init())
        return -1;
    desk->folder = xtalloc_asprintf(desk, "%s/desk.XXXXXX", temporary ? temporary : "/tmp");
    if (!mkdtemp(desk->folder))
        return -1;
    desk->store = xtalloc_asprintf(desk, "%s/incidents.db", desk->folder);
    setenv("HOME", desk->folder, 1);
    setenv("BACKOUT_STORE", desk->store, 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_STATE_HOME");
    *state = desk;
    return 0;
}

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place) {
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

int desk_teardown(void **state) {
    struct desk *desk = *state;
    talloc_free(desk->pty);
    nftw(desk->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    talloc_free(desk);
    return 0;
}

char *desk_write(struct desk *desk, const char *name, const char *text) {
    char *path = xtalloc_asprintf(desk, "%s/%s", desk->folder, name);
    for (char *slash = path + strlen(desk->folder) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    return path;
}

/* ---- the others ------------------------------------------------------------------------------ */

/* Cuts at spaces outside of quotes. */
static void split(char *text, const char **words) {
    size_t count = 1;
    while (*(text += strspn(text, " ")) && count + 1 < WORDS_MAX) {
        bool quoted = *text == '\'';
        text += quoted;
        words[count++] = text;
        text += strcspn(text, quoted ? "'" : " ");
        if (*text)
            *text++ = '\0';
    }
    words[count] = NULL;
}

void desk_others_at(struct place at, struct desk *desk, const char *text) {
    const char *words[WORDS_MAX] = {getenv("BACKOUT")};
    int status;
    split(xtalloc_strdup(desk, text), words);
    pid_t pid = fork();
    if (pid == 0) {
        int nowhere = open("/dev/null", O_RDWR);
        dup2(nowhere, STDIN_FILENO);
        dup2(nowhere, STDOUT_FILENO);
        execv(words[0], (char *const *)(uintptr_t)words);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (status != 0) {
        print_error("# backout %s: status %x\n", text, status);
        _fail(at.file, at.line);
    }
}

void desk_incident_at(struct place at, struct desk *desk) {
    char *path = desk_write(desk, "plan.yaml", plan);
    char *declare = xtalloc_asprintf(desk, "declare %s --severity 1 --accept 'a test'", path);
    desk_others_at(at, desk, declare);
    desk_others_at(at, desk, "ack 1");
    desk_others_at(at, desk, "take 1 commander");
    desk_others_at(at, desk, "decide 1 back --reason errors");
}

/* ---- the console ----------------------------------------------------------------------------- */

void desk_open_at(struct place at, struct desk *desk, const char *words, const char *shown) {
    const char *argv[WORDS_MAX] = {getenv("BACKOUT")};
    const struct pty_options options = {0};
    split(xtalloc_strdup(desk, words), argv);
    assert_non_null(argv[0]);
    desk->pty = pty_start(desk, &options, argv);
    probe_shows_at(at, desk->pty, shown);
    probe_is_idle_at(at, desk->pty);
}

/* A key that comes before the program knows that its question was shown would answer nothing; only
 * tests are that quick. */
void desk_keys_at(struct place at, struct desk *desk, const char *keys, const char *shown) {
    pty_keys(desk->pty, keys);
    probe_shows_at(at, desk->pty, shown);
    probe_is_idle_at(at, desk->pty);
}

/* A kernel keeps some 64 KiB of what the terminal doesn't take. */
void desk_stall_at(struct place at, struct desk *desk) {
    pty_stall(desk->pty, true);
    for (int i = 0; i < 60; i++) {
        pty_resize(desk->pty, 50 + i % 2, 200);
        probe_is_idle_at(at, desk->pty);
    }
    pty_resize(desk->pty, 24, 80);
    probe_is_idle_at(at, desk->pty);
}

const char *desk_selected(struct desk *desk) {
    const char *text = pty_text(desk->pty);
    for (int row = 0; row < 24; row++) {
        bool all = true;
        for (int col = 0; col < 80 && all; col++)
            all = pty_cell(desk->pty, row, col).reverse;
        size_t length = strcspn(text, "\n");
        if (all)
            return xtalloc_strndup(desk, text, length);
        text += length + (text[length] == '\n');
    }
    return NULL;
}

struct wanted {
    struct desk *desk;
    const char *part;
};

static bool is_selected(struct pty *pty, const void *about) {
    const struct wanted *wanted = about;
    const char *row = desk_selected(wanted->desk);
    (void)pty;
    return row && strstr(row, wanted->part);
}

void desk_wait_selected_at(struct place at, struct desk *desk, const char *part) {
    struct wanted wanted = {desk, part};
    bool selected = pty_wait_until(desk->pty, is_selected, &wanted, LIMIT_MS);
    probe_assert_at(at, desk->pty, selected, xtalloc_asprintf(desk, "\"%s\" is selected", part));
}

void desk_is_calm_at(struct place at, struct desk *desk) {
    desk_keys_at(at, desk, "?", "KEYS ");
    pty_keys(desk->pty, "\033");
    probe_shows_not_at(at, desk->pty, "KEYS ");
    probe_shows_at(at, desk->pty, "? help");
}
