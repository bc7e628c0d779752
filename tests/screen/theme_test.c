/* ui/theme.c: each role can be told from plain text without colour, colours can be read on white
 * and on black, and eyes that lack a kind of cone keep them apart. */
#include "config.h"

#include "tests/base/unit.h"

#include "base/array.h"
#include "ui/theme.h"

#include <math.h>
#include <string.h>

/* Looks that stand for something, so that mistaking one for another matters. */
static const enum role meanings[] = {ROLE_LATE,    ROLE_UNKNOWN, ROLE_WARN,
                                     ROLE_RUNNING, ROLE_READY,   ROLE_OK};

struct rgb {
    double channel[3]; /* linear light, 0 … 1 */
};

struct lab {
    double l, a, b;
};

/* sRGB (IEC 61966-2-1) to linear light. */
static double linear(int byte) {
    double value = byte / 255.0;

    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static struct rgb rgb_of(int hex) {
    return (struct rgb){{linear(hex >> 16), linear(hex >> 8 & 255), linear(hex & 255)}};
}

/* The colour cube of the 256, from number 16 on, as xterm has it. */
static int indexed_hex(int number) {
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    int cube = number - 16;

    assert_in_range(number, 16, 231);
    return levels[cube / 36] << 16 | levels[cube / 6 % 6] << 8 | levels[cube % 6];
}

static double luminance(struct rgb color) {
    return 0.2126 * color.channel[0] + 0.7152 * color.channel[1] + 0.0722 * color.channel[2];
}

static struct rgb seen_through(const double matrix[3][3], struct rgb color) {
    struct rgb seen;

    for (int i = 0; i < 3; i++) {
        double sum = 0;
        for (int j = 0; j < 3; j++) {
            sum += matrix[i][j] * color.channel[j];
        }
        seen.channel[i] = fmin(fmax(sum, 0), 1);
    }
    return seen;
}

static double lab_curve(double value) {
    return value > 216.0 / 24389 ? cbrt(value) : (24389.0 / 27 * value + 16) / 116;
}

/* CIE 1976 L*a*b* under D65. */
static struct lab lab_of(struct rgb color) {
    const double *c = color.channel;
    double x = lab_curve((0.4124 * c[0] + 0.3576 * c[1] + 0.1805 * c[2]) / 0.9505);
    double y = lab_curve(luminance(color));
    double z = lab_curve((0.0193 * c[0] + 0.1192 * c[1] + 0.9505 * c[2]) / 1.089);

    return (struct lab){116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

static double distance(struct rgb a, struct rgb b) {
    struct lab p = lab_of(a), q = lab_of(b);

    return sqrt(pow(p.l - q.l, 2) + pow(p.a - q.a, 2) + pow(p.b - q.b, 2));
}

static struct rgb color_of(enum role role, enum theme_depth depth) {
    int color = theme_look(role, depth, false).color;

    return rgb_of(depth == THEME_INDEXED ? indexed_hex(color) : color);
}

static const enum theme_depth exact_depths[] = {THEME_INDEXED, THEME_DIRECT};

/* ---- tests ----------------------------------------------------------------------------------- */

static void colors_read_on_white_and_on_black(void **state) {
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(exact_depths); i++) {
        for (int role = 0; role < ROLE_COUNT; role++) {
            if (theme_look((enum role)role, exact_depths[i], false).color == LOOK_DEFAULT_COLOR) {
                continue;
            }
            double light = luminance(color_of((enum role)role, exact_depths[i]));
            assert_true(1.05 / (light + 0.05) >= 3.0);
            assert_true((light + 0.05) / 0.05 >= 3.0);
        }
    }
}

static bool differ(enum role a, enum role b, enum theme_depth depth, const double matrix[3][3]) {
    struct look first = theme_look(a, depth, false), second = theme_look(b, depth, false);

    if (first.attributes != second.attributes) {
        return true;
    }
    if (first.color == LOOK_DEFAULT_COLOR || second.color == LOOK_DEFAULT_COLOR) {
        return first.color != second.color;
    }
    return distance(seen_through(matrix, color_of(a, depth)),
                    seen_through(matrix, color_of(b, depth))) >= 10;
}

/* Matrices of Machado, Oliveira and Fernandes 2009, severity 1; a distance of 2.3 is just noticed.
 */
static void meanings_stay_apart_for_all_eyes(void **state) {
    static const double eyes[][3][3] = {
        {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
        {{0.152286, 1.052583, -0.204868},
         {0.114503, 0.786281, 0.099216},
         {-0.003882, -0.048116, 1.051998}},
        {{0.367322, 0.860646, -0.227968},
         {0.280085, 0.672501, 0.047413},
         {-0.011820, 0.042940, 0.968881}},
        {{1.255528, -0.076749, -0.178779},
         {-0.078411, 0.930809, 0.147602},
         {0.004733, 0.691367, 0.303900}},
    };

    (void)state;
    for (size_t eye = 0; eye < ARRAY_SIZE(eyes); eye++) {
        for (size_t i = 0; i < ARRAY_SIZE(meanings); i++) {
            for (size_t j = 0; j < i; j++) {
                assert_true(differ(meanings[i], meanings[j], THEME_INDEXED, eyes[eye]));
                assert_true(differ(meanings[i], meanings[j], THEME_DIRECT, eyes[eye]));
            }
        }
    }
}

static void no_color_means_none(void **state) {
    (void)state;
    for (int role = 0; role < ROLE_COUNT; role++) {
        assert_int_equal(theme_look((enum role)role, THEME_MONO, false).color, LOOK_DEFAULT_COLOR);
    }
}

/* Where a colour calls for attention, monochrome does by weight. */
static void attention_needs_no_color(void **state) {
    static const enum role calls[] = {ROLE_LATE, ROLE_UNKNOWN, ROLE_WARN, ROLE_YOU, ROLE_READY};
    struct look text = theme_look(ROLE_TEXT, THEME_MONO, false);

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
        assert_int_not_equal(theme_look(calls[i], THEME_MONO, false).attributes, text.attributes);
    }
    assert_int_not_equal(theme_look(ROLE_LATE, THEME_MONO, false).attributes,
                         theme_look(ROLE_UNKNOWN, THEME_MONO, false).attributes);
}

static void plain_text_keeps_the_terminals_own_color(void **state) {
    (void)state;
    for (int depth = 0; depth < THEME_DEPTHS; depth++) {
        struct look look = theme_look(ROLE_TEXT, (enum theme_depth)depth, false);
        assert_int_equal(look.color, LOOK_DEFAULT_COLOR);
        assert_int_equal(look.attributes, 0);
    }
}

/* One bar whose words stay readable, whatever the cells mean and however many colours there are. */
static void the_selection_is_one_bar(void **state) {
    (void)state;
    for (int depth = 0; depth < THEME_DEPTHS; depth++) {
        for (int role = 0; role < ROLE_COUNT; role++) {
            struct look look = theme_look((enum role)role, (enum theme_depth)depth, true);
            assert_int_equal(look.attributes, LOOK_REVERSE);
            assert_int_equal(look.color, LOOK_DEFAULT_COLOR);
        }
    }
}

static void depth_follows_the_terminal(void **state) {
    (void)state;
    assert_int_equal(theme_depth_of(-1, false), THEME_MONO);
    assert_int_equal(theme_depth_of(2, false), THEME_MONO);
    assert_int_equal(theme_depth_of(8, false), THEME_ANSI);
    assert_int_equal(theme_depth_of(16, false), THEME_ANSI);
    assert_int_equal(theme_depth_of(256, false), THEME_INDEXED);
    assert_int_equal(theme_depth_of(1 << 24, true), THEME_DIRECT);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(colors_read_on_white_and_on_black),
        cmocka_unit_test(meanings_stay_apart_for_all_eyes),
        cmocka_unit_test(no_color_means_none),
        cmocka_unit_test(attention_needs_no_color),
        cmocka_unit_test(plain_text_keeps_the_terminals_own_color),
        cmocka_unit_test(the_selection_is_one_bar),
        cmocka_unit_test(depth_follows_the_terminal),
    };

    return cmocka_run_group_tests_name("theme", tests, NULL, NULL);
}
