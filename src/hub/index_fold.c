#include "config.h"

#include "hub/index_fold.h"

#include "base/xtalloc.h"
#include "hub/local.h"
#include "incident/fold.h"

#include <string.h>

struct index_fold {
    struct state *state;
    struct log_incident *rows; /* by number */
    size_t count;
};

struct index_fold *index_fold_new(const void *parent) {
    struct index_fold *folded = xtalloc_zero(parent, struct index_fold);
    folded->state = state_new(folded);
    folded->state->no_timelines = true;
    return folded;
}

/* The place of the row of that number, or where it would be. */
static size_t place_of(const struct index_fold *folded, int64_t number) {
    size_t low = 0, high = folded->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (folded->rows[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct log_incident *find_row(const struct index_fold *folded, int64_t number) {
    size_t place = place_of(folded, number);
    bool found = place < folded->count && folded->rows[place].number == number;
    return found ? &folded->rows[place] : NULL;
}

/* Incidents end in any order. */
static struct log_incident *row_of(struct index_fold *folded, int64_t number) {
    struct log_incident *found = find_row(folded, number);
    if (found)
        return found;
    size_t place = place_of(folded, number);
    folded->rows = xtalloc_realloc(folded, folded->rows, struct log_incident, folded->count + 1);
    struct log_incident *row = &folded->rows[place];
    memmove(row + 1, row, (folded->count++ - place) * sizeof(*row));
    *row = (struct log_incident){.number = number};
    return row;
}

static void keep_row(struct index_fold *folded, const struct incident *incident) {
    struct log_incident *row = row_of(folded, incident->number);
    *row = index_row(incident);
    row->title = xtalloc_strdup(folded, row->title);
    row->service = xtalloc_strdup(folded, row->service);
}

/* Of an ended incident nothing moves any more but its last seq: a note is written. */
bool index_fold_event(struct index_fold *folded, const struct event *event, struct err *err) {
    if (!fold(folded->state, event, err))
        return false;
    const struct incident *incident = state_incident(folded->state, event->incident);
    struct log_incident *ended = incident ? NULL : find_row(folded, event->incident);
    if (incident && !incident_is_open(incident)) {
        keep_row(folded, incident);
        state_drop(folded->state, event->incident);
    } else if (ended) {
        ended->last_seq = event->seq;
    }
    return true;
}

const struct log_incident *index_fold_rows(struct index_fold *folded, size_t *count) {
    for (size_t i = 0; i < folded->state->incidents_count; i++)
        keep_row(folded, folded->state->incidents[i]);
    *count = folded->count;
    return folded->rows;
}
