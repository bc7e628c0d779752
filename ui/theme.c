#include "config.h"

#include "ui/theme.h"

/* A pigment is one colour in the numbers of each depth. Each 256 and 24-bit shade has a contrast of
 * at least 3 : 1 on white as well as on black (WCAG 2.1, 1.4.11), and stays apart from the others
 * for eyes that lack one kind of cone; there is no green, which red would be mistaken for. */
struct pigment {
    int ansi, indexed, direct;
};

static const struct pigment none = {LOOK_DEFAULT_COLOR, LOOK_DEFAULT_COLOR, LOOK_DEFAULT_COLOR};
static const struct pigment red = {.ansi = 1, .indexed = 160, .direct = 0xd70000};
static const struct pigment gold = {.ansi = 3, .indexed = 136, .direct = 0xaf8700};
static const struct pigment violet = {.ansi = 5, .indexed = 135, .direct = 0xaf5fff};
static const struct pigment teal = {.ansi = 6, .indexed = 30, .direct = 0x008787};

/* `colored` are the attributes that go with a colour, `mono` those that stand in for it. */
static const struct {
    const struct pigment *pigment;
    unsigned colored, mono;
} looks[ROLE_COUNT] = {
    [ROLE_TEXT] = {.pigment = &none},
    [ROLE_DIM] = {.pigment = &none, .colored = LOOK_DIM, .mono = LOOK_DIM},
    [ROLE_STRONG] = {.pigment = &none, .colored = LOOK_BOLD, .mono = LOOK_BOLD},
    [ROLE_TITLE] = {.pigment = &none, .colored = LOOK_BOLD, .mono = LOOK_BOLD},
    [ROLE_RULE] = {.pigment = &none, .colored = LOOK_DIM, .mono = LOOK_DIM},
    [ROLE_LATE] = {.pigment = &red, .colored = LOOK_BOLD, .mono = LOOK_BOLD | LOOK_REVERSE},
    [ROLE_UNKNOWN] = {.pigment = &violet, .colored = LOOK_BOLD, .mono = LOOK_BOLD | LOOK_UNDERLINE},
    [ROLE_WARN] = {.pigment = &gold, .mono = LOOK_BOLD},
    [ROLE_RUNNING] = {.pigment = &teal, .colored = LOOK_BOLD, .mono = LOOK_BOLD},
    [ROLE_READY] = {.pigment = &none, .colored = LOOK_UNDERLINE, .mono = LOOK_UNDERLINE},
    [ROLE_OK] = {.pigment = &teal},
    [ROLE_YOU] = {.pigment = &none,
                  .colored = LOOK_BOLD | LOOK_REVERSE,
                  .mono = LOOK_BOLD | LOOK_REVERSE},
    [ROLE_KEY] = {.pigment = &none, .colored = LOOK_BOLD, .mono = LOOK_BOLD},
    [ROLE_PROMPT] = {.pigment = &none},
    [ROLE_SEVERITY] = {.pigment = &none,
                       .colored = LOOK_BOLD | LOOK_REVERSE,
                       .mono = LOOK_BOLD | LOOK_REVERSE},
    [ROLE_DRILL] = {.pigment = &none, .colored = LOOK_REVERSE, .mono = LOOK_REVERSE},
};

static int pigment_color(const struct pigment *pigment, enum theme_depth depth) {
    const int colors[THEME_DEPTHS] = {
        [THEME_MONO] = LOOK_DEFAULT_COLOR,
        [THEME_ANSI] = pigment->ansi,
        [THEME_INDEXED] = pigment->indexed,
        [THEME_DIRECT] = pigment->direct,
    };
    return colors[depth];
}

struct look theme_look(enum role role, enum theme_depth depth, bool highlight) {
    if (highlight) {
        return (struct look){.attributes = LOOK_REVERSE, .color = LOOK_DEFAULT_COLOR};
    }
    return (struct look){
        .attributes = depth == THEME_MONO ? looks[role].mono : looks[role].colored,
        .color = pigment_color(looks[role].pigment, depth),
    };
}

enum theme_depth theme_depth_of(int colors, bool direct) {
    if (colors < 8) {
        return THEME_MONO;
    }
    if (direct) {
        return THEME_DIRECT;
    }
    return colors >= 256 ? THEME_INDEXED : THEME_ANSI;
}
