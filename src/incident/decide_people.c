#include "config.h"

#include "incident/decide_kinds.h"

#include "base/text.h"
#include "incident/status.h"

#include <string.h>

static bool is_role(struct decider *decider, const char *word) {
    const char *const *roles = arg_candidates(decider->scratch, ARG_ROLE, NULL, decider->incident);
    for (; *roles; roles++)
        if (strcmp(*roles, word) == 0)
            return true;
    return false;
}

static bool find_role(struct decider *decider, const char **role) {
    *role = role_of_word(decider->command->role);
    if (is_role(decider, *role))
        return true;
    const char *const *known = arg_candidates(
        decider->scratch, decider->command->type->args[1].type, NULL, decider->incident);
    const char *near = text_nearest(*role, known);
    return refuse(decider, ERR_NOT_FOUND, words(decider, "there is no role \"%s\"", *role),
                  near ? words(decider, "did you mean %s?", near)
                       : "commander, deputy, comms, scribe, or a role of the plan");
}

static bool find_person(struct decider *decider) {
    const char *person = decider->command->person;
    if (decider->facts->person_exists || incident_knows_person(decider->incident, person))
        return true;
    const char *near =
        text_nearest(person, arg_candidates(decider->scratch, ARG_PERSON, NULL, decider->incident));
    return refuse(decider, ERR_NOT_FOUND, words(decider, "nobody here is called \"%s\"", person),
                  near ? words(decider, "did you mean %s?", near)
                       : "name a user of this host, or a person of the plan or the roster");
}

static bool take_step(struct decider *decider) {
    const struct step *step = decider->step;
    if (!may_take_step(decider))
        return false;
    if (step->person && strcmp(step->person, decider->actor) == 0)
        return answer(decider, "it is yours already");
    say(decider, EVENT_STEP_ASSIGNED,
        &(struct body_step_assigned){.step = step->spec->id, .person = decider->actor});
    return answer(decider, "%s is yours", step->label);
}

static bool is_free(struct decider *decider, const struct role_holding *holding) {
    const struct command *command = decider->command;
    if (!holding || !holding->holder)
        return true;
    if (!command->relieve)
        return refuse(decider, ERR_CONFLICT,
                      words(decider, "%s is %s", holding->holder, holding->role),
                      "ask them to `offer` it, or --relieve them with a reason");
    return command->reason || refuse(decider, ERR_USAGE, "relieving somebody takes a reason",
                                     "say why: --reason TEXT");
}

static bool take_role(struct decider *decider) {
    const char *role;
    if (!find_role(decider, &role))
        return false;
    const struct role_holding *holding = incident_role(decider->incident, role);
    const char *holder = holding ? holding->holder : NULL;
    if (holder && strcmp(holder, decider->actor) == 0)
        return answer(decider, "you are %s already", role);
    if (!may_take_role(decider, role) || !is_free(decider, holding))
        return false;
    say(decider, EVENT_ROLE_TAKEN,
        &(struct body_role_taken){
            .role = role, .from = holder, .reason = decider->command->reason});
    return answer(decider, "you are %s", role);
}

/* Where a role and a step have one name the role is meant: the step still has its number. */
bool decide_take(struct decider *decider) {
    const char *word = decider->command->role;
    if (!is_role(decider, role_of_word(word)))
        decider->step = incident_step(decider->incident, word);
    return decider->step ? take_step(decider) : take_role(decider);
}

bool decide_offer(struct decider *decider) {
    const char *role;
    const char *person = decider->command->person;
    if (!find_role(decider, &role) || !find_person(decider))
        return false;
    const struct role_holding *holding = incident_role(decider->incident, role);
    const char *holder = holding ? holding->holder : NULL;
    if (holder && strcmp(holder, person) == 0)
        return refuse(decider, ERR_CONFLICT, words(decider, "%s is %s already", person, role),
                      NULL);
    if (holder && strcmp(holder, decider->actor) != 0)
        return refuse(decider, ERR_REFUSED,
                      words(decider, "%s is %s, and only they can offer it", holder, role),
                      "or relieve them: `take --relieve`");
    if (!may_be_given(decider, person) || (!holder && !may_offer_role(decider, role, person)))
        return false;
    say(decider, EVENT_ROLE_OFFERED, &(struct body_role_offered){.role = role, .person = person});
    return answer(decider, "offered %s to %s", role, person);
}

bool decide_accept(struct decider *decider) {
    const char *role;
    if (!find_role(decider, &role))
        return false;
    const struct role_holding *holding = incident_role(decider->incident, role);
    if (!holding || !holding->offered_to || strcmp(holding->offered_to, decider->actor) != 0)
        return refuse(decider, ERR_REFUSED, words(decider, "%s was not offered to you", role),
                      "ask its holder to offer it");
    say(decider, EVENT_ROLE_TAKEN,
        &(struct body_role_taken){.role = role, .from = holding->holder});
    return answer(decider, "you are %s", role);
}

bool decide_assign(struct decider *decider) {
    if (!find_person(decider) || !may_be_given(decider, decider->command->person))
        return false;
    say(decider, EVENT_STEP_ASSIGNED,
        &(struct body_step_assigned){.step = decider->step->spec->id,
                                     .person = decider->command->person});
    return answer(decider, "gave %s to %s", decider->step->label, decider->command->person);
}
