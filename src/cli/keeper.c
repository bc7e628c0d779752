#include "config.h"

#include "cli/families.h"

#include "base/array.h"
#include "base/loop.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "cli/out.h"
#include "cli/store_open.h"
#include "incident/events.h"
#include "keeper/keeper.h"

#include <signal.h>
#include <string.h>

/* A keeper without a screen, for a host where nobody has a console open all night. */
struct keeping {
    struct hub *hub;
    struct loop *loop;
    struct keeper *keeper;
    struct loop_timer *turn, *wake;
};

static void on_turn(void *data, int64_t now_ms) {
    struct keeping *keeping = data;
    (void)now_ms;
    keeper_turn(keeping->keeper, loop_moment(keeping->loop));
    const struct err *news = keeper_news(keeping->keeper);
    if (news)
        out_problem(news);
    loop_timer_beat(keeping->turn, keeper_period_ms(keeping->keeper));
}

static void on_wake(void *data, int64_t now_ms) {
    (void)data;
    (void)now_ms; /* being woken is all: before_wait asks the hub */
}

static void on_end(void *data, int signal_number) {
    struct keeping *keeping = data;
    (void)signal_number;
    loop_stop(keeping->loop);
}

static bool is_said(const struct event *event) {
    static const enum event_kind said[] = {EVENT_FIRED, EVENT_STEP_UNKNOWN, EVENT_CLOCK_STEPPED};
    for (size_t i = 0; i < ARRAY_SIZE(said); i++)
        if (event_is(event, said[i]))
            return true;
    return false;
}

/* Its own doings, and those of other keepers: what a supervisor's log wants to know. */
static void say_event(const struct keeping *keeping, const struct event *event) {
    void *scratch = talloc_new(NULL);
    const struct incident *incident = state_incident(hub_state(keeping->hub), event->incident);
    if (is_said(event))
        out_line("INC-%lld %s", (long long)event->incident,
                 event_sentence(scratch, incident, event));
    talloc_free(scratch);
}

static void take(const struct keeping *keeping, const struct hub_item *item) {
    if (item->kind == HUB_EVENT)
        say_event(keeping, item->event);
    if (item->kind == HUB_TROUBLE || item->kind == HUB_REPLACED)
        out_problem(item->err);
    if (item->kind == HUB_WELL)
        out_note("the store answers again");
}

static void before_wait(void *data) {
    struct keeping *keeping = data;
    struct hub_item item;
    while (hub_next(keeping->hub, loop_moment(keeping->loop), &item))
        take(keeping, &item);
    loop_timer_beat(keeping->wake, hub_period_ms(keeping->hub));
    if (!out_flush())
        loop_stop(keeping->loop);
}

static bool may_keep(struct call *call, const struct hub *hub) {
    const char *why = hub_read_only(hub);
    return !why || err_set(call->err, ERR_ACCESS, "can't keep the clock of that store", why,
                           "run it as somebody who may write");
}

static bool keep(struct call *call, struct hub *hub) {
    struct keeping *keeping = xtalloc_zero(call, struct keeping);
    keeping->hub = hub;
    keeping->loop = loop_new(call, call->err);
    if (!keeping->loop || !loop_signal(keeping->loop, SIGTERM, on_end, keeping, call->err) ||
        !loop_signal(keeping->loop, SIGINT, on_end, keeping, call->err))
        return false;
    keeping->keeper = keeper_new(keeping, hub);
    keeping->turn = loop_timer(keeping->loop, on_turn, keeping);
    keeping->wake = loop_timer(keeping->loop, on_wake, keeping);
    loop_timer_set(keeping->turn, 0);
    hub_join(hub, keeping->loop);
    out_line("keeping the clock of %s", hub_store(hub));
    loop_run(keeping->loop, before_wait, keeping);
    return true;
}

bool run_keeper(struct call *call) {
    struct hub *hub;
    return call_read(call, NULL) && store_open(call, STORE_WRITE, "keeper", &hub) &&
           may_keep(call, hub) && keep(call, hub);
}
