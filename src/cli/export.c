#include "config.h"

#include "cli/export.h"

#include "base/json.h"
#include "base/xtalloc.h"

#include <string.h>

static void write_digest(struct json_writer *writer, const char *key, const struct digest *digest) {
    char hex[DIGEST_HEX];
    digest_hex(digest, hex);
    json_string(writer, key, hex);
}

static void write_body(struct json_writer *writer, const char *body) {
    struct err *ignored = err_new(NULL);
    if (json_valid(body, strlen(body), ignored))
        json_raw(writer, "body", body);
    else
        json_string(writer, "body", body);
    talloc_free(ignored);
}

char *export_line(const void *parent, const struct event *event) {
    struct json_writer *writer = json_writer_new(NULL);
    json_open_object(writer, NULL);
    json_number(writer, "seq", event->seq);
    json_string(writer, "command", event->command);
    json_number(writer, "part", event->part);
    write_digest(writer, "request", &event->request);
    json_number(writer, "incident", event->incident);
    json_number(writer, "at", event->at_ms);
    json_string(writer, "actor", event->actor);
    json_string(writer, "via", event->via);
    json_string(writer, "kind", event->kind);
    write_body(writer, event->body);
    write_digest(writer, "hash", &event->hash);
    json_close_object(writer);
    char *line = xtalloc_strdup(parent, json_text(writer));
    talloc_free(writer);
    return line;
}
