/* The hub over a mirror or an export: the same state as a local hub's, read from a file of lines
 * that is proved on the way. Refuses every command; takes no lock and opens nothing for writing.
 * mirror.c follows the file, mirror_index.c knows which lines are whose. */
#ifndef BACKOUT_HUB_MIRROR_H
#define BACKOUT_HUB_MIRROR_H

#include "hub/hub_ops.h"
#include "log/mirror_file.h"

bool hub_open_mirror(const void *parent, const struct hub_options *options, int64_t now_ms,
                     struct hub **hub, struct err *err);

/* ---- mirror_index.c -------------------------------------------------------------------------- */

/* What stands where in one file. Memory is kept small: of a line only its place. */
struct mirror_index;

/* Opens the file; nothing is read but its first line. */
bool mirror_index_open(const void *parent, const char *path, struct mirror_index **index,
                       struct err *err);
struct mirror_file *mirror_index_file(const struct mirror_index *index);

/* Notes a line that was read from the file. */
void mirror_index_note(struct mirror_index *index, const struct line *line, off_t at);

/* Makes sure that the state knows the plan which the event adopts. ERR_DAMAGED when the file lacks
 * it. */
bool mirror_index_plan(const struct mirror_index *index, struct state *state,
                       const struct event *event, struct err *err);

/* Whether the file holds the plan which the event adopts, if it adopts one; ERR_DAMAGED. */
bool mirror_index_holds_plan(const struct mirror_index *index, const struct event *event,
                             struct err *err);

/* Folds what concerns the store, then every incident that is open. */
bool mirror_index_fold_open(const struct mirror_index *index, struct state *state, struct err *err);

/* Folds an incident, all of it or nothing; nothing where its declaration isn't in the file. */
bool mirror_index_fold(const struct mirror_index *index, struct state *state, int64_t number,
                       struct err *err);

/* Events after `after` of one incident, those that are carried too; or of any (-1): then only what
 * is chained, for of what is older there are only pieces. */
bool mirror_index_events(const struct mirror_index *index, int64_t after, int64_t incident,
                         bool (*fn)(void *data, const struct event *), void *data, struct err *err);

#endif
