#include "config.h"

#include "run/door.h"

#include "base/xtalloc.h"
#include "incident/decide.h"
#include "run/facts.h"
#include "run/hold.h"

#include <string.h>

/* How often a command is asked whose answer was "nobody knows". */
#define DOUBT_ASKS 3

/* A command under way, with the runner that waits for it. */
struct waiting {
    struct waiting *next;
    int64_t ticket;
    struct command *command;
    struct facts facts;
    struct held_run *held; /* NULL when it starts no run */
    int asks;
};

struct door {
    struct hub *hub;
    struct waiting *waiting;
};

struct door *door_new(const void *parent, struct hub *hub) {
    struct door *door = xtalloc_zero(parent, struct door);
    door->hub = hub;
    return door;
}

/* ---- in -------------------------------------------------------------------------------------- */

static bool prepare(struct door *door, const struct command *command, struct waiting **prepared,
                    struct err *err) {
    struct waiting *waiting = xtalloc_zero(door, struct waiting);
    waiting->command = command_copy(waiting, command);
    bool ok = facts_gather(waiting, command, hub_run_folder(door->hub), &waiting->facts, err);
    if (ok && command_starts_run(hub_state(door->hub), command))
        ok = run_hold(waiting, "runner", hub_store(door->hub), &waiting->held, &waiting->facts.pid,
                      err);
    if (ok)
        *prepared = waiting;
    else
        talloc_free(waiting);
    return ok;
}

static void ask(struct door *door, struct waiting *waiting) {
    waiting->ticket = hub_submit(door->hub, waiting->command, &waiting->facts);
    waiting->asks++;
}

/* Without a runner there is nothing to remember: the hub has its own copy. */
bool door_submit(struct door *door, const struct command *command, int64_t *ticket,
                 struct err *err) {
    struct waiting *waiting;
    if (!prepare(door, command, &waiting, err))
        return false;
    ask(door, waiting);
    *ticket = waiting->ticket;
    if (waiting->held == NULL) {
        talloc_free(waiting);
        return true;
    }
    waiting->next = door->waiting;
    door->waiting = waiting;
    return true;
}

/* ---- out ------------------------------------------------------------------------------------- */

/* The run that the log has for the runner we hold; NULL when it has none. */
static const struct run *run_of(const struct door *door, const struct waiting *waiting) {
    const struct incident *incident =
        state_incident(hub_state(door->hub), waiting->command->incident);
    const struct step *step =
        incident != NULL ? incident_step(incident, waiting->command->step) : NULL;
    const struct run *run = step != NULL ? step_run(step) : NULL;
    return run != NULL && run->pid == waiting->facts.pid ? run : NULL;
}

/* A runner that died meanwhile can't be told: the sweep finds that nothing ran. */
static void let_go(const struct door *door, const struct waiting *waiting) {
    const struct run *run = run_of(door, waiting);
    struct err *ignored = err_new(NULL);
    if (waiting->held != NULL && run != NULL)
        run_let_go(waiting->held, run->id, ignored);
    talloc_free(ignored);
}

static bool is_doubtful(const struct hub_item *item) {
    if (item->verdict == HUB_REFUSED)
        return item->err != NULL && item->err->code == ERR_UNAVAILABLE;
    return item->verdict == HUB_IN_DOUBT;
}

/* True when the command must be asked again. */
static bool settle(const struct door *door, const struct waiting *waiting,
                   const struct hub_item *item) {
    if (item->verdict == HUB_ACCEPTED)
        let_go(door, waiting);
    bool was_in_doubt = item->verdict == HUB_IN_DOUBT || waiting->asks > 1;
    return was_in_doubt && is_doubtful(item) && waiting->asks < DOUBT_ASKS;
}

void door_item(struct door *door, const struct hub_item *item) {
    struct waiting **at = &door->waiting;
    if (item->kind != HUB_ANSWER)
        return;
    while (*at != NULL && (*at)->ticket != item->ticket)
        at = &(*at)->next;
    struct waiting *waiting = *at;
    if (waiting == NULL)
        return;
    if (settle(door, waiting, item)) {
        ask(door, waiting);
        return;
    }
    *at = waiting->next;
    talloc_free(waiting);
}

bool door_ask(struct door *door, struct loop *loop, const struct command *command, int64_t limit_ms,
              struct hub_item *answer, struct err *err) {
    struct waiting *waiting;
    if (!prepare(door, command, &waiting, err))
        return false;
    bool answered;
    do {
        waiting->asks++;
        answered =
            hub_ask(door->hub, loop, waiting->command, &waiting->facts, limit_ms, answer, err);
    } while (answered && settle(door, waiting, answer));
    talloc_free(waiting);
    return answered;
}
