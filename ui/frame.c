#include "config.h"

#include "ui/frame.h"

#include "base/xtalloc.h"
#include "incident/who.h"

struct known_clocks {
    bool known;
    struct clocks clocks;
};

bool frame_is_viewers(const struct frame *frame) {
    return person_authority(frame->state, frame->incident, frame->me) == MAY_VIEW;
}

const struct clocks *frame_clocks(struct frame *frame, const struct incident *incident) {
    if (!frame->clocks)
        frame->clocks =
            xtalloc_zero_array(frame->scratch, struct known_clocks, frame->state->incidents_count);
    struct known_clocks *known = &frame->clocks[state_place(frame->state, incident->number)];
    if (!known->known)
        *known = (struct known_clocks){true, incident_clocks(frame->scratch, incident)};
    return &known->clocks;
}
