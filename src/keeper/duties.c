/* The table of duties, what was asked lately, and the look for what is lost. */
#include "config.h"

#include "keeper/duties.h"

#include "base/xtalloc.h"
#include "run/sweep.h"

#include <string.h>

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

static void sweep(struct keeper *keeper, struct moment now) {
    if (keeper->swept_ms && now.boot_ms - keeper->swept_ms < SWEEP_MS)
        return;
    keeper->swept_ms = now.boot_ms;
    run_sweep(keeper->hub, now.wall_ms);
}

const struct duty duties[] = {
    {.group = LEASE_CLOCK, .harmless = true, .run = fire_run},
    {.group = LEASE_CLOCK, .harmless = true, .run = sweep},
    {.group = LEASE_DELIVERY,
     .harmless = true,
     .wanted = delivery_wanted,
     .may = delivery_may,
     .run = delivery_run},
    {0},
};
