#include "config.h"

#include "yaml/policy_keys.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "yaml/scalar.h"

#include <string.h>

/* --- roles ------------------------------------------------------------------------------------ */

const struct scalar person_scalar = {
    .name = "person",
    .expects = "a user of the operating system: letters, digits and . _ - @, starting with a "
               "letter, a digit or _",
    .problem = person_problem,
    .names = NAME_PERSON};
static const struct shape person_shape = {.scalar = &person_scalar};
static const struct shape people_shape = {.list = &person_shape};
const struct shape roles_shape = {.map = &people_shape, .map_key = &name_scalar};

static const char *const *load_people(const void *parent, const struct node *list) {
    static const char *const nobody[] = {NULL};
    return list->kind == NODE_LIST ? node_texts(parent, list) : nobody;
}

void store_roles(const void *parent, const struct shape *shape, const struct node *value,
                 void *member) {
    (void)shape;
    struct roles *roles = member;
    if (value->kind != NODE_MAP)
        return;
    roles->list = xtalloc_zero_array(parent, struct role_people, value->count + 1);
    roles->count = value->count;
    for (size_t i = 0; i < value->count; i++) {
        roles->list[i].name = value->keys[i]->text;
        roles->list[i].people = load_people(roles->list, value->items[i]);
    }
}

const struct role_people *role_find(const struct roles *roles, const char *name) {
    for (size_t i = 0; i < roles->count; i++)
        if (strcmp(roles->list[i].name, name) == 0)
            return &roles->list[i];
    return NULL;
}

bool role_has(const struct role_people *role, const char *person) {
    for (const char *const *name = role != NULL ? role->people : NULL; name && *name; name++)
        if (strcmp(*name, person) == 0)
            return true;
    return false;
}

const char *const standing_roles[] = {"commander", "deputy", "comms", "scribe", NULL};

bool role_is_standing(const char *role) {
    for (const char *const *name = standing_roles; *name != NULL; name++)
        if (strcmp(*name, role) == 0)
            return true;
    return false;
}

/* --- targets ---------------------------------------------------------------------------------- */

#define TARGET(name_)                                                                              \
    {                                                                                              \
        .name = #name_, .shape = &duration_shape, .store = store_duration,                         \
        .offset = offsetof(struct targets, name_##_ms)                                             \
    }

static const struct key target_keys[] = {
    TARGET(detect),          TARGET(acknowledge),  TARGET(decide),
    TARGET(contain),         TARGET(first_notice), TARGET(update_every),
    TARGET(executive_every), TARGET(call_out),     {0},
};
static const struct section target_section = {.name = "the targets", .keys = target_keys};
const struct shape targets_shape = {.section = &target_section};

const struct targets default_targets = {
    .detect_ms = 5 * MINUTE_MS,
    .acknowledge_ms = 5 * MINUTE_MS,
    .decide_ms = 10 * MINUTE_MS,
    .contain_ms = 10 * MINUTE_MS,
    .first_notice_ms = 5 * MINUTE_MS,
    .update_every_ms = 20 * MINUTE_MS,
    .executive_every_ms = 30 * MINUTE_MS,
    .call_out_ms = 10 * MINUTE_MS,
};

struct targets targets_merge(const struct targets *first, const struct targets *second) {
    struct targets merged = *first;
    for (const struct key *key = target_keys; key->name != NULL; key++) {
        int64_t *target = (int64_t *)(void *)((char *)&merged + key->offset);
        if (*target == 0)
            *target = *(const int64_t *)(const void *)((const char *)second + key->offset);
    }
    return merged;
}

/* --- escalation ------------------------------------------------------------------------------- */

static const char *const lateness_words[] = {
    [LATE_UNACKNOWLEDGED] = "unacknowledged",
    [LATE_UNDECIDED] = "undecided",
    [LATE_STEP] = "step_late",
    [LATE_APPROVAL] = "approval_waiting",
    [LATE_NOTICE] = "notice_late",
    [LATE_RECOVERY] = "not_recovered",
    [LATE_RECOVERY + 1] = NULL,
};
static const struct scalar lateness_scalar = {
    .name = "word", .expects = "what is late", .problem = word_problem, .words = lateness_words};
static const struct shape lateness_shape = {.scalar = &lateness_scalar};

static const struct scalar called_scalar = {
    .name = "name", .expects = "a role, a person or a channel", .names = NAME_CALLED};
static const struct shape called_shape = {.scalar = &called_scalar};
static const struct shape called_list_shape = {.list = &called_shape, .at_least = 1};

#define LEVEL(member) offsetof(struct escalation_level, member)

static const struct key level_keys[] = {
    {.name = "if",
     .shape = &lateness_shape,
     .required = true,
     .store = store_word,
     .offset = LEVEL(event)},
    {.name = "after",
     .shape = &duration_shape,
     .required = true,
     .store = store_duration,
     .offset = LEVEL(after_ms)},
    {.name = "to",
     .shape = &called_list_shape,
     .required = true,
     .store = store_texts,
     .offset = LEVEL(to)},
    {.name = "repeat", .shape = &count_shape, .store = store_integer, .offset = LEVEL(repeat)},
    {0},
};
static const struct section level_section = {.name = "an escalation level", .keys = level_keys};
static const struct shape level_shape = {.section = &level_section};
const struct shape escalation_shape = {.list = &level_shape};

/* A level of a newer program, about something that this one doesn't watch, is passed over. */
static bool is_level(const struct node *node) {
    const char *event = node_text(node_get(node, "if"));
    const struct node *to = node_get(node, "to");
    return event != NULL && scalar_has_word(&lateness_scalar, event) && to != NULL &&
           to->kind == NODE_LIST;
}

void store_escalation(const void *parent, const struct shape *shape, const struct node *value,
                      void *member) {
    (void)shape;
    struct escalation *escalation = member;
    if (value->kind != NODE_LIST)
        return;
    escalation->levels = xtalloc_zero_array(parent, struct escalation_level, value->count + 1);
    for (size_t i = 0; i < value->count; i++)
        if (is_level(value->items[i]))
            section_store(escalation->levels, &level_section, value->items[i],
                          &escalation->levels[escalation->count++]);
}

const char *lateness_name(enum lateness lateness) {
    return lateness_words[lateness];
}

/* --- gates ------------------------------------------------------------------------------------ */

static const char *const expire_words[] = {"deny", "escalate", NULL};
static const struct scalar expire_scalar = {.name = "word",
                                            .expects = "what an expired gate does",
                                            .problem = word_problem,
                                            .words = expire_words};
const struct shape expire_shape = {.scalar = &expire_scalar};

/* --- secrets ---------------------------------------------------------------------------------- */

static const struct key secret_keys[] = {
    {.name = "env",
     .shape = &text_shape,
     .choice = true,
     .store = store_text,
     .offset = offsetof(struct secret_place, env)},
    {.name = "file",
     .shape = &text_shape,
     .choice = true,
     .store = store_text,
     .offset = offsetof(struct secret_place, file)},
    {0},
};
const struct section secret_section = {
    .name = "a secret", .keys = secret_keys, .choice = CHOICE_EXACTLY_ONE};
const struct shape secret_shape = {.section = &secret_section};
