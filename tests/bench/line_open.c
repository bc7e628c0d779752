/* Lines 1 and 2: from the exec to the last byte of the first full frame. */
#include "config.h"

#include "tests/bench/bench.h"

#include "base/xtalloc.h"
#include "tests/bench/clock.h"
#include "tests/bench/program.h"
#include "tests/bench/terminal.h"

#include <stdlib.h>
#include <string.h>

#define PAIRS         15
#define FRAME_MS      400 /* a first frame and the silence behind it take less */
#define EVENTS        INT64_C(1000000)
#define INCIDENTS     INT64_C(10000)
#define FEW           INT64_C(10000)
#define FEW_INCIDENTS INT64_C(100)

struct start {
    const char *const *argv;
    const char *folder;
    const char *word; /* of its first frame */
};

static bool measure_start(void *data, double *ms, struct err *err) {
    const struct start *start = data;
    clock_between_ticks(FRAME_MS);
    struct terminal *terminal = terminal_open(NULL, start->argv, start->folder, err);
    bool framed = terminal && terminal_first_frame(terminal, start->word, ms, err);
    talloc_free(terminal);
    return framed;
}

static bool compare(struct bench *bench, const struct result *result, struct start *ours,
                    struct start *theirs, struct err *err) {
    struct pairs pairs;
    if (!ratio_measure((struct subject){measure_start, ours},
                       (struct subject){measure_start, theirs}, PAIRS, &pairs, err))
        return false;
    bench_say(bench, result, &pairs);
    return true;
}

/* ---- what is counted ------------------------------------------------------------------------- */

static bool count_written(struct bench *bench, const struct start *start, struct err *err) {
    double ms;
    struct terminal *terminal = terminal_open(NULL, start->argv, start->folder, err);
    bool framed = terminal && terminal_first_frame(terminal, start->word, &ms, err);
    if (framed) {
        struct written written = program_written(terminal_pid(terminal));
        bench_note(bench, "1", "%zu bytes to the terminal; %lld write calls in all",
                   terminal_bytes(terminal), (long long)written.calls);
    }
    talloc_free(terminal);
    return framed;
}

/* The number behind a word of valgrind's log, which has commas in it. */
static double valgrind_number(const char *log, const char *before) {
    char digits[32] = "";
    size_t count = 0;
    const char *at = strstr(log, before);
    for (at = at ? at + strlen(before) : "";
         *at && (strchr(" ,:", *at) || (*at >= '0' && *at <= '9')); at++)
        if (*at >= '0' && *at <= '9' && count + 1 < sizeof(digits))
            digits[count++] = *at;
    return strtod(digits, NULL);
}

/* Runs the start under a tool of valgrind; the number in its log behind `before`. */
static double count_by(const struct bench *bench, const char *valgrind, const char *tool,
                       const char *before, const struct start *start, struct err *err) {
    const char *log = xtalloc_asprintf(start->argv, "%s/valgrind.log", bench->work);
    const char *argv[] = {valgrind,
                          tool,
                          xtalloc_asprintf(log, "--log-file=%s", log),
                          start->argv[0],
                          start->argv[1],
                          start->argv[2],
                          NULL};
    double ms;
    setenv("VALGRIND_OPTS", "--callgrind:callgrind-out-file=/dev/null", 1);
    struct terminal *terminal = terminal_open(NULL, argv, start->folder, err);
    bool framed = terminal && terminal_first_frame(terminal, start->word, &ms, err);
    if (framed)
        terminal_end(terminal);
    talloc_free(terminal);
    return framed ? valgrind_number(program_file(log, log), before) : 0;
}

static void count_work(struct bench *bench, const struct start *start, struct err *err) {
    const char *valgrind = program_find(start->argv, "valgrind");
    if (!valgrind) {
        bench_skip(bench, "1", "instructions and allocations", "there is no valgrind");
        return;
    }
    double instructions = count_by(bench, valgrind, "--tool=callgrind", "Collected", start, err);
    double allocations = count_by(bench, valgrind, "--tool=memcheck", "heap usage", start, err);
    bench_note(bench, "1", "%.2f million instructions, %.0f allocations (valgrind)",
               instructions / 1e6, allocations);
    err_clear(err);
}

/* ---- the lines ------------------------------------------------------------------------------- */

static bool against_tig(struct bench *bench, struct start *ours, struct err *err) {
    const char *tig = program_find(ours->argv, "tig"), *git = program_find(ours->argv, "git");
    const struct result result = {.line = "1",
                                  .what = "first frame, 1 M events",
                                  .against = "tig, 300 commits",
                                  .unit = "ms",
                                  .goal = {AT_MOST, 0.5}};
    if (!tig || !git) {
        bench_skip(bench, "1", "first frame against tig", "there is no tig or no git");
        return true;
    }
    const char *argv[] = {tig, NULL};
    struct start theirs = {.argv = argv, .word = "change-0300"};
    return bench_repository(ours->argv, bench, git, &theirs.folder, err) &&
           compare(bench, &result, ours, &theirs, err);
}

static bool against_floor(struct bench *bench, struct start *ours, struct err *err) {
    const struct result result = {.line = "1",
                                  .what = "first frame, 1 M events",
                                  .against = "ncurses + SQLite, 200 rows",
                                  .unit = "ms",
                                  .goal = {AT_MOST, 2.5}};
    const char *argv[] = {bench_program(ours->argv, bench, "floor_list"), ours->argv[2], NULL};
    struct start theirs = {.argv = argv, .folder = bench->work, .word = "row-1"};
    return compare(bench, &result, ours, &theirs, err);
}

static bool start_of(struct bench *bench, int64_t events, int64_t incidents, struct start *start,
                     struct err *err) {
    const char *store;
    *start = (struct start){.folder = bench->work, .word = "LIVE"};
    if (!bench_history(bench, bench, events, incidents, &store, err))
        return false;
    start->argv = bench_console(bench, bench, store);
    return true;
}

bool line_open(struct bench *bench, struct err *err) {
    struct start ours;
    if (!start_of(bench, EVENTS, INCIDENTS, &ours, err) || !against_tig(bench, &ours, err) ||
        !against_floor(bench, &ours, err) || !count_written(bench, &ours, err))
        return false;
    count_work(bench, &ours, err);
    return true;
}

bool line_history(struct bench *bench, struct err *err) {
    const struct result result = {.line = "2",
                                  .what = "first frame, 1 M events",
                                  .against = "the same, 10 k events",
                                  .unit = "ms",
                                  .goal = {AT_MOST, 1.3}};
    struct start many, few;
    return start_of(bench, EVENTS, INCIDENTS, &many, err) &&
           start_of(bench, FEW, FEW_INCIDENTS, &few, err) &&
           compare(bench, &result, &many, &few, err);
}
