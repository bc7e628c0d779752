#include "config.h"

#include "log/log_ops.h"

#include "base/number.h"
#include "base/record.h"
#include "base/xtalloc.h"

#include <pwd.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

struct created {
    const char *store;
    int64_t format;
};

static const struct field created_fields[] = {
    {.name = "store", .type = FIELD_TEXT, .offset = offsetof(struct created, store)},
    {.name = "format", .type = FIELD_INTEGER, .offset = offsetof(struct created, format)},
    {.name = NULL},
};

/* ---- the store's first event ----------------------------------------------------------------- */

static const char *user_name(void) {
    const struct passwd *user = getpwuid(geteuid());
    return user ? user->pw_name : "store";
}

static const char *created_body(const void *parent, int64_t now_ms) {
    char store[UUID_TEXT];
    uuid7(now_ms, store);
    struct created created = {.store = store, .format = LOG_FORMAT_NEW};
    struct json_writer *writer = json_writer_new(parent);
    record_write(writer, NULL, created_fields, &created);
    return json_text(writer);
}

bool log_append_created(struct log *log, int64_t now_ms, struct err *err) {
    void *scratch = talloc_new(NULL);
    char command[UUID_TEXT];
    uuid7(now_ms, command);
    struct event event = {
        .command = command,
        .at_ms = now_ms,
        .actor = user_name(),
        .via = "store",
        .kind = "store.created",
        .body = created_body(scratch, now_ms),
    };
    bool appended = log_append(log, &event, err);
    talloc_free(scratch);
    return appended;
}

/* ---- the head -------------------------------------------------------------------------------- */

bool log_store_of(const struct event *event, char store[UUID_TEXT]) {
    struct created created = {0};
    void *scratch = talloc_new(NULL);
    bool names = event->seq == 1 && strcmp(event->kind, "store.created") == 0 &&
                 log_body_read(scratch, created_fields, &created, event) && created.store &&
                 strlen(created.store) == UUID_TEXT - 1;
    if (names)
        memcpy(store, created.store, UUID_TEXT);
    talloc_free(scratch);
    return names;
}

int64_t log_format_created(const struct event *event) {
    struct created created = {0};
    if (event->seq != 1) /* nearly all of them */
        return 0;
    void *scratch = talloc_new(NULL);
    bool read = log_body_read(scratch, created_fields, &created, event);
    talloc_free(scratch);
    return read ? created.format : 0;
}

static bool read_store(void *data, const struct event *event) {
    struct log_head *head = data;
    log_store_of(event, head->store);
    return false;
}

bool log_head(struct log *log, struct log_head *head, struct err *err) {
    struct log_tip tip;
    *head = (struct log_head){0};
    if (!log->ops->tip(log, &tip, err) ||
        !log->ops->read(log, 0, LOG_ANY_INCIDENT, read_store, head, err))
        return false;
    head->seq = tip.seq;
    head->hash = tip.hash;
    return *head->store != '\0' ||
           log_damaged(log, 1, "it isn't the store.created of a store", err);
}

/* ---- in words -------------------------------------------------------------------------------- */

char *log_head_words(const void *parent, const struct log_head *head) {
    char hex[DIGEST_HEX];
    digest_hex(&head->hash, hex);
    return xtalloc_asprintf(parent, "backout head: store %s, event %lld, hash %s", head->store,
                            (long long)head->seq, hex);
}

/* The word behind `name`, up to a blank or a comma; "" where that isn't there. */
static char *word_after(const void *parent, const char *text, const char *name) {
    const char *at = strstr(text, name);
    at = at ? at + strlen(name) : "";
    return xtalloc_strndup(parent, at, strcspn(at, " ,;\t\n"));
}

bool log_head_parse(const char *text, struct log_head *head) {
    void *scratch = talloc_new(NULL);
    const char *store = word_after(scratch, text, "store ");
    const char *hash = word_after(scratch, text, "hash ");
    *head = (struct log_head){0};
    if (strlen(store) == UUID_TEXT - 1)
        memcpy(head->store, store, UUID_TEXT);
    if (!number_parse(word_after(scratch, text, "event "), 1, INT64_MAX, &head->seq))
        head->seq = 0;
    bool found = digest_from_hex(hash, &head->hash) || digest_from_hex(text, &head->hash);
    talloc_free(scratch);
    return found;
}
