#include "config.h"

#include "ui/words.h"

#include "base/xtalloc.h"

struct splitting {
    struct words words;
    char *word;
    char quote; /* the one that is open, or 0 */
};

static void finish_word(const void *parent, struct splitting *splitting) {
    struct words *words = &splitting->words;
    words->list = xtalloc_realloc(parent, words->list, const char *, words->count + 2);
    words->list[words->count++] = splitting->word;
    words->list[words->count] = NULL;
    splitting->word = xtalloc_strdup(parent, "");
}

static void take(const void *parent, struct splitting *splitting, char letter, bool *begun) {
    if (splitting->quote ? letter == splitting->quote : letter == '"' || letter == '\'') {
        splitting->quote = splitting->quote ? 0 : letter;
        *begun = true;
    } else if (letter == ' ' && !splitting->quote) {
        if (*begun)
            finish_word(parent, splitting);
        *begun = false;
    } else {
        splitting->word = xtalloc_strndup_append(splitting->word, &letter, 1);
        *begun = true;
    }
}

struct words words_split(const void *parent, const char *text) {
    struct splitting splitting = {.word = xtalloc_strdup(parent, "")};
    bool begun = false;
    for (; *text; text++)
        take(parent, &splitting, *text, &begun);
    finish_word(parent, &splitting);
    splitting.words.complete = !splitting.quote;
    return splitting.words;
}
