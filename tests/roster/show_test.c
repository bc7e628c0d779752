#include "config.h"

#include "fixture.h"

#include "base/text.h"
#include "roster/show.h"

#include <stdlib.h>

/* --- the page of the example, as files: UPDATE=1 writes them anew ----------------------------- */

static void check_page(void **state, int width) {
    const char *path = xtalloc_asprintf(*state, "tests/roster/show/shop-%d.txt", width);
    const char *page =
        roster_show(*state, roster_of(*state, file_of(*state, "data/rosters/shop.yaml")), width);
    if (getenv("UPDATE") != NULL)
        file_write(*state, path, page);
    assert_string_equal(page, file_of(*state, path));
}

static void test_pages(void **state) {
    check_page(state, 80);
    check_page(state, 44);
}

/* --- every line fits and is clean, whatever the roster says ----------------------------------- */

static const char hostile[] =
    "roster: 1\n"
    "people:\n"
    "  \"ana\\e[2J\": {name: \"\\e]0;owned\\a \\u202E\\u6F22\\u5B57\\b\\b\", may: command,\n"
    "    reach: {\"\\r\": \"\\e[31m\"}}\n"
    "roles: {\"\\e[H\": [\"\\u200B\", "
    "\"wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww\"]}\n"
    "channels: {\"\\t\": {type: command, run: [\"a\\nb\", \"\\e[2J\"]}}\n"
    "escalation: [{if: undecided, after: 1m, to: [\"\\e[2J\"]}]\n";

static void check_lines(void **state, char *page, int width) {
    for (char *line = strtok(page, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (text_width(line) > width)
            fail_msg("wider than %d: %s", width, line);
        assert_string_equal(text_clean_z(*state, line), line);
    }
}

static void test_lines_fit(void **state) {
    const struct roster *roster = roster_of(*state, hostile);
    for (int width = 40; width <= 200; width += 5)
        check_lines(state, roster_show(*state, roster, width), width);
    check_lines(state, roster_show(*state, roster, 1), 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(test_pages),
        MEMORY_TEST(test_lines_fit),
    };
    return cmocka_run_group_tests(tests, locale_begin, NULL);
}
