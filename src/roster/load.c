#include "config.h"

#include "roster/load.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "yaml/store.h"

#include <string.h>

#define SNOOZE_MS (30 * MINUTE_MS)

void *roster_from_document(const void *parent, struct node *document, const char *bytes,
                           size_t length) {
    if (document->kind != NODE_MAP)
        return NULL;
    struct roster *roster = xtalloc_zero(parent, struct roster);
    struct digest digest = digest_sha256(bytes, length);
    digest_hex(&digest, roster->sha256);
    roster->document = talloc_steal(roster, document);
    roster->snooze_ms = SNOOZE_MS;
    section_store(roster, &roster_section, document, roster);
    return roster;
}

bool roster_load(const void *parent, const char *bytes, size_t length, struct roster **roster,
                 struct err *err) {
    void *file;
    bool loaded = file_load(parent, &roster_file, bytes, length, &file, err);
    *roster = file;
    return loaded;
}

const struct channel *roster_channel(const struct roster *roster, const char *name) {
    for (size_t i = 0; i < roster->channels_count; i++)
        if (strcmp(roster->channels[i].name, name) == 0)
            return &roster->channels[i];
    return NULL;
}

const struct roster_person *roster_person(const struct roster *roster, const char *id) {
    for (size_t i = 0; i < roster->people_count; i++)
        if (strcmp(roster->people[i].id, id) == 0)
            return &roster->people[i];
    return NULL;
}

enum authority roster_may(const struct roster *roster, const char *person) {
    const struct roster_person *listed = roster_person(roster, person);
    return listed != NULL ? listed->may : roster->others;
}

bool channel_needs_courier(const struct channel *channel) {
    return channel->type == CHANNEL_COMMAND && channel->run;
}

bool roster_needs_courier(const struct roster *roster) {
    for (size_t i = 0; roster && i < roster->channels_count; i++)
        if (channel_needs_courier(&roster->channels[i]))
            return true;
    return false;
}
