/* Escalations: levels fired by a keeper when they are due, or by hand, and put off. */
#include "config.h"

#include "incident/decide_kinds.h"

#include "base/text.h"
#include "base/time.h"
#include "incident/levels.h"
#include "incident/status.h"

#include <string.h>

/* ---- firing ---------------------------------------------------------------------------------- */

static void say_fired(struct decider *decider, const struct level *level) {
    struct called called = level_called(decider->scratch, decider->incident, level);
    say(decider, EVENT_FIRED,
        &(struct body_fired){.late = lateness_name(level->late),
                             .step = level->step ? level->step->spec->id : NULL,
                             .onset = level->onset_ms,
                             .level = level->number,
                             .repeat = level->repeat,
                             .due = level->due_ms,
                             .missed = level->missed,
                             .to = called.words,
                             .people = called.people,
                             .channels = called.channels,
                             .by_hand = level->due_ms > decider->now_ms,
                             .reason = decider->command->reason});
    answer(decider, "paged %s: %s", called.words,
           late_words(decider->scratch, level->late, level->step));
}

static bool is_asked_for(const struct decider *decider, const struct level *level) {
    const struct command *command = decider->command;
    const char *step = level->step ? level->step->spec->id : NULL;
    return text_same(command->step, step) && command->late &&
           strcmp(command->late, lateness_name(level->late)) == 0 &&
           command->level == level->number && command->repeat == level->repeat;
}

/* Judged anew, for others may have fired it, the thing may be done, and the clock was perhaps set
 * since the keeper looked. */
bool decide_fire(struct decider *decider) {
    struct levels levels = incident_levels(decider->scratch, decider->incident, decider->now_ms);
    for (size_t i = 0; i < levels.count; i++) {
        const struct level *level = &levels.list[i];
        if (level->due_ms > decider->now_ms || !is_asked_for(decider, level))
            continue;
        say_fired(decider, level);
        return true;
    }
    return refuse(decider, ERR_CONFLICT, "this level is not due", "nothing: it is looked at again");
}

/* ---- by hand --------------------------------------------------------------------------------- */

/* Somebody paged since the asker looked: who is called next is another one now. */
static bool is_as_seen(struct decider *decider) {
    const struct incident *incident = decider->incident;
    const struct fired *last =
        incident->fired_count ? &incident->fired[incident->fired_count - 1] : NULL;
    if (!decider->command->if_seq || !last || last->seq <= decider->command->if_seq)
        return true;
    return refuse(decider, ERR_CONFLICT,
                  words(decider, "%s was paged at %s", last->to,
                        time_clock(decider->scratch, last->mark.at_ms)),
                  "look again");
}

static bool refuse_silent(struct decider *decider) {
    return refuse(decider, ERR_REFUSED, "nothing is late that has somebody to be paged",
                  "whom to page for what stands in the `escalation` of plan or roster");
}

bool decide_escalate(struct decider *decider) {
    struct levels levels = incident_levels(decider->scratch, decider->incident, decider->now_ms);
    const struct level *worst = levels_worst(&levels, decider->now_ms);
    if (!worst)
        return refuse_silent(decider);
    if (!is_as_seen(decider))
        return false;
    say_fired(decider, worst);
    return true;
}

/* ---- putting off ----------------------------------------------------------------------------- */

bool decide_snooze(struct decider *decider) {
    int64_t longest_ms = snooze_longest_ms(decider->incident);
    int64_t until_ms = decider->now_ms + decider->command->duration_ms;
    if (decider->command->duration_ms > longest_ms)
        return refuse(decider, ERR_REFUSED, "that is too long",
                      words(decider, "at most %s", duration_unit(decider->scratch, longest_ms)));
    if (!incident_levels(decider->scratch, decider->incident, decider->now_ms).count)
        return refuse_silent(decider);
    say(decider, EVENT_SNOOZED,
        &(struct body_snoozed){.until = until_ms, .reason = decider->command->reason});
    return answer(decider, "nobody is paged before %s, but for what was put off for %s already",
                  time_minute(decider->scratch, until_ms),
                  duration_unit(decider->scratch, longest_ms));
}
