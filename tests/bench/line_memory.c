/* Line 4: memory of somebody who looks at a store with 10,000 incidents; pages that several
 * processes share are counted by parts. */
#include "config.h"

#include "tests/bench/bench.h"

#include "base/xtalloc.h"
#include "tests/bench/program.h"
#include "tests/bench/terminal.h"

#include <errno.h>

#define PAIRS     7
#define SETTLE_MS 300
#define MESSAGES  10000

struct looker {
    const char *const *argv;
    const char *folder, *word;
};

static bool measure_memory(void *data, double *mib, struct err *err) {
    const struct looker *looker = data;
    double ignored;
    struct terminal *terminal = terminal_open(NULL, looker->argv, looker->folder, err);
    bool framed = terminal && terminal_first_frame(terminal, looker->word, &ignored, err);
    if (framed) {
        terminal_rest(terminal, SETTLE_MS);
        *mib = program_pss_kib(terminal_pid(terminal)) / 1024;
    }
    talloc_free(terminal);
    return framed;
}

static bool compare(struct bench *bench, const char *against, double limit, struct looker *ours,
                    struct looker *theirs, struct err *err) {
    const struct result result = {.line = "4",
                                  .what = "PSS of a viewer, 10 k incidents",
                                  .against = against,
                                  .unit = "MiB",
                                  .goal = {AT_MOST, limit}};
    struct pairs pairs;
    if (!ratio_measure((struct subject){measure_memory, ours},
                       (struct subject){measure_memory, theirs}, PAIRS, &pairs, err))
        return false;
    bench_say(bench, &result, &pairs);
    return true;
}

static bool write_mailbox(const char *path, struct err *err) {
    FILE *file = fopen(path, "we");
    if (!file)
        return err_errno(err, errno, "can't write a mailbox", path, NULL);
    for (int i = 1; i <= MESSAGES; i++)
        fprintf(file,
                "From ana@example.org Thu Nov 12 14:08:02 2026\nFrom: Ana <ana@example.org>\n"
                "To: bo@example.org\nDate: Thu, 12 Nov 2026 14:08:02 +0000\n"
                "Message-ID: <%d@example.org>\nSubject: Roll back release %d\nStatus: RO\n\n"
                "It is done.\n\n",
                i, i);
    return fclose(file) == 0 || err_errno(err, errno, "can't write a mailbox", path, NULL);
}

static bool against_mutt(struct bench *bench, struct looker *ours, struct err *err) {
    const char *mutt = program_find(ours->argv, "mutt");
    const char *mailbox = xtalloc_asprintf(ours->argv, "%s/mailbox", bench->work);
    if (!mutt) {
        bench_skip(bench, "4", "memory against mutt", "there is no mutt");
        return true;
    }
    const char *argv[] = {mutt, "-n", "-F",    "/dev/null", "-e", "set folder=/tmp",
                          "-R", "-f", mailbox, NULL};
    struct looker theirs = {.argv = argv, .folder = bench->work, .word = "Msgs:10000"};
    return write_mailbox(mailbox, err) &&
           compare(bench, "mutt, 10 k messages", 1, ours, &theirs, err);
}

bool line_memory(struct bench *bench, struct err *err) {
    const char *store;
    if (!bench_history(bench, bench, 1000000, 10000, &store, err))
        return false;
    const char *floor[] = {bench_program(bench, bench, "floor_list"), store, NULL};
    struct looker ours = {
        .argv = bench_viewer(bench, bench, store), .folder = bench->work, .word = "LIVE"};
    struct looker theirs = {.argv = floor, .folder = bench->work, .word = "row-1"};
    return compare(bench, "ncurses + SQLite, 200 rows", 2, &ours, &theirs, err) &&
           against_mutt(bench, &ours, err);
}
