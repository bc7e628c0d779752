/* Which key does what: the lines of data/keys.conf, compiled in, and a person's own on top.
 * Owns the bindings. Never knows what an action does: console.c has that table. */
#ifndef BACKOUT_UI_KEYS_H
#define BACKOUT_UI_KEYS_H

#include "base/err.h"
#include "ui/settings.h"

#include <stdint.h>

struct keys;

struct keys *keys_new(const void *parent);

/* Reads lines "bind VIEW KEY ACTION" and "unbind VIEW KEY", where VIEW is "any" or one of `views`
 * and ACTION one of `actions` (lists ended by NULL; no list: any word will do), and "set NAME
 * VALUE" into `settings`. # begins a comment,
 * at the start of a line or behind the words. A later line wins. False at the first line that can't
 * be read, with file:line and a "did you mean"; the lines before it stand. */
bool keys_read(struct keys *keys, struct settings *settings, const char *file, const char *text,
               const char *const *actions, const char *const *views, struct err *err);

/* The compiled-in data/keys.conf. */
extern const char keys_default[];

/* What `key` does in `view`: the view's own binding, else "any"'s, else NULL. */
const char *keys_action(const struct keys *keys, const char *view, uint32_t key);

/* The keys bound to an action in that view, "j ↓" style, owned by `parent`; "" when none. */
char *keys_for(const void *parent, const struct keys *keys, const char *view, const char *action);
/* The first of them. */
char *keys_first(const void *parent, const struct keys *keys, const char *view, const char *action);

#endif
