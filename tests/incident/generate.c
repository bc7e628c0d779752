#include "config.h"

#include "tests/incident/generate.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"

#include <string.h>

#define PICK(random, list) (list)[random_below((random), ARRAY_SIZE(list))]

static bool chance(struct random *random, size_t one_in) {
    return random_below(random, one_in) == 0;
}

static const char *const people[] = {"ana", "bo", "cy"};

const char *generate_person(struct random *random) {
    return PICK(random, people);
}

const char *generate_actor(struct story *story, struct random *random,
                           const struct command *command) {
    struct question question = {.state = hub_state(story->hub),
                                .command = command,
                                .facts = &story->facts,
                                .actor = generate_person(random)};
    void *scratch = talloc_new(NULL);
    for (size_t i = 0; i < ARRAY_SIZE(people) && !chance(random, 4); i++) {
        if (command_permitted(scratch, &question, err_new(scratch)))
            break;
        question.actor = people[i];
    }
    talloc_free(scratch);
    return question.actor;
}

/* --- plans ------------------------------------------------------------------------------------ */

static const char *const kinds[] = {
    "run: [./x]",
    "run: [./x, '${inputs.v}']",
    "manual: Do it",
    "wait: 1m",
};
static const char *const verifies[] = {
    "",
    "",
    "verify: {run: [./is]}",
    "verify: {expr: \"inputs.v == 'a'\"}",
    "verify: {expr: \"inputs.v == 'b'\"}",
};
static const char *const traits[] = {
    "",
    "",
    "idempotent: true",
    "read_only: true",
    "destructive: true",
    "lock: db",
    "drill: run",
    "on_failure: continue",
    "evidence: {prompt: P, required: true}",
};

/* Any of the earlier steps, so that there is no circle; a handler is nobody's need. */
static char *generate_needs(const void *parent, struct random *random, size_t at) {
    char *needs = xtalloc_strdup(parent, "");
    for (size_t i = 0; i < at; i++)
        if (chance(random, 3))
            needs = xtalloc_asprintf_append(needs, "%ss%zu", *needs ? ", " : "", i);
    return xtalloc_asprintf(parent, ", needs: [%s]", needs);
}

static char *generate_when(const void *parent, struct random *random, size_t at) {
    static const char *const tests[] = {"inputs.v == 'a'", "inputs.v == 'b'", "!incident.drill"};
    if (at > 0 && chance(random, 2))
        return xtalloc_asprintf(parent, ", when: \"steps.s%zu.state == 'done'\"",
                                random_below(random, at));
    return xtalloc_asprintf(parent, ", when: \"%s\"", PICK(random, tests));
}

static char *generate_step(const void *parent, struct random *random, size_t at) {
    const char *verify = PICK(random, verifies), *trait = PICK(random, traits);
    return xtalloc_asprintf(parent,
                            "  - {id: s%zu, owner: dev, box: 5m, undo: x, %s%s%s%s%s%s%s}\n", at,
                            PICK(random, kinds), *verify ? ", " : "", verify, *trait ? ", " : "",
                            trait, chance(random, 2) ? generate_needs(parent, random, at) : "",
                            chance(random, 5) ? generate_when(parent, random, at) : "");
}

/* Soon enough to happen, in any order, often to the same people. */
static char *generate_escalation(const void *parent, struct random *random) {
    static const char *const lates[] = {"unacknowledged", "undecided", "step_late", "step_late",
                                        "not_recovered"};
    char *levels = xtalloc_strdup(parent, "");
    for (size_t i = random_below(random, 7); i > 0; i--)
        levels = xtalloc_asprintf_append(
            levels, "  - {if: %s, after: %zum, to: [commander, cy, vp], repeat: %zu}\n",
            PICK(random, lates), 1 + random_below(random, 20), random_below(random, 3));
    return *levels ? xtalloc_asprintf(parent, "escalation:\n%s", levels) : levels;
}

static const char handled_steps[] =
    "  - {id: code, owner: dev, box: 5m, undo: x, run: [./c], on_failure: {run: mend}}\n"
    "  - {id: mend, owner: dev, box: 5m, undo: x, run: [./m], only: on_failure}\n";

const char *generate_plan(const void *parent, struct random *random) {
    size_t count = 3 + random_below(random, 6);
    char *steps = xtalloc_strdup(parent, ""), *some = xtalloc_strdup(parent, "code");
    for (size_t i = 0; i < count; i++) {
        steps = xtalloc_strdup_append(steps, generate_step(parent, random, i));
        if (chance(random, 2))
            some = xtalloc_asprintf_append(some, ", s%zu", i);
    }
    steps = xtalloc_strdup_append(steps, handled_steps);
    const char *more =
        xtalloc_asprintf(parent,
                         "%sversion: %zu\ninputs: {v: {type: string, default: a}}\n"
                         "point_of_no_return: {step: s1, note: n}\n"
                         "options:\n  back: {title: All, takes: 5m, loses: l, all: true}\n"
                         "  some: {title: Some, takes: 1m, loses: l, steps: [%s]}\n"
                         "  hold: {title: Hold, takes: 1m, loses: l, steps: []}\n",
                         generate_escalation(parent, random), 1 + random_below(random, 1000), some);
    return story_plan(parent, more, steps);
}

/* --- commands --------------------------------------------------------------------------------- */

/* The state in which a command means something: chance is led there, but not always. */
static const struct {
    const char *name;
    enum step_state state;
} tastes[] = {
    {"start", STEP_READY},      {"ran", STEP_RUNNING},   {"done", STEP_RUNNING},
    {"fail", STEP_RUNNING},     {"abort", STEP_RUNNING}, {"verified", STEP_VERIFYING},
    {"verified", STEP_UNKNOWN}, {"check", STEP_UNKNOWN}, {"settle", STEP_UNKNOWN},
    {"retry", STEP_FAILED},     {"skip", STEP_WAITING},  {"reopen", STEP_DONE},
    {"reopen", STEP_SKIPPED},
};

static bool is_to_taste(const char *name, enum step_state state) {
    bool known = false;
    for (size_t i = 0; i < ARRAY_SIZE(tastes); i++) {
        if (strcmp(tastes[i].name, name) != 0)
            continue;
        if (tastes[i].state == state)
            return true;
        known = true;
    }
    return !known;
}

static const char *pick_step(const struct story *story, struct random *random, const char *name) {
    const struct incident *incident = story_incident(story);
    const struct step *step = NULL;
    if (!incident || incident->steps_count == 0 || chance(random, 50))
        return "nothing";
    for (size_t tries = 0; tries < 12; tries++) {
        step = &incident->steps[random_below(random, incident->steps_count)];
        if (is_to_taste(name, step_state(incident, step)))
            break;
    }
    return step->spec->id;
}

/* Mostly the run that is open, now and then one that is over. */
static const char *pick_run(struct story *story, struct random *random, const char *id) {
    const struct incident *incident = story_incident(story);
    const struct step *step = incident ? incident_step(incident, id) : NULL;
    const struct run *open = step ? step_run(step) : NULL;
    if (open && !chance(random, 8))
        return open->id;
    return xtalloc_asprintf(story, "%lld.%s.%zu", (long long)story->incident, id,
                            1 + random_below(random, 4));
}

static const struct pair some_outputs[] = {{"n", "7"}, {0}};

static void fill_report(struct story *story, struct random *random, struct command *command) {
    static const char *const ended[] = {"exited",  "exited", "exited", "signalled", "timed_out",
                                        "aborted", "lost",   "absent", "not_run",   "odd"};
    static const char *const found[] = {"passed", "passed", "not_yet", "broken", "lost", "odd"};
    command->run = pick_run(story, random, command->step);
    command->ended = PICK(random, ended);
    command->verdict = PICK(random, found);
    command->status = chance(random, 2) ? 0 : 1;
    command->output_bytes = (int64_t)random_below(random, 100);
    command->outputs = chance(random, 4) ? some_outputs : NULL;
}

/* Rare acts end an incident or change its ground; common ones move its steps. */
static const char *pick_name(struct random *random) {
    static const char *const common[] = {"start",  "start", "start",    "start",    "ran",
                                         "ran",    "ran",   "verified", "verified", "done",
                                         "done",   "retry", "skip",     "settle",   "check",
                                         "reopen", "abort", "resume",   "ask",      "eta"};
    static const char *const rare[] = {
        "declare", "adopt",  "ack",      "unack",  "take",     "offer",   "accept",  "assign",
        "fail",    "decide", "decide",   "pause",  "note",     "recover", "resolve", "close",
        "concern", "answer", "escalate", "snooze", "escalate", "snooze"};
    if (chance(random, 150))
        return "abandon";
    if (chance(random, 120))
        return "roster apply";
    return chance(random, 4) ? PICK(random, rare) : PICK(random, common);
}

/* Who may do what changes now and then; the last one is none. */
static const char *const rosters[] = {
    ("roster: 1\npeople:\n  ana: {may: command, reach: {pager: '+1'}}\n  bo: {may: command}\n"
     "  cy: {may: respond, reach: {pager: '+2', mail: cy@x}}\n"
     "roles: {commander: [ana, bo], dev: [cy]}\n"
     "channels:\n  pager: {type: command, run: [/bin/page]}\n"
     "  mail: {type: command, run: [/bin/mail]}\n"),
    "roster: 1\npeople: {ana: {may: command}, bo: {may: respond}, cy: {may: command}}\n"
    "roles: {commander: [cy, bo], comms: [bo, ana]}\n",
    "roster: 1\npeople: {ana: {may: command}, cy: {may: view}}\nothers: respond\n",
    "roster: 1\npeople: {ana: {may: oversee}}\n",
};

struct command *generate_command(struct story *story, struct random *random) {
    static const char *const chosen[] = {"back", "back", "some", "hold", "sideways"};
    static const char *const outcomes[] = {"happened", "absent", "partial"};
    static const char *const roles[] = {"commander", "comms", "dev", "s1", "king"};
    static const char *const first[] = {"decide", "decide", "ack", "unack"};
    static const char *const last[] = {"resolve", "close"};
    bool undecided = story_incident(story) && !incident_decision(story_incident(story));
    bool well = story_incident(story) && story_incident(story)->recovered.by;
    const char *name = undecided && chance(random, 2) ? PICK(random, first)
                       : well && chance(random, 8)    ? PICK(random, last)
                                                      : pick_name(random);
    struct command *command = story_command(story, name, pick_step(story, random, name));
    if (!(command->type->guards & NEEDS_INCIDENT))
        command->incident = 0;
    command->reason = chance(random, 20) ? NULL : "because";
    command->evidence = chance(random, 10) ? NULL : "seen";
    command->outcome = PICK(random, outcomes);
    command->option = PICK(random, chosen);
    command->role = PICK(random, roles);
    command->person = generate_person(random);
    command->relieve = chance(random, 4);
    command->text = "noted";
    command->plan = "plan.yaml";
    command->roster = "roster.yaml";
    story->roster_text = PICK(random, rosters);
    command->accept = "chance";
    command->drill = chance(random, 4);
    command->concern = 1 + (int64_t)random_below(random, 3);
    command->duration_ms = (1 + (int64_t)random_below(random, 20)) * MINUTE_MS;
    command->every_ms = chance(random, 2) ? 3 * MINUTE_MS : 0;
    if (command->type->internal)
        fill_report(story, random, command);
    return command;
}

/* --- histories -------------------------------------------------------------------------------- */

bool generate_next(struct story *story, struct random *random, const char *const *plans,
                   size_t plans_count) {
    size_t incidents = hub_state(story->hub)->incidents_count;
    story->now_ms += (int64_t)random_below(random, 60000);
    story->plan_text = plans[random_below(random, plans_count)];
    if (!story_incident(story) || !incident_is_open(story_incident(story)))
        story->incident = (int64_t)(1 + random_below(random, incidents));
    struct command *command = generate_command(story, random);
    bool accepted = story_submit(story, generate_actor(story, random, command), command);
    if (accepted && story->events_count && strcmp(story->events[0].kind, "incident.declared") == 0)
        story->incident = story->item.incident;
    return accepted && story->events_count;
}
