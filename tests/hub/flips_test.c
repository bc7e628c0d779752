/* "Every single-bit flip of a 256 KiB log: found, named": the whole proof of `backout verify` over
 * a real history, with one bit changed at a time. What isn't found must read the same to everybody:
 * SQLite leaves room in its pages, and says some things in more ways than one.
 *
 * By itself this tries all bits of the file's header and a sample of the others, another one in
 * each run. BACKOUT_TAMPER=all tries all of them (docs/log.md has what came of it), a number that
 * sample again. */
#include "config.h"

#include "tests/hub/store.h"
#include "tests/incident/generate.h"
#include "tests/log/reflection.h"

#include "base/array.h"
#include "base/buffer.h"
#include "base/xtalloc.h"
#include "hub/pins.h"
#include "log/log_ops.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define LOG_BYTES  (256 * 1024)
#define PAGE_BYTES 4096
#define PLANS      3

enum { MOST_WORKERS = 8, MOST_SAID = 20 };

/* ---- a log of that size ---------------------------------------------------------------------- */

static int64_t file_bytes(struct fixture *fixture, const char *path) {
    size_t length;
    char *bytes = read_bytes(fixture, path, &length);
    talloc_free(bytes);
    return (int64_t)length;
}

static void settle(const struct fixture *fixture) {
    run_sql(fixture->path, "PRAGMA wal_checkpoint(TRUNCATE)");
}

/* All of it in the one file. */
static void make_history(struct fixture *fixture) {
    struct random random = {1};
    const char *plans[PLANS];
    for (size_t i = 0; i < PLANS; i++)
        plans[i] = generate_plan(fixture, &random);
    struct story *story = story_over(fixture, fixture_open(fixture, LOG_CREATE), plans[0]);
    story_ok(story, "ana", "declare plan.yaml --accept 'a test'");
    do {
        for (size_t i = 0; i < 20; i++)
            generate_next(story, &random, plans, PLANS);
        settle(fixture);
    } while (file_bytes(fixture, fixture->path) < LOG_BYTES);
    talloc_free(story);
}

/* ---- what stands where in the file ----------------------------------------------------------- */

enum area { AREA_HEADER, AREA_TREE, AREA_CELLS, AREA_ROOM, AREAS };

static const char *const area_names[] = {
    [AREA_HEADER] = "header of the file",
    [AREA_TREE] = "headers of pages, and where their cells are",
    [AREA_CELLS] = "cells and overflowing pages",
    [AREA_ROOM] = "room between a page's pointers and its cells",
};

struct image {
    uint8_t *bytes;
    size_t length;
};

static size_t two_bytes(const uint8_t *at) {
    return (size_t)(at[0] << 8 | at[1]);
}

/* A page of a b-tree begins with 8 bytes, or 12 where it has pages below it; the places of its
 * cells follow, and the cells fill it from its end (SQLite, Database File Format, 1.6). */
static enum area area_of(const struct image *image, size_t at) {
    const uint8_t *page = image->bytes + at / PAGE_BYTES * PAGE_BYTES;
    size_t within = at % PAGE_BYTES, header = page == image->bytes ? 100 : 0;
    const uint8_t *tree = page + header;
    bool inner = *tree == 2 || *tree == 5, leaf = *tree == 10 || *tree == 13;
    if (within < header)
        return AREA_HEADER;
    if (!inner && !leaf)
        return AREA_CELLS;
    if (within < header + (inner ? 12 : 8) + 2 * two_bytes(tree + 3))
        return AREA_TREE;
    return within < two_bytes(tree + 5) ? AREA_ROOM : AREA_CELLS;
}

/* ---- what a reader gets of it ---------------------------------------------------------------- */

/* All that is there, each index by itself. */
static const char *const everything[] = {
    "SELECT * FROM sqlite_schema",
    "SELECT * FROM events ORDER BY seq",
    "SELECT incident, seq FROM events INDEXED BY events_by_incident",
    "SELECT kind, seq FROM events INDEXED BY store_events_by_kind WHERE incident = 0",
    "SELECT command, part, seq FROM events INDEXED BY sqlite_autoindex_events_1",
    "SELECT * FROM incidents ORDER BY number",
    "SELECT number FROM incidents INDEXED BY incidents_open WHERE open = 1",
    "SELECT * FROM plans NOT INDEXED ORDER BY rowid",
    "SELECT sha256, rowid FROM plans INDEXED BY sqlite_autoindex_plans_1",
    "PRAGMA application_id",
    "PRAGMA user_version",
    "PRAGMA encoding",
    "PRAGMA journal_mode",
    "PRAGMA auto_vacuum",
};

/* A value by its type and its bytes. */
static void add_value(struct buffer *text, sqlite3_stmt *row, int column) {
    uint8_t type = (uint8_t)sqlite3_column_type(row, column);
    int64_t number = sqlite3_column_int64(row, column);
    buffer_add(text, (const char *)&type, 1);
    if (type == SQLITE_INTEGER) {
        buffer_add(text, (const char *)&number, sizeof number);
    } else if (type != SQLITE_NULL) {
        const char *bytes = sqlite3_column_blob(row, column);
        int length = sqlite3_column_bytes(row, column);
        buffer_add(text, (const char *)&length, sizeof length);
        buffer_add(text, bytes, (size_t)length);
    }
}

static bool add_rows(struct buffer *text, sqlite3 *database, const char *sql) {
    sqlite3_stmt *rows = NULL;
    int code = sqlite3_prepare_v2(database, sql, -1, &rows, NULL);
    while (code == SQLITE_OK && (code = sqlite3_step(rows)) == SQLITE_ROW) {
        for (int column = 0; column < sqlite3_column_count(rows); column++)
            add_value(text, rows, column);
        code = SQLITE_OK;
    }
    sqlite3_finalize(rows);
    return code == SQLITE_DONE;
}

/* False: SQLite finds something wrong. */
static bool read_everything(const char *path, struct digest *digest) {
    sqlite3 *database = NULL;
    struct buffer text = {.parent = talloc_new(NULL)};
    bool read = sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK;
    for (size_t i = 0; read && i < ARRAY_SIZE(everything); i++)
        read = add_rows(&text, database, everything[i]);
    sqlite3_close(database);
    *digest = digest_blake2b(text.bytes, text.length);
    talloc_free((void *)text.parent);
    return read;
}

/* ---- one bit --------------------------------------------------------------------------------- */

struct tally {
    int64_t tried[AREAS], found[AREAS], wrong;
};

struct trial {
    struct image image;
    const char *path; /* of this worker's own copy */
    int fd;
    struct log *log; /* is open all the time */
    struct digest everything;
    struct tally *tally;
};

static bool complain(struct trial *trial, size_t bit, const char *how) {
    if (trial->tally->wrong++ < MOST_SAID)
        print_message("bit %zu of byte %zu: %s\n", bit % 8, bit / 8, how);
    return false;
}

static bool proves(struct log *log, struct err *err) {
    int64_t verified;
    return log_verify(log, &verified, err) && log_check(log, err);
}

static bool open_log(const struct trial *trial, struct log **log, struct err *err) {
    return log_open(NULL, trial->path, LOG_READ, NOW_MS, log, err);
}

/* What the log proves of itself: rows, indexes, tables. What opening reads stands on the first
 * page; for the others one log will do, as long as it keeps no page. */
static bool log_proves(struct trial *trial, size_t bit, struct err *err) {
    struct log *own = NULL;
    if (bit / 8 < PAGE_BYTES) {
        bool right = open_log(trial, &own, err) && proves(own, err);
        talloc_free(own);
        return right;
    }
    bool right = proves(trial->log, err);
    if (log_hold(trial->log, err))
        log_let_go(trial->log);
    return right;
}

/* As `backout verify` does. */
static bool verifies(const char *path, struct err *err) {
    struct hub_options options = {.store = path, .actor = "eve", .via = "line", .read_only = true};
    struct hub *hub = NULL;
    int64_t verified;
    bool right = hub_open(NULL, &options, NOW_MS, &hub, err) && hub_verify(hub, &verified, err);
    talloc_free(hub);
    return right;
}

/* `backout verify` folds as well, and compares the incidents. That takes three times as long, and
 * where the log proves already that something is wrong it says so too (name_bad_row in
 * src/cli/store.c): then it is tried with one byte of so many only. */
#define WHOLLY 50

/* Where nothing is read that is all there is to see. */
static bool passes(struct trial *trial, size_t bit, struct err *err) {
    if (bit / 8 % WHOLLY == 0)
        return verifies(trial->path, err);
    if (area_of(&trial->image, bit / 8) == AREA_ROOM)
        return true;
    return log_proves(trial, bit, err) && verifies(trial->path, err);
}

/* "found, named, exit 7" */
static bool is_named(struct trial *trial, size_t bit, struct err *err) {
    bool named = err->code == ERR_DAMAGED && err->what && err->on && err->remedy;
    return named || complain(trial, bit, err_sentence(err, err));
}

static bool is_the_same(struct trial *trial, size_t bit) {
    struct digest now;
    return (read_everything(trial->path, &now) && digest_equal(&now, &trial->everything)) ||
           complain(trial, bit, "it reads otherwise, and that isn't found");
}

/* Whoever may write is let write, as before. */
static bool may_write(struct trial *trial, size_t bit, struct err *err) {
    struct log *log = NULL;
    bool may = log_open(NULL, trial->path, LOG_WRITE, NOW_MS, &log, err) && !log_read_only(log);
    talloc_free(log);
    return may || complain(trial, bit, "it can't be written any more, and that isn't found");
}

static void put_byte(const struct trial *trial, size_t at, uint8_t byte) {
    assert_int_equal(pwrite(trial->fd, &byte, 1, (off_t)at), 1);
}

static void try_bit(struct trial *trial, size_t bit) {
    enum area area = area_of(&trial->image, bit / 8);
    uint8_t byte = trial->image.bytes[bit / 8];
    struct err *err = err_new(NULL);
    put_byte(trial, bit / 8, byte ^ (uint8_t)(1 << bit % 8));
    bool passed = passes(trial, bit, err);
    bool ok = passed ? is_the_same(trial, bit) : is_named(trial, bit, err);
    if (passed && ok && area == AREA_HEADER)
        may_write(trial, bit, err);
    put_byte(trial, bit / 8, byte);
    trial->tally->tried[area]++;
    trial->tally->found[area] += !passed;
    talloc_free(err);
}

/* ---- all bits, or some ----------------------------------------------------------------------- */

/* One of so many bits is tried. */
static const size_t usual[] = {
    [AREA_HEADER] = 1, [AREA_TREE] = 60, [AREA_CELLS] = 1000, [AREA_ROOM] = 2000};

struct choice {
    bool all;
    uint64_t seed;
};

static struct choice choose(void) {
    const char *asked = getenv("BACKOUT_TAMPER");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (struct choice){
        .all = asked && strcmp(asked, "all") == 0,
        .seed = asked ? strtoull(asked, NULL, 10) : (uint64_t)now.tv_nsec,
    };
}

static bool is_chosen(const struct choice *choice, const struct image *image, size_t bit) {
    struct random random = {choice->seed + bit};
    return choice->all || random_below(&random, usual[area_of(image, bit / 8)]) == 0;
}

static void try_bits(struct trial *trial, const struct choice *choice, size_t worker,
                     size_t workers) {
    for (size_t bit = worker; bit < 8 * trial->image.length; bit += workers)
        if (is_chosen(choice, &trial->image, bit))
            try_bit(trial, bit);
}

/* ---- several at once ------------------------------------------------------------------------- */

static void write_image(const char *path, const struct image *image) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, image->bytes, image->length), image->length);
    close(fd);
}

static void work(struct fixture *fixture, const struct image *image, const struct choice *choice,
                 size_t worker, size_t workers, struct tally *tally) {
    struct trial trial = {.image = *image, .tally = &tally[worker]};
    trial.path = talloc_asprintf(fixture, "%s/copy-%zu.db", fixture->folder, worker);
    write_image(trial.path, image);
    trial.fd = open(trial.path, O_RDWR | O_CLOEXEC);
    if (read_everything(trial.path, &trial.everything) &&
        open_log(&trial, &trial.log, fixture->err) && proves(trial.log, fixture->err))
        try_bits(&trial, choice, worker, workers);
    else
        complain(&trial, 0, "the copy isn't proven");
}

static size_t count_workers(void) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 1 ? 1 : processors > MOST_WORKERS ? MOST_WORKERS : (size_t)processors;
}

static void report(const struct tally *tally, size_t workers) {
    for (size_t area = 0; area < AREAS; area++) {
        int64_t tried = 0, found = 0;
        for (size_t i = 0; i < workers; i++) {
            tried += tally[i].tried[area];
            found += tally[i].found[area];
        }
        print_message("%s: %" PRId64 " bits, %" PRId64 " found, %" PRId64 " read the same\n",
                      area_names[area], tried, found, tried - found);
        assert_true(found > 0 || area == AREA_ROOM);
    }
}

static void test_every_bit_is_found_or_says_nothing(void **state) {
    struct fixture *fixture = *state;
    struct choice choice = choose();
    struct image image;
    make_history(fixture);
    image.bytes = (uint8_t *)read_bytes(fixture, fixture->path, &image.length);
    print_message("%zu bytes, BACKOUT_TAMPER=%" PRIu64 "\n", image.length, choice.seed);
    size_t workers = count_workers();
    struct tally *tally = mmap(NULL, workers * sizeof *tally, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t children[MOST_WORKERS];
    fflush(NULL);
    for (size_t i = 0; i < workers; i++)
        if ((children[i] = fork()) == 0) {
            work(fixture, &image, &choice, i, workers, tally);
            _exit(0);
        }
    for (size_t i = 0; i < workers; i++)
        assert_int_equal(wait_for_child(children[i]), 0);
    for (size_t i = 0; i < workers; i++)
        assert_int_equal(tally[i].wrong, 0);
    report(tally, workers);
    munmap(tally, workers * sizeof *tally);
}

/* ---- the WAL --------------------------------------------------------------------------------- */

/* SQLite reads it up to the first frame whose checksum is wrong. */
enum { WAL_BITS = 1000 };

static void make_wal(struct fixture *fixture, const char *pins) {
    struct random random = {2};
    struct log_head head;
    const char *plan = generate_plan(fixture, &random);
    struct story *story = story_over(fixture, fixture_open(fixture, LOG_CREATE), plan);
    story_ok(story, "ana", "declare plan.yaml --accept 'a test'");
    for (size_t i = 0; i < 40; i++)
        generate_next(story, &random, &plan, 1);
    fixture_ok(fixture, hub_head(story->hub, &head, fixture->err));
    pins_keep(pins, fixture->path, &head, true, fixture->err);
    talloc_free(story);
}

/* As somebody who saw all of it: what is found, by the chain or by the pin. */
static bool is_doubted(struct fixture *fixture, const char *pins, int64_t *verified) {
    struct hub_options options = {
        .store = fixture->path, .actor = "eve", .via = "line", .read_only = true, .pins = pins};
    struct hub *hub = NULL;
    bool opened = hub_open(NULL, &options, NOW_MS, &hub, fixture->err);
    bool right = opened && hub_verify(hub, verified, fixture->err);
    bool doubted = !right || hub_doubt(hub);
    if (!right)
        assert_int_equal(fixture->err->code, ERR_DAMAGED);
    talloc_free(hub);
    return doubted;
}

static void test_a_bit_of_the_wal_is_a_tail_that_was_cut(void **state) {
    struct fixture *fixture = *state;
    struct random random = {choose().seed};
    struct digest whole, now;
    size_t length, found = 0;
    int64_t verified;
    const char *pins = fixture_path(fixture, "pins");
    make_wal(fixture, pins);
    char *path = talloc_asprintf(fixture, "%s-wal", fixture->path);
    char *bytes = read_bytes(fixture, path, &length);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(read_everything(fixture->path, &whole));
    assert_false(is_doubted(fixture, pins, &verified));
    for (size_t i = 0; i < WAL_BITS; i++) {
        size_t bit = random_below(&random, 8 * length);
        char byte = bytes[bit / 8] ^ (char)(1 << bit % 8);
        assert_int_equal(pwrite(fd, &byte, 1, (off_t)(bit / 8)), 1);
        bool doubted = is_doubted(fixture, pins, &verified);
        if (!doubted && !(read_everything(fixture->path, &now) && digest_equal(&now, &whole)))
            fail_msg("bit %zu of byte %zu of the WAL: verified up to %" PRId64, bit % 8, bit / 8,
                     verified);
        found += doubted;
        assert_int_equal(pwrite(fd, &bytes[bit / 8], 1, (off_t)(bit / 8)), 1);
    }
    close(fd);
    print_message("%zu bytes of WAL: %zu of %d bits found\n", length, found, WAL_BITS);
    assert_true(found > WAL_BITS / 2);
}

/* Hundreds of thousands of small files are made here: in memory, where there is some. */
static int in_memory(void **state) {
    (void)state;
    return access("/dev/shm", W_OK) == 0 ? setenv("TMPDIR", "/dev/shm", 1) : 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        store_test(test_every_bit_is_found_or_says_nothing),
        store_test(test_a_bit_of_the_wal_is_a_tail_that_was_cut),
    };
    return cmocka_run_group_tests_name("flips", tests, in_memory, NULL);
}
