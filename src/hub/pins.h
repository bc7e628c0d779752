/* What this user last saw of each store. A chain alone can't show that its tail was cut, that an
 * old copy was put back, or that it is another chain altogether; somebody who remembers can. Owns
 * one file of the user's own (0600), a line a store: STORE SEQ HASH PATH. Replaced by rename,
 * whoever of the user's processes is first; what can't be kept is not kept, and nobody waits for
 * it. Never reads a log. */
#ifndef BACKOUT_HUB_PINS_H
#define BACKOUT_HUB_PINS_H

#include "log/log.h"

/* The pin of that path, whatever store was there; else that store's at a path where nothing is any
 * more. False: there is none. */
bool pins_find(const char *file, const char *store, const char *path, struct log_head *pin);

/* Keeps `head` for the store at `path`, and forgets what else was there. Unless `back`, a pin of
 * the same store that is further on stays. */
bool pins_keep(const char *file, const char *path, const struct log_head *head, bool back,
               struct err *err);

/* Whether the file could be read and be replaced; one that isn't there yet can. */
bool pins_check(const char *file, struct err *err);

#endif
