/* Pages: who is reached how, tried until it went out, and never for what is over. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/deliveries.h"

#include <string.h>

static const char roster[] = "roster: 1\n"
                             "people:\n"
                             "  ana: {may: command, reach: {pager: '+1', mail: ana@x}}\n"
                             "  bo: {may: command, reach: {chat: U1}}\n"
                             "  cy: {may: respond}\n"
                             "roles: {commander: [ana, bo]}\n"
                             "channels:\n"
                             "  pager: {type: command, run: [/bin/page], timeout: 10s}\n"
                             "  mail: {type: command, run: [/bin/mail]}\n"
                             "  room: {type: command, run: [/bin/say]}\n"
                             "  chat: {type: slack, url: {env: CHAT}}\n"
                             "escalation:\n"
                             "  - {if: unacknowledged, after: 3m, to: [commander, room]}\n"
                             "  - {if: unacknowledged, after: 9m, to: [bo, cy]}\n";

static struct story *begin(const void *parent) {
    struct story *story = story_new(parent, NULL);
    story->roster_text = roster;
    story_ok(story, "ana", "roster apply r.yaml");
    story_ok(story, "cy", "declare --title x");
    return story;
}

static struct story *begin_fired(const void *parent) {
    struct story *story = begin(parent);
    story_passes(story, 3 * MINUTE_MS);
    assert_int_equal(story_keeps(story, "kay"), 1);
    return story;
}

/* "pager ana +1 try 1 due 180s": due in seconds from the beginning. */
static char *tries_words(const struct story *story) {
    struct delivery_tries tries = incident_delivery_tries(story, story_incident(story));
    char *words = xtalloc_strdup(story, "");
    for (size_t i = 0; i < tries.count; i++) {
        const struct delivery_try *try = &tries.list[i];
        words = xtalloc_asprintf_append(words, "%s%s %s %s try %lld due %llds%s", i ? "; " : "",
                                        try->channel->name, try->person ? try->person : "-",
                                        try->address ? try->address : "-", (long long)try->number,
                                        (long long)((try->due_ms - STORY_BEGAN_MS) / SECOND_MS),
                                        try->again ? " again" : "");
    }
    return words;
}

static void check_tries(const struct story *story, const char *expected) {
    assert_string_equal(tries_words(story), expected);
}

static const struct delivery *delivery_at(const struct story *story, size_t nth) {
    const struct incident *incident = story_incident(story);
    assert_true(nth < incident->deliveries_count);
    return &incident->deliveries[nth];
}

/* --- who is reached --------------------------------------------------------------------------- */

/* Whom it calls, by every command they can be reached with; the channel itself; nobody by what this
 * program doesn't serve. */
static void test_whom_and_how(void **state) {
    struct story *story = begin(*state);
    check_tries(story, "");
    story_passes(story, 3 * MINUTE_MS);
    assert_int_equal(story_keeps(story, "kay"), 1);
    check_tries(story, "room - - try 1 due 180s; pager ana +1 try 1 due 180s; "
                       "mail ana ana@x try 1 due 180s");
    assert_true(roster_needs_courier(hub_state(story->hub)->roster));
    assert_false(roster_needs_courier(NULL));
}

static void test_nobody_without_a_roster(void **state) {
    struct story *story = story_declared(
        *state, story_plan(*state, "escalation: [{if: unacknowledged, after: 1m, to: [bo]}]\n",
                           "  - {id: look, owner: dev, box: 5m, manual: Look}\n"));
    story_passes(story, MINUTE_MS);
    assert_int_equal(story_keeps(story, "kay"), 1);
    check_tries(story, "");
    assert_false(story_pages(story, "h/1"));
}

/* --- how it goes ------------------------------------------------------------------------------ */

static void test_sent_once(void **state) {
    struct story *story = begin_fired(*state);
    assert_true(story_pages(story, "h/1"));
    assert_string_equal(story_kinds(story), "page.begun");
    assert_int_equal(delivery_at(story, 0)->record, DELIVERY_BEGUN);
    assert_int_equal(delivery_at(story, 0)->until_ms, story->now_ms + 50 * SECOND_MS);
    assert_true(story_paged(story, NULL));
    assert_string_equal(story_kinds(story), "page.sent");
    assert_int_equal(delivery_at(story, 0)->record, DELIVERY_SENT);
    check_tries(story, "pager ana +1 try 1 due 180s; mail ana ana@x try 1 due 180s");
    assert_false(story_paged(story, "late word"));
    assert_null(incident_delivery_failing(story_incident(story)));
}

/* "One command, one winner": of two couriers with the same page one sets out. */
static void test_one_courier(void **state) {
    struct story *story = begin_fired(*state);
    struct delivery_tries tries = incident_delivery_tries(story, story_incident(story));
    const struct incident *incident = story_incident(story);
    struct command *mine = page_command(story, incident, &tries.list[0], "h/1", story->now_ms);
    struct command *theirs = page_command(story, incident, &tries.list[0], "h/2", story->now_ms);
    assert_string_equal(mine->id, theirs->id);
    assert_true(story_submit(story, "kay", mine));
    assert_false(story_submit(story, "kay", theirs));
    assert_false(story_submit(story, "lee", theirs));
    story->page = theirs;
    assert_false(story_paged(story, NULL));
    story->page = mine;
    assert_true(story_paged(story, NULL));
    assert_int_equal(story_incident(story)->deliveries_count, 1);
}

/* "Definite failure: back-off (5 s, 30 s, 2 min, 5 min); give up after 5." */
static void test_tried_again(void **state) {
    static const int64_t pauses[] = {5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 5 * MINUTE_MS};
    struct story *story = begin_fired(*state);
    for (size_t i = 0; i < 5; i++) {
        assert_true(story_pages(story, "h/1"));
        assert_string_equal(story->page->channel, "room");
        assert_int_equal(story->page->try, i + 1);
        assert_true(story_paged(story, "exit status 1"));
        assert_string_equal(delivery_at(story, 0)->why, "exit status 1");
        assert_int_equal(delivery_is_given_up(delivery_at(story, 0)), i == 4);
        assert_ptr_equal(incident_delivery_failing(story_incident(story)), delivery_at(story, 0));
        if (i == 0) { /* the other two are no matter here */
            for (size_t other = 0; other < 2; other++) {
                assert_true(story_pages(story, "h/1"));
                assert_true(story_paged(story, NULL));
            }
        }
        if (i < 4) {
            story_passes(story, pauses[i] - 1);
            assert_false(story_pages(story, "h/1"));
            story_passes(story, 1);
        }
    }
    story_passes(story, HOUR_MS);
    check_tries(story, "");
    assert_non_null(strstr(story_dump(story), "exit status 1"));
}

/* "Begun without an end and its keeper gone: ambiguous → sent again, said so." */
static void test_courier_that_died(void **state) {
    struct story *story = begin_fired(*state);
    assert_true(story_pages(story, "h/1"));
    struct command *first = story->page;
    assert_true(story_pages(story, "h/1")); /* the others */
    assert_true(story_paged(story, NULL));
    assert_true(story_pages(story, "h/1"));
    assert_true(story_paged(story, NULL));
    story_passes(story, 50 * SECOND_MS - 1);
    assert_false(story_pages(story, "h/2"));
    story_passes(story, 1);
    check_tries(story, "room - - try 2 due 230s again");
    assert_true(story_pages(story, "h/2"));
    assert_non_null(strstr(story->events[0].body, "\"again\":true"));
    struct command *second = story->page;
    story->page = first;
    assert_false(story_paged(story, NULL));
    story->page = second;
    assert_true(story_paged(story, NULL));
}

/* Nobody is woken for what is over; a level above is a page of its own. */
static void test_what_is_over(void **state) {
    struct story *story = begin_fired(*state);
    assert_true(story_pages(story, "h/1"));
    assert_true(story_paged(story, "busy"));
    story_passes(story, 6 * MINUTE_MS);
    assert_int_equal(story_keeps(story, "kay"), 1);
    check_tries(story, "pager ana +1 try 1 due 180s; mail ana ana@x try 1 due 180s; "
                       "room - - try 2 due 185s");
    assert_true(story_pages(story, "h/1"));
    story_ok(story, "bo", "ack");
    check_tries(story, "");
    assert_null(incident_delivery_failing(story_incident(story)));
    assert_true(story_paged(story, NULL)); /* it had set out */
    struct command *late = story->page;
    late->try++;
    assert_false(story_submit(story, "kay", late));
}

/* The roster of the moment says how: a channel that is gone is no way any more. */
static void test_another_roster(void **state) {
    struct story *story = begin_fired(*state);
    story->roster_text = "roster: 1\npeople: {ana: {may: command, reach: {pager: '+9'}}}\n"
                         "channels: {pager: {type: command, run: [/bin/p]}}\n";
    story_ok(story, "ana", "roster apply r.yaml");
    check_tries(story, "pager ana +9 try 1 due 180s");
}

static void test_clock_set(void **state) {
    struct story *story = begin_fired(*state);
    assert_true(story_pages(story, "h/1"));
    assert_true(story_paged(story, "busy"));
    story_sets_clock(story, HOUR_MS);
    story_ok(story, "cy", "note hm");
    check_tries(story, "pager ana +1 try 1 due 3780s; mail ana ana@x try 1 due 3780s; "
                       "room - - try 2 due 3785s");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_whom_and_how), story_test(test_nobody_without_a_roster),
        story_test(test_sent_once),    story_test(test_one_courier),
        story_test(test_tried_again),  story_test(test_courier_that_died),
        story_test(test_what_is_over), story_test(test_another_roster),
        story_test(test_clock_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
