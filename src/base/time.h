/* Instants and durations as int64_t milliseconds; how they are read and written.
 * Owns nothing. Never reads the clock, but for time_now_* which only the loop and main call.
 * All written instants are UTC: daylight saving means nothing here. */
#ifndef BACKOUT_BASE_TIME_H
#define BACKOUT_BASE_TIME_H

#include "base/err.h"

#include <stdint.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

/* Wall clock, ms since the epoch; and CLOCK_BOOTTIME, ms. Only the loop and main call these. */
int64_t time_now_ms(void);
int64_t time_boot_ms(void);

/* One moment on both clocks. What the wall clock is ahead of the other changes only when somebody
 * sets it: a machine that sleeps goes on counting on both. */
struct moment {
    int64_t wall_ms, boot_ms;
};
struct moment time_moment(void);

/* "90s", "10m", "2h", "90d": a whole number and a unit, nothing else, at most 36500d. ERR_USAGE. */
bool duration_parse(const char *text, int64_t *ms, struct err *err);
/* The shortest such form: 90s, 10m, 2h, 90d. Parts of a second are cut off. */
char *duration_unit(const void *parent, int64_t ms);
/* As a clock that is watched: "0:42", "27:02", from an hour on "1h04", from a day on "3d04h".
 * Negative durations as their absolute value: the caller writes the sign it means. */
char *duration_clock(const void *parent, int64_t ms);

/* RFC 3339 in UTC with milliseconds ("2026-11-12T14:08:02.000Z"), "14:08:02", "14:08". */
char *time_rfc3339(const void *parent, int64_t at_ms);
char *time_clock(const void *parent, int64_t at_ms);
char *time_minute(const void *parent, int64_t at_ms);
/* RFC 3339 with any offset, seconds optional in their fraction; or "HH:MM[:SS]" taken as the last
 * such UTC time not after `now_ms`. ERR_USAGE. */
bool time_parse(const char *text, int64_t now_ms, int64_t *at_ms, struct err *err);

#endif
