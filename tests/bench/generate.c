/* generate STORE PLANS EVENTS INCIDENTS OPEN SEED: writes a store with that history (history.h). */
#include "config.h"

#include "tests/bench/history.h"

#include "base/digest.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xtalloc.h"

#include <stdio.h>

static const char usage[] = "usage: generate STORE PLANS EVENTS INCIDENTS OPEN SEED\n";

static bool read_words(char **words, struct history *history) {
    int64_t seed;
    bool read = number_parse(words[2], 1, INT64_MAX, &history->events) &&
                number_parse(words[3], 1, history->events, &history->incidents) &&
                number_parse(words[4], 0, history->incidents, &history->open) &&
                number_parse(words[5], 0, INT64_MAX, &seed);
    history->store = words[0];
    history->plans = words[1];
    history->seed = read ? (uint64_t)seed : 0;
    return read;
}

int main(int argc, char **argv) {
    struct history history;
    if (argc != 7 || !read_words(argv + 1, &history)) {
        fputs(usage, stderr);
        return ERR_USAGE;
    }
    if (!text_init() || !digest_init())
        return ERR_UNAVAILABLE;
    struct err *err = err_new(NULL);
    if (!history_write(&history, err))
        fprintf(stderr, "generate: %s\n", err_sentence(err, err));
    int status = (int)err->code;
    talloc_free(err);
    return status;
}
