/* Line 9: proving and folding a million events, against stepping through their rows. */
#include "config.h"

#include "tests/bench/bench.h"

#include "base/xtalloc.h"
#include "tests/bench/clock.h"

#define EVENTS    INT64_C(1000000)
#define INCIDENTS INT64_C(10000)

struct reader {
    const struct bench *bench;
    const char *const *argv;
};

/* In thousands of events a second. */
static bool measure(void *data, double *rate, struct err *err) {
    const struct reader *reader = data;
    double from_ms = clock_ms();
    if (!bench_run(reader->bench, reader->argv, err))
        return false;
    *rate = (double)EVENTS / (clock_ms() - from_ms);
    return true;
}

bool line_verify(struct bench *bench, struct err *err) {
    const struct result result = {.line = "9",
                                  .what = "verify 1 M events: chain, fold, indexes",
                                  .against = "stepping through the rows",
                                  .unit = "thousand events/s",
                                  .goal = {AT_LEAST, 0.25}};
    const char *store;
    struct pairs pairs;
    if (!bench_history(bench, bench, EVENTS, INCIDENTS, &store, err))
        return false;
    const char *our_argv[] = {bench->backout, "--store", store, "verify", NULL};
    const char *their_argv[] = {bench_program(bench, bench, "floor_rows"), store, NULL};
    struct reader ours = {bench, our_argv}, theirs = {bench, their_argv};
    if (!ratio_measure((struct subject){measure, &ours}, (struct subject){measure, &theirs},
                       PAIRS_LEAST, &pairs, err))
        return false;
    bench_say(bench, &result, &pairs);
    return true;
}
