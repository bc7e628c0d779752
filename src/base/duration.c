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

char *duration_clock(const void *parent, int64_t ms) {
    /* Divided before it is turned positive: INT64_MIN has no opposite. */
    int64_t seconds = ms / SECOND_MS;
    seconds = seconds < 0 ? -seconds : seconds;
    int64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;

    if (days > 0) {
        return xtalloc_asprintf(parent, "%" PRId64 "d%02" PRId64 "h", days, hours % 24);
    }
    if (hours > 0) {
        return xtalloc_asprintf(parent, "%" PRId64 "h%02" PRId64, hours, minutes % 60);
    }
    return xtalloc_asprintf(parent, "%" PRId64 ":%02" PRId64, minutes, seconds % 60);
}
