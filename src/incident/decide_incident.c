#include "config.h"

#include "incident/decide_kinds.h"

#include "base/xtalloc.h"
#include "incident/status.h"
#include "plan/lint.h"

#include <string.h>

#define DEFAULT_SEVERITY 2
#define MILDEST_SEVERITY 5

/* --- the plan of an incident ------------------------------------------------------------------ */

/* Three rules make a plan unusable; every other error is taken live, by name and with a reason. */
static const struct plan *judge_plan(struct decider *decider, int64_t *errors) {
    const struct facts *facts = decider->facts;
    const struct roster *roster = decider->state->roster;
    const struct roles *elsewhere = roster ? &roster->roles : NULL;
    const struct lint *lint = plan_lint(decider->scratch, facts->plan_text, facts->plan_length,
                                        elsewhere, decider->now_ms);
    *errors = (int64_t)lint->errors;
    if (!lint->loadable || !lint->file) {
        refuse_findings(decider, "the plan", decider->command->plan, lint,
                        "mend it: `backout plan lint` shows all");
        return NULL;
    }
    if (lint->errors && !decider->command->accept) {
        refuse_findings(decider, "the plan", decider->command->plan, lint,
                        "mend it, or take it as it is with --accept REASON");
        return NULL;
    }
    return lint->file;
}

static const struct body_plan_adopted *adoption(struct decider *decider,
                                                const struct plan **judged) {
    struct body_plan_adopted *body = xtalloc_zero(decider->scratch, struct body_plan_adopted);
    const struct plan *plan = *judged = judge_plan(decider, &body->errors);
    if (!plan || !plan_inputs_resolve(decider->scratch, plan, decider->command->inputs,
                                      &body->inputs, decider->err))
        return NULL;
    body->sha256 = plan->sha256;
    body->plan = plan->id;
    body->folder = decider->facts->plan_folder;
    body->host = decider->facts->host;
    body->accepted = body->errors ? decider->command->accept : NULL;
    return body;
}

/* The plan's bytes are frozen into the store once per digest, before the first incident names them.
 */
static void say_adoption(struct decider *decider, int64_t incident,
                         const struct body_plan_adopted *body) {
    if (!state_plan(decider->state, body->sha256)) {
        const char *text = xtalloc_strndup(decider->scratch, decider->facts->plan_text,
                                           decider->facts->plan_length);
        say_for(decider, EVENT_PLAN_FROZEN, 0,
                &(struct body_plan_frozen){.sha256 = body->sha256, .text = text});
    }
    say_for(decider, EVENT_PLAN_ADOPTED, incident, body);
}

static bool can_be_declared(struct decider *decider) {
    const struct command *command = decider->command;
    if (!command->plan && !command->title)
        return refuse(decider, ERR_USAGE, "an incident without a plan needs a title",
                      "say what is wrong in a few words: --title TEXT");
    if (command->severity < 0 || command->severity > MILDEST_SEVERITY)
        return refuse(decider, ERR_USAGE, "there is no such severity",
                      "give a number from 1 (worst) to 5");
    return command->detected_at <= decider->now_ms ||
           refuse(decider, ERR_USAGE, "it can't have been detected in the future",
                  "check --detected-at");
}

bool decide_declare(struct decider *decider) {
    const struct command *command = decider->command;
    const struct body_plan_adopted *adopted = NULL;
    const struct plan *plan = NULL;
    int64_t number = decider->question->next_incident;
    if (!can_be_declared(decider))
        return false;
    if (command->plan && !(adopted = adoption(decider, &plan)))
        return false;
    say_for(decider, EVENT_DECLARED, number,
            &(struct body_declared){
                .title = command->title || !plan ? command->title : plan->title,
                .service = command->service || !plan ? command->service : plan->service,
                .severity = command->severity ? command->severity : DEFAULT_SEVERITY,
                .drill = command->drill,
                .detected_at = command->detected_at,
                .detected_by = command->detected_by});
    if (adopted)
        say_adoption(decider, number, adopted);
    return answer(decider, "INC-%lld", (long long)number);
}

static bool same_pairs(const struct pair *a, const struct pair *b) {
    for (; a && b && a->key && b->key; a++, b++)
        if (strcmp(a->key, b->key) != 0 || strcmp(a->value, b->value) != 0)
            return false;
    return (!a || !a->key) && (!b || !b->key);
}

/* The same bytes with other inputs are another adoption: that is how a wrong input is mended. */
static bool is_adopted(const struct incident *incident, const struct body_plan_adopted *body) {
    return incident->plan && strcmp(incident->plan->sha256, body->sha256) == 0 &&
           same_pairs(incident->inputs, body->inputs);
}

bool decide_adopt(struct decider *decider) {
    const char *open = still_open(decider);
    if (open)
        return refuse(decider, ERR_REFUSED, words(decider, "the plan can't change while %s", open),
                      "end that step first");
    const struct plan *plan;
    const struct body_plan_adopted *body = adoption(decider, &plan);
    if (!body)
        return false;
    if (is_adopted(decider->incident, body))
        return refuse(decider, ERR_CONFLICT, "it has this very plan, with these inputs, already",
                      NULL);
    say_adoption(decider, decider->incident->number, body);
    return answer(decider, "adopted %s", body->plan);
}

/* --- the call --------------------------------------------------------------------------------- */

static bool refuse_option(struct decider *decider) {
    const char *const *options =
        arg_candidates(decider->scratch, ARG_OPTION, NULL, decider->incident);
    const char *all = words(decider, "choose one of:");
    for (size_t i = 0; options[i]; i++)
        all = words(decider, "%s %s", all, options[i]);
    return refuse(decider, ERR_NOT_FOUND,
                  words(decider, "there is no option \"%s\"", decider->command->option), all);
}

static const char *const *option_steps(struct decider *decider, const struct plan_option *option) {
    const char **ids = xtalloc_zero_array(decider->scratch, const char *, option->steps_count + 1);
    for (size_t i = 0; i < option->steps_count; i++)
        ids[i] = decider->incident->plan->steps[option->steps[i]].id;
    return ids;
}

bool decide_option(struct decider *decider) {
    const struct plan_option *option =
        plan_option_find(decider->incident->plan, decider->command->option);
    const struct decision *before = incident_decision(decider->incident);
    const char *open = still_open(decider);
    if (!option)
        return refuse_option(decider);
    if (before && open)
        return refuse(decider, ERR_REFUSED, words(decider, "the decision stands while %s", open),
                      "end that step first");
    if (decider->incident->recovered.by)
        return refuse(decider, ERR_REFUSED, "the service is well already",
                      "declare a new incident if it is not");
    say(decider, EVENT_DECIDED,
        &(struct body_decided){.option = option->id,
                               .title = option->title,
                               .reason = decider->command->reason,
                               .steps = option_steps(decider, option)});
    return answer(decider, "decided %s%s%s", option->id, option->title ? ": " : "",
                  option->title ? option->title : "");
}

/* --- marks: acknowledge, pause, recover, resolve, close --------------------------------------- */

static bool say_mark(struct decider *decider, enum event_kind kind) {
    return say(decider, kind, &(struct body_reason){.reason = decider->command->reason});
}

bool decide_ack(struct decider *decider) {
    const struct mark *mark = &decider->incident->acknowledged;
    if (mark->by)
        return refuse(decider, ERR_CONFLICT, words(decider, "%s acknowledged it already", mark->by),
                      NULL);
    say_mark(decider, EVENT_ACKNOWLEDGED);
    return answer(decider, "acknowledged");
}

bool decide_unack(struct decider *decider) {
    if (!decider->incident->acknowledged.by)
        return refuse(decider, ERR_REFUSED, "nobody has acknowledged it", "`ack` does");
    if (incident_phase(decider->incident) != PHASE_ACKNOWLEDGED)
        return refuse(decider, ERR_REFUSED, "it has gone on since it was acknowledged", NULL);
    say_mark(decider, EVENT_UNACKNOWLEDGED);
    return answer(decider, "no longer acknowledged");
}

bool decide_pause(struct decider *decider) {
    const struct incident *incident = decider->incident;
    if (incident->paused.by && !incident->paused_for)
        return answer(decider, "%s paused it already", incident->paused.by);
    say(decider, EVENT_PAUSED, &(struct body_paused){.reason = decider->command->reason});
    return answer(decider, "paused: nothing more starts until `resume`");
}

bool decide_resume(struct decider *decider) {
    if (!decider->incident->paused.by)
        return refuse(decider, ERR_REFUSED, "it isn't paused", NULL);
    say_mark(decider, EVENT_RESUMED);
    return answer(decider, "resumed");
}

/* The first chosen step that has not come to its end, or NULL. */
static const struct step *unfinished(const struct incident *incident) {
    for (size_t i = 0; i < incident->steps_count; i++) {
        enum step_state state = step_state(incident, &incident->steps[i]);
        if (!step_state_is_over(state) && !incident->steps[i].spec->handler)
            return &incident->steps[i];
    }
    return NULL;
}

bool decide_recover(struct decider *decider) {
    const struct incident *incident = decider->incident;
    const char *open = still_open(decider);
    const struct step *left = incident_decision(incident) ? unfinished(incident) : NULL;
    if (incident->recovered.by)
        return refuse(decider, ERR_CONFLICT,
                      words(decider, "%s said so already", incident->recovered.by), NULL);
    if (!incident_decision(incident))
        return refuse(decider, ERR_REFUSED, "no decision has been made", "decide first");
    if (open)
        return refuse(decider, ERR_REFUSED, open, "end that step first");
    if (left && !decider->command->reason)
        return refuse(decider, ERR_REFUSED, words(decider, "%s is not done", left->label),
                      "finish or skip it, or say why it may stay so: --reason TEXT");
    say_mark(decider, EVENT_RECOVERED);
    return answer(decider, "recovered");
}

bool decide_resolve(struct decider *decider) {
    if (decider->incident->resolved.by)
        return refuse(decider, ERR_CONFLICT,
                      words(decider, "%s resolved it already", decider->incident->resolved.by),
                      NULL);
    if (!decider->incident->recovered.by)
        return refuse(decider, ERR_REFUSED, "it has not recovered", "`recover` first");
    say_mark(decider, EVENT_RESOLVED);
    return answer(decider, "resolved");
}

/* A reason closes over it: then it stays unanswered, for ever and on the record. */
static bool concerns_are_met(struct decider *decider) {
    const struct concern *concern = incident_open_concern(decider->incident);
    if (!concern || decider->command->reason)
        return true;
    return refuse(decider, ERR_REFUSED,
                  words(decider, "nobody has answered concern %lld of %s: %s",
                        (long long)concern->number, concern->raised.by, concern->text),
                  "`answer` it, or say why it is closed all the same: --reason TEXT");
}

bool decide_close(struct decider *decider) {
    const char *open = still_open(decider);
    if (open)
        return refuse(decider, ERR_REFUSED, words(decider, "nothing closes while %s", open),
                      "end or settle that step first");
    if (!decider->incident->resolved.by)
        return refuse(decider, ERR_REFUSED, "it is not resolved", "`recover` and `resolve` first");
    if (!concerns_are_met(decider))
        return false;
    say_mark(decider, EVENT_CLOSED);
    return answer(decider, "closed");
}

bool decide_abandon(struct decider *decider) {
    const char *open = still_open(decider);
    if (open)
        return refuse(decider, ERR_REFUSED, words(decider, "nothing ends while %s", open),
                      "end or settle that step first");
    say_mark(decider, EVENT_ABANDONED);
    return answer(decider, "abandoned");
}
