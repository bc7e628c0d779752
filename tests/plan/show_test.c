#include "config.h"

#include "fixture.h"

#include "base/text.h"
#include "plan/show.h"

#include <stdlib.h>

/* --- the pages of the examples, as files: UPDATE=1 writes them anew --------------------------- */

static const char *page_path(const void *parent, const char *name, int width) {
    return xtalloc_asprintf(parent, "tests/plan/show/%s-%d.txt", name, width);
}

static const struct {
    const char *name;
    int width;
} pages[] = {
    {"search-flag", 80}, {"search-flag", 44}, {"web-release", 80},
    {"checkout", 80},    {"checkout", 100},
};

static void test_pages(void **state) {
    for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
        const char *source = xtalloc_asprintf(*state, "data/plans/%s.yaml", pages[i].name);
        const char *page =
            plan_show(*state, plan_of(*state, file_of(*state, source)), pages[i].width);
        const char *path = page_path(*state, pages[i].name, pages[i].width);
        if (getenv("UPDATE") != NULL)
            file_write(*state, path, page);
        assert_string_equal(page, file_of(*state, path));
    }
}

/* --- every line fits, whatever the plan says -------------------------------------------------- */

static const char hostile[] =
    "title: \"\\e[2Jred \\b\\b\\b \\u202Eright to left\"\n"
    "plan: hostile\n"
    "steps:\n"
    "  - id: averyveryverylongidthatdoesnotfitintoanycolumnofthetable\n"
    "    title: \"\\u6F22\\u5B57\\u6F22\\u5B57\\u6F22\\u5B57\\u6F22\\u5B57\\u6F22\\u5B57 \\a "
    "wide\"\n"
    "    run: [\"a word with blanks\", \"\\e]0;title\\a\"]\n"
    "    undo: "
    "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww\n";

static void check_lines(void **state, char *page, int width) {
    for (char *line = strtok(page, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (text_width(line) > width)
            fail_msg("wider than %d: %s", width, line);
        assert_string_equal(text_clean_z(*state, line), line);
        assert_true(line[strlen(line) - 1] != ' ');
    }
}

static void test_lines_fit(void **state) {
    const struct plan *plan = plan_of(*state, hostile);
    for (int width = 40; width <= 200; width += 5)
        check_lines(state, plan_show(*state, plan, width), width);
    check_lines(state, plan_show(*state, plan, 1), 40);
}

static void test_words_of_argv_are_quoted(void **state) {
    const char *page = plan_show(*state, plan_of(*state, hostile), 80);
    assert_non_null(strstr(page, "[\"a word with blanks\", \""));
}

/* An id or needs that don't fit their column stand below in full. */
static void test_nothing_is_lost(void **state) {
    const char *page = plan_show(*state, plan_of(*state, hostile), 80);
    assert_non_null(strstr(page, "\n    id        averyveryverylongidthatdoesnotfitintoany"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_pages),
        MEMORY_TEST(test_lines_fit),
        MEMORY_TEST(test_nothing_is_lost),
        MEMORY_TEST(test_words_of_argv_are_quoted),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
