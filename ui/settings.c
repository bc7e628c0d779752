#include "config.h"

#include "ui/settings.h"

#include "base/array.h"

#include <stddef.h>
#include <string.h>

#define VALUES 4

static const struct {
    const char *name;
    size_t offset;
    const char *values[VALUES]; /* in the order of its enum, ended by NULL */
} settings[] = {
    {"bell", offsetof(struct settings, bell), {[BELL_OFF] = "off", [BELL_ON] = "on"}},
    {"notify",
     offsetof(struct settings, notify),
     {[NOTIFY_OFF] = "off", [NOTIFY_OSC9] = "osc9", [NOTIFY_OSC777] = "osc777"}},
};

const struct settings settings_default = {.bell = BELL_ON, .notify = NOTIFY_OFF};

/* Where `word` stands in the list, ended by NULL; -1: nowhere. */
static int place_of(const char *const *list, const char *word) {
    for (int i = 0; list[i]; i++)
        if (strcmp(list[i], word) == 0)
            return i;
    return -1;
}

const char *const *settings_names(void) {
    static const char *names[ARRAY_SIZE(settings) + 1];
    for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
        names[i] = settings[i].name;
    return names;
}

const char *const *settings_values(const char *name) {
    int at = place_of(settings_names(), name);
    return at < 0 ? NULL : settings[at].values;
}

bool settings_set(struct settings *chosen, const char *name, const char *value) {
    int at = place_of(settings_names(), name);
    int nth = at < 0 ? -1 : place_of(settings[at].values, value);
    if (nth < 0)
        return false;
    memcpy((char *)chosen + settings[at].offset, &nth, sizeof(nth));
    return true;
}
