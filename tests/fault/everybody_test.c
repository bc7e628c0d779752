/* Many at one store, and any of them killed with -9 at any moment.
 * DESIGN §11.1: "A command that was acknowledged is never lost: kill -9 at any moment."
 * DESIGN §11.2: "A step that may not be repeated is never started twice by software, whatever
 * crashes." */
#include "config.h"

#include "tests/fault/crowd.h"
#include "tests/fault/program.h"
#include "tests/log/reflection.h"

#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "hub/local.h"
#include "incident/events.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ACCIDENTS_MS (20 * SECOND_MS) /* after so long nobody is killed any more */
#define LEAST_KILLED 20
#define ATTEMPTS_MAX 64 /* of one step */
#define CALLS_MAX    2000
#define LEAST_CALLED 3

/* ---- what is on the log ---------------------------------------------------------------------- */

struct told {
    size_t words[CROWD_WRITERS][CROWD_COMMANDS]; /* how often the record has each command */
    size_t strangers;                            /* notes that no writer wrote */
};

static bool tell(void *data, const struct event *event) {
    struct told *told = data;
    unsigned writer, number;
    if (strcmp(event->kind, "note.written") != 0)
        return true;
    if (sscanf(event->command, "writer/%u/%u", &writer, &number) == 2 && writer < CROWD_WRITERS &&
        number < CROWD_COMMANDS)
        told->words[writer][number]++;
    else
        told->strangers++;
    return true;
}

static void check_words(struct fixture *fixture, struct hub *hub) {
    struct told *told = xtalloc_zero(fixture, struct told);
    fixture_ok(fixture, hub_events(hub, 0, 1, tell, told, fixture->err));
    for (size_t i = 0; i < CROWD_WRITERS; i++)
        for (size_t j = 0; j < CROWD_COMMANDS; j++)
            if (told->words[i][j] != 1)
                fail_msg("command %zu of writer %zu is %zu times on the record", j, i,
                         told->words[i][j]);
    assert_int_equal(told->strangers, 0);
}

/* ---- what was run ---------------------------------------------------------------------------- */

static bool is_among(char *const *list, size_t count, const char *word) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], word) == 0)
            return true;
    return false;
}

/* Returns how many attempts left their line; none may have left two. */
static size_t check_effects(struct fixture *fixture, size_t step) {
    char *attempts[ATTEMPTS_MAX], line[64];
    size_t count = 0;
    FILE *ran = fopen(fixture_path(fixture, xtalloc_asprintf(fixture, "ran-%zu", step)), "re");
    while (ran && fgets(line, sizeof(line), ran)) {
        assert_true(count < ATTEMPTS_MAX);
        if (is_among(attempts, count, line))
            fail_msg("an attempt of step %zu ran twice: %s", step, line);
        attempts[count++] = xtalloc_strdup(fixture, line);
    }
    if (ran)
        fclose(ran);
    return count;
}

/* Nobody retried anything, so a step that ran has one attempt, and one that is ready again never
 * ran. */
static void check_steps(struct fixture *fixture, struct hub *hub) {
    struct incident *incident;
    size_t effects = 0;
    fixture_ok(fixture, hub_incident(hub, 1, &incident, fixture->err));
    for (size_t i = 0; i < incident->steps_count; i++) {
        const struct step *step = &incident->steps[i];
        size_t ran = check_effects(fixture, i + 1);
        assert_true(ran <= 1);
        assert_true(step->record != STEP_DONE || ran == 1);
        assert_true(step->record != STEP_WAITING || ran == 0);
        assert_null(step_run(step));
        effects += ran;
    }
    assert_true(effects > 0);
}

/* ---- who was called -------------------------------------------------------------------------- */

struct calls {
    struct fixture *fixture;
    char *before[CALLS_MAX]; /* the thing, its level, how often: each at most once */
    size_t count;
};

static bool take_call(void *data, const struct event *event) {
    struct calls *calls = data;
    if (strcmp(event->kind, event_types[EVENT_FIRED].name) != 0)
        return true;
    struct err *err = err_new(calls->fixture);
    const struct body_fired *body = event_decode(err, &event_types[EVENT_FIRED], event, err);
    assert_non_null(body);
    char *call = xtalloc_asprintf(calls->fixture, "%s %s %lld.%lld", body->late,
                                  body->step ? body->step : "", (long long)body->level,
                                  (long long)body->repeat);
    if (is_among(calls->before, calls->count, call))
        fail_msg("called twice for %s", call);
    assert_true(calls->count < CALLS_MAX);
    calls->before[calls->count++] = call;
    talloc_free(err);
    return true;
}

static void check_calls(struct fixture *fixture, struct hub *hub) {
    struct calls *calls = xtalloc_zero(fixture, struct calls);
    calls->fixture = fixture;
    fixture_ok(fixture, hub_events(hub, 0, 1, take_call, calls, fixture->err));
    print_message("called: %zu times\n", calls->count);
    assert_true(calls->count >= LEAST_CALLED);
}

/* ---- what a viewer sees of it ---------------------------------------------------------------- */

/* Somebody who watches all the while: told every event, in order, whoever died at writing it. */
struct viewer {
    struct hub *hub;
    int64_t told;
};

static void view(struct fixture *fixture, struct viewer *viewer) {
    struct hub_options options = {.store = fixture_path(fixture, "view/store.db.ndjson"),
                                  .actor = "viewer",
                                  .via = "console"};
    struct log_head head;
    fixture_ok(fixture, hub_open(fixture, &options, time_now_ms(), &viewer->hub, fixture->err));
    fixture_ok(fixture, hub_head(viewer->hub, &head, fixture->err));
    viewer->told = head.seq;
}

static void look_on(struct viewer *viewer) {
    struct hub_item item;
    while (hub_next(viewer->hub, time_moment(), &item)) {
        if (item.kind == HUB_EVENT && item.seq != ++viewer->told)
            fail_msg("event %lld is told where %lld should be", (long long)item.seq,
                     (long long)viewer->told);
        if (item.kind == HUB_TROUBLE && item.err->code == ERR_DAMAGED)
            fail_msg("%s: %s", item.err->what, item.err->on);
    }
}

static bool has_seen(struct viewer *viewer, const struct log_head *all) {
    look_on(viewer);
    return viewer->told == all->seq;
}

/* What the dead left half written is whole, and what was followed is what there is. */
static void check_mirror(struct fixture *fixture, struct hub *hub, struct viewer *viewer) {
    struct log_head all;
    struct incident *seen;
    fixture_ok(fixture, hub_head(hub, &all, fixture->err));
    for (int64_t limit_ms = time_boot_ms() + 10 * SECOND_MS; !has_seen(viewer, &all);)
        assert_true(time_boot_ms() < limit_ms);
    assert_mirrored(fixture, hub_log(hub));
    fixture_ok(fixture, hub_incident(viewer->hub, 1, &seen, fixture->err));
    assert_int_equal(seen->last_seq, hub_state(hub)->incidents[0]->last_seq);
    assert_int_equal(seen->notes_count, hub_state(hub)->incidents[0]->notes_count);
}

/* ---- the test -------------------------------------------------------------------------------- */

static void check_all(struct fixture *fixture, struct viewer *viewer) {
    const char *verify[] = {"verify", NULL};
    const char *look[] = {"ack", "1", NULL}; /* a writer who acts settles what is lost */
    struct hub_options options = {.store = fixture->path, .actor = "judge", .via = "line"};
    struct hub *hub;
    int64_t verified;
    assert_int_equal(program_run(fixture, look), 0);
    fixture_ok(fixture, hub_open(fixture, &options, time_now_ms(), &hub, fixture->err));
    check_words(fixture, hub);
    check_steps(fixture, hub);
    check_calls(fixture, hub);
    check_mirror(fixture, hub, viewer);
    fixture_ok(fixture, hub_verify(hub, &verified, fixture->err));
    talloc_free(hub);
    assert_int_equal(program_run(fixture, verify), 0);
}

static void nothing_is_lost_or_doubled(void **state) {
    struct fixture *fixture = *state;
    uint64_t seed = (uint64_t)getpid();
    print_message("seed %llu\n", (unsigned long long)seed);
    struct crowd *crowd = crowd_new(fixture, seed);
    struct viewer viewer;
    view(fixture, &viewer);
    int64_t peace_ms = time_boot_ms() + ACCIDENTS_MS;
    while (!crowd_is_done(crowd) && time_boot_ms() < peace_ms) {
        crowd_gather(crowd);
        crowd_accident(crowd);
        look_on(&viewer);
    }
    crowd_gather(crowd);
    crowd_leave(crowd);
    print_message("%s\n", crowd_losses(crowd));
    assert_true(crowd_is_done(crowd));
    assert_true(crowd_killed(crowd) >= LEAST_KILLED);
    check_all(fixture, &viewer);
}

static int setup(void **state) {
    return text_init() ? fixture_setup(state) : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_lost_or_doubled, setup, fixture_teardown)};
    const char *people = getenv("BACKOUT_PEOPLE");
    if (people && strcmp(people, "no") == 0) {
        puts("1..0 # SKIP BACKOUT_PEOPLE=no leaves people and faults out");
        return 0;
    }
    return cmocka_run_group_tests_name("everybody", tests, NULL, NULL);
}
