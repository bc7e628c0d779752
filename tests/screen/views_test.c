/* Views as people see them, against files: sizes, states, and the twins of glyphs in ASCII. */
#include "config.h"

#include "tests/screen/golden.h"
#include "tests/screen/scene.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "ui/hints.h"

#include <stdlib.h>
#include <string.h>

static const char undo_code_output[] =
    "1794492081000 o deployment.apps/checkout rolled back\n"
    "1794492082000 o Waiting for rollout to finish: 0 of 10 updated replicas available\n"
    "1794492160000 o Waiting for rollout to finish: 4 of 10 updated replicas available\n"
    "1794492242000 o Waiting for rollout to finish: 6 of 10 updated replicas available\n"
    "1794492331000 e Warning: FailedScheduling 0/24 nodes: insufficient cpu\n"
    "1794492478000 e Warning: FailedScheduling 0/24 nodes: insufficient cpu\n";

static struct scene *with_output(struct scene *scene) {
    scene_write(scene, "41.undo-code.1", "3 undo-code", undo_code_output);
    return scene;
}

static void check(struct scene *scene, int cols, int rows, const char *name) {
    golden_check(scene_draw(scene, rows, cols, false),
                 xtalloc_asprintf(scene, "%s-%dx%d", name, cols, rows));
}

static const struct { int cols, rows; } sizes[] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}};

static void check_sizes(struct scene *scene, const char *name) {
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
        check(scene, sizes[i].cols, sizes[i].rows, name);
}

static void test_board(void **state) {
    check_sizes(with_output(scene_checkout(*state)), "board");
}

static void test_incident(void **state) {
    struct scene *scene = scene_checkout(*state);
    scene_look(scene, &incident_view, NULL);
    check_sizes(scene, "incident");
}

static void test_step(void **state) {
    struct scene *scene = with_output(scene_checkout(*state));
    scene_look(scene, &step_view, "undo-code");
    check_sizes(scene, "step");
}

static void test_help(void **state) {
    struct scene *scene = scene_checkout(*state);
    scene_look(scene, &help_view, NULL);
    check(scene, 80, 24, "help");
    check(scene, 120, 60, "help");
}

static void test_messages(void **state) {
    struct scene *scene = scene_checkout(*state);
    scene_look(scene, &messages_view, NULL);
    check(scene, 80, 24, "messages-none");
    scene_say(scene, "14:01", false, "started 3 undo-code, attempt 1");
    scene_say(scene, "14:05", true,
              "start refused: 5 backup waits for 3: finish or skip what it waits for. Nothing was"
              " changed, and the words typed for it are kept for the next time it is asked");
    check(scene, 80, 24, "messages");
    check(scene, 40, 10, "messages");
}

static void test_ascii(void **state) {
    struct scene *scene = with_output(scene_checkout(*state));
    golden_check(scene_draw(scene, 24, 80, true), "board-ascii-80x24");
    scene_look(scene, &step_view, "undo-code");
    golden_check(scene_draw(scene, 24, 80, true), "step-ascii-80x24");
}

static void test_calm(void **state) {
    struct scene *scene = scene_calm(*state);
    check(scene, 80, 24, "calm");
    check(scene, 40, 10, "calm");
}

static void test_declared(void **state) {
    struct scene *scene = scene_declared(*state);
    check(scene, 80, 24, "declared");
    scene_look(scene, &incident_view, NULL);
    check(scene, 80, 24, "declared-incident");
}

static void test_decided(void **state) {
    struct scene *scene = scene_decided(*state);
    check(scene, 80, 24, "decided");
}

static void test_paused(void **state) {
    struct scene *scene = with_output(scene_checkout(*state));
    scene_at(scene, "14:08:10", "bo", "pause --reason 'refunds look wrong'");
    check(scene, 80, 24, "paused");
    check(scene, 40, 10, "paused");
    check(scene, 120, 40, "paused");
}

static void test_failed(void **state) {
    struct scene *scene = with_output(scene_checkout(*state));
    scene_ran(scene, "14:08:10", "undo-code", "exited", 3);
    check(scene, 80, 24, "failed");
    scene_look(scene, &step_view, "undo-code");
    check(scene, 80, 24, "step-failed");
}

static void test_unknown(void **state) {
    struct scene *scene = with_output(scene_checkout(*state));
    scene_ran(scene, "14:08:10", "undo-code", "timed_out", 9);
    check(scene, 80, 24, "unknown");
    scene_look(scene, &step_view, "undo-code");
    check(scene, 80, 24, "step-unknown");
}

static void test_verifying(void **state) {
    struct scene *scene = with_output(scene_checkout(*state));
    scene_ran(scene, "14:07:40", "undo-code", "exited", 0);
    scene->story->now_ms = STORY_BEGAN_MS;
    check(scene, 80, 24, "verifying");
}

static void test_manual(void **state) {
    struct scene *scene = scene_checkout(*state);
    scene_look(scene, &step_view, "soak");
    check(scene, 80, 24, "step-manual");
}

/* A viewer, or somebody whose turn it isn't. */
static void test_nothing_waits(void **state) {
    struct scene *scene = with_output(scene_checkout(*state));
    scene->me = "sue";
    scene->link = (struct link){.read_only = "watching"};
    check(scene, 80, 24, "viewer");
    scene->me = "lee";
    scene->link.read_only = NULL;
    check(scene, 80, 24, "responder");
    scene->link = (struct link){.doubted = true};
    check(scene, 80, 24, "other-log");
    check(scene, 40, 10, "other-log");
    scene->link = (struct link){.stale_since_ms = scene->story->now_ms - 42 * SECOND_MS};
    check(scene, 80, 24, "stale");
    scene->link = (struct link){.viewers_behind = true};
    check(scene, 120, 40, "viewers-behind");
    check(scene, 80, 24, "viewers-behind");
    check(scene, 40, 10, "viewers-behind");
    scene->link = (struct link){.read_only = "watching", .unkept = true};
    check(scene, 120, 40, "unkept");
    check(scene, 80, 24, "unkept");
    check(scene, 40, 10, "unkept");
}

static void test_late(void **state) {
    struct scene *scene = with_output(scene_checkout(*state));
    scene->story->now_ms += 40 * MINUTE_MS;
    check(scene, 80, 24, "late");
    check(scene, 120, 40, "late");
    check(scene, 40, 10, "late");
}

/* Somebody was paged: the board says whom and who is next, and asks them for a word. */
static void test_paged(void **state) {
    struct scene *scene = with_output(scene_checkout(*state));
    scene->story->now_ms += 5 * MINUTE_MS;
    assert_int_equal(story_keeps(scene->story, "kay"), 1);
    check_sizes(scene, "paged");
    scene->me = "vp-eng";
    check(scene, 80, 24, "paged-me");
    scene->story->now_ms += 20 * MINUTE_MS;
    assert_int_equal(story_keeps(scene->story, "kay"), 1);
    check(scene, 80, 24, "paged-last");
}

/* Who was called doesn't know it, for no page goes out; or nobody is there to send one. */
static void test_not_reached(void **state) {
    struct scene *scene = with_output(scene_checkout(*state));
    scene->story->roster_text =
        "roster: 1\npeople: {ana: {may: command}, vp-eng: {may: respond, reach: {pager: '1'}}}\n"
        "others: respond\nchannels: {pager: {type: command, run: [/bin/page]}}\n";
    story_ok(scene->story, "ana", "roster apply r.yaml");
    scene->story->now_ms += 5 * MINUTE_MS;
    assert_int_equal(story_keeps(scene->story, "kay"), 1);
    assert_true(story_pages(scene->story, "ops2/99"));
    assert_true(story_paged(scene->story, "exit status 3: no signal"));
    check_sizes(scene, "not-reached");
    scene->link.undelivered = true;
    check(scene, 120, 40, "undelivered");
    check(scene, 80, 24, "undelivered");
    check(scene, 40, 10, "undelivered");
}

/* What is later than all that is late here comes first; a drill never does. */
static void test_later_elsewhere(void **state) {
    struct scene *scene = with_output(scene_checkout(*state));
    scene->story->now_ms += 10 * MINUTE_MS;
    scene->me = "bo";
    scene->page.incident = 39;
    check(scene, 80, 24, "later-elsewhere");
}

static void test_late_elsewhere(void **state) {
    struct scene *scene = with_output(scene_checkout(*state));
    scene_ran(scene, "14:08:10", "undo-code", "exited", 0);
    scene->story->now_ms += 5 * MINUTE_MS;
    check(scene, 80, 24, "late-elsewhere");
}

/* With a roster line 1 has no badge for want of one, and only what one may waits on one. */
static void test_roster(void **state) {
    struct scene *scene = with_output(scene_checkout(*state));
    scene_enforce(scene);
    check(scene, 80, 24, "roster");
    check(scene, 40, 10, "roster");
    scene->me = "sue";
    check(scene, 80, 24, "roster-viewer");
    scene->me = "ana";
    scene_at(scene, "14:08:10", "bo", "take commander --relieve --reason 'no answer'");
    scene_at(scene, "14:08:20", "bo", "skip reset-config --reason 'not touched by 4.12'");
    scene_look(scene, &incident_view, NULL);
    check(scene, 80, 24, "roster-relieved-incident");
}

static void test_roles(void **state) {
    struct scene *scene = scene_checkout(*state);
    scene_look(scene, &roles_view, NULL);
    check(scene, 80, 24, "roles-not-enforced");
    scene_enforce(scene);
    scene_at(scene, "14:08:02", "ana", "offer scribe joana");
    scene_at(scene, "14:08:02", "ana", "assign reset-config ivo");
    scene_select(scene, 0, "code");
    check(scene, 80, 24, "roles");
    check(scene, 120, 40, "roles");
    check(scene, 40, 10, "roles");
    struct scene *calm = scene_calm(*state);
    scene_enforce(calm);
    calm->page.view = &roles_view;
    check(calm, 80, 24, "roles-calm");
}

/* Help says what isn't for whom it is shown to. */
static void test_not_for_you(void **state) {
    struct scene *scene = scene_checkout(*state);
    scene_enforce(scene);
    scene->me = "lee";
    scene_look(scene, &help_view, NULL);
    check(scene, 120, 60, "roster-help");
}

static const char *many_steps(const void *parent) {
    char *steps = xtalloc_strdup(parent, "");
    for (int i = 1; i <= 40; i++)
        steps = xtalloc_asprintf_append(
            steps, "  - {id: s%d, title: Step number %d, owner: dev, box: 5m, manual: x}\n", i, i);
    return steps;
}

static void test_many_steps(void **state) {
    struct scene *scene = scene_new(*state);
    talloc_free(scene->story);
    scene->story = story_decided(scene, "", many_steps(scene));
    for (int i = 1; i <= 12; i++) {
        story_ok(scene->story, "cy", xtalloc_asprintf(scene, "start %d", i));
        story_passes(scene->story, MINUTE_MS);
        if (i < 12)
            story_ok(scene->story, "cy", xtalloc_asprintf(scene, "done %d", i));
    }
    scene->me = "cy";
    check(scene, 80, 24, "many");
    scene_select(scene, 0, "s4");
    check(scene, 80, 24, "many-selected");
    scene_select(scene, 0, "s38");
    check(scene, 80, 24, "many-end");
    scene->page.maximised = true;
    check(scene, 80, 24, "many-maximised");
}

static void test_selection(void **state) {
    struct scene *scene = with_output(scene_checkout(*state));
    scene_select(scene, 1, "40");
    check(scene, 80, 24, "others-selected");
    const struct incident *incident = story_incident(scene->story);
    scene_select(scene, 2, xtalloc_asprintf(scene, "%lld", (long long)incident->events[5].seq));
    check(scene, 80, 24, "log-selected");
    scene->page.filter = filter_new(scene, "!started");
    check(scene, 80, 24, "log-filtered");
    scene->page.filter = filter_new(scene, "no such words");
    check(scene, 80, 24, "log-nothing");
}

/* What is more than the list holds would never be shown, on no screen. */
static void test_hints_find_room(void **state) {
    (void)state;
    for (const char *const *name = view_names; *name; name++) {
        size_t count = 0;
        while (view_find(*name)->hints[count])
            count++;
        assert_in_range(count, 1, HINTS_MAX);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_board),          story_test(test_incident),
        story_test(test_step),           story_test(test_help),
        story_test(test_messages),       story_test(test_ascii),
        story_test(test_calm),           story_test(test_declared),
        story_test(test_decided),        story_test(test_paused),
        story_test(test_failed),         story_test(test_unknown),
        story_test(test_verifying),      story_test(test_manual),
        story_test(test_nothing_waits),  story_test(test_late),
        story_test(test_not_reached),    story_test(test_paged),
        story_test(test_late_elsewhere), story_test(test_later_elsewhere),
        story_test(test_roster),         story_test(test_roles),
        story_test(test_not_for_you),    story_test(test_many_steps),
        story_test(test_selection),      cmocka_unit_test(test_hints_find_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
