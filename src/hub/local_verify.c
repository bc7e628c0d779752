/* Proof that the store says what its log says: one walk along the chain that folds every event,
 * then every derived table is compared, and what viewers read. */
#include "config.h"

#include "hub/local.h"

#include "base/xtalloc.h"
#include "hub/index_fold.h"

struct proof {
    struct index_fold *folded;
    const struct log_incident *rows; /* that the events give, newest first as the index is read */
    size_t left;
    struct err *err;
    bool failed;
};

static bool prove_event(void *data, const struct event *event) {
    struct proof *proof = data;
    proof->failed = !index_fold_event(proof->folded, event, proof->err);
    return !proof->failed;
}

static bool differs(struct proof *proof, int64_t number) {
    proof->failed = true;
    return err_set(proof->err, ERR_DAMAGED, "the index of incidents differs from the log",
                   err_fmt(proof->err, "INC-%lld", (long long)number),
                   "somebody changed it by other means; trust the log");
}

static bool is_missing(struct proof *proof, int64_t number) {
    proof->failed = true;
    return err_set(proof->err, ERR_DAMAGED, "an incident is missing from the index",
                   err_fmt(proof->err, "INC-%lld", (long long)number),
                   "somebody changed it by other means; trust the log");
}

/* Both lists go down by number, step by step. */
static bool compare_row(void *data, const struct log_incident *row) {
    struct proof *proof = data;
    const struct log_incident *folded = proof->left ? &proof->rows[proof->left - 1] : NULL;
    if (folded && folded->number > row->number)
        return is_missing(proof, folded->number);
    if (!folded || !index_row_equal(folded, row))
        return differs(proof, row->number);
    proof->left--;
    return true;
}

static bool prove_index(struct log *log, struct proof *proof) {
    proof->rows = index_fold_rows(proof->folded, &proof->left);
    return log_index_read(log, false, compare_row, proof, proof->err) && !proof->failed &&
           (proof->left == 0 || is_missing(proof, proof->rows[proof->left - 1].number));
}

/* Others go on committing: chain, events and index are read as they stood at one moment. */
static bool prove(struct log *log, struct proof *proof, int64_t *verified) {
    if (!log_hold(log, proof->err))
        return false;
    bool ok = log_walk(log, prove_event, proof, verified, proof->err) && prove_index(log, proof);
    log_let_go(log);
    return ok;
}

/* Viewers may see nothing, or an older state: that is no damage, and `doctor` says it. */
static bool viewers_see_the_truth(struct log *log, struct err *err) {
    if (!log_mirror_prove(log, err) && err->code == ERR_DAMAGED)
        return false;
    err_clear(err);
    return true;
}

bool local_verify(struct hub *hub, int64_t *verified, struct err *err) {
    struct log *log = local_of(hub)->log;
    struct proof proof = {.folded = index_fold_new(NULL), .err = err};
    *verified = 0;
    log_check_ahead(log);
    bool ok =
        prove(log, &proof, verified) && log_check(log, err) && viewers_see_the_truth(log, err);
    log_check_abandon(log);
    talloc_free(proof.folded);
    return ok;
}
