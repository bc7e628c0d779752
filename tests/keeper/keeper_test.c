/* DESIGN §11.4: "An escalation fires once per level, however many consoles run, including none for
 * an hour." */
#include "config.h"

#include "tests/hub/store.h"

#include "keeper/keeper.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
    size_t refused; /* of what they asked in turn_at */
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
    for (size_t i = 0; i < KEEPERS; i++)
        store_do(fixture, watch.hubs[i], "note 1 'here'"); /* from now on it knows the clock */
    return watch;
}

static void drain(struct hub *hub, struct moment now) {
    struct hub_item item;
    while (hub_next(hub, now, &item))
        assert_int_not_equal(item.kind, HUB_TROUBLE);
}

static void take_all(struct watch *watch, struct moment now) {
    struct hub_item item;
    for (size_t turns = 0; turns < 20 * INCIDENTS; turns++)
        for (size_t i = 0; i < KEEPERS; i++)
            while (hub_next(watch->hubs[i], now, &item)) {
                assert_int_not_equal(item.kind, HUB_TROUBLE);
                watch->refused += item.kind == HUB_ANSWER && item.verdict == HUB_REFUSED;
            }
}

/* All of them find at once what is due, before any of them can know of another; then they act. */
static void turn_at(struct watch *watch, struct moment now) {
    bool more = true;
    for (size_t i = 0; i < KEEPERS; i++)
        drain(watch->hubs[i], now);
    while (more) {
        more = false;
        for (size_t i = 0; i < KEEPERS; i++) {
            keeper_turn(watch->keepers[i], now);
            more = more || keeper_period_ms(watch->keepers[i]) == 0;
        }
        take_all(watch, now);
    }
}

static void turn(struct watch *watch, int64_t after_ms) {
    turn_at(watch, AT(NOW_MS + after_ms));
}

/* Only the one of them has its turn. */
static void turn_one(struct watch *watch, size_t one, int64_t after_ms) {
    struct moment now = AT(NOW_MS + after_ms);
    keeper_turn(watch->keepers[one], now);
    drain(watch->hubs[one], now);
}

/* Nobody can tell who has a lease; each does all that there is to do. */
static void spoil_leases(const struct watch *watch) {
    const char *path = talloc_asprintf(watch->fixture, "%s.lease", watch->fixture->path);
    assert_int_equal(mkdir(path, 0700), 0);
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

/* Each keeper found at once what was due: that it was fired once isn't the lease's doing. */
static void each_level_is_fired_once(void **state) {
    struct watch watch = begin(*state, INCIDENTS);
    spoil_leases(&watch);
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

/* A console draws between two turns; but it isn't turned in vain while nothing gets through. */
static void many_are_fired_a_few_at_a_time(void **state) {
    struct watch watch = begin(*state, INCIDENTS);
    struct keeper *keeper = watch.keepers[0];
    struct moment now = AT(NOW_MS + MINUTE_MS);
    assert_int_equal(keeper_period_ms(keeper), SECOND_MS);
    keeper_turn(keeper, now);
    assert_int_equal(keeper_period_ms(keeper), 0);
    keeper_turn(keeper, now);
    assert_int_equal(keeper_period_ms(keeper), SECOND_MS);
    drain(watch.hubs[0], now);
    assert_in_range(fired(&watch, "\"level\":1").fired, 2, INCIDENTS / 2);
    for (size_t turns = 0; turns == 0 || keeper_period_ms(keeper) == 0; turns++) {
        keeper_turn(keeper, now);
        drain(watch.hubs[0], now);
        assert_true(turns < INCIDENTS);
    }
    assert_int_equal(fired(&watch, "\"level\":1").fired, INCIDENTS);
}

/* What is due is computed once; whatever changes it counts all the same. */
static void what_changes_is_seen(void **state) {
    struct watch watch = begin(*state, 2);
    turn(&watch, 50 * SECOND_MS);
    store_ok(*state, watch.hubs[1], "snooze 1 2m --reason busy");
    turn(&watch, MINUTE_MS);
    assert_int_equal(fired(&watch, "\"level\":1").fired, 1);
    turn(&watch, 2 * MINUTE_MS);
    assert_int_equal(fired(&watch, "\"level\":1").fired, 2);
}

static void apply_roster(struct watch *watch, const char *text) {
    struct facts facts = {.roster_text = text, .roster_length = strlen(text), .free_bytes = -1};
    struct command *command = command_new(watch->fixture, "roster apply", NOW_MS);
    command->roster = "roster.yaml";
    int64_t ticket = hub_submit(watch->hubs[0], command, &facts);
    assert_int_equal(store_answer(watch->hubs[0], ticket).verdict, HUB_ACCEPTED);
}

/* Which is no event of the incident. */
static void another_roster_calls_by_its_own_levels(void **state) {
    struct watch watch = begin(*state, 0);
    store_ok(*state, watch.hubs[0], "declare p --accept t"); /* on a plan that calls nobody */
    turn(&watch, MINUTE_MS);
    apply_roster(&watch, "roster: 1\npeople: {ana: {may: command}}\nroles: {commander: [ana]}\n"
                         "escalation: [{if: unacknowledged, after: 1m, to: [ana]}]\n");
    turn(&watch, MINUTE_MS);
    assert_int_equal(fired(&watch, "\"level\":1").fired, 1);
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

/* --- leases ----------------------------------------------------------------------------------- */

static char *holder(const struct watch *watch, int64_t after_ms) {
    return hub_lease_holder(watch->fixture, watch->hubs[0], LEASE_CLOCK, NOW_MS + after_ms);
}

static void one_acts_and_the_others_stand_by(void **state) {
    struct watch watch = begin(*state, 1);
    assert_string_equal(holder(&watch, 0), "");
    turn_one(&watch, 1, 0);
    assert_memory_equal(holder(&watch, 0), "bo pid ", 7);
    turn_one(&watch, 0, 5 * SECOND_MS);
    turn_one(&watch, 1, 6 * SECOND_MS);
    turn_one(&watch, 1, MINUTE_MS - SECOND_MS);
    turn_one(&watch, 0, MINUTE_MS);
    turn_one(&watch, 2, MINUTE_MS);
    assert_int_equal(fired(&watch, "\"level\"").fired, 0);
    turn_one(&watch, 1, MINUTE_MS);
    assert_int_equal(fired(&watch, "\"level\"").fired, 1);
}

/* A console that is closed has a follower within the next turn of any. */
static void who_leaves_is_followed_at_once(void **state) {
    struct watch watch = begin(*state, 1);
    turn_one(&watch, 1, MINUTE_MS - SECOND_MS);
    turn_one(&watch, 0, MINUTE_MS);
    assert_int_equal(fired(&watch, "\"level\"").fired, 0);
    talloc_free(watch.keepers[1]);
    turn_one(&watch, 0, MINUTE_MS);
    assert_int_equal(fired(&watch, "\"level\"").fired, 1);
}

/* And when it was stopped, within the lease's time; it wakes and is nobody any more. */
static void who_is_stopped_is_followed(void **state) {
    struct watch watch = begin(*state, 1);
    turn_one(&watch, 1, 55 * SECOND_MS);
    turn_one(&watch, 0, 65 * SECOND_MS - 1);
    assert_int_equal(fired(&watch, "\"level\"").fired, 0);
    turn_one(&watch, 0, 65 * SECOND_MS);
    assert_int_equal(fired(&watch, "\"level\"").fired, 1);
    turn_one(&watch, 1, 66 * SECOND_MS);
    assert_memory_equal(holder(&watch, 66 * SECOND_MS), "ana pid ", 8);
}

static void trouble_with_leases_is_said_once(void **state) {
    struct watch watch = begin(*state, 1);
    spoil_leases(&watch);
    turn_one(&watch, 0, MINUTE_MS);
    assert_int_equal(fired(&watch, "\"level\"").fired, 1);
    const struct err *news = keeper_news(watch.keepers[0]);
    assert_non_null(news);
    assert_string_equal(news->what, "can't open the store's leases");
    turn_one(&watch, 0, MINUTE_MS + SECOND_MS);
    assert_null(keeper_news(watch.keepers[0]));
    assert_int_equal(rmdir(talloc_asprintf(*state, "%s.lease", watch.fixture->path)), 0);
    turn_one(&watch, 0, MINUTE_MS + 2 * SECOND_MS);
    assert_null(keeper_news(watch.keepers[0]));
    assert_memory_equal(holder(&watch, MINUTE_MS + 2 * SECOND_MS), "ana pid ", 8);
}

/* Who may not keep it sees whether somebody does. */
static void who_only_looks_sees_who_keeps(void **state) {
    struct watch watch = begin(*state, 1);
    struct hub *reader = store_open_read_only(*state);
    struct keeper *looker = keeper_new(*state, reader);
    keeper_turn(looker, AT(NOW_MS));
    assert_true(keeper_lacks(looker, LEASE_CLOCK));
    turn_one(&watch, 0, SECOND_MS);
    assert_false(keeper_lacks(watch.keepers[0], LEASE_CLOCK));
    keeper_turn(looker, AT(NOW_MS + LEASE_RENEW_MS));
    assert_false(keeper_lacks(looker, LEASE_CLOCK));
    assert_null(keeper_news(looker));
}

/* --- clocks ----------------------------------------------------------------------------------- */

static bool see_step(void *data, const struct event *event) {
    *(size_t *)data += strcmp(event->kind, "clock.stepped") == 0;
    return true;
}

static size_t steps(const struct watch *watch) {
    size_t count = 0;
    fixture_ok(watch->fixture, hub_events(watch->hubs[0], 0, LOG_ANY_INCIDENT, see_step, &count,
                                          watch->fixture->err));
    return count;
}

/* Nobody types. All find at once that the clock was set; one of them says so, and each counts on.
 */
static void check_step(struct fixture *fixture, int64_t by_ms) {
    struct watch watch = begin(fixture, 2);
    turn(&watch, 30 * SECOND_MS);
    for (size_t i = 0; i < 3; i++) {
        turn_at(&watch, (struct moment){NOW_MS + 31 * SECOND_MS + by_ms, NOW_MS + 31 * SECOND_MS});
        assert_int_equal(steps(&watch), 2);
    }
    for (size_t i = 0; i < KEEPERS; i++)
        assert_int_equal(state_incident(hub_state(watch.hubs[i]), 1)->declared.at_ms,
                         NOW_MS + by_ms);
    turn_at(&watch, (struct moment){NOW_MS + 59 * SECOND_MS + by_ms, NOW_MS + 59 * SECOND_MS});
    assert_int_equal(fired(&watch, "\"level\"").fired, 0);
    turn_at(&watch, (struct moment){NOW_MS + 60 * SECOND_MS + by_ms, NOW_MS + 60 * SECOND_MS});
    assert_int_equal(fired(&watch, "\"level\":1").fired, 2);
    assert_int_equal(steps(&watch), 2);
    assert_int_equal(watch.refused, 0); /* nothing was judged by the wrong clock */
}

static void a_clock_set_forward_is_on_the_record_once(void **state) {
    check_step(*state, HOUR_MS);
}

static void a_clock_set_back_is_on_the_record_once(void **state) {
    check_step(*state, -HOUR_MS);
}

/* It was set while nobody was there. */
static void a_keeper_that_comes_looks_first(void **state) {
    struct watch watch = begin(*state, 1);
    struct moment now = {NOW_MS + HOUR_MS, NOW_MS + SECOND_MS};
    struct hub *hub = store_open(*state, "dot");
    struct keeper *keeper = keeper_new(*state, hub);
    assert_false(hub_clock_agrees(hub, AT(NOW_MS)));
    keeper_turn(keeper, now);
    assert_in_range(keeper_period_ms(keeper), 1, SECOND_MS / 2); /* not for a whole turn */
    for (size_t i = 0; i < 3; i++) {
        keeper_turn(keeper, now);
        drain(hub, now);
    }
    assert_int_equal(steps(&watch), 1);
    assert_int_equal(fired(&watch, "\"level\"").fired, 0);
}

/* Both clocks went on: what was due meanwhile is late indeed. */
static void a_machine_that_slept_set_no_clock(void **state) {
    struct watch watch = begin(*state, 1);
    turn(&watch, SECOND_MS);
    turn(&watch, 9 * HOUR_MS);
    assert_int_equal(steps(&watch), 0);
    assert_int_equal(fired(&watch, "\"level\":2").fired, 1);
}

/* Set to and fro between two turns, and by less than can matter. */
static void what_is_no_step_asks_for_nothing(void **state) {
    struct watch watch = begin(*state, 1);
    int64_t by_ms[] = {LOG_CLOCK_STEP_MS, 0, -LOG_CLOCK_STEP_MS};
    for (size_t i = 0; i < ARRAY_SIZE(by_ms); i++)
        turn_at(&watch, (struct moment){NOW_MS + by_ms[i], NOW_MS});
    assert_int_equal(steps(&watch), 0);
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
        store_test(many_are_fired_a_few_at_a_time),
        store_test(what_changes_is_seen),
        store_test(another_roster_calls_by_its_own_levels),
        store_test(nobody_home_for_an_hour_is_one_call),
        store_test(what_was_taken_up_calls_nobody),
        store_test(who_may_not_write_fires_nothing),
        store_test(a_clock_set_forward_is_on_the_record_once),
        store_test(a_clock_set_back_is_on_the_record_once),
        store_test(a_keeper_that_comes_looks_first),
        store_test(a_machine_that_slept_set_no_clock),
        store_test(what_is_no_step_asks_for_nothing),
        store_test(one_acts_and_the_others_stand_by),
        store_test(who_leaves_is_followed_at_once),
        store_test(who_is_stopped_is_followed),
        store_test(trouble_with_leases_is_said_once),
        store_test(who_only_looks_sees_who_keeps),
    };
    return cmocka_run_group_tests_name("keeper", tests, NULL, NULL);
}
