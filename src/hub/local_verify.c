/* Proof that the store says what its log says: one walk along the chain that folds every event,
 * then every derived table is compared. */
#include "config.h"

#include "hub/local.h"

#include "base/xtalloc.h"

#include <string.h>

struct row {
    struct log_incident row;
    bool seen; /* by the comparison with the index */
};

struct proof {
    struct state *state; /* folded anew; an incident that ended is dropped: memory stays small */
    struct row *rows;    /* by number */
    size_t rows_count;
    struct err *err;
    bool failed;
};

/* --- what the log says ------------------------------------------------------------------------ */

/* The place of the row of that number, or where it would be. */
static size_t place_of(const struct proof *proof, int64_t number) {
    size_t low = 0, high = proof->rows_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (proof->rows[middle].row.number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct row *find_row(const struct proof *proof, int64_t number) {
    size_t place = place_of(proof, number);
    bool found = place < proof->rows_count && proof->rows[place].row.number == number;
    return found ? &proof->rows[place] : NULL;
}

/* Incidents end in any order. */
static struct row *row_of(struct proof *proof, int64_t number) {
    struct row *found = find_row(proof, number);
    if (found)
        return found;
    size_t place = place_of(proof, number);
    proof->rows = xtalloc_realloc(proof->state, proof->rows, struct row, proof->rows_count + 1);
    struct row *row = &proof->rows[place];
    memmove(row + 1, row, (proof->rows_count++ - place) * sizeof(*row));
    *row = (struct row){.row = {.number = number}};
    return row;
}

static void keep_row(struct proof *proof, const struct incident *incident) {
    struct row *row = row_of(proof, incident->number);
    row->row = index_row(incident);
    row->row.title = xtalloc_strdup(proof->state, row->row.title);
    row->row.service = xtalloc_strdup(proof->state, row->row.service);
}

/* Of an ended incident nothing moves any more but its last seq: a note is written. */
static bool prove_event(void *data, const struct event *event) {
    struct proof *proof = data;
    struct row *ended = find_row(proof, event->incident);
    proof->failed = !fold(proof->state, event, proof->err);
    const struct incident *incident = state_incident(proof->state, event->incident);
    if (!proof->failed && incident && !incident_is_open(incident)) {
        keep_row(proof, incident);
        state_drop(proof->state, event->incident);
    } else if (ended) {
        ended->row.last_seq = event->seq;
    }
    return !proof->failed;
}

/* --- what the index says ---------------------------------------------------------------------- */

static bool compare_row(void *data, const struct log_incident *row) {
    struct proof *proof = data;
    struct row *folded = find_row(proof, row->number);
    proof->failed = !folded || !index_row_equal(&folded->row, row);
    if (!proof->failed)
        return folded->seen = true;
    return err_set(proof->err, ERR_DAMAGED, "the index of incidents differs from the log",
                   err_fmt(proof->err, "INC-%lld", (long long)row->number),
                   "somebody changed it by other means; trust the log");
}

static bool all_seen(const struct proof *proof) {
    for (size_t i = 0; i < proof->rows_count; i++)
        if (!proof->rows[i].seen)
            return err_set(proof->err, ERR_DAMAGED, "an incident is missing from the index",
                           err_fmt(proof->err, "INC-%lld", (long long)proof->rows[i].row.number),
                           "somebody changed it by other means; trust the log");
    return true;
}

static bool prove_index(struct log *log, struct proof *proof) {
    for (size_t i = 0; i < proof->state->incidents_count; i++)
        keep_row(proof, proof->state->incidents[i]);
    return log_index_read(log, false, compare_row, proof, proof->err) && !proof->failed &&
           all_seen(proof);
}

/* Others go on committing: chain, events and index are read as they stood at one moment. */
static bool prove(struct log *log, struct proof *proof, int64_t *verified) {
    if (!log_hold(log, proof->err))
        return false;
    bool ok = log_walk(log, prove_event, proof, verified, proof->err) && prove_index(log, proof);
    log_let_go(log);
    return ok;
}

bool local_verify(struct hub *hub, int64_t *verified, struct err *err) {
    struct log *log = local_of(hub)->log;
    struct proof proof = {.state = state_new(NULL), .err = err};
    proof.state->no_timelines = true;
    *verified = 0;
    bool ok = prove(log, &proof, verified) && log_check(log, err);
    talloc_free(proof.state);
    return ok;
}
