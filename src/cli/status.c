#include "config.h"

#include "cli/status.h"

#include "base/xtalloc.h"
#include "cli/families.h"
#include "cli/out.h"
#include "cli/store_open.h"
#include "incident/brief.h"

static void write_all(struct json_writer *writer, const struct state *state, int64_t now_ms) {
    json_open_array(writer, NULL);
    for (size_t i = 0; i < state->incidents_count; i++)
        if (incident_is_open(state->incidents[i]))
            status_write(writer, state->incidents[i], now_ms);
    json_close_array(writer);
}

static void show_json(struct call *call, const struct state *state,
                      const struct incident *incident) {
    struct json_writer *writer = json_writer_new(call);
    if (incident)
        status_write(writer, incident, call->now_ms);
    else
        write_all(writer, state, call->now_ms);
    out_json(json_text(writer));
}

/* What is due calls somebody only while somebody keeps the clock. */
static void print_keeper(const struct call *call, const struct hub *hub) {
    char *holder = hub_lease_holder(call, hub, LEASE_CLOCK, call->boot_ms);
    if (holder && *holder)
        out_line("the clock is kept by %s", holder);
    else if (holder)
        out_line("nobody keeps the clock: `backout keeper` does, or an open console");
}

/* Beside the table of all, which other programs read. */
static void note_unkept(const struct call *call, const struct hub *hub) {
    char *holder = hub_lease_holder(call, hub, LEASE_CLOCK, call->boot_ms);
    if (state_has_open(hub_state(hub)) && holder && !*holder)
        out_note("nobody keeps the clock: what is due calls nobody; run `backout keeper`");
}

static void print_words(const struct call *call, const struct hub *hub,
                        const struct incident *incident) {
    const struct state *state = hub_state(hub);
    if (incident) {
        status_print(incident, call->now_ms);
        if (incident_is_open(incident))
            print_keeper(call, hub);
    } else {
        status_print_all(state->incidents, state->incidents_count, call->now_ms);
        note_unkept(call, hub);
    }
}

bool run_status(struct call *call) {
    struct hub *hub;
    int64_t number;
    struct incident *incident = NULL;
    if (!call_read(call, NULL) || !call_incident(call, &number) ||
        !store_open(call, STORE_LOOK, "line", &hub) ||
        (number && !hub_incident(hub, number, &incident, call->err)))
        return false;
    if (call->options->json)
        show_json(call, hub_state(hub), incident);
    else
        print_words(call, hub, incident);
    store_note_viewers(call, hub);
    return true;
}

bool run_brief(struct call *call) {
    struct hub *hub;
    int64_t number;
    struct incident *incident;
    if (!call_read(call, NULL) || !call_incident(call, &number) ||
        !store_open(call, STORE_LOOK, "line", &hub) ||
        !hub_incident(hub, number, &incident, call->err))
        return false;
    out_page(incident_brief(call, incident, call->now_ms));
    return true;
}
