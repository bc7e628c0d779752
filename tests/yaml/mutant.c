#include "config.h"

#include "tests/yaml/mutant.h"

#define MUTATIONS   6
#define ROOM        ((size_t)64 * 1024)
#define LONGEST_CUT 200

/* xorshift64: the same files on every machine, so that a failure can be seen again. */
static size_t pick(struct mutant *mutant, size_t below) {
    mutant->seed ^= mutant->seed << 13;
    mutant->seed ^= mutant->seed >> 7;
    mutant->seed ^= mutant->seed << 17;
    return below == 0 ? 0 : (size_t)(mutant->seed % below);
}

static void insert(struct mutant *mutant, size_t at, const char *bytes, size_t length) {
    if (mutant->length + length > ROOM)
        return;
    memmove(mutant->bytes + at + length, mutant->bytes + at, mutant->length - at);
    memcpy(mutant->bytes + at, bytes, length);
    mutant->length += length;
}

static void insert_word(struct mutant *mutant) {
    const char *word = mutant->words[pick(mutant, mutant->words_count)];
    insert(mutant, pick(mutant, mutant->length + 1), word, strlen(word));
}

static void change_byte(struct mutant *mutant) {
    if (mutant->length > 0)
        mutant->bytes[pick(mutant, mutant->length)] = (char)pick(mutant, 256);
}

static void cut(struct mutant *mutant) {
    size_t at = pick(mutant, mutant->length);
    size_t length = pick(mutant, LONGEST_CUT);
    if (length > mutant->length - at)
        length = mutant->length - at;
    memmove(mutant->bytes + at, mutant->bytes + at + length, mutant->length - at - length);
    mutant->length -= length;
}

static void copy_elsewhere(struct mutant *mutant) {
    char piece[LONGEST_CUT];
    size_t at = pick(mutant, mutant->length);
    size_t length = pick(mutant, sizeof(piece));
    if (length > mutant->length - at)
        length = mutant->length - at;
    memcpy(piece, mutant->bytes + at, length);
    insert(mutant, pick(mutant, mutant->length + 1), piece, length);
}

/* Where a line begins at or before a place. */
static size_t line_start(const struct mutant *mutant, size_t at) {
    while (at > 0 && mutant->bytes[at - 1] != '\n')
        at--;
    return at;
}

static void double_line(struct mutant *mutant) {
    char line[LONGEST_CUT];
    size_t start = line_start(mutant, pick(mutant, mutant->length));
    size_t length = 0;
    while (start + length < mutant->length && length < sizeof(line)) {
        line[length] = mutant->bytes[start + length];
        if (line[length++] == '\n')
            break;
    }
    insert(mutant, line_start(mutant, pick(mutant, mutant->length)), line, length);
}

static void (*const mutations[])(struct mutant *mutant) = {
    insert_word, change_byte, cut, copy_elsewhere, double_line,
};

struct mutant *mutant_new(const void *parent, const char *const *words, size_t words_count) {
    struct mutant *mutant = xtalloc_zero(parent, struct mutant);
    mutant->bytes = xtalloc_array(mutant, char, ROOM);
    mutant->seed = 20261112;
    mutant->words = words;
    mutant->words_count = words_count;
    return mutant;
}

void mutant_make(struct mutant *mutant, const char *text) {
    mutant->length = strlen(text);
    memcpy(mutant->bytes, text, mutant->length);
    for (size_t i = pick(mutant, MUTATIONS) + 1; i > 0; i--)
        mutations[pick(mutant, ARRAY_SIZE(mutations))](mutant);
}
