#include "config.h"

#include "run/redact.h"

#include "base/xtalloc.h"
#include "run/redact_shapes.h"

#include <sodium.h>
#include <string.h>

#define MARK          "[redacted]"
#define SHORTEST      4
#define SHORTEST_LINE 8 /* of a value with several lines: a lone "}" is no secret */
/* A block that never ends would hide all that follows: no private key has more lines than this. */
#define KEY_LINES 200

struct part {
    const char *bytes;
    size_t length;
};

struct redact {
    struct part *parts;
    size_t count;
    bool starts[256]; /* a secret or a shape can begin with that byte */
};

struct redact *redact_new(const void *parent) {
    struct redact *redact = xtalloc_zero(parent, struct redact);
    for (unsigned byte = 0; byte < 256; byte++)
        redact->starts[byte] = shape_may_start((unsigned char)byte);
    return redact;
}

static int wipe(char *bytes) {
    sodium_memzero(bytes, talloc_get_size(bytes));
    return 0;
}

static void add_part(struct redact *redact, const char *bytes, size_t length) {
    char *copy = xtalloc_memdup(redact, bytes, length);
    talloc_set_destructor(copy, wipe);
    redact->parts = xtalloc_realloc(redact, redact->parts, struct part, redact->count + 1);
    redact->parts[redact->count++] = (struct part){.bytes = copy, .length = length};
    redact->starts[(unsigned char)bytes[0]] = true;
}

/* Pieces of at most REDACT_PART, the last two overlapping so that none is short. */
static void add_line(struct redact *redact, const char *line, size_t length) {
    size_t at = 0;
    while (length - at > REDACT_PART) {
        add_part(redact, line + at, REDACT_PART);
        at = length - at > 2 * REDACT_PART ? at + REDACT_PART : length - REDACT_PART;
    }
    add_part(redact, line + at, length - at);
}

void redact_add(struct redact *redact, const char *value) {
    bool several = strchr(value, '\n') != NULL;
    size_t shortest = several ? SHORTEST_LINE : SHORTEST;
    while (*value != '\0') {
        size_t length = strcspn(value, "\r\n");
        if (length >= shortest)
            add_line(redact, value, length);
        value += length + strspn(value + length, "\r\n");
    }
}

/* ---- one line -------------------------------------------------------------------------------- */

struct passing {
    const struct redact *redact;
    const char *line;
    size_t length;
};

/* The length of the longest declared secret at that place, or 0. */
static size_t match_part(const struct passing *passing, size_t at) {
    size_t longest = 0;
    for (size_t i = 0; i < passing->redact->count; i++) {
        const struct part *part = &passing->redact->parts[i];
        if (part->length > longest && part->length <= passing->length - at &&
            memcmp(part->bytes, passing->line + at, part->length) == 0)
            longest = part->length;
    }
    return longest;
}

static struct secret_span match_at(const struct passing *passing, size_t at) {
    size_t part = match_part(passing, at);
    if (part > 0)
        return (struct secret_span){.length = part};
    return shape_match(passing->line + at, passing->length - at,
                       at > 0 ? passing->line[at - 1] : '\0');
}

static bool may_start(const struct passing *passing, size_t at) {
    return passing->redact->starts[(unsigned char)passing->line[at]];
}

/* Another declared secret may begin within the span that was found, and reach further. */
static size_t stretch(const struct passing *passing, size_t from, size_t end) {
    for (size_t at = from; at < end; at++) {
        size_t part = may_start(passing, at) ? match_part(passing, at) : 0;
        if (at + part > end)
            end = at + part;
    }
    return end;
}

/* What is left of a secret that the cut before this piece went through. */
static size_t pass_rest(struct redact_state *state, const char *line, size_t length) {
    size_t at = 0;
    while (state->goes_on != NULL && at < length && state->goes_on((unsigned char)line[at]))
        at++;
    if (at < length)
        state->goes_on = NULL;
    return at;
}

static size_t pass_text(const struct passing *passing, struct redact_state *state, size_t at,
                        size_t limit, bool whole, struct buffer *out) {
    size_t clear = at; /* from here on nothing was written yet */
    while (at < limit) {
        struct secret_span span = {0};
        if (may_start(passing, at))
            span = match_at(passing, at);
        if (span.length == 0) {
            at++;
            continue;
        }
        size_t start = at + span.keep;
        size_t end = stretch(passing, start, at + span.length);
        buffer_add(out, passing->line + clear, start - clear);
        buffer_add_z(out, MARK);
        if (end == passing->length && end == at + span.length && !whole)
            state->goes_on = span.goes_on;
        clear = at = end;
    }
    buffer_add(out, passing->line + clear, at - clear);
    return at;
}

/* A private key's block goes line by line; its first line names it, the last one ends it. */
static bool pass_key(struct redact_state *state, const char *line, size_t length) {
    if (shape_key_begins(line, length)) {
        state->key_lines = KEY_LINES;
        if (shape_key_ends(line, length))
            state->key_lines = 0;
        return true;
    }
    if (state->key_lines == 0)
        return false;
    state->key_lines--;
    if (shape_key_ends(line, length)) {
        state->key_lines = 0;
        return true;
    }
    if (!shape_key_inside(line, length))
        state->key_lines = 0;
    return state->key_lines > 0;
}

size_t redact_line(const struct redact *redact, struct redact_state *state, const char *line,
                   size_t length, size_t limit, bool whole, struct buffer *out) {
    if (pass_key(state, line, length)) {
        buffer_add_z(out, MARK);
        return length;
    }
    struct passing passing = {.redact = redact, .line = line, .length = length};
    size_t at = pass_rest(state, line, length);
    if (whole)
        state->goes_on = NULL;
    return pass_text(&passing, state, at, limit < length ? limit : length, whole, out);
}
