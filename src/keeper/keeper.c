/* Whose duties are ours now: the leases of their groups. */
#include "config.h"

#include "keeper/keeper.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "keeper/duties.h"

#include <stdio.h>

struct keeper *keeper_new(const void *parent, struct hub *hub) {
    struct keeper *keeper = xtalloc_zero(parent, struct keeper);
    keeper->hub = hub;
    keeper->kept = true;
    keeper->trouble = err_new(keeper);
    for (const struct duty *duty = duties; duty->run; duty++)
        if (!keeper->groups[duty->group].lease)
            keeper->groups[duty->group].lease = hub_lease(keeper, hub, duty->group);
    return keeper;
}

/* ---- holding --------------------------------------------------------------------------------- */

/* Ours is renewed well before its end; another's is looked at every turn, for that may be given up.
 * Trouble with one is enough to be told. */
static void hold(struct keeper *keeper, struct group *group, int64_t boot_ms) {
    struct err *err = err_new(keeper);
    bool ours = lease_is_ours(group->lease, boot_ms);
    if (!ours || boot_ms - group->held_ms >= LEASE_RENEW_MS) {
        if (lease_hold(group->lease, boot_ms, err))
            group->held_ms = boot_ms;
        group->doubted = err->code != ERR_NONE;
    }
    if (err->code != ERR_NONE)
        err_set(keeper->trouble, err->code, err->what, err->on, err->remedy);
    talloc_free(err);
}

static void hold_all(struct keeper *keeper, int64_t boot_ms) {
    bool doubted = false;
    for (size_t i = 0; i < ARRAY_SIZE(keeper->groups); i++) {
        struct group *group = &keeper->groups[i];
        if (group->lease)
            hold(keeper, group, boot_ms);
        doubted = doubted || group->doubted;
    }
    if (!doubted) {
        err_clear(keeper->trouble);
        keeper->told = false;
    }
}

static void leave_all(struct keeper *keeper) {
    for (size_t i = 0; i < ARRAY_SIZE(keeper->groups); i++)
        if (keeper->groups[i].lease)
            lease_leave(keeper->groups[i].lease);
}

/* Where nobody can tell whose it is, it is better done by several than by none. */
static bool is_ours(const struct keeper *keeper, const struct duty *duty, int64_t boot_ms) {
    const struct group *group = &keeper->groups[duty->group];
    return !group->lease || lease_is_ours(group->lease, boot_ms) ||
           (group->doubted && duty->harmless);
}

/* ---- looking --------------------------------------------------------------------------------- */

/* Of who may not keep it. */
static void look(struct keeper *keeper, int64_t boot_ms) {
    const struct lease *lease = keeper->groups[LEASE_CLOCK].lease;
    if (!lease || (keeper->looked_ms && boot_ms - keeper->looked_ms < LEASE_RENEW_MS))
        return;
    char *holder = lease_holder(keeper, lease, boot_ms);
    keeper->looked_ms = boot_ms;
    keeper->kept = !holder || *holder;
    talloc_free(holder);
}

/* ---- the clock ------------------------------------------------------------------------------- */

/* Every keeper notices by itself when somebody set it, and the first whose look gets the lock puts
 * it on the record. Until then nothing is judged by it. */
static bool is_clock_right(struct keeper *keeper, struct moment now) {
    if (hub_clock_agrees(keeper->hub, now))
        return true;
    struct command *command = command_new(keeper, "clock", now.wall_ms);
    snprintf(command->id, sizeof(command->id), "look/%lld",
             (long long)((now.wall_ms - now.boot_ms) / SECOND_MS));
    command->via = "clock";
    keeper_ask(keeper, command, now.boot_ms);
    talloc_free(command);
    return false;
}

/* ---- a turn ---------------------------------------------------------------------------------- */

void keeper_turn(struct keeper *keeper, struct moment now) {
    if (hub_read_only(keeper->hub) || hub_doubt(keeper->hub)) {
        leave_all(keeper);
        look(keeper, now.boot_ms);
        return;
    }
    keeper->kept = true;
    hold_all(keeper, now.boot_ms);
    if (!is_clock_right(keeper, now))
        return;
    for (const struct duty *duty = duties; duty->run; duty++)
        if (is_ours(keeper, duty, now.boot_ms))
            duty->run(keeper, now);
}

bool keeper_is_kept(const struct keeper *keeper) {
    return keeper->kept;
}

const struct err *keeper_news(struct keeper *keeper) {
    bool news = keeper->trouble->code != ERR_NONE && !keeper->told;
    keeper->told = keeper->told || news;
    return news ? keeper->trouble : NULL;
}
