/* What time itself does: nobody asks for it but software. */
#include "config.h"

#include "incident/decide_kinds.h"

/* Each open incident is told by itself: it is read by itself. Without a duration it was only asked
 * to look, which the hub has done by now. */
bool decide_clock(struct decider *decider) {
    int64_t by_ms = decider->command->duration_ms;
    const struct state *state = decider->state;
    for (size_t i = 0; by_ms && i < state->incidents_count; i++)
        if (incident_is_open(state->incidents[i]))
            say_for(decider, EVENT_CLOCK_STEPPED, state->incidents[i]->number,
                    &(struct body_clock_stepped){.by_ms = by_ms});
    return answer(decider, "the clocks were compared");
}
