/* Line 3: from a press of Down to the last byte of what it changed, with nothing else going on and
 * while twenty events a second arrive. */
#include "config.h"

#include "tests/bench/bench.h"

#include "base/xtalloc.h"
#include "tests/bench/clock.h"
#include "tests/bench/program.h"
#include "tests/bench/terminal.h"

#include <stdio.h>

#define PAIRS     9
#define PRESSES   90  /* a measurement: their median */
#define BUSY      200 /* the same while events arrive: all but one in a hundred */
#define DOWNS     9   /* before it goes back to the first row; no list scrolls yet */
#define FINGER_MS 15
#define ROOM_MS   60

/* Behind the last byte of a frame. While events arrive it has to be short, or the frame of the next
 * event would now and then be taken for a part of the key's; then it is as short for the idle one
 * that is compared with. */
#define SILENCE_MS      10
#define BUSY_SILENCE_MS 0.2

struct pressing {
    const struct bench *bench;
    struct terminal *terminal;
    const char *down, *first; /* the keys */
    const char *row;          /* printf form of the word of a row… */
    int number, step;         /* …of the first, and from one to the next */
    double silence_ms;        /* behind a frame */
    const char *busy_store;   /* where events arrive meanwhile, or NULL */
};

static bool press(const struct pressing *pressing, const char *key, int row, double *ms,
                  struct err *err) {
    char word[32];
    /* The form is one of two constants of this file. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(word, sizeof(word), pressing->row, pressing->number + row * pressing->step);
#pragma GCC diagnostic pop
    terminal_rest(pressing->terminal, FINGER_MS);
    clock_between_ticks(ROOM_MS);
    return terminal_key(pressing->terminal, key, word, pressing->silence_ms, ms, err);
}

static bool press_down(const struct pressing *pressing, double *samples, size_t count,
                       struct err *err) {
    double ignored;
    for (size_t i = 0; i < count; i++) {
        int row = (int)(i % DOWNS);
        if ((row == 0 && i > 0 && !press(pressing, pressing->first, 0, &ignored, err)) ||
            !press(pressing, pressing->down, row + 1, &samples[i], err))
            return false;
    }
    return press(pressing, pressing->first, 0, &ignored, err);
}

static bool measure_median(void *data, double *ms, struct err *err) {
    double samples[PRESSES];
    bool pressed = press_down(data, samples, PRESSES, err);
    *ms = pressed ? samples_percentile(samples, PRESSES, 50) : 0;
    return pressed;
}

static bool measure_busy(void *data, double *ms, struct err *err) {
    const struct pressing *pressing = data;
    double samples[BUSY];
    const char *argv[] = {bench_program(pressing->terminal, pressing->bench, "append"),
                          pressing->busy_store, "every", "50", NULL};
    struct program *writer = program_start(NULL, argv, pressing->bench->work, err);
    bool pressed = writer && press_down(pressing, samples, BUSY, err);
    *ms = pressed ? samples_percentile(samples, BUSY, 99) : 0;
    talloc_free(writer);
    return pressed;
}

static bool against_tig(struct bench *bench, struct pressing *ours, struct err *err) {
    const struct result result = {.line = "3",
                                  .what = "Down to its last byte",
                                  .against = "tig",
                                  .unit = "ms",
                                  .goal = {AT_MOST, 1.2}};
    const char *tig = program_find(ours->terminal, "tig");
    const char *git = program_find(ours->terminal, "git"), *folder;
    if (!tig || !git) {
        bench_skip(bench, "3", "Down against tig", "there is no tig or no git");
        return true;
    }
    if (!bench_repository(ours->terminal, bench, git, &folder, err))
        return false;
    const char *argv[] = {tig, NULL};
    struct pressing theirs = {.bench = bench,
                              .terminal = terminal_open(ours->terminal, argv, folder, err),
                              .down = "\033OB",
                              .first = "\033OH",
                              .row = "change-%04d",
                              .number = 300,
                              .step = -1,
                              .silence_ms = SILENCE_MS};
    struct pairs pairs;
    double ignored;
    if (!theirs.terminal || !terminal_first_frame(theirs.terminal, "change-0300", &ignored, err) ||
        !ratio_measure((struct subject){measure_median, ours},
                       (struct subject){measure_median, &theirs}, PAIRS, &pairs, err))
        return false;
    bench_say(bench, &result, &pairs);
    return true;
}

static bool while_busy(struct bench *bench, struct pressing *ours, struct err *err) {
    const struct result result = {.line = "3",
                                  .what = "Down, 20 events a second, p99",
                                  .against = "idle, p50",
                                  .unit = "ms",
                                  .goal = {AT_MOST, 3}};
    struct pairs pairs;
    ours->silence_ms = BUSY_SILENCE_MS;
    if (!ratio_measure((struct subject){measure_busy, ours}, (struct subject){measure_median, ours},
                       PAIRS_LEAST, &pairs, err))
        return false;
    bench_say(bench, &result, &pairs);
    return true;
}

static bool count_written(struct bench *bench, struct pressing *ours, struct err *err) {
    pid_t pid = terminal_pid(ours->terminal);
    struct written before = program_written(pid);
    size_t bytes = terminal_bytes(ours->terminal);
    double samples[DOWNS];
    if (!press_down(ours, samples, DOWNS, err))
        return false;
    struct written after = program_written(pid);
    bench_note(bench, "3", "a key: %zu bytes, %.1f write calls (ticks between them included)",
               (terminal_bytes(ours->terminal) - bytes) / (DOWNS + 1),
               (double)(after.calls - before.calls) / (DOWNS + 1));
    return true;
}

bool line_keys(struct bench *bench, struct err *err) {
    const char *store;
    double ignored;
    if (!bench_ten(bench, bench, "keys", &store, err))
        return false;
    struct pressing ours = {.bench = bench,
                            .down = "\033[B",
                            .first = "g",
                            .row = "step%02d",
                            .number = 1,
                            .step = 1,
                            .silence_ms = SILENCE_MS,
                            .busy_store = store};
    ours.terminal = terminal_open(bench, bench_console(bench, bench, store), bench->work, err);
    return ours.terminal && terminal_first_frame(ours.terminal, "LIVE", &ignored, err) &&
           against_tig(bench, &ours, err) && count_written(bench, &ours, err) &&
           while_busy(bench, &ours, err);
}
