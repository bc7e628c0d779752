#include "config.h"

#include "log/chain.h"

#include <string.h>

static const char tag[] = "backout event 1"; /* hashed with its NUL */

static void add_integer(struct digest_state *state, int64_t value) {
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)((uint64_t)value >> (8 * (sizeof bytes - 1 - i)));
    digest_add_part(state, 'i', bytes, sizeof bytes);
}

static void add_text(struct digest_state *state, const char *text) {
    digest_add_part(state, 't', text, strlen(text));
}

struct digest chain_hash(const struct digest *before, const struct event *event) {
    struct digest_state *state = digest_begin(NULL);
    digest_add(state, tag, sizeof tag);
    digest_add(state, before->bytes, sizeof before->bytes);
    add_integer(state, event->seq);
    add_text(state, event->command);
    add_integer(state, event->part);
    digest_add_part(state, 'b', event->request.bytes, sizeof event->request.bytes);
    add_integer(state, event->incident);
    add_integer(state, event->at_ms);
    add_text(state, event->actor);
    add_text(state, event->via);
    add_text(state, event->kind);
    add_text(state, event->body);
    return digest_end(state);
}
