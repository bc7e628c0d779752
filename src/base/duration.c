#include "config.h"

#include "base/time.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <inttypes.h>
#include <string.h>

/* The longest that makes sense; and added to an instant, it stays one. */
#define LONGEST_MS (36500 * DAY_MS)

/* Longest first, so that the first that divides a duration gives the shortest form. */
static const struct unit {
    char letter;
    int64_t ms;
} units[] = {{'d', DAY_MS}, {'h', HOUR_MS}, {'m', MINUTE_MS}, {'s', SECOND_MS}};

static const struct unit *find_unit(char letter) {
    for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
        if (units[i].letter == letter) {
            return &units[i];
        }
    }
    return NULL;
}

static bool parse(const char *text, int64_t *ms) {
    size_t length = strlen(text);
    const struct unit *unit = length < 2 ? NULL : find_unit(text[length - 1]);
    int64_t count = 0;

    if (unit == NULL) {
        return false;
    }
    for (size_t i = 0; i < length - 1; i++) {
        if (text[i] < '0' || text[i] > '9' || count > LONGEST_MS / unit->ms) {
            return false;
        }
        count = count * 10 + (text[i] - '0');
    }
    if (count > LONGEST_MS / unit->ms) {
        return false;
    }
    *ms = count * unit->ms;
    return true;
}

bool duration_parse(const char *text, int64_t *ms, struct err *err) {
    if (parse(text, ms)) {
        return true;
    }
    return err_set(err, ERR_USAGE, "not a duration", err_fmt(err, "\"%s\"", text),
                   "write a whole number and s, m, h or d, like 90s or 10m");
}

char *duration_unit(const void *parent, int64_t ms) {
    const struct unit *unit = units;
    int64_t whole = ms - ms % SECOND_MS;

    while (whole % unit->ms != 0) {
        unit++;
    }
    if (whole == 0) {
        unit = find_unit('s');
    }
    return xtalloc_asprintf(parent, "%" PRId64 "%c", whole / unit->ms, unit->letter);
}

/* "COUNT between TWO unit", without a format: a frame writes dozens of them. */
static char *pair(const void *parent, int64_t count, char between, int64_t two, const char *unit) {
    char text[32]; /* of numbers */
    char *at = text + sizeof(text);

    *--at = '\0';
    for (size_t i = strlen(unit); i > 0; i--) {
        *--at = unit[i - 1];
    }
    *--at = (char)('0' + two % 10);
    *--at = (char)('0' + two / 10);
    *--at = between;
    do {
        *--at = (char)('0' + count % 10);
    } while ((count /= 10) > 0);
    return xtalloc_strdup(parent, at);
}

char *duration_clock(const void *parent, int64_t ms) {
    /* Divided before it is turned positive: INT64_MIN has no opposite. */
    int64_t seconds = ms / SECOND_MS;
    seconds = seconds < 0 ? -seconds : seconds;
    int64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;

    if (days > 0) {
        return pair(parent, days, 'd', hours % 24, "h");
    }
    if (hours > 0) {
        return pair(parent, hours, 'h', minutes % 60, "");
    }
    return pair(parent, minutes, ':', seconds % 60, "");
}
