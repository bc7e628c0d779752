#include "config.h"

#include "roster/lint.h"

#include "base/array.h"
#include "roster/load.h"
#include "yaml/names.h"
#include "yaml/policy_keys.h"

#include <string.h>

static const struct roster *linting_roster(const struct linting *linting) {
    return linting->file;
}

/* --- R002: whatever is named must be there ---------------------------------------------------- */

static const struct definition definitions[] = {
    {NAME_CALLED, "role, person or channel", NULL, NULL, 0},
    {NAME_PERSON | NAME_CALLED, "person", "people", NULL, 0},
    {NAME_ROLE | NAME_CALLED, "role", "roles", NULL, 0},
    {NAME_CHANNEL | NAME_CALLED, "channel", "channels", NULL, 0},
    {0},
};

static void lint_names(struct linting *linting) {
    struct names *names = names_new(linting, definitions);
    for (const char *const *role = standing_roles; *role != NULL; role++)
        names_add(names, NAME_ROLE | NAME_CALLED, *role);
    names_check(names, 0);
}

/* --- R003: a channel has what its type needs, and nothing else -------------------------------- */

enum channel_key {
    KEY_RUN = 1 << 0,
    KEY_URL = 1 << 1,
    KEY_KEY = 1 << 2,
    KEY_SERVER = 1 << 3,
    KEY_FROM = 1 << 4,
    KEY_TO = 1 << 5,
    KEY_PRIVATE = 1 << 6,
};

static const struct {
    enum channel_key key;
    const char *name, *value;
} channel_keys[] = {
    {KEY_RUN, "run", "[program, word, …]"}, {KEY_URL, "url", "{env: VARIABLE}, or {file: PATH}"},
    {KEY_KEY, "key", "{file: PATH}"},       {KEY_SERVER, "server", "mail.example.org:587"},
    {KEY_FROM, "from", "an address"},       {KEY_TO, "to", "[address, …]"},
    {KEY_PRIVATE, "private", "true"},
};

static const struct {
    unsigned needs, may; /* enum channel_key */
} channel_rules[CHANNEL_TYPE_COUNT] = {
    [CHANNEL_COMMAND] = {KEY_RUN, 0},
    [CHANNEL_WEBHOOK] = {KEY_URL, KEY_KEY | KEY_PRIVATE},
    [CHANNEL_SLACK] = {KEY_URL, KEY_PRIVATE},
    [CHANNEL_EMAIL] = {KEY_SERVER | KEY_FROM, KEY_TO | KEY_KEY | KEY_PRIVATE},
    [CHANNEL_PAGERDUTY] = {KEY_KEY, KEY_PRIVATE},
    [CHANNEL_STATUS] = {KEY_URL | KEY_KEY, KEY_PRIVATE},
    [CHANNEL_BANNER] = {KEY_URL, KEY_KEY | KEY_PRIVATE},
};

static void check_channel_key(struct linting *linting, const struct channel *channel,
                              const struct node *node, size_t index) {
    const char *name = channel_keys[index].name;
    unsigned key = channel_keys[index].key;
    const struct node *value = node_get(node, name);
    if (value == NULL && (channel_rules[channel->type].needs & key) != 0)
        lint_report(linting, node,
                    lint_fmt(linting, "add `%s: %s`", name, channel_keys[index].value),
                    "a channel of type %s must have the key `%s`: nobody would be reached by it",
                    channel_type_name(channel->type), name);
    if (value != NULL &&
        ((channel_rules[channel->type].needs | channel_rules[channel->type].may) & key) == 0)
        lint_report(
            linting, value, "take it out, or name another type",
            "a channel of type %s has no use for the key `%s`: somebody would rely on it in vain",
            channel_type_name(channel->type), name);
}

/* A courier starts it in no folder of its own. */
static void check_run(struct linting *linting, const struct channel *channel,
                      const struct node *node) {
    const char *program = channel->run != NULL ? channel->run[0] : NULL;
    if (program != NULL && program[0] != '/' && strchr(program, '/') != NULL)
        lint_report(linting, node_get(node, "run"), "write its whole path, from / on",
                    "%s is relative to nothing: no page would be sent",
                    lint_quote(linting, program));
}

static void lint_channels(struct linting *linting) {
    const struct roster *roster = linting_roster(linting);
    const struct node *channels = node_get(linting->document, "channels");
    for (size_t i = 0; i < roster->channels_count; i++) {
        const struct node *node = node_get(channels, roster->channels[i].name);
        for (size_t key = 0; key < ARRAY_SIZE(channel_keys); key++)
            check_channel_key(linting, &roster->channels[i], node, key);
        check_run(linting, &roster->channels[i], node);
    }
}

/* --- R004: somebody can change it again ------------------------------------------------------- */

static void lint_command(struct linting *linting) {
    const struct roster *roster = linting_roster(linting);
    for (size_t i = 0; i < roster->people_count; i++)
        if (roster->people[i].may == MAY_COMMAND)
            return;
    lint_report(linting, lint_place(linting->document, "people"),
                "give somebody `may: command`, and somebody else too",
                "nobody may command: nobody could ever apply another roster");
}

/* --- R010: who is called can come ------------------------------------------------------------- */

/* A word that can't be read is told of where it stands. */
static bool may_only_view(const struct linting *linting, const char *id) {
    const struct node *people = node_get(linting->document, "people");
    const char *may = node_text(node_get(node_get(people, id), "may"));
    return may != NULL && strcmp(may, authority_name(MAY_VIEW)) == 0;
}

static void check_can_act(struct linting *linting, const struct role_people *role,
                          const struct node *at) {
    for (size_t i = 0; i < at->count; i++) {
        const char *id = node_text(at->items[i]);
        if (id != NULL && may_only_view(linting, id))
            lint_report(linting, at->items[i], "let them `respond`, or take them out of the role",
                        "%s is called as %s and may only view: they could do nothing",
                        lint_quote(linting, id), role->name);
    }
}

static void check_role(struct linting *linting, const struct role_people *role,
                       const struct node *at) {
    if (at->kind != NODE_LIST)
        return;
    check_can_act(linting, role, at);
    lint_stand_in(linting, role, at);
}

static void lint_roles(struct linting *linting) {
    const struct roster *roster = linting_roster(linting);
    const struct node *roles = node_get(linting->document, "roles");
    if (role_find(&roster->roles, "commander") == NULL)
        lint_warn(linting, lint_place(linting->document, "roles"),
                  "add `roles: {commander: […]}`, in the order in which they are called",
                  "nobody is named as commander: whoever may command would have to think of it");
    for (size_t i = 0; i < roster->roles.count; i++)
        check_role(linting, &roster->roles.list[i], roles->items[i]);
}

/* --- R011: a channel that is called hears it -------------------------------------------------- */

static bool is_channel(const struct roster *roster, const char *name) {
    return role_find(&roster->roles, name) == NULL && !role_is_standing(name) &&
           roster_person(roster, name) == NULL;
}

static void check_level(struct linting *linting, const struct node *level) {
    const struct roster *roster = linting_roster(linting);
    const struct node *to = node_get(level, "to");
    for (size_t i = 0; to != NULL && i < to->count; i++) {
        const char *name = node_text(to->items[i]);
        const struct channel *channel =
            name != NULL && is_channel(roster, name) ? roster_channel(roster, name) : NULL;
        if (channel != NULL && !channel_needs_courier(channel))
            lint_warn(linting, to->items[i], "call a channel of type command, or people",
                      "nothing is sent to a channel of type %s yet: %s would hear nothing",
                      channel_type_name(channel->type), lint_quote(linting, name));
    }
}

static void lint_levels(struct linting *linting) {
    const struct node *levels = node_get(linting->document, "escalation");
    for (size_t i = 0; levels != NULL && levels->kind == NODE_LIST && i < levels->count; i++)
        check_level(linting, levels->items[i]);
}

/* --- the rules -------------------------------------------------------------------------------- */

static const struct rule rules[] = {
    {.name = "R001", .severity = FINDING_ERROR, .essential = true, .check = lint_keys},
    {.name = "R002", .severity = FINDING_ERROR, .essential = true, .check = lint_names},
    {.name = "R003", .severity = FINDING_ERROR, .essential = true, .check = lint_channels},
    {.name = "R004", .severity = FINDING_ERROR, .essential = true, .check = lint_command},
    {.name = "R010", .severity = FINDING_ERROR, .check = lint_roles},
    {.name = "R011", .severity = FINDING_WARNING, .check = lint_levels},
    {0},
};

const struct file_kind roster_file = {
    .section = &roster_section,
    .rules = rules,
    .load = roster_from_document,
    .cant_load = "can't load the roster",
    .begin = "start with what `backout roster new` prints",
};

struct lint *roster_lint(const void *parent, const char *bytes, size_t length, int64_t now_ms) {
    return lint_run(parent, &roster_file, bytes, length, NULL, now_ms);
}
