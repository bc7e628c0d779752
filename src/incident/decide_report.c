/* What people say about how it goes: notes, concerns, estimates, and the reports they ask for. */
#include "config.h"

#include "incident/decide_kinds.h"

#include "base/time.h"
#include "incident/status.h"

#include <string.h>

/* A report is due so soon where its asker names no other time. */
#define REPORT_MS (3 * MINUTE_MS)

bool decide_note(struct decider *decider) {
    const char *step = decider->command->step;
    const struct step *about = step ? incident_step(decider->incident, step) : NULL;
    if (step && !about)
        return refuse(decider, ERR_NOT_FOUND, words(decider, "the plan has no step %s", step),
                      NULL);
    say(decider, EVENT_NOTE,
        &(struct body_note){.text = decider->command->text,
                            .step = about ? about->spec->id : NULL});
    return answer(decider, "noted");
}

/* ---- concerns -------------------------------------------------------------------------------- */

bool decide_concern(struct decider *decider) {
    int64_t number = (int64_t)decider->incident->concerns_count + 1;
    say(decider, EVENT_CONCERN_RAISED,
        &(struct body_concern_raised){.number = number, .text = decider->command->text});
    return answer(decider, "concern %lld stands until it is answered", (long long)number);
}

static const struct concern *find_concern(struct decider *decider) {
    const struct concern *concern = incident_concern(decider->incident, decider->command->concern);
    if (!concern)
        refuse(decider, ERR_NOT_FOUND,
               words(decider, "there is no concern %lld", (long long)decider->command->concern),
               "`backout status N` lists them");
    return concern;
}

bool decide_answer(struct decider *decider) {
    const struct concern *concern = find_concern(decider);
    if (!concern)
        return false;
    if (concern->answered.by)
        return refuse(decider, ERR_CONFLICT,
                      words(decider, "%s answered it at %s: %s", concern->answered.by,
                            time_clock(decider->scratch, concern->answered.at_ms),
                            concern->answered.reason),
                      "write a `note` to add to that");
    say(decider, EVENT_CONCERN_ANSWERED,
        &(struct body_concern_answered){.concern = concern->number,
                                        .text = decider->command->text});
    return answer(decider, "answered");
}

/* ---- reports on a step ----------------------------------------------------------------------- */

/* Whether there is still something of the step to come. */
static const bool to_come[STEP_STATE_COUNT] = {
    [STEP_WAITING] = true, [STEP_READY] = true, [STEP_RUNNING] = true, [STEP_VERIFYING] = true};

static bool is_to_come(struct decider *decider) {
    return to_come[step_state(decider->incident, decider->step)] || refuse_state(decider);
}

bool decide_ask(struct decider *decider) {
    const char *person = step_person(decider->incident, decider->step);
    int64_t every_ms = decider->command->every_ms;
    if (!is_to_come(decider))
        return false;
    if (!person)
        return refuse(decider, ERR_REFUSED, "nobody has it", "`assign` it first");
    if (strcmp(person, decider->actor) == 0)
        return refuse(decider, ERR_REFUSED, "it is yours",
                      "say yourself how it goes: `eta`, or `note --step`");
    say(decider, EVENT_STEP_ASKED,
        &(struct body_step_asked){.step = decider->step->spec->id,
                                  .person = person,
                                  .due = decider->now_ms + (every_ms ? every_ms : REPORT_MS),
                                  .every = every_ms});
    return answer(decider, "asked %s", person);
}

bool decide_eta(struct decider *decider) {
    int64_t due_ms = decider->now_ms + decider->command->duration_ms;
    if (!is_to_come(decider))
        return false;
    say(decider, EVENT_STEP_ETA,
        &(struct body_step_eta){
            .step = decider->step->spec->id, .due = due_ms, .text = decider->command->text});
    return answer(decider, "%s will be done %s", decider->step->label,
                  time_minute(decider->scratch, due_ms));
}
