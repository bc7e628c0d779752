/* Exports, and stores made of them: the same log to the last hash, or a new one that goes on from
 * what is left; and nothing at all of a file that isn't as it was written. */
#include "config.h"

#include "tests/hub/store.h"
#include "tests/log/reflection.h"

#include "base/array.h"
#include "base/xtalloc.h"
#include "hub/import.h"
#include "hub/local.h"
#include "log/line.h"
#include "log/mirror_file.h"
#include "log/mirror_inside.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define VIEW "view/store.db.ndjson"

static bool add_line(void *data, const char *line) {
    char **text = data;
    *text = xtalloc_asprintf_append(*text, "%s\n", line);
    return true;
}

static char *export_of(struct fixture *fixture, struct hub *hub) {
    char *text = xtalloc_strdup(fixture, "");
    struct log_head head;
    fixture_ok(fixture, hub_export(hub, add_line, &text, &head, fixture->err));
    return text;
}

static const char *write_bytes(struct fixture *fixture, const char *bytes, size_t length) {
    char *path = fixture_path(fixture, "lines.ndjson");
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_int_equal(write(fd, bytes, length), length);
    close(fd);
    return path;
}

static const char *write_text(struct fixture *fixture, const char *text) {
    return write_bytes(fixture, text, strlen(text));
}

static bool import_as(struct fixture *fixture, const char *file, bool goes_on,
                      struct imported *imported) {
    const struct import_asked asked = {.store = fixture_path(fixture, "made.db"),
                                       .file = file,
                                       .reason = goes_on ? "ops1 burned" : NULL,
                                       .actor = "root",
                                       .via = "line",
                                       .now_ms = NOW_MS};
    return (goes_on ? hub_continue : hub_import)(&asked, imported, fixture->err);
}

static size_t files_of_made(struct fixture *fixture) {
    DIR *listing = opendir(fixture->folder);
    const struct dirent *entry;
    size_t count = 0;
    while ((entry = readdir(listing)))
        count +=
            strncmp(entry->d_name, "made.db", 7) == 0 && strcmp(entry->d_name, "made.db.lock") != 0;
    closedir(listing);
    return count;
}

static void forget_made(struct fixture *fixture) {
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
        unlink(fixture_path(fixture, talloc_asprintf(fixture, "made.db%s", suffixes[i])));
}

static struct hub *open_made(struct fixture *fixture) {
    struct hub_options options = {
        .store = fixture_path(fixture, "made.db"), .actor = "bo", .via = "line"};
    struct hub *hub = NULL;
    int64_t verified;
    fixture_ok(fixture, hub_open(fixture, &options, NOW_MS, &hub, fixture->err));
    fixture_ok(fixture, hub_verify(hub, &verified, fixture->err));
    return hub;
}

/* Two open incidents and one that ended, a plan, a run, words that need care. */
static struct hub *some_history(struct fixture *fixture) {
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare p --accept t");
    store_ok(fixture, hub, "decide 1 back --reason x");
    store_ok(fixture, hub, "start 1 flag");
    store_ok(fixture, hub, "declare --title größer\xe2\x80\xae\"\\als");
    store_ok(fixture, hub, "note 2 \xe2\x80\xaew\xcc\x88rt");
    store_ok(fixture, hub, "declare --title three");
    store_ok(fixture, hub, "abandon 3 --reason over");
    store_ok(fixture, hub, "note 3 after");
    return hub;
}

/* ---- the same log again ---------------------------------------------------------------------- */

static void test_the_same_to_the_last_hash(void **state) {
    struct fixture *fixture = *state;
    struct imported imported;
    struct log_head head;
    struct hub *hub = some_history(fixture);
    char *text = export_of(fixture, hub);
    fixture_ok(fixture, hub_head(hub, &head, fixture->err));
    fixture_ok(fixture, import_as(fixture, write_text(fixture, text), false, &imported));
    assert_int_equal(imported.events, head.seq);
    assert_memory_equal(&imported.now, &head, sizeof(head));
    struct hub *made = open_made(fixture);
    assert_string_equal(export_of(fixture, made), text);
    assert_string_equal(state_dump(fixture, hub_state(made)),
                        state_dump(fixture, hub_state(store_open_read_only(fixture))));
    store_ok(fixture, made, "note 1 on"); /* and goes on */
    assert_int_equal(files_of_made(fixture), 3);
}

static void test_a_mirror_that_has_it_all_will_do(void **state) {
    struct fixture *fixture = *state;
    struct imported imported;
    struct hub *hub = some_history(fixture);
    fixture_ok(fixture, import_as(fixture, fixture_path(fixture, VIEW), false, &imported));
    struct hub *made = open_made(fixture);
    assert_string_equal(export_of(fixture, made), export_of(fixture, hub));
}

static int write_for_ever(struct fixture *fixture) {
    struct hub *hub = store_open(fixture, "bo");
    while (hub) /* until it is killed */
        store_ok(fixture, hub, "note 1 more");
    return 0;
}

static void test_others_write_while_it_is_exported(void **state) {
    struct fixture *fixture = *state;
    struct hub *hub = store_open(fixture, "ana");
    struct imported imported;
    store_ok(fixture, hub, "declare --title one");
    talloc_free(hub);
    pid_t writer = start_child(write_for_ever, fixture);
    for (int i = 0; i < 10; i++) {
        hub = store_open_read_only(fixture);
        fixture_ok(fixture, import_as(fixture, write_text(fixture, export_of(fixture, hub)), false,
                                      &imported));
        talloc_free(hub);
        forget_made(fixture);
    }
    kill(writer, SIGKILL);
    waitpid(writer, NULL, 0);
}

/* A store that `init` made holds nothing yet. */
static void test_only_an_unused_store_makes_room(void **state) {
    struct fixture *fixture = *state;
    struct imported imported;
    char *text = export_of(fixture, some_history(fixture)), *path = fixture->path;
    fixture->path = fixture_path(fixture, "made.db");
    talloc_free(fixture_open(fixture, LOG_CREATE));
    fixture_ok(fixture, import_as(fixture, write_text(fixture, text), false, &imported));
    fixture_failed(fixture, import_as(fixture, write_text(fixture, text), false, &imported),
                   ERR_CONFLICT);
    fixture_failed(fixture, import_as(fixture, write_text(fixture, text), true, &imported),
                   ERR_CONFLICT);
    assert_int_equal(files_of_made(fixture), 3);
    assert_int_equal(write(open(fixture->path, O_WRONLY | O_TRUNC), "not a store", 11), 11);
    assert_false(import_as(fixture, write_text(fixture, text), false, &imported));
    fixture->path = path;
}

/* ---- hostile files --------------------------------------------------------------------------- */

static const struct {
    const char *what, *find, *replace; /* the first one */
    const char *says;                  /* of it */
} edits[] = {
    {"a word", "\"actor\":\"ana\"", "\"actor\":\"eve\"", "line 3: event 2: its hash"},
    {"a number", "\"part\":0,", "\"part\":7,", "line 2: event 1: its hash"},
    {"a hash", "\"hash\":\"", "\"hash\":\"0", "line 1: "},
    {"capitals", "\"hash\":\"0000", "\"hash\":\"000A", "line 1: "},
    {"a letter escaped", "\"ana\"", "\"\\u0061na\"", "line 3: it is not as backout writes"},
    {"a blank", "\"actor\":\"ana\"", "\"actor\": \"ana\"", "line 3: it is not as backout writes"},
    {"another key", "\"actor\":\"ana\"", "\"x\":1,\"actor\":\"ana\"",
     "line 3: it is not as backout"},
    {"a key gone", "\"via\":\"line\",", "", "line 3: it has no \"via\""},
    {"a key twice", "\"via\":\"line\"", "\"via\":\"line\",\"via\":\"line\"", "line 3: "},
    {"not JSON", "{\"seq\":2", "{seq:2", "line 3: "},
    {"no object", "{\"seq\":2", "[{\"seq\":2", "line 3: "},
    {"a number too large", "\"at\":", "\"at\":9", "line 2: "},
    {"an empty line", "{\"seq\":2", "\n{\"seq\":2", "line 3: "},
    {"a NUL", "\"ana\"", "\"\\u0000ana\"", "line 3: "},
    {"an event before", "{\"seq\":2", "{\"seq\":1", "line 3: event 1: it should be 2"},
    {"an event left out", "\"seq\":2", "\"seq\":3", "line 3: event 3: it should be 2"},
    {"a base in the middle", "{\"seq\":2",
     "{\"store\":\"019a7d3c-1e00-7000-8000-000000000001\",\"seq\":1,\"hash\":"
     "\"0000000000000000000000000000000000000000000000000000000000000000\","
     "\"carried_bytes\":0}\n{\"seq\":2",
     "line 3: a base stands first"},
    {"carried lines promised", "\"carried_bytes\":0", "\"carried_bytes\":9",
     "line 2: the base promises"},
    {"another end", "\"end_seq\":", "\"end_seq\":9", "line 13: it is missing"},
    {"no end", "\"end_seq\"", "\"end_sep\"", "line 1: it is not as backout writes"},
    {"another store", "{\"store\":\"0", "{\"store\":\"1",
     "line 2: event 1: it is of another store"},
    {"a hash of nothing", "\"hash\":\"00", "\"hash\":\"10", "line 1: nothing has a hash"},
};

static char *edited(struct fixture *fixture, const char *text, const char *find,
                    const char *replace) {
    const char *at = strstr(text, find);
    assert_non_null(at);
    return talloc_asprintf(fixture, "%.*s%s%s", (int)(at - text), text, replace, at + strlen(find));
}

static void test_every_kind_of_damage_is_named(void **state) {
    struct fixture *fixture = *state;
    struct imported imported;
    char *text = export_of(fixture, some_history(fixture));
    for (size_t i = 0; i < ARRAY_SIZE(edits); i++) {
        const char *file =
            write_text(fixture, edited(fixture, text, edits[i].find, edits[i].replace));
        if (import_as(fixture, file, false, &imported))
            fail_msg("%s was taken", edits[i].what);
        if (fixture->err->code != ERR_DAMAGED || !strstr(fixture->err->on, edits[i].says))
            fail_msg("%s: %s", edits[i].what, err_sentence(fixture, fixture->err));
        if (files_of_made(fixture) != 0)
            fail_msg("%s left files", edits[i].what);
    }
}

/* The chain of a liar is whole, and still nothing follows from nothing. */
static void test_a_history_that_cant_be_is_refused(void **state) {
    struct fixture *fixture = *state;
    struct imported imported;
    struct hub *hub = store_open(fixture, "ana");
    store_ok(fixture, hub, "declare p --accept t");
    struct log *log = fixture_open(fixture, LOG_WRITE);
    fixture_append(fixture, log, 1, "step.done", "{\"step\":\"imagined\"}");
    talloc_free(log);
    const char *file = write_text(fixture, export_of(fixture, hub));
    fixture_failed(fixture, import_as(fixture, file, false, &imported), ERR_DAMAGED);
    assert_non_null(strstr(fixture->err->on, "event 5"));
    assert_int_equal(files_of_made(fixture), 0);
}

static bool count_line(void *data, const struct line *line, off_t at) {
    (void)line, (void)at;
    ++*(size_t *)data;
    return true;
}

/* What `import` and `verify` ask of a file, without making a store of it. */
static bool is_proven(struct fixture *fixture, const char *path) {
    struct mirror_file *file = NULL;
    size_t lines = 0;
    bool proven = mirror_file_open(fixture, path, &file, fixture->err) &&
                  mirror_file_prove(file, true, count_line, &lines, fixture->err);
    talloc_free(file);
    return proven;
}

static void test_every_cut_is_found(void **state) {
    struct fixture *fixture = *state;
    struct imported imported;
    char *text = export_of(fixture, some_history(fixture));
    size_t length = strlen(text);
    for (size_t cut = 0; cut < length; cut++)
        if (is_proven(fixture, write_bytes(fixture, text, cut)) ||
            fixture->err->code != ERR_DAMAGED)
            fail_msg("cut after %zu of %zu bytes is proven", cut, length);
    for (size_t cut = 0; cut < length; cut += cut + 300 < length ? 37 : 1)
        if (import_as(fixture, write_bytes(fixture, text, cut), false, &imported) ||
            fixture->err->code != ERR_DAMAGED || files_of_made(fixture) != 0)
            fail_msg("cut after %zu of %zu bytes: %s", cut, length,
                     err_sentence(fixture, fixture->err));
}

/* "Every single-bit flip: found, named", in an export too: by the line, and nothing is made. */
static void test_every_changed_bit_is_named_by_its_line(void **state) {
    struct fixture *fixture = *state;
    struct imported imported;
    char *text = export_of(fixture, some_history(fixture));
    size_t length = strlen(text);
    const char *file = write_text(fixture, text);
    int fd = open(file, O_WRONLY | O_CLOEXEC);
    const char *named = talloc_asprintf(fixture, "%s: line ", file);
    assert_true(is_proven(fixture, file));
    for (size_t bit = 0; bit < 8 * length; bit++) {
        char byte = text[bit / 8] ^ (char)(1 << bit % 8);
        assert_int_equal(pwrite(fd, &byte, 1, (off_t)(bit / 8)), 1);
        bool found = !is_proven(fixture, file);
        if (found && bit % 501 == 0)
            found = !import_as(fixture, file, false, &imported) && files_of_made(fixture) == 0;
        if (!found || fixture->err->code != ERR_DAMAGED || !strstr(fixture->err->on, named))
            fail_msg("bit %zu of byte %zu: %s", bit % 8, bit / 8,
                     found ? err_sentence(fixture, fixture->err) : "passes");
        assert_int_equal(pwrite(fd, &text[bit / 8], 1, (off_t)(bit / 8)), 1);
    }
    close(fd);
}

static void test_what_is_no_file_of_lines_is_refused(void **state) {
    struct fixture *fixture = *state;
    struct imported imported;
    fixture_failed(fixture, import_as(fixture, fixture_path(fixture, "none"), false, &imported),
                   ERR_NOT_FOUND);
    fixture_failed(fixture, import_as(fixture, fixture->folder, false, &imported), ERR_REFUSED);
    talloc_free(some_history(fixture));
    fixture_failed(fixture, import_as(fixture, fixture->path, false, &imported), ERR_DAMAGED);
    fixture_failed(fixture, import_as(fixture, write_text(fixture, ""), true, &imported),
                   ERR_DAMAGED);
    assert_int_equal(files_of_made(fixture), 0);
}

/* ---- going on elsewhere ---------------------------------------------------------------------- */

/* A mirror whose base moved: what is older is carried, as far as it is needed. */
static struct hub *moved_base(struct fixture *fixture) {
    struct hub *hub = some_history(fixture);
    struct log *log = hub_log(hub);
    log->mirror->limit = log->mirror->move_at = 3000;
    for (int i = 0; i < 12; i++)
        store_ok(fixture, hub, "note 2 further");
    return hub;
}

static void test_it_goes_on_from_a_mirror(void **state) {
    struct fixture *fixture = *state;
    struct imported imported;
    struct log_head head;
    struct hub *hub = moved_base(fixture);
    fixture_ok(fixture, hub_head(hub, &head, fixture->err));
    fixture_failed(fixture, import_as(fixture, fixture_path(fixture, VIEW), false, &imported),
                   ERR_REFUSED);
    assert_non_null(strstr(fixture->err->remedy, "--continue"));
    fixture_ok(fixture, import_as(fixture, fixture_path(fixture, VIEW), true, &imported));
    assert_memory_equal(&imported.old, &head, sizeof(head));
    assert_string_not_equal(imported.now.store, head.store);
    struct hub *made = open_made(fixture);
    const struct state *now = hub_state(made);
    assert_string_equal(now->store, imported.now.store);
    assert_int_equal(now->inherited, imported.events + 2);
    assert_int_equal(now->last_incident, 2); /* the third ended before the base */
    assert_int_equal(strlen(now->epoch), 8);
    for (int64_t number = 1; number <= 2; number++) {
        const struct incident *old = state_incident(hub_state(hub), number);
        const struct incident *new = state_incident(now, number);
        assert_int_equal(old->events_count, new->events_count);
        assert_string_equal(old->title, new->title);
        for (size_t i = 0; i < old->events_count; i++)
            assert_string_equal(old->events[i].body, new->events[i].body);
    }
    store_ok(fixture, made, "note 1 on");
    store_ok(fixture, made, "declare --title next");
    assert_non_null(state_incident(hub_state(made), 3));
}

static void test_it_goes_on_from_any_cut(void **state) {
    struct fixture *fixture = *state;
    struct imported imported;
    char *text = export_of(fixture, some_history(fixture));
    size_t length = strlen(text), made = 0;
    for (size_t cut = 0; cut < length; cut += 101) {
        bool done = import_as(fixture, write_bytes(fixture, text, cut), true, &imported);
        if (done) {
            talloc_free(open_made(fixture));
            assert_int_equal(imported.torn > 0, text[cut - 1] != '\n');
            made++;
        } else if (fixture->err->code != ERR_DAMAGED && fixture->err->code != ERR_REFUSED) {
            fail_msg("cut after %zu bytes: %s", cut, err_sentence(fixture, fixture->err));
        }
        forget_made(fixture);
    }
    assert_true(made > length / 101 / 2);
}

static void test_what_was_changed_is_nothing_to_go_on_from(void **state) {
    struct fixture *fixture = *state;
    struct imported imported;
    size_t length;
    talloc_free(moved_base(fixture));
    char *text = read_bytes(fixture, fixture_path(fixture, VIEW), &length);
    const char *chained = strstr(text, "\n{\"seq\":");
    int tried = 0, carried = 0;
    for (char *at = text; (at = strstr(at, "further")); at += 7, tried++) {
        carried += at < chained;
        memcpy(at, "nearer!", 7);
        fixture_failed(fixture,
                       import_as(fixture, write_bytes(fixture, text, length), true, &imported),
                       ERR_DAMAGED);
        memcpy(at, "further", 7);
        assert_int_equal(files_of_made(fixture), 0);
    }
    assert_int_equal(tried, 12);
    assert_true(carried > 0 && carried < tried);
}

/* A whole line less: carried, or chained, but for the last. */
static void test_a_line_that_was_cut_is_missed(void **state) {
    struct fixture *fixture = *state;
    struct imported imported;
    size_t length;
    talloc_free(moved_base(fixture));
    char *text = read_bytes(fixture, fixture_path(fixture, VIEW), &length);
    for (char *at = strchr(text, '\n') + 1, *next; *(next = strchr(at, '\n') + 1); at = next) {
        char *cut = xtalloc_asprintf(fixture, "%.*s%s", (int)(at - text), text, next);
        fixture_failed(fixture, import_as(fixture, write_text(fixture, cut), true, &imported),
                       ERR_DAMAGED);
        assert_int_equal(files_of_made(fixture), 0);
    }
}

/* An older program's mirror is what there may be left of a dead host. */
static void test_it_goes_on_from_an_older_form(void **state) {
    struct fixture *fixture = *state;
    struct imported imported;
    size_t length;
    struct hub *hub = moved_base(fixture);
    const char *text = read_bytes(fixture, fixture_path(fixture, VIEW), &length);
    const char *older = mirror_older_form(fixture, text);
    fixture_ok(fixture, import_as(fixture, write_text(fixture, older), true, &imported));
    const struct incident *old = state_incident(hub_state(hub), 1);
    const struct incident *new = state_incident(hub_state(open_made(fixture)), 1);
    assert_int_equal(old->events_count, new->events_count);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        store_test(test_the_same_to_the_last_hash),
        store_test(test_a_mirror_that_has_it_all_will_do),
        store_test(test_others_write_while_it_is_exported),
        store_test(test_only_an_unused_store_makes_room),
        store_test(test_every_kind_of_damage_is_named),
        store_test(test_a_history_that_cant_be_is_refused),
        store_test(test_every_cut_is_found),
        store_test(test_every_changed_bit_is_named_by_its_line),
        store_test(test_what_is_no_file_of_lines_is_refused),
        store_test(test_it_goes_on_from_a_mirror),
        store_test(test_it_goes_on_from_any_cut),
        store_test(test_what_was_changed_is_nothing_to_go_on_from),
        store_test(test_a_line_that_was_cut_is_missed),
        store_test(test_it_goes_on_from_an_older_form),
    };
    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
