/* The index of incidents, made of events alone.
 * Owns a state of its own, and drops each incident from it that ended, so that memory stays small.
 * Never looks at the index that is kept. */
#ifndef BACKOUT_HUB_INDEX_FOLD_H
#define BACKOUT_HUB_INDEX_FOLD_H

#include "incident/state.h"
#include "log/log.h"

struct index_fold;
struct index_fold *index_fold_new(const void *parent);

/* Every event of the log, in order. False: it can't follow what came before. */
bool index_fold_event(struct index_fold *fold, const struct event *event, struct err *err);

/* After the last one: the rows, by number; *count of them. */
const struct log_incident *index_fold_rows(struct index_fold *fold, size_t *count);

#endif
