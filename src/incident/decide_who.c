/* Whether the actor may do it, and if not, who could: the one place where decide asks. */
#include "config.h"

#include "incident/decide_kinds.h"

#include "incident/who.h"

#include <string.h>

static struct act act_of(const struct decider *decider) {
    const char *as = decider->command->as;
    return (struct act){.state = decider->state,
                        .incident = decider->incident,
                        .step = decider->step,
                        .person = decider->actor,
                        .as = as ? role_of_word(as) : NULL};
}

/* --- who could -------------------------------------------------------------------------------- */

/* "ana, bo or cy"; `none` where the list is empty. */
static const char *list_words(struct decider *decider, const char *const *people,
                              const char *none) {
    const char *list = NULL;
    for (; *people; people++)
        list = list ? words(decider, "%s%s%s", list, people[1] ? ", " : " or ", *people) : *people;
    return list ? list : none;
}

static const char *commander_of(const struct decider *decider) {
    return decider->incident ? incident_commander(decider->incident) : NULL;
}

static const char *const *could_command(struct decider *decider) {
    return people_for_command(decider->scratch, decider->state, decider->incident);
}

/* Somebody to turn to: who commands, else who could. */
static const char *ask_words(struct decider *decider) {
    const char *commander = commander_of(decider);
    return commander ? words(decider, "ask %s, who commands", commander)
                     : words(decider, "ask %s",
                             list_words(decider, could_command(decider), "who applied the roster"));
}

/* --- one sentence per level ------------------------------------------------------------------- */

static bool refuse_viewer(struct decider *decider, const struct act *act) {
    bool listed = roster_person(act->state->roster, act->person);
    return refuse(decider, ERR_REFUSED,
                  words(decider,
                        listed ? "%s may only view, by the roster"
                               : "%s isn't in the roster, and others may only view",
                        act->person),
                  ask_words(decider));
}

/* "dev (cy, dot)" */
static const char *owner_words(struct decider *decider, const struct step *step) {
    const struct role_people *role = incident_role_people(decider->incident, step->spec->owner);
    const char *people = role ? list_words(decider, role->people, "nobody") : "nobody";
    return words(decider, "%s (%s)", step->spec->owner, people);
}

static bool refuse_step(struct decider *decider, const struct act *act) {
    const struct step *step = act->step;
    const char *person = step_person(act->incident, step), *commander = commander_of(decider);
    const char *who = commander ? words(decider, "who commands (%s)", commander) : "who commands";
    const char *what = words(decider, "only %s or %s may %s it", owner_words(decider, step), who,
                             decider->command->type->name);
    if (!person || (commander && strcmp(person, commander) == 0))
        return refuse(decider, ERR_REFUSED, what, ask_words(decider));
    return refuse(decider, ERR_REFUSED, what,
                  commander
                      ? words(decider, "ask %s, or %s to `assign` it to you", person, commander)
                      : words(decider, "ask %s", person));
}

/* One key away where the actor could command; else it is said who could. */
static bool refuse_uncommanded(struct decider *decider, const struct act *act) {
    const char *people = list_words(decider, could_command(decider), "somebody");
    return refuse(
        decider, ERR_REFUSED,
        words(decider, "only who commands may %s, and nobody does", decider->command->type->name),
        act_may_take(act, "commander") ? "take command first: `take commander`"
                                       : words(decider, "ask %s to take command", people));
}

static bool refuse_commanded(struct decider *decider, const struct act *act) {
    const char *commander = commander_of(decider);
    if (!commander)
        return refuse_uncommanded(decider, act);
    return refuse(decider, ERR_REFUSED,
                  words(decider, "only the commander or the deputy may %s; %s commands",
                        decider->command->type->name, commander),
                  act_may_take(act, "commander")
                      ? words(decider, "ask %s, or take command with --relieve", commander)
                      : words(decider, "ask %s", commander));
}

static bool refuse_roster(struct decider *decider, const struct act *act) {
    (void)act;
    return refuse(decider, ERR_REFUSED,
                  "only who may command by the roster in force applies another",
                  words(decider, "ask %s", list_words(decider, could_command(decider), "root")));
}

static bool (*const refusals[WHO_COUNT])(struct decider *decider, const struct act *act) = {
    [WHO_NOBODY] = refuse_viewer,     [WHO_RUNNER] = refuse_viewer,
    [WHO_VIEWER] = refuse_viewer,     [WHO_RESPONDER] = refuse_viewer,
    [WHO_STEP] = refuse_step,         [WHO_COMMANDER] = refuse_commanded,
    [WHO_PLANNER] = refuse_commanded, [WHO_ROSTER] = refuse_roster,
};

/* What is said first is what would have to change first. */
static bool refuse_who(struct decider *decider, const struct act *act, enum who who) {
    bool views = person_authority(act->state, act->incident, act->person) == MAY_VIEW;
    return (views && who != WHO_ROSTER ? refuse_viewer : refusals[who])(decider, act);
}

/* --- --as ROLE -------------------------------------------------------------------------------- */

static bool refuse_unenforced(struct decider *decider) {
    return refuse(decider, ERR_REFUSED, "roles are not enforced: there is no roster",
                  "leave --as away, or apply a roster");
}

static bool refuse_as(struct decider *decider, const char *role) {
    return refuse(decider, ERR_REFUSED,
                  words(decider, "%s may not %s as %s", decider->actor,
                        decider->command->type->name, decider->command->as),
                  *role ? words(decider, "as %s they may: --as %s", role, role)
                        : "leave --as away");
}

bool guard_who(struct decider *decider) {
    enum who who = decider->command->type->who;
    struct act act = act_of(decider), plain = act;
    if (act.as && !decider->state->roster)
        return refuse_unenforced(decider);
    plain.as = NULL;
    const char *otherwise = act_role(&plain, who);
    decider->role = act_role(&act, who);
    if (decider->role)
        return true;
    return otherwise ? refuse_as(decider, otherwise) : refuse_who(decider, &plain, who);
}

/* --- what is handed over ---------------------------------------------------------------------- */

bool may_be_given(struct decider *decider, const char *person) {
    if (person_authority(decider->state, decider->incident, person) > MAY_VIEW)
        return true;
    return refuse(decider, ERR_REFUSED, words(decider, "%s may only view", person),
                  "name somebody who may respond");
}

bool may_take_role(struct decider *decider, const char *role) {
    struct act act = act_of(decider);
    if (act_may_take(&act, role))
        return true;
    const struct role_people *named = incident_role_people(decider->incident, role);
    const char *const *people = named ? named->people : could_command(decider);
    return refuse(decider, ERR_REFUSED,
                  words(decider, "%s is not among those who can be %s", decider->actor, role),
                  words(decider, "%s can; or its holder offers it to you",
                        list_words(decider, people, "nobody")));
}

bool may_take_step(struct decider *decider) {
    struct act act = act_of(decider);
    return act_role(&act, WHO_STEP) || refuse_step(decider, &act);
}

/* Who could take it needs no one's leave; else it is who commands that has it to give. */
bool may_offer_role(struct decider *decider, const char *role, const char *person) {
    struct act act = act_of(decider), other = act;
    other.person = person;
    other.as = NULL;
    if (act_role(&act, WHO_COMMANDER) || act_may_take(&act, role) || act_may_take(&other, role))
        return true;
    return refuse(decider, ERR_REFUSED, words(decider, "%s is not yours to offer", role),
                  ask_words(decider));
}
