/* The store that benchmarks are measured on is a store like any other: it verifies, it is the same
 * for the same seed, and a console opens it. */
#include "config.h"

#include "tests/screen/desk.h"

#include "tests/bench/history.h"

#include "base/array.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "hub/local.h"
#include "log/log.h"

#include <stdlib.h>
#include <string.h>

#define EVENTS    1000
#define INCIDENTS 10
#define OPEN      4

static struct history history_of(struct desk *desk, const char *name, uint64_t seed) {
    return (struct history){.store = xtalloc_asprintf(desk, "%s/%s", desk->folder, name),
                            .plans = xtalloc_asprintf(desk, "%s/data/plans", getenv("SRCDIR")),
                            .seed = seed,
                            .events = EVENTS,
                            .incidents = INCIDENTS,
                            .open = OPEN};
}

static const char *write_store(struct desk *desk, const char *name, uint64_t seed) {
    struct history history = history_of(desk, name, seed);
    struct err *err = err_new(desk);
    if (!history_write(&history, err))
        fail_msg("%s", err_sentence(err, err));
    return history.store;
}

static struct hub *open_store(struct desk *desk, const char *store) {
    const struct hub_options options = {
        .store = store, .actor = "ana", .via = "line", .read_only = true};
    struct err *err = err_new(desk);
    struct hub *hub;
    if (!hub_open(desk, &options, time_now_ms(), &hub, err))
        fail_msg("%s", err_sentence(err, err));
    return hub;
}

/* ---- what is in it --------------------------------------------------------------------------- */

static bool count_incident(void *data, const struct log_incident *row) {
    (void)row;
    ++*(size_t *)data;
    return true;
}

static size_t count_index(struct hub *hub, bool open_only) {
    size_t count = 0;
    struct err *err = err_new(hub);
    assert_true(log_index_read(hub_log(hub), open_only, count_incident, &count, err));
    return count;
}

static void it_verifies_and_holds_what_was_asked_for(void **state) {
    struct desk *desk = *state;
    struct hub *hub = open_store(desk, write_store(desk, "history.db", 1));
    struct err *err = err_new(desk);
    int64_t verified = 0;
    if (!hub_verify(hub, &verified, err))
        fail_msg("%s", err_sentence(err, err));
    assert_int_equal(verified, EVENTS);
    assert_int_equal(count_index(hub, false), INCIDENTS);
    assert_int_equal(count_index(hub, true), OPEN);
}

/* ---- the same for the same seed -------------------------------------------------------------- */

/* But for the first event: that a store was made, and which, is new each time. */
static bool add_event(void *data, const struct event *event) {
    char **text = data;
    if (event->seq > 1)
        *text =
            xtalloc_asprintf_append(*text, "%lld %s %lld %lld %s %s %s\n", (long long)event->seq,
                                    event->command, (long long)event->part, (long long)event->at_ms,
                                    event->actor, event->kind, event->body);
    return true;
}

static char *events_of(struct desk *desk, const char *name, uint64_t seed) {
    struct hub *hub = open_store(desk, write_store(desk, name, seed));
    struct err *err = err_new(desk);
    char *text = xtalloc_strdup(desk, "");
    assert_true(hub_events(hub, 0, LOG_ANY_INCIDENT, add_event, &text, err));
    talloc_free(hub);
    return text;
}

static void the_seed_decides_every_event(void **state) {
    struct desk *desk = *state;
    const char *once = events_of(desk, "once.db", 7), *again = events_of(desk, "again.db", 7);
    assert_string_equal(once, again);
    assert_string_not_equal(once, events_of(desk, "other.db", 8));
}

/* ---- what can't be told ---------------------------------------------------------------------- */

static void too_few_events_are_refused(void **state) {
    struct desk *desk = *state;
    struct history history = history_of(desk, "short.db", 1);
    struct err *err = err_new(desk);
    history.events = 60;
    assert_false(history_write(&history, err));
    assert_int_equal(err->code, ERR_REFUSED);
}

/* ---- and a console opens it ------------------------------------------------------------------ */

static void a_console_draws_its_board(void **state) {
    struct desk *desk = *state;
    setenv("BACKOUT_STORE", write_store(desk, "history.db", 1), 1);
    desk_open(desk);
    assert_shows(desk->pty, "OTHERS 3");
    assert_shows(desk->pty, "IC ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        desk_test(it_verifies_and_holds_what_was_asked_for),
        desk_test(the_seed_decides_every_event),
        desk_test(too_few_events_are_refused),
        desk_test(a_console_draws_its_board),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
