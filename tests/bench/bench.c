/* bench [LINE…]: measures the lines of docs/performance.md, all or those that are named. */
#include "config.h"

#include "tests/bench/bench.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "tests/bench/program.h"

#include <errno.h>
#include <ftw.h>
#include <libgen.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static const struct line {
    const char *name;
    line_fn *measure;
} lines[] = {
    {"1", line_open},   {"2", line_history}, {"3", line_keys},   {"4", line_memory},
    {"5", line_idle},   {"6", line_ssh},     {"7", line_append}, {"8", line_writers},
    {"9", line_verify}, {"10", line_wake},
};

/* ---- results --------------------------------------------------------------------------------- */

void bench_say(struct bench *bench, const struct result *result, const struct pairs *pairs) {
    struct ratio ratio = ratio_of(pairs);
    bool met = ratio_meets(&ratio, result->goal), most = result->goal.bound == AT_MOST;
    bench->short_of += !met;
    printf("%-2s  %-5s %8.3f %s %-5.4g (%.3f … %.3f, %zu pairs)  %s / %s: %.4g / %.4g %s\n",
           result->line, met ? "ok" : "SHORT", ratio.median, most ? "<=" : ">=", result->goal.limit,
           ratio.min, ratio.max, pairs->count, result->what, result->against, ratio.ours,
           ratio.theirs, result->unit);
    fprintf(bench->table, "| %s | %s | %s | %.4g / %.4g %s | %.3f **%.3f** %.3f | %s %.4g | %s |\n",
            result->line, result->what, result->against, ratio.ours, ratio.theirs, result->unit,
            ratio.min, ratio.median, ratio.max, most ? "≤" : "≥", result->goal.limit,
            met ? "ok" : "SHORT");
    fflush(stdout);
}

void bench_skip(struct bench *bench, const char *line, const char *what, const char *why) {
    printf("%-2s  SKIP  %s: %s\n", line, what, why);
    fprintf(bench->table, "| %s | %s | | | | | SKIP: %s |\n", line, what, why);
    fflush(stdout);
}

void bench_note(struct bench *bench, const char *line, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *words = xtalloc_vasprintf(bench, format, arguments);
    va_end(arguments);
    printf("%-2s        counted: %s\n", line, words);
    bench->notes = xtalloc_asprintf_append(bench->notes, "- Line %s, counted: %s\n", line, words);
    fflush(stdout);
}

/* ---- folders --------------------------------------------------------------------------------- */

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place) {
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

static int remove_work(struct bench *bench) {
    return nftw(bench->work, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *bench_folder(const void *parent, const struct bench *bench, const char *name) {
    char *path = xtalloc_asprintf(parent, "%s/%s.XXXXXX", bench->work, name);
    if (!mkdtemp(path)) {
        perror(path);
        abort();
    }
    return path;
}

const char *bench_program(const void *parent, const struct bench *bench, const char *name) {
    return xtalloc_asprintf(parent, "%s/%s", bench->programs, name);
}

bool bench_run(const struct bench *bench, const char *const *argv, struct err *err) {
    char *printed = NULL;
    bool ran = program_run(bench, argv, bench->work, &printed, err);
    talloc_free(printed);
    return ran;
}

/* ---- surroundings ---------------------------------------------------------------------------- */

/* All that is started finds the same, whoever runs it. */
static void set_environment(const struct bench *bench) {
    static const char *const absent[] = {
        "LC_ALL",  "LC_CTYPE", "NO_COLOR",      "COLORTERM",     "LINES",
        "COLUMNS", "TMUX",     "BACKOUT_STORE", "XDG_DATA_HOME", "XDG_CONFIG_HOME"};
    for (size_t i = 0; i < ARRAY_SIZE(absent); i++)
        unsetenv(absent[i]);
    setenv("LANG", "C.UTF-8", 1);
    setenv("TERM", "xterm-256color", 1);
    setenv("HOME", bench->work, 1);
}

static const char *own_folder(const void *parent) {
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
    path[length > 0 ? length : 0] = '\0';
    return xtalloc_strdup(parent, dirname(path));
}

static bool make_folder(const char *path, struct err *err) {
    return mkdir(path, 0700) == 0 || errno == EEXIST ||
           err_errno(err, errno, "can't make a folder", path, NULL);
}

static bool find_surroundings(struct bench *bench, struct err *err) {
    bench->backout = getenv("BACKOUT");
    bench->source = getenv("SRCDIR");
    bench->programs = own_folder(bench);
    bench->stores = xtalloc_asprintf(bench, "%s/stores", bench->programs);
    if (!bench->backout || !bench->source)
        return err_set(err, ERR_USAGE, "nothing to measure is named", "BACKOUT, SRCDIR",
                       "use `make bench`");
    if (!make_folder(bench->stores, err))
        return false;
    bench->work = xtalloc_asprintf(bench, "%s/work.XXXXXX", bench->programs);
    if (!mkdtemp((char *)(uintptr_t)bench->work))
        return err_errno(err, errno, "can't make a folder", bench->work, NULL);
    talloc_set_destructor(bench, remove_work);
    bench->notes = xtalloc_strdup(bench, "");
    bench->table = fopen(xtalloc_asprintf(bench, "%s/results.md", bench->programs), "we");
    set_environment(bench);
    return bench->table || err_errno(err, errno, "can't write results", bench->programs, NULL);
}

/* ---- the machine ----------------------------------------------------------------------------- */

#define QUIET 0.5

static double read_load(void) {
    double load = NAN;
    char *text = program_file(NULL, "/proc/loadavg");
    if (*text)
        load = strtod(text, NULL);
    talloc_free(text);
    return load;
}

/* Others on the machine make every figure worse, most of all the spread. */
static double tell_load(const char *when) {
    double load = read_load();
    printf("# load %s: %.2f%s\n", when, load,
           load < QUIET ? "" : ", NOT QUIET: expect worse figures and a wide spread");
    return load;
}

static void begin_table(struct bench *bench, double load) {
    char day[32];
    time_t now = time(NULL);
    struct utsname kernel;
    strftime(day, sizeof(day), "%Y-%m-%d", gmtime(&now));
    uname(&kernel);
    fprintf(bench->table,
            "%s, Linux %s, %ld processors, load %.2f before it began.\n\n"
            "| line | what | against | ours / theirs | ratio: least, median, most | goal | |\n"
            "|---|---|---|---|---|---|---|\n",
            day, kernel.release, sysconf(_SC_NPROCESSORS_ONLN), load);
}

static void end_table(struct bench *bench) {
    if (*bench->notes)
        fprintf(bench->table, "\n%s", bench->notes);
    fclose(bench->table);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool is_asked_for(const struct line *line, char **names) {
    bool asked = !*names;
    for (; *names && !asked; names++)
        asked = strcmp(*names, line->name) == 0;
    return asked;
}

static void measure(struct bench *bench, const struct line *line, struct err *err) {
    if (line->measure(bench, err))
        return;
    printf("%-2s  FAILED %s\n", line->name, err_sentence(err, err));
    bench->failed++;
    err_clear(err);
}

static void measure_all(struct bench *bench, char **names, struct err *err) {
    begin_table(bench, tell_load("before"));
    for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
        if (is_asked_for(&lines[i], names))
            measure(bench, &lines[i], err);
    tell_load("after");
    printf("# %zu short of their goals, %zu failed\n", bench->short_of, bench->failed);
    end_table(bench);
}

int main(int argc, char **argv) {
    struct bench *bench = xtalloc_zero(NULL, struct bench);
    struct err *err = err_new(bench);
    (void)argc;
    if (!find_surroundings(bench, err)) {
        fprintf(stderr, "bench: %s\n", err_sentence(err, err));
        return (int)err->code;
    }
    measure_all(bench, argv + 1, err);
    int status = bench->failed ? ERR_UNAVAILABLE : 0;
    talloc_free(bench);
    return status;
}
