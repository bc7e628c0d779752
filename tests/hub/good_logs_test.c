/* "1,000 good logs pass": whatever people did, in whatever order, and wherever it stands by now,
 * the proof finds nothing wrong with it; and neither does that of its export. A seed that fails is
 * named, and fails again. */
#include "config.h"

#include "tests/hub/store.h"
#include "tests/incident/generate.h"

#include "base/xtalloc.h"
#include "hub/import.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOGS = 1000, COMMANDS = 60, PLANS = 2, EXPORTED = 25 };

static void tell(struct fixture *fixture, struct random *random) {
    const char *plans[PLANS];
    void *scratch = talloc_new(fixture);
    for (size_t i = 0; i < PLANS; i++)
        plans[i] = generate_plan(scratch, random);
    struct story *story = story_over(scratch, fixture_open(fixture, LOG_CREATE), plans[0]);
    story_ok(story, "ana", "declare plan.yaml --accept 'a test'");
    for (size_t i = random_below(random, COMMANDS); i > 0; i--)
        generate_next(story, random, plans, PLANS);
    if (random_below(random, 3) == 0)
        story_sets_clock(story, (int64_t)random_below(random, 2 * HOUR_MS) - HOUR_MS);
    generate_next(story, random, plans, PLANS);
    talloc_free(scratch);
}

/* In the database, in its WAL, or some here and some there; as a store or as one file. */
static void settle(const struct fixture *fixture, struct random *random) {
    static const char *const ways[] = {
        "SELECT 1",
        "PRAGMA wal_checkpoint(PASSIVE)",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "PRAGMA journal_mode = DELETE",
    };
    run_sql(fixture->path, ways[random_below(random, sizeof ways / sizeof ways[0])]);
}

static void must(struct fixture *fixture, uint64_t seed, bool ok) {
    if (!ok)
        fail_msg("seed %llu: %s", (unsigned long long)seed, err_sentence(fixture, fixture->err));
}

static bool write_line(void *data, const char *line) {
    return dprintf(*(int *)data, "%s\n", line) > 0;
}

/* The export of a good log is good, and so is the store that is made of it. */
static void check_export(struct fixture *fixture, struct hub *hub, uint64_t seed) {
    struct log_head head;
    struct imported imported;
    const struct import_asked asked = {.store = fixture_path(fixture, "made.db"),
                                       .file = fixture_path(fixture, "log.ndjson"),
                                       .actor = "root",
                                       .via = "line",
                                       .now_ms = NOW_MS};
    int fd = open(asked.file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    must(fixture, seed, hub_export(hub, write_line, &fd, &head, fixture->err));
    close(fd);
    must(fixture, seed, hub_import(&asked, &imported, fixture->err));
    assert_memory_equal(&imported.now, &head, sizeof head);
}

static int64_t check(struct fixture *fixture, uint64_t seed) {
    struct hub_options options = {
        .store = fixture->path, .actor = "eve", .via = "line", .read_only = true};
    struct hub *hub = NULL;
    int64_t verified = 0;
    must(fixture, seed, hub_open(fixture, &options, NOW_MS, &hub, fixture->err));
    must(fixture, seed, hub_verify(hub, &verified, fixture->err));
    if (seed % EXPORTED == 0)
        check_export(fixture, hub, seed);
    talloc_free(hub);
    return verified;
}

static void test_a_thousand_pass(void **state) {
    (void)state;
    int64_t events = 0, longest = 0;
    for (uint64_t seed = 1; seed <= LOGS; seed++) {
        void *own = NULL;
        struct random random = {seed};
        assert_int_equal(store_setup(&own), 0);
        tell(own, &random);
        settle(own, &random);
        int64_t verified = check(own, seed);
        events += verified;
        longest = verified > longest ? verified : longest;
        fixture_teardown(&own);
    }
    print_message("%d logs, %lld events, the longest has %lld\n", LOGS, (long long)events,
                  (long long)longest);
    assert_true(events > INT64_C(10) * LOGS); /* else they say little */
}

/* Thousands of small files are made here: in memory, where there is some. */
static int in_memory(void **state) {
    (void)state;
    return access("/dev/shm", W_OK) == 0 ? setenv("TMPDIR", "/dev/shm", 1) : 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_thousand_pass),
    };
    return cmocka_run_group_tests_name("good logs", tests, in_memory, NULL);
}
