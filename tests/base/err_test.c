#include "config.h"

#include "tests/base/unit.h"

#include "base/err.h"

#include <errno.h>
#include <string.h>
#include <talloc.h>

static int make_err(void **state) {
    *state = err_new(NULL);
    return 0;
}

static int free_err(void **state) {
    talloc_free(*state);
    return 0;
}

static void a_new_err_is_clear(void **state) {
    struct err *err = *state;

    assert_int_equal(err->code, ERR_NONE);
    assert_null(err->what);
    assert_string_equal(err_sentence(err, err), "");
}

static void setting_copies_and_says_false(void **state) {
    struct err *err = *state;
    char what[] = "can't start the step";

    assert_false(err_set(err, ERR_REFUSED, what, "6 db-down", "finish 3 first"));
    memset(what, 'x', sizeof(what) - 1);
    assert_int_equal(err->code, ERR_REFUSED);
    assert_string_equal(err->what, "can't start the step");
    assert_string_equal(err->on, "6 db-down");
    assert_string_equal(err->remedy, "finish 3 first");
}

static void setting_again_takes_the_old_words(void **state) {
    struct err *err = *state;

    err_set(err, ERR_USAGE, "first", "on", "remedy");
    err_set(err, ERR_CONFLICT, err_fmt(err, "%s, then second", err->what), err->on, NULL);
    assert_int_equal(err->code, ERR_CONFLICT);
    assert_string_equal(err->what, "first, then second");
    assert_string_equal(err->on, "on");
    assert_null(err->remedy);
}

static void setting_often_keeps_only_the_last(void **state) {
    struct err *err = *state;

    err_set(err, ERR_USAGE, err_fmt(err, "%d", 0), NULL, NULL);
    size_t blocks = talloc_total_blocks(err);
    for (int i = 1; i < 100; i++) {
        err_set(err, ERR_USAGE, err_fmt(err, "%d", i), NULL, NULL);
    }
    assert_int_equal(talloc_total_blocks(err), blocks);
    assert_string_equal(err->what, "99");
}

static void errno_becomes_code_and_reason(void **state) {
    static const struct {
        int number;
        enum err_code code;
    } cases[] = {
        {EACCES, ERR_ACCESS},    {EPERM, ERR_ACCESS},       {EROFS, ERR_ACCESS},
        {ENOENT, ERR_NOT_FOUND}, {ENOSPC, ERR_UNAVAILABLE}, {EIO, ERR_UNAVAILABLE},
    };
    struct err *err = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_false(err_errno(err, cases[i].number, "can't open", "a.db", NULL));
        assert_int_equal(err->code, cases[i].code);
        assert_non_null(err->remedy);
    }
    err_errno(err, ENOENT, "can't open", "a.db", "check the path");
    assert_string_equal(err_sentence(err, err),
                        "can't open: a.db: No such file or directory; check the path");
    err_errno(err, ENOENT, "can't open", NULL, NULL);
    assert_string_equal(err_sentence(err, err),
                        "can't open: No such file or directory; see whether its name is right");
}

static void a_sentence_leaves_no_punctuation_behind(void **state) {
    static const struct {
        const char *what, *on, *remedy, *sentence;
    } cases[] = {
        {"a", "b", "c", "a: b; c"}, {"a", NULL, "c", "a; c"}, {"a", "b", NULL, "a: b"},
        {"a", NULL, NULL, "a"},     {NULL, "b", NULL, "b"},   {NULL, NULL, "c", "c"},
        {NULL, "b", "c", "b; c"},   {"a", "", "", "a"},
    };
    struct err *err = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        err_set(err, ERR_USAGE, cases[i].what, cases[i].on, cases[i].remedy);
        assert_string_equal(err_sentence(err, err), cases[i].sentence);
    }
}

static void every_code_has_its_word(void **state) {
    (void)state;
    assert_string_equal(err_code_name(ERR_NONE), "none");
    assert_string_equal(err_code_name(ERR_REFUSED), "refused");
    assert_string_equal(err_code_name(ERR_USAGE), "usage");
    assert_string_equal(err_code_name(ERR_NOT_FOUND), "not_found");
    assert_string_equal(err_code_name(ERR_CONFLICT), "conflict");
    assert_string_equal(err_code_name(ERR_ACCESS), "access");
    assert_string_equal(err_code_name(ERR_UNAVAILABLE), "unavailable");
    assert_string_equal(err_code_name(ERR_DAMAGED), "damaged");
}

static void clearing_forgets_everything(void **state) {
    struct err *err = *state;

    err_set(err, ERR_USAGE, "a", "b", "c");
    err_clear(err);
    assert_int_equal(err->code, ERR_NONE);
    assert_null(err->what);
    assert_null(err->on);
    assert_null(err->remedy);
    assert_int_equal(talloc_total_blocks(err), 1);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_err_is_clear, make_err, free_err),
        cmocka_unit_test_setup_teardown(setting_copies_and_says_false, make_err, free_err),
        cmocka_unit_test_setup_teardown(setting_again_takes_the_old_words, make_err, free_err),
        cmocka_unit_test_setup_teardown(setting_often_keeps_only_the_last, make_err, free_err),
        cmocka_unit_test_setup_teardown(errno_becomes_code_and_reason, make_err, free_err),
        cmocka_unit_test_setup_teardown(a_sentence_leaves_no_punctuation_behind, make_err,
                                        free_err),
        cmocka_unit_test(every_code_has_its_word),
        cmocka_unit_test_setup_teardown(clearing_forgets_everything, make_err, free_err),
    };

    return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
