/* Whom a level calls, for what, and the command that does it. */
#include "config.h"

#include "incident/levels.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "incident/status.h"

#include <stdio.h>
#include <string.h>

/* ---- whom it calls --------------------------------------------------------------------------- */

struct names {
    const char **list; /* ended by NULL */
    size_t count;
};

static void add_name(struct names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->list[i], name) == 0)
            return;
    names->list = xtalloc_realloc(NULL, names->list, const char *, names->count + 2);
    names->list[names->count++] = name;
    names->list[names->count] = NULL;
}

static bool is_role(const struct incident *incident, const char *name) {
    return role_is_standing(name) || incident_role(incident, name) ||
           incident_role_people(incident, name);
}

/* NULL where nobody has the role or is named for it. */
static const char *role_person(const struct incident *incident, const char *role) {
    const struct role_holding *holding = incident_role(incident, role);
    const struct role_people *named = incident_role_people(incident, role);
    if (holding && holding->holder)
        return holding->holder;
    return named ? named->people[0] : NULL;
}

static bool is_channel(const struct incident *incident, const char *name) {
    const struct roster *roster = incident->state->roster;
    return roster && !roster_person(roster, name) && roster_channel(roster, name);
}

static void call(const struct incident *incident, const char *name, struct names *people,
                 struct names *channels) {
    if (is_role(incident, name)) {
        const char *person = role_person(incident, name);
        if (person)
            add_name(people, person);
    } else if (is_channel(incident, name)) {
        add_name(channels, name);
    } else {
        add_name(people, name);
    }
}

static const char *list_words(const void *parent, const struct names *people,
                              const struct names *channels) {
    const struct names *lists[] = {people, channels};
    char *words = xtalloc_strdup(parent, "");
    for (size_t l = 0; l < ARRAY_SIZE(lists); l++)
        for (size_t i = 0; i < lists[l]->count; i++)
            words = xtalloc_asprintf_append(words, "%s%s", *words ? ", " : "", lists[l]->list[i]);
    return *words ? words : "nobody";
}

struct called level_called(const void *parent, const struct incident *incident,
                           const struct level *level) {
    struct names people = {.list = xtalloc_zero_array(parent, const char *, 1)};
    struct names channels = {.list = xtalloc_zero_array(parent, const char *, 1)};
    for (const char *const *name = level->to; *name; name++)
        call(incident, *name, &people, &channels);
    return (struct called){people.list, channels.list, list_words(parent, &people, &channels)};
}

/* ---- words ----------------------------------------------------------------------------------- */

static const char *const lates[] = {
    [LATE_UNACKNOWLEDGED] = "nobody has acknowledged",
    [LATE_UNDECIDED] = "nothing is decided",
    [LATE_STEP] = "is late",
    [LATE_APPROVAL] = "votes are missing",
    [LATE_NOTICE] = "a notice is late",
    [LATE_RECOVERY] = "it has not recovered",
};

char *late_words(const void *parent, enum lateness late, const struct step *step) {
    if (!step)
        return xtalloc_strdup(parent, lates[late]);
    return xtalloc_asprintf(parent, "%s %s", step->label, lates[late]);
}

bool lateness_parse(const char *name, enum lateness *late) {
    for (size_t i = 0; i < ARRAY_SIZE(lates); i++) {
        if (strcmp(lateness_name((enum lateness)i), name) != 0)
            continue;
        *late = (enum lateness)i;
        return true;
    }
    return false;
}

/* ---- firing it ------------------------------------------------------------------------------- */

struct command *level_command(const void *parent, const struct incident *incident,
                              const struct level *level, int64_t now_ms) {
    struct command *command = command_new(parent, "fire", now_ms);
    snprintf(command->id, sizeof(command->id), "fired/%lld/%s/%lld/%lld/%lld.%lld",
             (long long)incident->number, lateness_name(level->late),
             level->step ? (long long)level->step->number : 0LL, (long long)level->onset_ms,
             (long long)level->number, (long long)level->repeat);
    command->via = "keeper";
    command->incident = incident->number;
    command->late = lateness_name(level->late);
    command->step = level->step ? xtalloc_strdup(command, level->step->spec->id) : NULL;
    command->level = level->number;
    command->repeat = level->repeat;
    return command;
}
