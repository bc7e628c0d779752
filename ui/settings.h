/* What a person wants of their console: the lines `set NAME VALUE` of keys.conf.
 * Owns nothing. */
#ifndef BACKOUT_UI_SETTINGS_H
#define BACKOUT_UI_SETTINGS_H

#include <stdbool.h>

enum bell_setting { BELL_OFF, BELL_ON };

/* How their terminal is asked to show a message of its own, where it can: by the sequence of iTerm2
 * (OSC 9), or that of urxvt (OSC 777). */
enum notify { NOTIFY_OFF, NOTIFY_OSC9, NOTIFY_OSC777 };

struct settings {
    int bell;   /* enum bell_setting: rings when they are called */
    int notify; /* enum notify */
};

extern const struct settings settings_default;

/* The names, and the values of one (NULL: there is no such setting); ended by NULL. */
const char *const *settings_names(void);
const char *const *settings_values(const char *name);

/* False where there is no such setting or value. */
bool settings_set(struct settings *settings, const char *name, const char *value);

#endif
