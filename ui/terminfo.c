#include "config.h"

#include "ui/terminfo.h"

#include "base/xtalloc.h"

#define NCURSES_NOMACROS
#include <curses.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

bool terminfo_read(const char *term_name) {
    int found;

    if (setupterm(term_name, STDOUT_FILENO, &found) != OK) {
        return false;
    }
    char *place = terminfo_bytes(NULL, "cup");
    bool can_place = *place != '\0';
    talloc_free(place);
    if (!can_place) {
        terminfo_forget();
    }
    return can_place;
}

void terminfo_forget(void) {
    if (cur_term != NULL) {
        del_curterm(cur_term);
    }
}

/* Bytes of the delay that begins here, or 0. */
static size_t delay_length(const char *bytes) {
    const char *end = strncmp(bytes, "$<", 2) == 0 ? strchr(bytes, '>') : NULL;

    return end == NULL ? 0 : (size_t)(end - bytes) + 1;
}

static char *without_delays(const void *parent, const char *capability) {
    char *bytes = xtalloc_strdup(parent, "");

    /* (char *)-1: the name is no string capability at all (terminfo(3)). */
    if (capability == NULL || capability == (const char *)-1) {
        return bytes;
    }
    while (*capability != '\0') {
        size_t delay = delay_length(capability);
        if (delay == 0) {
            bytes = xtalloc_check(talloc_strndup_append_buffer(bytes, capability, 1));
        }
        capability += delay > 0 ? delay : 1;
    }
    return bytes;
}

char *terminfo_bytes(const void *parent, const char *name) {
    return without_delays(parent, tigetstr(name));
}

int terminfo_number(const char *name) {
    int number = tigetnum(name);

    return number < 0 ? -1 : number;
}

bool terminfo_flag(const char *name) {
    return tigetflag(name) > 0;
}

char *terminfo_place(const void *parent, int row, int col) {
    return without_delays(parent, tiparm(tigetstr("cup"), row, col));
}

char *terminfo_color(const void *parent, int color) {
    const char *capability = tigetstr("setaf");
    bool has = capability != NULL && capability != (const char *)-1;

    return without_delays(parent, has ? tiparm(capability, color) : NULL);
}

const char *terminfo_library(void) {
    return curses_version();
}
