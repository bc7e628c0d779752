#include "config.h"

#include "incident/who.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <string.h>
#include <strings.h>

static bool is_person(const struct act *act, const char *person) {
    return person && strcmp(person, act->person) == 0;
}

static const char commander[] = "commander", commander_word[] = "IC";

const char *role_of_word(const char *word) {
    return strcasecmp(word, commander_word) == 0 ? commander : word;
}

const char *role_words(const char *role) {
    return strcmp(role, commander) == 0 ? commander_word : role;
}

/* --- authority -------------------------------------------------------------------------------- */

static bool plan_names(const struct incident *incident, const char *person) {
    const struct plan *plan = incident ? incident->plan : NULL;
    for (size_t i = 0; plan && i < plan->roles.count; i++)
        if (role_has(&plan->roles.list[i], person))
            return true;
    return false;
}

enum authority person_authority(const struct state *state, const struct incident *incident,
                                const char *person) {
    if (!state->roster)
        return MAY_COMMAND;
    enum authority may = roster_may(state->roster, person);
    return may == MAY_VIEW && plan_names(incident, person) ? MAY_RESPOND : may;
}

static bool has_authority(const struct act *act, enum authority least) {
    return person_authority(act->state, act->incident, act->person) >= least;
}

/* --- roles ------------------------------------------------------------------------------------ */

static const char *holder_of(const struct act *act, const char *role) {
    const struct role_holding *holding = incident_role(act->incident, role);
    return holding ? holding->holder : NULL;
}

static bool holds(const struct act *act, const char *role) {
    return act->incident && is_person(act, holder_of(act, role));
}

static bool is_named(const struct act *act, const char *role) {
    const struct roles *roles = &act->state->roster->roles;
    return role_has(act->incident ? incident_role_people(act->incident, role)
                                  : role_find(roles, role),
                    act->person);
}

/* "The commander holds every role not handed out." */
static bool has_role(const struct act *act, const char *role) {
    return holds(act, role) || is_named(act, role) ||
           (holds(act, commander) && !holder_of(act, role));
}

/* The role, where it is theirs and may count. */
static const char *in_role(const struct act *act, const char *role, bool theirs) {
    return theirs && (!act->as || strcmp(act->as, role) == 0) ? role : NULL;
}

static const char *commanding_role(const struct act *act) {
    const char *role = in_role(act, commander, holds(act, commander));
    return role ? role : in_role(act, "deputy", holds(act, "deputy"));
}

/* --- whom a command is for -------------------------------------------------------------------- */

static const char *as_runner(const struct act *act) {
    (void)act;
    return "";
}

/* No role is needed; one that was named must be theirs all the same. */
static const char *as_viewer(const struct act *act) {
    if (!act->as)
        return "";
    return has_role(act, act->as) ? act->as : NULL;
}

static const char *as_responder(const struct act *act) {
    return has_authority(act, MAY_RESPOND) ? as_viewer(act) : NULL;
}

static const char *as_commander(const struct act *act) {
    return act->incident && has_authority(act, MAY_RESPOND) ? commanding_role(act) : NULL;
}

/* The owner's role before that of who commands: whose step it is does it as what they are. */
static const char *as_owner(const struct act *act, const char *owner) {
    bool theirs = is_person(act, act->step->person) || holds(act, owner) || is_named(act, owner);
    const char *role = in_role(act, owner, theirs);
    if (!role)
        role = commanding_role(act);
    return role ? role : in_role(act, owner, has_role(act, owner));
}

/* Without an owner a step is anybody's who may respond. */
static const char *as_step(const struct act *act) {
    if (!act->step || !has_authority(act, MAY_RESPOND))
        return NULL;
    const char *owner = act->step->spec->owner;
    return owner ? as_owner(act, owner) : as_viewer(act);
}

static const char *as_planner(const struct act *act) {
    bool first = act->incident && !act->incident->plan && !incident_commander(act->incident);
    return first ? as_responder(act) : as_commander(act);
}

static const char *as_roster(const struct act *act) {
    return has_authority(act, MAY_COMMAND) ? as_viewer(act) : NULL;
}

static const struct {
    const char *name, *words;
    const char *(*role)(const struct act *act);
} levels[WHO_COUNT] = {
    [WHO_RUNNER] = {"runner", "runners", as_runner},
    [WHO_VIEWER] = {"viewer", "everybody", as_viewer},
    [WHO_RESPONDER] = {"responder", "who may respond", as_responder},
    [WHO_STEP] = {"step", "the step's people, or who commands", as_step},
    [WHO_COMMANDER] = {"commander", "commander or deputy", as_commander},
    [WHO_PLANNER] = {"planner", "commander or deputy; for a first plan who may respond",
                     as_planner},
    [WHO_ROSTER] = {"roster", "who may command by the roster", as_roster},
};

const char *who_name(enum who who) {
    return levels[who].name;
}

const char *who_words(enum who who) {
    return levels[who].words;
}

const char *act_role(const struct act *act, enum who who) {
    if (who == WHO_NOBODY)
        return NULL;
    return act->state->roster ? levels[who].role(act) : "";
}

/* --- taking a role ---------------------------------------------------------------------------- */

/* Who commands is looked for in its own list; who stands in for that, else among those. */
static const char *list_of(const struct act *act, const char *role) {
    bool deputy = strcmp(role, "deputy") == 0 && !incident_role_people(act->incident, role);
    return deputy ? commander : role;
}

bool act_may_take(const struct act *act, const char *role) {
    if (!act->state->roster)
        return true;
    const char *list = list_of(act, role);
    bool commands = strcmp(list, commander) == 0; /* or stands in for who does */
    if (!has_authority(act, MAY_RESPOND))
        return false;
    if (has_authority(act, MAY_COMMAND) || is_named(act, list))
        return true;
    return !commands && (!incident_role_people(act->incident, role) || commanding_role(act));
}

/* --- who could -------------------------------------------------------------------------------- */

static void add(const char ***list, size_t *count, const char *person) {
    for (size_t i = 0; i < *count; i++)
        if (strcmp((*list)[i], person) == 0)
            return;
    *list = xtalloc_realloc(NULL, *list, const char *, *count + 2);
    (*list)[(*count)++] = person;
    (*list)[*count] = NULL;
}

const char *const *people_for_command(const void *parent, const struct state *state,
                                      const struct incident *incident) {
    const struct roster *roster = state->roster;
    const struct role_people *role = incident ? incident_role_people(incident, commander)
                                     : roster ? role_find(&roster->roles, commander)
                                              : NULL;
    const char **list = xtalloc_zero_array(parent, const char *, 1);
    size_t count = 0;
    for (size_t i = 0; role && role->people[i]; i++)
        add(&list, &count, role->people[i]);
    for (size_t i = 0; roster && i < roster->people_count; i++)
        if (roster->people[i].may == MAY_COMMAND)
            add(&list, &count, roster->people[i].id);
    return list;
}
