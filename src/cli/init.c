#include "config.h"

#include "cli/families.h"

#include "base/xtalloc.h"
#include "cli/out.h"
#include "cli/store_open.h"
#include "log/init.h"
#include "log/place.h"

#include <stddef.h>

const struct cli_option init_options[] = {
    {"--group", "NAME", offsetof(struct init_asked, group), "who writes it, together"},
    {"--viewers", "NAME", offsetof(struct init_asked, viewers),
     "who may only look: a group, all, none"},
    {0},
};

static void print_done(void *data, const char *done) {
    ++*(size_t *)data;
    out_line("%s", done);
}

static void print_audience(const struct call *call, const struct audience *audience) {
    static const char *const words[] = {
        [VIEWERS_NONE] = "nobody else", [VIEWERS_GROUP] = "", [VIEWERS_ALL] = "everybody here"};
    out_line("it is written by %s",
             audience->shared ? group_words(call, audience->group) : "its owner alone");
    out_line("it is looked at by %s", audience->viewers == VIEWERS_GROUP
                                          ? group_words(call, audience->viewers_group)
                                          : words[audience->viewers]);
}

bool run_init(struct call *call) {
    struct init_asked asked = {0};
    struct audience audience;
    size_t done = 0;
    if (!call_read(call, &asked))
        return false;
    const char *path = call->words[0] ? call->words[0] : call->options->store;
    if (call->options->read_only)
        return err_set(call->err, ERR_REFUSED, "init writes", path, "leave --readonly away");
    if (!call->words[0] && !call->options->store_given)
        log_place_make_folders(path);
    if (!log_init(path, &asked, call->now_ms, &audience, print_done, &done, call->err))
        return false;
    if (done == 0)
        out_line("%s is as it should be", path);
    print_audience(call, &audience);
    return true;
}
