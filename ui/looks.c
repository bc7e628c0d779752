#include "config.h"

#include "ui/looks.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "ui/terminfo.h"

#include <stdint.h>
#include <string.h>

/* Each role's own, that of a highlight, and the plain one. */
#define LOOKS_MOST (ROLE_COUNT + 2)

static const struct {
    enum look_attribute attribute;
    const char *capability;
} attributes[] = {
    {LOOK_BOLD, "bold"},
    {LOOK_DIM, "dim"},
    {LOOK_UNDERLINE, "smul"},
    {LOOK_REVERSE, "rev"},
};

struct looks {
    const char *reset, *on[ARRAY_SIZE(attributes)];
    struct look list[LOOKS_MOST];
    const char *colors[LOOKS_MOST];
    int count;
    uint8_t of_role[2][ROLE_COUNT];            /* the highlighted ones second */
    const char *turns[LOOKS_MOST][LOOKS_MOST]; /* NULL until they are asked for */
};

/* ---- which there are ------------------------------------------------------------------------- */

/* What sgr0 does beside ending all attributes is to leave another character set, and none but the
 * first is ever entered here. It would double the bytes of a turn. */
static const char *find_reset(struct looks *looks) {
    static const char sgr_reset[] = "\033[m";
    const char *reset = terminfo_bytes(looks, "sgr0");

    return strstr(reset, sgr_reset) != NULL ? sgr_reset : reset;
}

static unsigned find_attributes(struct looks *looks) {
    unsigned found = 0;

    looks->reset = find_reset(looks);
    for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
        looks->on[i] = terminfo_bytes(looks, attributes[i].capability);
        if (*looks->on[i] != '\0' && *looks->reset != '\0') {
            found |= attributes[i].attribute;
        }
    }
    return found;
}

static int find_look(struct looks *looks, struct look look) {
    for (int i = 0; i < looks->count; i++) {
        if (looks->list[i].attributes == look.attributes && looks->list[i].color == look.color) {
            return i;
        }
    }
    looks->list[looks->count] = look;
    looks->colors[looks->count] =
        look.color == LOOK_DEFAULT_COLOR ? "" : terminfo_color(looks, look.color);
    return looks->count++;
}

struct looks *looks_new(const void *parent, enum theme_depth depth) {
    struct looks *looks = xtalloc_zero(parent, struct looks);
    unsigned found = find_attributes(looks);

    find_look(looks, (struct look){.color = LOOK_DEFAULT_COLOR});
    for (int highlight = 0; highlight < 2; highlight++) {
        for (int role = 0; role < ROLE_COUNT; role++) {
            struct look look = theme_look((enum role)role, depth, highlight != 0);
            look.attributes &= found;
            looks->of_role[highlight][role] = (uint8_t)find_look(looks, look);
        }
    }
    return looks;
}

int looks_of(const struct looks *looks, enum role role, bool highlight) {
    return looks->of_role[highlight][role];
}

bool looks_shows_blank(const struct looks *looks, int look) {
    return (looks->list[look].attributes & (LOOK_UNDERLINE | LOOK_REVERSE)) != 0;
}

/* ---- from one to another --------------------------------------------------------------------- */

/* SGR, ECMA-48 8.3.117: parameters between "CSI" and "m", of which one takes several. */
static bool is_sgr(const char *bytes) {
    size_t length = strlen(bytes);

    return length > 2 && strncmp(bytes, "\033[", 2) == 0 &&
           strspn(bytes + 2, "0123456789;:") == length - 3 && bytes[length - 1] == 'm';
}

/* "CSI m" alone is "CSI 0 m". */
static char *also(char *bytes, const char *more) {
    if (*more == '\0' || !is_sgr(bytes) || !is_sgr(more)) {
        return xtalloc_strdup_append(bytes, more);
    }
    size_t end = strlen(bytes) - 1;
    bytes[end] = '\0';
    return xtalloc_asprintf_append(bytes, "%s;%s", bytes[end - 1] == '[' ? "0" : "", more + 2);
}

static char *make_turn(struct looks *looks, int from, int to) {
    struct look before = looks->list[from], after = looks->list[to];
    bool other_color = before.color != after.color;
    char *bytes = xtalloc_strdup(looks, "");

    if ((before.attributes & ~after.attributes) != 0 ||
        (other_color && before.color != LOOK_DEFAULT_COLOR)) {
        bytes = also(bytes, looks->reset);
        before = looks->list[LOOK_PLAIN];
        other_color = after.color != before.color;
    }
    for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
        if ((after.attributes & ~before.attributes & attributes[i].attribute) != 0) {
            bytes = also(bytes, looks->on[i]);
        }
    }
    return other_color ? also(bytes, looks->colors[to]) : bytes;
}

const char *looks_turn(struct looks *looks, int from, int to) {
    const char **turn = &looks->turns[from][to];

    if (*turn == NULL) {
        *turn = make_turn(looks, from, to);
    }
    return *turn;
}
