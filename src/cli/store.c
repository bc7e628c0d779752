#include "config.h"

#include "cli/families.h"

#include "base/digest.h"
#include "base/xtalloc.h"
#include "cli/out.h"
#include "cli/store_open.h"
#include "log/log.h"

#include <stddef.h>
#include <string.h>

/* ---- verify ---- */

struct verify_words {
    const char *since;
};

const struct cli_option verify_options[] = {
    {"--since", "HEAD", offsetof(struct verify_words, since),
     "a head that was kept elsewhere, its hash or all its words: it must be on this log"},
    {0},
};

/* The event that a head names. */
struct search {
    struct log_head head;
    int64_t seq; /* 0: not found yet */
};

static bool compare(void *data, const struct event *event) {
    struct search *search = data;
    if (digest_equal(&event->hash, &search->head.hash))
        search->seq = event->seq;
    return search->seq == 0 && search->head.seq == 0;
}

/* Whatever else its words say must be so too. */
static bool fits(const struct search *search, const struct log_head *now) {
    return search->seq != 0 &&
           (*search->head.store == '\0' || strcmp(search->head.store, now->store) == 0);
}

/* A chain alone can't show that its tail was cut: a head kept elsewhere can. */
static bool find_head(struct call *call, struct hub *hub, const char *since, int64_t *seq) {
    struct search search = {.seq = 0};
    struct log_head now;
    if (!log_head_parse(since, &search.head))
        return err_set(call->err, ERR_USAGE, "--since is no head", since,
                       "give what `backout head` printed, or its 64 hex digits");
    int64_t after = search.head.seq ? search.head.seq - 1 : 0;
    if (!hub_events(hub, after, LOG_ANY_INCIDENT, compare, &search, call->err) ||
        !hub_head(hub, &now, call->err))
        return false;
    *seq = search.seq;
    if (!search.seq && hub_first(hub) > 1)
        return err_set(call->err, ERR_NOT_FOUND, "that head isn't in this part of the log",
                       err_fmt(call->err, "%s begins with event %lld", hub_store(hub),
                               (long long)hub_first(hub)),
                       "ask somebody who may read the store");
    return fits(&search, &now) || err_set(call->err, ERR_DAMAGED, "the log doesn't hold that head",
                                          since, "it was cut, or another one was put in its place");
}

/* Opening folds what is open, and may stumble over damage without knowing that it is some, or which
 * row is bad: the chain, walked from its first row, does. */
static bool name_bad_row(struct call *call) {
    struct err *err = err_new(call);
    struct log *log;
    int64_t verified;
    if (log_open(call, call->options->store, LOG_READ, call->now_ms, &log, err) &&
        !(log_verify(log, &verified, err) && log_check(log, err)))
        err_set(call->err, err->code, err->what, err->on, err->remedy);
    return false;
}

static void print_verified(const struct call *call, const struct hub *hub, int64_t verified,
                           int64_t since) {
    int64_t seen = hub_anchored(hub), anchored = seen > since ? seen : since;
    int64_t from = hub_first(hub);
    const char *which = from > 1 ? xtalloc_asprintf(call, "from %lld ", (long long)from) : "";
    if (call->options->json)
        out_json(xtalloc_asprintf(
            call, "{\"verified\":%lld,\"from\":%lld,\"anchored\":%lld,\"since\":%lld}",
            (long long)verified, (long long)from, (long long)anchored, (long long)since));
    else if (anchored)
        out_line("verified %sup to %lld, anchored up to %lld by %s", which, (long long)verified,
                 (long long)anchored, since == anchored ? "the head you gave" : "what you saw");
    else
        out_line("verified %sup to %lld, anchored by nothing yet: keep what `backout head` prints",
                 which, (long long)verified);
}

static bool refuse_doubt(struct call *call, const struct err *doubt) {
    return err_set(call->err, doubt->code, doubt->what, doubt->on, doubt->remedy);
}

bool run_verify(struct call *call) {
    struct verify_words words = {0};
    struct hub *hub;
    int64_t verified, since = 0;
    if (!call_read(call, &words))
        return false;
    if (!store_open(call, STORE_PROVE, "line", &hub))
        return name_bad_row(call);
    if (!hub_verify(hub, &verified, call->err) ||
        (words.since && !find_head(call, hub, words.since, &since)))
        return false;
    if (hub_doubt(hub))
        return refuse_doubt(call, hub_doubt(hub));
    print_verified(call, hub, verified, since);
    return true;
}

/* ---- head ---- */

static void print_head(const struct call *call, const struct log_head *head) {
    char hex[DIGEST_HEX];
    digest_hex(&head->hash, hex);
    if (!call->options->json) {
        out_line("%s", log_head_words(call, head));
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
