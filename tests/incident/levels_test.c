/* Escalation: who is called when nobody does what was to be done. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/clocks.h"
#include "incident/levels.h"
#include "incident/waits.h"

#include <string.h>

static const char steps[] = "  - {id: code, owner: dev, box: 5m, by: 40m, run: [./x], undo: x}\n"
                            "  - {id: look, owner: commander, box: 3m, manual: Look}\n";

static const char policy[] = "escalation:\n"
                             "  - {if: unacknowledged, after: 5m, to: [commander]}\n"
                             "  - {if: step_late, after: 2m, to: [commander, cy]}\n"
                             "  - {if: unacknowledged, after: 10m, to: [bo, vp-eng]}\n"
                             "  - {if: step_late, after: 6m, to: [vp-eng], repeat: 2}\n"
                             "  - {if: notice_late, after: 1m, to: [comms]}\n";

static struct story *begin(const void *parent) {
    return story_declared(parent, story_plan(parent, policy, steps));
}

static struct story *begin_running(const void *parent) {
    struct story *story = begin(parent);
    story_ok(story, "ana", "take commander");
    story_ok(story, "bo", "ack");
    story_ok(story, "ana", "decide back --reason x");
    story_ok(story, "cy", "start code");
    return story;
}

/* "step_late code 1.0 7m cy": thing, level and repeat, due in minutes from the beginning, whom. */
static char *levels_at(const struct story *story, int64_t now_ms) {
    const struct incident *incident = story_incident(story);
    struct levels levels = incident_levels(story, incident, now_ms);
    char *words = xtalloc_strdup(story, "");
    for (size_t i = 0; i < levels.count; i++) {
        const struct level *level = &levels.list[i];
        words = xtalloc_asprintf_append(words, "%s%s%s%s %lld.%lld %lldm %s", i ? "; " : "",
                                        lateness_name(level->late), level->step ? " " : "",
                                        level->step ? level->step->spec->id : "",
                                        (long long)level->number, (long long)level->repeat,
                                        (long long)((level->due_ms - STORY_BEGAN_MS) / MINUTE_MS),
                                        level_called(story, incident, level).words);
        if (level->missed)
            words = xtalloc_asprintf_append(words, " missed %lld", (long long)level->missed);
    }
    return words;
}

static void check_levels(const struct story *story, const char *expected) {
    assert_string_equal(levels_at(story, story->now_ms), expected);
}

static const struct fired *last_fired(const struct story *story) {
    const struct incident *incident = story_incident(story);
    assert_true(incident->fired_count > 0);
    return &incident->fired[incident->fired_count - 1];
}

/* --- what is next ----------------------------------------------------------------------------- */

static void test_levels_follow_the_path(void **state) {
    struct story *story = begin(*state);
    check_levels(story, "unacknowledged 1.0 5m ana");
    story_ok(story, "bo", "ack");
    check_levels(story, "");
    story_ok(story, "ana", "decide back --reason x");
    check_levels(story, "step_late code 1.0 42m ana, cy");
    story_ok(story, "cy", "start code");
    check_levels(story, "step_late code 1.0 7m ana, cy");
    story_ok(story, "ana", "pause");
    check_levels(story, "step_late code 1.0 7m ana, cy");
    assert_true(story_ran(story, "code", "exited", 0));
    check_levels(story, "");
    story_ok(story, "ana", "resume");
    story_passes(story, 10 * MINUTE_MS);
    story_ok(story, "ana", "start look");
    check_levels(story, "step_late look 1.0 15m ana, cy");
    story_ok(story, "ana", "done look");
    check_levels(story, "");
}

static void test_what_was_decided_and_recovered(void **state) {
    struct story *story =
        story_new(*state, story_plan(*state,
                                     "escalation:\n"
                                     "  - {if: undecided, after: 10m, to: [commander]}\n"
                                     "  - {if: not_recovered, after: 1h, to: [bo]}\n",
                                     steps));
    story_ok(story, "ana", "declare p --accept t --detected-at 13:58:02");
    check_levels(story, "undecided 1.0 10m ana; not_recovered 1.0 50m bo");
    story_ok(story, "ana", "decide hold --reason x");
    check_levels(story, "not_recovered 1.0 50m bo");
    story_ok(story, "ana", "recover");
    check_levels(story, "");
}

/* Each attempt is late by itself; the step's latest end is no matter of attempts. */
static void test_every_attempt_anew(void **state) {
    struct story *story = begin_running(*state);
    story_passes(story, 8 * MINUTE_MS);
    assert_int_equal(story_keeps(story, "kay"), 1);
    assert_true(story_ran(story, "code", "exited", 1));
    story_ok(story, "cy", "retry code --reason x");
    check_levels(story, "step_late code 1.0 15m ana, cy");
    story_passes(story, 36 * MINUTE_MS);
    check_levels(story, "step_late code 2.2 31m vp-eng missed 3");
}

static void test_without_a_policy_nobody_is_called(void **state) {
    struct story *story = story_declared(*state, story_plan(*state, "", steps));
    check_levels(story, "");
    story_refused(story, "bo", "escalate", ERR_REFUSED, "nothing is late");
    story_refused(story, "bo", "snooze 5m --reason x", ERR_REFUSED, "nothing is late");
}

static const char roster[] =
    "roster: 1\n"
    "people: {ana: {may: command}, bo: {may: command}, cy: {may: respond}, dot: {may: respond}}\n"
    "roles: {commander: [bo], dba: [dot]}\n"
    "channels:\n"
    "  pager: {type: command, run: [/bin/true]}\n"
    "  dot: {type: command, run: [/bin/true]}\n"
    "escalation:\n"
    "  - {if: unacknowledged, after: 3m, to: [dba, pager, dot, cy, deputy, cy]}\n"
    "limits: {snooze: 10m}\n";

/* "roles resolved to their holder, else first of the list; people; channels by name" */
static void test_whom_it_calls(void **state) {
    struct story *story = story_new(*state, story_plan(*state, "", steps));
    story->roster_text = roster;
    story_ok(story, "ana", "roster apply r.yaml");
    story_ok(story, "ana", "declare --title x");
    check_levels(story, "unacknowledged 1.0 3m dot, cy, pager");
    story_ok(story, "ana", "take dba");
    story_ok(story, "ana", "take commander");
    story_ok(story, "bo", "take deputy");
    check_levels(story, "unacknowledged 1.0 3m ana, dot, cy, bo, pager");
    story_passes(story, 3 * MINUTE_MS);
    assert_int_equal(story_keeps(story, "cy"), 1);
    const struct fired *fired = last_fired(story);
    assert_string_equal(fired->people[3], "bo");
    assert_null(fired->people[4]);
    assert_string_equal(fired->channels[0], "pager");
    assert_null(fired->channels[1]);
}

static void test_the_plans_word_before_the_rosters(void **state) {
    struct story *story = story_new(*state, story_plan(*state, policy, steps));
    story->roster_text = roster;
    story_ok(story, "ana", "roster apply r.yaml");
    story_ok(story, "ana", "declare --title x");
    check_levels(story, "unacknowledged 1.0 3m dot, cy, pager");
    story_ok(story, "ana", "adopt p.yaml --accept t");
    check_levels(story, "unacknowledged 1.0 5m ana");
}

static void test_nobody_to_call(void **state) {
    struct story *story = story_new(*state, NULL);
    story->roster_text = "roster: 1\npeople: {ana: {may: command}}\nescalation:\n"
                         "  - {if: unacknowledged, after: 3m, to: [scribe]}\n";
    story_ok(story, "ana", "roster apply r.yaml");
    story_ok(story, "ana", "declare --title x");
    check_levels(story, "unacknowledged 1.0 3m nobody");
    story_passes(story, 3 * MINUTE_MS);
    assert_int_equal(story_keeps(story, "ana"), 1);
    assert_string_equal(last_fired(story)->to, "nobody");
}

/* --- fired ------------------------------------------------------------------------------------ */

static struct command *command_of(struct story *story, int64_t at_ms) {
    struct levels levels = incident_levels(story, story_incident(story), at_ms);
    return level_command(story, story_incident(story), &levels.list[0], story->now_ms);
}

static void test_fired_when_due_and_once(void **state) {
    struct story *story = begin(*state);
    struct command *early = command_of(story, STORY_BEGAN_MS);
    story_passes(story, 5 * MINUTE_MS - 1);
    assert_false(story_submit(story, "kay", early));
    assert_int_equal(story->err->code, ERR_CONFLICT);
    assert_int_equal(story_keeps(story, "kay"), 0);
    story_passes(story, 1);
    assert_int_equal(story_keeps(story, "kay"), 1);
    assert_string_equal(story->answer, "paged ana: nobody has acknowledged");
    assert_int_equal(story_keeps(story, "kay"), 0);
    assert_false(story_submit(story, "lou", early));
    assert_int_equal(story_incident(story)->fired_count, 1);
    check_levels(story, "unacknowledged 2.0 10m bo, vp-eng");
}

static void test_the_record(void **state) {
    struct story *story = begin_running(*state);
    story_passes(story, 7 * MINUTE_MS);
    assert_int_equal(story_keeps(story, "kay"), 1);
    assert_string_equal(story_kinds(story), "escalation.fired");
    assert_string_equal(story->last_id, "fired/1/step_late/1/1794492782000/1.0");
    const struct incident *incident = story_incident(story);
    const struct event *event = &incident->events[incident->events_count - 1];
    assert_string_equal(event->via, "keeper");
    assert_string_equal(event->actor, "kay");
    assert_string_equal(event_sentence(story, incident, event),
                        "PAGED ana, cy: 1 code is late, level 1");
}

/* "so nobody home for an hour past two levels gives ONE catch-up event" */
static void test_nobody_home(void **state) {
    struct story *story = begin(*state);
    story_passes(story, HOUR_MS);
    check_levels(story, "unacknowledged 2.0 10m bo, vp-eng missed 1");
    assert_int_equal(story_keeps(story, "kay"), 1);
    assert_int_equal(last_fired(story)->missed, 1);
    assert_int_equal(story_keeps(story, "kay"), 0);
    check_levels(story, "");
}

static void test_repeats(void **state) {
    struct story *story = begin_running(*state);
    static const int64_t due[] = {7, 11, 17, 23};
    for (size_t i = 0; i < 4; i++) {
        story->now_ms = STORY_BEGAN_MS + due[i] * MINUTE_MS - 1;
        assert_int_equal(story_keeps(story, "kay"), 0);
        story_passes(story, 1);
        assert_int_equal(story_keeps(story, "kay"), 1);
        assert_int_equal(last_fired(story)->number, i ? 2 : 1);
        assert_int_equal(last_fired(story)->repeat, i ? i - 1 : 0);
        assert_int_equal(last_fired(story)->missed, 0);
    }
    story_passes(story, DAY_MS);
    assert_int_equal(story_keeps(story, "kay"), 0);
}

static void test_what_is_done_is_not_fired(void **state) {
    struct story *story = begin(*state);
    story_passes(story, 6 * MINUTE_MS);
    struct command *fire = command_of(story, story->now_ms);
    story_ok(story, "bo", "ack");
    assert_false(story_submit(story, "kay", fire));
    assert_int_equal(story->err->code, ERR_CONFLICT);
    story_ok(story, "ana", "abandon --reason x");
    assert_false(story_submit(story, "kay", fire));
}

/* A fire that names something else than what is due, or nothing. */
static void test_only_what_is_asked_for(void **state) {
    struct story *story = begin_running(*state);
    story_passes(story, 8 * MINUTE_MS);
    static const struct {
        const char *late, *step;
        int64_t level, repeat;
    } wrong[] = {{"step_late", "look", 1, 0}, {"step_late", NULL, 1, 0},
                 {"undecided", "code", 1, 0}, {NULL, "code", 1, 0},
                 {"step_late", "code", 2, 0}, {"step_late", "code", 1, 1}};
    for (size_t i = 0; i < 6; i++) {
        struct command *fire = story_command(story, "fire", wrong[i].step);
        fire->late = wrong[i].late;
        fire->level = wrong[i].level;
        fire->repeat = wrong[i].repeat;
        assert_false(story_submit(story, "kay", fire));
    }
    assert_int_equal(story_keeps(story, "kay"), 1);
}

/* When somebody sets the clock, what was fired stays so, and what comes goes on. */
static void test_across_a_clock_that_is_set(void **state) {
    struct story *story = begin(*state);
    story_passes(story, 6 * MINUTE_MS);
    assert_int_equal(story_keeps(story, "kay"), 1);
    struct command *stale = command_of(story, LEVELS_TO_COME);
    story_sets_clock(story, HOUR_MS);
    assert_false(story_submit(story, "kay", stale));
    assert_int_equal(story_keeps(story, "kay"), 0);
    check_levels(story, "unacknowledged 2.0 70m bo, vp-eng");
    story_sets_clock(story, -2 * HOUR_MS);
    story_ok(story, "kay", "note x");
    story_passes(story, 4 * MINUTE_MS);
    assert_int_equal(story_keeps(story, "kay"), 1);
    assert_int_equal(story_incident(story)->fired_count, 2);
}

/* Numbers from a file that nobody checked. */
static void test_numbers_without_end(void **state) {
    struct story *story = story_declared(
        *state, story_plan(*state,
                           "escalation:\n"
                           "  - {if: unacknowledged, after: 36500d, to: [bo], repeat: 1000000}\n"
                           "  - {if: undecided, after: 0s, to: [bo], repeat: 1000000}\n",
                           steps));
    check_levels(story,
                 "undecided 1.1000000 0m bo missed 1000000; unacknowledged 1.0 52560000m bo");
    assert_int_equal(story_keeps(story, "kay"), 1);
    check_levels(story, "unacknowledged 1.0 52560000m bo");
    story->now_ms = INT64_MAX;
    levels_at(story, INT64_MAX);
    assert_true(strlen(level_command(story, story_incident(story),
                                     &(struct level){.late = LATE_UNACKNOWLEDGED,
                                                     .onset_ms = INT64_C(9007199254740992),
                                                     .number = 1,
                                                     .repeat = 9000000},
                                     0)
                           ->id) < COMMAND_ID - 1);
}

/* --- by hand ---------------------------------------------------------------------------------- */

static void test_by_hand(void **state) {
    struct story *story = begin(*state);
    story_ok(story, "cy", "escalate --reason 'nobody answers the phone'");
    assert_string_equal(story->answer, "paged ana: nobody has acknowledged");
    assert_true(last_fired(story)->by_hand);
    const struct incident *incident = story_incident(story);
    assert_string_equal(
        event_sentence(story, incident, &incident->events[incident->events_count - 1]),
        "PAGED ana by hand: nobody has acknowledged, level 1: "
        "\"nobody answers the phone\"");
    check_levels(story, "unacknowledged 2.0 10m bo, vp-eng");
    story_ok(story, "cy", "escalate");
    story_refused(story, "cy", "escalate", ERR_REFUSED, "nothing is late");
    story_passes(story, HOUR_MS);
    assert_int_equal(story_keeps(story, "kay"), 0);
}

/* Two people press at once: the second is told, and pages nobody further up. */
static void test_by_two_hands(void **state) {
    struct story *story = begin(*state);
    struct command *one = story_command(story, "escalate", NULL);
    struct command *two = story_command(story, "escalate", NULL);
    one->if_seq = two->if_seq = story_incident(story)->last_seq;
    assert_true(story_submit(story, "bo", one));
    assert_false(story_submit(story, "cy", two));
    assert_int_equal(story->err->code, ERR_CONFLICT);
    assert_string_equal(story->err->what, "ana was paged at 14:08:02");
}

/* What isn't late yet can't be paged for. */
static void test_not_before_it_is_late(void **state) {
    struct story *story = begin_running(*state);
    story_refused(story, "bo", "escalate", ERR_REFUSED, "nothing is late");
    story_passes(story, 5 * MINUTE_MS);
    story_ok(story, "bo", "escalate");
    assert_string_equal(story->answer, "paged ana, cy: 1 code is late");
}

/* --- put off ---------------------------------------------------------------------------------- */

static void test_snooze(void **state) {
    struct story *story = begin(*state);
    story_passes(story, MINUTE_MS);
    story_refused(story, "bo", "snooze 31m --reason x", ERR_REFUSED, "at most 30m");
    story_ok(story, "bo", "snooze 7m --reason 'on my way'");
    check_levels(story, "unacknowledged 1.0 8m ana");
    story_passes(story, 7 * MINUTE_MS - 1);
    assert_int_equal(story_keeps(story, "kay"), 0);
    story_passes(story, 1);
    assert_int_equal(story_keeps(story, "kay"), 1);
    check_levels(story, "unacknowledged 2.0 10m bo, vp-eng");
}

/* "never one by more than 30 min past its own time however often it is done" */
static void test_a_snooze_has_an_end(void **state) {
    struct story *story = begin(*state);
    for (int i = 0; i < 3; i++) {
        story_ok(story, "bo", "snooze 25m --reason x");
        assert_int_equal(story_keeps(story, "kay"), 0);
        story_passes(story, 10 * MINUTE_MS);
    }
    check_levels(story, "unacknowledged 1.0 35m ana");
    story_ok(story, "bo", "snooze 25m --reason x");
    story_passes(story, 5 * MINUTE_MS - 1);
    assert_int_equal(story_keeps(story, "kay"), 0);
    story_passes(story, 1);
    assert_int_equal(story_keeps(story, "kay"), 1);
    check_levels(story, "unacknowledged 2.0 40m bo, vp-eng");
    story_ok(story, "bo", "escalate");
}

static void test_the_rosters_longest_snooze(void **state) {
    struct story *story = story_new(*state, story_plan(*state, "", steps));
    story->roster_text = roster;
    story_ok(story, "ana", "roster apply r.yaml");
    story_ok(story, "ana", "declare --title x");
    story_refused(story, "bo", "snooze 11m --reason x", ERR_REFUSED, "at most 10m");
    story_ok(story, "bo", "snooze 10m --reason x");
    check_levels(story, "unacknowledged 1.0 10m dot, cy, pager");
    story_passes(story, 2 * MINUTE_MS);
    story_ok(story, "bo", "snooze 10m --reason x");
    story_passes(story, 2 * MINUTE_MS);
    story_ok(story, "bo", "snooze 10m --reason x");
    check_levels(story, "unacknowledged 1.0 13m dot, cy, pager");
}

/* --- what people see of it -------------------------------------------------------------------- */

static void test_the_next_page_is_a_clock_that_is_never_late(void **state) {
    struct story *story = begin_running(*state);
    story_passes(story, 8 * MINUTE_MS);
    struct clocks clocks = incident_clocks(story, story_incident(story));
    const struct clock *page = NULL;
    for (size_t i = 0; i < clocks.count; i++)
        if (clocks.list[i].page)
            page = &clocks.list[i];
    assert_non_null(page);
    assert_string_equal(page->what, "next page");
    assert_string_equal(page->who, "ana, cy");
    assert_int_equal(page->due_ms, STORY_BEGAN_MS + 7 * MINUTE_MS);
    assert_string_equal(clocks_worst(&clocks, story->now_ms)->what, "step box");
}

static const char *first_duty(const struct story *story, const char *person) {
    struct duties duties = incident_duties(story, story_incident(story), person);
    return duties.count ? duties.list[0].words : "";
}

/* Who was paged is told until they say anything, or it is no longer so. */
static void test_you_were_paged(void **state) {
    struct story *story = begin_running(*state);
    story_passes(story, 7 * MINUTE_MS);
    assert_string_equal(first_duty(story, "cy"), "");
    story_keeps(story, "cy");
    assert_string_equal(first_duty(story, "cy"), "you were paged: 1 code is late");
    assert_string_equal(first_duty(story, "ana"), "you were paged: 1 code is late");
    assert_string_equal(first_duty(story, "vp-eng"), "");
    story_ok(story, "cy", "eta code 5m");
    assert_string_equal(first_duty(story, "cy"), "");
    assert_string_equal(first_duty(story, "ana"), "you were paged: 1 code is late");
    assert_true(story_ran(story, "code", "exited", 0));
    assert_string_equal(first_duty(story, "ana"), "start 2 look");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_levels_follow_the_path),
        story_test(test_what_was_decided_and_recovered),
        story_test(test_every_attempt_anew),
        story_test(test_without_a_policy_nobody_is_called),
        story_test(test_whom_it_calls),
        story_test(test_the_plans_word_before_the_rosters),
        story_test(test_nobody_to_call),
        story_test(test_fired_when_due_and_once),
        story_test(test_the_record),
        story_test(test_nobody_home),
        story_test(test_repeats),
        story_test(test_what_is_done_is_not_fired),
        story_test(test_only_what_is_asked_for),
        story_test(test_across_a_clock_that_is_set),
        story_test(test_numbers_without_end),
        story_test(test_by_hand),
        story_test(test_by_two_hands),
        story_test(test_not_before_it_is_late),
        story_test(test_snooze),
        story_test(test_a_snooze_has_an_end),
        story_test(test_the_rosters_longest_snooze),
        story_test(test_the_next_page_is_a_clock_that_is_never_late),
        story_test(test_you_were_paged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
