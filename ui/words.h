/* A line of the palette as words: split at spaces, 'single' and "double" quotes keep them together.
 */
#ifndef BACKOUT_UI_WORDS_H
#define BACKOUT_UI_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct words {
    const char **list; /* ended by NULL; never empty: the last is the one being typed, maybe "" */
    size_t count;
    bool complete; /* every quote is closed */
};

struct words words_split(const void *parent, const char *text);

#endif
