/* Appends to a store as everybody does, by commands that go through a hub: notes on its first
 * incident, which is declared where there is none.
 *
 *   append STORE for SECONDS WRITERS   as many as so many processes can; prints "rate N", all of
 *                                      their commits a second, "longest_ms N", the longest that
 *                                      one of them waited, and what the kernel counts of one:
 *                                      "calls N" and "bytes N" written a commit
 *   append STORE every MS              one each so many ms, until it is ended
 *   append STORE asked                 one for each line of standard input, with that text; answers
 *                                      "AT TOOK": when it knew it committed, and how long that
 *                                      took, in ms of the monotonic clock */
#include "config.h"

#include "base/digest.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "hub/hub.h"
#include "tests/bench/clock.h"
#include "tests/bench/program.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- one command ----------------------------------------------------------------------------- */

static _Noreturn void die(const struct err *err) {
    fprintf(stderr, "append: %s\n", err_sentence(err, err));
    exit((int)err->code);
}

static void take_answer(struct hub *hub, int64_t ticket) {
    struct hub_item item;
    for (;;) {
        if (!hub_next(hub, time_moment(), &item) || item.kind != HUB_ANSWER ||
            item.ticket != ticket)
            continue;
        if (item.verdict != HUB_ACCEPTED)
            die(item.err);
        return;
    }
}

static void submit(struct hub *hub, struct command *command) {
    static const struct facts facts = {.host = "ops1", .free_bytes = -1};
    take_answer(hub, hub_submit(hub, command, &facts));
    talloc_free(command);
}

static void note(struct hub *hub, const char *text) {
    struct command *command = command_new(hub, "note", time_now_ms());
    command->incident = 1;
    command->text = text;
    submit(hub, command);
}

static struct hub *open_hub(const char *store) {
    const struct hub_options options = {
        .store = store, .actor = "ana", .via = "line", .create = true};
    struct err *err = err_new(NULL);
    struct hub *hub;
    if (!hub_open(NULL, &options, time_now_ms(), &hub, err))
        die(err);
    return hub;
}

static void declare_first(struct hub *hub) {
    struct incident *incident;
    struct err *err = err_new(hub);
    if (hub_incident(hub, 1, &incident, err))
        return;
    struct command *command = command_new(hub, "declare", time_now_ms());
    command->title = "A benchmark";
    command->service = "shop";
    submit(hub, command);
}

/* ---- as many as can be ----------------------------------------------------------------------- */

struct tally {
    double count, longest_ms;
    struct written written;
};

static const char text[] = "errors in the EU doubled after the last deploy, 17 of 40";

static struct tally append_for(const char *store, double seconds) {
    struct hub *hub = open_hub(store);
    struct tally tally = {.written = program_written(getpid())};
    double end_ms = clock_ms() + seconds * 1e3;
    for (double from_ms; (from_ms = clock_ms()) < end_ms; tally.count++) {
        note(hub, text);
        double waited_ms = clock_ms() - from_ms;
        tally.longest_ms = waited_ms > tally.longest_ms ? waited_ms : tally.longest_ms;
    }
    struct written written = program_written(getpid());
    tally.written.calls = written.calls - tally.written.calls;
    tally.written.bytes = written.bytes - tally.written.bytes;
    return tally;
}

static int tell(const int ends[2], double seconds, int writers) {
    struct tally all = {0}, one = {0};
    int ended = 0;
    close(ends[1]);
    for (; read(ends[0], &one, sizeof(one)) == sizeof(one); ended++) {
        all.count += one.count;
        all.longest_ms = one.longest_ms > all.longest_ms ? one.longest_ms : all.longest_ms;
    }
    while (wait(NULL) > 0) {
        /* They have told all they had to. */
    }
    printf("rate %.1f\nlongest_ms %.1f\ncalls %.1f\nbytes %.1f\n", all.count / seconds,
           all.longest_ms, (double)one.written.calls / one.count,
           (double)one.written.bytes / one.count);
    return ended == writers ? 0 : 1;
}

/* No fork with an open store. */
static int append_all(const char *store, double seconds, int writers) {
    int ends[2];
    if (pipe(ends) != 0)
        return 1;
    for (int i = 0; i < writers; i++) {
        if (fork() == 0) {
            struct tally tally = append_for(store, seconds);
            _exit(write(ends[1], &tally, sizeof(tally)) == sizeof(tally) ? 0 : 1);
        }
    }
    return tell(ends, seconds, writers);
}

/* ---- now and then ---------------------------------------------------------------------------- */

static _Noreturn void append_every(const char *store, int pause_ms) {
    struct hub *hub = open_hub(store);
    for (;;) {
        note(hub, text);
        poll(NULL, 0, pause_ms);
    }
}

static int append_asked(const char *store) {
    struct hub *hub = open_hub(store);
    char line[256];
    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\n")] = '\0';
        double from_ms = clock_ms();
        note(hub, line);
        double at_ms = clock_ms();
        printf("%.6f %.6f\n", at_ms, at_ms - from_ms);
        fflush(stdout);
    }
    talloc_free(hub);
    return 0;
}

static int run(int count, char **words) {
    const char *store = words[0], *how = words[1];
    if (count == 4 && strcmp(how, "for") == 0)
        return append_all(store, strtod(words[2], NULL), (int)strtol(words[3], NULL, 10));
    if (count == 3 && strcmp(how, "every") == 0)
        append_every(store, (int)strtol(words[2], NULL, 10));
    if (count == 2 && strcmp(how, "asked") == 0)
        return append_asked(store);
    fputs("usage: append STORE for SECONDS WRITERS | every MS | asked\n", stderr);
    return ERR_USAGE;
}

int main(int argc, char **argv) {
    if (!text_init() || !digest_init() || argc < 3)
        return ERR_USAGE;
    struct hub *hub = open_hub(argv[1]);
    declare_first(hub);
    talloc_free(hub);
    return run(argc - 1, argv + 1);
}
