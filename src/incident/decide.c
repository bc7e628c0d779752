#include "config.h"

#include "incident/decide.h"

#include "base/array.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/decide_kinds.h"
#include "incident/status.h"

#include <stdarg.h>

/* --- shared words ----------------------------------------------------------------------------- */

static void outcome_add(struct outcome *outcome, const void *parent, struct decided_event event) {
    outcome->events =
        xtalloc_realloc(parent, outcome->events, struct decided_event, outcome->count + 1);
    outcome->events[outcome->count++] = event;
}

/* Kinds that tell in which role their actor acted are told it here, once for all. */
static const void *with_role(const struct decider *decider, enum event_kind kind,
                             const void *body) {
    const struct event_type *type = &event_types[kind];
    if (!type->acting || !decider->role || !*decider->role)
        return body;
    char *told = xtalloc_memdup(decider->scratch, body, type->size);
    *(const char **)(void *)(told + type->acting) = decider->role;
    return told;
}

bool say_for(struct decider *decider, enum event_kind kind, int64_t incident, const void *body) {
    char *json = event_encode(decider->scratch, kind, with_role(decider, kind, body));
    outcome_add(decider->outcome, decider->scratch, (struct decided_event){kind, incident, json});
    return true;
}

bool say(struct decider *decider, enum event_kind kind, const void *body) {
    return say_for(decider, kind, decider->incident ? decider->incident->number : 0, body);
}

bool answer(struct decider *decider, const char *format, ...) {
    va_list args;
    va_start(args, format);
    decider->outcome->answer = xtalloc_vasprintf(decider->scratch, format, args);
    va_end(args);
    return true;
}

const char *words(struct decider *decider, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = xtalloc_vasprintf(decider->scratch, format, args);
    va_end(args);
    return text;
}

const char *object_words(const struct decider *decider) {
    if (!decider->incident)
        return decider->command->type->name;
    if (!decider->step)
        return xtalloc_asprintf(decider->scratch, "INC-%lld", (long long)decider->incident->number);
    return xtalloc_asprintf(decider->scratch, "INC-%lld %lld %s",
                            (long long)decider->incident->number, (long long)decider->step->number,
                            decider->step->spec->id);
}

bool refuse(struct decider *decider, enum err_code code, const char *what, const char *remedy) {
    return err_set(decider->err, code, what, object_words(decider), remedy);
}

bool refuse_findings(struct decider *decider, const char *what, const char *path,
                     const struct lint *lint, const char *remedy) {
    for (size_t i = 0; i < lint->count; i++) {
        const struct finding *finding = &lint->findings[i];
        if (finding->severity == FINDING_ERROR)
            return err_set(decider->err, ERR_REFUSED,
                           words(decider, "%s has %zu error%s", what, lint->errors,
                                 lint->errors == 1 ? "" : "s"),
                           finding_line(decider->scratch, path, finding), remedy);
    }
    return refuse(decider, ERR_REFUSED, words(decider, "%s can't be loaded", what), remedy);
}

const char *still_open(struct decider *decider) {
    const struct incident *incident = decider->incident;
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct step *step = &incident->steps[i];
        enum step_state state = step_state(incident, step);
        if (step_state_is_open(state))
            return words(decider, "%s is %s", step->label, step_state_name(state));
    }
    return NULL;
}

/* --- guards: what the table asks for, checked once, here -------------------------------------- */

static bool guard_incident(struct decider *decider) {
    if (decider->command->incident == 0)
        return refuse(decider, ERR_USAGE, "it names no incident", "name one: 41 or INC-41");
    decider->incident = state_incident(decider->state, decider->command->incident);
    if (!decider->incident)
        return err_set(decider->err, ERR_NOT_FOUND, "there is no such incident",
                       words(decider, "INC-%lld", (long long)decider->command->incident),
                       "`backout status` lists what is open");
    return true;
}

static bool guard_open(struct decider *decider) {
    if (incident_is_open(decider->incident))
        return true;
    return refuse(decider, ERR_REFUSED,
                  words(decider, "it is %s", phase_name(incident_phase(decider->incident))),
                  "declare a new incident");
}

static bool guard_plan(struct decider *decider) {
    return decider->incident->plan ||
           refuse(decider, ERR_REFUSED, "it has no plan yet", "adopt one first");
}

/* Somebody was first: who and when. */
static bool refuse_stale(struct decider *decider) {
    const struct incident *incident = decider->incident;
    const char *state = step_state_name(step_state(incident, decider->step));
    const char *what = words(decider, "it changed since you looked: it is %s now", state);
    for (size_t i = incident->events_count; i-- > 0;) {
        const struct event *event = &incident->events[i];
        if (event->seq == decider->step->last_seq)
            what = words(decider, "%s was first, at %s: it is %s now", event->actor,
                         time_clock(decider->scratch, event->at_ms), state);
    }
    return refuse(decider, ERR_CONFLICT, what, "look again");
}

static bool guard_step(struct decider *decider) {
    const struct command *command = decider->command;
    if (!command->step)
        return refuse(decider, ERR_USAGE, "it names no step", "name one by id or number");
    decider->step = incident_step(decider->incident, command->step);
    if (!decider->step) {
        const char *near = text_nearest(
            command->step, arg_candidates(decider->scratch, ARG_STEP, NULL, decider->incident));
        return err_set(
            decider->err, ERR_NOT_FOUND, "the plan has no such step",
            words(decider, "INC-%lld %s", (long long)decider->incident->number, command->step),
            near ? words(decider, "did you mean %s?", near) : "`backout status N` lists its steps");
    }
    return !command->if_seq || decider->step->last_seq <= command->if_seq || refuse_stale(decider);
}

/* The doors read words by the table; code and API might leave one out. */
static bool guard_args(struct decider *decider) {
    const struct command_arg *missing = command_missing(decider->command);
    return !missing || refuse(decider, ERR_USAGE, words(decider, "%s is missing", missing->name),
                              missing->help);
}

static bool guard_reason(struct decider *decider) {
    return decider->command->reason ||
           refuse(decider, ERR_USAGE, "it needs a reason", "say why: --reason TEXT");
}

static bool guard_evidence(struct decider *decider) {
    return decider->command->evidence ||
           refuse(decider, ERR_USAGE, "it needs evidence", "say what shows it: --evidence TEXT");
}

/* In this order: what it is about, whether the actor may, and only then which words are missing. */
static const struct {
    enum guard guard; /* 0: of every command */
    decide_fn *check;
} guards[] = {
    {NEEDS_INCIDENT, guard_incident}, {NEEDS_OPEN, guard_open}, {NEEDS_PLAN, guard_plan},
    {NEEDS_STEP, guard_step},         {0, guard_who},           {NEEDS_REASON, guard_reason},
    {NEEDS_EVIDENCE, guard_evidence}, {0, guard_args},
};

static bool pass_guards(struct decider *decider) {
    for (size_t i = 0; i < ARRAY_SIZE(guards); i++)
        if ((!guards[i].guard || (decider->command->type->guards & guards[i].guard)) &&
            !guards[i].check(decider))
            return false;
    return true;
}

static struct decider decider_of(const void *parent, const struct question *question,
                                 struct outcome *outcome, struct err *err) {
    static const struct facts no_facts = {.free_bytes = -1};
    *outcome = (struct outcome){0};
    return (struct decider){
        .question = question,
        .state = question->state,
        .command = question->command,
        .facts = question->facts ? question->facts : &no_facts,
        .actor = question->actor,
        .now_ms = question->now_ms,
        .outcome = outcome,
        .scratch = parent,
        .err = err,
    };
}

bool decide(const void *parent, const struct question *question, struct outcome *outcome,
            struct err *err) {
    struct decider decider = decider_of(parent, question, outcome, err);
    return pass_guards(&decider) && question->command->type->decide(&decider);
}

/* What is missing or can't be found is for decide to say. */
bool command_permitted(const void *parent, const struct question *question, struct err *err) {
    struct outcome outcome;
    const struct command *command = question->command;
    struct decider decider = decider_of(parent, question, &outcome, err);
    decider.incident = state_incident(question->state, command->incident);
    decider.step = decider.incident ? incident_step(decider.incident, command->step) : NULL;
    bool of_incident = command->type->guards & NEEDS_INCIDENT;
    bool of_step = command->type->guards & NEEDS_STEP;
    if ((of_incident && !decider.incident) || (of_step && !decider.step))
        return true;
    return guard_who(&decider);
}
