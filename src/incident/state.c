#include "config.h"

#include "incident/state.h"

#include "base/number.h"
#include "base/xtalloc.h"

#include <stdlib.h>
#include <string.h>

/* Most bodies and their texts fit in one piece of memory, which is taken once. */
#define SCRATCH_BYTES 832

struct state *state_new(const void *parent) {
    struct state *state = xtalloc_zero(parent, struct state);
    state->scratch = xtalloc_check(talloc_pool(state, SCRATCH_BYTES));
    return state;
}

static int by_number(const void *key, const void *element) {
    int64_t number = *(const int64_t *)key;
    int64_t other = (*(struct incident *const *)element)->number;
    return (number > other) - (number < other);
}

static struct incident **find(const struct state *state, int64_t number) {
    return state->incidents_count ? bsearch(&number, state->incidents, state->incidents_count,
                                            sizeof(*state->incidents), by_number)
                                  : NULL;
}

struct incident *state_incident(const struct state *state, int64_t number) {
    struct incident **found = find(state, number);
    return found ? *found : NULL;
}

size_t state_place(const struct state *state, int64_t number) {
    return (size_t)(find(state, number) - state->incidents);
}

const struct plan *state_plan(const struct state *state, const char *sha256) {
    for (size_t i = 0; i < state->plans_count; i++)
        if (strcmp(state->plans[i]->sha256, sha256) == 0)
            return state->plans[i];
    return NULL;
}

void state_drop(struct state *state, int64_t number) {
    for (size_t i = 0; i < state->incidents_count; i++) {
        if (state->incidents[i]->number != number)
            continue;
        state->unknown_events -= state->incidents[i]->unknown_events;
        talloc_free(state->incidents[i]);
        state->incidents_count--;
        memmove(&state->incidents[i], &state->incidents[i + 1],
                (state->incidents_count - i) * sizeof(*state->incidents));
        return;
    }
}

bool incident_is_open(const struct incident *incident) {
    return !incident->closed.by && !incident->abandoned.by;
}

bool state_has_open(const struct state *state) {
    for (size_t i = 0; i < state->incidents_count; i++)
        if (incident_is_open(state->incidents[i]))
            return true;
    return false;
}

/* Ids first: a plan may call its seventh step "10". */
struct step *incident_step(const struct incident *incident, const char *name) {
    int64_t number;
    for (size_t i = 0; name && i < incident->steps_count; i++)
        if (strcmp(incident->steps[i].spec->id, name) == 0)
            return &incident->steps[i];
    if (name && number_parse(name, 1, (int64_t)incident->steps_count, &number))
        return &incident->steps[number - 1];
    return NULL;
}

struct role_holding *incident_role(const struct incident *incident, const char *role) {
    for (size_t i = 0; i < incident->roles_count; i++)
        if (strcmp(incident->roles[i].role, role) == 0)
            return &incident->roles[i];
    return NULL;
}

static const struct role_people *named_people(const struct roles *roles, const char *role) {
    const struct role_people *found = role_find(roles, role);
    return found && found->people[0] ? found : NULL;
}

const struct role_people *incident_role_people(const struct incident *incident, const char *role) {
    const struct roster *roster = incident->state->roster;
    const struct role_people *planned =
        incident->plan ? named_people(&incident->plan->roles, role) : NULL;
    return planned || !roster ? planned : named_people(&roster->roles, role);
}

const char *incident_commander(const struct incident *incident) {
    const struct role_holding *holding = incident_role(incident, "commander");
    return holding ? holding->holder : NULL;
}

static bool holds(const struct incident *incident, const char *role, const char *person) {
    const struct role_holding *holding = incident_role(incident, role);
    return holding && holding->holder && strcmp(holding->holder, person) == 0;
}

bool incident_is_led_by(const struct incident *incident, const char *person) {
    return !incident_commander(incident) || holds(incident, "commander", person) ||
           holds(incident, "deputy", person);
}

struct concern *incident_concern(const struct incident *incident, int64_t number) {
    for (size_t i = 0; i < incident->concerns_count; i++)
        if (incident->concerns[i].number == number)
            return &incident->concerns[i];
    return NULL;
}

const struct concern *incident_open_concern(const struct incident *incident) {
    for (size_t i = 0; i < incident->concerns_count; i++)
        if (!incident->concerns[i].answered.by)
            return &incident->concerns[i];
    return NULL;
}

size_t incident_open_concerns(const struct incident *incident) {
    size_t open = 0;
    for (size_t i = 0; i < incident->concerns_count; i++)
        open += !incident->concerns[i].answered.by;
    return open;
}

const struct decision *incident_decision(const struct incident *incident) {
    if (incident->decisions_count == 0 || incident->decision_void)
        return NULL;
    return &incident->decisions[incident->decisions_count - 1];
}

/* --- people ----------------------------------------------------------------------------------- */

struct people {
    const char **names;
    size_t count;
};

static void people_add(struct people *people, const char *name) {
    if (!name || !*name)
        return;
    for (size_t i = 0; i < people->count; i++)
        if (strcmp(people->names[i], name) == 0)
            return;
    people->names[people->count++] = name;
    people->names = xtalloc_realloc(NULL, people->names, const char *, people->count + 1);
}

static void people_add_plan(struct people *people, const struct plan *plan) {
    for (size_t i = 0; plan && i < plan->roles.count; i++)
        for (const char *const *name = plan->roles.list[i].people; *name; name++)
            people_add(people, *name);
}

static void people_add_roster(struct people *people, const struct roster *roster) {
    for (size_t i = 0; roster && i < roster->people_count; i++)
        people_add(people, roster->people[i].id);
}

const char *const *incident_people(const void *parent, const struct incident *incident) {
    struct people people = {.names = xtalloc_array(NULL, const char *, 1)};
    people_add_plan(&people, incident->plan);
    people_add_roster(&people, incident->state->roster);
    for (size_t i = 0; i < incident->roles_count; i++) {
        people_add(&people, incident->roles[i].holder);
        people_add(&people, incident->roles[i].offered_to);
    }
    for (size_t i = 0; i < incident->events_count; i++)
        people_add(&people, incident->events[i].actor);
    people.names[people.count] = NULL;
    return talloc_steal(parent, people.names);
}

bool incident_knows_person(const struct incident *incident, const char *person) {
    const char *const *people = incident_people(NULL, incident);
    bool known = false;
    for (size_t i = 0; people[i] && !known; i++)
        known = strcmp(people[i], person) == 0;
    talloc_free((void *)(uintptr_t)people);
    return known;
}

/* --- steps ------------------------------------------------------------------------------------ */

/* Whoever did it stays beside it, whoever has its role by now; what the plan skipped nobody did. */
static const char *step_doer(const struct step *step) {
    if (step->record == STEP_DONE && step->attempts_count)
        return step_attempt(step)->by;
    return step->record == STEP_SKIPPED && !step->by_rule ? step->ended_by : NULL;
}

const char *step_person(const struct incident *incident, const struct step *step) {
    const char *doer = step_doer(step);
    if (doer)
        return doer;
    if (step->person)
        return step->person;
    if (!step->spec->owner)
        return incident_commander(incident);
    const struct role_holding *holding = incident_role(incident, step->spec->owner);
    if (holding && holding->holder)
        return holding->holder;
    const struct role_people *role = incident_role_people(incident, step->spec->owner);
    return role ? role->people[0] : incident_commander(incident);
}

struct attempt *step_attempt(const struct step *step) {
    return step->attempts_count ? &step->attempts[step->attempts_count - 1] : NULL;
}

struct run *step_run(const struct step *step) {
    if (step->runs_count == 0 || step->runs[step->runs_count - 1].over)
        return NULL;
    return &step->runs[step->runs_count - 1];
}

struct run *step_run_find(const struct step *step, const char *id) {
    for (size_t i = 0; i < step->runs_count; i++)
        if (strcmp(step->runs[i].id, id) == 0)
            return &step->runs[i];
    return NULL;
}

bool run_id_parse(const void *parent, const char *id, int64_t *incident, const char **step) {
    const char *first = strchr(id, '.');
    const char *last = strrchr(id, '.');
    int64_t run;
    if (!first || first == last)
        return false;
    char *count = xtalloc_strndup(NULL, last + 1, strcspn(last + 1, "-"));
    bool counted = number_parse(count, 1, INT64_MAX, &run);
    talloc_free(count);
    if (!counted)
        return false;
    char *number = xtalloc_strndup(NULL, id, (size_t)(first - id));
    bool ok = number_parse(number, 1, INT64_MAX, incident);
    talloc_free(number);
    if (ok)
        *step = xtalloc_strndup(parent, first + 1, (size_t)(last - first - 1));
    return ok;
}
