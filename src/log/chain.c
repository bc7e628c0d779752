#include "config.h"

#include "log/chain.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <endian.h>
#include <string.h>

static const char tag[] = "backout event 1"; /* hashed with its NUL */

/* A type byte and a length stand before each of the ten columns. */
#define FRAME_BYTES (1 + 8)
#define FRAMES      (10 * FRAME_BYTES + 4 * 8 + DIGEST_BYTES)

/* Most messages fit; a frozen plan doesn't. */
#define USUAL_BYTES 2048

struct message {
    uint8_t *end;
};

static void put_bytes(struct message *message, const void *bytes, size_t length) {
    memcpy(message->end, bytes, length);
    message->end += length;
}

static void put_number(struct message *message, uint64_t value) {
    uint64_t big_endian = htobe64(value);
    put_bytes(message, &big_endian, sizeof big_endian);
}

static void put_frame(struct message *message, char type, size_t length) {
    *message->end++ = (uint8_t)type;
    put_number(message, length);
}

static void put_integer(struct message *message, int64_t value) {
    put_frame(message, 'i', 8);
    put_number(message, (uint64_t)value);
}

static void put_text(struct message *message, const char *text, size_t length) {
    put_frame(message, 't', length);
    put_bytes(message, text, length);
}

/* As one piece: handing the digest a dozen takes longer than hashing them. */
struct digest chain_hash(const struct digest *before, const struct event *event) {
    const char *texts[] = {event->command, event->actor, event->via, event->kind, event->body};
    size_t lengths[ARRAY_SIZE(texts)], room = sizeof tag + DIGEST_BYTES + FRAMES;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        room += lengths[i] = strlen(texts[i]);
    uint8_t usual[USUAL_BYTES], *bytes = room <= sizeof usual ? usual : xtalloc_size(NULL, room);
    struct message message = {.end = bytes};
    put_bytes(&message, tag, sizeof tag);
    put_bytes(&message, before->bytes, sizeof before->bytes);
    put_integer(&message, event->seq);
    put_text(&message, texts[0], lengths[0]);
    put_integer(&message, event->part);
    put_frame(&message, 'b', sizeof event->request.bytes);
    put_bytes(&message, event->request.bytes, sizeof event->request.bytes);
    put_integer(&message, event->incident);
    put_integer(&message, event->at_ms);
    for (size_t i = 1; i < ARRAY_SIZE(texts); i++)
        put_text(&message, texts[i], lengths[i]);
    struct digest hash = digest_blake2b(bytes, (size_t)(message.end - bytes));
    if (bytes != usual)
        talloc_free(bytes);
    return hash;
}
