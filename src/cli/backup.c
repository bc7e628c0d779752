#include "config.h"

#include "cli/families.h"

#include "base/host.h"
#include "base/xtalloc.h"
#include "cli/out.h"
#include "cli/store_open.h"
#include "log/restore.h"

#include <stddef.h>

/* ---- backup ---- */

bool run_backup(struct call *call) {
    struct log_head head;
    struct hub *hub;
    const char *path;
    if (!call_read(call, NULL) || !store_open(call, STORE_LOOK, "line", &hub))
        return false;
    path = call->words[0];
    if (!hub_backup(hub, path, &head, call->err))
        return false;
    out_line("copied %s to %s, and proved the copy", hub_store(hub), path);
    out_line("%s", log_head_words(call, &head));
    return true;
}

/* ---- restore ---- */

struct restore_words {
    const char *reason;
};

const struct cli_option restore_options[] = {
    {"--reason", "TEXT", offsetof(struct restore_words, reason), "why, for ever on the record"},
    {0},
};

static void print_restored(const struct call *call, const struct restored *restored) {
    out_line("restored %s to event %lld", call->options->store, (long long)restored->to.seq);
    if (restored->was_there)
        out_line("it ended at event %lld; that is kept as %s", (long long)restored->from.seq,
                 restored->kept);
    else if (restored->kept)
        out_line("what was there could not be read; it is kept as %s", restored->kept);
    out_line("%s", log_head_words(call, &restored->now));
}

bool run_restore(struct call *call) {
    struct restore_words words = {0};
    struct restored restored;
    if (!call_read(call, &words))
        return false;
    if (!words.reason || !*words.reason)
        return err_set(call->err, ERR_USAGE, "a restore needs a reason", call->words[0],
                       "say why, for ever on the record: --reason TEXT");
    if (call->options->read_only)
        return err_set(call->err, ERR_REFUSED, "restore writes", call->options->store,
                       "leave --readonly away");
    const struct restore_asked asked = {.store = call->options->store,
                                        .backup = call->words[0],
                                        .reason = words.reason,
                                        .actor = host_user(call),
                                        .via = "line",
                                        .now_ms = call->now_ms};
    if (!hub_restore(call, &asked, &restored, call->err))
        return false;
    store_keep_head(call, &restored.now, "restored");
    print_restored(call, &restored);
    return true;
}
