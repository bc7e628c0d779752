#include "config.h"

#include "ui/ability.h"

#include "base/array.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define GLYPHS "✓✗►▸▲○●·─│…≥█"

const char ability_question[] = "\033[H" GLYPHS "\033[6n\033[H\033[K";

bool ability_is_one_cell_each(int col) {
    return col == text_width(GLYPHS) + 1;
}

bool ability_is_console(const char *term_name) {
    static const char *const families[] = {"linux",  "vt",  "ansi",  "pcansi",
                                           "cons25", "sun", "wsvt25"};

    for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
        if (strncmp(term_name, families[i], strlen(families[i])) == 0) {
            return true;
        }
    }
    return false;
}

bool ability_is_utf8(void) {
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (size_t i = 0; i < ARRAY_SIZE(variables); i++) {
        const char *name = getenv(variables[i]);
        if (name != NULL && *name != '\0') {
            return strcasestr(name, "utf-8") != NULL || strcasestr(name, "utf8") != NULL;
        }
    }
    return false;
}
