/* Which key does what: the lines of data/keys.conf, compiled in, and a person's own on top.
 * Owns the bindings. Never knows what an action does: console.c has that table. */
#ifndef BACKOUT_UI_KEYS_H
#define BACKOUT_UI_KEYS_H

#include "base/err.h"

#include <stdint.h>

struct keys;

/* One line: "bind VIEW KEY ACTION" where VIEW is "any" or a view's name; "unbind VIEW KEY"; # comments. ACTION
 * is the name of an action of console.c's table; `is_action` judges it. Errors carry file:line and a "did you mean". */
struct keys *keys_new(const void *parent);
bool keys_read(struct keys *keys, const char *file, const char *text,
               const char *const *actions, const char *const *views, struct err *err);

/* The compiled-in data/keys.conf. */
extern const char keys_default[];

/* What `key` does in `view`: the view's own binding, else "any"'s, else NULL. */
const char *keys_action(const struct keys *keys, const char *view, uint32_t key);

/* The keys bound to an action in that view, "j ↓" style, owned by `parent`; "" when none. */
char *keys_for(const void *parent, const struct keys *keys, const char *view, const char *action);

#endif
