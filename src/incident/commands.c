#include "config.h"

#include "incident/command.h"

#include "base/array.h"
#include "base/text.h"
#include "incident/decide_kinds.h"

#include <string.h>

#define AT(member) offsetof(struct command, member)
#define WORD(name_, type_, help_)                                                                  \
    {                                                                                              \
        .name = #name_, .type = type_, .place = PLACE_WORD, .required = true, .offset = AT(name_), \
        .help = help_                                                                              \
    }
#define REST(name_, help_)                                                                         \
    {                                                                                              \
        .name = #name_, .type = ARG_TEXT, .place = PLACE_REST, .required = true,                   \
        .offset = AT(name_), .help = help_                                                         \
    }
#define OPTION(name_, member_, type_, help_)                                                       \
    { .name = name_, .type = type_, .place = PLACE_OPTION, .offset = AT(member_), .help = help_ }
#define NEEDED(name_, member_, type_, help_)                                                       \
    {                                                                                              \
        .name = name_, .type = type_, .place = PLACE_OPTION, .required = true,                     \
        .offset = AT(member_), .help = help_                                                       \
    }

#define INCIDENT WORD(incident, ARG_INCIDENT, "the incident, 41 or INC-41")
#define STEP     WORD(step, ARG_STEP, "a step of the plan, by id or number")
#define DURATION(help_)                                                                            \
    {                                                                                              \
        .name = "duration", .type = ARG_DURATION, .place = PLACE_WORD, .required = true,           \
        .offset = AT(duration_ms), .help = help_                                                   \
    }
#define WHY         NEEDED("reason", reason, ARG_TEXT, "why; stays on the record")
#define MAY_SAY_WHY OPTION("reason", reason, ARG_TEXT, "why; stays on the record")
#define WAIT                                                                                       \
    OPTION("wait", wait, ARG_FLAG, "follow the step to its end; its outcome is the exit status")
#define INPUTS                                                                                     \
    OPTION("input", inputs, ARG_INPUTS, "an input the plan asks for, NAME=VALUE; repeatable")
#define ACCEPT OPTION("accept", accept, ARG_TEXT, "take a plan that lints with errors, and say why")

/* clang-format off: argument lists read as tables. */
static const struct command_arg declare_args[] = {
    {.name = "plan",
     .type = ARG_PLAN,
     .place = PLACE_WORD,
     .offset = AT(plan),
     .help = "a plan file; none: adopt one later"},
    OPTION("service", service, ARG_TEXT, "what is hit; default: the plan's service"),
    OPTION("title", title, ARG_TEXT, "what is wrong, in a few words; default: the plan's title"),
    OPTION("severity", severity, ARG_SEVERITY, "1 (worst) to 5; default 2"),
    INPUTS,
    OPTION("detected-at", detected_at, ARG_TIME, "when it was seen: 13:38 or RFC 3339"),
    OPTION("detected-by", detected_by, ARG_DETECTOR, "who saw it: monitor, staff or customer"),
    ACCEPT,
    OPTION("drill", drill, ARG_FLAG, "an exercise; fixed for its whole life, shown everywhere"),
    {0},
};
static const struct command_arg adopt_args[] = {
    INCIDENT, WORD(plan, ARG_PLAN, "a plan file"), INPUTS, ACCEPT, {0}};
static const struct command_arg incident_args[] = {INCIDENT, {0}};
static const struct command_arg incident_may_reason_args[] = {INCIDENT, MAY_SAY_WHY, {0}};
static const struct command_arg incident_reason_args[] = {INCIDENT, WHY, {0}};
static const struct command_arg take_args[] = {
    INCIDENT,
    WORD(role, ARG_ROLE_OR_STEP, "a role such as commander, or a step"),
    OPTION("relieve", relieve, ARG_FLAG, "take the role from who holds it"),
    MAY_SAY_WHY,
    {0}};
static const struct command_arg offer_args[] = {
    INCIDENT,
    WORD(role, ARG_ROLE, "the role that is handed over"),
    WORD(person, ARG_PERSON, "who shall have it"),
    {0}};
static const struct command_arg accept_args[] = {
    INCIDENT, WORD(role, ARG_ROLE, "the role that was offered to you"), {0}};
static const struct command_arg assign_args[] = {
    INCIDENT, STEP, WORD(person, ARG_PERSON, "who shall do it"), {0}};
static const struct command_arg decide_args[] = {
    INCIDENT,
    WORD(option, ARG_OPTION, "an option of the plan; without any: back, forward, hold"),
    WHY,
    {0}};
static const struct command_arg start_args[] = {INCIDENT, STEP, MAY_SAY_WHY, WAIT, {0}};
static const struct command_arg done_args[] = {
    INCIDENT,
    STEP,
    OPTION("evidence", evidence, ARG_TEXT, "what shows that it is done"),
    WAIT,
    {0}};
static const struct command_arg step_reason_args[] = {INCIDENT, STEP, WHY, {0}};
static const struct command_arg abort_args[] = {INCIDENT, STEP, MAY_SAY_WHY, WAIT, {0}};
static const struct command_arg retry_args[] = {INCIDENT, STEP, WHY, WAIT, {0}};
static const struct command_arg check_args[] = {INCIDENT, STEP, WAIT, {0}};
static const struct command_arg settle_args[] = {
    INCIDENT,
    STEP,
    WORD(outcome, ARG_OUTCOME, "what is true: happened, absent or partial"),
    NEEDED("evidence", evidence, ARG_TEXT, "what you saw that shows it"),
    {0}};
static const struct command_arg note_args[] = {
    INCIDENT,
    REST(text, "what should stand on the record"),
    OPTION("step", step, ARG_STEP, "the step it is about"),
    {0}};
static const struct command_arg eta_args[] = {INCIDENT,
                                              STEP,
                                              DURATION("how long until it is done: 90s, 10m"),
                                              {.name = "text",
                                               .type = ARG_TEXT,
                                               .place = PLACE_REST,
                                               .offset = AT(text),
                                               .help = "what it still takes"},
                                              {0}};
static const struct command_arg ask_args[] = {
    INCIDENT,
    STEP,
    OPTION("every", every_ms, ARG_DURATION, "again that long after each report: 3m"),
    {0}};
static const struct command_arg concern_args[] = {INCIDENT, REST(text, "what worries you"), {0}};
static const struct command_arg answer_args[] = {
    INCIDENT,
    WORD(concern, ARG_CONCERN, "the number of the concern"),
    REST(text, "what is done about it, or why it is no danger"),
    {0}};
static const struct command_arg roster_args[] = {WORD(roster, ARG_ROSTER, "a roster file"), {0}};
static const struct command_arg snooze_args[] = {
    INCIDENT, DURATION("how long nobody is paged: 10m"), WHY, {0}};
static const struct command_arg no_args[] = {{0}};
static const struct command_arg ran_args[] = {WORD(run, ARG_RUN, "the run that ended"), {0}};

/* Names in the order in which they come up in an incident; help and docs follow it. */
const struct command_type command_types[] = {
    {.name = "declare",
     .args = declare_args,
     .who = WHO_RESPONDER,
     .facts = FACT_PLAN | FACT_HOST,
     .help = "Declare an incident, with a plan or without one",
     .decide = decide_declare},
    {.name = "adopt",
     .args = adopt_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_PLANNER,
     .facts = FACT_PLAN | FACT_HOST,
     .help = "Give the incident its plan, or another one while nothing runs",
     .decide = decide_adopt},
    {.name = "ack",
     .args = incident_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_RESPONDER,
     .help = "Acknowledge: somebody is on it",
     .decide = decide_ack},
    {.name = "unack",
     .args = incident_may_reason_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_RESPONDER,
     .help = "Take the acknowledgement back",
     .decide = decide_unack},
    {.name = "take",
     .args = take_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_RESPONDER,
     .help = "Take a role that nobody holds, or a step",
     .decide = decide_take},
    {.name = "offer",
     .args = offer_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_RESPONDER,
     .facts = FACT_PERSON,
     .help = "Hand a role over: it changes hands when they accept",
     .decide = decide_offer},
    {.name = "accept",
     .args = accept_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_RESPONDER,
     .help = "Accept a role that was offered to you",
     .decide = decide_accept},
    {.name = "assign",
     .args = assign_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_PLAN | NEEDS_STEP,
     .who = WHO_COMMANDER,
     .facts = FACT_PERSON,
     .help = "Give a step to a person",
     .decide = decide_assign},
    {.name = "decide",
     .args = decide_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_REASON,
     .who = WHO_COMMANDER,
     .help = "Make the call: choose the way back and open its steps",
     .decide = decide_option},
    {.name = "start",
     .args = start_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_PLAN | NEEDS_STEP,
     .who = WHO_STEP,
     .facts = FACT_HOST | FACT_RUNNER,
     .runs = RUNS_STEP,
     .help = "Start a step that is ready",
     .decide = decide_start},
    {.name = "done",
     .args = done_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_PLAN | NEEDS_STEP,
     .who = WHO_STEP,
     .facts = FACT_HOST | FACT_RUNNER,
     .runs = RUNS_VERIFY,
     .help = "Report a manual step as done",
     .decide = decide_done},
    {.name = "fail",
     .args = step_reason_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_PLAN | NEEDS_STEP | NEEDS_REASON,
     .who = WHO_STEP,
     .help = "Report a manual step as failed",
     .decide = decide_fail},
    {.name = "skip",
     .args = step_reason_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_PLAN | NEEDS_STEP | NEEDS_REASON,
     .who = WHO_COMMANDER,
     .help = "Leave a step out; your name and reason stay on it",
     .decide = decide_skip},
    {.name = "retry",
     .args = retry_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_PLAN | NEEDS_STEP | NEEDS_REASON,
     .who = WHO_STEP,
     .facts = FACT_HOST | FACT_RUNNER,
     .runs = RUNS_STEP,
     .help = "Start a failed step once more",
     .decide = decide_retry},
    {.name = "reopen",
     .args = step_reason_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_PLAN | NEEDS_STEP | NEEDS_REASON,
     .who = WHO_COMMANDER,
     .help = "Open an ended step again",
     .decide = decide_reopen},
    {.name = "abort",
     .args = abort_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_PLAN | NEEDS_STEP,
     .who = WHO_STEP,
     .help = "Stop a running command; what it did is then unknown",
     .decide = decide_abort},
    {.name = "check",
     .args = check_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_PLAN | NEEDS_STEP,
     .who = WHO_STEP,
     .facts = FACT_HOST | FACT_RUNNER,
     .runs = RUNS_CHECK,
     .help = "Run a step's verify again, to learn what an unknown step did",
     .decide = decide_check},
    {.name = "settle",
     .args = settle_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_PLAN | NEEDS_STEP | NEEDS_EVIDENCE,
     .who = WHO_STEP,
     .help = "Say what an unknown step really did",
     .decide = decide_settle},
    {.name = "pause",
     .args = incident_may_reason_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_RESPONDER,
     .help = "Start nothing more until resumed; what runs goes on",
     .decide = decide_pause},
    {.name = "resume",
     .args = incident_may_reason_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_COMMANDER,
     .help = "Go on after a pause",
     .decide = decide_resume},
    {.name = "note",
     .args = note_args,
     .guards = NEEDS_INCIDENT,
     .who = WHO_RESPONDER,
     .help = "Write a note on the record",
     .decide = decide_note},
    {.name = "concern",
     .args = concern_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_VIEWER,
     .help = "Raise a concern: it stays on the board until the commander answers",
     .decide = decide_concern},
    {.name = "answer",
     .args = answer_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_COMMANDER,
     .help = "Answer a concern, as commander or deputy",
     .decide = decide_answer},
    {.name = "ask",
     .args = ask_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_PLAN | NEEDS_STEP,
     .who = WHO_RESPONDER,
     .help = "Ask the step's person for a report: conditions, actions, needs",
     .decide = decide_ask},
    {.name = "eta",
     .args = eta_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_PLAN | NEEDS_STEP,
     .who = WHO_STEP,
     .help = "Say when a step will be done; it silences nothing",
     .decide = decide_eta},
    {.name = "escalate",
     .args = incident_may_reason_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_RESPONDER,
     .help = "Page the next level now, for what is worst",
     .decide = decide_escalate},
    {.name = "snooze",
     .args = snooze_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_REASON,
     .who = WHO_RESPONDER,
     .help = "Put pages off for a while, with a reason; there is an end to it",
     .decide = decide_snooze},
    {.name = "recover",
     .args = incident_may_reason_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_COMMANDER,
     .help = "Say that the service is well again",
     .decide = decide_recover},
    {.name = "resolve",
     .args = incident_may_reason_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_COMMANDER,
     .help = "Say that it is over for customers too",
     .decide = decide_resolve},
    {.name = "close",
     .args = incident_may_reason_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_COMMANDER,
     .help = "Close the incident",
     .decide = decide_close},
    {.name = "abandon",
     .args = incident_reason_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN | NEEDS_REASON,
     .who = WHO_COMMANDER,
     .help = "End it without a rollback: declared in error, or a duplicate",
     .decide = decide_abandon},
    {.name = "roster apply",
     .args = roster_args,
     .who = WHO_ROSTER,
     .facts = FACT_ROSTER,
     .help = "Put a roster in force: who may do what, and who is called",
     .decide = decide_roster_apply},
    {.name = "fire",
     .args = no_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_RUNNER,
     .help = "A keeper fires a level that is due",
     .internal = true,
     .decide = decide_fire},
    {.name = "page",
     .args = no_args,
     .guards = NEEDS_INCIDENT | NEEDS_OPEN,
     .who = WHO_RUNNER,
     .help = "A courier sets out with a page",
     .internal = true,
     .decide = decide_page},
    {.name = "paged",
     .args = no_args,
     .guards = NEEDS_INCIDENT,
     .who = WHO_RUNNER,
     .help = "A courier reports how a page went",
     .internal = true,
     .decide = decide_paged},
    {.name = "clock",
     .args = no_args,
     .who = WHO_RUNNER,
     .help = "A keeper asks to compare the clocks",
     .internal = true,
     .decide = decide_clock},
    {.name = "ran",
     .args = ran_args,
     .guards = NEEDS_INCIDENT | NEEDS_PLAN | NEEDS_STEP,
     .who = WHO_RUNNER,
     .help = "A runner reports the end of its command",
     .internal = true,
     .decide = decide_ran},
    {.name = "verified",
     .args = ran_args,
     .guards = NEEDS_INCIDENT | NEEDS_PLAN | NEEDS_STEP,
     .who = WHO_RUNNER,
     .help = "A runner reports what verify found",
     .internal = true,
     .decide = decide_verified},
};
/* clang-format on */
const size_t command_types_count = ARRAY_SIZE(command_types);

const struct command_type *command_find(const char *name) {
    for (size_t i = 0; i < ARRAY_SIZE(command_types); i++)
        if (strcmp(command_types[i].name, name) == 0)
            return &command_types[i];
    return NULL;
}

const struct command_type *command_of_words(const char *const *words, size_t *count) {
    for (size_t i = 0; i < ARRAY_SIZE(command_types); i++) {
        *count = command_types[i].internal ? 0 : text_names(command_types[i].name, words);
        if (*count)
            return &command_types[i];
    }
    return NULL;
}

const char *command_nearest(const char *name) {
    const char *names[ARRAY_SIZE(command_types) + 1] = {NULL};
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_SIZE(command_types); i++)
        if (!command_types[i].internal)
            names[count++] = command_types[i].name;
    return text_nearest(name, names);
}
