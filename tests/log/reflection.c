#include "config.h"

#include "tests/log/reflection.h"

#include "base/buffer.h"
#include "log/chain.h"
#include "log/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

char *read_bytes(struct fixture *fixture, const char *path, size_t *length) {
    FILE *file = fopen(path, "re");
    if (!file)
        fail_msg("%s can't be opened", path);
    fseek(file, 0, SEEK_END);
    *length = (size_t)ftell(file);
    rewind(file);
    char *bytes = talloc_size(fixture, *length + 1);
    assert_int_equal(fread(bytes, 1, *length, file), *length);
    bytes[*length] = '\0';
    fclose(file);
    return bytes;
}

size_t count_in_file(struct fixture *fixture, const char *path, const char *text) {
    size_t length, count = 0;
    char *bytes = read_bytes(fixture, path, &length);
    for (char *at = bytes; (at = strstr(at, text)); at += strlen(text))
        count++;
    talloc_free(bytes);
    return count;
}

/* ---- the log's lines ------------------------------------------------------------------------- */

struct logged {
    const void *parent;
    char *line;
    int64_t seq;
    struct digest hash;
};

static bool keep_line(void *data, const struct event *event) {
    struct logged *logged = data;
    logged->line = line_encode(logged->parent, event);
    logged->seq = event->seq;
    logged->hash = event->hash;
    return false;
}

/* What the log has at that place, as a line. */
static struct logged logged(struct fixture *fixture, struct log *log, int64_t seq) {
    struct logged logged = {.parent = fixture};
    if (seq > 0)
        fixture_ok(fixture,
                   log_read(log, seq - 1, LOG_ANY_INCIDENT, keep_line, &logged, fixture->err));
    assert_true(logged.seq == seq);
    return logged;
}

/* ---- the file's ------------------------------------------------------------------------------ */

struct walk {
    struct fixture *fixture;
    struct log *log;
    size_t line_number;
    int64_t seq; /* of the last chained event */
    struct digest hash;
    struct reflection found;
};

static void take_base(struct walk *walk, const struct line *line) {
    struct log_head head;
    struct logged base = logged(walk->fixture, walk->log, line->head.seq);
    fixture_ok(walk->fixture, log_head(walk->log, &head, walk->fixture->err));
    assert_string_equal(line->head.store, head.store);
    assert_memory_equal(&line->head.hash, &base.hash, sizeof base.hash);
    walk->found.base = walk->seq = line->head.seq;
    walk->hash = line->head.hash;
    talloc_free(base.line);
}

static void take_event(struct walk *walk, const char *text, const struct line *line) {
    const struct event *event = &line->event;
    struct logged same = logged(walk->fixture, walk->log, event->seq);
    bool carried = line->kind == LINE_CARRIED;
    struct digest hash = chain_hash(&walk->hash, event);
    if (!carried && event->seq != walk->seq + 1)
        fail_msg("event %lld follows %lld", (long long)event->seq, (long long)walk->seq);
    if (!carried && memcmp(&hash, &event->hash, sizeof hash) != 0)
        fail_msg("event %lld has another hash", (long long)event->seq);
    assert_string_equal(carried ? line_encode_carried(same.line, event, &line->before) : text,
                        carried ? text : same.line);
    assert_string_equal(line_encode(same.line, event), same.line);
    if (carried) {
        assert_true(event->seq <= walk->found.base);
        walk->found.carried++;
    } else {
        walk->found.chained++;
        walk->seq = event->seq;
        walk->hash = event->hash;
    }
    talloc_free(same.line);
}

static void take_line(struct walk *walk, const char *text) {
    struct line line;
    void *scratch = talloc_new(walk->fixture);
    fixture_ok(walk->fixture, line_decode(scratch, text, strlen(text), &line, walk->fixture->err));
    if (walk->line_number++ == 0) {
        assert_int_equal(line.kind, LINE_BASE);
        take_base(walk, &line);
    } else {
        assert_int_not_equal(line.kind, LINE_BASE);
        take_event(walk, text, &line);
    }
    talloc_free(scratch);
}

/* So many bytes after the base, all lines are carried. */
static void assert_carried_bytes(struct fixture *fixture, const char *bytes) {
    struct line line;
    const char *at = strchr(bytes, '\n') + 1;
    fixture_ok(fixture, line_decode(fixture, bytes, (size_t)(at - bytes) - 1, &line, fixture->err));
    const char *end = at + line.carried_bytes;
    assert_true(end[-1] == '\n');
    for (; at < end; at = strchr(at, '\n') + 1)
        assert_memory_equal(at, "{\"carried\":true,", 16);
    assert_ptr_equal(at, end);
}

struct reflection assert_mirrored(struct fixture *fixture, struct log *log) {
    size_t length;
    int64_t last;
    struct walk walk = {.fixture = fixture, .log = log};
    char *bytes = read_bytes(fixture, log_mirror_path(log), &length);
    assert_true(length > 0 && strlen(bytes) == length && bytes[length - 1] == '\n');
    assert_carried_bytes(fixture, bytes);
    for (char *at = bytes, *feed; (feed = strchr(at, '\n')); at = feed + 1) {
        *feed = '\0';
        take_line(&walk, at);
    }
    fixture_ok(fixture, log_last(log, &last, fixture->err));
    assert_true(walk.seq == last);
    assert_null(log_mirror_trouble(log));
    fixture_ok(fixture, log_mirror_check(log, fixture->err));
    fixture_ok(fixture, log_mirror_prove(log, fixture->err));
    talloc_free(bytes);
    return walk.found;
}

/* ---- as it was before ------------------------------------------------------------------------ */

static void add_older(struct buffer *text, struct line *line) {
    void *scratch = talloc_new(NULL);
    line->older = true;
    buffer_add_z(text, line_exact(scratch, line));
    buffer_add_z(text, "\n");
    talloc_free(scratch);
}

char *mirror_older_form(struct fixture *fixture, const char *text) {
    struct line base, line;
    struct buffer carried = {.parent = fixture}, whole = {.parent = fixture};
    const char *at = text, *feed = strchr(at, '\n');
    fixture_ok(fixture, line_decode(fixture, at, (size_t)(feed - at), &base, fixture->err));
    const char *end = feed + 1 + base.carried_bytes;
    for (at = feed + 1; at < end; at = feed + 1) {
        feed = strchr(at, '\n');
        fixture_ok(fixture, line_decode(fixture, at, (size_t)(feed - at), &line, fixture->err));
        add_older(&carried, &line);
    }
    base.carried_bytes = (int64_t)carried.length;
    add_older(&whole, &base);
    buffer_add(&whole, carried.bytes, carried.length);
    buffer_add_z(&whole, end);
    return talloc_strndup(fixture, whole.bytes, whole.length);
}
