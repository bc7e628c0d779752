/* The arithmetic of the benchmarks: what can be said of numbers without measuring anything. */
#include "config.h"

#include "tests/base/unit.h"

#include "tests/bench/ratio.h"

#include "base/array.h"

#include <math.h>
#include <talloc.h>

/* ---- samples --------------------------------------------------------------------------------- */

static void test_percentile_of_samples(void **state) {
    double odd[] = {9, 1, 5}, even[] = {4, 1, 2, 3}, one[] = {7};
    (void)state;
    assert_float_equal(samples_percentile(odd, 3, 50), 5, 0);
    assert_float_equal(samples_percentile(even, 4, 50), 2.5, 0);
    assert_float_equal(samples_percentile(one, 1, 99), 7, 0);
    assert_float_equal(samples_percentile(one, 0, 50), 0, 0);
}

static void test_percentile_by_nearest_rank(void **state) {
    double samples[100];
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
        samples[i] = (double)(100 - i);
    assert_float_equal(samples_percentile(samples, 100, 99), 99, 0);
    assert_float_equal(samples_percentile(samples, 100, 100), 100, 0);
    assert_float_equal(samples_percentile(samples, 100, 0), 1, 0);
    assert_float_equal(samples_percentile(samples, 10, 99), 10, 0);
}

/* ---- ratios ---------------------------------------------------------------------------------- */

/* The median of the ratios, which is not the ratio of the medians: 20/2, 20/40, 30/30. */
static void test_ratio_pair_by_pair(void **state) {
    const struct pairs pairs = {.count = 3, .ours = {20, 20, 30}, .theirs = {2, 40, 30}};
    (void)state;
    struct ratio ratio = ratio_of(&pairs);
    assert_float_equal(ratio.min, 0.5, 0);
    assert_float_equal(ratio.median, 1, 0);
    assert_float_equal(ratio.max, 10, 0);
    assert_float_equal(ratio.ours, 20, 0);
    assert_float_equal(ratio.theirs, 30, 0);
    assert_float_equal(pairs.ours[2], 30, 0);
}

static void test_goals(void **state) {
    const struct goal most = {AT_MOST, 0.5}, least = {AT_LEAST, 0.6};
    struct ratio ratio = {.median = 0.5, .max = 9};
    (void)state;
    assert_true(ratio_meets(&ratio, most));
    assert_false(ratio_meets(&ratio, least));
    ratio.median = 0.6;
    assert_false(ratio_meets(&ratio, most));
    assert_true(ratio_meets(&ratio, least));
}

/* Nothing measured is nothing proved. */
static void test_no_ratio_meets_no_goal(void **state) {
    const struct goal most = {AT_MOST, 2}, least = {AT_LEAST, 2};
    const struct pairs none = {0}, nothing = {.count = 1};
    const struct pairs endless = {.count = 1, .ours = {1}};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct ratio ratio = ratio_of((const struct pairs *[]){&none, &nothing, &endless}[i]);
        assert_false(ratio_meets(&ratio, most));
        assert_false(ratio_meets(&ratio, least));
    }
}

/* ---- in turn --------------------------------------------------------------------------------- */

#define TURNS_MOST 64

struct turns {
    char order[TURNS_MOST + 1];
    size_t count, fails_at;
};

struct player {
    struct turns *turns;
    char letter;
};

static bool play(void *data, double *value, struct err *err) {
    struct player *player = data;
    struct turns *turns = player->turns;
    turns->order[turns->count++] = player->letter;
    *value = (double)turns->count;
    return turns->count != turns->fails_at ||
           err_set(err, ERR_UNAVAILABLE, "no value", "a player", "play again");
}

static bool play_pairs(struct turns *turns, struct pairs *pairs) {
    struct player a = {turns, 'A'}, b = {turns, 'B'};
    struct err *err = err_new(NULL);
    bool played = ratio_measure((struct subject){play, &a}, (struct subject){play, &b}, PAIRS_LEAST,
                                pairs, err);
    assert_int_equal(played ? ERR_NONE : ERR_UNAVAILABLE, err->code);
    talloc_free(err);
    return played;
}

static void test_pairs_take_turns(void **state) {
    struct turns turns = {0};
    struct pairs pairs;
    (void)state;
    assert_true(play_pairs(&turns, &pairs));
    assert_string_equal(turns.order, "AB"
                                     "ABBAABBAABBAAB");
    assert_int_equal(pairs.count, PAIRS_LEAST);
    assert_float_equal(pairs.ours[0], 3, 0);
    assert_float_equal(pairs.theirs[0], 4, 0);
    assert_float_equal(pairs.theirs[1], 5, 0);
    assert_float_equal(pairs.ours[1], 6, 0);
}

static void test_a_failure_ends_the_measuring(void **state) {
    (void)state;
    for (size_t at = 1; at <= 2 * (PAIRS_LEAST + 1); at++) {
        struct turns turns = {.fails_at = at};
        struct pairs pairs;
        assert_false(play_pairs(&turns, &pairs));
        assert_int_equal(turns.count, at);
        assert_int_equal(pairs.count, at <= 2 ? 0 : (at - 3) / 2);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_percentile_of_samples),
        cmocka_unit_test(test_percentile_by_nearest_rank),
        cmocka_unit_test(test_ratio_pair_by_pair),
        cmocka_unit_test(test_goals),
        cmocka_unit_test(test_no_ratio_meets_no_goal),
        cmocka_unit_test(test_pairs_take_turns),
        cmocka_unit_test(test_a_failure_ends_the_measuring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
