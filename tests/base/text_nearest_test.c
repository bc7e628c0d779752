#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/text.h"

static const char *const names[] = {"declare", "acknowledge", "decide", "start",    "status",
                                    "stop",    "approve",     "abort",  "handover", NULL};

static void slips_are_understood(void **state) {
    static const struct {
        const char *word, *meant;
    } cases[] = {
        {"start", "start"},
        {"strat", "start"},
        {"tsart", "start"},
        {"satrt", "start"},
        {"sttart", "start"},
        {"sart", "start"},
        {"Start", "start"},
        {"APPROVE", "approve"},
        {"aprove", "approve"},
        {"statsu", "status"},
        {"decidee", "decide"},
        {"acknowlegde", "acknowledge"},
        {"ack", "acknowledge"},
        {"handoevr", "handover"},
        {"hand", "handover"},
        {"declaer", "declare"},
        {"acknwoldge", "acknowledge"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *nearest = text_nearest(cases[i].word, names);
        if (nearest == NULL) {
            fail_msg("nothing for %s", cases[i].word);
        }
        assert_string_equal(nearest, cases[i].meant);
    }
}

static void other_words_are_not_guessed(void **state) {
    static const char *const cases[] = {
        "",         "x",
        "s",        "foo",
        "sta",      "restart now",
        "xxxxxxxx", "dec",
        "\xff\xfe", "a word that is longer than forty bytes, and so no slip at all",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *nearest = text_nearest(cases[i], names);
        if (nearest != NULL) {
            fail_msg("\"%s\" gave %s", cases[i], nearest);
        }
    }
}

static void long_names_do_no_harm(void **state) {
    static const char *const odd[] = {
        "a name of a table that is far longer than any word which is compared", "", "start", NULL};
    static const char *const none[] = {NULL};

    (void)state;
    assert_string_equal(text_nearest("strat", odd), "start");
    assert_null(text_nearest("strat", none));
}

static void names_are_found_by_their_words(void **state) {
    static const char *const words[] = {"roster", "apply", "file", NULL};

    (void)state;
    assert_int_equal(text_names("roster apply", words), 2);
    assert_int_equal(text_names("roster", words), 1);
    assert_int_equal(text_names("roster app", words), 0);
    assert_int_equal(text_names("roster apply file now", words), 0);
    assert_int_equal(text_names("rost", words), 0);
    assert_int_equal(text_names("", words), 0);
    assert_int_equal(text_names("roster", words + 3), 0);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_are_understood),
        cmocka_unit_test(other_words_are_not_guessed),
        cmocka_unit_test(long_names_do_no_harm),
        cmocka_unit_test(names_are_found_by_their_words),
    };

    return cmocka_run_group_tests_name("text_nearest", tests, NULL, NULL);
}
