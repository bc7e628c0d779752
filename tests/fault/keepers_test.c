/* Ten thousand deadlines and three keepers, real ones: one is killed while it fires, one is stopped
 * for longer than its lease, and the clock is set an hour forward and back.
 * DESIGN §11.4: "An escalation fires once per level, however many consoles run." */
#include "config.h"

#include "tests/fault/program.h"

#include "base/array.h"
#include "base/text.h"
#include "base/time.h"
#include "base/xtalloc.h"
#include "hub/hub.h"
#include "incident/events.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define INCIDENTS 500
#define STEPS     20
#define DEADLINES ((size_t)INCIDENTS * STEPS)
#define KEEPERS   3
/* Seconds from the decisions to the first deadline; one of each incident follows every second. */
#define FIRST_S  5
#define LIMIT_MS (60 * SECOND_MS) /* for what is waited for, on a machine that is busy */

struct night {
    struct fixture *fixture;
    struct hub *hub; /* looks on */
    pid_t keepers[KEEPERS];
    const char *offset; /* of their wall clock: a file */
    const char *const *environment;
    size_t fired; /* seen so far */
    size_t steps; /* of the clock */
};

/* ---- what is late ---------------------------------------------------------------------------- */

static char *make_plan(struct fixture *fixture) {
    char *plan = xtalloc_strdup(fixture, "backout: 1\nplan: late\ntitle: Late\nservice: shop\n"
                                         "why: None.\nroles: {commander: [ana, bo]}\n"
                                         "escalation: [{if: step_late, after: 1s, to: [ana]}]\n"
                                         "steps:\n");
    for (int i = 0; i < STEPS; i++)
        plan = xtalloc_asprintf_append(
            plan, "  - {id: s%d, owner: commander, box: 5m, by: %ds, needs: [], manual: Look}\n", i,
            FIRST_S - 1 + i);
    return plan;
}

static void submit(struct hub *hub, const struct command *command, const char *plan) {
    struct facts facts = {
        .plan_text = plan, .plan_length = strlen(plan), .plan_folder = "/srv", .free_bytes = -1};
    hub_submit(hub, command, &facts);
}

/* All at one moment, which is past when the last is on the log: keepers find some of it late. */
static void declare_all(struct fixture *fixture) {
    struct hub_options options = {
        .store = fixture->path, .actor = "ana", .via = "line", .create = true};
    struct moment now = time_moment();
    struct hub_item item;
    struct hub *hub;
    char *plan = make_plan(fixture);
    fixture_ok(fixture, hub_open(fixture, &options, now.wall_ms, &hub, fixture->err));
    for (int64_t i = 1; i <= INCIDENTS; i++) {
        struct command *declare = command_new(hub, "declare", now.wall_ms);
        struct command *decide = command_new(hub, "decide", now.wall_ms);
        declare->plan = "plan.yaml";
        declare->accept = "a test";
        decide->incident = i;
        decide->option = "back";
        decide->reason = "a test";
        submit(hub, declare, plan);
        submit(hub, decide, plan);
        while (hub_next(hub, now, &item))
            assert_false(item.kind == HUB_ANSWER && item.verdict != HUB_ACCEPTED);
    }
    talloc_free(hub);
}

/* ---- keepers --------------------------------------------------------------------------------- */

static void set_clock(const struct night *night, const char *offset) {
    char *next = fixture_path(night->fixture, "offset.new");
    FILE *file = fopen(next, "we");
    assert_non_null(file);
    fprintf(file, "%s\n", offset);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rename(next, night->offset), 0);
}

static void begin_keeper(struct night *night, size_t which) {
    const char *words[] = {"keeper", NULL};
    night->keepers[which] = program_begin(night->fixture, words, night->environment);
}

static struct night begin(struct fixture *fixture) {
    struct night night = {.fixture = fixture, .offset = fixture_path(fixture, "offset")};
    struct hub_options options = {
        .store = fixture->path, .actor = "eve", .via = "line", .read_only = true};
    declare_all(fixture);
    fixture_ok(fixture, hub_open(fixture, &options, time_now_ms(), &night.hub, fixture->err));
    set_clock(&night, "+0");
    night.environment = program_clock(fixture, night.offset);
    for (size_t i = 0; i < KEEPERS; i++)
        begin_keeper(&night, i);
    return night;
}

static void look_on(struct night *night) {
    struct hub_item item;
    while (hub_next(night->hub, time_moment(), &item)) {
        if (item.kind != HUB_EVENT)
            continue;
        night->fired += strcmp(item.event->kind, "escalation.fired") == 0;
        night->steps += strcmp(item.event->kind, "clock.stepped") == 0;
    }
}

/* Until so many deadlines were fired. */
static void wait_for(struct night *night, size_t fired) {
    int64_t limit_ms = time_boot_ms() + LIMIT_MS;
    struct timespec look = {.tv_nsec = 5 * 1000000};
    for (look_on(night); night->fired < fired; look_on(night)) {
        if (time_boot_ms() > limit_ms)
            fail_msg("%zu of %zu deadlines were fired", night->fired, fired);
        nanosleep(&look, NULL);
    }
}

/* Which of them keeps the clock. */
static size_t find_holder(const struct night *night) {
    char *holder = hub_lease_holder(night->fixture, night->hub, LEASE_CLOCK, time_boot_ms());
    const char *pid = holder ? strstr(holder, " pid ") : NULL;
    for (size_t i = 0; pid && i < KEEPERS; i++)
        if (strtol(pid + strlen(" pid "), NULL, 10) == night->keepers[i])
            return i;
    fail_msg("nobody of ours keeps the clock: %s", holder);
    return 0;
}

static void end_keeper(struct night *night, size_t which, int signal_number) {
    int status = 0;
    assert_int_equal(kill(night->keepers[which], signal_number), 0);
    assert_int_equal(waitpid(night->keepers[which], &status, 0), night->keepers[which]);
    assert_true(signal_number == SIGKILL ? WIFSIGNALED(status) : status == 0);
    night->keepers[which] = 0;
}

/* ---- stopping one ---------------------------------------------------------------------------- */

static bool is_stopped(pid_t pid) {
    char path[64], line[512] = "";
    snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    char *got = fgets(line, sizeof(line), file);
    fclose(file);
    const char *state = got ? strrchr(line, ')') : NULL;
    return state && state[1] == ' ' && state[2] == 'T';
}

static bool holds_a_lock(pid_t pid) {
    FILE *file = fopen("/proc/locks", "re");
    char line[256];
    long owner;
    bool holds = false;
    while (file && !holds && fgets(line, sizeof(line), file))
        holds = sscanf(line, "%*d: FLOCK %*s %*s %ld", &owner) == 1 && owner == pid;
    if (file)
        fclose(file);
    return holds;
}

/* Where it holds no lock: who stops in the middle of a commit stops everybody, and is named to
 * them; that is another promise. */
static void stop_keeper(const struct night *night, size_t which) {
    pid_t pid = night->keepers[which];
    struct timespec moment = {.tv_nsec = 1000000};
    for (int tries = 0; tries < 1000; tries++) {
        assert_int_equal(kill(pid, SIGSTOP), 0);
        while (!is_stopped(pid))
            nanosleep(&moment, NULL);
        if (!holds_a_lock(pid))
            return;
        kill(pid, SIGCONT);
        nanosleep(&moment, NULL);
    }
    fail_msg("it always holds a lock");
}

/* ---- what is on the log ---------------------------------------------------------------------- */

struct judged {
    struct fixture *fixture;
    size_t fired[INCIDENTS][STEPS];
    size_t steps[INCIDENTS];
};

static void judge_fired(struct judged *judged, const struct event *event) {
    struct err *err = err_new(NULL);
    const struct body_fired *body = event_decode(err, &event_types[EVENT_FIRED], event, err);
    int64_t step = body ? strtol(body->step + 1, NULL, 10) : -1;
    assert_true(step >= 0 && step < STEPS);
    assert_int_equal(body->level, 1);
    assert_int_equal(body->repeat, 0);
    assert_true(body->due <= event->at_ms); /* never before its time */
    assert_false(body->by_hand);
    judged->fired[event->incident - 1][step]++;
    talloc_free(err);
}

static bool judge(void *data, const struct event *event) {
    struct judged *judged = data;
    if (strcmp(event->kind, "escalation.fired") == 0)
        judge_fired(judged, event);
    else if (strcmp(event->kind, "clock.stepped") == 0)
        judged->steps[event->incident - 1]++;
    return true;
}

static void check_log(struct night *night, size_t steps) {
    struct judged *judged = xtalloc_zero(night->fixture, struct judged);
    int64_t verified;
    fixture_ok(night->fixture,
               hub_events(night->hub, 0, LOG_ANY_INCIDENT, judge, judged, night->fixture->err));
    for (size_t i = 0; i < INCIDENTS; i++) {
        assert_int_equal(judged->steps[i], steps);
        for (size_t j = 0; j < STEPS; j++)
            if (judged->fired[i][j] != 1)
                fail_msg("INC-%zu s%zu was fired %zu times", i + 1, j, judged->fired[i][j]);
    }
    fixture_ok(night->fixture, hub_verify(night->hub, &verified, night->fixture->err));
}

/* ---- the test -------------------------------------------------------------------------------- */

/* Waits, so that the record of it can be told from the next one's. */
static void step_clock(struct night *night, const char *offset, size_t *steps) {
    if (!night->environment)
        return;
    set_clock(night, offset);
    int64_t limit_ms = time_boot_ms() + LIMIT_MS;
    for (++*steps; night->steps < INCIDENTS * *steps; look_on(night))
        assert_true(time_boot_ms() < limit_ms);
}

static void each_of_ten_thousand_is_fired_once(void **state) {
    struct night night = begin(*state);
    size_t steps = 0;
    if (!night.environment)
        print_message("nobody sets the clock: there is no faketime\n");
    wait_for(&night, DEADLINES / 20);
    step_clock(&night, "+1h", &steps);
    wait_for(&night, DEADLINES / 8);
    size_t killed = find_holder(&night);
    end_keeper(&night, killed, SIGKILL);
    wait_for(&night, DEADLINES / 4); /* somebody else has the lease now */
    size_t stopped = find_holder(&night);
    stop_keeper(&night, stopped);
    size_t before = night.fired;
    begin_keeper(&night, killed);
    step_clock(&night, "-1h", &steps);
    wait_for(&night, before + DEADLINES / 8); /* and now another, who took it over */
    assert_int_equal(kill(night.keepers[stopped], SIGCONT), 0);
    step_clock(&night, "+0", &steps);
    wait_for(&night, DEADLINES);
    for (size_t i = 0; i < KEEPERS; i++)
        end_keeper(&night, i, SIGTERM);
    look_on(&night);
    assert_int_equal(night.fired, DEADLINES);
    check_log(&night, steps);
}

/* Processes die here, and no disk: in memory ten thousand commits wait for none. */
static int setup(void **state) {
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", true);
    return text_init() ? fixture_setup(state) : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(
        each_of_ten_thousand_is_fired_once, setup, fixture_teardown)};
    const char *people = getenv("BACKOUT_PEOPLE");
    if (people && strcmp(people, "no") == 0) {
        puts("1..0 # SKIP BACKOUT_PEOPLE=no leaves people and faults out");
        return 0;
    }
    return cmocka_run_group_tests_name("keepers", tests, NULL, NULL);
}
