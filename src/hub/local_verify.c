/* Proof that the store says what its log says: the chain, then every derived table built anew. */
#include "config.h"

#include "hub/local.h"

#include "base/xtalloc.h"

#include <stdlib.h>

struct row {
    struct log_incident row;
    bool seen; /* by the comparison with the index */
};

struct proof {
    struct state
        *state;       /* folded anew; an incident is dropped when it ends, so memory stays small */
    struct row *rows; /* by number */
    size_t rows_count;
    struct err *err;
    bool failed;
};

static int by_number(const void *key, const void *element) {
    int64_t number = *(const int64_t *)key, other = ((const struct row *)element)->row.number;
    return (number > other) - (number < other);
}

static struct row *find_row(const struct proof *proof, int64_t number) {
    if (proof->rows_count == 0)
        return NULL;
    return bsearch(&number, proof->rows, proof->rows_count, sizeof(*proof->rows), by_number);
}

/* Numbers are given in rising order, so a new row belongs at the end. */
static struct row *row_of(struct proof *proof, int64_t number) {
    struct row *row = find_row(proof, number);
    if (row)
        return row;
    proof->rows = xtalloc_realloc(proof->state, proof->rows, struct row, proof->rows_count + 1);
    proof->rows[proof->rows_count] = (struct row){.row = {.number = number}};
    return &proof->rows[proof->rows_count++];
}

static void keep_row(struct proof *proof, const struct incident *incident) {
    struct row *row = row_of(proof, incident->number);
    row->row = index_row(incident);
    row->row.title = xtalloc_strdup(proof->state, row->row.title);
    row->row.service = xtalloc_strdup(proof->state, row->row.service);
}

static bool prove_event(void *data, const struct event *event) {
    struct proof *proof = data;
    proof->failed = !fold(proof->state, event, proof->err);
    if (proof->failed || event->incident == 0)
        return !proof->failed;
    const struct incident *incident = state_incident(proof->state, event->incident);
    if (!incident) { /* a note on an ended incident moves nothing but its last seq */
        row_of(proof, event->incident)->row.last_seq = event->seq;
        return true;
    }
    if (!incident_is_open(incident)) {
        keep_row(proof, incident);
        state_drop(proof->state, event->incident);
    }
    return true;
}

static bool compare_row(void *data, const struct log_incident *row) {
    struct proof *proof = data;
    struct row *folded = find_row(proof, row->number);
    if (folded && index_row_equal(&folded->row, row)) {
        folded->seen = true;
        return true;
    }
    proof->failed = true;
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

bool hub_verify(struct hub *hub, int64_t *verified, struct err *err) {
    struct proof proof = {.state = state_new(NULL), .err = err};
    bool ok = log_verify(hub->log, verified, err) &&
              log_read(hub->log, 0, LOG_ANY_INCIDENT, prove_event, &proof, err) && !proof.failed;
    for (size_t i = 0; ok && i < proof.state->incidents_count; i++)
        keep_row(&proof, proof.state->incidents[i]);
    ok = ok && log_index_read(hub->log, false, compare_row, &proof, err) && !proof.failed &&
         all_seen(&proof);
    talloc_free(proof.state);
    return ok;
}
