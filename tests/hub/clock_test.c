/* Somebody sets the wall clock: every open incident is told once, and what is counted goes on. */
#include "config.h"

#include "tests/hub/store.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "log/log_ops.h"

#include <string.h>

/* A desk of one hub whose clocks the test sets. */
struct desk {
    struct fixture *fixture;
    struct hub *hub;
    struct moment now;
};

static struct desk desk_open(struct fixture *fixture, const char *who) {
    return (struct desk){fixture, store_open(fixture, who), AT(NOW_MS)};
}

static void passes(struct desk *desk, int64_t ms) {
    desk->now.wall_ms += ms;
    desk->now.boot_ms += ms;
}

/* How many events of that kind the hub told of until it answered; the answer must be yes. */
static size_t tells(struct desk *desk, const char *words, const char *kind) {
    int64_t ticket = store_submit(desk->fixture, desk->hub, store_plan, words);
    size_t told = 0;
    struct hub_item item;
    while (hub_next(desk->hub, desk->now, &item)) {
        told += item.kind == HUB_EVENT && strcmp(item.event->kind, kind) == 0;
        if (item.kind == HUB_ANSWER && item.ticket == ticket)
            assert_int_equal(item.verdict, HUB_ACCEPTED);
    }
    return told;
}

static void does(struct desk *desk, const char *words) {
    assert_int_equal(tells(desk, words, "clock.stepped"), 0);
}

/* What is left until the first clock of the incident is due. */
static int64_t left_ms(const struct desk *desk, int64_t number) {
    const struct incident *incident = state_incident(hub_state(desk->hub), number);
    struct clocks clocks = incident_clocks(desk->fixture, incident);
    return clocks.list[0].due_ms - desk->now.wall_ms;
}

/* --- a step ----------------------------------------------------------------------------------- */

static void check_goes_on(struct fixture *fixture, int64_t by_ms) {
    struct desk desk = desk_open(fixture, "ana");
    does(&desk, "declare --title one");
    does(&desk, "declare --title two");
    does(&desk, "declare --title over");
    does(&desk, "abandon 3 --reason x");
    passes(&desk, MINUTE_MS);
    int64_t left = left_ms(&desk, 2);
    desk.now.wall_ms += by_ms;
    assert_int_equal(tells(&desk, "note 1 seen", "clock.stepped"), 2);
    assert_int_equal(left_ms(&desk, 2), left);
    passes(&desk, MINUTE_MS);
    does(&desk, "note 1 again");
    assert_int_equal(left_ms(&desk, 2), left - MINUTE_MS);
    int64_t verified;
    fixture_ok(fixture, hub_verify(desk.hub, &verified, fixture->err));
}

static void test_forward(void **state) {
    check_goes_on(*state, HOUR_MS);
}

static void test_back(void **state) {
    check_goes_on(*state, -HOUR_MS);
}

struct seen {
    struct fixture *fixture;
    const char *via, *command;
    int64_t at_ms, incident;
    size_t steps;
};

static bool see_step(void *data, const struct event *event) {
    struct seen *seen = data;
    if (strcmp(event->kind, "clock.stepped") != 0)
        return true;
    seen->via = xtalloc_strdup(seen->fixture, event->via);
    seen->command = xtalloc_strdup(seen->fixture, event->command);
    seen->at_ms = event->at_ms;
    seen->incident = event->incident;
    seen->steps++;
    return true;
}

static struct seen seen_in(const struct desk *desk) {
    struct seen seen = {.fixture = desk->fixture};
    fixture_ok(desk->fixture,
               hub_events(desk->hub, 0, LOG_ANY_INCIDENT, see_step, &seen, desk->fixture->err));
    return seen;
}

/* The timeline keeps the times as they were read, and says that the clock did it. */
static void test_the_record(void **state) {
    struct desk desk = desk_open(*state, "ana");
    does(&desk, "declare --title one");
    desk.now.wall_ms += HOUR_MS;
    assert_int_equal(tells(&desk, "ack 1", "clock.stepped"), 1);
    struct seen seen = seen_in(&desk);
    assert_string_equal(seen.via, "clock");
    assert_string_equal(seen.command, "clock/1794492482000/1794492482000");
    assert_int_equal(seen.at_ms, NOW_MS + HOUR_MS);
    const struct incident *incident = state_incident(hub_state(desk.hub), 1);
    assert_int_equal(incident->events[0].at_ms, NOW_MS);
    assert_int_equal(incident->declared.at_ms, NOW_MS + HOUR_MS);
}

/* --- what is none ----------------------------------------------------------------------------- */

static void test_what_is_no_step(void **state) {
    struct desk desk = desk_open(*state, "ana");
    does(&desk, "declare --title one");
    desk.now.wall_ms += LOG_CLOCK_STEP_MS;
    does(&desk, "note 1 'less than matters'");
    desk.now.wall_ms -= LOG_CLOCK_STEP_MS;
    passes(&desk, 9 * HOUR_MS); /* the machine slept: it counts on */
    does(&desk, "note 1 'good morning'");
    desk.now = AT(desk.now.wall_ms + HOUR_MS);
    desk.hub->boot = "another life";
    desk.now.boot_ms = 1000;
    does(&desk, "note 1 'the machine was started anew'");
    assert_int_equal(seen_in(&desk).steps, 0);
}

/* A command that is refused tells of the step all the same: it was true. */
static void test_a_refusal_comes_after_the_step(void **state) {
    struct desk desk = desk_open(*state, "ana");
    does(&desk, "declare --title one");
    desk.now.wall_ms += HOUR_MS;
    int64_t ticket = store_submit(desk.fixture, desk.hub, store_plan, "resume 1");
    struct hub_item item;
    bool refused = false;
    while (hub_next(desk.hub, desk.now, &item))
        refused = refused ||
                  (item.kind == HUB_ANSWER && item.ticket == ticket && item.verdict == HUB_REFUSED);
    assert_true(refused);
    assert_int_equal(seen_in(&desk).steps, 1);
    does(&desk, "note 1 x");
}

/* Nobody is told where nothing is open, and what begins later was never wrong. */
static void test_nothing_is_open(void **state) {
    struct desk desk = desk_open(*state, "ana");
    does(&desk, "declare --title one");
    does(&desk, "abandon 1 --reason x");
    desk.now.wall_ms += HOUR_MS;
    does(&desk, "declare --title two");
    assert_int_equal(left_ms(&desk, 2), 5 * MINUTE_MS);
    does(&desk, "note 2 x");
    assert_int_equal(seen_in(&desk).steps, 0);
}

/* --- several ---------------------------------------------------------------------------------- */

static void test_two_notice_at_once(void **state) {
    struct desk one = desk_open(*state, "ana"), two = desk_open(*state, "bo");
    does(&one, "declare --title one");
    one.now.wall_ms += HOUR_MS;
    two.now = one.now;
    passes(&two, 40);
    assert_int_equal(tells(&one, "note 1 x", "clock.stepped"), 1);
    assert_int_equal(tells(&two, "note 1 y", "clock.stepped"), 1); /* hers, which he hears of */
    assert_int_equal(seen_in(&two).steps, 1);
    one.now.wall_ms -= HOUR_MS;
    assert_int_equal(tells(&one, "note 1 z", "clock.stepped"), 1);
    assert_int_equal(seen_in(&one).steps, 2);
    assert_int_equal(left_ms(&one, 1), 5 * MINUTE_MS);
}

/* Somebody who died between the step's commit and its settling leaves nothing to be done twice,
 * even when the clock was set again before anybody came. */
static void test_killed_before_it_was_settled(void **state) {
    struct desk desk = desk_open(*state, "ana");
    does(&desk, "declare --title one");
    struct log *log = hub_log(desk.hub);
    char *kept = log->ops->kept(desk.fixture, log);
    desk.now.wall_ms += HOUR_MS;
    assert_int_equal(tells(&desk, "note 1 x", "clock.stepped"), 1);
    log->ops->keep(log, kept);
    does(&desk, "note 1 y");
    log->ops->keep(log, kept);
    desk.now.wall_ms -= 3 * HOUR_MS;
    assert_int_equal(tells(&desk, "note 1 z", "clock.stepped"), 1);
    assert_int_equal(left_ms(&desk, 1), 5 * MINUTE_MS);
}

/* Somebody read its clocks, slept, and meanwhile the clock was set and that was recorded. What it
 * knows is neither a step nor a time to judge by: it looks again. */
static void test_a_moment_that_is_past(void **state) {
    struct desk one = desk_open(*state, "ana"), two = desk_open(*state, "bo");
    struct hub_item item;
    does(&one, "declare --title one");
    passes(&one, SECOND_MS);
    two.now = one.now;
    passes(&one, 20 * SECOND_MS);
    one.now.wall_ms += HOUR_MS;
    assert_int_equal(tells(&one, "note 1 x", "clock.stepped"), 1);
    int64_t ticket = store_submit(two.fixture, two.hub, store_plan, "note 1 y");
    while (hub_next(two.hub, two.now, &item))
        assert_int_not_equal(item.kind, HUB_ANSWER);
    two.now = one.now;
    assert_true(hub_next(two.hub, two.now, &item));
    while (item.kind != HUB_ANSWER)
        assert_true(hub_next(two.hub, two.now, &item));
    assert_int_equal(item.ticket, ticket);
    assert_int_equal(item.verdict, HUB_ACCEPTED);
    assert_int_equal(seen_in(&two).steps, 1);
    assert_int_equal(left_ms(&two, 1), 5 * MINUTE_MS - 21 * SECOND_MS);
}

/* Nobody is kept from writing by a line that can't be true. */
static void test_a_kept_moment_to_come(void **state) {
    struct desk desk = desk_open(*state, "ana");
    struct hub_item item;
    does(&desk, "declare --title one");
    struct log *log = hub_log(desk.hub);
    log->ops->keep(log, xtalloc_asprintf(*state, "clock 1 %lld %s", 1LL << 52, desk.hub->boot));
    int64_t ticket = store_submit(desk.fixture, desk.hub, store_plan, "note 1 x");
    size_t turns = 0;
    while (!hub_next(desk.hub, desk.now, &item) || item.kind != HUB_ANSWER) {
        passes(&desk, 1);
        assert_true(turns++ < 100);
    }
    assert_int_equal(item.ticket, ticket);
    assert_int_equal(item.verdict, HUB_ACCEPTED);
    assert_int_equal(seen_in(&desk).steps, 0);
    does(&desk, "note 1 y");
}

/* To and fro: it comes back to where it was, and still each step is one of its own. */
static void test_to_and_fro(void **state) {
    struct desk desk = desk_open(*state, "ana");
    does(&desk, "declare --title one");
    for (int i = 0; i < 6; i++) {
        desk.now.wall_ms += i % 2 ? -HOUR_MS : HOUR_MS;
        passes(&desk, 1);
        assert_int_equal(tells(&desk, "note 1 x", "clock.stepped"), 1);
        assert_int_equal(left_ms(&desk, 1), 5 * MINUTE_MS - i - 1);
    }
    assert_int_equal(seen_in(&desk).steps, 6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        store_test(test_forward),
        store_test(test_back),
        store_test(test_the_record),
        store_test(test_what_is_no_step),
        store_test(test_a_refusal_comes_after_the_step),
        store_test(test_nothing_is_open),
        store_test(test_two_notice_at_once),
        store_test(test_killed_before_it_was_settled),
        store_test(test_a_moment_that_is_past),
        store_test(test_a_kept_moment_to_come),
        store_test(test_to_and_fro),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
