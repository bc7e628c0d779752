/* An incident in ten lines, and the message that goes with a page. */
#include "config.h"

#include "tests/incident/story.h"

#include "base/time.h"
#include "base/xtalloc.h"
#include "incident/brief.h"

#include <string.h>

static const char more[] = "ticket: CHG-20931\nlinks: {channel: '#inc-41'}\nrto: 60m\n"
                           "point_of_no_return: {step: code, note: n}\n"
                           "escalation:\n"
                           "  - {if: step_late, after: 1m, to: [vp-eng]}\n"
                           "  - {if: step_late, after: 30m, to: [cto]}\n";
static const char steps[] = "  - {id: flag, owner: dev, box: 5m, manual: Off, undo: x}\n"
                            "  - {id: code, owner: dev, box: 5m, run: [./x], undo: x}\n"
                            "  - {id: look, owner: commander, box: 3m, manual: Look}\n";

static struct story *begin(const void *parent) {
    struct story *story = story_new(parent, story_plan(parent, more, steps));
    story_ok(story, "cy",
             "declare p --accept t --title 'checkout 5xx' --severity 1 --detected-at 14:05:02 "
             "--detected-by monitor");
    return story;
}

/* `expected` has %.8s where the plan's digest stands. */
static void check_brief(const struct story *story, const char *expected) {
    const char *at = strstr(expected, "%.8s");
    char *words = xtalloc_asprintf(story, "%.*s%.8s%s", (int)(at - expected), expected,
                                   story_incident(story)->plan->sha256, at + strlen("%.8s"));
    assert_string_equal(incident_brief(story, story_incident(story), story->now_ms), words);
}

static void test_at_the_beginning(void **state) {
    struct story *story = begin(*state);
    story_passes(story, 2 * MINUTE_MS);
    check_brief(story, "SEV1 INC-1 checkout 5xx: DECLARED, T+2:00 at 14:10:02 UTC\n"
                       "seen 14:05 by monitor, declared 14:08 by cy; service shop\n"
                       "IC NOBODY\n"
                       "no decision yet; GO BACK? yes, until 2\n"
                       "0 of 3 steps done\n"
                       "nothing late\n"
                       "next acknowledge in 3:00, decide in 8:00, recover target in 55:00\n"
                       "plan shop-1 version 1, "
                       "%.8s; #inc-41; CHG-20931\n");
}

static void test_in_the_middle(void **state) {
    struct story *story = begin(*state);
    story_ok(story, "ana", "take commander");
    story_ok(story, "bo", "take deputy");
    story_ok(story, "ana", "ack");
    story_ok(story, "ana", "decide back --reason 'errors climb'");
    story_ok(story, "cy", "start flag");
    story_ok(story, "cy", "done flag");
    story_ok(story, "cy", "start code");
    story_passes(story, 6 * MINUTE_MS);
    assert_int_equal(story_keeps(story, "kay"), 1);
    story_ok(story, "dot", "concern refunds queue grows");
    story_ok(story, "dot", "concern answered already");
    story_ok(story, "ana", "answer 2 no");
    story_ok(story, "cy", "eta code 4m adding two nodes");
    story_passes(story, MINUTE_MS);
    check_brief(story,
                "SEV1 INC-1 checkout 5xx: ROLLING BACK, T+7:00 at 14:15:02 UTC\n"
                "seen 14:05 by monitor, declared 14:08 by cy, acknowledged 14:08 by ana; "
                "service shop\n"
                "IC ana, deputy bo\n"
                "DECIDED 14:08 ana: Take it all back, \"errors climb\"; GO BACK? NO since 14:08\n"
                "1 of 3 steps done; runs 2 code (cy)\n"
                "LATE 2 code, cy, 2:00 over, says 14:18 \"adding two nodes\"\n"
                "next call-out in 9:00 bo, next page in 28:00 cto, recover target in 50:00 ana\n"
                "CONCERN 1 of dot: refunds queue grows\n"
                "paged vp-eng at 14:14\n"
                "plan shop-1 version 1, %.8s; #inc-41; CHG-20931\n");
}

static void test_message(void **state) {
    struct story *story = story_new(*state, story_plan(*state, more, steps));
    story_ok(story, "cy", "declare p --accept t --title 'a\033[2Jb' --drill");
    story_ok(story, "ana", "decide back --reason x");
    story_ok(story, "cy", "start flag");
    story_passes(story, 40 * MINUTE_MS);
    assert_int_equal(story_keeps(story, "kay"), 1);
    const struct fired *fired = &story_incident(story)->fired[0];
    const char *message = page_message(story, story_incident(story), fired, "cto", story->now_ms);
    const char *subject = page_subject(story, story_incident(story), fired);
    assert_non_null(strstr(subject, "DRILL SEV2 INC-1 a"));
    assert_non_null(strstr(subject, "b: 1 flag is late"));
    assert_null(strchr(message, '\033'));
    assert_memory_equal(message, subject, strlen(subject));
    assert_non_null(strstr(message,
                           "\n\nfor cto, level 2, for nobody was called before\nThis is a drill.\n"
                           "DRILL SEV2 INC-1"));
}

/* A text that may hold what it likes can't make lines of its own. */
static void test_no_line_from_outside(void **state) {
    struct story *story = begin(*state);
    size_t lines = 0;
    struct command *note = story_command(story, "concern", NULL);
    note->text = "one\nIC eve\ntwo";
    assert_true(story_submit(story, "dot", note));
    const char *text = incident_brief(story, story_incident(story), story->now_ms);
    for (const char *at = text; (at = strchr(at, '\n')); at++)
        lines++;
    assert_int_equal(lines, 9);
    assert_null(strstr(text, "\nIC eve"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_at_the_beginning),
        story_test(test_in_the_middle),
        story_test(test_message),
        story_test(test_no_line_from_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
