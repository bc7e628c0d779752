/* Copies of a store, proven before anybody relies on them. */
#include "config.h"

#include "hub/local.h"

#include "log/restore.h"

#include <talloc.h>
#include <unistd.h>

/* Everything that `verify` proves, of a file that nobody writes. */
bool hub_prove_copy(const char *path, struct log_head *head, struct err *err) {
    const struct hub_options options = {
        .store = path, .actor = "backup", .via = "backup", .read_only = true};
    struct hub *hub = NULL;
    struct log *log;
    int64_t verified;
    bool right = log_open(NULL, path, LOG_COPY, 0, &log, err) &&
                 hub_over(NULL, &options, log, 0, &hub, err) && hub_verify(hub, &verified, err) &&
                 hub_head(hub, head, err);
    talloc_free(hub);
    return right;
}

static bool refuse_lines(const struct hub *hub, struct err *err) {
    return err_set(err, ERR_ACCESS, "only who may read the store can copy it", hub->store,
                   "copy its mirror, which is a file like any other");
}

bool hub_export(struct hub *hub, bool (*fn)(void *, const char *), void *data,
                struct log_head *head, struct err *err) {
    return hub->ops->lines ? hub->ops->lines(hub, fn, data, head, err) : refuse_lines(hub, err);
}

bool hub_backup(struct hub *hub, const char *path, struct log_head *head, struct err *err) {
    if (!hub->ops->copy)
        return refuse_lines(hub, err);
    if (!hub->ops->copy(hub, path, err))
        return false;
    if (hub_prove_copy(path, head, err))
        return true;
    unlink(path);
    return false;
}

static bool prove_stage(void *data, const char *path, struct err *err) {
    struct log_head head;
    (void)data;
    return hub_prove_copy(path, &head, err);
}

bool hub_restore(const void *parent, const struct restore_asked *asked, struct restored *restored,
                 struct err *err) {
    return log_restore(parent, asked, prove_stage, NULL, restored, err);
}
