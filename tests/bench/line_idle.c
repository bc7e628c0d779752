/* Line 5: processor time of a console with ten timers that nobody touches. Both run at once, on
 * terminals of their own, and are read over the same stretch of time: that is the pair. */
#include "config.h"

#include "tests/bench/bench.h"

#include "tests/bench/clock.h"
#include "tests/bench/program.h"
#include "tests/bench/terminal.h"

#include <talloc.h>

#define WINDOWS   8
#define WINDOW_MS 20000 /* thirteen of htop's updates, twenty ticks of ours */
#define SETTLE_MS 3000
#define SLICE_MS  50 /* the terminals are read so often: an unread one would stop its program */

struct idler {
    struct terminal *terminal;
    double cpu_ms;
};

static bool open_idler(struct idler *idler, const char *const *argv, const char *word,
                       const struct bench *bench, struct err *err) {
    double ignored;
    idler->terminal = terminal_open(bench, argv, bench->work, err);
    return idler->terminal && terminal_first_frame(idler->terminal, word, &ignored, err);
}

static void rest(struct idler *ours, struct idler *theirs, double ms) {
    double end_ms = clock_ms() + ms;
    while (clock_ms() < end_ms) {
        terminal_rest(ours->terminal, SLICE_MS);
        terminal_rest(theirs->terminal, SLICE_MS);
    }
}

/* In percent of one processor since it was last asked. */
static double used(struct idler *idler, double ms) {
    double before_ms = idler->cpu_ms;
    idler->cpu_ms = program_cpu_ms(terminal_pid(idler->terminal));
    return (idler->cpu_ms - before_ms) / ms * 100;
}

static void watch(struct idler *ours, struct idler *theirs, struct pairs *pairs) {
    rest(ours, theirs, SETTLE_MS);
    clock_between_ticks(500);
    for (pairs->count = 0; pairs->count < WINDOWS; pairs->count++) {
        double from_ms = clock_ms();
        used(ours, 1);
        used(theirs, 1);
        rest(ours, theirs, WINDOW_MS);
        double ms = clock_ms() - from_ms;
        pairs->ours[pairs->count] = used(ours, ms);
        pairs->theirs[pairs->count] = used(theirs, ms);
    }
}

bool line_idle(struct bench *bench, struct err *err) {
    const struct result result = {.line = "5",
                                  .what = "idle CPU, ten timers",
                                  .against = "htop",
                                  .unit = "%",
                                  .goal = {AT_MOST, 0.3}};
    const char *htop = program_find(bench, "htop"), *store;
    struct idler ours = {0}, theirs = {0};
    struct pairs pairs;
    if (!htop) {
        bench_skip(bench, "5", "idle CPU against htop", "there is no htop");
        return true;
    }
    const char *argv[] = {htop, NULL};
    if (!bench_ten(bench, bench, "idle", &store, err) ||
        !open_idler(&ours, bench_console(bench, bench, store), "LIVE", bench, err) ||
        !open_idler(&theirs, argv, "Load", bench, err))
        return false;
    watch(&ours, &theirs, &pairs);
    bench_say(bench, &result, &pairs);
    talloc_free(ours.terminal);
    talloc_free(theirs.terminal);
    return true;
}
