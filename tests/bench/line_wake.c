/* Line 10: from the moment a writer knows that it committed to the last byte of the frame that
 * shows it on somebody else's terminal; for one and for a hundred who look on, against a bare bell:
 * inotify on a file, and what was appended copied to the terminal. Either is opened for each
 * measurement and gone after it, because a user may have only 128 inotify descriptors. */
#include "config.h"

#include "tests/bench/bench.h"

#include "base/xtalloc.h"
#include "tests/bench/clock.h"
#include "tests/bench/program.h"
#include "tests/bench/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MANY          100
#define NOTES         30 /* a measurement with one who looks on */
#define NOTES_OF_MANY 6
#define SETTLE_MS     300 /* behind a tick, while a hundred draw it */
#define ROOM_MS       550
#define WORD          8

struct wake {
    const struct bench *bench;
    const char *const *argv; /* of one who looks on */
    const char *first;       /* the word of its first frame */
    size_t lookers, notes;
    const char *store, *file; /* what is written to: either */
    double pause_ms;          /* before each word */
    bool took;                /* measure what the commits took, not when they were seen */
};

/* Ringing one of the two bells. */
struct writer {
    const struct wake *wake;
    struct program *append;
    int fd;
    double at_ms, took_ms; /* of the last word */
};

/* ---- writing --------------------------------------------------------------------------------- */

/* No letter stands where it stood in the word before, so that the whole word must be drawn. */
static void make_word(size_t number, char word[WORD + 1]) {
    for (size_t i = 0; i < WORD; i++)
        word[i] = (char)('a' + (number * 7 + i * 5) % 26);
    word[WORD] = '\0';
}

static bool open_writer(const struct wake *wake, struct writer *writer, struct err *err) {
    *writer = (struct writer){.wake = wake, .fd = -1};
    if (wake->store) {
        const char *argv[] = {bench_program(wake->bench, wake->bench, "append"), wake->store,
                              "asked", NULL};
        writer->append = program_start(NULL, argv, wake->bench->work, err);
        return writer->append != NULL;
    }
    writer->fd = open(wake->file, O_WRONLY | O_APPEND | O_CLOEXEC);
    return writer->fd >= 0 || err_errno(err, errno, "can't write", wake->file, NULL);
}

static void close_writer(struct writer *writer) {
    talloc_free(writer->append);
    if (writer->fd >= 0)
        close(writer->fd);
}

static bool ask_for_note(struct writer *writer, const char *word, struct err *err) {
    const char *answer;
    char *rest;
    if (!program_ask(writer->append, word, &answer, err))
        return false;
    writer->at_ms = strtod(answer, &rest);
    writer->took_ms = strtod(rest, NULL);
    return writer->took_ms > 0 ||
           err_set(err, ERR_UNAVAILABLE, "a note wasn't written", answer, NULL);
}

static bool write_word(struct writer *writer, const char *word, struct err *err) {
    char line[WORD + 2];
    if (writer->append)
        return ask_for_note(writer, word, err);
    memcpy(line, word, WORD);
    line[WORD] = '\n';
    writer->at_ms = clock_ms();
    return write(writer->fd, line, WORD + 1) == WORD + 1 ||
           err_errno(err, errno, "can't write", writer->wake->file, NULL);
}

/* ---- looking on ------------------------------------------------------------------------------ */

static bool open_lookers(const struct wake *wake, struct terminal **lookers, struct err *err) {
    double ignored;
    for (size_t i = 0; i < wake->lookers; i++) {
        lookers[i] = terminal_open(lookers, wake->argv, wake->bench->work, err);
        if (!lookers[i] || !terminal_first_frame(lookers[i], wake->first, &ignored, err))
            return false;
    }
    return true;
}

static void settle(const struct wake *wake, struct terminal **lookers) {
    clock_between_ticks(ROOM_MS + SETTLE_MS);
    clock_sleep_ms(wake->pause_ms);
    for (size_t i = 0; i < wake->lookers; i++)
        terminal_rest(lookers[i], 0);
}

/* All samples of one measurement: of each who looks on, or of the commits alone. */
static bool take_samples(const struct wake *wake, struct terminal **lookers, struct writer *writer,
                         double *samples, struct err *err) {
    static size_t words;
    char word[WORD + 1];
    double *at_ms = xtalloc_array(lookers, double, wake->lookers + 1);
    for (size_t i = 0; i < wake->notes; i++) {
        make_word(words++, word);
        settle(wake, lookers);
        if (!write_word(writer, word, err))
            return false;
        if (wake->lookers && !terminals_show(lookers, wake->lookers, word, at_ms, err))
            return false;
        for (size_t j = 0; j < wake->lookers && !wake->took; j++)
            *samples++ = at_ms[j] - writer->at_ms;
        if (wake->took)
            *samples++ = writer->took_ms;
    }
    return true;
}

static bool measure(void *data, double *ms, struct err *err) {
    const struct wake *wake = data;
    size_t count = wake->notes * (wake->took ? 1 : wake->lookers);
    struct terminal **lookers = xtalloc_zero_array(NULL, struct terminal *, wake->lookers + 1);
    double *samples = xtalloc_zero_array(lookers, double, count);
    struct writer writer;
    bool measured = open_writer(wake, &writer, err) && open_lookers(wake, lookers, err) &&
                    take_samples(wake, lookers, &writer, samples, err);
    *ms = measured ? samples_percentile(samples, count, 50) : 0;
    close_writer(&writer);
    talloc_free(lookers);
    return measured;
}

/* ---- the line -------------------------------------------------------------------------------- */

static bool compare(struct bench *bench, const char *what, const char *against, double limit,
                    struct wake *ours, struct wake *theirs, struct err *err) {
    const struct result result = {
        .line = "10", .what = what, .against = against, .unit = "ms", .goal = {AT_MOST, limit}};
    struct pairs pairs;
    if (!ratio_measure((struct subject){measure, ours}, (struct subject){measure, theirs},
                       PAIRS_LEAST, &pairs, err))
        return false;
    bench_say(bench, &result, &pairs);
    return true;
}

static bool make_bell_file(const struct bench *bench, const char **path, struct err *err) {
    *path = xtalloc_asprintf(bench, "%s/bell", bench_folder(bench, bench, "bell"));
    FILE *file = fopen(*path, "we");
    return (file && fclose(file) == 0) || err_errno(err, errno, "can't make a bell", *path, NULL);
}

bool line_wake(struct bench *bench, struct err *err) {
    const char *store, *file;
    if (!bench_ten(bench, bench, "wake", &store, err) || !make_bell_file(bench, &file, err))
        return false;
    const char *bell[] = {bench_program(bench, bench, "floor_bell"), file, NULL};
    struct wake ours = {.bench = bench,
                        .argv = bench_viewer(bench, bench, store),
                        .first = "LIVE",
                        .lookers = 1,
                        .notes = NOTES,
                        .store = store};
    struct wake theirs = {
        .bench = bench, .argv = bell, .first = "ready", .lookers = 1, .notes = NOTES, .file = file};
    if (!compare(bench, "commit to painted, 1 viewer", "a bare bell", 20, &ours, &theirs, err))
        return false;
    ours.lookers = theirs.lookers = MANY;
    ours.notes = theirs.notes = NOTES_OF_MANY;
    ours.pause_ms = theirs.pause_ms = SETTLE_MS;
    if (!compare(bench, "commit to painted, 100 viewers", "100 bare bells", 20, &ours, &theirs,
                 err))
        return false;
    /* As long apart as those that are looked at: a commit right behind another is quicker. */
    struct wake alone = ours;
    alone.lookers = 0;
    ours.took = alone.took = true;
    return compare(bench, "a commit while 100 look on", "while nobody does", 2, &ours, &alone, err);
}
