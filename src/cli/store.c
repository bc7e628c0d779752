#include "config.h"

#include "cli/families.h"

#include "base/digest.h"
#include "base/xtalloc.h"
#include "cli/out.h"
#include "cli/store_open.h"
#include "log/log.h"

#include <stddef.h>

/* ---- verify ---- */

struct verify_words {
    const char *since;
};

const struct cli_option verify_options[] = {
    {"--since", "HASH", offsetof(struct verify_words, since),
     "a head that was kept elsewhere: it must be on this log"},
    {0},
};

/* The event whose hash that is. */
struct search {
    struct digest hash;
    int64_t seq; /* 0: not found yet */
};

static bool compare(void *data, const struct event *event) {
    struct search *search = data;
    if (digest_equal(&event->hash, &search->hash))
        search->seq = event->seq;
    return search->seq == 0;
}

/* A chain alone can't show that its tail was cut: a head kept elsewhere can. */
static bool find_head(struct call *call, struct hub *hub, const char *since, int64_t *seq) {
    struct search search = {.seq = 0};
    if (!digest_from_hex(since, &search.hash))
        return err_set(call->err, ERR_USAGE, "--since is no hash", since,
                       "give the 64 hex digits that `backout head` printed");
    if (!hub_events(hub, 0, LOG_ANY_INCIDENT, compare, &search, call->err))
        return false;
    *seq = search.seq;
    return search.seq || err_set(call->err, ERR_DAMAGED, "the log doesn't hold that head", since,
                                 "it was cut, or another one was put in its place");
}

/* Opening folds what is open, and may stumble over damage without knowing which row is bad: the
 * chain, walked from its first row, does. */
static bool name_bad_row(struct call *call) {
    struct err *err = err_new(call);
    struct log *log;
    int64_t verified;
    if (call->err->code == ERR_DAMAGED &&
        log_open(call, call->options->store, LOG_READ, call->now_ms, &log, err) &&
        !log_verify(log, &verified, err))
        err_set(call->err, err->code, err->what, err->on, err->remedy);
    return false;
}

static void print_verified(const struct call *call, int64_t verified, int64_t since) {
    if (call->options->json)
        out_json(xtalloc_asprintf(call, "{\"verified\":%lld,\"since\":%lld}", (long long)verified,
                                  (long long)since));
    else if (since)
        out_line("verified up to %lld, and the head you gave is event %lld", (long long)verified,
                 (long long)since);
    else
        out_line("verified up to %lld", (long long)verified);
}

bool run_verify(struct call *call) {
    struct verify_words words = {0};
    struct hub *hub;
    int64_t verified, since = 0;
    if (!call_read(call, &words))
        return false;
    if (!store_open(call, STORE_LOOK, "line", &hub))
        return name_bad_row(call);
    if (!hub_verify(hub, &verified, call->err) ||
        (words.since && !find_head(call, hub, words.since, &since)))
        return false;
    print_verified(call, verified, since);
    return true;
}

/* ---- head ---- */

static void print_head(const struct call *call, const struct log_head *head) {
    char hex[DIGEST_HEX];
    digest_hex(&head->hash, hex);
    if (!call->options->json) {
        out_line("backout head: store %s, event %lld, hash %s", head->store, (long long)head->seq,
                 hex);
        return;
    }
    struct json_writer *writer = json_writer_new(call);
    json_open_object(writer, NULL);
    json_string(writer, "store", head->store);
    json_number(writer, "seq", head->seq);
    json_string(writer, "hash", hex);
    json_close_object(writer);
    out_json(json_text(writer));
}

bool run_head(struct call *call) {
    struct hub *hub;
    struct log_head head;
    if (!call_read(call, NULL) || !store_open(call, STORE_LOOK, "line", &hub) ||
        !hub_head(hub, &head, call->err))
        return false;
    print_head(call, &head);
    return true;
}
