/* Lines 7 and 8: how many commands a second are on disk, by one writer and by eight. */
#include "config.h"

#include "tests/bench/bench.h"

#include "base/xtalloc.h"
#include "tests/bench/program.h"

#include <string.h>

#define PAIRS           15
#define SECONDS         "0.7"
#define BYTES           "512" /* of one append of the floor; an event has less and its row has more */
#define WRITERS_SECONDS "2"

/* A program that appends and tells the number of that name. */
struct appender {
    const struct bench *bench;
    const char *const *argv;
    const char *number;
};

static bool measure(void *data, double *value, struct err *err) {
    const struct appender *appender = data;
    char *printed = NULL;
    bool measured =
        program_run(appender->bench, appender->argv, appender->bench->work, &printed, err) &&
        program_number(printed, appender->number, value, err);
    talloc_free(printed);
    return measured;
}

static bool compare(struct bench *bench, const struct result *result, size_t count,
                    struct appender *ours, struct appender *theirs, struct err *err) {
    struct pairs pairs;
    if (!ratio_measure((struct subject){measure, ours}, (struct subject){measure, theirs}, count,
                       &pairs, err))
        return false;
    bench_say(bench, result, &pairs);
    return true;
}

/* ---- one writer ------------------------------------------------------------------------------ */

static bool count_written(struct bench *bench, const struct appender *ours, struct err *err) {
    char *printed = NULL;
    double calls, bytes;
    if (!program_run(bench, ours->argv, bench->work, &printed, err) ||
        !program_number(printed, "calls", &calls, err) ||
        !program_number(printed, "bytes", &bytes, err))
        return false;
    bench_note(bench, "7", "an append: %.1f write calls, %.0f bytes, checkpoints included", calls,
               bytes);
    return true;
}

static bool against_floor(struct bench *bench, const char *file, const char *how,
                          const char *against, struct goal goal, struct appender *ours,
                          struct err *err) {
    const struct result result = {.line = "7",
                                  .what = "durable appends",
                                  .against = against,
                                  .unit = "a second",
                                  .goal = goal};
    const char *argv[] = {
        bench_program(bench, bench, "floor_append"), file, SECONDS, BYTES, how, NULL};
    struct appender theirs = {bench, argv, "rate"};
    return compare(bench, &result, PAIRS, ours, &theirs, err);
}

bool line_append(struct bench *bench, struct err *err) {
    const char *folder = bench_folder(bench, bench, "append");
    const char *store = xtalloc_asprintf(folder, "%s/incidents.db", folder);
    const char *file = xtalloc_asprintf(folder, "%s/floor", folder);
    const char *argv[] = {bench_program(folder, bench, "append"), store, "for", SECONDS, "1", NULL};
    struct appender ours = {bench, argv, "rate"};
    return against_floor(bench, file, "grow", "pwrite + fdatasync, a file that grows",
                         (struct goal){AT_LEAST, 0.6}, &ours, err) &&
           against_floor(bench, file, "fill", "pwrite + fdatasync, a file that doesn't",
                         (struct goal){AT_LEAST, 0.6}, &ours, err) &&
           count_written(bench, &ours, err);
}

/* ---- eight ----------------------------------------------------------------------------------- */

static bool rate_of_eight(struct bench *bench, const char *store, struct err *err) {
    const struct result result = {.line = "8",
                                  .what = "eight writers",
                                  .against = "one writer",
                                  .unit = "a second",
                                  .goal = {AT_LEAST, 0.8}};
    const char *append = bench_program(bench, bench, "append");
    const char *eight_argv[] = {append, store, "for", WRITERS_SECONDS, "8", NULL};
    const char *one_argv[] = {append, store, "for", WRITERS_SECONDS, "1", NULL};
    struct appender eight = {bench, eight_argv, "rate"}, one = {bench, one_argv, "rate"};
    return compare(bench, &result, PAIRS_LEAST, &eight, &one, err);
}

static bool wait_of_eight(struct bench *bench, const char *store, struct err *err) {
    const struct result result = {.line = "8",
                                  .what = "the longest wait of eight writers",
                                  .against = "busy_timeout",
                                  .unit = "ms",
                                  .goal = {AT_MOST, 0.2}};
    const char *other = xtalloc_asprintf(store, "%s/plain.db", bench_folder(store, bench, "busy"));
    const char *ours_argv[] = {
        bench_program(store, bench, "append"), store, "for", WRITERS_SECONDS, "8", NULL};
    const char *theirs_argv[] = {bench_program(store, bench, "floor_writers"),
                                 other,
                                 WRITERS_SECONDS,
                                 "8",
                                 xtalloc_asprintf(store, "%s/data/schema/store.sql", bench->source),
                                 NULL};
    struct appender ours = {bench, ours_argv, "longest_ms"};
    struct appender theirs = {bench, theirs_argv, "longest_ms"};
    return compare(bench, &result, PAIRS_LEAST, &ours, &theirs, err);
}

bool line_writers(struct bench *bench, struct err *err) {
    const char *store =
        xtalloc_asprintf(bench, "%s/incidents.db", bench_folder(bench, bench, "writers"));
    return rate_of_eight(bench, store, err) && wait_of_eight(bench, store, err);
}
