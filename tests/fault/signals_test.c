/* ui/tty.c: a deadly signal behind any call by which the terminal is taken, drawn on or given back
 * leaves it as it was found; also in a program that is about to end, or dies already. */
#include "config.h"

#include "tests/base/unit.h"

#include "tests/screen/probe.h"

#include "base/array.h"
#include "base/xtalloc.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *trace; /* the file in which strace writes the calls */

static int make_trace(void **state) {
    const char *folder = getenv("TMPDIR");

    trace = xtalloc_asprintf(NULL, "%s/trace.XXXXXX", folder != NULL ? folder : "/tmp");
    int fd = mkstemp(trace);
    return fd < 0 || close(fd) != 0 ? -1 : probe_find(state);
}

static int remove_trace(void **state) {
    unlink(trace);
    talloc_free(trace);
    return probe_forget(state);
}

static size_t count_traced(void) {
    size_t lines = 0;
    FILE *file = fopen(trace, "re");

    assert_non_null(file);
    for (int letter; (letter = getc(file)) != EOF;) {
        lines += letter == '\n';
    }
    fclose(file);
    return lines;
}

/* How the probe is ended, and which of its calls are looked at. */
struct way {
    const char *key, *call;
};

static bool is_shown_or_over(struct pty *pty, const void *about) {
    return pty_shows(pty, about) || pty_has_ended(pty);
}

/* The probe under strace, which is told to do that with the calls. */
static struct pty *trace_probe(struct way way, const char *what, int *status) {
    /* Who looks for leaks traces too, and two can't. */
    static const char *const environment[] = {"ASAN_OPTIONS=detect_leaks=0", NULL};
    char *calls = xtalloc_asprintf(NULL, "trace=%s", way.call);
    const char *words[] = {"/usr/bin/env", "strace", "-qq", "-o",         trace, "-e",
                           calls,          "-e",     what,  probe_path(), NULL};
    struct pty *pty = pty_start(NULL, &(struct pty_options){.environment = environment}, words);

    probe_assert(pty, pty_wait_until(pty, is_shown_or_over, "corner", LIMIT_MS), "it starts");
    if (!pty_has_ended(pty)) {
        pty_keys(pty, way.key);
    }
    *status = probe_end(pty);
    talloc_free(calls);
    return pty;
}

/* How many of these calls it makes; 0 where strace isn't there, or may not trace. */
static size_t count_calls(struct way way, int *status) {
    talloc_free(trace_probe(way, "signal=none", status));
    return count_traced();
}

/* Whether it died of it: it may die already. */
static bool is_struck(struct way way, size_t nth, int ends) {
    char *signal = xtalloc_asprintf(NULL, "inject=%s:signal=HUP:when=%zu", way.call, nth);
    int status;
    struct pty *pty = trace_probe(way, signal, &status);
    bool struck = WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP;
    char *what = xtalloc_asprintf(pty, "struck behind call %zu it ends with %x", nth, status);

    print_message("# %s\n", what);
    probe_assert(pty, struck || status == ends, what);
    assert_given_back(pty, pty_first_modes(pty));
    talloc_free(pty);
    talloc_free(signal);
    return struck;
}

static void gives_back(void **state) {
    const struct way *way = *state;
    int ends;
    size_t calls = count_calls(*way, &ends), struck = 0;

    if (calls == 0) {
        print_message("strace isn't there, or may not trace\n");
        skip();
    }
    for (size_t nth = 1; nth <= calls; nth++) {
        struck += is_struck(*way, nth, ends);
    }
    assert_int_not_equal(struck, 0);
}

#define way_test(key, call)                                                                        \
    {                                                                                              \
        "a signal at " call ", key " key, gives_back, NULL, NULL, &(struct way) {                  \
            key, call                                                                              \
        }                                                                                          \
    }

int main(void) {
    const struct CMUnitTest tests[] = {
        way_test("q", "ioctl"), way_test("q", "write"), way_test("q", "getpgrp"),
        way_test("A", "ioctl"), way_test("A", "write"),
    };

    const char *people = getenv("BACKOUT_PEOPLE");
    if (people != NULL && strcmp(people, "no") == 0) {
        puts("1..0 # SKIP BACKOUT_PEOPLE=no leaves people and faults out");
        return 0;
    }
    return cmocka_run_group_tests_name("signals", tests, make_trace, remove_trace);
}
