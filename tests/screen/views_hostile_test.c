/* Whatever stands in titles, notes, steps and output: rules and columns stay at their places,
 * nothing leaves its pane, no size crashes, and lines 1-5 are always there. */
#include "config.h"

#include "tests/screen/scene.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"

#include <string.h>

#define SEED  UINT64_C(0x5eed0fba)
#define LINES 2000

/* ---- hostile words --------------------------------------------------------------------------- */

/* Pieces that move cursors, hide or turn text, are wide, combine, are broken, or pretend to be the
 * frame itself. */
static const char *const pieces[] = {
    "a",
    "word ",
    "  ",
    "\033[2J",
    "\033[1;1H",
    "\033]0;title\007",
    "\b\b\b\b\b\bOK",
    "\r",
    "\t",
    "\v\f",
    "\xe2\x80\xae",             /* U+202E turns the text around */
    "\xe2\x80\x8b\xe2\x80\x8d", /* zero width */
    "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
    "\xcc\x81",         /* a mark without a base */
    "漢字",             /* wide */
    "\xf0\x9f\x92\xa9", /* emoji */
    "\xff\xfe",         /* no UTF-8 */
    "\xe2\x94",         /* a cut character */
    ("\xc2\x9b"
     "31m"), /* an 8-bit CSI */
    "──────",
    "│",
    "STEPS 9 of 9 done",
    "SPENT / BOX",
    "'",
    "%s%n",
    "longwordlongwordlongwordlongwordlongwordlongwordlongwordlongwordlongword",
};

static char *hostile(const void *parent, struct random *random) {
    char *words = xtalloc_strdup(parent, "x"); /* no text may be empty */
    size_t count = random_below(random, 12);
    for (size_t i = 0; i < count; i++)
        words = xtalloc_strdup_append(words, pieces[random_below(random, ARRAY_SIZE(pieces))]);
    return words;
}

/* ---- a hostile incident ---------------------------------------------------------------------- */

/* A YAML string: what can't stand there is left out. */
static char *yaml_words(const void *parent, struct random *random) {
    char *words = hostile(parent, random), *to = words;
    for (const char *from = words; *from; from++)
        if ((unsigned char)*from >= ' ' && *from != '\'' && (unsigned char)*from < 0x7f)
            *to++ = *from;
    *to = '\0';
    return words;
}

static const char *hostile_steps(const void *parent, struct random *random) {
    char *steps = xtalloc_strdup(parent, "");
    for (int i = 1; i <= 14; i++)
        steps = xtalloc_asprintf_append(
            steps, "  - {id: s%d, title: 'x%s', why: 'x%s', owner: dev, box: 5m, manual: 'x%s'}\n",
            i, yaml_words(parent, random), yaml_words(parent, random), yaml_words(parent, random));
    return steps;
}

/* What no command lets through is put into the state itself, as a foreign store could hold it. */
static void spoil(struct scene *scene, struct random *random) {
    struct incident *incident = (struct incident *)(uintptr_t)story_incident(scene->story);
    incident->title = hostile(scene, random);
    incident->service = hostile(scene, random);
    incident->declared.by = hostile(scene, random);
    for (size_t i = 0; i < incident->roles_count; i++)
        incident->roles[i].holder = hostile(scene, random);
    for (size_t i = 0; i < incident->decisions_count; i++) {
        incident->decisions[i].by = hostile(scene, random);
        incident->decisions[i].title = hostile(scene, random);
        incident->decisions[i].reason = hostile(scene, random);
    }
    for (size_t i = 0; i < incident->steps_count; i++) {
        struct step *step = &incident->steps[i];
        ((struct plan_step *)(uintptr_t)step->spec)->title = hostile(scene, random);
        step->person = hostile(scene, random);
        step->reason = hostile(scene, random);
        for (size_t j = 0; j < step->attempts_count; j++) {
            step->attempts[j].by = hostile(scene, random);
            step->attempts[j].evidence = hostile(scene, random);
        }
    }
    for (size_t i = 0; i < incident->events_count; i++)
        incident->events[i].actor = hostile(scene, random);
}

static struct command *note(struct story *story, const char *text) {
    struct command *command = story_command(story, "note", NULL);
    command->text = text;
    return command;
}

static struct scene *hostile_scene(const void *parent, struct random *random) {
    struct scene *scene = scene_new(parent);
    talloc_free(scene->story);
    scene->story = story_decided(scene, "", hostile_steps(scene, random));
    for (int i = 1; i <= 6; i++) {
        story_ok(scene->story, "cy", xtalloc_asprintf(scene, "start %d", i));
        if (i < 6)
            story_ok(scene->story, "cy", xtalloc_asprintf(scene, "done %d --evidence ok", i));
    }
    for (int i = 0; i < 40; i++)
        assert_true(story_submit(scene->story, "ana", note(scene->story, hostile(scene, random))));
    char *output = xtalloc_strdup(scene, "");
    for (int i = 0; i < 60; i++) {
        char *words = hostile(scene, random);
        words[strcspn(words, "\n")] = '\0';
        output = xtalloc_asprintf_append(output, "1794492081000 o %s\n", words);
    }
    scene_write(scene, "1.s6.1", hostile(scene, random), output);
    for (int i = 0; i < 5; i++)
        scene_say(scene, "14:01", i % 2, hostile(scene, random));
    scene->me = "ana";
    spoil(scene, random);
    return scene;
}

/* ---- what must hold -------------------------------------------------------------------------- */

static bool is_rule_row(const struct canvas *canvas, int row) {
    int cols = canvas_area(canvas).cols;
    return canvas_cell(canvas, row, 1).role == ROLE_RULE &&
           canvas_cell(canvas, row, cols - 2).role == ROLE_RULE;
}

/* Where two columns are divided, they stay divided at the same place. */
static bool is_divided(const struct canvas *canvas, int row) {
    int cols = canvas_area(canvas).cols;
    return canvas_cell(canvas, row, cols * 7 / 12).role == ROLE_RULE;
}

static void assert_frames_alike(const struct canvas *plain, const struct canvas *spoilt,
                                const char *view) {
    struct area area = canvas_area(plain);
    for (int row = 5; row < area.rows - 1; row++)
        if (is_rule_row(plain, row) != is_rule_row(spoilt, row) ||
            is_divided(plain, row) != is_divided(spoilt, row))
            fail_msg("%s at %dx%d: row %d changed its shape", view, area.cols, area.rows, row);
}

/* Each cell holds what has no control byte, and each row is as wide as the screen. */
static void assert_cells_are_clean(const struct canvas *canvas) {
    struct area area = canvas_area(canvas);
    for (int row = 0; row < area.rows; row++)
        for (int col = 0; col < area.cols; col++) {
            const unsigned char first = (unsigned char)canvas_cell(canvas, row, col).text[0];
            assert_true(first == 0 || (first >= ' ' && first != 0x7f));
        }
}

static bool row_is_blank(const struct canvas *canvas, int row) {
    for (int col = 0; col < canvas_area(canvas).cols; col++)
        if (canvas_cell(canvas, row, col).text[0] != ' ')
            return false;
    return true;
}

static void assert_head(const struct canvas *canvas, const struct view *view) {
    for (int row = 0; row < view->head_rows; row++)
        assert_false(row_is_blank(canvas, row));
    assert_int_equal(canvas_cell(canvas, 0, 1).role, ROLE_SEVERITY);
}

static const struct view *const worked[] = {&board_view, &incident_view, &step_view};

static void look(struct scene *scene, const struct view *view) {
    scene_look(scene, view, view == &step_view ? "s6" : NULL);
}

/* 2,000 lines: each scene holds about a hundred. */
static void test_hostile_words(void **state) {
    static const struct { int cols, rows; } sizes[] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}};
    struct random random = {SEED};
    for (int round = 0; round < LINES / 100; round++) {
        void *scratch = talloc_new(*state);
        struct scene *scene = hostile_scene(scratch, &random);
        for (size_t i = 0; i < ARRAY_SIZE(sizes) * ARRAY_SIZE(worked); i++) {
            const struct view *view = worked[i / ARRAY_SIZE(sizes)];
            look(scene, view);
            struct canvas *canvas = scene_draw(scene, sizes[i % ARRAY_SIZE(sizes)].rows,
                                               sizes[i % ARRAY_SIZE(sizes)].cols, round % 2);
            assert_cells_are_clean(canvas);
            assert_head(canvas, view);
        }
        talloc_free(scratch);
    }
}

/* The same incident, before and after its words were spoilt. */
static void test_rules_stay(void **state) {
    struct random random = {SEED};
    for (int round = 0; round < 10; round++) {
        void *scratch = talloc_new(*state);
        struct scene *scene = hostile_scene(scratch, &random);
        for (int cols = 40; cols <= 200; cols += 10) {
            look(scene, &board_view);
            struct canvas *before = scene_draw(scene, 40, cols, false);
            spoil(scene, &random);
            assert_frames_alike(before, scene_draw(scene, 40, cols, false), "board");
            look(scene, &incident_view);
            before = scene_draw(scene, 40, cols, false);
            spoil(scene, &random);
            assert_frames_alike(before, scene_draw(scene, 40, cols, false), "incident");
        }
        talloc_free(scratch);
    }
}

/* The columns of the steps: state, owner and words stand where they stand for plain words. */
static void test_columns_stay(void **state) {
    static const int columns[] = {2, 18, 48, 60};
    struct random random = {SEED};
    struct scene *scene = hostile_scene(*state, &random);
    for (int round = 0; round < 50; round++) {
        spoil(scene, &random);
        scene->page = (struct page){.view = &board_view, .follow = true};
        struct canvas *canvas = scene_draw(scene, 40, 80, false);
        for (int row = 9; row < 14; row++)
            for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
                assert_string_equal(canvas_cell(canvas, row, columns[i]).text, " ");
    }
}

static void test_every_size(void **state) {
    struct random random = {SEED};
    struct scene *scene = hostile_scene(*state, &random);
    static const struct view *const all[] = {&board_view, &incident_view, &step_view, &help_view,
                                             &messages_view};
    for (int rows = 1; rows <= 60; rows += rows < 12 ? 1 : 7)
        for (int cols = 1; cols <= 200; cols += cols < 45 ? 1 : 13)
            for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
                look(scene, all[i]);
                scene->page.maximised = cols % 2;
                struct canvas *canvas = scene_draw(scene, rows, cols, false);
                assert_cells_are_clean(canvas);
                if (rows >= 10 && cols >= 40)
                    assert_head(canvas, all[i]);
                talloc_free(canvas);
            }
}

/* What a frame costs doesn't grow with history: neither by itself nor under a filter. */
static void test_long_history(void **state) {
    static const struct view *const views[] = {&board_view, &incident_view};
    struct scene *scene = scene_checkout(*state);
    size_t before[ARRAY_SIZE(views)];
    scene->page.filter = filter_new(scene, "growing");
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < (round ? 3000 : 200); i++)
            story_ok(scene->story, "raj", "note 'refunds queue is growing'");
        for (size_t i = 0; i < ARRAY_SIZE(views) * 2; i++) {
            struct filter *filter = scene->page.filter;
            size_t view = i % ARRAY_SIZE(views);
            scene_look(scene, views[view], NULL);
            scene->page.filter = i < ARRAY_SIZE(views) ? NULL : filter;
            talloc_free(scene_draw(scene, 40, 120, false));
            scene->page.filter = filter;
            if (!round && i < ARRAY_SIZE(views))
                before[view] = scene->drawn_bytes;
            assert_true(scene->drawn_bytes <= before[view] * 2);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        story_test(test_hostile_words), story_test(test_rules_stay),
        story_test(test_columns_stay),  story_test(test_every_size),
        story_test(test_long_history),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
