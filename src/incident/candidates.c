/* What could stand where an argument of some type is expected. */
#include "config.h"

#include "incident/command.h"

#include "base/xtalloc.h"

#include <string.h>

static const char *const no_words[] = {NULL};
static const char *const detectors[] = {"monitor", "staff", "customer", NULL};
static const char *const outcomes[] = {"happened", "absent", "partial", NULL};
static const char *const severities[] = {"1", "2", "3", "4", "5", NULL};

/* All that may stand there, where that is known without a store. */
static const char *const *const fixed[ARG_TYPE_COUNT] = {
    [ARG_PLAN] = no_words,       [ARG_ROSTER] = no_words,   [ARG_TEXT] = no_words,
    [ARG_SEVERITY] = severities, [ARG_TIME] = no_words,     [ARG_FLAG] = no_words,
    [ARG_DETECTOR] = detectors,  [ARG_OUTCOME] = outcomes,  [ARG_INPUTS] = no_words,
    [ARG_RUN] = no_words,        [ARG_DURATION] = no_words,
};

struct words {
    const char **list;
    size_t count;
};

static void add(struct words *words, const char *word) {
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->list[i], word) == 0)
            return;
    words->list = xtalloc_realloc(NULL, words->list, const char *, words->count + 2);
    words->list[words->count++] = word;
}

static void add_steps(struct words *words, const struct incident *incident) {
    for (size_t i = 0; i < incident->steps_count; i++)
        add(words, incident->steps[i].spec->id);
}

static void add_roles(struct words *words, const struct incident *incident) {
    for (const char *const *role = standing_roles; *role; role++)
        add(words, *role);
    for (size_t i = 0; incident->plan && i < incident->plan->roles.count; i++)
        add(words, incident->plan->roles.list[i].name);
    const struct roster *roster = incident->state->roster;
    for (size_t i = 0; roster && i < roster->roles.count; i++)
        add(words, roster->roles.list[i].name);
    for (size_t i = 0; i < incident->roles_count; i++)
        add(words, incident->roles[i].role);
}

static void add_options(struct words *words, const struct incident *incident) {
    for (size_t i = 0; !incident->plan && plan_implied_options[i].id; i++)
        add(words, plan_implied_options[i].id);
    for (size_t i = 0; incident->plan && i < incident->plan->options_count; i++)
        add(words, incident->plan->options[i].id);
}

static void add_concerns(struct words *words, const struct incident *incident) {
    for (size_t i = 0; i < incident->concerns_count; i++)
        if (!incident->concerns[i].answered.by)
            add(words,
                xtalloc_asprintf(words->list, "%lld", (long long)incident->concerns[i].number));
}

static void add_from_incident(struct words *words, enum arg_type type,
                              const struct incident *incident) {
    if (type == ARG_ROLE || type == ARG_ROLE_OR_STEP)
        add_roles(words, incident);
    if (type == ARG_STEP || type == ARG_ROLE_OR_STEP)
        add_steps(words, incident);
    if (type == ARG_OPTION)
        add_options(words, incident);
    if (type == ARG_CONCERN)
        add_concerns(words, incident);
    if (type != ARG_PERSON)
        return;
    const char *const *people = incident_people(words->list, incident);
    for (size_t i = 0; people[i]; i++)
        add(words, people[i]);
}

const char *const *arg_candidates(const void *parent, enum arg_type type, const struct state *state,
                                  const struct incident *incident) {
    if (fixed[type])
        return fixed[type];
    struct words words = {.list = xtalloc_zero_array(NULL, const char *, 1)};
    for (size_t i = 0; type == ARG_INCIDENT && state && i < state->incidents_count; i++)
        add(&words, xtalloc_asprintf(words.list, "%lld", (long long)state->incidents[i]->number));
    if (incident)
        add_from_incident(&words, type, incident);
    words.list[words.count] = NULL;
    return talloc_steal(parent, words.list);
}
