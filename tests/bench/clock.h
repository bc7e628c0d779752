/* Milliseconds that only go forward, for measuring; and where in a wall-clock second we are.
 * Owns nothing. */
#ifndef BACKOUT_TESTS_BENCH_CLOCK_H
#define BACKOUT_TESTS_BENCH_CLOCK_H

double clock_ms(void);

void clock_sleep_ms(double ms);

/* Returns at a moment with `room_ms` (under 900) before the next full second, when every clock on a
 * screen ticks: what is measured then is never a tick. */
void clock_between_ticks(double room_ms);

#endif
