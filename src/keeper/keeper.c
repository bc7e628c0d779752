/* Whose duties are ours now: the leases of their groups. */
#include "config.h"

#include "keeper/keeper.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "keeper/duties.h"

#include <stdio.h>

#define TURN_MS SECOND_MS
/* While the clocks are being compared: that takes a commit. */
#define LOOK_MS 100

struct keeper *keeper_new(const void *parent, struct hub *hub) {
    struct keeper *keeper = xtalloc_zero(parent, struct keeper);
    keeper->hub = hub;
    keeper->trouble = err_new(keeper);
    for (size_t i = 0; i < ARRAY_SIZE(keeper->groups); i++)
        keeper->groups[i] =
            (struct group){.lease = hub_lease(keeper, hub, (enum lease_duty)i), .done = true};
    return keeper;
}

/* ---- holding --------------------------------------------------------------------------------- */

/* Ours is renewed well before its end; another's is looked at every turn, for that may be given up.
 * Trouble with one is enough to be told. */
static void hold(struct keeper *keeper, struct group *group, int64_t boot_ms) {
    if (!group->lease)
        return;
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

/* ---- looking --------------------------------------------------------------------------------- */

/* Of what is another's to do. */
static void look(struct keeper *keeper, struct group *group, int64_t boot_ms) {
    if (!group->lease || (group->looked_ms && boot_ms - group->looked_ms < LEASE_RENEW_MS))
        return;
    char *holder = lease_holder(keeper, group->lease, boot_ms);
    group->looked_ms = boot_ms;
    group->done = !holder || *holder;
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

static bool is_wanted(const struct keeper *keeper, const struct duty *duty) {
    return !duty->wanted || duty->wanted(keeper);
}

static bool may_write(const struct keeper *keeper) {
    return !hub_read_only(keeper->hub) && !hub_doubt(keeper->hub);
}

static bool may_do(const struct keeper *keeper, const struct duty *duty) {
    return may_write(keeper) && (!duty->may || duty->may(keeper));
}

/* Where nobody can tell whose it is, it is better done by several than by none. */
static bool is_ours(const struct group *group, const struct duty *duty, int64_t boot_ms) {
    return !group->lease || lease_is_ours(group->lease, boot_ms) ||
           (group->doubted && duty->harmless);
}

/* Its lease is kept, or looked at, also while nothing may be judged. */
static void do_duty(struct keeper *keeper, const struct duty *duty, bool judges,
                    struct moment now) {
    struct group *group = &keeper->groups[duty->group];
    if (may_do(keeper, duty)) {
        hold(keeper, group, now.boot_ms);
        group->done = true; /* if not by us, then by who keeps us from it */
        if (judges && is_ours(group, duty, now.boot_ms))
            duty->run(keeper, now);
        return;
    }
    if (group->lease)
        lease_leave(group->lease);
    look(keeper, group, now.boot_ms);
}

static bool is_doubted(const struct keeper *keeper) {
    for (size_t i = 0; i < ARRAY_SIZE(keeper->groups); i++)
        if (keeper->groups[i].doubted)
            return true;
    return false;
}

void keeper_turn(struct keeper *keeper, struct moment now) {
    keeper->fires.more = false;
    if (!may_write(keeper))
        keeper->fires.soonest_count = 0; /* it may be another history, with the same numbers */
    bool judges = may_write(keeper) && is_clock_right(keeper, now);
    keeper->looks = may_write(keeper) && !judges;
    for (const struct duty *duty = duties; duty->run; duty++)
        if (is_wanted(keeper, duty))
            do_duty(keeper, duty, judges, now);
    if (!is_doubted(keeper)) {
        err_clear(keeper->trouble);
        keeper->told = false;
    }
}

int64_t keeper_period_ms(const struct keeper *keeper) {
    if (keeper->fires.more)
        return 0;
    return keeper->looks ? LOOK_MS : TURN_MS;
}

bool keeper_lacks(const struct keeper *keeper, enum lease_duty group) {
    for (const struct duty *duty = duties; duty->run; duty++)
        if (duty->group == group && is_wanted(keeper, duty))
            return !keeper->groups[group].done;
    return false;
}

const struct err *keeper_news(struct keeper *keeper) {
    bool news = keeper->trouble->code != ERR_NONE && !keeper->told;
    keeper->told = keeper->told || news;
    return news ? keeper->trouble : NULL;
}
