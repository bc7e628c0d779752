/* Whether somebody does what has to be done while nobody types. */
#include "config.h"

#include "doctor/look.h"

#include "hub/hub.h"
#include "incident/deliveries.h"
#include "keeper/courier.h"

/* ---- who keeps the clock --------------------------------------------------------------------- */

/* While nothing is open nobody has to. */
void check_keeper(struct look *look) {
    char *holder =
        look->hub ? hub_lease_holder(look->scratch, look->hub, LEASE_CLOCK, look->question->boot_ms)
                  : NULL;
    if (holder && *holder)
        found(look, DOCTOR_OK, "somebody keeps the clock", holder, NULL);
    else if (holder)
        found(look, state_has_open(hub_state(look->hub)) ? DOCTOR_WARN : DOCTOR_NOTE,
              "nobody keeps the clock: what is due calls nobody",
              "no console is open, and no keeper runs", "backout keeper");
}

/* ---- who delivers ---------------------------------------------------------------------------- */

/* A roster without such channels needs nobody. */
void check_delivery(struct look *look) {
    const struct state *state = look->hub ? hub_state(look->hub) : NULL;
    const struct channel *unserved;
    if (!state || !roster_needs_courier(state->roster))
        return;
    char *holder =
        hub_lease_holder(look->scratch, look->hub, LEASE_DELIVERY, look->question->boot_ms);
    if (!courier_can_serve(state->roster, &unserved))
        found(look, DOCTOR_NOTE, "you can't run the program of a channel, and send no page",
              look_fmt(look, "%s: %s", unserved->name, unserved->run[0]),
              "make it executable for who shall deliver");
    if (holder && *holder)
        found(look, DOCTOR_OK, "somebody delivers pages", holder, NULL);
    else if (holder)
        found(look, state_has_open(state) ? DOCTOR_WARN : DOCTOR_NOTE,
              "nobody delivers pages: whom a level calls sees it on a console alone",
              "no console and no keeper that may run every channel's program", "backout keeper");
}
