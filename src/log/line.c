#include "config.h"

#include "log/line.h"

#include "base/array.h"
#include "base/json_reader.h"
#include "base/xtalloc.h"

#include <stddef.h>
#include <string.h>

/* ---- what stands on a line ------------------------------------------------------------------- */

/* All that a line may hold, whatever its kind. */
struct members {
    struct event event;
    bool carried;
    bool older;
    struct digest before;
    const char *store;
    int64_t carried_bytes;
    struct digest carried_hash;
    int64_t end_seq;
    struct digest end_hash;
};

/* One reading. The texts of all tokens stand in one buffer; the body is copied behind them. */
struct reading {
    struct json_reader json;
    struct members members;
    char *raw; /* room for the body as it stands on the line */
    struct err *err;
};

/* One guess. Texts are copied to `out`, one behind the other. */
struct guess {
    const char *at, *end;
    char *out;
};

/* `member` is the member of struct members; false: the value is not of that type. */
typedef void write_fn(struct json_writer *writer, const char *name, const void *member);
typedef bool read_fn(struct reading *reading, void *member);
typedef bool guess_fn(struct guess *guess, void *member);

static bool next(struct reading *reading, struct json_token *token, enum json_kind kind) {
    return json_next(&reading->json, token, reading->err) && token->kind == kind;
}

static void write_integer(struct json_writer *writer, const char *name, const void *member) {
    json_number(writer, name, *(const int64_t *)member);
}

static bool read_integer(struct reading *reading, void *member) {
    struct json_token token;
    return next(reading, &token, JSON_NUMBER) && json_integer(&token, member);
}

static bool read_count(struct reading *reading, void *member) {
    return read_integer(reading, member) && *(const int64_t *)member >= 0;
}

static void write_text(struct json_writer *writer, const char *name, const void *member) {
    json_string(writer, name, *(const char *const *)member);
}

static bool read_text(struct reading *reading, void *member) {
    struct json_token token = {.text = NULL};
    bool read = next(reading, &token, JSON_STRING);
    *(const char **)member = token.text;
    return read;
}

static void write_digest(struct json_writer *writer, const char *name, const void *member) {
    char hex[DIGEST_HEX];
    digest_hex(member, hex);
    json_string(writer, name, hex);
}

static bool read_digest(struct reading *reading, void *member) {
    struct json_token token;
    return next(reading, &token, JSON_STRING) && digest_from_hex(token.text, member);
}

static void write_true(struct json_writer *writer, const char *name, const void *member) {
    json_flag(writer, name, *(const bool *)member);
}

static bool read_true(struct reading *reading, void *member) {
    struct json_token token;
    return *(bool *)member = next(reading, &token, JSON_TRUE);
}

/* ---- the body -------------------------------------------------------------------------------- */

/* A body stands on a line with room for the line's own tokens beside it. */
#define BODY_TOKENS (JSON_MAX_TOKENS - 64)
#define BODY_DEPTH  (JSON_MAX_DEPTH - 1)

static bool has_control_bytes(const char *text) {
    while (*text && (unsigned char)*text >= ' ')
        text++;
    return *text;
}

static bool is_small_json(struct json_reader *json) {
    struct err *ignored = err_new(NULL);
    struct json_token token = {.kind = JSON_NULL};
    bool fits = true;
    while (fits && token.kind != JSON_END)
        fits = json_next(json, &token, ignored) && json->depth <= BODY_DEPTH &&
               json->tokens <= BODY_TOKENS;
    talloc_free(ignored);
    return fits;
}

/* Whether a reader of lines gets back exactly these bytes where they stand as they are: an object,
 * no blanks around it, on one line. */
static bool stands_as_it_is(const char *body, size_t length) {
    if (length < 2 || body[0] != '{' || body[length - 1] != '}' || has_control_bytes(body))
        return false;
    struct json_reader json;
    char *buffer = xtalloc_size(NULL, JSON_BUFFER(length));
    json_reader_open(&json, buffer, body, length);
    bool stands = is_small_json(&json);
    json_reader_close(&json);
    talloc_free(buffer);
    return stands;
}

static void write_body(struct json_writer *writer, const char *name, const void *member) {
    const char *body = *(const char *const *)member;
    if (stands_as_it_is(body, strlen(body)))
        json_raw(writer, name, body);
    else
        json_string(writer, name, body);
}

static bool read_object(struct reading *reading, const char **body) {
    const char *bytes;
    size_t length;
    if (!json_skip_raw(&reading->json, &bytes, &length, reading->err) || *bytes != '{')
        return false;
    memcpy(reading->raw, bytes, length);
    reading->raw[length] = '\0';
    *body = reading->raw;
    return true;
}

static bool read_body(struct reading *reading, void *member) {
    const struct json_reader *json = &reading->json;
    size_t left = (size_t)(json->end - json->at), blanks = 0;
    while (blanks < left && strchr(" \t\r", json->at[blanks]))
        blanks++;
    bool is_text = blanks < left && json->at[blanks] == '"';
    return is_text ? read_text(reading, member) : read_object(reading, member);
}

/* ---- by guessing ----------------------------------------------------------------------------- */

/* Behind the body there is nothing but the hash. */
#define BODY_TRAILER (sizeof ",\"hash\":\"\"}" - 1 + DIGEST_HEX - 1)

static bool guess_count(struct guess *guess, void *member) {
    int64_t value = 0;
    const char *begin = guess->at;
    while (guess->at < guess->end && *guess->at >= '0' && *guess->at <= '9')
        value = value * 10 + (*guess->at++ - '0');
    size_t digits = (size_t)(guess->at - begin);
    *(int64_t *)member = value;
    return digits > 0 && digits < sizeof "9007199254740992" - 1 && (digits == 1 || *begin != '0');
}

/* Printable ASCII without a backslash stands for itself. */
static bool is_plain(const char *bytes, size_t length) {
    unsigned marks = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned byte = (unsigned char)bytes[i];
        marks |= (byte - ' ' >= 0x7f - ' ') | (byte == '\\');
    }
    return marks == 0;
}

static bool expect(struct guess *guess, const char *bytes, size_t length) {
    if ((size_t)(guess->end - guess->at) < length || memcmp(guess->at, bytes, length) != 0)
        return false;
    guess->at += length;
    return true;
}

static bool guess_text(struct guess *guess, void *member) {
    if (!expect(guess, "\"", 1))
        return false;
    const char *quote = memchr(guess->at, '"', (size_t)(guess->end - guess->at));
    if (!quote || !is_plain(guess->at, (size_t)(quote - guess->at)))
        return false;
    size_t length = (size_t)(quote - guess->at);
    *(const char **)member = memcpy(guess->out, guess->at, length);
    guess->out[length] = '\0';
    guess->out += length + 1;
    guess->at = quote + 1;
    return true;
}

static bool guess_digest(struct guess *guess, void *member) {
    if (!expect(guess, "\"", 1) || guess->end - guess->at < DIGEST_HEX - 1 ||
        !digest_from_digits(guess->at, member))
        return false;
    guess->at += DIGEST_HEX - 1;
    return expect(guess, "\"", 1);
}

static bool guess_body(struct guess *guess, void *member) {
    size_t left = (size_t)(guess->end - guess->at);
    if (left < BODY_TRAILER + 2)
        return false;
    size_t length = left - BODY_TRAILER;
    *(const char **)member = memcpy(guess->out, guess->at, length);
    guess->out[length] = '\0';
    bool object = guess->at[0] == '{' && guess->at[length - 1] == '}';
    guess->at += length;
    guess->out += length + 1;
    return object;
}

/* ---- the table ------------------------------------------------------------------------------- */

#define OF(kind) (1U << (kind))

enum {
    EVENTS = OF(LINE_EVENT) | OF(LINE_CARRIED),
    EVERY = EVENTS | OF(LINE_BASE),
    WITH_END = 1U << 8,   /* stands there only where the file has an end */
    WITH_PROOF = 1U << 9, /* only where something is carried, and not in the older form */
    OPTIONAL = WITH_END | WITH_PROOF,
};

#define AT(member) offsetof(struct members, member)

enum column_type { TYPE_INTEGER, TYPE_COUNT, TYPE_TEXT, TYPE_DIGEST, TYPE_BODY, TYPE_TRUE };

static const struct {
    write_fn *write;
    read_fn *read;
    guess_fn *guess; /* NULL: never on an event's line */
    const char *wanted;
} types[] = {
    [TYPE_INTEGER] = {write_integer, read_integer, guess_count, "a whole number within 2^53"},
    [TYPE_COUNT] = {write_integer, read_count, guess_count, "a whole number from 0 to 2^53"},
    [TYPE_TEXT] = {write_text, read_text, guess_text, "a string"},
    [TYPE_DIGEST] = {write_digest, read_digest, guess_digest, "64 hex digits"},
    [TYPE_BODY] = {write_body, read_body, guess_body, "an object or a string"},
    [TYPE_TRUE] = {write_true, read_true, NULL, "true"},
};

static const struct column {
    const char *name;
    enum column_type type;
    size_t offset;
    unsigned kinds; /* of line on which it stands */
} columns[] = {
    {"carried", TYPE_TRUE, AT(carried), OF(LINE_CARRIED)},
    {"store", TYPE_TEXT, AT(store), OF(LINE_BASE)},
    {"seq", TYPE_COUNT, AT(event.seq), EVERY},
    {"command", TYPE_TEXT, AT(event.command), EVENTS},
    {"part", TYPE_COUNT, AT(event.part), EVENTS},
    {"request", TYPE_DIGEST, AT(event.request), EVENTS},
    {"incident", TYPE_COUNT, AT(event.incident), EVENTS},
    {"at", TYPE_INTEGER, AT(event.at_ms), EVENTS},
    {"actor", TYPE_TEXT, AT(event.actor), EVENTS},
    {"via", TYPE_TEXT, AT(event.via), EVENTS},
    {"kind", TYPE_TEXT, AT(event.kind), EVENTS},
    {"body", TYPE_BODY, AT(event.body), EVENTS},
    {"hash", TYPE_DIGEST, AT(event.hash), EVERY},
    {"before", TYPE_DIGEST, AT(before), OF(LINE_CARRIED) | WITH_PROOF},
    {"carried_bytes", TYPE_COUNT, AT(carried_bytes), OF(LINE_BASE)},
    {"carried_hash", TYPE_DIGEST, AT(carried_hash), OF(LINE_BASE) | WITH_PROOF},
    {"end_seq", TYPE_COUNT, AT(end_seq), OF(LINE_BASE) | WITH_END},
    {"end_hash", TYPE_DIGEST, AT(end_hash), OF(LINE_BASE) | WITH_END},
};

static bool is_written(const struct column *column, enum line_kind kind,
                       const struct members *members) {
    bool proved = !members->older && (members->carried || members->carried_bytes > 0);
    return column->kinds & OF(kind) && (!(column->kinds & WITH_END) || members->end_seq > 0) &&
           (!(column->kinds & WITH_PROOF) || proved);
}

/* ---- writing --------------------------------------------------------------------------------- */

static char *encode(const void *parent, enum line_kind kind, const struct members *members) {
    struct json_writer *writer = json_writer_new(NULL);
    json_open_object(writer, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
        if (is_written(&columns[i], kind, members))
            types[columns[i].type].write(writer, columns[i].name,
                                         (const char *)members + columns[i].offset);
    json_close_object(writer);
    char *line = xtalloc_strndup(parent, json_text(writer), json_length(writer));
    talloc_free(writer);
    return line;
}

char *line_encode(const void *parent, const struct event *event) {
    return encode(parent, LINE_EVENT, &(struct members){.event = *event});
}

char *line_encode_carried(const void *parent, const struct event *event,
                          const struct digest *before) {
    struct members members = {.event = *event, .carried = true, .before = *before};
    return encode(parent, LINE_CARRIED, &members);
}

char *line_encode_base(const void *parent, const struct log_head *head, const char *carried,
                       size_t carried_length) {
    struct members members = {
        .store = head->store,
        .event = {.seq = head->seq, .hash = head->hash},
        .carried_bytes = (int64_t)carried_length,
        .carried_hash = digest_blake2b(carried, carried_length),
    };
    return encode(parent, LINE_BASE, &members);
}

char *line_encode_export(const void *parent, const struct log_head *end) {
    struct members members = {.store = end->store, .end_seq = end->seq, .end_hash = end->hash};
    return encode(parent, LINE_BASE, &members);
}

char *line_exact(const void *parent, const struct line *line) {
    struct members members = {
        .event = line->event,
        .carried = line->kind == LINE_CARRIED,
        .before = line->before,
        .older = line->older,
        .carried_bytes = line->carried_bytes,
        .carried_hash = line->carried_hash,
        .end_seq = line->end.seq,
        .end_hash = line->end.hash,
    };
    if (line->kind == LINE_BASE) {
        members.store = line->head.store;
        members.event = (struct event){.seq = line->head.seq, .hash = line->head.hash};
    }
    return encode(parent, line->kind, &members);
}

/* ---- reading --------------------------------------------------------------------------------- */

#define DAMAGED "this is no line of a log"
#define REMEDY  "read an export or a mirror as backout wrote it"

/* Lines mostly come as they were written, so the search begins behind the last column found. */
static const struct column *find_column(const char *name, size_t begin) {
    for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
        const struct column *column = &columns[(begin + i) % ARRAY_SIZE(columns)];
        if (strcmp(column->name, name) == 0)
            return column;
    }
    return NULL;
}

static bool not_json(struct reading *reading) {
    return err_set(reading->err, ERR_DAMAGED, DAMAGED, reading->err->on, REMEDY);
}

static bool read_column(struct reading *reading, const struct column *column) {
    if (types[column->type].read(reading, (char *)&reading->members + column->offset))
        return true;
    if (reading->json.complaint)
        return not_json(reading);
    return err_set(
        reading->err, ERR_DAMAGED, DAMAGED,
        err_fmt(reading->err, "\"%s\" is not %s", column->name, types[column->type].wanted),
        REMEDY);
}

/* *found: a bit for each column that stands there. */
static bool read_columns(struct reading *reading, unsigned *found) {
    struct json_token token;
    size_t begin = 0;
    for (;;) {
        if (!json_next(&reading->json, &token, reading->err))
            return not_json(reading);
        if (token.kind == JSON_OBJECT_END)
            return true;
        const struct column *column = find_column(token.text, begin);
        if (!column && !json_skip(&reading->json, reading->err))
            return not_json(reading);
        if (!column)
            continue;
        if (!read_column(reading, column))
            return false;
        begin = (size_t)(column - columns) + 1;
        *found |= 1U << (column - columns);
    }
}

static bool stands(unsigned found, const char *name) {
    return found & 1U << (find_column(name, 0) - columns);
}

static enum line_kind kind_of(unsigned found) {
    if (stands(found, "carried"))
        return LINE_CARRIED;
    return stands(found, "store") && !stands(found, "kind") ? LINE_BASE : LINE_EVENT;
}

static bool is_whole(struct reading *reading, enum line_kind kind, unsigned found) {
    for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
        if (columns[i].kinds & OF(kind) && !(columns[i].kinds & OPTIONAL) && !(found & 1U << i))
            return err_set(reading->err, ERR_DAMAGED, DAMAGED,
                           err_fmt(reading->err, "it has no \"%s\"", columns[i].name), REMEDY);
    return true;
}

static bool refuse_value(struct reading *reading, const char *what) {
    return err_set(reading->err, ERR_DAMAGED, DAMAGED, what, REMEDY);
}

static bool take_base(struct reading *reading, struct line *line) {
    const struct members *members = &reading->members;
    if (strlen(members->store) != UUID_TEXT - 1)
        return refuse_value(reading, "\"store\" is not the id of a store");
    memcpy(line->head.store, members->store, UUID_TEXT);
    line->head.seq = members->event.seq;
    line->head.hash = members->event.hash;
    line->carried_bytes = members->carried_bytes;
    line->carried_hash = members->carried_hash;
    line->end = (struct log_head){.seq = members->end_seq, .hash = members->end_hash};
    memcpy(line->end.store, members->store, UUID_TEXT);
    return true;
}

static bool take_event(struct reading *reading, struct line *line) {
    line->event = reading->members.event;
    line->before = reading->members.before;
    return line->event.seq > 0 || refuse_value(reading, "\"seq\" is 0, and events begin at 1");
}

static bool is_older(enum line_kind kind, unsigned found, const struct members *members) {
    bool carries = kind == LINE_BASE && members->carried_bytes > 0;
    return (kind == LINE_CARRIED && !stands(found, "before")) ||
           (carries && !stands(found, "carried_hash"));
}

static bool read_line(struct reading *reading, struct line *line) {
    struct json_token token;
    unsigned found = 0;
    if (!json_next(&reading->json, &token, reading->err))
        return not_json(reading);
    if (token.kind != JSON_OBJECT)
        return refuse_value(reading, "it is no object");
    if (!read_columns(reading, &found))
        return false;
    if (!json_next(&reading->json, &token, reading->err))
        return not_json(reading);
    line->kind = kind_of(found);
    if (!is_whole(reading, line->kind, found))
        return false;
    line->older = is_older(line->kind, found, &reading->members);
    return line->kind == LINE_BASE ? take_base(reading, line) : take_event(reading, line);
}

bool line_decode(const void *parent, const char *bytes, size_t length, struct line *line,
                 struct err *err) {
    struct reading reading = {.err = err};
    if (length > JSON_MAX_BYTES)
        return refuse_value(&reading, "it is too long");
    char *texts = xtalloc_size(parent, JSON_BUFFER(length) + length + 1);
    reading.raw = texts + JSON_BUFFER(length);
    *line = (struct line){.kind = LINE_EVENT};
    json_reader_open(&reading.json, texts, bytes, length);
    bool read = read_line(&reading, line);
    json_reader_close(&reading.json);
    if (!read || line->kind == LINE_BASE)
        talloc_free(texts);
    return read;
}

/* ---- guessing -------------------------------------------------------------------------------- */

static bool guess_column(struct guess *guess, const struct column *column, bool first,
                         struct members *members) {
    return expect(guess, first ? "{\"" : ",\"", 2) &&
           expect(guess, column->name, strlen(column->name)) && expect(guess, "\":", 2) &&
           types[column->type].guess(guess, (char *)members + column->offset);
}

bool line_guess(const void *parent, const char *bytes, size_t length, struct line *line) {
    struct members members = {.carried = false};
    char *texts = xtalloc_size(parent, length + ARRAY_SIZE(columns));
    struct guess guess = {.at = bytes, .end = bytes + length, .out = texts};
    bool fits = true, first = true;
    for (size_t i = 0; fits && i < ARRAY_SIZE(columns); i++) {
        if (!(columns[i].kinds & OF(LINE_EVENT)))
            continue;
        fits = guess_column(&guess, &columns[i], first, &members);
        first = false;
    }
    *line = (struct line){.kind = LINE_EVENT, .event = members.event};
    fits = fits && expect(&guess, "}", 1) && members.event.seq > 0;
    if (!fits)
        talloc_free(texts);
    return fits;
}
