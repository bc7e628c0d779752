#include "config.h"

#include "run/claim.h"

#include "base/limits.h"
#include "base/number.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "log/place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define EXEC_FILE  "exec"
#define MARK_BYTES 256

struct claim {
    const struct folder *folder;
    int fd;
};

static int release(struct claim *claim) {
    close(claim->fd);
    return 0;
}

/* The file is never removed or replaced: a lock on a file that lost its name would fence nobody. */
bool claim_take(const void *parent, const struct folder *folder, struct claim **claim,
                struct err *err) {
    int fd = folder_fence(folder, PLACE_CLAIM);
    if (fd < 0)
        return err_errno(err, errno, "can't open the run's claim", NULL, NULL);
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        int reason = errno;
        close(fd);
        if (reason == EWOULDBLOCK)
            return err_set(err, ERR_CONFLICT, "the run's claim is held", NULL, NULL);
        return err_errno(err, reason, "can't take the run's claim", NULL, NULL);
    }
    *claim = xtalloc(parent, struct claim);
    **claim = (struct claim){.folder = folder, .fd = fd};
    talloc_set_destructor(*claim, release);
    return true;
}

bool claim_sign(struct claim *claim, const char *host, const char *boot, int64_t pid,
                int64_t now_ms, struct err *err) {
    char *started = time_rfc3339(claim, now_ms);
    char *text = xtalloc_asprintf(claim, "pid %lld\nhost %s\nboot %s\nstarted %s\n", (long long)pid,
                                  host, boot, started);
    bool ok = ftruncate(claim->fd, 0) == 0 && write_whole(claim->fd, text, strlen(text));
    int reason = errno;
    talloc_free(text);
    talloc_free(started);
    return ok || err_errno(err, reason, "can't sign the run's claim", NULL, NULL);
}

/* Both the file and its name must be on disk before the command may exist. */
bool claim_mark_exec(struct claim *claim, struct err *err) {
    int fd = folder_file(claim->folder, EXEC_FILE, O_WRONLY | O_CREAT | O_EXCL);
    if (fd < 0 && errno == EEXIST)
        return err_set(err, ERR_CONFLICT, "this run's command was started before", NULL, NULL);
    if (fd < 0)
        return err_errno(err, errno, "can't mark the start of the command", NULL, NULL);
    bool ok = fsync(fd) == 0 && fsync(claim->folder->fd) == 0;
    int reason = errno;
    close(fd);
    return ok || err_errno(err, reason, "can't mark the start of the command", NULL, NULL);
}

/* Only words for people depend on it, so neither its loss nor a full disk matters. */
void claim_note_group(struct claim *claim, pid_t group) {
    int fd = folder_file(claim->folder, EXEC_FILE, O_WRONLY);
    if (fd < 0)
        return;
    char *text = xtalloc_asprintf(claim, "%lld", (long long)group);
    bool ignored = write_whole(fd, text, strlen(text));
    (void)ignored;
    talloc_free(text);
    close(fd);
}

pid_t claim_group(const struct folder *folder) {
    char *text = folder_read(NULL, folder, EXEC_FILE, MARK_BYTES);
    int64_t group = 0;
    if (text != NULL && !number_parse(text, 1, INT32_MAX, &group))
        group = 0;
    talloc_free(text);
    return (pid_t)group;
}

bool claim_has_exec(const struct folder *folder) {
    return folder_has(folder, EXEC_FILE);
}

static const struct field ending_fields[] = {
    {"run", FIELD_TEXT, offsetof(struct ending, run)},
    {"ended", FIELD_TEXT, offsetof(struct ending, ended)},
    {"status", FIELD_INTEGER, offsetof(struct ending, status)},
    {"output_sha256", FIELD_TEXT, offsetof(struct ending, output_sha256)},
    {"output_bytes", FIELD_INTEGER, offsetof(struct ending, output_bytes)},
    {"dropped_bytes", FIELD_INTEGER, offsetof(struct ending, dropped_bytes)},
    {"outputs", FIELD_PAIRS, offsetof(struct ending, outputs)},
    {"verdict", FIELD_TEXT, offsetof(struct ending, verdict)},
    {"reason", FIELD_TEXT, offsetof(struct ending, reason)},
    {"at", FIELD_INTEGER, offsetof(struct ending, at)},
    {.name = NULL},
};

bool ending_write(const struct folder *folder, const char *name, const struct ending *ending,
                  struct err *err) {
    struct json_writer *writer = json_writer_new(folder);
    record_write(writer, NULL, ending_fields, ending);
    bool ok = folder_replace(folder, name, json_text(writer), true, err);
    talloc_free(writer);
    return ok;
}

/* What is there is no file of ours, however often it is looked at. */
static bool is_for_good(int reason) {
    return reason == EFBIG || reason == ELOOP || reason == EINVAL;
}

struct ending *ending_read(const void *parent, const struct folder *folder, const char *name,
                           struct err *err) {
    char *text = folder_read(NULL, folder, name, ENDING_MAX_BYTES);
    if (text == NULL) {
        if (is_for_good(errno))
            err_set(err, ERR_DAMAGED, "that is no ending of a run", name, NULL);
        else if (errno != ENOENT)
            err_errno(err, errno, "can't read how the run ended", name, NULL);
        return NULL;
    }
    struct ending *ending = xtalloc_zero(parent, struct ending);
    if (!record_read(ending, ending_fields, ending, text, strlen(text), err)) {
        talloc_free(ending);
        ending = NULL;
    }
    talloc_free(text);
    return ending;
}
