/* The table of duties, and those that need nothing but the state: what is due, and what is lost. */
#include "config.h"

#include "keeper/duties.h"

#include "base/xtalloc.h"
#include "incident/levels.h"
#include "run/sweep.h"

#include <string.h>

/* What has no answer by then is asked again: the store may have been busy, or in trouble. */
#define AGAIN_MS (10 * SECOND_MS)
#define SWEEP_MS (2 * SECOND_MS)

/* ---- what was asked lately ------------------------------------------------------------------- */

static void forget_old(struct keeper *keeper, int64_t boot_ms) {
    size_t kept = 0;
    for (size_t i = 0; i < keeper->asked_count; i++)
        if (boot_ms - keeper->asked[i].at_ms < AGAIN_MS)
            keeper->asked[kept++] = keeper->asked[i];
    keeper->asked_count = kept;
}

static bool was_asked(const struct keeper *keeper, const char *id) {
    for (size_t i = 0; i < keeper->asked_count; i++)
        if (strcmp(keeper->asked[i].id, id) == 0)
            return true;
    return false;
}

bool keeper_is_news(struct keeper *keeper, const char *id, int64_t boot_ms) {
    forget_old(keeper, boot_ms);
    if (was_asked(keeper, id))
        return false;
    keeper->asked = xtalloc_realloc(keeper, keeper->asked, struct asked, keeper->asked_count + 1);
    struct asked *asked = &keeper->asked[keeper->asked_count++];
    memcpy(asked->id, id, COMMAND_ID);
    asked->at_ms = boot_ms;
    return true;
}

void keeper_ask(struct keeper *keeper, const struct command *command, int64_t boot_ms) {
    if (keeper_is_news(keeper, command->id, boot_ms))
        hub_submit(keeper->hub, command, NULL);
}

/* ---- duties ---------------------------------------------------------------------------------- */

static void fire_due(struct keeper *keeper, const struct incident *incident, struct moment now) {
    void *scratch = talloc_new(keeper);
    struct levels levels = incident_levels(scratch, incident, now.wall_ms);
    for (size_t i = 0; i < levels.count && levels.list[i].due_ms <= now.wall_ms; i++)
        keeper_ask(keeper, level_command(scratch, incident, &levels.list[i], now.wall_ms),
                   now.boot_ms);
    talloc_free(scratch);
}

static void fire(struct keeper *keeper, struct moment now) {
    const struct state *state = hub_state(keeper->hub);
    for (size_t i = 0; i < state->incidents_count; i++)
        if (incident_is_open(state->incidents[i]))
            fire_due(keeper, state->incidents[i], now);
}

static void sweep(struct keeper *keeper, struct moment now) {
    if (keeper->swept_ms && now.boot_ms - keeper->swept_ms < SWEEP_MS)
        return;
    keeper->swept_ms = now.boot_ms;
    run_sweep(keeper->hub, now.wall_ms);
}

const struct duty duties[] = {
    {.group = LEASE_CLOCK, .harmless = true, .run = fire},
    {.group = LEASE_CLOCK, .harmless = true, .run = sweep},
    {.group = LEASE_DELIVERY,
     .harmless = true,
     .wanted = delivery_wanted,
     .may = delivery_may,
     .run = delivery_run},
    {0},
};
