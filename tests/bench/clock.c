#include "config.h"

#include "tests/bench/clock.h"

#include <time.h>

#define TICK_OVER_MS 50 /* after so long the ticks of this second are drawn */

static double read_ms(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

double clock_ms(void) {
    return read_ms(CLOCK_MONOTONIC);
}

void clock_sleep_ms(double ms) {
    struct timespec rest = {.tv_sec = (time_t)(ms / 1e3)};
    rest.tv_nsec = (long)((ms - (double)rest.tv_sec * 1e3) * 1e6);
    nanosleep(&rest, NULL);
}

void clock_between_ticks(double room_ms) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    double into_ms = (double)now.tv_nsec / 1e6;
    if (into_ms < TICK_OVER_MS)
        clock_sleep_ms(TICK_OVER_MS - into_ms);
    else if (into_ms > 1000 - room_ms)
        clock_sleep_ms(1000 - into_ms + TICK_OVER_MS);
}
