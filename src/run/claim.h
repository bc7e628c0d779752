/* Whose a run is, and how far it got: the fence between a runner, a second runner and whoever
 * sweeps up after a dead one. Owns the files `claim` (flock, held for life), `exec`, `exit` and
 * `verdict` of a run's folder. Whoever holds the claim may write the others; once `exit` or
 * `verdict` is there, the matter it settles is over for everybody. */
#ifndef BACKOUT_RUN_CLAIM_H
#define BACKOUT_RUN_CLAIM_H

#include "run/folder.h"

#include "base/record.h"

struct claim;

/* Takes the claim, or fails at once: ERR_CONFLICT when somebody lives who holds it. `folder` must
 * outlive it. Freed by talloc_free or by death. */
bool claim_take(const void *parent, const struct folder *folder, struct claim **claim,
                struct err *err);

/* Writes for people who holds it. */
bool claim_sign(struct claim *claim, const char *host, const char *boot, int64_t pid,
                int64_t now_ms, struct err *err);

/* Makes the mark "from here on a command may exist" and brings it to disk. ERR_CONFLICT when there
 * was one already: what is marked is never run again. */
bool claim_mark_exec(struct claim *claim, struct err *err);

/* Adds to the mark which process group it became, for whoever may have to look for it. */
void claim_note_group(struct claim *claim, pid_t group);

/* The group in the mark; 0 when there is none. */
pid_t claim_group(const struct folder *folder);

bool claim_has_exec(const struct folder *folder);

/* How a run ended, as `exit` (of its work) or `verdict` (of its verify) keeps it. */
struct ending {
    const char *run;
    const char *ended; /* of the work: exited, signalled, timed_out, aborted, not_run, lost */
    int64_t status;    /* exit status or signal number */
    const char *output_sha256;
    int64_t output_bytes, dropped_bytes;
    const struct pair *outputs;
    const char *verdict; /* of the verify: passed, not_yet, broken, lost */
    const char *reason;
    int64_t at;
};

#define ENDING_OF_WORK   "exit"
#define ENDING_OF_VERIFY "verdict"

/* On disk when it returns. */
bool ending_write(const struct folder *folder, const char *name, const struct ending *ending,
                  struct err *err);

/* NULL without `err` set: there is none. NULL with ERR_DAMAGED: what is there is none. NULL with
 * another error: it can't be read now. */
struct ending *ending_read(const void *parent, const struct folder *folder, const char *name,
                           struct err *err);

#endif
