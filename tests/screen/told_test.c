/* ui/told.c: sentences of a log, kept for as long as they are true. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/xtalloc.h"
#include "incident/events.h"
#include "ui/told.h"

#include <string.h>

#define ONE_STEP "  - {id: last, title: B, owner: dev, needs: [], box: 9m, manual: Do it}\n"
#define TWO_STEPS                                                                                  \
    "  - {id: first, title: A, owner: dev, needs: [], box: 9m, manual: Do it}\n" ONE_STEP

static void assert_told(struct told *told, const struct incident *incident) {
    for (size_t i = 0; i < incident->events_count; i++) {
        const struct event *event = &incident->events[i];
        char *sentence = event_sentence(NULL, incident, event);
        assert_string_equal(told_sentence(told, incident, event), sentence);
        talloc_free(sentence);
    }
}

static void a_sentence_is_made_once(void **state) {
    struct story *story = story_decided(*state, "", TWO_STEPS);
    const struct incident *incident = story_incident(story);
    struct told *told = told_new(*state);

    const char *first = told_sentence(told, incident, &incident->events[0]);
    assert_told(told, incident);
    assert_ptr_equal(told_sentence(told, incident, &incident->events[0]), first);
}

/* Another plan may number its steps otherwise. */
static void an_event_makes_all_anew(void **state) {
    struct story *story = story_decided(*state, "", TWO_STEPS);
    struct told *told = told_new(*state);

    story_ok(story, "ana", "assign last cy");
    const struct incident *incident = story_incident(story);
    size_t assigned = incident->events_count - 1;
    const char *sentence = told_sentence(told, incident, &incident->events[assigned]);
    assert_non_null(strstr(sentence, "2 last"));
    story->plan_text = story_plan(*state, "", ONE_STEP);
    story_ok(story, "ana", "adopt p.yaml --accept t");
    incident = story_incident(story);
    sentence = told_sentence(told, incident, &incident->events[assigned]);
    assert_non_null(strstr(sentence, "1 last"));
    assert_told(told, incident);
}

/* As long a log as the other's. */
static void each_incident_is_told_by_itself(void **state) {
    struct story *story = story_new(*state, NULL);
    struct told *told = told_new(*state);

    story_ok(story, "ana", "declare --title 'one thing'");
    const struct incident *one = story_incident(story);
    story_ok(story, "bo", "declare --title 'another'");
    const struct incident *other = story_incident(story);
    assert_int_equal(one->events_count, other->events_count);
    for (int i = 0; i < 2; i++) {
        assert_told(told, one);
        assert_told(told, other);
    }
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        story_test(a_sentence_is_made_once),
        story_test(an_event_makes_all_anew),
        story_test(each_incident_is_told_by_itself),
    };

    return cmocka_run_group_tests_name("told", tests, NULL, NULL);
}
