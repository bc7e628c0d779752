#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "base/time.h"

#include <stdlib.h>
#include <talloc.h>
#include <time.h>

/* 2026-11-12T14:08:02Z */
#define NOW_MS INT64_C(1794492482000)

static int make_context(void **state) {
    *state = talloc_new(NULL);
    return 0;
}

static int free_context(void **state) {
    talloc_free(*state);
    return 0;
}

static void instants_are_written(void **state) {
    assert_string_equal(time_rfc3339(*state, NOW_MS), "2026-11-12T14:08:02.000Z");
    assert_string_equal(time_rfc3339(*state, NOW_MS + 7), "2026-11-12T14:08:02.007Z");
    assert_string_equal(time_rfc3339(*state, 0), "1970-01-01T00:00:00.000Z");
    assert_string_equal(time_rfc3339(*state, -1), "1969-12-31T23:59:59.999Z");
    assert_string_equal(time_rfc3339(*state, INT64_C(1709164800000)), "2024-02-29T00:00:00.000Z");
    assert_string_equal(time_clock(*state, NOW_MS), "14:08:02");
    assert_string_equal(time_minute(*state, NOW_MS), "14:08");
    assert_string_equal(time_clock(*state, -1), "23:59:59");
}

/* Where clocks are put back an hour in the night, one minute comes twice; here it doesn't. */
static void daylight_saving_means_nothing(void **state) {
    const int64_t before_ms = INT64_C(1792889940000); /* 2026-10-25T00:59:00Z, 02:59 there */
    struct err *err = err_new(*state);
    int64_t at_ms;
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    assert_string_equal(time_minute(*state, before_ms), "00:59");
    assert_string_equal(time_minute(*state, before_ms + 2 * MINUTE_MS), "01:01");
    assert_string_equal(time_rfc3339(*state, before_ms), "2026-10-25T00:59:00.000Z");
    assert_true(time_parse("00:59", before_ms + HOUR_MS, &at_ms, err));
    assert_int_equal(at_ms, before_ms);
    assert_true(time_parse("2026-10-25T01:59:00Z", 0, &at_ms, err));
    assert_int_equal(at_ms, before_ms + HOUR_MS);
    unsetenv("TZ");
    tzset();
}

/* It stands still for nobody, and both clocks are read as one. */
static void a_moment_is_one_on_both_clocks(void **state) {
    (void)state;
    struct moment first = time_moment(), second = time_moment();
    int64_t ahead_ms = first.wall_ms - first.boot_ms;
    assert_true(second.boot_ms >= first.boot_ms);
    assert_in_range(second.wall_ms - second.boot_ms, ahead_ms - 10, ahead_ms + 10);
}

static void instants_are_read(void **state) {
    static const struct {
        const char *text;
        int64_t at_ms;
    } cases[] = {
        {"2026-11-12T14:08:02Z", NOW_MS},
        {"2026-11-12T14:08:02.5Z", NOW_MS + 500},
        {"2026-11-12T14:08:02.0079999Z", NOW_MS + 7},
        {"2026-11-12t14:08:02z", NOW_MS},
        {"2026-11-12 14:08:02Z", NOW_MS},
        {"2026-11-12T16:08:02+02:00", NOW_MS},
        {"2026-11-12T04:38:02-09:30", NOW_MS},
        {"2026-11-12T14:08:02-00:00", NOW_MS},
        {"1969-12-31T23:59:59.999Z", -1},
        {"2024-02-29T00:00:00Z", INT64_C(1709164800000)},
        {"2016-12-31T23:59:60Z", INT64_C(1483228800000)},
        {"2017-01-01T00:59:60+01:00", INT64_C(1483228800000)},
    };
    struct err *err = err_new(*state);
    int64_t at_ms;

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        if (!time_parse(cases[i].text, 0, &at_ms, err) || at_ms != cases[i].at_ms) {
            fail_msg("\"%s\" was read as %jd", cases[i].text, (intmax_t)at_ms);
        }
    }
}

static void a_clock_time_is_the_last_such(void **state) {
    struct err *err = err_new(*state);
    int64_t at_ms;

    assert_true(time_parse("14:08", NOW_MS, &at_ms, err));
    assert_true(at_ms == NOW_MS - 2 * SECOND_MS);
    assert_true(time_parse("14:08:02", NOW_MS, &at_ms, err));
    assert_true(at_ms == NOW_MS);
    assert_true(time_parse("14:08:03", NOW_MS, &at_ms, err));
    assert_true(at_ms == NOW_MS + SECOND_MS - DAY_MS);
    assert_true(time_parse("00:00", NOW_MS, &at_ms, err));
    assert_string_equal(time_rfc3339(*state, at_ms), "2026-11-12T00:00:00.000Z");
    assert_true(time_parse("23:59", -1, &at_ms, err));
    assert_string_equal(time_rfc3339(*state, at_ms), "1969-12-31T23:59:00.000Z");
}

static void other_times_are_refused(void **state) {
    static const char *const cases[] = {
        "",
        "now",
        "24:00",
        "12:60",
        "12:00:60",
        "1:00",
        "12:0",
        "12:00 ",
        "12:00Z",
        "2026-11-12",
        "2026-11-12T14:08Z",
        "2026-11-12T14:08:02",
        "2026-11-12T14:08:02.Z",
        "2026-11-12T14:08:02Z ",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-11-00T00:00:00Z",
        "2026-11-12T24:00:00Z",
        "2026-11-12T14:60:00Z",
        "2026-11-12T14:08:61Z",
        "2026-11-12T14:08:60Z",
        "2026-11-12T14:08:02+24:00",
        "2026-11-12T14:08:02+02:60",
        "2026-11-12T14:08:02+0200",
        "2026-11-12T14:08:02,5Z",
        "26-11-12T14:08:02Z",
        "+2026-11-12T14:08:02Z",
    };
    struct err *err = err_new(*state);
    int64_t at_ms;

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        if (time_parse(cases[i], NOW_MS, &at_ms, err)) {
            fail_msg("took \"%s\"", cases[i]);
        }
        assert_int_equal(err->code, ERR_USAGE);
        assert_non_null(err->remedy);
    }
}

static void what_is_written_is_read_back(void **state) {
    struct random random = {2026};
    struct err *err = err_new(*state);
    int64_t at_ms, again;

    for (int i = 0; i < 2000; i++) {
        at_ms = (int64_t)random_below(&random, (size_t)(300 * 365 * DAY_MS)) - 100 * 365 * DAY_MS;
        char *text = time_rfc3339(*state, at_ms);
        assert_true(time_parse(text, 0, &again, err));
        assert_true(again == at_ms);
        talloc_free(text);
    }
}

static void durations_are_read(void **state) {
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        {"90s", 90 * SECOND_MS},
        {"10m", 10 * MINUTE_MS},
        {"2h", 2 * HOUR_MS},
        {"90d", 90 * DAY_MS},
        {"0s", 0},
        {"007m", 7 * MINUTE_MS},
        {"36500d", 36500 * DAY_MS},
    };
    struct err *err = err_new(*state);
    int64_t ms;

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_true(duration_parse(cases[i].text, &ms, err));
        assert_true(ms == cases[i].ms);
    }
}

static void other_durations_are_refused(void **state) {
    static const char *const cases[] = {
        "",
        "s",
        "10",
        "-1s",
        "+1s",
        "1.5h",
        "1h30m",
        "10 m",
        " 1s",
        "1s ",
        "10ms",
        "1w",
        "1S",
        "36501d",
        "99999999999999999999s",
        "9223372036854775807d",
    };
    struct err *err = err_new(*state);
    int64_t ms;

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        if (duration_parse(cases[i], &ms, err)) {
            fail_msg("took \"%s\"", cases[i]);
        }
        assert_int_equal(err->code, ERR_USAGE);
    }
}

static void durations_are_written_short(void **state) {
    assert_string_equal(duration_unit(*state, 90 * SECOND_MS), "90s");
    assert_string_equal(duration_unit(*state, 60 * SECOND_MS), "1m");
    assert_string_equal(duration_unit(*state, 90 * MINUTE_MS), "90m");
    assert_string_equal(duration_unit(*state, 24 * HOUR_MS), "1d");
    assert_string_equal(duration_unit(*state, 25 * HOUR_MS), "25h");
    assert_string_equal(duration_unit(*state, 0), "0s");
    assert_string_equal(duration_unit(*state, 90 * SECOND_MS + 999), "90s");
    assert_string_equal(duration_unit(*state, 999), "0s");
}

static void durations_are_written_as_a_clock(void **state) {
    static const struct {
        int64_t ms;
        const char *text;
    } cases[] = {
        {0, "0:00"},
        {42 * SECOND_MS, "0:42"},
        {42 * SECOND_MS + 999, "0:42"},
        {27 * MINUTE_MS + 2 * SECOND_MS, "27:02"},
        {HOUR_MS - 1, "59:59"},
        {HOUR_MS + 4 * MINUTE_MS, "1h04"},
        {DAY_MS - 1, "23h59"},
        {3 * DAY_MS + 4 * HOUR_MS, "3d04h"},
        {-42 * SECOND_MS, "0:42"},
        {INT64_MIN, "106751991167d07h"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        assert_string_equal(duration_clock(*state, cases[i].ms), cases[i].text);
    }
}

static void the_clocks_run(void **state) {
    int64_t boot_ms = time_boot_ms();

    (void)state;
    assert_true(time_now_ms() > INT64_C(1700000000000));
    assert_true(boot_ms > 0);
    assert_true(time_boot_ms() >= boot_ms);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_are_written),
        cmocka_unit_test(daylight_saving_means_nothing),
        cmocka_unit_test(a_moment_is_one_on_both_clocks),
        cmocka_unit_test(instants_are_read),
        cmocka_unit_test(a_clock_time_is_the_last_such),
        cmocka_unit_test(other_times_are_refused),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(durations_are_read),
        cmocka_unit_test(other_durations_are_refused),
        cmocka_unit_test(durations_are_written_short),
        cmocka_unit_test(durations_are_written_as_a_clock),
        cmocka_unit_test(the_clocks_run),
    };

    return cmocka_run_group_tests_name("time", tests, make_context, free_context);
}
