#include "config.h"

#include "cli/families.h"

#include "base/host.h"
#include "base/loop.h"
#include "base/xtalloc.h"
#include "cli/out.h"
#include "cli/store_open.h"
#include "cli/wait.h"
#include "hub/import.h"
#include "log/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- export ---- */

static bool print_line(void *data, const char *line) {
    (void)data;
    out_exactly(line);
    return out_flush();
}

/* Lines hold what people wrote, byte for byte, and a terminal obeys some bytes. */
static bool export_to_pipe(struct call *call, struct hub *hub, struct log_head *head) {
    if (isatty(STDOUT_FILENO))
        return err_set(call->err, ERR_USAGE, "an export is no page for a terminal", NULL,
                       "name a file: backout export FILE");
    return hub_export(hub, print_line, NULL, head, call->err) || !out_flush();
}

static bool write_line(void *data, const char *line) {
    FILE *file = data;
    return fputs(line, file) != EOF && fputc('\n', file) != EOF;
}

static bool cant_write(struct call *call, int reason, const char *path) {
    return err_errno(call->err, reason, "can't write the export", path,
                     "make room, or name another file");
}

/* Whole and on disk, or not there. */
static bool fill_file(struct call *call, struct hub *hub, int fd, const char *path,
                      struct log_head *head) {
    FILE *file = fdopen(fd, "w");
    bool kept = file && hub_export(hub, write_line, file, head, call->err) && fflush(file) == 0 &&
                fsync(fd) == 0;
    int reason = errno;
    if (file)
        fclose(file);
    else
        close(fd);
    if (kept)
        return true;
    unlink(path);
    return call->err->code == ERR_NONE ? cant_write(call, reason, path) : false;
}

static bool export_to_file(struct call *call, struct hub *hub, const char *path,
                           struct log_head *head) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 && errno == EEXIST)
        return err_set(call->err, ERR_CONFLICT, "there is a file of that name", path,
                       "name another: nothing is written over");
    if (fd < 0)
        return cant_write(call, errno, path);
    return fill_file(call, hub, fd, path, head);
}

bool run_export(struct call *call) {
    struct hub *hub;
    struct log_head head = {0};
    if (!call_read(call, NULL) || !store_open(call, STORE_LOOK, "line", &hub))
        return false;
    const char *path = call->words[0];
    if (!path || strcmp(path, "-") == 0)
        return export_to_pipe(call, hub, &head);
    if (!export_to_file(call, hub, path, &head))
        return false;
    out_line("exported %lld events to %s", (long long)head.seq, path);
    out_line("%s", log_head_words(call, &head));
    return true;
}

/* ---- import ---- */

struct import_words {
    bool goes_on;
    const char *reason;
};

const struct cli_option import_options[] = {
    {"--continue", NULL, offsetof(struct import_words, goes_on),
     "a new store that goes on from a mirror, or from what is left of an export"},
    {"--reason", "TEXT", offsetof(struct import_words, reason), "why it goes on elsewhere"},
    {0},
};

static void print_imported(const struct call *call, const struct imported *imported) {
    out_line("imported %lld events into %s", (long long)imported->events, call->options->store);
    out_line("%s", log_head_words(call, &imported->now));
}

static void print_continued(const struct call *call, const struct imported *imported) {
    out_line("a new store, %s, goes on from event %lld of store %s with %lld events",
             call->options->store, (long long)imported->old.seq, imported->old.store,
             (long long)imported->events);
    if (imported->torn)
        out_line("its last line was torn: %lld bytes of it are left out",
                 (long long)imported->torn);
    out_line("%s", log_head_words(call, &imported->now));
}

/* What ran on the dead host is unknown from now on, and stands on the record as that. */
static bool settle_lost(struct call *call) {
    struct loop *loop = loop_new(call, call->err);
    struct hub *hub;
    if (!loop || !store_open(call, STORE_WRITE, "line", &hub))
        return err_set(call->err, call->err->code,
                       "the new store is there, and what ran elsewhere isn't settled yet",
                       err_fmt(call->err, "%s", err_sentence(call->err, call->err)),
                       "any command on it does that: `backout note`");
    wait_for_lost(hub, loop);
    talloc_free(hub);
    talloc_free(loop);
    return true;
}

static bool go_on(struct call *call, const struct import_asked *asked) {
    struct imported imported;
    if (!hub_continue(asked, &imported, call->err))
        return false;
    store_keep_head(call, &imported.now, "continued elsewhere");
    print_continued(call, &imported);
    return settle_lost(call);
}

static bool import(struct call *call, const struct import_asked *asked) {
    struct imported imported;
    if (!hub_import(asked, &imported, call->err))
        return false;
    store_keep_head(call, &imported.now, "imported");
    print_imported(call, &imported);
    return true;
}

bool run_import(struct call *call) {
    struct import_words words = {0};
    if (!call_read(call, &words))
        return false;
    if (call->options->read_only)
        return err_set(call->err, ERR_REFUSED, "import writes", call->options->store,
                       "leave --readonly away");
    if (words.reason && !words.goes_on)
        return err_set(call->err, ERR_USAGE, "an import is the same log again, and has no reason",
                       words.reason, "leave --reason away, or go on elsewhere: --continue");
    const struct import_asked asked = {.store = call->options->store,
                                       .file = call->words[0],
                                       .reason = words.reason,
                                       .actor = host_user(call),
                                       .via = "line",
                                       .now_ms = call->now_ms};
    if (!call->options->store_given)
        log_place_make_folders(asked.store);
    return words.goes_on ? go_on(call, &asked) : import(call, &asked);
}
