/* A command as a thing of its own: made, copied, and told from every other request. */
#include "config.h"

#include "incident/command.h"

#include "base/xtalloc.h"

#include <string.h>

#define AT(member) offsetof(struct command, member)
#define FIELD(member, type_)                                                                       \
    { #member, type_, AT(member) }

/* Every word that makes one request differ from another. Not the id; not how the asker waits. */
static const struct field request_fields[] = {
    FIELD(incident, FIELD_INTEGER),
    FIELD(step, FIELD_TEXT),
    FIELD(role, FIELD_TEXT),
    FIELD(person, FIELD_TEXT),
    FIELD(option, FIELD_TEXT),
    FIELD(plan, FIELD_TEXT),
    FIELD(roster, FIELD_TEXT),
    FIELD(title, FIELD_TEXT),
    FIELD(service, FIELD_TEXT),
    FIELD(text, FIELD_TEXT),
    FIELD(reason, FIELD_TEXT),
    FIELD(evidence, FIELD_TEXT),
    FIELD(outcome, FIELD_TEXT),
    FIELD(detected_by, FIELD_TEXT),
    FIELD(accept, FIELD_TEXT),
    FIELD(as, FIELD_TEXT),
    FIELD(severity, FIELD_INTEGER),
    FIELD(detected_at, FIELD_INTEGER),
    FIELD(concern, FIELD_INTEGER),
    FIELD(duration_ms, FIELD_INTEGER),
    FIELD(every_ms, FIELD_INTEGER),
    FIELD(late, FIELD_TEXT),
    FIELD(level, FIELD_INTEGER),
    FIELD(repeat, FIELD_INTEGER),
    FIELD(fired, FIELD_INTEGER),
    FIELD(channel, FIELD_TEXT),
    FIELD(try, FIELD_INTEGER),
    FIELD(courier, FIELD_TEXT),
    FIELD(inputs, FIELD_PAIRS),
    FIELD(drill, FIELD_FLAG),
    FIELD(relieve, FIELD_FLAG),
    FIELD(run, FIELD_TEXT),
    FIELD(ended, FIELD_TEXT),
    FIELD(output_sha256, FIELD_TEXT),
    FIELD(verdict, FIELD_TEXT),
    FIELD(status, FIELD_INTEGER),
    FIELD(output_bytes, FIELD_INTEGER),
    FIELD(dropped_bytes, FIELD_INTEGER),
    FIELD(outputs, FIELD_PAIRS),
    {0},
};

struct digest command_request(const struct command *command, const char *actor) {
    struct json_writer *writer = json_writer_new(NULL);
    record_write(writer, NULL, request_fields, command);
    struct digest_state *state = digest_begin(writer);
    digest_add_part(state, 't', actor, strlen(actor));
    digest_add_part(state, 't', command->type->name, strlen(command->type->name));
    digest_add_part(state, 't', json_text(writer), json_length(writer));
    struct digest digest = digest_end(state);
    talloc_free(writer);
    return digest;
}

struct command *command_new(const void *parent, const char *name, int64_t now_ms) {
    struct command *command = xtalloc_zero(parent, struct command);
    command->type = command_find(name);
    uuid7(now_ms, command->id);
    return command;
}

static const struct pair *copy_pairs(const void *parent, const struct pair *pairs) {
    size_t count = 0;
    if (!pairs)
        return NULL;
    while (pairs[count].key)
        count++;
    struct pair *copied = xtalloc_zero_array(parent, struct pair, count + 1);
    for (size_t i = 0; i < count; i++)
        copied[i] = (struct pair){xtalloc_strdup(copied, pairs[i].key),
                                  xtalloc_strdup(copied, pairs[i].value)};
    return copied;
}

/* Every text of a command is a field of its request, so the table knows them all. */
struct command *command_copy(const void *parent, const struct command *command) {
    struct command *copy = xtalloc_memdup(parent, command, sizeof(*command));
    for (const struct field *field = request_fields; field->name; field++) {
        void *member = (char *)copy + field->offset;
        const char **text = member;
        const struct pair **pairs = member;
        if (field->type == FIELD_TEXT && *text)
            *text = xtalloc_strdup(copy, *text);
        if (field->type == FIELD_PAIRS)
            *pairs = copy_pairs(copy, *pairs);
    }
    return copy;
}
