/* Another roster in force: who may do what from here on. */
#include "config.h"

#include "incident/decide_kinds.h"

#include "roster/lint.h"

#include <string.h>

static bool is_another(struct decider *decider, const struct roster *roster) {
    const struct roster *before = decider->state->roster;
    if (!before || strcmp(before->sha256, roster->sha256) != 0)
        return true;
    return refuse(decider, ERR_CONFLICT, "this very roster is in force already", NULL);
}

/* Nobody locks the door with the key inside. */
static bool keeps_command(struct decider *decider, const struct roster *roster) {
    if (roster_may(roster, decider->actor) == MAY_COMMAND)
        return true;
    return refuse(decider, ERR_REFUSED,
                  words(decider, "it would leave you, %s, without command: you could not mend it",
                        decider->actor),
                  words(decider,
                        "add `%s: {may: command}` to its people, or let somebody apply it "
                        "who stands there",
                        decider->actor));
}

bool decide_roster_apply(struct decider *decider) {
    const struct facts *facts = decider->facts;
    const struct lint *lint =
        roster_lint(decider->scratch, facts->roster_text ? facts->roster_text : "",
                    facts->roster_length, decider->now_ms);
    const struct roster *roster = lint->file;
    if (lint->errors || !roster)
        return refuse_findings(decider, "the roster", decider->command->roster, lint,
                               "mend it: `backout roster lint` shows all");
    if (!is_another(decider, roster) || !keeps_command(decider, roster))
        return false;
    say(decider, EVENT_ROSTER_APPLIED,
        &(struct body_roster_applied){
            .sha256 = roster->sha256,
            .text = words(decider, "%.*s", (int)facts->roster_length, facts->roster_text)});
    return answer(decider, "applied: %zu people, %zu roles, %zu channels", roster->people_count,
                  roster->roles.count, roster->channels_count);
}
