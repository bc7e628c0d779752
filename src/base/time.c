#include "config.h"

#include "base/time.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

static int64_t clock_ms(clockid_t clock) {
    struct timespec at;

    clock_gettime(clock, &at);
    return (int64_t)at.tv_sec * SECOND_MS + at.tv_nsec / 1000000;
}

int64_t time_now_ms(void) {
    return clock_ms(CLOCK_REALTIME);
}

int64_t time_boot_ms(void) {
    return clock_ms(CLOCK_BOOTTIME);
}

/* Whoever is held up between two looks has seen no one moment: it looks again. */
#define MOMENT_MS    2
#define MOMENT_LOOKS 8

struct moment time_moment(void) {
    struct moment moment;
    int64_t boot_ms = time_boot_ms();
    int looks = MOMENT_LOOKS;

    do {
        moment.boot_ms = boot_ms;
        moment.wall_ms = time_now_ms();
        boot_ms = time_boot_ms();
    } while (boot_ms - moment.boot_ms > MOMENT_MS && --looks > 0);
    return moment;
}

/* Rounds towards the past, so that instants before 1970 read right too. */
static int64_t floor_divide(int64_t value, int64_t divisor) {
    return value / divisor - (value % divisor < 0);
}

static struct tm civil(int64_t at_ms) {
    time_t seconds = floor_divide(at_ms, SECOND_MS);
    struct tm tm = {0};

    gmtime_r(&seconds, &tm);
    return tm;
}

char *time_rfc3339(const void *parent, int64_t at_ms) {
    struct tm tm = civil(at_ms);
    int64_t ms = at_ms - floor_divide(at_ms, SECOND_MS) * SECOND_MS;

    return xtalloc_asprintf(parent, "%04d-%02d-%02dT%02d:%02d:%02d.%03" PRId64 "Z",
                            tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
                            tm.tm_sec, ms);
}

/* "14:08:02" or less of it. A frame writes dozens of these: it needs no calendar, since every day
 * of UTC is as long, and no format. */
static char *clock_of(const void *parent, int64_t at_ms, size_t length) {
    int64_t second = floor_divide(at_ms, SECOND_MS);
    int64_t of_day = second - floor_divide(second, DAY_MS / SECOND_MS) * (DAY_MS / SECOND_MS);
    const int64_t parts[] = {of_day / 3600, of_day / 60 % 60, of_day % 60};
    char text[] = "hh:mm:ss";

    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        text[3 * i] = (char)('0' + parts[i] / 10);
        text[3 * i + 1] = (char)('0' + parts[i] % 10);
    }
    return xtalloc_strndup(parent, text, length);
}

char *time_clock(const void *parent, int64_t at_ms) {
    return clock_of(parent, at_ms, strlen("hh:mm:ss"));
}

char *time_minute(const void *parent, int64_t at_ms) {
    return clock_of(parent, at_ms, strlen("hh:mm"));
}

/* One form of a written instant: each letter of the pattern is a digit of that part, everything
 * else stands for itself. A space matches 'T', 't' and ' '. */
enum part { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, PARTS };

static const char part_letters[PARTS + 1] = "YMDhms";

/* Past what the pattern matches, with the parts filled; NULL when the text is something else. */
static const char *match(const char *text, const char *pattern, int parts[PARTS]) {
    for (; *pattern != '\0'; pattern++, text++) {
        const char *letter = strchr(part_letters, *pattern);
        if (letter != NULL && *text >= '0' && *text <= '9') {
            int *part = &parts[letter - part_letters];
            *part = *part * 10 + (*text - '0');
        } else if (letter != NULL || *text == '\0' ||
                   (*pattern == ' ' ? strchr("Tt ", *text) == NULL : *text != *pattern)) {
            return NULL;
        }
    }
    return text;
}

/* Milliseconds of a fraction of any length; digits past the third are cut off. */
static const char *match_fraction(const char *text, int64_t *ms) {
    int64_t digit_ms = 100;

    *ms = 0;
    if (*text != '.') {
        return text;
    }
    if (*++text < '0' || *text > '9') {
        return NULL;
    }
    for (; *text >= '0' && *text <= '9'; text++, digit_ms /= 10) {
        *ms += (*text - '0') * digit_ms;
    }
    return text;
}

static const char *match_offset(const char *text, int64_t *offset_ms) {
    int parts[PARTS] = {0};

    *offset_ms = 0;
    if (*text == 'Z' || *text == 'z') {
        return text + 1;
    }
    if (*text != '+' && *text != '-') {
        return NULL;
    }
    const char *end = match(text + 1, "hh:mm", parts);
    if (parts[HOUR] > 23 || parts[MINUTE] > 59) {
        return NULL;
    }
    *offset_ms = parts[HOUR] * HOUR_MS + parts[MINUTE] * MINUTE_MS;
    *offset_ms *= *text == '-' ? -1 : 1;
    return end;
}

/* timegm takes the 31st of February for a day in March; a month that comes back changed had no
 * such day. */
static bool from_civil(const int parts[PARTS], int64_t *at_ms) {
    struct tm tm = {
        .tm_year = parts[YEAR] - 1900,
        .tm_mon = parts[MONTH] - 1,
        .tm_mday = parts[DAY],
        .tm_hour = parts[HOUR],
        .tm_min = parts[MINUTE],
    };

    *at_ms = (int64_t)timegm(&tm) * SECOND_MS + parts[SECOND] * SECOND_MS;
    return tm.tm_mon == parts[MONTH] - 1 && parts[HOUR] <= 23 && parts[MINUTE] <= 59 &&
           parts[SECOND] <= 60;
}

/* A leap second is the last of a day in UTC (RFC 3339 §5.7) and, as in POSIX time, the same
 * instant as the second after it. */
static bool second_exists(const int parts[PARTS], int64_t at_ms) {
    return parts[SECOND] < 60 || floor_divide(at_ms, DAY_MS) * DAY_MS == at_ms;
}

static bool parse_instant(const char *text, int64_t *at_ms) {
    int parts[PARTS] = {0};
    int64_t fraction_ms, offset_ms, local_ms;

    if ((text = match(text, "YYYY-MM-DD hh:mm:ss", parts)) == NULL ||
        (text = match_fraction(text, &fraction_ms)) == NULL ||
        (text = match_offset(text, &offset_ms)) == NULL || *text != '\0' ||
        !from_civil(parts, &local_ms) || !second_exists(parts, local_ms - offset_ms)) {
        return false;
    }
    *at_ms = local_ms - offset_ms + fraction_ms;
    return true;
}

static bool parse_clock(const char *text, int64_t now_ms, int64_t *at_ms) {
    int parts[PARTS] = {0};
    const char *seconds = match(text, "hh:mm", parts);

    if (seconds == NULL) {
        return false;
    }
    const char *end = *seconds == '\0' ? seconds : match(seconds, ":ss", parts);
    if (end == NULL || *end != '\0' || parts[HOUR] > 23 || parts[MINUTE] > 59 ||
        parts[SECOND] > 59) {
        return false;
    }
    int64_t midnight = floor_divide(now_ms, DAY_MS) * DAY_MS;
    int64_t today =
        midnight + parts[HOUR] * HOUR_MS + parts[MINUTE] * MINUTE_MS + parts[SECOND] * SECOND_MS;
    *at_ms = today > now_ms ? today - DAY_MS : today;
    return true;
}

bool time_parse(const char *text, int64_t now_ms, int64_t *at_ms, struct err *err) {
    if (parse_clock(text, now_ms, at_ms) || parse_instant(text, at_ms)) {
        return true;
    }
    return err_set(err, ERR_USAGE, "not a time", err_fmt(err, "\"%s\"", text),
                   "write 14:02, 14:02:30 or 2026-11-12T14:02:00Z, in UTC");
}
