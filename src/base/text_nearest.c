#include "config.h"

#include "base/text.h"

#include <string.h>

/* Longer words are no slips of the hand. */
#define LONGEST 40

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Whether a[i-1] a[i] are b[j-1] b[j] exchanged. */
static bool swapped(const char *a, size_t i, const char *b, size_t j) {
    return i > 0 && j > 0 && lower(a[i]) == lower(b[j - 1]) && lower(a[i - 1]) == lower(b[j]);
}

/* How many letters were left out, added, changed or swapped with their neighbour (optimal string
 * alignment), case apart. Both are at most LONGEST bytes. */
static size_t distance(const char *a, const char *b) {
    size_t rows[3][LONGEST + 1]; /* the row before the last, the last, and this one, in turn */
    size_t a_length = strlen(a), b_length = strlen(b);

    for (size_t j = 0; j <= b_length; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 0; i < a_length; i++) {
        size_t *older = rows[(i + 2) % 3], *old = rows[i % 3], *row = rows[(i + 1) % 3];
        row[0] = i + 1;
        for (size_t j = 0; j < b_length; j++) {
            size_t changed = old[j] + (lower(a[i]) != lower(b[j]));
            row[j + 1] = least(changed, least(old[j + 1], row[j]) + 1);
            if (swapped(a, i, b, j)) {
                row[j + 1] = least(row[j + 1], older[j - 1] + 1);
            }
        }
    }
    return rows[a_length % 3][b_length];
}

/* One name that goes on from `word`; NULL when none or several do. */
static const char *only_completion(const char *word, const char *const *names) {
    const char *found = NULL;

    for (; *names != NULL; names++) {
        if (strncmp(word, *names, strlen(word)) == 0) {
            if (found != NULL) {
                return NULL;
            }
            found = *names;
        }
    }
    return found;
}

const char *text_nearest(const char *word, const char *const *names) {
    size_t length = strlen(word);
    size_t limit = (length + 2) / 4 + 1; /* the first distance that is too far */
    const char *nearest = only_completion(word, names);

    if (length < 2 || length > LONGEST) {
        return NULL;
    }
    if (nearest != NULL) {
        return nearest;
    }
    for (const char *const *name = names; *name != NULL; name++) {
        size_t far = strlen(*name) > LONGEST ? limit : distance(word, *name);
        if (far < limit) {
            limit = far;
            nearest = *name;
        }
    }
    return nearest;
}

size_t text_names(const char *name, const char *const *words) {
    size_t count = 0;
    while (*name && words[count]) {
        size_t length = strcspn(name, " ");
        if (strlen(words[count]) != length || strncmp(words[count], name, length) != 0)
            return 0;
        name += length + (name[length] == ' ');
        count++;
    }
    return *name ? 0 : count;
}

bool text_same(const char *a, const char *b) {
    return a != NULL && b != NULL ? strcmp(a, b) == 0 : a == b;
}
