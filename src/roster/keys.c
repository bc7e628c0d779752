#include "config.h"

#include "roster/load.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "yaml/policy_keys.h"
#include "yaml/scalar.h"

#define ROSTER(member)  offsetof(struct roster, member)
#define PERSON(member)  offsetof(struct roster_person, member)
#define CHANNEL(member) offsetof(struct channel, member)

#define CHANNEL_TIMEOUT_MS (30 * SECOND_MS)

/* --- names that stand elsewhere in the file --------------------------------------------------- */

static const struct scalar role_scalar = {
    .name = "name", .expects = "a role", .problem = name_problem, .names = NAME_ROLE};
static const struct shape role_shape = {.scalar = &role_scalar};
static const struct shape role_list_shape = {.list = &role_shape};
static const struct scalar channel_scalar = {
    .name = "name", .expects = "a channel", .problem = name_problem, .names = NAME_CHANNEL};

/* --- people ----------------------------------------------------------------------------------- */

static const char *const authority_words[] = {
    [MAY_VIEW] = "view",
    [MAY_RESPOND] = "respond",
    [MAY_COMMAND] = "command",
    [MAY_COMMAND + 1] = NULL,
};
static const struct scalar authority_scalar = {.name = "word",
                                               .expects = "what a person may do",
                                               .problem = word_problem,
                                               .words = authority_words};
static const struct shape authority_shape = {.scalar = &authority_scalar};

/* Nobody commands whom nobody knows. */
static const char *const others_words[] = {"view", "respond", NULL};
static const struct scalar others_scalar = {.name = "word",
                                            .expects = "what somebody unlisted may do",
                                            .problem = word_problem,
                                            .words = others_words};
static const struct shape others_shape = {.scalar = &others_scalar};

static const struct shape reach_shape = {.map = &text_shape, .map_key = &channel_scalar};

static const struct key person_keys[] = {
    {.name = "name", .shape = &text_shape, .store = store_text, .offset = PERSON(name)},
    {.name = "may",
     .shape = &authority_shape,
     .required = true,
     .store = store_word,
     .offset = PERSON(may)},
    {.name = "reach", .shape = &reach_shape, .store = store_pairs, .offset = PERSON(reach)},
    {0},
};
static const struct section person_section = {.name = "a person", .keys = person_keys};
static const struct shape listed_shape = {.section = &person_section};
static const struct shape people_shape = {.map = &listed_shape, .map_key = &person_scalar};

static void store_people(const void *parent, const struct shape *shape, const struct node *value,
                         void *member) {
    (void)shape;
    struct roster *roster = member;
    if (value->kind != NODE_MAP)
        return;
    roster->people = xtalloc_zero_array(parent, struct roster_person, value->count + 1);
    roster->people_count = value->count;
    for (size_t i = 0; i < value->count; i++) {
        roster->people[i].id = value->keys[i]->text;
        section_store(roster->people, &person_section, value->items[i], &roster->people[i]);
    }
}

/* --- channels --------------------------------------------------------------------------------- */

static const char *const channel_words[] = {
    [CHANNEL_COMMAND] = "command",     [CHANNEL_WEBHOOK] = "webhook", [CHANNEL_SLACK] = "slack",
    [CHANNEL_EMAIL] = "email",         [CHANNEL_STATUS] = "status",   [CHANNEL_BANNER] = "banner",
    [CHANNEL_PAGERDUTY] = "pagerduty", [CHANNEL_TYPE_COUNT] = NULL,
};
static const struct scalar channel_type_scalar = {.name = "word",
                                                  .expects = "a type of channel",
                                                  .problem = word_problem,
                                                  .words = channel_words};
static const struct shape channel_type_shape = {.scalar = &channel_type_scalar};
static const struct shape argv_shape = {.list = &text_shape, .at_least = 1};
static const struct shape to_shape = {.list = &text_shape, .at_least = 1};

static const struct key channel_keys[] = {
    {.name = "type",
     .shape = &channel_type_shape,
     .required = true,
     .store = store_word,
     .offset = CHANNEL(type)},
    {.name = "run", .shape = &argv_shape, .store = store_texts, .offset = CHANNEL(run)},
    {.name = "url", .shape = &secret_shape, .store = store_section, .offset = CHANNEL(url)},
    {.name = "key", .shape = &secret_shape, .store = store_section, .offset = CHANNEL(key)},
    {.name = "server", .shape = &text_shape, .store = store_text, .offset = CHANNEL(server)},
    {.name = "from", .shape = &text_shape, .store = store_text, .offset = CHANNEL(from)},
    {.name = "to", .shape = &to_shape, .store = store_texts, .offset = CHANNEL(to)},
    {.name = "timeout",
     .shape = &duration_shape,
     .store = store_duration,
     .offset = CHANNEL(timeout_ms)},
    {.name = "private", .shape = &flag_shape, .store = store_flag, .offset = CHANNEL(private)},
    {0},
};
static const struct section channel_section = {.name = "a channel", .keys = channel_keys};
static const struct shape channel_shape = {.section = &channel_section};
static const struct shape channels_shape = {.map = &channel_shape, .map_key = &name_scalar};

/* A channel of a type that a newer program has can't be used by this one. */
static bool is_channel(const struct node *node) {
    const char *type = node_text(node_get(node, "type"));
    return type != NULL && scalar_has_word(&channel_type_scalar, type);
}

static void store_channels(const void *parent, const struct shape *shape, const struct node *value,
                           void *member) {
    (void)shape;
    struct roster *roster = member;
    if (value->kind != NODE_MAP)
        return;
    roster->channels = xtalloc_zero_array(parent, struct channel, value->count + 1);
    for (size_t i = 0; i < value->count; i++) {
        if (!is_channel(value->items[i]))
            continue;
        struct channel *channel = &roster->channels[roster->channels_count++];
        channel->name = value->keys[i]->text;
        channel->timeout_ms = CHANNEL_TIMEOUT_MS;
        section_store(roster->channels, &channel_section, value->items[i], channel);
    }
}

/* --- defaults of incidents -------------------------------------------------------------------- */

static const struct key approval_keys[] = {
    {.name = "need", .shape = &from_one_shape},
    {.name = "distinct_roles", .shape = &flag_shape},
    {.name = "expires", .shape = &duration_shape},
    {.name = "on_expire", .shape = &expire_shape},
    {.name = "break_glass", .shape = &role_list_shape},
    {0},
};
static const struct section approval_section = {.name = "what holds for gates",
                                                .keys = approval_keys};
static const struct shape approvals_shape = {.section = &approval_section};

static const struct key containment_limit_keys[] = {
    {.name = "runs_per_step", .shape = &from_one_shape},
    {.name = "total", .shape = &duration_shape},
    {0},
};
static const struct section containment_limit_section = {.name = "the limits of containment",
                                                         .keys = containment_limit_keys};
static const struct shape containment_limits_shape = {.section = &containment_limit_section};

static const struct key containment_keys[] = {
    {.name = "who", .shape = &role_list_shape},
    {.name = "limits", .shape = &containment_limits_shape},
    {0},
};
static const struct section containment_section = {.name = "the containment",
                                                   .keys = containment_keys};
static const struct shape containment_shape = {.section = &containment_section};

static const struct key limit_keys[] = {
    {.name = "snooze",
     .shape = &duration_shape,
     .store = store_duration,
     .offset = ROSTER(snooze_ms)},
    {0},
};
static const struct section limit_section = {.name = "the limits", .keys = limit_keys};
static const struct shape limits_shape = {.section = &limit_section};

/* --- the file --------------------------------------------------------------------------------- */

static const struct key roster_keys[] = {
    {.name = "roster", .shape = &format_shape, .required = true},
    {.name = "people", .shape = &people_shape, .required = true, .store = store_people},
    {.name = "others", .shape = &others_shape, .store = store_word, .offset = ROSTER(others)},
    {.name = "roles", .shape = &roles_shape, .store = store_roles, .offset = ROSTER(roles)},
    {.name = "channels", .shape = &channels_shape, .store = store_channels},
    {.name = "targets", .shape = &targets_shape, .store = store_section, .offset = ROSTER(targets)},
    {.name = "escalation",
     .shape = &escalation_shape,
     .store = store_escalation,
     .offset = ROSTER(escalation)},
    {.name = "approvals", .shape = &approvals_shape},
    {.name = "containment", .shape = &containment_shape},
    {.name = "limits", .shape = &limits_shape, .store = store_section},
    {0},
};
const struct section roster_section = {.name = "a roster", .keys = roster_keys};

const char *authority_name(enum authority may) {
    return authority_words[may];
}

const char *channel_type_name(enum channel_type type) {
    return channel_words[type];
}
