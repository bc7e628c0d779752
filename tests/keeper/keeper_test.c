/* DESIGN §11.4: "An escalation fires once per level, however many consoles run, including none for
 * an hour." */
#include "config.h"

#include "tests/hub/store.h"

#include "keeper/keeper.h"

#include "base/time.h"
#include "base/xtalloc.h"

#include <string.h>

#define INCIDENTS 40
#define KEEPERS   3

static const char plan[] =
    "backout: 1\nplan: late\ntitle: Shop is slow\nservice: shop\nwhy: Orders\n"
    "roles: {commander: [ana, bo], dev: [cy, dot]}\n"
    "escalation:\n"
    "  - {if: unacknowledged, after: 1m, to: [ana]}\n"
    "  - {if: unacknowledged, after: 5m, to: [bo]}\n"
    "steps:\n  - {id: look, owner: dev, box: 5m, manual: Look}\n";

struct watch {
    struct fixture *fixture;
    struct hub *hubs[KEEPERS];
    struct keeper *keepers[KEEPERS];
};

static void declare(struct fixture *fixture, struct hub *hub, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int64_t ticket = store_submit(fixture, hub, plan, "declare p --accept t");
        assert_int_equal(store_answer(hub, ticket).verdict, HUB_ACCEPTED);
    }
}

static struct watch begin(struct fixture *fixture, size_t incidents) {
    static const char *const people[KEEPERS] = {"ana", "bo", "cy"};
    struct watch watch = {.fixture = fixture};
    for (size_t i = 0; i < KEEPERS; i++) {
        watch.hubs[i] = store_open(fixture, people[i]);
        watch.keepers[i] = keeper_new(fixture, watch.hubs[i]);
    }
    declare(fixture, watch.hubs[0], incidents);
    return watch;
}

/* All of them find at once what is due, before any of them can know of another; then they act. */
static void turn(struct watch *watch, int64_t after_ms) {
    struct moment now = AT(NOW_MS + after_ms);
    struct hub_item item;
    for (size_t i = 0; i < KEEPERS; i++)
        store_turn(watch->hubs[i], now.wall_ms);
    for (size_t i = 0; i < KEEPERS; i++)
        keeper_turn(watch->keepers[i], now);
    for (size_t turns = 0; turns < 20 * INCIDENTS; turns++)
        for (size_t i = 0; i < KEEPERS; i++)
            while (hub_next(watch->hubs[i], now, &item))
                assert_int_not_equal(item.kind, HUB_TROUBLE);
}

/* How often a level was fired, in all incidents, and how many levels those stood for. */
struct count {
    size_t fired, missed;
    const char *level;
};

static bool see(void *data, const struct event *event) {
    struct count *count = data;
    count->fired +=
        strcmp(event->kind, "escalation.fired") == 0 && strstr(event->body, count->level);
    count->missed +=
        strcmp(event->kind, "escalation.fired") == 0 && strstr(event->body, "\"missed\":");
    return true;
}

static struct count fired(const struct watch *watch, const char *level) {
    struct count count = {.level = level};
    fixture_ok(watch->fixture,
               hub_events(watch->hubs[0], 0, LOG_ANY_INCIDENT, see, &count, watch->fixture->err));
    return count;
}

static void each_level_is_fired_once(void **state) {
    struct watch watch = begin(*state, INCIDENTS);
    turn(&watch, 59 * SECOND_MS);
    assert_int_equal(fired(&watch, "\"level\":1").fired, 0);
    turn(&watch, 60 * SECOND_MS);
    turn(&watch, 61 * SECOND_MS);
    turn(&watch, 90 * SECOND_MS); /* longer than anything is remembered */
    assert_int_equal(fired(&watch, "\"level\":1").fired, INCIDENTS);
    assert_int_equal(fired(&watch, "\"level\":2").fired, 0);
    turn(&watch, 5 * MINUTE_MS);
    turn(&watch, 6 * MINUTE_MS);
    assert_int_equal(fired(&watch, "\"level\":1").fired, INCIDENTS);
    assert_int_equal(fired(&watch, "\"level\":2").fired, INCIDENTS);
}

static void nobody_home_for_an_hour_is_one_call(void **state) {
    struct watch watch = begin(*state, 1);
    turn(&watch, HOUR_MS);
    turn(&watch, HOUR_MS + MINUTE_MS);
    assert_int_equal(fired(&watch, "\"level\":1").fired, 0);
    assert_int_equal(fired(&watch, "\"level\":2").fired, 1);
    assert_int_equal(fired(&watch, "\"level\":2").missed, 1);
}

static void what_was_taken_up_calls_nobody(void **state) {
    struct watch watch = begin(*state, 1);
    store_ok(*state, watch.hubs[1], "ack 1");
    turn(&watch, HOUR_MS);
    assert_int_equal(fired(&watch, "\"level\"").fired, 0);
}

static void who_may_not_write_fires_nothing(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    declare(fixture, hub, 1);
    struct watch watch = {.fixture = fixture, .hubs = {hub}};
    struct hub *reader = store_open_read_only(fixture);
    struct hub_item item;
    keeper_turn(keeper_new(fixture, reader), AT(NOW_MS + HOUR_MS));
    assert_false(hub_next(reader, AT(NOW_MS + HOUR_MS), &item));
    assert_int_equal(fired(&watch, "\"level\"").fired, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        store_test(each_level_is_fired_once),
        store_test(nobody_home_for_an_hour_is_one_call),
        store_test(what_was_taken_up_calls_nobody),
        store_test(who_may_not_write_fires_nothing),
    };
    return cmocka_run_group_tests_name("keeper", tests, NULL, NULL);
}
