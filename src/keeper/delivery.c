/* The duty of sending couriers out. */
#include "config.h"

#include "keeper/duties.h"

#include "base/xtalloc.h"
#include "incident/deliveries.h"
#include "keeper/courier.h"

/* So many set out in one turn; each is a process. */
#define COURIERS 4

bool delivery_wanted(const struct keeper *keeper) {
    return roster_needs_courier(hub_state(keeper->hub)->roster);
}

bool delivery_may(const struct keeper *keeper) {
    const struct channel *unserved;
    return courier_can_serve(hub_state(keeper->hub)->roster, &unserved);
}

/* One that can't be sent is tried again later, as one that dies at once. */
static size_t send_due(struct keeper *keeper, const struct incident *incident, struct moment now,
                       size_t room) {
    void *scratch = talloc_new(keeper);
    struct err *ignored = err_new(scratch);
    struct delivery_tries tries = incident_delivery_tries(scratch, incident);
    size_t sent = 0;
    for (size_t i = 0; i < tries.count && sent < room; i++) {
        const struct delivery_try *try = &tries.list[i];
        if (try->due_ms > now.wall_ms)
            break;
        struct command *page = page_command(scratch, incident, try, "", now.wall_ms);
        if (keeper_is_news(keeper, page->id, now.boot_ms))
            sent += courier_send(hub_store(keeper->hub), page, ignored);
    }
    talloc_free(scratch);
    return sent;
}

void delivery_run(struct keeper *keeper, struct moment now) {
    const struct state *state = hub_state(keeper->hub);
    size_t sent = 0;
    for (size_t i = 0; i < state->incidents_count && sent < COURIERS; i++)
        if (incident_is_open(state->incidents[i]))
            sent += send_due(keeper, state->incidents[i], now, COURIERS - sent);
}
